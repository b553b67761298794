// Package terminal writes what people read in a terminal: tables, charts and lists of runs.
package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

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

// WriteTable writes what people read in a terminal.
func WriteTable(w io.Writer, v content.View) error {
	p := newPage(v.Options)
	p.heading(v)
	p.health(v.Table.Health)
	names := p.rules(v.Table.Rows)
	p.legend(v)
	p.compared(v.Table.Compared)
	p.legendOfCompared(v.Table.Compared)
	p.notes(v.Table.Notes, names)
	p.traces(v.FailingTraces())
	p.excepted(v.Excepted)
	p.stages(v)
	p.causes(v.Causes)
	p.scaling(v.Scaling)
	if v.Options.All {
		p.endpoints(v)
	}
	p.closing(v.Closing)
	return p.writeTo(w)
}

// health prints the findings about the run itself, before its rules.
func (p *page) health(findings []content.Finding) {
	for _, f := range findings {
		subjects := strings.Join(f.Subjects, ", ")
		if f.Sound() {
			text := fmt.Sprintf("%s passed: %s", unit.Counted(len(f.Checks), "check"), subjects)
			p.line(fmt.Sprintf("  %s  %s", p.ink.dim("health  "), typeset.Shorten(typeset.Clean(text), p.width-12)))
		}
	}
	given := map[string]bool{}
	for _, f := range findings {
		word := f.Outcome.String()
		switch {
		case f.Sound():
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
		p.hanging(lead, typeset.JoinNonEmpty(": ", text, f.Note.Reason))
		remedy := f.Note.Remedy
		if remedy != "" && given[remedy] {
			remedy = "as above"
		}
		given[f.Note.Remedy] = true
		p.hanging(strings.Repeat(" ", typeset.Width(lead))+"→ ", remedy)
	}
}

// rules prints the rows, section by section, and returns the names that had to
// be shortened, by the numbers of the notes that give them in full.
func (p *page) rules(rows []content.Row) (names map[int][]string) {
	names = map[int][]string{}
	if len(rows) == 0 {
		return names
	}
	g := grid{
		header:   []string{"RULE", "ENDPOINT", "VALUE", "LIMIT", "REQS", ""},
		right:    []int{columnRequests},
		suffixed: columnEndpoint,
		squeeze:  ruleSqueeze,
		wrapped:  []int{columnRule},
		hang:     2, // behind the sign
		spoken:   map[int]bool{},
	}
	var shown []content.Row // beside g.rows; without a rule for headings and gaps
	for i, r := range rows {
		first := i == 0
		if !first && rows[i-1].Outcome != r.Outcome {
			first = true
			shown = append(shown, content.Row{})
			g.add("", make([]string, columnNotes+1)...)
		}
		if first {
			shown = append(shown, content.Row{Outcome: r.Outcome})
			g.add("", append([]string{r.Outcome.String()}, make([]string, columnNotes)...)...)
		}
		shown = append(shown, r)
		g.spoken[len(g.rows)] = r.Several
		g.add(more(r), sign(r.Outcome)+" "+typeset.Clean(r.Rule), typeset.Clean(r.Subject),
			r.Value, r.Limit, r.Requests, content.References(r.Notes))
	}
	shortened := g.fit(p.width)
	p.line("")
	p.grid(g, func(row, column int, text string) string {
		switch {
		case column == columnRule && shown[row].Rule == "":
			return p.ink.outcome(shown[row].Outcome, text)
		case column == columnRule:
			return p.ink.marked(shown[row].Outcome, text)
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

// legend explains the signs that the table uses, and only those.
func (p *page) legend(v content.View) {
	var interval, more, many, read bool
	for _, r := range v.Table.Rows {
		interval = interval || r.Interval
		more, many = more || r.More > 0, many || r.Findings > 0
		read = read || r.Resource
	}
	var parts []string
	if text := v.Brackets(); interval && text != "" {
		parts = append(parts, "(…) "+typeset.Clean(text))
	}
	if more {
		parts = append(parts, "+n: n more pass, further from the limit (--all lists them)")
	}
	if many {
		parts = append(parts, "what has one explanation is one row (--all lists each)")
	}
	if read {
		parts = append(parts, "n×: n readings")
	}
	p.explain(parts)
}

// notes prints reasons and remedies under their numbers, with the names that
// the table had to shorten. A remedy that an earlier note gave is only
// referred to.
func (p *page) notes(notes []content.Note, names map[int][]string) {
	if len(notes) > 0 {
		p.line("")
	}
	given := map[string]int{}
	for i, note := range notes {
		number := fmt.Sprintf("[%d] ", i+1)
		text := typeset.JoinNonEmpty(": ", strings.Join(names[i+1], ", "), note.Reason)
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

// endpoints prints what was measured at every endpoint and of every
// transaction.
func (p *page) endpoints(v content.View) {
	if len(v.Endpoints) == 0 {
		return
	}
	figures := slices.Concat(v.Endpoints, v.Transactions)
	p.line("")
	g := grid{
		header:  []string{"ENDPOINT", "REQS", "FAILED", "P50", "P95", "P99", "MAX", "RATE", "BYTES", "CONNS"},
		right:   []int{1, 2, 3, 4, 5, 6, 7, 8, 9},
		squeeze: []squeeze{{column: 0, least: 12}}, wrapped: []int{0}, hang: 2,
	}
	for _, f := range figures {
		g.add(f.Kind(), content.FigureCells(f)...)
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
	p.server(v.Run)
}

// causes say why it went as it did, each with what was measured and where to look
// next.
func (p *page) causes(all []content.Cause) {
	for i, c := range all {
		if i == 0 {
			p.line("")
		}
		lead := p.ink.bold("WHY") + "  "
		p.hanging(lead, c.Title+": "+c.Evidence)
		p.hanging(strings.Repeat(" ", typeset.Width(lead))+"→ ", c.Next)
	}
}

// closing is the last line: the outcome, why, and the exit code.
func (p *page) closing(c content.Closing) {
	p.line("")
	lead := p.ink.outcome(c.Shade(), c.Word()) + "  "
	p.hanging(lead, c.Fitted(p.width-typeset.Width(lead)))
}
