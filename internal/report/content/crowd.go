package content

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/loadgate/loadgate/internal/verdict"
)

// Crowd is findings of one outcome and one explanation: one line, Shown, that opens into them. A
// single finding is its own line.
type Crowd[T any] struct {
	Shown   T
	Title   string // of many: the rule, or what explains them where they are of several
	Subject string // of many: "26 endpoints: GET /a, GET /b, GET /c and 23 more"
	Whole   Note   // all that is said, and what to do
	Beside  Note   // of many: Whole without Title
	All     []T    // the worst first; never empty
	Summary string // of many: what the line sums up
}

// Many says whether the crowd is more than one finding.
func (c Crowd[T]) Many() bool { return len(c.All) > 1 }

// Crowds are the rows that do not pass, by severity, those of one explanation as one.
func (v View) Crowds() []Crowd[Row] {
	return crowds(v, v.Rows, rowOf)
}

// ComparedCrowds are the lines of the comparison that do not pass, by severity, those of one
// explanation as one.
func (v View) ComparedCrowds() []Crowd[Compared] {
	return crowds(v, v.Compared, comparedOf)
}

// line is a row of a table that shows checks.
type line interface {
	shows() []int // indices into the verdict's checks
	Note() Note
}

// crowds are those of lines; one makes the line of many.
func crowds[T line](v View, lines []T, one func(gathered, []int) T) []Crowd[T] {
	check := func(l T) verdict.Check { return v.Checks[l.shows()[0]] }
	lines = slices.DeleteFunc(slices.Clone(lines), func(l T) bool { return check(l).Outcome == verdict.Pass })
	var all []Crowd[T]
	for _, g := range v.gather(len(lines), func(i int) verdict.Check { return check(lines[i]) }) {
		var made Crowd[T]
		var shows []int
		for _, at := range g.at {
			made.All, shows = append(made.All, lines[at]), append(shows, lines[at].shows()...)
		}
		made.Shown, made.Whole = made.All[0], made.All[0].Note()
		if made.Many() {
			made.Shown, made.Whole, made.Beside = one(g, shows), Note{g.said(), g.remedy()}, Note{g.beside(), g.remedy()}
			made.Title, made.Subject = g.title(), g.subject()
			made.Summary = fmt.Sprintf("The %d findings of %s", len(made.All), named(g.rules()))
		}
		all = append(all, made)
	}
	return all
}

// rowOf is the row of many checks.
func rowOf(g gathered, shows []int) Row {
	return Row{
		Outcome: g.checks[0].Outcome, Rule: g.ruleText(), Subject: g.endpointsText(), Several: len(g.endpoints()) > 1,
		Value: g.valueText(), Limit: g.limitText(), Requests: g.requestsText(), Checks: shows,
		Findings: len(g.checks), said: []Note{{g.told(plainValue), g.remedy()}},
	}
}

// comparedOf is the line of many checks.
func comparedOf(g gathered, shows []int) Compared {
	change := func(c verdict.Check) string { return ChangeText(c.Comparison.Change) }
	k := g.checks[0].Comparison
	return Compared{
		Outcome: g.checks[0].Outcome, Subject: g.endpointsText(), Metric: g.metricsText(), Change: g.changeText(),
		Runs: strconv.Itoa(k.Runs), Pairs: k.Kind == verdict.OtherSide, Checks: shows,
		Findings: len(g.checks), said: []Note{{g.told(change), g.remedy()}},
	}
}

// shownOf are the lines of a table: those that do not pass as crowds, and those that pass as they are.
func shownOf[T line](v View, crowds []Crowd[T], lines []T) []T {
	var all []T
	for _, c := range crowds {
		all = append(all, c.Shown)
	}
	for _, l := range lines {
		if v.Checks[l.shows()[0]].Outcome == verdict.Pass {
			all = append(all, l)
		}
	}
	return all
}
