package webpage

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// LiveDocument is a live page before its first run, with all of its sections and charts. First are sections of
// the caller's that come before them, last those behind them.
func LiveDocument(title string, first, last []htmlpage.Section) htmlpage.Document {
	rate := func(name string, color int) htmlpage.Series {
		return htmlpage.Series{Name: name, Unit: htmlpage.PerSecond, Color: color}
	}
	times := func(name string, color int) htmlpage.Series {
		return htmlpage.Series{Name: name, Unit: htmlpage.Milliseconds, Color: color}
	}
	chart := func(title string, series ...htmlpage.Series) htmlpage.Chart {
		return htmlpage.Chart{Title: title, XKind: htmlpage.Elapsed, XName: "at", Series: series}
	}
	sent := chart("Requests and users", rate("requests", 1), rate("due", 4),
		htmlpage.Series{Name: "users", Unit: htmlpage.Count, Right: true, Color: 5, Dash: true})
	sent.Series[1].Dash = true
	latency := chart("Latency of all endpoints together",
		times("p50", 4), times("p95", 1), times("p99", 2),
		htmlpage.Series{Name: "requests", Unit: htmlpage.Count, Quiet: true})
	failed := chart("Failures")
	for i, g := range failureGroups {
		failed.Series = append(failed.Series, rate(g.name, i+1))
	}
	generator := chart("Generator: sent behind its timetable", times("p99 lag", 1), times("longest lag", 2),
		htmlpage.Series{Name: "CPU", Unit: htmlpage.Ratio, Right: true, Color: 5, Dash: true})
	generator.Note = "A generator that lags measures itself. CPU is the share of the processors that it may use."
	sections := slices.Concat(first, []htmlpage.Section{
		{ID: "findings", Title: "Findings"}, {ID: "why", Title: "Why"},
		{ID: "time", Title: "Over time",
			Lead:  "Each point is one second, of the last half hour. Drag to look closer, double-click to see all.",
			Parts: []htmlpage.Part{{Charts: []htmlpage.Chart{sent, latency, failed, generator}}}},
		{ID: "rules", Title: "Rules"}, {ID: "compared", Title: "Against earlier runs"},
		{ID: "endpoints", Title: "Endpoints"}, {ID: "failures", Title: "Failures"},
		{ID: "resources", Title: "Resources"}, {ID: "workers", Title: "Workers"},
	}, last)
	return htmlpage.Document{Title: title, Sections: sections, Banner: htmlpage.Banner{Word: "WAITING", Name: title},
		Footer: "Charts by uPlot, © 2022 Leon Sorokin, under the MIT License."}
}

// failureGroups are the kinds of failure in as many lines as an eye tells apart.
var failureGroups = [...]struct {
	name  string
	kinds []metric.Failure
}{
	{"status", []metric.Failure{metric.Status, metric.Redirect}},
	{"timeout", []metric.Failure{metric.Timeout}},
	{"no connection", []metric.Failure{metric.DNS, metric.Refused, metric.Reset, metric.TLS}},
	{"answer", []metric.Failure{metric.Body, metric.TooLarge, metric.Expectation, metric.Capture, metric.Expression}},
}

// Live is a run in progress as the changes of a live page. The zero value is of no use; it is not safe for
// concurrent use.
type Live struct {
	plan      *plan.Plan
	name      string
	planned   time.Duration
	rates     unit.Unit
	looks     []time.Duration
	endpoints []*liveEndpoint
	recent    []liveSecond // the newest, at most recentSeconds
	requests  int64
	failed    int64
	failing   string // of the last judgement
	from      int    // second of the charts at which the run began
}

// recentSeconds is what "now" means.
const recentSeconds = 10

type liveSecond struct {
	requests int64
	latency  hist.Sparse // of all endpoints together
}

// NewLive is the page of a run that begins, whose points are so many seconds behind the beginning of its charts: those
// before them are of other runs.
func NewLive(p *plan.Plan, r *result.Result, from int) *Live {
	l := &Live{plan: p, name: typeset.Bounded(content.Title(r.Name, r.Profile), htmlName), planned: r.Planned.Duration,
		rates: unit.PerSecond, looks: p.Looks(), from: from}
	named := r.Labelled()
	for _, e := range named.Endpoints {
		l.endpoints = append(l.endpoints, &liveEndpoint{name: e.Name, once: e.Once, expected: e.Expected})
	}
	for _, e := range named.Transactions {
		l.endpoints = append(l.endpoints, &liveEndpoint{name: e.Name, transaction: true, beside: e.Place.Beside,
			expected: e.Expected})
	}
	return l
}

// Name is what was run.
func (l *Live) Name() string { return l.name }

