package junit

import (
	"encoding/xml"
	"strings"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	Counts
	Suite suite `xml:"testsuite"`
}

// Counts are the attributes that suites and suite share.
type Counts struct {
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"` // of the run, in seconds
}

type suite struct {
	Name string `xml:"name,attr"`
	Counts
	Timestamp  string     `xml:"timestamp,attr,omitempty"` // UTC
	Properties []property `xml:"properties>property"`
	Cases      []testCase `xml:"testcase"`
	Out        string     `xml:"system-out"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// testCase has at most one of Failure, Error and Skipped; with none it
// passed. Time is 0: all cases are of the same seconds.
type testCase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Time    string   `xml:"time,attr"`
	Failure *problem `xml:"failure"`
	Error   *problem `xml:"error"`
	Skipped *problem `xml:"skipped"`
	Out     string   `xml:"system-out,omitempty"`
}

type problem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// caseOf is one check of a verdict as a case.
func caseOf(v content.View, at int) testCase {
	c := v.Checks[at]
	made := testCase{Class: typeset.Bounded(c.Rule, junitName),
		Name: typeset.Bounded(nameOf(c), junitName), Time: "0"}
	if c.AboutRun() {
		made.Class = OwnClass
	}
	note := content.NoteOf(c)
	problem := &problem{Type: string(c.Code()), Text: "\n" + textOf(v, at, note)}
	problem.Message = typeset.Bounded(note.Reason, junitText)
	if problem.Message == "" {
		problem.Message = typeset.Bounded(
			typeset.JoinNonEmpty(", limit ", content.ValueText(c), content.LimitOf(c)), junitText)
	}
	switch {
	case c.Outcome == verdict.Fail:
		made.Failure = problem
	case c.Outcome == verdict.Inconclusive && countsAsPassed(v.Closing):
		made.Skipped = problem
	case c.Outcome == verdict.Inconclusive:
		made.Error = problem
	case c.Outcome == verdict.Warn || note != (content.Note{}):
		made.Out = "\n" + c.Outcome.String() + " (" + problem.Type + ")" + problem.Text
	}
	return made
}

// nameOf says what was judged, without a figure: it is the same in the
// next run.
func nameOf(c verdict.Check) string {
	name := typeset.JoinNonEmpty(": ", content.SubjectText(c), c.Metric.Name())
	switch {
	case c.Comparison == nil || c.AboutRun():
		return name
	case c.Comparison.Kind == verdict.OtherSide:
		return name + ", B against A"
	}
	return name + ", against earlier runs"
}

// textOf tells all that is known of a check, a line each.
func textOf(v content.View, at int, note content.Note) string {
	c := v.Checks[at]
	lines := []content.Fact{}
	if !c.AboutRun() || c.Got.OK {
		lines = append(lines, content.Fact{Label: "value", Text: content.ValueText(c)})
	}
	if k := c.Comparison; k != nil && !c.AboutRun() {
		l := content.NewCompared(v.Checks, at, []int{at})
		expected, runs := "expected", "runs"
		if l.Pairs {
			expected, runs = "interval", "pairs"
		}
		lines = append(lines, content.Fact{Label: "now", Text: l.Now}, content.Fact{Label: "before", Text: l.Base},
			content.Fact{Label: "change", Text: l.Change}, content.Fact{Label: expected, Text: l.Expected},
			content.Fact{Label: runs, Text: l.Runs})
	}
	lines = append(lines, content.Fact{Label: "limit", Text: content.LimitOf(c)})
	if c.Requests > 0 {
		lines = append(lines, content.Fact{Label: "requests", Text: unit.Grouped(c.Requests)})
	}
	if c.Pos.Line > 0 {
		lines = append(lines, content.Fact{Label: "where", Text: c.Pos.String()})
	}
	if t, ok := v.TraceOf(c); ok {
		lines = append(lines, content.Fact{Label: "trace of " + t.Rank(), Text: t.What() + ": " + t.Where()})
	}
	lines = append(lines, content.Fact{Label: "reason", Text: note.Reason},
		content.Fact{Label: "remedy", Text: note.Remedy})
	var b strings.Builder
	for _, line := range lines {
		if line.Text != "" {
			b.WriteString(line.Label + ": " + typeset.Bounded(line.Text, junitText) + "\n")
		}
	}
	return b.String()
}
