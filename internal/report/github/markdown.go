package github

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/verdict"
)

// The bytes after which each part takes no further line, in their order.
const (
	mostProblems = 30_000
	mostCompared = 40_000
	mostPassed   = 46_000
	mostFigures  = 53_000
	mostTraces   = 56_000
	mostMarkdown = 60_000
)

// The runes of a name and of a sentence.
const (
	markdownName = 120
	markdownNote = 500
)

type markdownPage struct{ strings.Builder }

// WriteMarkdown writes the comment of a pull request, or the summary of a job.
func WriteMarkdown(w io.Writer, v content.View) error {
	var p markdownPage
	fmt.Fprintf(&p, "**%s %s** · %s\n\n", icon(v.Closing.Shade()),
		v.Closing.Word(), typeset.Prose(v.Title, markdownName))
	v = content.Short(v)
	fmt.Fprintf(&p, "%s\n", typeset.Prose(v.Closing.Fitted(300), 2*markdownNote))
	p.site(v)
	p.problems(v)
	p.causes(v)
	p.scaling(v.Scaling)
	p.excepted(v)
	p.compared(v)
	p.stages(v)
	p.passed(v)
	p.figures(v)
	p.traces(v)
	p.facts(v)
	_, err := io.WriteString(w, p.String())
	return err
}

// site leads to the pages of the history.
func (p *markdownPage) site(v content.View) {
	address := htmlpage.Web(v.Options.Site).String()
	if address == "" {
		return
	}
	fmt.Fprintf(p, "\n[Earlier runs and every endpoint over time](<%s>)\n", notAddress.ReplaceAllStringFunc(address,
		func(found string) string {
			var b strings.Builder
			for _, c := range []byte(found) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
			return b.String()
		}))
}

// notAddress is what would end an address in Markdown, or a cell of a table, or could be read as a part of it.
var notAddress = regexp.MustCompile(`[^A-Za-z0-9._~:/?#%&=+@,;-]`)

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
func saying(n content.Note) string {
	return typeset.JoinNonEmpty(" → ", typeset.Prose(n.Reason, markdownNote), typeset.Prose(n.Remedy, markdownNote))
}

// subject is what a check judged: the name of an endpoint is one to be copied.
func subject(v content.View, text string, checks []int) string {
	if c := v.Checks[checks[0]]; len(c.Endpoints) == 1 && c.Endpoints[0] == text {
		return typeset.Literal(text, markdownName)
	}
	return typeset.Prose(text, markdownName)
}

// problems are what does not pass: of the run first, then of its rules.
func (p *markdownPage) problems(v content.View) {
	var lines []string
	health := v.HealthCrowds()
	for _, c := range health {
		if !c.Shown.Sound() {
			lines = append(lines, aboutRun(c.Shown))
		}
	}
	crowds := v.Crowds()
	for _, c := range crowds {
		line := problem(v, c.Shown)
		if c.Many() {
			line = rowOf(marked(c.Shown.Outcome), typeset.Prose(c.Shown.Rule, markdownName),
				typeset.Prose(c.Subject, markdownNote), typeset.Prose(c.Shown.Value, markdownName)+", at worst "+
					typeset.Prose(c.All[0].Value, markdownName),
				typeset.Prose(c.Shown.Limit, markdownName), saying(c.Whole))
		}
		lines = append(lines, line)
	}
	head := columns("Outcome", "Rule", "Endpoint", "Value", "Limit", "Note")
	p.lines(mostProblems, head, lines)
	for _, c := range health {
		opened(p, c, mostProblems, head, aboutRun)
	}
	for _, c := range crowds {
		opened(p, c, mostProblems, head, func(r content.Row) string { return problem(v, r) })
	}
}

// opened is the findings of a line of many, each in a row.
func opened[T any](p *markdownPage, c content.Crowd[T], most int, head string, row func(T) string) {
	if !c.Many() {
		return
	}
	var rows []string
	for _, member := range c.All {
		rows = append(rows, row(member))
	}
	p.folded(most, typeset.Prose(c.Summary, markdownNote), head, rows)
}

// aboutRun is a finding about the run itself.
func aboutRun(f content.Finding) string {
	word := marked(f.Outcome)
	if f.Outcome == verdict.Pass {
		word = "ℹ️ NOTE"
	}
	return rowOf(word, "*the run itself*", typeset.Prose(strings.Join(f.Subjects, ", "), markdownNote),
		typeset.Prose(f.Value, markdownName), typeset.Prose(f.Limit, markdownName), saying(f.Note))
}

// problem is a row that does not pass.
func problem(v content.View, r content.Row) string {
	return rowOf(marked(r.Outcome), typeset.Prose(r.Rule, markdownName),
		subject(v, r.Subject, r.Checks)+content.MoreText(r.More),
		typeset.Prose(r.Value, markdownName), typeset.Prose(r.Limit, markdownName),
		typeset.JoinNonEmpty(" · ", saying(r.Note()), tracing(v, v.Checks[r.Checks[0]])))
}

// compared is what was compared with earlier runs, or the other side.
func (p *markdownPage) compared(v content.View) {
	if len(v.Compared) == 0 {
		return
	}
	head := columns("Against earlier runs", "Endpoint", "Metric", "Now", "Before", "Change", "Expected", "Runs", "Note")
	if v.Compared[0].Pairs {
		head = columns("B against A", "Endpoint", "Metric", "B", "A", "Change", "Interval", "Pairs", "Note")
	}
	var lines, passed []string
	crowds := v.ComparedCrowds()
	for _, c := range crowds {
		line := change(v, c.Shown)
		if c.Many() {
			line = rowOf(marked(c.Shown.Outcome), typeset.Prose(c.Subject, markdownNote),
				typeset.Prose(c.Shown.Metric, markdownName), "", "", c.Shown.Change, "", c.Shown.Runs, saying(c.Whole))
		}
		lines = append(lines, line)
	}
	for _, l := range v.Compared {
		if l.Outcome == verdict.Pass {
			passed = append(passed, change(v, l))
		}
	}
	p.lines(mostCompared, head, lines)
	for _, c := range crowds {
		opened(p, c, mostCompared, head, func(l content.Compared) string { return change(v, l) })
	}
	p.folded(mostCompared, "✅ Not worse than "+other(v.Compared[0]), head, passed)
}

