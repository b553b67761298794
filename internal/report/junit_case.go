package report

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/unit"
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
		problem.Message = bounded(joinNonEmpty(", limit ", valueText(c), limitText(c.Metric, c.Limit)), junitText)
	}
	switch {
	case c.Outcome == gate.Fail:
		made.Failure = problem
	case c.Outcome == gate.Inconclusive && countsAsPassed(v.Closing):
		made.Skipped = problem
	case c.Outcome == gate.Inconclusive:
		made.Error = problem
	case c.Outcome == gate.Warn || note != (Note{}):
		made.Out = "\n" + c.Outcome.String() + problem.Text
	}
	return made
}

// junitNameOf says what was judged, without a figure: it is the same in the
// next run.
func junitNameOf(c gate.Check) string {
	name := joinNonEmpty(": ", subjectText(c), c.Metric.Name())
	switch {
	case c.Comparison == nil || c.Rule == "":
		return name
	case c.Comparison.Kind == gate.OtherSide:
		return name + ", B against A"
	}
	return name + ", against earlier runs"
}

// junitTextOf tells all that is known of a check, a line each.
func junitTextOf(checks []gate.Check, at int, note Note) string {
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
		lines = append(lines, Fact{"now", l.Now}, Fact{"before", l.Base}, Fact{"change", l.Change}, Fact{expected, l.Expected}, Fact{runs, l.Runs})
	}
	lines = append(lines, Fact{"limit", limitText(c.Metric, c.Limit)})
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

// bounded makes text safe for a terminal, where such a file is read too, and
// cuts it. What XML cannot hold has no glyph, so nothing of it is left.
func bounded(text string, limit int) string { return cut(clean(cut(text, limit)), limit) }

// cut shortens text to at most limit bytes, between runes, and marks that.
func cut(text string, limit int) string {
	const mark = "…"
	if len(text) <= limit {
		return text
	}
	end := limit - len(mark)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + mark
}

// short is a view whose texts are cut; it shares none with v that it changes.
func short(v View) View {
	const limit = 2000
	v.Title, v.Target = cut(v.Title, limit), cut(v.Target, limit)
	texts := func(all []string) []string {
		all = slices.Clone(all)
		for i := range all {
			all[i] = cut(all[i], limit)
		}
		return all
	}
	note := func(n Note) Note { return Note{cut(n.Reason, limit), cut(n.Remedy, limit)} }
	v.Facts, v.Health, v.Rows = slices.Clone(v.Facts), slices.Clone(v.Health), slices.Clone(v.Rows)
	v.Compared, v.Notes, v.Closing.causes = slices.Clone(v.Compared), slices.Clone(v.Notes), slices.Clone(v.Closing.causes)
	for i := range v.Facts {
		v.Facts[i].Text = cut(v.Facts[i].Text, limit)
	}
	for i := range v.Health {
		v.Health[i].Subjects, v.Health[i].Note = texts(v.Health[i].Subjects), note(v.Health[i].Note)
	}
	for i := range v.Rows {
		v.Rows[i].Rule, v.Rows[i].Subject = cut(v.Rows[i].Rule, limit), cut(v.Rows[i].Subject, limit)
	}
	for i := range v.Compared {
		v.Compared[i].Subject = cut(v.Compared[i].Subject, limit)
	}
	for i := range v.Notes {
		v.Notes[i] = note(v.Notes[i])
	}
	for i := range v.Closing.causes {
		v.Closing.causes[i].names = texts(v.Closing.causes[i].names)
	}
	return v
}
