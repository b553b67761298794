package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// JUnit XML is for the test reports of CI systems. One suite is the run, one
// case is what one rule asks of one endpoint, a comparison with earlier runs
// or the other side among them; what is wrong with the run itself has a class
// of its own. A reader that knows only passed and not passed must not take one
// for the other:
//
//   - FAIL is a failure.
//   - INCONCLUSIVE is an error, for nothing was shown. Where the file says that
//     undecided counts as a pass or a warning it is skipped, never passed.
//   - WARN is a case that passed and has something to say.
//   - A run without a figure that a rule could be compared with has an error,
//     whatever the file says, and so has one whose exit code is not 0 for a
//     reason that no case tells.
//
// Names are the same in every run, so that a history of tests can be kept by
// them, and no two cases of a class share one.

// ownClass is the class of what is said about the run itself.
const ownClass = "(the run itself)"

// The most bytes of a name, a text and the table.
const (
	junitName  = 500
	junitText  = 10_000
	junitTable = 200_000
)

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suite junitSuite `xml:"testsuite"`
}

// junitCounts are the attributes that suites and suite share.
type junitCounts struct {
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"` // of the run, in seconds
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Timestamp  string          `xml:"timestamp,attr,omitempty"` // UTC
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Out        string          `xml:"system-out"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// junitCase has at most one of Failure, Error and Skipped; with none it
// passed. Time is 0: all cases are of the same seconds.
type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
	Skipped *junitProblem `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

func writeJUnit(w io.Writer, v View) error {
	table, err := junitPlainTable(v)
	if err != nil {
		return err
	}
	name := bounded(v.Title, junitName)
	suite := junitSuite{Name: name, Properties: junitProperties(v), Cases: junitCases(v), Out: table}
	suite.junitCounts = countCases(suite.Cases)
	suite.Time = strconv.FormatFloat(v.run.Elapsed.Seconds(), 'f', 3, 64)
	if !v.run.Started.IsZero() {
		suite.Timestamp = v.run.Started.UTC().Format(time.RFC3339)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(junitSuites{Name: "loadgate", junitCounts: suite.junitCounts, Suite: suite}); err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n")
	return err
}

// junitPlainTable is the table without colour. Its lines are clean already;
// laying out a text without end would take as long.
func junitPlainTable(v View) (string, error) {
	v = short(v)
	v.options.Color, v.options.Width = false, 100
	var b strings.Builder
	if err := writeTable(&b, v); err != nil {
		return "", err
	}
	return "\n" + cut(b.String(), junitTable), nil
}

// junitProperties say which run it was; what is not known is left out.
func junitProperties(v View) []junitProperty {
	r := v.run
	var properties []junitProperty
	for _, p := range []junitProperty{
		{"tool", r.Tool}, {"profile", r.Profile}, {"target", r.Target}, {"seed", strconv.FormatUint(r.Seed, 10)},
		{"digest", r.Digest}, {"commit", r.Origin.Commit}, {"branch", r.Origin.Branch},
		{"runner", r.Origin.Runner.Class()},
		{"smoke", smokeProperty(r)}, {"end", r.End.String()}, {"outcome", v.Closing.Word()},
		{"exit_code", strconv.Itoa(v.Closing.ExitCode)},
	} {
		if p.Value = bounded(p.Value, junitName); p.Value != "" {
			properties = append(properties, p)
		}
	}
	return properties
}

// smokeProperty is true for a smoke run, else left out.
func smokeProperty(r *result.Result) string {
	if r.Planned.Smoke {
		return "true"
	}
	return ""
}

func countCases(cases []junitCase) junitCounts {
	counts := junitCounts{Tests: len(cases)}
	for _, c := range cases {
		switch {
		case c.Failure != nil:
			counts.Failures++
		case c.Error != nil:
			counts.Errors++
		case c.Skipped != nil:
			counts.Skipped++
		}
	}
	return counts
}

// junitCases are the findings about the run that are no pass, then every
// check of a rule, in the order of the verdict.
func junitCases(v View) []junitCase {
	var cases []junitCase
	judged := false
	for i, c := range v.checks {
		if c.Rule == "" && c.Outcome == verdict.Pass {
			judged = judged || v.run.Planned.Smoke && c.Got.OK // by the limit that is built in
			continue
		}
		cases = append(cases, junitCaseOf(v, i))
		judged = judged || c.Rule != "" &&
			(c.Got.OK || c.Outcome == verdict.Fail || c.Comparison != nil && changeText(c.Comparison.Change) != "–")
	}
	cases = append(cases, junitExcepted(v)...)
	counts := countCases(cases)
	why := bounded(v.Closing.Word()+": "+v.Closing.Sentence(), junitText)
	switch {
	case !judged && counts.Errors == 0:
		cases = append(cases, junitError("nothing was judged", why))
	case v.Closing.ExitCode != 0 && counts.Failures+counts.Errors == 0:
		cases = append(cases, junitError("verdict", why))
	}
	seen := map[[2]string]int{}
	for i := range cases {
		c := &cases[i]
		key := [2]string{c.Class, c.Name}
		if seen[key]++; seen[key] > 1 {
			c.Name += fmt.Sprintf(" #%d", seen[key])
		}
	}
	return cases
}

// junitError is an error of the run itself.
func junitError(name, why string) junitCase {
	return junitCase{Class: ownClass, Name: name, Time: "0",
		Error: &junitProblem{Message: why, Type: verdict.Inconclusive.String(), Text: why}}
}

// countsAsPassed says whether what is undecided lets the build go on.
func countsAsPassed(c Closing) bool {
	return (c.undecided == config.UndecidedPasses || c.undecided == config.UndecidedWarns) &&
		c.ExitCode <= exitcode.Fail
}
