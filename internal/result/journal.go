package result

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// JournalSchema names the version of the journal: one JSON object a line,
// first the result without slices, then a slice a second, changes of plan as
// they come, and last how the run ended. A journal without its last line is a
// run that was cut short, and so is one whose last line counts more lines than there are.
const JournalSchema = "loadgate.journal/1"

const journalMark = `{"journal":`

// maxLine bounds one line of a journal, far above the second of a thousand
// endpoints. A journal as a whole has no bound: it is read line by line, and
// that of a day may be larger than any document.
const maxLine = 64 << 20

// line is one line of a journal: exactly one of its fields but the first and the
// last is set.
type line struct {
	Journal string         `json:"journal,omitempty"`
	Result  *Result        `json:"result,omitempty"`
	Slice   *Slice         `json:"slice,omitempty"`
	Planned *time.Duration `json:"planned_duration_ns,omitempty"`
	End     *End           `json:"end,omitempty"`
	// Lines is, beside End, how many lines there are before it; 0: not known, as of older versions.
	Lines int `json:"lines,omitempty"`

	proven bool // of Slice, as readSlice says it
}

// readLine reads a line of a journal. After an error it has what could be read of it.
func readLine(text []byte) (l line, err error) {
	if s, proven, ok := readSlice(text); ok {
		return line{Slice: s, proven: proven}, nil
	}
	err = json.Unmarshal(text, &l)
	return l, err
}

// Journal appends a run to a writer as it happens. The first error stays and
// silences it: a full disk must not end a run. Not safe for concurrent use.
type Journal struct {
	w     io.Writer
	lines int // written
	err   error
}

// NewJournal writes the head of a run: r without what it has measured.
func NewJournal(w io.Writer, r *Result) *Journal {
	head := *r
	head.Timeline = nil
	head.Endpoints, head.Transactions = slices.Clone(r.Endpoints), slices.Clone(r.Transactions)
	head.Resources = slices.Clone(r.Resources)
	for i := range head.Resources {
		head.Resources[i].Readings = nil
	}
	for _, e := range head.rows() {
		*e = Endpoint{Name: e.Name, Place: e.Place, Request: e.Request, Was: e.Was, Expected: e.Expected}
	}
	j := &Journal{w: w}
	j.write(line{Journal: JournalSchema, Result: &head})
	return j
}

// Slice appends one second.
func (j *Journal) Slice(s *Slice) { j.write(line{Slice: s}) }

// Planned appends a new planned duration of the run.
func (j *Journal) Planned(d time.Duration) { j.write(line{Planned: &d}) }

// End appends how the run ended and returns the first error of all writes.
func (j *Journal) End(e End) error {
	j.write(line{End: &e, Lines: j.lines})
	return j.err
}

// write puts each line down in one call, so that a kill leaves whole lines.
func (j *Journal) write(l line) {
	if j.err != nil {
		return
	}
	text, err := json.Marshal(l)
	if err == nil {
		_, err = j.w.Write(append(text, '\n'))
		j.lines++
	}
	j.err = err
}

// readJournal rebuilds a Result from a text that is not blank. A line that is
// damaged (a full disk, a kill in the middle of a write) is left out, and the
// run then counts as cut.
func readJournal(in *bufio.Reader) (*Result, error) {
	var r *Result
	end := Cut
	damaged := false
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	number, read := 1, 0
	for ; lines.Scan(); number++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		l, broken := readLine(lines.Bytes())
		var err error
		whole := true
		switch {
		case broken != nil && r == nil:
			return nil, l.unreadable(broken)
		case broken != nil:
			whole = false
		case r == nil:
			r, err = l.begin()
		default:
			whole, err = l.apply(r, &end)
		}
		if err != nil {
			return nil, err
		}
		damaged = damaged || !whole || l.Lines > 0 && l.Lines != read // lines were taken away
		read++
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", number, err)
	}
	if damaged {
		end = Cut
	}
	return r, r.Finish(end)
}

// unreadable says why nothing can be judged: the first line is of a newer
// version, or damaged.
func (l line) unreadable(broken error) error {
	switch {
	case newer(l.Journal, JournalSchema):
		return checkSchema(l.Journal, JournalSchema)
	case l.Result != nil && newer(l.Result.Schema, Schema):
		return checkSchema(l.Result.Schema, Schema)
	}
	return fmt.Errorf("its first line is damaged, nothing can be judged: %w", broken)
}

// begin takes the first line.
func (l line) begin() (*Result, error) {
	if err := checkSchema(l.Journal, JournalSchema); err != nil {
		return nil, err
	}
	if l.Result == nil {
		return nil, errors.New("the first line of the journal holds no run")
	}
	if err := checkSchema(l.Result.Schema, Schema); err != nil {
		return nil, err
	}
	r := *l.Result
	r.Elapsed = 0
	r.settle()
	if err := r.Check(); err != nil {
		return nil, err
	}
	return &r, nil
}

// apply takes any later line; whole is false when it says nothing, as a line
// does that was torn and closed again.
func (l line) apply(r *Result, end *End) (whole bool, err error) {
	switch {
	case l.Slice != nil:
		l.Slice.settle()
		return true, r.append(l.Slice, l.proven)
	case l.Planned != nil:
		if !possible(*l.Planned) {
			return true, fmt.Errorf("planned_duration_ns: %d cannot be", *l.Planned)
		}
		r.Planned.Duration = *l.Planned
	case l.End != nil:
		*end = *l.End
	default:
		return false, nil
	}
	return true, nil
}
