package terminal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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

// ServerCell is the mean time of a part over the requests that reported it, and how
// many queries they counted.
func ServerCell(e result.Endpoint, name string) (text string, mean time.Duration, ok bool) {
	at := slices.IndexFunc(e.Server, func(t result.ServerTime) bool { return t.Name == name })
	if at < 0 || e.Server[at].Requests == 0 {
		return "–", 0, false
	}
	t := e.Server[at]
	mean = t.Time / time.Duration(t.Requests)
	text = unit.Of(mean).String()
	if t.Calls > 0 {
		text += fmt.Sprintf(" ×%s", unit.Quantity{Value: float64(t.Calls) / float64(t.Requests), Unit: unit.Count})
	}
	return text, mean, true
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
	g := grid{header: []string{"SERVER-TIMING"}, squeeze: []squeeze{{column: 0, least: 12}}}
	names := ServerNames(endpoints, mostServerColumns)
	for i, name := range names {
		g.header, g.right = append(g.header, typeset.Shorten(typeset.Clean(name), serverName)), append(g.right, i+1)
	}
	legend := []string{"mean of the whole run, by the answers themselves"}
	for _, e := range endpoints {
		cells := []string{typeset.Clean(e.Name)}
		for _, name := range names {
			text, _, _ := ServerCell(e, name)
			cells = append(cells, text)
			if len(legend) == 1 && strings.Contains(text, "×") {
				legend = append(legend, "×n: n database queries a request")
			}
		}
		g.add(content.Figure{Start: e.Start}.Kind(), cells...)
	}
	p.line("")
	g.fit(p.width)
	p.grid(g, func(_, _ int, text string) string { return text })
	p.explain(legend)
}
