package terminal

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Names of Server-Timing that have a column; those with the most time come first.
const (
	mostServerColumns = 4 // of the table
	MostServerParts   = 8 // of the page
	serverName        = 12
)

// ServerNames are what the answers call the parts of their time, most time
// first.
func ServerNames(endpoints []result.Endpoint, most int) []string {
	sums := map[string]time.Duration{}
	var names []string
	for _, e := range endpoints {
		for _, t := range e.Server {
			if _, known := sums[t.Name]; !known {
				names = append(names, t.Name)
			}
			sums[t.Name] += t.Time
		}
	}
	slices.SortStableFunc(names,
		func(a, b string) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b)) })
	return names[:min(len(names), most)]
}

// ServerCell is a part of an endpoint's time.
type ServerCell struct {
	Text    string        // the mean time over the requests that reported it, and how many queries they counted
	Mean    time.Duration // 0 where no request reported it
	Known   bool          // whether a request did
	Counted bool          // queries
}

// ServerCellOf is the part of this name.
func ServerCellOf(e result.Endpoint, name string) ServerCell {
	at := slices.IndexFunc(e.Server, func(t result.ServerTime) bool { return t.Name == name })
	if at < 0 || e.Server[at].Requests == 0 {
		return ServerCell{Text: "–"}
	}
	t := e.Server[at]
	mean := t.Time / time.Duration(t.Requests)
	cell := ServerCell{Text: unit.Of(mean).String(), Mean: mean, Known: true, Counted: t.Calls > 0}
	if cell.Counted {
		cell.Text += fmt.Sprintf(" ×%s", unit.Quantity{Value: float64(t.Calls) / float64(t.Requests), Unit: unit.Count})
	}
	return cell
}

// WithServerTiming are the endpoints whose answers have a Server-Timing.
func WithServerTiming(endpoints []result.Endpoint) []result.Endpoint {
	return slices.DeleteFunc(slices.Clone(endpoints), func(e result.Endpoint) bool { return len(e.Server) == 0 })
}

// server prints the server times that the answers reported.
func (p *page) server(r *result.Result) {
	endpoints := WithServerTiming(r.Endpoints)
	if len(endpoints) == 0 {
		return
	}
	g := grid{header: []string{"SERVER-TIMING"}, squeeze: []squeeze{{column: 0, least: 12}},
		wrapped: []int{0}, hang: 2}
	names := ServerNames(endpoints, mostServerColumns)
	for i, name := range names {
		g.header, g.right = append(g.header, typeset.Shorten(typeset.Clean(name), serverName)), append(g.right, i+1)
	}
	legend := []string{"mean of the whole run, by the answers themselves"}
	for _, e := range endpoints {
		cells := []string{typeset.Clean(e.Name)}
		for _, name := range names {
			cell := ServerCellOf(e, name)
			cells = append(cells, cell.Text)
			if len(legend) == 1 && cell.Counted {
				legend = append(legend, "×n: n database queries a request")
			}
		}
		g.add(content.Figure{Once: e.Once}.Kind(), cells...)
	}
	p.line("")
	g.fit(p.width)
	p.grid(g, func(_, _ int, text string) string { return text })
	p.explain(legend)
}
