// Package content is what every report shows about a run and its verdict, worded and scaled,
// so that no two reports differ.
package content

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/trace"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Options says how a View is worded and shown. The zero value works.
type Options struct {
	// Confidence of the intervals, in (0,1); 0 leaves it out of the wording.
	Confidence float64
	// All gives every check a row of its own and adds the endpoints' figures.
	All bool
	// Width is the number of cells of a line, kept between 80 and 160, beyond which
	// an eye loses the row; 0: 100.
	Width int
	// Color adds colour to words that say the same without it.
	Color bool
	// ExitCode is what the process will end with where that is not the
	// verdict's own, such as 130 after an interrupt; 0: the verdict's own.
	ExitCode int
	// Failures are what loadgate could not do, such as write a report, a line each.
	Failures []string
	// Past is the earlier runs that this one is compared with; nil: none.
	Past *baseline.Past
	// Config is what was judged by: its limits on throughput say in which unit rates are; nil: per second.
	Config *config.Config
	// TraceLink leads to the trace of a request; zero: its id is shown alone.
	TraceLink trace.Link
	// Command makes the run again, word by word; nil: as the result has it.
	Command []string
	// Site is the address of the pages of the history, http or https; empty: none is known.
	Site string
}

// Cells is the width that is kept to.
func (o Options) Cells() int {
	if o.Width == 0 {
		return 100
	}
	return min(max(o.Width, 80), 160)
}

// View is one run and its verdict, ordered, worded and scaled: the one shape
// that every format prints. Its texts are not yet safe for any medium. A View
// shares memory with the result it was made of and is safe for concurrent use
// while neither changes.
type View struct {
	Title        string // name and profile
	Target       string
	Facts        []Fact
	Health       []Finding       // may the run be judged at all; what does not pass comes first
	Rows         []Row           // fail, inconclusive, warn, pass; in each the order of the file
	Compared     []Compared      // what was compared with earlier runs, or the other side; in the order of Rows
	Table        Table           // Rows and Compared as a table has them
	Stages       []verdict.Stage // of a load in stages
	Causes       []Cause         // why it went as it did
	Scaling      *Scaling        // what a search says of replicas; nil: it was not asked
	Excepted     []Excepted      // what the file leaves out of its rules
	Endpoints    []Figure        // in the order of the result
	Transactions []Figure        // transactions, in the order of the result
	Closing      Closing

	Options Options
	Rates   unit.Unit // of all rates, but for limits and the values beside them
	Run     *result.Result
	Checks  []verdict.Check
	Left    []verdict.Excepted
	Unasked []string        // rules that are not judged: the load has no group that sends what they limit
	Level   []verdict.Check // on the run that is shown, where the verdict is on several; nil: checks
	meaning string          // of what is in brackets; "": an interval
}

// Fact is one labelled line about the run.
type Fact struct{ Label, Text string }

// Row is one line of the summary: one check, or the checks of one limit that
// all pass, for which the one closest to its limit stands.
type Row struct {
	Outcome  verdict.Outcome
	Rule     string
	Subject  string // what was judged: an endpoint, or several together
	Several  bool   // Subject is words for several endpoints, not a name
	More     int    // further passing checks of the row
	Value    string // with its interval, if Interval is set
	Interval bool
	Limit    string // with its metric
	Requests string // or readings, where Resource is set
	Resource bool   // of a gauge beside the load, with its Readings
	Readings int
	Notes    []int // in the table, ascending, from 1
	Checks   []int // what the row shows: indices into the verdict's checks
	Findings int   // that are one row, of those that do not pass; 0: it is a row of its own
	said     []Note
}

// Table is findings, rows and lines of which many of one explanation are one, unless all were asked for, with
// numbered notes.
type Table struct {
	Health   []Finding
	Rows     []Row
	Compared []Compared
	Notes    []Note // Row.Notes and Compared.Notes count from 1
}

// Finding is one health check that does not pass, or all that do.
type Finding struct {
	Outcome  verdict.Outcome
	Subjects []string
	Value    string // with Limit; both empty where nothing was measured
	Limit    string
	Note     Note
	Checks   []int // indices into the verdict's checks
}

// Sound says whether the finding passed without a reason to show.
func (f Finding) Sound() bool { return f.Outcome == verdict.Pass && f.Note.Reason == "" }

// Note is a reason and what to do about it; either may be empty.
type Note struct{ Reason, Remedy string }

// Figures are those of endpoints, and behind them of transactions.
func (v View) Figures() []Figure { return slices.Concat(v.Endpoints, v.Transactions) }

