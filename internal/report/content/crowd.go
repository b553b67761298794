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
	return crowds(v, v.Rows, Row.Note, rowOf)
}

// ComparedCrowds are the lines of the comparison that do not pass, by severity, those of one
// explanation as one.
func (v View) ComparedCrowds() []Crowd[Compared] {
	return crowds(v, v.Compared, Compared.Note, comparedOf)
}

// HealthCrowds are the findings about the run itself in their order, those of one explanation as one
// in the place of the first. What passes is a crowd of its own.
func (v View) HealthCrowds() []Crowd[Finding] {
	note := func(f Finding) Note { return f.Note }
	first := map[int]Crowd[Finding]{}
	known := map[int]bool{}
	for _, c := range crowds(v, v.Health, note, findingOf) {
		first[slices.Min(c.Shown.Checks)] = c
		for _, i := range c.Shown.Checks {
			known[i] = true
		}
	}
	var all []Crowd[Finding]
	for _, f := range v.Health {
		c, begins := first[f.Checks[0]]
		switch {
		case begins:
			all = append(all, c)
		case !known[f.Checks[0]]:
			all = append(all, Crowd[Finding]{Shown: f, Whole: f.Note, All: []Finding{f}})
		}
	}
	return all
}

// line is a row of a table that shows checks, by their indices.
type line interface{ shows() []int }

// crowds are those of lines that do not pass; one makes the line of many.
func crowds[T line](v View, lines []T, note func(T) Note, one func(gathered, []int) T) []Crowd[T] {
	check := func(l T) verdict.Check { return v.Checks[l.shows()[0]] }
	lines = slices.DeleteFunc(slices.Clone(lines), func(l T) bool { return check(l).Outcome == verdict.Pass })
	var all []Crowd[T]
	for _, g := range v.gather(len(lines), func(i int) verdict.Check { return check(lines[i]) }) {
		var made Crowd[T]
		var shows []int
		for _, at := range g.at {
			made.All, shows = append(made.All, lines[at]), append(shows, lines[at].shows()...)
		}
		made.Shown, made.Whole = made.All[0], note(made.All[0])
		if made.Many() {
			made.Shown = one(g, shows)
			made.Whole, made.Beside = Note{g.said(), g.remedy()}, Note{g.beside(), g.remedy()}
			made.Title, made.Subject = g.title(), g.subject()
			made.Summary = fmt.Sprintf("The %d findings of %s", len(made.All), named(g.rulesNamed()))
		}
		all = append(all, made)
	}
	return all
}

// findingOf is the finding of many checks about the run itself.
func findingOf(g gathered, shows []int) Finding {
	f := Finding{Outcome: g.checks[0].Outcome, Subjects: []string{g.subject()}, Checks: shows}
	if g.checks[0].Got.OK {
		f.Value, f.Limit = g.valueText(), g.limitText()
	}
	f.Note = Note{g.said(), g.remedy()}
	return f
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
