package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// The table is for people at a terminal and for the log of a CI job. What
// must be looked at comes first: findings about the run itself, then the rules
// by severity, each outcome under its name. No line is wider than
// Options.Width: endpoint names give way first, in their middle, and a note
// names in full what it explains. Every text is clean before its width is
// taken. Colour says nothing that a word does not say.
//
// Note: a column with the outcome's name on every row was tried. It takes 14
// of 100 cells, and leaves 16 to the endpoint.

// sign marks the rows of an outcome, under its name.
func sign(o verdict.Outcome) string {
	return [...]string{verdict.Inconclusive: "?", verdict.Pass: "✓", verdict.Warn: "!", verdict.Fail: "✗"}[o&3]
}

// The columns of the table of rules.
const (
	columnRule = iota
	columnEndpoint
	columnValue
	columnLimit
	columnRequests
	columnNotes
)

// ruleSqueeze is the order in which columns give way when a line is too wide.
var ruleSqueeze = []squeeze{
	{columnRule, 24},
	{columnEndpoint, 30},
	{columnRule, 20},
	{columnEndpoint, 24},
	{columnRule, 16},
	{columnEndpoint, 14},
	{columnRule, 12}, // a heading is never shortened: INCONCLUSIVE takes 12
	{columnValue, 14},
	{columnLimit, 10},
}

func writeTable(w io.Writer, v View) error {
	p := page{ink: ink{v.options.Color}, width: v.options.Width}
	p.heading(v)
	p.health(v.Health)
	names := p.rules(v.Rows)
	p.legend(v)
	for note, more := range p.compared(v.Compared) {
		names[note] = append(names[note], more...)
	}
	p.legendOfCompared(v.Compared)
	p.notes(v.Notes, names)
	p.excepted(v.Excepted)
	p.stages(v.Stages)
	p.causes(v.Causes)
	if v.options.All {
		p.endpoints(v)
	}
	p.closing(v.Closing)
	if p.err != nil {
		return p.err
	}
	_, err := io.WriteString(w, p.text.String())
	return err
}

// page collects lines; the first error of the table library stays.
type page struct {
	ink   ink
	width int
	text  strings.Builder
	err   error
}

func (p *page) line(text string) { p.text.WriteString(strings.TrimRight(text, " ") + "\n") }

// heading says what was run, in a title and a few facts.
func (p *page) heading(v View) {
	title := shorten(clean(v.Title), p.width/2)
	target := shorten(clean(v.Target), p.width-width(title)-2)
	p.line(p.ink.bold(title) + "  " + p.ink.dim(target))
	for _, fact := range v.Facts {
		p.fact(fact.Label, fact.Text)
	}
}

// health says what is to be known of the run itself before its rules.
func (p *page) health(findings []Finding) {
	for _, f := range findings {
		subjects := strings.Join(f.Subjects, ", ")
		if f.sound() {
			text := fmt.Sprintf("%s passed: %s", unit.Counted(len(f.Checks), "check"), subjects)
			p.line(fmt.Sprintf("  %s  %s", p.ink.dim("health  "), shorten(clean(text), p.width-12)))
		}
	}
	given := map[string]bool{}
	for _, f := range findings {
		word := f.Outcome.String()
		switch {
		case f.sound():
			continue
		case f.Outcome == verdict.Pass:
			word = "NOTE" // nothing against the run, and yet to be known
		}
		text := strings.Join(f.Subjects, ", ")
		if f.Value != "" {
			text += " " + f.Value
		}
		if f.Limit != "" {
			text += ", limit " + f.Limit
		}
		p.line("")
		lead := p.ink.outcome(f.Outcome, word) + "  "
		p.hanging(lead, joinNonEmpty(": ", text, f.Note.Reason))
		remedy := f.Note.Remedy
		if remedy != "" && given[remedy] {
			remedy = "as above"
		}
		given[f.Note.Remedy] = true
		p.hanging(strings.Repeat(" ", width(lead))+"→ ", remedy)
	}
}

// rules prints the rows, section by section, and returns the names that had to
// be shortened, by the numbers of the notes that tell them in full.
func (p *page) rules(rows []Row) (names map[int][]string) {
	names = map[int][]string{}
	if len(rows) == 0 {
		return names
	}
	g := grid{
		header:   []string{"RULE", "ENDPOINT", "VALUE", "LIMIT", "REQS", ""},
		right:    []int{columnRequests},
		suffixed: columnEndpoint,
		squeeze:  ruleSqueeze,
		wrapped:  true,
		hang:     2, // behind the sign
	}
	var shown []Row // beside g.rows; without a rule for headings and gaps
	for i, r := range rows {
		first := i == 0
		if !first && rows[i-1].Outcome != r.Outcome {
			first = true
			shown = append(shown, Row{})
			g.add("", make([]string, columnNotes+1)...)
		}
		if first {
			shown = append(shown, Row{Outcome: r.Outcome})
			g.add("", append([]string{r.Outcome.String()}, make([]string, columnNotes)...)...)
		}
		shown = append(shown, r)
		g.add(more(r), sign(r.Outcome)+" "+clean(r.Rule), clean(r.Subject),
			r.Value, r.Limit, r.Requests, references(r.Notes))
	}
	shortened := g.fit(p.width)
	p.line("")
	p.grid(g, func(row, column int, text string) string {
		further := row > 0 && g.of[row-1] == g.of[row]
		row = g.of[row]
		switch {
		case further:
			return text
		case column == columnRule && shown[row].Rule == "":
			return p.ink.outcome(shown[row].Outcome, text)
		case column == columnRule:
			sign, rule, _ := strings.Cut(text, " ")
			return p.ink.outcome(shown[row].Outcome, sign) + " " + rule
		case column == columnNotes:
			return p.ink.dim(text)
		}
		return text
	})
	for _, i := range shortened {
		for _, note := range shown[i].Notes {
			if !slices.Contains(names[note], shown[i].Subject) {
				names[note] = append(names[note], shown[i].Subject)
			}
		}
	}
	return names
}

