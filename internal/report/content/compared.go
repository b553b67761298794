package content

import (
	"math"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Compared is one line of the comparison with earlier runs, or with the other side: one check, or all
// passing checks of one metric, represented by the one with the largest change for the worse.
type Compared struct {
	Outcome  verdict.Outcome
	Subject  string
	Metric   string
	Now      string // and in the confirmation run, where there was one; side B of pairs
	Base     string // side A of pairs
	Change   string
	Expected string // where a run of unchanged code is expected; the interval of the change of pairs
	Detects  string // the smallest rise that would show
	Finer    string // what to do to find less; empty: nothing
	Runs     string // Pairs of pairs
	More     int    // further passing checks of the line
	Notes    []int  // in the table, ascending, from 1
	Checks   []int  // what the line shows: indices into the verdict's checks
	Pairs    bool
	Again    bool // there was a confirmation run
	Findings int  // that are one line, of those that do not pass; 0: it is a line of its own
	said     []Note
}

func (l Compared) shows() []int { return l.Checks }

// Note is the first thing that is said of the line; the zero Note where there is none.
func (l Compared) Note() Note { return firstOf(l.said) }

// compare folds the checks that hold values against measured ones into lines,
// by severity; with all, every check has its own. Informational metrics have a
// line only where they do not pass, or with all.
func compare(checks []verdict.Check, all bool) []Compared {
	plain := func(c verdict.Check) bool { return c.Outcome == verdict.Pass && !c.Because.Given() && !all }
	var lines []Compared
	for _, f := range fold(checks, folding{
		belongs: func(c verdict.Check) bool {
			return !c.AboutRun() && c.Comparison != nil && (c.Comparison.Gated || !plain(c))
		},
		shares: plain,
		rank:   Worsening,
	}) {
		lines = append(lines, NewCompared(checks, f.shown, f.of))
	}
	return lines
}

// Worsening is a check's change for the worse.
func Worsening(c verdict.Check) float64 {
	change := c.Comparison.Change
	switch {
	case math.IsNaN(change):
		return math.Inf(-1)
	case c.Metric.Better() == metric.Higher:
		return -change
	}
	return change
}

// NewCompared is the line of the checks at the indices in of. The check at the index shown gives the
// figures.
func NewCompared(checks []verdict.Check, shown int, of []int) Compared {
	c := checks[shown]
	k := c.Comparison
	line := Compared{
		Outcome: c.Outcome, Subject: c.Subject, Metric: c.Metric.Name(), Runs: strconv.Itoa(k.Runs),
		Now: OrDash(c.Got.Quantity, c.Got.OK), Base: OrDash(k.Base.Quantity, k.Base.OK), Change: ChangeText(k.Change),
		More: len(of) - 1, Checks: of, Pairs: k.Kind == verdict.OtherSide, said: notesOf(checks, of),
	}
	if k.Again.OK {
		line.Now, line.Again = joinQuantities(line.Now, ", ", k.Again.String()), true
	}
	if k.Low.OK && k.High.OK {
		if line.Pairs {
			line.Expected = ChangeText(k.Low.Value-1) + " … " + ChangeText(k.High.Value-1)
		} else {
			line.Expected = joinQuantities(k.Low.String(), "–", k.High.String())
		}
	}
	if k.Detectable > 0 {
		line.Detects, line.Finer = ChangeText(k.Detectable), wording.Todo(k.Finer)
	}
	return line
}

// joinQuantities prints two quantities, the unit once where it is the same.
func joinQuantities(one, between, other string) string {
	if unitOf(one) == unitOf(other) {
		one = strings.TrimSuffix(one, unitOf(one))
	}
	return one + between + other
}

// ChangeKnown says whether a change was measured.
func ChangeKnown(change float64) bool { return !math.IsNaN(change) && !math.IsInf(change, 0) }

// ChangeText prints a change with its sign, to a tenth of a percent while it
// is small: "+3.1%", "−12%".
func ChangeText(change float64) string {
	if !ChangeKnown(change) {
		return "–"
	}
	digits := 0
	if math.Abs(change) < 0.0995 {
		digits = 1
	}
	text := strconv.FormatFloat(math.Abs(100*change), 'f', digits, 64) + "%"
	if change < 0 {
		return "−" + text
	}
	return "+" + text
}

// The columns of the lines.
const (
	ComparedEndpoint = iota
	ComparedMetric
	ComparedNow
	ComparedBase
	ComparedChange
	ComparedExpected
	ComparedDetects
	ComparedRuns
	ComparedNotes
)
