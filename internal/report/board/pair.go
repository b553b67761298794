package board

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/webpage"
)

// pairPage is a run beside the one before it in its series.
func (b *Board) pairPage(s *series, at int) Page {
	before, r := s.runs[at-1], s.runs[at]
	path := pairPath(r.ID)
	trail := append(s.trail(path, when(r)+" beside "+when(before)),
		htmlpage.Link{Text: "any two runs", Href: chosen(path, before, r)})
	return Page{Path: path, Key: b.key("pair", before.ID, r.ID, before.Marks, r.Marks, trail),
		Runs: []string{before.ID, r.ID},
		Document: func() htmlpage.Document {
			d := b.pairDocument(before, r)
			d.Trail = trail
			return d
		}}
}

// pairDocument is two runs side by side, with the intervals within each.
func (b *Board) pairDocument(before, r baseline.Run) htmlpage.Document {
	path := pairPath(r.ID)
	name := named(content.Title(r.Name, r.Profile))
	d := htmlpage.Document{Title: "A and B · " + name + " · " + when(r), Footer: footer,
		Banner: htmlpage.Banner{Word: "A and B", Name: name,
			Text: "Two runs in a row. Nothing is judged here: runs of the same build differ too, and by more than " +
				"what varies within each."}}
	sides := htmlpage.Section{ID: "runs", Title: "The runs"}
	table := &htmlpage.Table{Columns: []htmlpage.Column{{Name: ""}, {Name: "Run"}, {Name: "Outcome"}, {Name: "Commit"},
		{Name: "Mark"}}}
	for i, side := range []baseline.Run{before, r} {
		commit := b.commitLink(side)
		table.Rows = append(table.Rows, htmlpage.Row{Cells: []htmlpage.Cell{htmlpage.Text(string(rune('A' + i))),
			{Text: when(side), Small: named(side.ID), Href: from(path, RunPath(side.ID))},
			{Text: outcomeOf(side).String(), Badge: toneOf(side)}, {Text: commit.Text, Href: commit.Href},
			htmlpage.Text(markText(side))}})
	}
	sides.Parts = []htmlpage.Part{{Table: table}}
	d.Sections = []htmlpage.Section{sides}

	x, err := b.source.Result(before.ID)
	y, other := b.source.Result(r.ID)
	if err != nil || other != nil {
		d.Facts = []htmlpage.Fact{{Label: "result", Text: "one of them cannot be read"}}
		return d
	}
	for _, warning := range content.Unlike(x, y) {
		d.Sections[0].Parts = append(d.Sections[0].Parts, htmlpage.Part{Findings: []htmlpage.Finding{
			{Tone: htmlpage.Warn, Word: "WARN", Title: sentence(warning)}}})
	}
	figures := regress.Contrasts(x, y, confidence)
	for _, of := range []struct {
		id, title, lead string
		shown           func(regress.Contrast) bool
	}{
		{"differences", "p95, and what differs", "In brackets: " + content.Percent(confidence) +
			" interval within each run. –: what varies within the runs explains the difference.",
			func(c regress.Contrast) bool { return c.Metric == metric.P95 || c.Difference != regress.Same }},
		{"figures", "Every figure", "", func(regress.Contrast) bool { return true }},
	} {
		if rows := contrasts(figures, of.shown); rows != nil {
			d.Sections = append(d.Sections, htmlpage.Section{ID: of.id, Title: of.title, Lead: of.lead,
				Parts: []htmlpage.Part{{Table: rows}}})
		}
	}
	return d
}

