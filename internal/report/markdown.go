package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/verdict"
)

// Markdown is for the comment of a pull request and the summary of a job. The
// verdict comes first, then what did not pass, then what was compared; the rest
// is folded. It keeps to 60,000 bytes, below the limit of a comment: every part
// may fill the page up to a mark, and what is left out is counted. Every text
// goes through prose, or literal.

// The bytes after which each part takes no further line, in their order.
const (
	mostProblems = 30_000
	mostCompared = 40_000
	mostPassed   = 46_000
	mostFigures  = 53_000
	mostMarkdown = 60_000
)

// The runes of a name and of a sentence.
const (
	markdownName = 120
	markdownNote = 500
)

type markdownPage struct{ strings.Builder }

func writeMarkdown(w io.Writer, v View) error {
	var p markdownPage
	fmt.Fprintf(&p, "**%s %s** · %s\n\n", icon(v.Closing.shade()), v.Closing.Word(), prose(v.Title, markdownName))
	v = short(v)
	fmt.Fprintf(&p, "%s\n", prose(v.Closing.fitted(300), 2*markdownNote))
	p.problems(v)
	p.causes(v)
	p.excepted(v)
	p.compared(v)
	p.stages(v)
	p.passed(v)
	p.figures(v)
	p.facts(v)
	_, err := io.WriteString(w, p.String())
	return err
}

// icon goes with the word of an outcome, never alone.
func icon(o verdict.Outcome) string {
	return [...]string{verdict.Inconclusive: "❔", verdict.Pass: "✅", verdict.Warn: "⚠️", verdict.Fail: "❌"}[o&3]
}

func marked(o verdict.Outcome) string { return icon(o) + " " + o.String() }

// lines writes a list or the rows of a table until the page is filled up to
// most, and counts the rest.
func (p *markdownPage) lines(most int, head string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.WriteString("\n" + head)
	for i, line := range lines {
		if p.Len()+len(line)+100 > most { // the count and the end of the fold still fit
			fmt.Fprintf(p, "\n… and %d more, left out here\n", len(lines)-i)
			return
		}
		p.WriteString(line)
	}
}

// folded is lines under a summary that opens them.
func (p *markdownPage) folded(most int, summary, head string, lines []string) {
	if len(lines) > 0 {
		fmt.Fprintf(p, "\n<details><summary>%s</summary>\n", summary)
		p.lines(most, head, lines)
		p.WriteString("\n</details>\n")
	}
}

// columns is the head of a table.
func columns(names ...string) string {
	return rowOf(names...) + "|" + strings.Repeat(" --- |", len(names)) + "\n"
}