// Second takes in one second, and is the next point of each chart of LiveDocument.
func (l *Live) Second(s *result.Slice, r *result.Result) htmlpage.Points {
	l.planned = r.Planned.Duration
	second, failed := liveSecond{}, [len(failureGroups)]int64{}
	var parts []hist.Sparse
	for _, part := range s.Endpoints {
		if part.Index >= len(l.endpoints) {
			continue
		}
		e := l.endpoints[part.Index]
		e.add(part.Slot)
		if e.transaction {
			continue // its requests are there already
		}
		second.requests += part.Slot.Requests
		parts = append(parts, part.Slot.Latency)
		l.failed += part.Slot.Failures()
		for i, g := range failureGroups {
			for _, kind := range g.kinds {
				failed[i] += part.Slot.Failed[kind]
			}
		}
	}
	for _, e := range l.endpoints {
		e.pass(s.Moment.Slot)
	}
	l.requests += second.requests
	all, latency := together(parts)
	second.latency = latency
	l.recent = append(l.recent, second)
	l.recent = l.recent[max(0, len(l.recent)-recentSeconds):]
	return l.points(s, second.requests, &all, failed[:])
}

// together adds distributions up, and folds the sum; damaged ones are a gap, never a part of the truth. To add them
// folded takes a fraction of the time that a histogram does, which is then made once.
func together(parts []hist.Sparse) (hist.Latency, hist.Sparse) {
	var whole hist.Latency
	sum, err := hist.Sum(parts...)
	if err != nil || sum.Into(&whole) != nil {
		return hist.Latency{}, nil
	}
	return whole, sum
}

// points are those of the charts, in the order of LiveDocument.
func (l *Live) points(s *result.Slice, requests int64, all *hist.Latency, failed []int64) htmlpage.Points {
	at := float64(l.from + s.Moment.Slot + 1)
	due := math.NaN()
	if l.plan.Rate > 0 || s.Moment.Offered > 0 {
		due = float64(s.Moment.Offered)
	}
	latency := htmlpage.Numbers{at}
	for _, q := range charted {
		latency = append(latency, quantile(all, q.q))
	}
	kinds := htmlpage.Numbers{at}
	for _, n := range failed {
		kinds = append(kinds, float64(n))
	}
	var lag hist.Latency
	longest, cpu := math.NaN(), math.NaN()
	if s.Moment.Lag.Into(&lag) != nil {
		lag = hist.Latency{}
	}
	if d, ok := lag.Max(); ok {
		longest = typeset.InMilliseconds(d)
	}
	if g := s.Moment.Generator; g != nil && g.CPU != nil {
		cpu = *g.CPU
	}
	return htmlpage.Points{
		{at, float64(requests), due, float64(s.Moment.Users)},
		append(latency, float64(all.Count())),
		kinds,
		{at, quantile(&lag, 0.99), longest, cpu},
	}
}

// LiveGap is a point at a second of the charts at which nothing is known.
func LiveGap(second int) htmlpage.Points {
	at, none := float64(second), math.NaN()
	return htmlpage.Points{{at, none, none, none}, {at, none, none, none, none}, {at, none, none, none, none},
		{at, none, none, none}}
}

func quantile(h *hist.Latency, q float64) float64 {
	if d, ok := h.Quantile(q); ok {
		return typeset.InMilliseconds(d)
	}
	return math.NaN()
}

// Banner says what the run is doing, after a second of it. Undecided has no colour; a broken rule has.
func (l *Live) Banner(elapsed time.Duration, users int) (htmlpage.Banner, []htmlpage.Fact) {
	b := htmlpage.Banner{Word: "RUNNING", Name: l.name,
		Text: fmt.Sprintf("%s of %s, %s", unit.Clock(elapsed), unit.Clock(l.planned), unit.Counted(users, "user"))}
	if warm := l.plan.WarmUp; elapsed < warm {
		b.Text += fmt.Sprintf("; warm-up until %s, which is not judged", unit.Clock(warm))
	}
	if l.failing != "" {
		b.Tone, b.Text = htmlpage.Fail, b.Text+"; "+l.failing
	}
	requests := int64(0)
	var parts []hist.Sparse
	for _, s := range l.recent {
		requests, parts = requests+s.requests, append(parts, s.latency)
	}
	now, _ := together(parts)
	each := unit.Quantity{Value: float64(requests) / float64(max(len(l.recent), 1)), Unit: l.rates}
	facts := []htmlpage.Fact{{Label: "now", Text: unit.Amount(each)}}
	if d, ok := now.Quantile(0.95); ok {
		facts = append(facts, htmlpage.Fact{Label: "p95 now", Text: unit.Of(d).String()})
	}
	failed := unit.Grouped(l.failed)
	if l.failed > 0 {
		failed += " (" + content.Percent(float64(l.failed)/float64(max(l.requests, 1))) + ")"
	}
	facts = append(facts, htmlpage.Fact{Label: "requests", Text: unit.Grouped(l.requests)},
		htmlpage.Fact{Label: "failed", Text: failed})
	if i := slices.IndexFunc(l.looks, func(at time.Duration) bool { return at > elapsed }); i >= 0 {
		facts = append(facts, htmlpage.Fact{Label: "next look", Text: unit.Clock(l.looks[i])})
	}
	return b, facts
}

