package report

import (
	"strings"

	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// junitCaseOf is one check of a verdict as a case.
func junitCaseOf(v View, at int) junitCase {
	c := v.checks[at]
	made := junitCase{Class: bounded(c.Rule, junitName), Name: bounded(junitNameOf(c), junitName), Time: "0"}
	if c.Rule == "" {
		made.Class = ownClass
	}
	note := noteOf(c)
	problem := &junitProblem{Type: c.Outcome.String(), Text: "\n" + junitTextOf(v.checks, at, note)}
	problem.Message = bounded(note.Reason, junitText)
	if problem.Message == "" {
		problem.Message = bounded(joinNonEmpty(", limit ", valueText(c), limitOf(c)), junitText)
	}
	switch {
	case c.Outcome == verdict.Fail:
		made.Failure = problem
	case c.Outcome == verdict.Inconclusive && countsAsPassed(v.Closing):
		made.Skipped = problem
	case c.Outcome == verdict.Inconclusive:
		made.Error = problem
	case c.Outcome == verdict.Warn || note != (Note{}):
		made.Out = "\n" + c.Outcome.String() + problem.Text
	}
	return made
}

// junitNameOf says what was judged, without a figure: it is the same in the
// next run.
func junitNameOf(c verdict.Check) string {
	name := joinNonEmpty(": ", subjectText(c), c.Metric.Name())
	switch {
	case c.Comparison == nil || c.Rule == "":
		return name
	case c.Comparison.Kind == verdict.OtherSide:
		return name + ", B against A"
	}
	return name + ", against earlier runs"
}

// junitTextOf tells all that is known of a check, a line each.
func junitTextOf(checks []verdict.Check, at int, note Note) string {
	c := checks[at]
	lines := []Fact{}
	if c.Rule != "" || c.Got.OK {
		lines = append(lines, Fact{"value", valueText(c)})
	}
	if k := c.Comparison; k != nil && c.Rule != "" {
		l := newCompared(checks, at, []int{at})
		expected, runs := "expected", "runs"
		if l.pairs {
			expected, runs = "interval", "pairs"
		}
		lines = append(lines, Fact{"now", l.Now}, Fact{"before", l.Base},
			Fact{"change", l.Change}, Fact{expected, l.Expected}, Fact{runs, l.Runs})
	}
	lines = append(lines, Fact{"limit", limitOf(c)})
	if c.Requests > 0 {
		lines = append(lines, Fact{"requests", unit.Grouped(c.Requests)})
	}
	if c.Pos.Line > 0 {
		lines = append(lines, Fact{"where", c.Pos.String()})
	}
	lines = append(lines, Fact{"reason", note.Reason}, Fact{"remedy", note.Remedy})
	var b strings.Builder
	for _, line := range lines {
		if line.Text != "" {
			b.WriteString(line.Label + ": " + bounded(line.Text, junitText) + "\n")
		}
	}
	return b.String()
}