// more is the suffix of a row that stands for several checks.
func more(r Row) string {
	if r.More == 0 {
		return ""
	}
	return fmt.Sprintf(" +%d", r.More)
}

// legend explains the signs that the table uses, and only those.
func (p *page) legend(v View) {
	var interval, more, read bool
	for _, r := range v.Rows {
		interval = interval || strings.Contains(r.Value, "(")
		more = more || r.More > 0
		read = read || r.Resource
	}
	var parts []string
	if text := v.brackets(); interval && text != "" {
		parts = append(parts, "(…) "+clean(text))
	}
	if more {
		parts = append(parts, "+n: n more pass, further from the limit (--all lists them)")
	}
	if read {
		parts = append(parts, "n×: n readings")
	}
	p.explain(parts)
}

// explain prints what signs mean.
func (p *page) explain(parts []string) {
	if len(parts) == 0 {
		return
	}
	for _, line := range wrap(strings.Join(parts, " · "), p.width) {
		p.line(p.ink.dim(line))
	}
}

// notes prints reasons and remedies under their numbers, with the names that
// the table had to shorten. A remedy that an earlier note gave is only
// referred to.
func (p *page) notes(notes []Note, names map[int][]string) {
	if len(notes) > 0 {
		p.line("")
	}
	given := map[string]int{}
	for i, note := range notes {
		number := fmt.Sprintf("[%d] ", i+1)
		text := joinNonEmpty(": ", strings.Join(names[i+1], ", "), note.Reason)
		first, again := given[note.Remedy]
		if again && note.Remedy != "" {
			text += fmt.Sprintf(" (→[%d])", first)
		}
		p.hanging(p.ink.dim(number), text)
		if !again {
			given[note.Remedy] = i + 1
			p.hanging(strings.Repeat(" ", len(number))+"→ ", note.Remedy)
		}
	}
}

// joinNonEmpty joins the parts that are not empty.
func joinNonEmpty(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}

// hanging wraps a text after a lead; further lines are indented by its width.
func (p *page) hanging(lead, text string) {
	indent := strings.Repeat(" ", width(lead))
	for i, line := range wrap(clean(text), p.width-len(indent)) {
		if i == 0 {
			p.line(lead + line)
			continue
		}
		p.line(indent + line)
	}
}

// endpoints prints what was measured at every endpoint and of every
// transaction.
func (p *page) endpoints(v View) {
	if len(v.Endpoints) == 0 {
		return
	}
	figures := slices.Concat(v.Endpoints, v.Transactions)
	p.line("")
	g := grid{
		header:  []string{"ENDPOINT", "REQS", "FAILED", "P50", "P95", "P99", "MAX", "RATE", "BYTES", "CONNS"},
		right:   []int{1, 2, 3, 4, 5, 6, 7, 8, 9},
		squeeze: []squeeze{{column: 0, least: 12}},
	}
	for _, f := range figures {
		g.add(f.kind(), figureCells(f)...)
	}
	if p.width < 100 {
		g.keep(8) // bytes and connections are in no rule
	}
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		if column == 2 && figures[row].Failures > 0 {
			return p.ink.outcome(verdict.Fail, text)
		}
		return text
	})
	p.phases(v.Endpoints)
	p.server(v.run)
}

// phases prints where the time of the endpoints' requests went, where the
// document tells.
func (p *page) phases(figures []Figure) {
	if !slices.ContainsFunc(figures, func(f Figure) bool { return f.phases != result.Phases{} }) {
		return
	}
	p.line("")
	g := grid{
		header:  []string{"MEAN TIME", "NEW CONNS", "DNS", "CONNECT", "TLS", "FIRST BYTE", "BODY"},
		right:   []int{1, 2, 3, 4, 5, 6},
		squeeze: []squeeze{{column: 0, least: 12}},
	}
	for _, f := range figures {
		g.add(f.kind(), phaseCells(f)...)
	}
	g.fit(p.width)
	p.grid(g, func(_, _ int, text string) string { return text })
}

// causes say why it went as it did, each with what was measured and where to look
// next.
func (p *page) causes(all []verdict.Cause) {
	for i, c := range all {
		if i == 0 {
			p.line("")
		}
		lead := p.ink.bold("WHY") + "  "
		p.hanging(lead, c.Title+": "+c.Evidence)
		p.hanging(strings.Repeat(" ", width(lead))+"→ ", c.Next)
	}
}

// closing is the last line: the outcome, why, and the exit code.
func (p *page) closing(c Closing) {
	p.line("")
	lead := p.ink.outcome(c.shade(), c.Word()) + "  "
	p.hanging(lead, c.fitted(p.width-width(lead)))
}
