package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/gate"
)

// Markdown is for the comment of a pull request and the summary of a job. The
// verdict comes first, then what did not pass, then what was compared; the rest
// is folded. It keeps to 60,000 bytes, below the limit of a comment: every part
// may fill the page up to a mark, and what is left out is counted. Every text
// goes through prose.

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
	fmt.Fprintf(&p, "**%s %s** · %s\n\n", icon(v.Closing.Final.Worse(v.Closing.Outcome)), v.Closing.Word(), prose(v.Title, markdownName))
	v = short(v)
	fmt.Fprintf(&p, "%s\n", prose(v.Closing.fitted(300), 2*markdownNote))
	p.problems(v)
	p.compared(v)
	p.passed(v)
	p.figures(v)
	p.facts(v)
	_, err := io.WriteString(w, p.String())
	return err
}

// icon goes with the word of an outcome, never alone.
func icon(o gate.Outcome) string {
	return [...]string{gate.Inconclusive: "❔", gate.Pass: "✅", gate.Warn: "⚠️", gate.Fail: "❌"}[o&3]
}

func marked(o gate.Outcome) string { return icon(o) + " " + o.String() }

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

// sayings are the notes of a line.
func sayings(v View, numbers []int) string {
	if len(numbers) == 0 {
		return ""
	}
	return saying(v.Notes[numbers[0]-1])
}

func moreText(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// problems are what does not pass: of the run first, then of its rules.
func (p *markdownPage) problems(v View) {
	var lines []string
	for _, f := range v.Health {
		if f.Outcome == gate.Pass && f.Note.Reason == "" {
			continue
		}
		word := marked(f.Outcome)
		if f.Outcome == gate.Pass {
			word = "ℹ️ NOTE"
		}
		lines = append(lines, rowOf(word, "*the run itself*", prose(strings.Join(f.Subjects, ", "), markdownName), prose(f.Value, markdownName), prose(f.Limit, markdownName), saying(f.Note)))
	}
	for _, r := range v.Rows {
		if r.Outcome != gate.Pass {
			lines = append(lines, rowOf(marked(r.Outcome), prose(r.Rule, markdownName), prose(r.Subject, markdownName)+moreText(r.More), prose(r.Value, markdownName), prose(r.Limit, markdownName), sayings(v, r.Notes)))
		}
	}
	p.lines(mostProblems, columns("Outcome", "Rule", "Endpoint", "Value", "Limit", "Note"), lines)
}

// compared is what was held against earlier runs, or the other side.
func (p *markdownPage) compared(v View) {
	if len(v.Compared) == 0 {
		return
	}
	head := columns("Against earlier runs", "Endpoint", "Metric", "Now", "Before", "Change", "Expected", "Runs", "Note")
	if v.Compared[0].pairs {
		head = columns("B against A", "Endpoint", "Metric", "B", "A", "Change", "Interval", "Pairs", "Note")
	}
	var lines []string
	for _, l := range v.Compared {
		lines = append(lines, rowOf(marked(l.Outcome), prose(l.Subject, markdownName)+moreText(l.More), prose(l.Metric, markdownName), l.Now, l.Base, l.Change, l.Expected, l.Runs, sayings(v, l.Notes)))
	}
	p.lines(mostCompared, head, lines)
}

func (p *markdownPage) passed(v View) {
	var lines []string
	for _, r := range v.Rows {
		if r.Outcome == gate.Pass {
			lines = append(lines, rowOf(prose(r.Rule, markdownName), prose(r.Subject, markdownName)+moreText(r.More), prose(r.Value, markdownName), prose(r.Limit, markdownName), r.Requests, sayings(v, r.Notes)))
		}
	}
	p.folded(mostPassed, "✅ What passed", columns("Rule", "Endpoint", "Value", "Limit", "Requests", "Note"), lines)
}

// figures are what was measured at every endpoint.
func (p *markdownPage) figures(v View) {
	var lines []string
	for _, f := range append(v.Endpoints[:len(v.Endpoints):len(v.Endpoints)], v.Joint...) {
		cells := figureCells(f)
		lines = append(lines, rowOf(prose(f.Name, markdownName)+f.kind(), cells[1], cells[2], cells[3], cells[4], cells[5], orDash(f.Rate, f.HasRate)))
	}
	p.folded(mostFigures, "Endpoints", columns("Endpoint", "Requests", "Failed", "p50", "p95", "p99", "Rate"), lines)
}

// facts say which run it was.
func (p *markdownPage) facts(v View) {
	r := v.run
	facts := append([]Fact{{"target", v.Target}}, v.Facts...)
	facts = append(facts, Fact{"digest", r.Digest}, Fact{"commit", r.Origin.Commit}, Fact{"branch", r.Origin.Branch},
		Fact{"runner", r.Origin.Runner.Class()}, Fact{"tool", r.Tool})
	for _, f := range v.Health {
		if f.Outcome == gate.Pass && f.Note.Reason == "" {
			facts = append(facts, Fact{"sound", strings.Join(f.Subjects, ", ")})
		}
	}
	var lines []string
	for _, f := range facts {
		if f.Text != "" {
			lines = append(lines, fmt.Sprintf("- %s: %s\n", f.Label, prose(f.Text, markdownNote)))
		}
	}
	p.folded(mostMarkdown, "The run", "", lines)
}
