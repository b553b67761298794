package board

import (
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/webpage"
	"github.com/loadgate/loadgate/internal/unit"
)

// seriesDocument is a series over time: every figure of every endpoint, the resources, and all runs.
func (b *Board) seriesDocument(s *series) htmlpage.Document {
	d := htmlpage.Document{
		Title: s.title() + " over time",
		Trail: []htmlpage.Link{{Text: "All load tests", Href: from(s.path(), IndexPath)}, {Text: s.title()}},
		Banner: htmlpage.Banner{Tone: toneOf(s.newest()), Word: outcomeOf(s.newest()).String(),
			Name: s.title(), Text: s.place()},
		Footer: footer + drawnBy, Moments: s.moments(),
	}
	lines := s.lines()
	d.Sections = []htmlpage.Section{{ID: "outcomes", Title: "Outcomes", Parts: []htmlpage.Part{
		{Findings: []htmlpage.Finding{b.latest(s)}}, {Strip: s.strip(s.path())}}}}
	if changes := b.changes(s, lines); changes != nil {
		d.Sections = append(d.Sections, htmlpage.Section{ID: "changes", Title: "Changes",
			Lead: "Runs with which the level of a p95 changed for good.", Parts: []htmlpage.Part{{Table: changes}}})
	}
	endpoints := htmlpage.Section{ID: "endpoints", Title: "Endpoints",
		Lead: "A click on a run opens its page; with the keyboard, the arrows go from run to run and Enter opens " +
			"one. Drag to look closer, double-click to see all again."}
	for i, l := range lines {
		endpoints.Parts = append(endpoints.Parts, htmlpage.Part{Panel: b.panel(l, i)})
	}
	resources := htmlpage.Section{ID: "resources", Title: "Resources", Lead: "What was watched while the load ran."}
	if charts := b.gauges(s); charts != nil {
		resources.Parts = []htmlpage.Part{{Charts: charts}}
	}
	for _, section := range []htmlpage.Section{endpoints, resources,
		{ID: "runs", Title: "Runs", Parts: []htmlpage.Part{{Table: b.table(s)}}}} {
		if section.Parts != nil {
			d.Sections = append(d.Sections, section)
		}
	}
	return d
}

// changes are the lasting changes of p95, the newest first.
func (b *Board) changes(s *series, lines []line) *htmlpage.Table {
	t := &htmlpage.Table{Columns: []htmlpage.Column{{Name: "Since"}, {Name: "Commit"}, {Name: "Endpoint"},
		{Name: "Change", Number: true}, {Name: "Before", Number: true}, {Name: "After", Number: true}}}
	for at, r := range slices.Backward(s.runs) {
		for i, l := range lines {
			for _, c := range l.changes {
				if c.At != at {
					continue
				}
				commit := b.commitLink(r)
				t.Rows = append(t.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
					{Text: when(r), Href: from(s.path(), RunPath(r.ID))}, {Text: commit.Text, Href: commit.Href},
					{Text: l.title(), Href: htmlpage.Beside("#" + l.anchor(i))},
					htmlpage.Text(content.ChangeText(c.Ratio() - 1)), duration(c.Before), duration(c.After)}})
			}
		}
	}
	if t.Rows == nil {
		return nil
	}
	return t
}

// panel is an endpoint over time.
func (b *Board) panel(l line, i int) *htmlpage.Panel {
	p95 := l.values(metric.P95)
	p := &htmlpage.Panel{ID: l.anchor(i), Title: l.title(), Facts: []htmlpage.Fact{
		{Label: "median p95", Text: duration(median(p95)).Text},
		{Label: "newest p95", Text: duration(p95[len(p95)-1]).Text}}}
	for _, c := range l.changes {
		p.Facts = append(p.Facts, htmlpage.Fact{Label: "level since " + when(l.series.runs[c.At]),
			Text: content.ChangeText(c.Ratio() - 1)})
	}
	p.Charts = []htmlpage.Chart{l.latency(p95)}
	if c := l.traffic(b.source.Tally); c.Series != nil {
		p.Charts = append(p.Charts, c)
	}
	return p
}