// contrasts are the figures of two runs that are shown and that one of them has.
func contrasts(all []regress.Contrast, shown func(regress.Contrast) bool) *htmlpage.Table {
	t := &htmlpage.Table{Sortable: true, Columns: []htmlpage.Column{{Name: "Endpoint"}, {Name: "Figure"},
		{Name: "A", Number: true}, {Name: "B", Number: true}, {Name: "B / A", Number: true}, {Name: "Difference"}}}
	for _, c := range all {
		if !shown(c) || !c.A.Value.OK && !c.B.Value.OK {
			continue
		}
		text := content.Contrasted(c)
		name := htmlpage.Text(named(c.Endpoint))
		name.Small = strings.TrimSpace(content.Figure{Transaction: c.Transaction}.Kind())
		difference := htmlpage.Text(text.Difference)
		if content.Differs(c) {
			difference.Badge = webpage.ToneOf(content.DifferenceOutcome(c))
		}
		ratio := htmlpage.Text(text.Ratio)
		if c.Ratio.OK {
			ratio = htmlpage.Number(text.Ratio, c.Ratio.Value)
		}
		t.Rows = append(t.Rows, htmlpage.Row{Cells: []htmlpage.Cell{name, htmlpage.Text(c.Metric.Name()),
			measured(text.A, c.A), measured(text.B, c.B), ratio, difference}})
	}
	if t.Rows == nil {
		return nil
	}
	return t
}

func measured(text string, m regress.Measurement) htmlpage.Cell {
	if !m.Value.OK {
		return htmlpage.Text(text)
	}
	return htmlpage.Number(text, m.Value.Value)
}

// chosen leads to the page of any two runs, with these two chosen.
func chosen(page string, a, b baseline.Run) htmlpage.Href {
	return from(page, ComparePath+"#"+fileName(a.ID)+","+fileName(b.ID))
}

// compareDocument is any two runs side by side, by the figures of their heads.
func (b *Board) compareDocument() htmlpage.Document {
	pick := &htmlpage.Pick{}
	runs := baseline.Ordered(b.source.Runs)
	same := map[string]int{} // how many runs a minute has
	for _, r := range runs {
		same[when(r)]++
	}
	for _, r := range runs {
		moment := when(r)
		if same[moment] > 1 {
			moment = r.Started.UTC().Format(time.DateTime)
		}
		pick.Columns = append(pick.Columns, htmlpage.PickColumn{Key: fileName(r.ID),
			Name: named(typeset.JoinNonEmpty(" · ", moment, outcomeOf(r).String(), r.Origin.ShortCommit(),
				content.Title(r.Name, r.Profile), r.Origin.Branch))})
	}
	for _, f := range figuresOf(runs) {
		pick.Rows = append(pick.Rows, f.row(runs))
	}
	return htmlpage.Document{Title: "Two load tests side by side", Footer: footer,
		Trail: []htmlpage.Link{{Text: "All load tests", Href: from(ComparePath, IndexPath)},
			{Text: "two side by side"}},
		Banner: htmlpage.Banner{Word: "A and B", Name: "Any two runs side by side",
			Text: "The figures that are kept of each run. loadgate compare A B shows their intervals too."},
		Sections: []htmlpage.Section{{ID: "figures", Title: "Figures", Parts: []htmlpage.Part{{Pick: pick}}}}}
}

// figure is one of a run's, by its names.
type figure struct {
	endpoint    string
	transaction bool
	metric      metric.Metric
}

// figuresOf are those of all runs, in the order of the newest, and behind them what only older ones have.
func figuresOf(runs []baseline.Run) []figure {
	var all []figure
	seen := map[figure]bool{}
	for _, r := range slices.Backward(runs) {
		for _, f := range r.Figures {
			if one := (figure{f.Endpoint, f.Transaction, f.Metric}); !seen[one] {
				seen[one] = true
				all = append(all, one)
			}
		}
	}
	return all
}

func (f figure) row(runs []baseline.Run) htmlpage.PickRow {
	dimension, scale := webpage.ChartUnit(f.metric.Unit())
	row := htmlpage.PickRow{Group: named(f.endpoint) + content.Figure{Transaction: f.transaction}.Kind(),
		Name: f.metric.Name(), Unit: dimension, Values: make(htmlpage.Numbers, len(runs))}
	for i, r := range runs {
		row.Values[i] = math.NaN()
		if is, ok := r.Figure(f.endpoint, f.transaction, f.metric); ok {
			row.Values[i] = is.Value * scale
		}
	}
	return row
}