// change is a line of the comparison.
func change(v content.View, l content.Compared) string {
	return rowOf(marked(l.Outcome), subject(v, l.Subject, l.Checks)+content.MoreText(l.More),
		typeset.Prose(l.Metric, markdownName), l.Now, l.Base,
		l.Change, l.Expected, l.Runs,
		typeset.JoinNonEmpty(" · ", saying(l.Note()), tracing(v, v.Checks[l.Checks[0]])))
}

// other is what a line is compared with.
func other(l content.Compared) string {
	if l.Pairs {
		return "A"
	}
	return "earlier runs"
}

// causes say why it went as it did.
func (p *markdownPage) causes(v content.View) {
	var lines []string
	for _, c := range v.Causes {
		lines = append(lines, fmt.Sprintf("- **%s**: %s → %s\n",
			typeset.Prose(c.Title, markdownName), typeset.Prose(c.Evidence, markdownNote),
			typeset.Prose(c.Next, markdownNote)))
	}
	p.lines(mostProblems, "\n**Why**\n\n", lines)
}

// scaling is what a search says of replicas, and the objects to be copied under folds.
func (p *markdownPage) scaling(s *content.Scaling) {
	if s == nil {
		return
	}
	lines := []string{fmt.Sprintf("- %s\n", saying(content.Note{Reason: s.Text, Remedy: s.Remedy}))}
	for _, n := range s.Beside {
		lines = append(lines, fmt.Sprintf("- ⚠️ %s\n", saying(n)))
	}
	p.lines(mostProblems, "\n**Replicas**\n\n", lines)
	for _, o := range s.Objects {
		p.folded(mostProblems, typeset.Prose(o.Kind, markdownName), "", []string{"```yaml\n" + o.YAML + "```\n"})
	}
}

// stages are the levels of a load in stages.
func (p *markdownPage) stages(v content.View) {
	var lines []string
	for _, r := range v.StageRows() {
		outcome := ""
		if r.Judged {
			outcome = marked(r.Outcome)
		}
		cells := []string{outcome}
		for _, text := range r.Cells {
			cells = append(cells, typeset.Prose(text, markdownName))
		}
		lines = append(lines, rowOf(cells...))
	}
	p.lines(mostCompared, columns("Outcome", content.StageNoun(v.Stages),
		"Since", "Requests", "Rate", "Failed", "p50", "p95", "Limits"), lines)
}

func (p *markdownPage) passed(v content.View) {
	var lines []string
	for _, r := range v.Rows {
		if r.Outcome == verdict.Pass {
			lines = append(lines, rowOf(typeset.Prose(r.Rule, markdownName),
				subject(v, r.Subject, r.Checks)+content.MoreText(r.More),
				typeset.Prose(r.Value, markdownName), typeset.Prose(r.Limit, markdownName),
				r.Requests, saying(r.Note())))
		}
	}
	p.folded(mostPassed, "✅ What passed", columns("Rule", "Endpoint", "Value", "Limit", "Requests", "Note"), lines)
}

// figures are what was measured at every endpoint.
func (p *markdownPage) figures(v content.View) {
	var lines []string
	for _, f := range v.Figures() {
		cells := content.FigureCells(f)
		lines = append(lines, rowOf(typeset.Literal(f.Name, markdownName)+f.Kind(),
			cells[1], cells[2], cells[3], cells[4], cells[5], content.OrDash(f.Rate, f.HasRate)))
	}
	p.folded(mostFigures, "Endpoints", columns("Endpoint", "Requests", "Failed", "p50", "p95", "p99", "Rate"), lines)
}

// traces are all that the run has.
func (p *markdownPage) traces(v content.View) {
	var lines []string
	for _, e := range v.Run.Endpoints {
		for _, t := range v.TracesOf(e) {
			lines = append(lines, rowOf(typeset.Literal(t.Endpoint, markdownName), t.What(), linked(t)))
		}
	}
	p.folded(mostTraces, "Traces of the slowest sampled requests, and of the first failures",
		columns("Endpoint", "Request", "Trace"), lines)
}

// facts say which run it was.
func (p *markdownPage) facts(v content.View) {
	r := v.Run
	facts := append([]content.Fact{{Label: "target", Text: v.Target}}, v.Facts...)
	if text := v.Brackets(); text != "" {
		facts = append(facts, content.Fact{Label: "in brackets", Text: text})
	}
	facts = append(facts, content.Fact{Label: "commit", Text: r.Origin.Commit},
		content.Fact{Label: "branch", Text: r.Origin.Branch},
		content.Fact{Label: "runner", Text: r.Origin.Runner.Class()},
		content.Fact{Label: "digest of the load", Text: r.Digest}, content.Fact{Label: "tool", Text: r.Tool})
	for _, f := range v.Health {
		if f.Sound() {
			facts = append(facts, content.Fact{Label: "sound", Text: strings.Join(f.Subjects, ", ")})
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
func shown(f content.Fact) string {
	switch f.Label {
	case "target", "A", "B", "commit", "branch", "digest of the load":
		return typeset.Literal(f.Text, markdownNote)
	}
	return typeset.Prose(f.Text, markdownNote)
}
