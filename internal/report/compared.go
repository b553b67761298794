package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Compared is one line of what was compared with values that were measured too:
// one check, or the checks of one metric that all pass, for which the one with
// the largest change for the worse stands.
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
	Runs     string // pairs of pairs
	More     int    // further passing checks that the line stands for
	Notes    []int  // ascending, from 1
	Checks   []int  // what the line stands for: indices into the verdict's checks
	pairs    bool
	again    bool // there was a confirmation run
}

// compare folds the checks that hold values against measured ones into lines,
// by severity; with all, every check has its own. Metrics that are there to be
// told have a line only where they do not pass, or with all.
func compare(checks []verdict.Check, all bool, notes *noteBook) []Compared {
	plain := func(c verdict.Check) bool { return c.Outcome == verdict.Pass && c.Reason == "" && !all }
	var lines []Compared
	for _, f := range fold(checks, folding{
		belongs: func(c verdict.Check) bool {
			return c.Rule != "" && c.Comparison != nil && (c.Comparison.Gated || !plain(c))
		},
		shares: plain,
		rank:   worsening,
	}) {
		line := newCompared(checks, f.shown, f.of)
		line.Notes = notes.numbers(checks, f.of)
		lines = append(lines, line)
	}
	return lines
}

// worsening is a check's change for the worse.
func worsening(c verdict.Check) float64 {
	change := c.Comparison.Change
	switch {
	case math.IsNaN(change):
		return math.Inf(-1)
	case c.Metric.Better() == metric.Higher:
		return -change
	}
	return change
}

func newCompared(checks []verdict.Check, shown int, of []int) Compared {
	c := checks[shown]
	k := c.Comparison
	line := Compared{
		Outcome: c.Outcome, Subject: c.Subject, Metric: c.Metric.Name(), Runs: strconv.Itoa(k.Runs),
		Now: orDash(c.Got.Quantity, c.Got.OK), Base: orDash(k.Base.Quantity, k.Base.OK), Change: changeText(k.Change),
		More: len(of) - 1, Checks: of, pairs: k.Kind == verdict.OtherSide,
	}
	if k.Again.OK {
		line.Now, line.again = together(line.Now, ", ", k.Again.String()), true
	}
	if k.Low.OK && k.High.OK {
		if line.pairs {
			line.Expected = changeText(k.Low.Value-1) + " … " + changeText(k.High.Value-1)
		} else {
			line.Expected = together(k.Low.String(), "–", k.High.String())
		}
	}
	if k.Detectable > 0 {
		line.Detects, line.Finer = changeText(k.Detectable), k.Finer
	}
	return line
}

// together prints two quantities, the unit once where it is the same.
func together(one, between, other string) string {
	if unitOf(one) == unitOf(other) {
		one = strings.TrimSuffix(one, unitOf(one))
	}
	return one + between + other
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

// comparedSqueeze is the order in which columns give way when a line is too
// wide; figures come last.
var comparedSqueeze = []squeeze{
	{comparedEndpoint, 30}, {comparedEndpoint, 16}, {comparedMetric, 8},
	{comparedEndpoint, 14}, {comparedExpected, 9}, {comparedNow, 9},
}

// compared prints what was compared with measured values, and returns the names
// that had to be shortened, by the numbers of the notes that tell them in full.
// A narrow page does without what would show.
func (p *page) compared(lines []Compared) (names map[int][]string) {
	if len(lines) == 0 {
		return nil
	}
	g := grid{
		header:   []string{"EARLIER RUNS", "", "NOW", "BEFORE", "CHANGE", "EXPECTED", "DETECTS", "RUNS", ""},
		right:    []int{comparedNow, comparedBase, comparedChange, comparedDetects, comparedRuns},
		suffixed: comparedEndpoint,
		squeeze:  comparedSqueeze,
	}
	notes := comparedNotes
	if lines[0].pairs {
		g.header = []string{"B AGAINST A", "", "B", "A", "CHANGE", "INTERVAL", "", "PAIRS", ""}
	}
	for _, l := range lines {
		more := ""
		if l.More > 0 {
			more = fmt.Sprintf(" +%d", l.More)
		}
		g.add(more, sign(l.Outcome)+" "+clean(l.Subject), l.Metric,
			l.Now, l.Base, l.Change, l.Expected, l.Detects, l.Runs, references(l.Notes))
	}
	if lines[0].pairs || p.width < 100 {
		g.drop(comparedDetects)
		notes--
	}
	shortened := g.fit(p.width)
	p.line("")
	p.grid(g, func(row, column int, text string) string {
		switch column {
		case comparedEndpoint:
			mark, rest := text[:len(sign(lines[row].Outcome))], text[len(sign(lines[row].Outcome)):]
			return p.ink.outcome(lines[row].Outcome, mark) + rest
		case notes:
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

// legendOfCompared explains the signs of the lines, and only those.
func (p *page) legendOfCompared(lines []Compared) {
	var more, again, pairs, expected, detects bool
	for _, l := range lines {
		more, again = more || l.More > 0, again || l.again
		pairs = pairs || l.pairs && l.Expected != ""
		expected = expected || !l.pairs && l.Expected != ""
		detects = detects || !l.pairs && l.Detects != "" && p.width >= 100
	}
	var parts []string
	for _, part := range []struct {
		used bool
		text string
	}{
		{again, "two values: the run, and its confirmation"},
		{expected, "expected: 95% of runs of unchanged code"},
		{detects, "detects: the rise that one run would show"},
		{pairs, "interval: of the change, at 95%"},
		{more, "+n: n more pass, changed less (--all lists them)"},
	} {
		if part.used {
			parts = append(parts, part.text)
		}
	}
	p.explain(parts)
	for _, l := range lines {
		if l.Finer != "" {
			p.explain([]string{l.Subject + ": " + l.Finer})
			return // what helps one line helps the others
		}
	}
}