// traffic is how much was sent, and what part of it failed.
func (l line) traffic(tally func(id string) (Tally, bool)) htmlpage.Chart {
	c := over("Throughput and failures")
	rate, failures := l.values(metric.Throughput), l.failures(tally)
	if known(rate) {
		c.Series = append(c.Series, htmlpage.Series{
			Name: "requests", Values: rate, Unit: htmlpage.PerSecond, Color: 4, Points: true})
	}
	if known(failures) {
		c.Series = append(c.Series, htmlpage.Series{
			Name: "failed", Values: failures, Unit: htmlpage.Ratio, Color: 2, Points: true, Right: c.Series != nil})
	}
	return c
}

// over is a chart over the runs.
func over(title string, all ...htmlpage.Series) htmlpage.Chart {
	return htmlpage.Chart{Title: title, XKind: htmlpage.Dates, XName: "run", Series: all}
}

func known(values htmlpage.Numbers) bool {
	return slices.ContainsFunc(values, func(v float64) bool { return !math.IsNaN(v) })
}

// latency is the percentiles of an endpoint, where its p95 changed, what the next run is compared with, and what
// people said.
func (l line) latency(p95 htmlpage.Numbers) htmlpage.Chart {
	runs := l.series.runs
	dimension, scale := webpage.ChartUnit(unit.Duration)
	line := func(name string, values htmlpage.Numbers, color int) htmlpage.Series {
		return htmlpage.Series{Name: name, Values: scaled(values, scale), Unit: dimension, Color: color}
	}
	c := over("Latency of successful requests")
	for _, of := range []struct {
		name  string
		color int
	}{{"p50", 4}, {"p99", 2}} {
		m, _ := metric.Parse(of.name)
		if values := l.values(m); known(values) {
			c.Series = append(c.Series, line(of.name, values, of.color))
		}
	}
	main := line("p95", p95, 1)
	main.Points = true
	c.Series = append(c.Series, main)
	if values := l.inBaseline(p95); known(values) {
		dots := line("in the baseline", values, 1)
		dots.Dots = true
		c.Series = append(c.Series, dots)
		c.Note = "Large dots: the next run is compared with these."
	}
	for _, change := range l.changes {
		middle := (runs[change.At-1].Started.Unix() + runs[change.At].Started.Unix()) / 2
		c.Limits = append(c.Limits, htmlpage.Limit{Text: content.ChangeText(change.Ratio() - 1),
			Value: float64(middle), Upright: true, Tone: htmlpage.Warn})
	}
	for _, r := range runs {
		if word := content.MarkWord(r); word != "" {
			c.Limits = append(c.Limits, htmlpage.Limit{Text: word, Value: float64(r.Started.Unix()), Upright: true})
		}
	}
	return c
}

// gauges are the resources of the newest run over time, each with its median and its highest reading.
func (b *Board) gauges(s *series) []htmlpage.Chart {
	newest, _ := b.source.Tally(s.newest().ID)
	var all []htmlpage.Chart
	for _, g := range newest.Gauges {
		dimension, scale := webpage.ChartUnit(g.Unit)
		middle, most := make(htmlpage.Numbers, len(s.runs)), make(htmlpage.Numbers, len(s.runs))
		for i, r := range s.runs {
			middle[i], most[i] = math.NaN(), math.NaN()
			if was, ok := b.gauge(r.ID, g.Name, g.Unit); ok {
				middle[i], most[i] = was.Median*scale, was.Most*scale
			}
		}
		all = append(all, over(named(g.Name),
			htmlpage.Series{Name: "median", Values: middle, Unit: dimension, Color: 1, Points: true},
			htmlpage.Series{Name: "most", Values: most, Unit: dimension, Color: 2, Dash: true}))
	}
	return all
}

// gauge finds a resource of a run; one in another unit is another.
func (b *Board) gauge(id, name string, u unit.Unit) (Gauge, bool) {
	t, _ := b.source.Tally(id)
	at := slices.IndexFunc(t.Gauges, func(g Gauge) bool { return g.Name == name && g.Unit == u })
	if at < 0 {
		return Gauge{}, false
	}
	return t.Gauges[at], true
}
