package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
)

// Compared is one line of what was held against values that were measured too:
// one check, or the checks of one metric that all pass, for which the one with
// the largest change for the worse stands.
type Compared struct {
	Outcome  gate.Outcome
	Subject  string
	Metric   string
	Now      string // side B of pairs
	Base     string // side A of pairs
	Change   string
	Expected string // where a run of unchanged code is expected; the interval of the change of pairs
	Detects  string // the smallest rise that would show
	Runs     string // pairs of pairs
	More     int    // further passing checks that the line stands for
	Notes    []int  // ascending, from 1
	Checks   []int  // what the line stands for: indices into the verdict's checks
	pairs    bool
}

// compare folds the checks that hold values against measured ones into lines,
// by severity; with all, every check has its own. Metrics that are there to be
// told have a line only where they do not pass, or with all.
func compare(checks []gate.Check, all bool, notes *noteBook) []Compared {
	byOutcome := map[gate.Outcome][]Compared{}
	for _, group := range groupByLimit(checks, func(c gate.Check) bool { return c.Rule != "" && c.Comparison != nil }) {
		var passed []int
		for _, i := range group {
			c := checks[i]
			switch {
			case c.Outcome == gate.Pass && !all && !c.Comparison.Gated && c.Reason == "":
			case c.Outcome == gate.Pass && !all && c.Reason == "":
				passed = append(passed, i)
			default:
				byOutcome[c.Outcome] = append(byOutcome[c.Outcome], newCompared(checks, i, []int{i}))
			}
		}
		if len(passed) > 0 {
			worst := slices.MaxFunc(passed, func(a, b int) int { return cmp.Compare(worsening(checks[a]), worsening(checks[b])) })
			byOutcome[gate.Pass] = append(byOutcome[gate.Pass], newCompared(checks, worst, passed))
		}
	}
	var lines []Compared
	for _, outcome := range severity {
		lines = append(lines, byOutcome[outcome]...)
	}
	for i := range lines {
		lines[i].Notes = notes.numbers(checks, lines[i].Checks)
	}
	return lines
}

// worsening is a check's change for the worse.
func worsening(c gate.Check) float64 {
	change := c.Comparison.Change
	switch {
	case math.IsNaN(change):
		return math.Inf(-1)
	case c.Metric.Better() == metric.Higher:
		return -change
	}
	return change
}

func newCompared(checks []gate.Check, shown int, of []int) Compared {
	c := checks[shown]
	k := c.Comparison
	line := Compared{
		Outcome: c.Outcome, Subject: c.Subject, Metric: c.Metric.Name(), Runs: strconv.Itoa(k.Runs),
		Now: orDash(c.Got.Quantity, c.Got.OK), Base: orDash(k.Base.Quantity, k.Base.OK), Change: changeText(k.Change),
		More: len(of) - 1, Checks: of, pairs: k.Kind == gate.OtherSide,
	}
	if k.Again.OK {
		line.Now += ", " + k.Again.String()
	}
	if k.Low.OK && k.High.OK {
		if line.pairs {
			line.Expected = changeText(k.Low.Value-1) + " … " + changeText(k.High.Value-1)
		} else {
			line.Expected = between(k.Low.String(), k.High.String())
		}
	}
	if k.Detectable > 0 {
		line.Detects = changeText(k.Detectable)
	}
	return line
}

// between prints two ends, the unit once where it is the same.
func between(low, high string) string {
	if unitOf(low) == unitOf(high) {
		low = low[:len(low)-len(unitOf(low))]
	}
	return low + "–" + high
}

// changeText prints a change with its sign, to a tenth of a percent while it
// is small: "+3.1%", "−12%".
func changeText(change float64) string {
	if math.IsNaN(change) || math.IsInf(change, 0) {
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
	comparedEndpoint = iota
	comparedMetric
	comparedNow
	comparedBase
	comparedChange
	comparedExpected
	comparedDetects
	comparedRuns
	comparedNotes
)

// compared prints what was held against measured values, and under it the
// names that had to be shortened are told in the notes.
func (p *page) compared(lines []Compared) (names map[int][]string) {
	if len(lines) == 0 {
		return nil
	}
	g := grid{
		header:   []string{"EARLIER RUNS", "", "NOW", "BEFORE", "CHANGE", "EXPECTED", "DETECTS", "RUNS", ""},
		right:    []int{comparedNow, comparedBase, comparedChange, comparedDetects, comparedRuns},
		suffixed: comparedEndpoint,
		squeeze:  []squeeze{{comparedEndpoint, 30}, {comparedEndpoint, 14}},
	}
	if lines[0].pairs {
		g.header = []string{"A AGAINST B", "", "B", "A", "CHANGE", "INTERVAL", "", "PAIRS", ""}
	}
	for _, l := range lines {
		more := ""
		if l.More > 0 {
			more = fmt.Sprintf(" +%d", l.More)
		}
		g.add(more, sign(l.Outcome)+" "+clean(l.Subject), l.Metric, l.Now, l.Base, l.Change, l.Expected, l.Detects, l.Runs, references(l.Notes))
	}
	shortened := g.fit(p.width)
	p.line("")
	p.grid(g, func(row, column int, text string) string {
		switch column {
		case comparedEndpoint:
			mark, rest := text[:len(sign(lines[row].Outcome))], text[len(sign(lines[row].Outcome)):]
			return p.ink.outcome(lines[row].Outcome, mark) + rest
		case comparedNotes:
			return p.ink.dim(text)
		}
		return text
	})
	names = map[int][]string{}
	for _, i := range shortened {
		for _, note := range lines[i].Notes {
			names[note] = append(names[note], lines[i].Subject)
		}
	}
	return names
}

// amounts of a comparison for scripts.
func comparisonOf(c gate.Check) *verdictComparison {
	k := c.Comparison
	if k == nil {
		return nil
	}
	against := "earlier_runs"
	if k.Kind == gate.OtherSide {
		against = "other_side"
	}
	v := &verdictComparison{
		Against: against, Base: amountOf(k.Base), Runs: k.Runs, Low: amountOf(k.Low), High: amountOf(k.High),
		Detectable: known(k.Detectable), Confirmation: amountOf(k.Again), Gated: k.Gated,
	}
	if k.Base.OK && !math.IsNaN(k.Change) {
		v.Change = &k.Change
	}
	return v
}

// verdictComparison is what a value was held against where that was measured
// too: earlier runs, or side A of pairs.
type verdictComparison struct {
	Against      string         `json:"against"`      // earlier_runs or other_side
	Base         *verdictAmount `json:"base"`         // the geometric mean of earlier runs, or side A
	Runs         int            `json:"runs"`         // or pairs
	Change       *float64       `json:"change"`       // value over base, minus 1
	Low          *verdictAmount `json:"low"`          // of where a run of unchanged code is expected; of the ratio of pairs
	High         *verdictAmount `json:"high"`         //
	Detectable   *float64       `json:"detectable"`   // the smallest rise that one run would show
	Confirmation *verdictAmount `json:"confirmation"` // the value of the second run
	Gated        bool           `json:"gated"`        // false: it can at most warn
}