// rowOf is a row of cells that are safe already.
func rowOf(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// saying is a reason with its remedy.
func saying(n Note) string {
	return joinNonEmpty(" → ", prose(n.Reason, markdownNote), prose(n.Remedy, markdownNote))
}

// subject is what a check judged: the name of an endpoint is one to be copied.
func subject(v View, text string, checks []int) string {
	if c := v.checks[checks[0]]; len(c.Endpoints) == 1 && c.Endpoints[0] == text {
		return literal(text, markdownName)
	}
	return prose(text, markdownName)
}

// problems are what does not pass: of the run first, then of its rules.
func (p *markdownPage) problems(v View) {
	var lines []string
	for _, f := range v.Health {
		if f.sound() {
			continue
		}
		word := marked(f.Outcome)
		if f.Outcome == verdict.Pass {
			word = "ℹ️ NOTE"
		}
		lines = append(lines, rowOf(word, "*the run itself*", prose(strings.Join(f.Subjects, ", "), markdownName),
			prose(f.Value, markdownName), prose(f.Limit, markdownName), saying(f.Note)))
	}
	crowds := v.crowds()
	for _, c := range crowds {
		line := v.problem(c.rows[0])
		if c.many() {
			r := c.rows[0]
			line = rowOf(marked(r.Outcome), prose(c.title, markdownName),
				prose(c.subject(v), markdownNote), "at worst "+prose(r.Value, markdownName),
				prose(r.Limit, markdownName), saying(c.note))
		}
		lines = append(lines, line)
	}
	head := columns("Outcome", "Rule", "Endpoint", "Value", "Limit", "Note")
	p.lines(mostProblems, head, lines)
	for _, c := range crowds {
		if c.many() {
			var rows []string
			for _, r := range c.rows {
				rows = append(rows, v.problem(r))
			}
			p.folded(mostProblems, prose(c.summary(), markdownNote), head, rows)
		}
	}
}

// problem is a row that does not pass.
func (v View) problem(r Row) string {
	return rowOf(marked(r.Outcome), prose(r.Rule, markdownName), subject(v, r.Subject, r.Checks)+moreText(r.More),
		prose(r.Value, markdownName), prose(r.Limit, markdownName), saying(v.firstNote(r.Notes)))
}

// compared is what was compared with earlier runs, or the other side.
func (p *markdownPage) compared(v View) {
	if len(v.Compared) == 0 {
		return
	}
	head := columns("Against earlier runs", "Endpoint", "Metric", "Now", "Before", "Change", "Expected", "Runs", "Note")
	if v.Compared[0].pairs {
		head = columns("B against A", "Endpoint", "Metric", "B", "A", "Change", "Interval", "Pairs", "Note")
	}
	var lines, passed []string
	for _, l := range v.Compared {
		line := rowOf(marked(l.Outcome), subject(v, l.Subject, l.Checks)+moreText(l.More),
			prose(l.Metric, markdownName), l.Now, l.Base, l.Change, l.Expected, l.Runs, saying(v.firstNote(l.Notes)))
		if l.Outcome == verdict.Pass {
			passed = append(passed, line)
		} else {
			lines = append(lines, line)
		}
	}
	p.lines(mostCompared, head, lines)
	p.folded(mostCompared, "✅ Not worse than "+v.Compared[0].other(), head, passed)
}

// other is what a line is compared with.
func (l Compared) other() string {
	if l.pairs {
		return "A"
	}
	return "earlier runs"
}

// causes say why it went as it did.
func (p *markdownPage) causes(v View) {
	var lines []string
	for _, c := range v.Causes {
		lines = append(lines, fmt.Sprintf("- **%s**: %s → %s\n",
			prose(c.Title, markdownName), prose(c.Evidence, markdownNote), prose(c.Next, markdownNote)))
	}
	p.lines(mostProblems, "\n**Why**\n\n", lines)
}

// stages are the levels of a load in stages.
func (p *markdownPage) stages(v View) {
	var lines []string
	for _, r := range stageRows(v.Stages) {
		outcome := ""
		if r.judged {
			outcome = marked(r.outcome)
		}
		cells := []string{outcome}
		for _, text := range r.cells {
			cells = append(cells, prose(text, markdownName))
		}
		lines = append(lines, rowOf(cells...))
	}
	p.lines(mostCompared, columns("Outcome", stageNoun(v.Stages),
		"Since", "Requests", "Rate", "Failed", "p50", "p95", "Limits"), lines)
}

func (p *markdownPage) passed(v View) {
	var lines []string
	for _, r := range v.Rows {
		if r.Outcome == verdict.Pass {
			lines = append(lines, rowOf(prose(r.Rule, markdownName), subject(v, r.Subject, r.Checks)+moreText(r.More),
				prose(r.Value, markdownName), prose(r.Limit, markdownName), r.Requests, saying(v.firstNote(r.Notes))))
		}
	}
	p.folded(mostPassed, "✅ What passed", columns("Rule", "Endpoint", "Value", "Limit", "Requests", "Note"), lines)
}

// figures are what was measured at every endpoint.
func (p *markdownPage) figures(v View) {
	var lines []string
	for _, f := range v.figures() {
		cells := figureCells(f)
		lines = append(lines, rowOf(literal(f.Name, markdownName)+f.kind(),
			cells[1], cells[2], cells[3], cells[4], cells[5], orDash(f.Rate, f.HasRate)))
	}
	p.folded(mostFigures, "Endpoints", columns("Endpoint", "Requests", "Failed", "p50", "p95", "p99", "Rate"), lines)
}

// facts say which run it was.
func (p *markdownPage) facts(v View) {
	r := v.run
	facts := append([]Fact{{"target", v.Target}}, v.Facts...)
	if text := v.brackets(); text != "" {
		facts = append(facts, Fact{"in brackets", text})
	}
	facts = append(facts, Fact{"commit", r.Origin.Commit}, Fact{"branch", r.Origin.Branch},
		Fact{"runner", r.Origin.Runner.Class()},
		Fact{"digest of the load", r.Digest}, Fact{"tool", r.Tool})
	for _, f := range v.Health {
		if f.sound() {
			facts = append(facts, Fact{"sound", strings.Join(f.Subjects, ", ")})
		}
	}
	var lines []string
	for _, f := range facts {
		if f.Text != "" {
			lines = append(lines, fmt.Sprintf("- %s: %s\n", f.Label, shown(f)))
		}
	}
	p.folded(mostMarkdown, "The run", "", lines)
}

// shown is a fact's text; what may be looked for elsewhere can be copied.
func shown(f Fact) string {
	switch f.Label {
	case "target", "A", "B", "commit", "branch", "digest of the load":
		return literal(f.Text, markdownNote)
	}
	return prose(f.Text, markdownNote)
}