// OfRun are the checks on the run whose figures are shown.
func (v View) OfRun() []verdict.Check {
	if v.Level != nil {
		return v.Level
	}
	return v.Checks
}

// Decisive are the codes of the checks that decided the outcome, each once, and of what decided the
// exit code in their place, if that is not the verdict's; none for a plain pass.
func (v View) Decisive() []reason.Code {
	var codes []reason.Code
	for _, c := range v.Checks {
		if code := c.Code(); c.Outcome != verdict.Pass && c.Outcome == v.Closing.Outcome &&
			!slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	if ended := v.Closing.EndedBy(); ended != "" && !slices.Contains(codes, ended) {
		codes = append(codes, ended)
	}
	return codes
}

// Title joins the names of what was run.
func Title(name, profile string) string {
	parts := slices.DeleteFunc([]string{name, profile}, func(part string) bool { return part == "" })
	if len(parts) == 0 {
		return "unnamed run"
	}
	return strings.Join(parts, " · ")
}

// Brackets says what the brackets after a value hold; empty: it is not known.
func (v View) Brackets() string {
	switch {
	case v.meaning != "":
		return v.meaning
	case v.Run.Summarised():
		return "what " + v.Run.Source.Tool + "'s rounding leaves open"
	case v.Options.Confidence > 0:
		return Percent(v.Options.Confidence) + " interval"
	}
	return ""
}

// EndText says how a run ended.
func EndText(end result.End) string {
	switch end {
	case result.Complete:
		return "ran to its end"
	case result.Interrupted:
		return "interrupted by a signal"
	case result.Stopped:
		return "stopped early: decided"
	case result.Lost:
		return "target stopped answering"
	}
	return "cut short"
}

// Short is a view whose texts are cut; it shares none with v that it changes.
func Short(v View) View {
	const limit = 2000
	v.Title, v.Target = typeset.Cut(v.Title, limit), typeset.Cut(v.Target, limit)
	texts := func(all []string) []string {
		all = slices.Clone(all)
		for i := range all {
			all[i] = typeset.Cut(all[i], limit)
		}
		return all
	}
	note := func(n Note) Note { return Note{typeset.Cut(n.Reason, limit), typeset.Cut(n.Remedy, limit)} }
	notes := func(all []Note) []Note {
		all = slices.Clone(all)
		for i := range all {
			all[i] = note(all[i])
		}
		return all
	}
	rows := func(all []Row) []Row {
		all = slices.Clone(all)
		for i, r := range all {
			all[i].Rule, all[i].Subject = typeset.Cut(r.Rule, limit), typeset.Cut(r.Subject, limit)
			all[i].said = notes(r.said)
		}
		return all
	}
	compared := func(all []Compared) []Compared {
		all = slices.Clone(all)
		for i, l := range all {
			all[i].Subject, all[i].said = typeset.Cut(l.Subject, limit), notes(l.said)
		}
		return all
	}
	health := func(all []Finding) []Finding {
		all = slices.Clone(all)
		for i := range all {
			all[i].Subjects, all[i].Note = texts(all[i].Subjects), note(all[i].Note)
		}
		return all
	}
	v.Facts, v.Closing.causes = slices.Clone(v.Facts), slices.Clone(v.Closing.causes)
	v.Health, v.Rows, v.Compared = health(v.Health), rows(v.Rows), compared(v.Compared)
	v.Table = Table{health(v.Table.Health), rows(v.Table.Rows), compared(v.Table.Compared), notes(v.Table.Notes)}
	for i := range v.Facts {
		v.Facts[i].Text = typeset.Cut(v.Facts[i].Text, limit)
	}
	v.Causes = slices.Clone(v.Causes)
	for i, c := range v.Causes {
		c.Title, c.Evidence, c.Next = typeset.Cut(c.Title, limit),
			typeset.Cut(c.Evidence, limit), typeset.Cut(c.Next, limit)
		v.Causes[i] = c
	}
	v.Scaling = v.Scaling.short(limit)
	v.Excepted = slices.Clone(v.Excepted)
	for i, x := range v.Excepted {
		v.Excepted[i].Rule, v.Excepted[i].Reason, v.Excepted[i].Names = typeset.Cut(x.Rule, limit),
			typeset.Cut(x.Reason, limit), texts(x.Names)
	}
	for i := range v.Closing.causes {
		v.Closing.causes[i].names = texts(v.Closing.causes[i].names)
	}
	v.Closing.failures = texts(v.Closing.failures)
	return v
}