// liveEndpoint is what an endpoint did so far.
type liveEndpoint struct {
	name             string
	once             metric.Once
	transaction      bool
	beside           bool // no transaction, but measured beside requests
	expected         float64
	requests, failed int64
	latency          hist.Latency     // without what fold adds
	damaged          bool             // latency lacks some
	spark            htmlpage.Numbers // the p95 of each stretch of sparkSeconds, the newest last
	stretch          []hist.Sparse    // seconds of the one that is not whole
	folded           int              // how many of them are in latency
}

// A spark has so many points of so many seconds.
const (
	sparkSeconds = 5
	mostSparks   = 24
)

func (e *liveEndpoint) add(s result.Slot) {
	e.requests, e.failed = e.requests+s.Requests, e.failed+s.Failures()
	e.stretch = append(e.stretch, s.Latency)
}

// pass ends a second, in which the endpoint may have had no request.
func (e *liveEndpoint) pass(slot int) {
	if (slot+1)%sparkSeconds == 0 {
		e.fold()
		whole, _ := together(e.stretch)
		e.spark = append(e.spark, quantile(&whole, 0.95))
		e.spark = e.spark[max(0, len(e.spark)-mostSparks):]
		e.stretch, e.folded = e.stretch[:0], 0
	}
}

// fold adds the seconds that latency lacks.
func (e *liveEndpoint) fold() {
	sum, err := hist.Sum(e.stretch[e.folded:]...)
	e.damaged = err != nil || sum.Into(&e.latency) != nil || e.damaged
	e.folded = len(e.stretch)
}

// Statistics are the figures of every endpoint so far, warm-up included.
func (l *Live) Statistics() htmlpage.Section {
	table := &htmlpage.Table{Sortable: true, Columns: columnsOf("Endpoint", "Requests", "Failed", "Failed share",
		"p50", "p95", "p99", "Max", "Share", "Expected")}
	table.Columns = append(table.Columns, htmlpage.Column{Name: "p95 lately",
		Title: fmt.Sprintf("of the last %s, each point of %d seconds",
			unit.Clock(mostSparks*sparkSeconds*time.Second), sparkSeconds)})
	most, planned := int64(0), 0.0
	for _, e := range l.endpoints {
		if !e.transaction && !e.once.Any() {
			most, planned = max(most, e.requests), planned+e.expected
		}
	}
	for _, e := range l.endpoints {
		if e.requests > 0 || e.expected > 0 {
			table.Rows = append(table.Rows, l.row(e, most, planned))
		}
	}
	if table.Rows == nil {
		return htmlpage.Section{ID: "endpoints"}
	}
	return htmlpage.Section{ID: "endpoints", Title: "Endpoints", Parts: []htmlpage.Part{{Table: table}},
		Lead: "Everything so far, warm-up included. The share is of all requests; expected is the share that " +
			"the plan foresees."}
}

func (l *Live) row(e *liveEndpoint, most int64, planned float64) htmlpage.Row {
	name := htmlpage.Text(typeset.Bounded(e.name, htmlName))
	share, expected := shareCell(float64(e.requests), float64(l.requests), float64(max(most, 1))), htmlpage.Text("–")
	switch {
	case e.transaction:
		if share = htmlpage.Text("–"); !e.beside {
			name.Small = "transaction"
		}
	case e.once.Any():
		name.Small = e.once.String()
	case planned > 0 && e.expected > 0:
		expected = htmlpage.Number(content.Percent(e.expected/planned), e.expected)
	}
	failed := htmlpage.Text("–")
	if e.requests > 0 {
		part := float64(e.failed) / float64(e.requests)
		failed = htmlpage.Number(content.Percent(part), part)
	}
	e.fold()
	cells := []htmlpage.Cell{name, countCell(e.requests), countCell(e.failed), failed}
	for _, q := range []float64{0.50, 0.95, 0.99} {
		d, ok := e.latency.Quantile(q)
		cells = append(cells, durationCell(d, ok && !e.damaged))
	}
	longest, ok := e.latency.Max()
	return htmlpage.Row{Cells: append(cells, durationCell(longest, ok && !e.damaged), share, expected,
		htmlpage.Cell{Spark: &htmlpage.Spark{Values: e.spark}})}
}
