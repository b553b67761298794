// Package junit writes JUnit XML.
package junit

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/terminal"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// OwnClass is the class of what is said about the run itself.
const OwnClass = "(the run itself)"

// The most bytes of a name, a text and the table.
const (
	junitName  = 500
	junitText  = 10_000
	junitTable = 200_000
)

// Write writes one test case for each check.
func Write(w io.Writer, v content.View) error {
	table, err := plainTable(v)
	if err != nil {
		return err
	}
	name := typeset.Bounded(v.Title, junitName)
	suite := suite{Name: name, Properties: properties(v), Cases: cases(v), Out: table}
	suite.Counts = countCases(suite.Cases)
	suite.Time = strconv.FormatFloat(v.Run.Elapsed.Seconds(), 'f', 3, 64)
	if !v.Run.Started.IsZero() {
		suite.Timestamp = v.Run.Started.UTC().Format(time.RFC3339)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(suites{Name: "loadgate", Counts: suite.Counts, Suite: suite}); err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n")
	return err
}

// plainTable is the table without colour. Its lines are clean already;
// laying out a text without end would take as long.
func plainTable(v content.View) (string, error) {
	v = content.Short(v)
	v.Options.Color, v.Options.Width = false, 100
	var b strings.Builder
	if err := terminal.WriteTable(&b, v); err != nil {
		return "", err
	}
	return "\n" + typeset.Cut(b.String(), junitTable), nil
}

// properties say which run it was; what is not known is left out.
func properties(v content.View) []property {
	r := v.Run
	var properties []property
	for _, p := range []property{
		{"tool", r.Tool}, {"profile", r.Profile}, {"target", r.Target}, {"seed", strconv.FormatUint(r.Seed, 10)},
		{"digest", r.Digest}, {"commit", r.Origin.Commit}, {"branch", r.Origin.Branch},
		{"runner", r.Origin.Runner.Class()},
		{"smoke", smokeProperty(r)}, {"end", r.End.String()}, {"outcome", v.Closing.Word()},
		{"exit_code", strconv.Itoa(v.Closing.ExitCode)},
	} {
		if p.Value = typeset.Bounded(p.Value, junitName); p.Value != "" {
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

func countCases(cases []testCase) Counts {
	counts := Counts{Tests: len(cases)}
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

// cases are the findings about the run that are no pass, then every
// check of a rule, in the order of the verdict.
func cases(v content.View) []testCase {
	var cases []testCase
	judged := false
	for i, c := range v.Checks {
		if c.AboutRun() && c.Outcome == verdict.Pass {
			judged = judged || v.Run.Planned.Smoke && c.Got.OK // by the limit that is built in
			continue
		}
		cases = append(cases, caseOf(v, i))
		judged = judged || !c.AboutRun() &&
			(c.Got.OK || c.Outcome == verdict.Fail || c.Comparison != nil && content.ChangeKnown(c.Comparison.Change))
	}
	cases = append(cases, excepted(v)...)
	counts := countCases(cases)
	switch {
	case !judged && counts.Errors == 0:
		cases = append(cases, errorCase(v, "nothing was judged"))
	case v.Closing.ExitCode != 0 && counts.Failures+counts.Errors == 0:
		cases = append(cases, errorCase(v, "verdict"))
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

// errorCase is an error of the run itself. Its type is the code of what ended the command in another
// way than by its verdict, or else the first of those that decided.
func errorCase(v content.View, name string) testCase {
	code := v.Closing.EndedBy()
	if codes := v.Decisive(); code == "" && len(codes) > 0 {
		code = codes[0]
	}
	why := typeset.Bounded(v.Closing.Word()+": "+v.Closing.Sentence(), junitText)
	return testCase{Class: OwnClass, Name: name, Time: "0",
		Error: &problem{Message: why, Type: string(cmp.Or(code, reason.NothingToJudge)), Text: why}}
}

// countsAsPassed says whether what is undecided lets the build go on.
func countsAsPassed(c content.Closing) bool {
	return (c.Undecided == config.UndecidedPasses || c.Undecided == config.UndecidedWarns) &&
		c.ExitCode <= exitcode.Fail
}

// excepted are the exceptions as cases that were skipped, one for each rule
// and endpoint.
func excepted(v content.View) []testCase {
	var cases []testCase
	for _, x := range v.Excepted {
		for _, name := range x.Names {
			why := typeset.Bounded("excepted: "+x.Why(), junitText)
			cases = append(cases, testCase{
				Class: typeset.Bounded(x.Rule, junitName),
				Name:  typeset.Bounded(name+": excepted", junitName), Time: "0",
				Skipped: &problem{Message: why, Text: why},
			})
		}
	}
	return cases
}
