package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/result"
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
	// Command makes the run again, word by word; nil: what the result tells of it.
	Command []string
}

// cells is the width that is kept to.
func (o Options) cells() int {
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
	Notes        []Note          // Row.Notes and Compared.Notes count from 1
	Stages       []verdict.Stage // of a load in stages
	Causes       []verdict.Cause // why it went as it did
	Excepted     []Excepted      // what the file leaves out of its rules
	Endpoints    []Figure        // in the order of the result
	Transactions []Figure        // transactions, in the order of the result
	Closing      Closing

	options Options
	run     *result.Result
	checks  []verdict.Check
	left    []verdict.Excepted
	level   []verdict.Check // on the run that is shown, where the verdict is on several; nil: checks
	meaning string          // of what stands in brackets; "": an interval
}

// Fact is one labelled line about the run.
type Fact struct{ Label, Text string }

// Row is one line of the summary: one check, or the checks of one limit that
// all pass, for which the one closest to its limit stands.
type Row struct {
	Outcome  verdict.Outcome
	Rule     string
	Subject  string // what was judged: an endpoint, or several together
	More     int    // further passing checks that the row stands for
	Value    string // with its interval
	Limit    string // with its metric
	Requests string // or readings, where Resource is set
	Resource bool   // of a gauge beside the load
	Notes    []int  // ascending, from 1
	Checks   []int  // what the row stands for: indices into the verdict's checks
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

// sound says whether nothing is to be said of the finding but that it is.
func (f Finding) sound() bool { return f.Outcome == verdict.Pass && f.Note.Reason == "" }

// Note is a reason and what to do about it; either may be empty.
type Note struct{ Reason, Remedy string }

// NewView words a run and its verdict. It never fails: what was not measured
// is said to be so.
func NewView(r *result.Result, v verdict.Verdict, o Options) View {
	o.Width = o.cells()
	var notes noteBook
	rows := summarize(v.Checks, o.All, &notes)
	lines := compare(v.Checks, o.All, &notes)
	figures, transactions := figuresOf(r, r.Endpoints, false), figuresOf(r, r.Transactions, true)
	return View{
		Title:        title(r.Name, r.Profile),
		Target:       r.Target,
		Facts:        facts(r, figures),
		Health:       findings(v.Checks),
		Rows:         rows,
		Compared:     lines,
		Notes:        notes.notes,
		Stages:       v.Stages,
		Causes:       v.Causes,
		Excepted:     exceptedOf(v.Excepted, slices.Concat(figures, transactions)),
		left:         v.Excepted,
		Endpoints:    figures,
		Transactions: transactions,
		Closing:      closing(v, o),
		options:      o,
		run:          r,
		checks:       v.Checks,
	}
}

// figures are those of endpoints, and behind them of transactions.
func (v View) figures() []Figure { return slices.Concat(v.Endpoints, v.Transactions) }

// ofRun are the checks on the run whose figures are shown.
func (v View) ofRun() []verdict.Check {
	if v.level != nil {
		return v.level
	}
	return v.checks
}

// firstNote is the first of the notes; the zero Note where there is none.
func (v View) firstNote(numbers []int) Note {
	if len(numbers) == 0 {
		return Note{}
	}
	return v.Notes[numbers[0]-1]
}

// title joins the names of what was run.
func title(name, profile string) string {
	parts := slices.DeleteFunc([]string{name, profile}, func(part string) bool { return part == "" })
	if len(parts) == 0 {
		return "unnamed run"
	}
	return strings.Join(parts, " · ")
}

// brackets says what stands in brackets behind a value; empty: nothing known.
func (v View) brackets() string {
	switch {
	case v.meaning != "":
		return v.meaning
	case v.run.Summarised():
		return "what " + v.run.Source.Tool + "'s rounding leaves open"
	case v.options.Confidence > 0:
		return percent(v.options.Confidence) + " interval"
	}
	return ""
}

// smokeText is what a smoke run is, in one line.
const smokeText = "only failures are judged: no latency, throughput or earlier run"

// facts says in three lines what was done, what came of it and when.
func facts(r *result.Result, figures []Figure) []Fact {
	load := clock(r.Until())
	if r.Until() < r.Planned.Duration {
		load += " of " + clock(r.Planned.Duration)
	}
	if made := Load(r.Planned); made != "" {
		load = made + " for " + load
	}
	judged := r.Measured().Length
	if judged < r.Until() {
		load += fmt.Sprintf(", %s measured after %s of warm-up", clock(judged), clock(r.Until()-judged))
	}
	switch {
	case len(r.Shards) > 1:
		load += fmt.Sprintf(", %d shards", len(r.Shards))
	case len(r.Shards) == 1 && r.Shards[0].N > 1:
		load += fmt.Sprintf(", shard %d of %d", r.Shards[0].K, r.Shards[0].N)
	}
	facts := []Fact{{"load", load}, {"requests", traffic(r, figures, judged)}}
	if r.Planned.Smoke {
		facts = slices.Insert(facts, 0, Fact{"smoke", smokeText})
	}
	if r.Until() == 0 && r.Source.Foreign() { // how long it took is not known
		facts = facts[1:]
	}
	when := endText(r.End)
	if !r.Started.IsZero() {
		when = r.Started.UTC().Format(time.DateTime) + " UTC, " + when
	}
	if r.Source.Foreign() {
		return append(facts, Fact{"run", when + ", measured by " + r.Source.Tool})
	}
	return append(facts, Fact{"run", fmt.Sprintf("%s, seed %d", when, r.Seed)})
}

// traffic counts the measured requests; start steps, which are sent once for
// each user, are among all requests only.
func traffic(r *result.Result, figures []Figure, judged time.Duration) string {
	var requests, all int64
	for i, f := range figures {
		if !f.Start {
			requests += f.Requests
		}
		for _, slot := range r.Endpoints[i].Slots {
			all += slot.Requests
		}
		if s := r.Endpoints[i].Summary; s != nil {
			all += s.Requests
		}
	}
	if all == 0 {
		return "none was sent"
	}
	text := unit.Grouped(requests)
	if all > requests {
		text += " measured of " + unit.Grouped(all)
	}
	if rate, ok := perSecond(requests, judged); ok {
		text += ", " + rate.String()
	}
	failures, known := failuresOf(r, figures, false)
	if !known {
		return text + ", how many failed is not known"
	}
	text += ", " + unit.Grouped(failures) + " failed"
	if failures > 0 {
		text += " (" + percent(float64(failures)/float64(requests)) + ")"
	}
	return text
}

// endText says how a run ended.
func endText(end result.End) string {
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

// short is a view whose texts are cut; it shares none with v that it changes.
func short(v View) View {
	const limit = 2000
	v.Title, v.Target = cut(v.Title, limit), cut(v.Target, limit)
	texts := func(all []string) []string {
		all = slices.Clone(all)
		for i := range all {
			all[i] = cut(all[i], limit)
		}
		return all
	}
	note := func(n Note) Note { return Note{cut(n.Reason, limit), cut(n.Remedy, limit)} }
	v.Facts, v.Health, v.Rows = slices.Clone(v.Facts), slices.Clone(v.Health), slices.Clone(v.Rows)
	v.Compared, v.Notes, v.Closing.causes = slices.Clone(v.Compared),
		slices.Clone(v.Notes), slices.Clone(v.Closing.causes)
	for i := range v.Facts {
		v.Facts[i].Text = cut(v.Facts[i].Text, limit)
	}
	for i := range v.Health {
		v.Health[i].Subjects, v.Health[i].Note = texts(v.Health[i].Subjects), note(v.Health[i].Note)
	}
	for i := range v.Rows {
		v.Rows[i].Rule, v.Rows[i].Subject = cut(v.Rows[i].Rule, limit), cut(v.Rows[i].Subject, limit)
	}
	for i := range v.Compared {
		v.Compared[i].Subject = cut(v.Compared[i].Subject, limit)
	}
	for i := range v.Notes {
		v.Notes[i] = note(v.Notes[i])
	}
	v.Causes = slices.Clone(v.Causes)
	for i, c := range v.Causes {
		c.Title, c.Evidence, c.Next = cut(c.Title, limit), cut(c.Evidence, limit), cut(c.Next, limit)
		v.Causes[i] = c
	}
	v.Excepted = slices.Clone(v.Excepted)
	for i, x := range v.Excepted {
		v.Excepted[i].Rule, v.Excepted[i].Reason, v.Excepted[i].Names = cut(x.Rule, limit),
			cut(x.Reason, limit), texts(x.Names)
	}
	for i := range v.Closing.causes {
		v.Closing.causes[i].names = texts(v.Closing.causes[i].names)
	}
	v.Closing.failures = texts(v.Closing.failures)
	return v
}
