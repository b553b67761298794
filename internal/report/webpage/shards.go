package webpage

import (
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// shardsSection is what each part of a load that several machines made came to.
func shardsSection(v content.View) htmlpage.Section { return shardsOf(v, false) }

// shardsOf is shardsSection of a run that may go on.
func shardsOf(v content.View, ongoing bool) htmlpage.Section {
	shards := v.Run.Shards
	if len(shards) < 2 {
		return htmlpage.Section{}
	}
	section := htmlpage.Section{ID: "shards", Title: "Shards",
		Lead: "The parts of the load, warm-up included. The lag is how late requests were sent; the start is counted " +
			"from the first one's."}
	part := "Shard"
	if shards[0].Worker != "" {
		section.ID, section.Title, part = "workers", "Workers", "Worker"
	}
	first, farthest := shards[0].Started, time.Duration(0)
	for _, s := range shards {
		farthest = max(farthest, s.Elapsed)
		if !s.Started.IsZero() && s.Started.Before(first) {
			first = s.Started
		}
	}
	table := &htmlpage.Table{Sortable: true, Columns: columnsOf(part, "Users", "Requests", "Rate", "Failed", "Lag p99",
		"Start", "Ran for")}
	table.Columns = append(table.Columns, htmlpage.Column{Name: "End"})
	for _, s := range shards {
		if s.End == nil && !ongoing {
			return htmlpage.Section{} // merged by an older loadgate, which kept nothing of it
		}
		table.Rows = append(table.Rows, shardRow(s, first, farthest, v.Rates))
	}
	section.Parts = []htmlpage.Part{{Table: table}}
	return section
}

// silentAfter is how far a worker may be behind the farthest one before the page says so.
const silentAfter = 3 * time.Second

func shardRow(s result.Shard, first time.Time, farthest time.Duration, rates unit.Unit) htmlpage.Row {
	start, rate := htmlpage.Text("–"), htmlpage.Text("–")
	if after := s.Started.Sub(first); !s.Started.IsZero() {
		start = htmlpage.Number(unit.Of(after).String(), float64(after))
		if s.StartError > 0 {
			start.Small = "± " + unit.Of(s.StartError).String()
		}
	}
	if each, ok := content.Rate(s.Requests, s.Elapsed, rates); ok {
		rate = htmlpage.Number(unit.Amount(each), each.Value)
	}
	end := "runs"
	switch {
	case s.End != nil:
		end = s.End.String()
	case farthest-s.Elapsed >= silentAfter:
		end = "silent since " + unit.Clock(s.Elapsed)
	}
	return htmlpage.Row{Cells: []htmlpage.Cell{
		htmlpage.Text(typeset.Bounded(s.String(), htmlName)), countCell(int64(s.Users)), countCell(s.Requests), rate,
		countCell(s.Failed), durationCell(s.Lag, s.Lag > 0), start,
		htmlpage.Number(content.Length(s.Elapsed), float64(s.Elapsed)), htmlpage.Text(end),
	}}
}
