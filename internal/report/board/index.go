package board

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/webpage"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// indexDocument is the overview: a section for each series.
func (b *Board) indexDocument() htmlpage.Document {
	d := htmlpage.Document{Title: "Load tests", Footer: footer, Banner: b.overall()}
	if b.options.Beside.Text != "" {
		d.Trail = []htmlpage.Link{b.options.Beside, {Text: "Earlier runs"}}
	}
	if n := len(b.source.Problems); n > 0 && len(b.series) > 0 {
		d.Facts = []htmlpage.Fact{{Label: "not read", Text: unit.Counted(n, "file") + ", the first: " +
			sentence(b.source.Problems[0].Error())}}
	}
	for i := range b.series {
		s := &b.series[i]
		d.Sections = append(d.Sections, htmlpage.Section{
			ID: s.key, Title: s.title(), Lead: s.place(), Parts: []htmlpage.Part{
				{Findings: []htmlpage.Finding{b.latest(s)}},
				{Strip: s.strip(IndexPath)},
				{Table: overview(s, b.source.Tally)},
				{Links: s.links()},
			}})
	}
	return d
}

// overall is the worst of the newest outcomes.
func (b *Board) overall() htmlpage.Banner {
	if len(b.series) == 0 && len(b.source.Problems) > 0 {
		return htmlpage.Banner{Tone: htmlpage.Inconclusive, Word: "NOT READ", Name: "Load tests",
			Text: "The history cannot be read: " + sentence(b.source.Problems[0].Error())}
	}
	if len(b.series) == 0 {
		return htmlpage.Banner{Word: "No run", Name: "Load tests",
			Text: "The history is empty. loadgate run --record keeps a run."}
	}
	worst, count := verdict.Pass, 0
	for i := range b.series {
		switch o := outcomeOf(b.series[i].newest()); {
		case o == worst:
			count++
		case o == worst.Worse(o):
			worst, count = o, 1
		}
	}
	return htmlpage.Banner{Tone: webpage.ToneOf(worst), Word: worst.String(), Name: "Load tests",
		Text: fmt.Sprintf("The newest run%s %s. %s.",
			ofSeries(count, len(b.series)), saying(worst), spanOf(b.source.Runs))}
}

// ofSeries is of how many of the series something is true.
func ofSeries(n, all int) string {
	switch {
	case all == 1:
		return ""
	case n == all:
		return fmt.Sprintf(" of each of the %d series", all)
	}
	return fmt.Sprintf(" of %d of %d series", n, all)
}

// saying is an outcome as the end of a sentence about a run.
func saying(o verdict.Outcome) string {
	switch o {
	case verdict.Pass:
		return "passed"
	case verdict.Warn:
		return "passed with warnings"
	case verdict.Fail:
		return "failed"
	}
	return "could not be judged"
}

// links lead from the overview to what there is of a series.
func (s *series) links() []htmlpage.Link {
	all := []htmlpage.Link{
		{Text: "charts of every endpoint, and all runs", Href: from(IndexPath, s.path())},
		{Text: "the newest run", Href: from(IndexPath, RunPath(s.newest().ID))},
	}
	if len(s.runs) > 1 {
		before := s.runs[len(s.runs)-2]
		all = append(all,
			htmlpage.Link{Text: "compared with the one before", Href: from(IndexPath, pairPath(s.newest().ID))},
			htmlpage.Link{Text: "any two runs side by side", Href: chosen(IndexPath, before, s.newest())})
	}
	return all
}

// overview is the p95 of every endpoint of a series.
func overview(s *series, tally func(string) (Tally, bool)) *htmlpage.Table {
	t := &htmlpage.Table{Sortable: true, Caption: "p95, run by run. An upright line: the level changed for good.",
		Columns: []htmlpage.Column{{Name: "Endpoint"}, {Name: "p95"}, {Name: "First", Number: true},
			{Name: "Median", Number: true}, {Name: "Last", Number: true},
			{Name: "Level", Number: true, Title: "the newest lasting change"},
			{Name: "Failed", Number: true, Title: "share of the newest run's requests"}}}
	for i, l := range s.lines() {
		values := l.values(metric.P95)
		name := htmlpage.Cell{Text: l.title(), Href: from(IndexPath, fmt.Sprintf("%s#%s", s.path(), l.anchor(i)))}
		level := htmlpage.Text("–")
		if n := len(l.changes); n > 0 {
			change := l.changes[n-1].Ratio() - 1
			level = htmlpage.Number(content.ChangeText(change), change)
		}
		failed := l.failures(tally)
		t.Rows = append(t.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
			name, {Spark: &htmlpage.Spark{Values: values, Breaks: breaks(l.changes)}},
			duration(typeset.End(values, false)), duration(median(values)), duration(typeset.End(values, true)),
			level, share(failed[len(failed)-1]),
		}})
	}
	return t
}

func breaks(changes []baseline.ChangePoint) []int {
	var all []int
	for _, c := range changes {
		all = append(all, c.At)
	}
	return all
}

// anchor is the place of an endpoint on the page of its series.
func (l line) anchor(i int) string { return fmt.Sprintf("endpoint-%d", i+1) }
