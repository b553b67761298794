package webpage

import (
	"slices"
	"strconv"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// slowest is the table of an endpoint's slowest sampled requests; nil: none was sampled.
func slowest(v content.View, e result.Endpoint) *htmlpage.Table {
	table := &htmlpage.Table{Caption: "The slowest sampled requests", Columns: []htmlpage.Column{
		{Name: "Latency", Number: true}, {Name: "At", Number: true, Title: "when it ended, since the start of the run"},
		{Name: "Status", Number: true}, {Name: "Trace"},
	}}
	for _, t := range v.TracesOf(e) {
		if t.Failure == metric.OK {
			table.Rows = append(table.Rows, htmlpage.Row{Cells: []htmlpage.Cell{durationCell(t.Latency, true),
				htmlpage.Text(content.Length(t.At)), htmlpage.Text(strconv.Itoa(t.Status)), traceCell(t)}})
		}
	}
	if table.Rows == nil {
		return nil
	}
	return table
}

// traceOf is the trace of a check that fails; it has no text where there is none.
func traceOf(v content.View, c verdict.Check) htmlpage.Also {
	t, ok := v.FailingTrace(c)
	if !ok {
		return htmlpage.Also{}
	}
	return htmlpage.Also{Label: typeset.Bounded(t.Endpoint, htmlName) + ", " + t.Rank() + ", " + t.What() + ":",
		Link: htmlpage.Link{Text: t.Trace.String(), Href: htmlpage.Web(t.URL)}}
}

func traceCell(t content.Trace) htmlpage.Cell {
	return htmlpage.Cell{Text: t.Trace.String(), Href: htmlpage.Web(t.URL)}
}

// hasFailingTraces says whether any failure was sampled.
func hasFailingTraces(v content.View) bool {
	return slices.ContainsFunc(v.Run.Endpoints, func(e result.Endpoint) bool {
		return slices.ContainsFunc(e.Exemplars, func(x result.Exemplar) bool { return x.Failure != metric.OK })
	})
}

// failureTrace is the trace of the first sampled failure of a kind and status.
func failureTrace(v content.View, e result.Endpoint, f result.Failure) htmlpage.Cell {
	for _, t := range v.TracesOf(e) {
		if t.Failure == f.Kind && t.Status == f.Status {
			return traceCell(t)
		}
	}
	return htmlpage.Text("–")
}
