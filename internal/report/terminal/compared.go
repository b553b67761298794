package terminal

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// comparedSqueeze is the order in which columns give way when a line is too
// wide; figures come last.
var comparedSqueeze = []squeeze{
	{content.ComparedEndpoint, 30}, {content.ComparedEndpoint, 16}, {content.ComparedMetric, 8},
	{content.ComparedEndpoint, 14}, {content.ComparedExpected, 9}, {content.ComparedNow, 9},
}

// compared prints what was compared with measured values. A narrow page leaves
// out the smallest detectable change.
func (p *page) compared(lines []content.Compared) {
	if len(lines) == 0 {
		return
	}
	g := grid{
		header: []string{"EARLIER RUNS", "", "NOW", "BEFORE", "CHANGE", "EXPECTED", "DETECTS", "RUNS", ""},
		right: []int{content.ComparedNow, content.ComparedBase,
			content.ComparedChange, content.ComparedDetects, content.ComparedRuns},
		suffixed: content.ComparedEndpoint,
		squeeze:  comparedSqueeze,
		wrapped:  []int{content.ComparedEndpoint},
		hang:     2, // behind the sign
	}
	notes := content.ComparedNotes
	if lines[0].Pairs {
		g.header = []string{"B AGAINST A", "", "B", "A", "CHANGE", "INTERVAL", "", "PAIRS", ""}
	}
	for _, l := range lines {
		more := ""
		if l.More > 0 {
			more = fmt.Sprintf(" +%d", l.More)
		}
		g.add(more, sign(l.Outcome)+" "+typeset.Clean(l.Subject), l.Metric,
			l.Now, l.Base, l.Change, l.Expected, l.Detects, l.Runs, content.References(l.Notes))
	}
	if lines[0].Pairs || p.width < 100 {
		g.drop(content.ComparedDetects)
		notes--
	}
	g.fit(p.width)
	p.line("")
	p.grid(g, func(row, column int, text string) string {
		switch column {
		case content.ComparedEndpoint:
			return p.ink.marked(lines[row].Outcome, text)
		case notes:
			return p.ink.dim(text)
		}
		return text
	})
}

// legendOfCompared explains the signs of the lines, and only those.
func (p *page) legendOfCompared(lines []content.Compared) {
	var more, many, again, pairs, expected, detects bool
	for _, l := range lines {
		more, again, many = more || l.More > 0, again || l.Again, many || l.Findings > 0
		pairs = pairs || l.Pairs && l.Expected != ""
		expected = expected || !l.Pairs && l.Expected != ""
		detects = detects || !l.Pairs && l.Detects != "" && p.width >= 100
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
		{many, "what has one explanation is one row (--all lists each)"},
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
