package webpage

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// A line over time has at most so many points, since more do not show on a
// screen. A percentile should rest on more than a few requests: where there are
// few, its line has fewer points of more requests each.
const (
	mostPoints    = 180
	fewestPoints  = 20
	pointRequests = 60
)

// Stretches are a run in equal parts of whole slots, each a point of a chart.
type Stretches struct {
	Run    *result.Result
	slots  int           // in each
	Length time.Duration // of each
	count  int
}

// StretchesOf parts a run, with so many requests in it, into at most so many.
func StretchesOf(r *result.Result, requests int64, most int) Stretches {
	slot := max(r.Slot, 1)
	last := int((r.Elapsed + slot - 1) / slot)
	for _, e := range r.Endpoints { // the drain
		if n := len(e.Slots); n > 0 {
			last = max(last, e.Slots[n-1].Slot+1)
		}
	}
	points := min(max(int(requests/pointRequests), fewestPoints), most)
	s := Stretches{Run: r, slots: max(1, (last+points-1)/points)}
	s.Length, s.count = time.Duration(s.slots)*slot, (last+s.slots-1)/s.slots
	return s
}

// Sent is how many requests of an endpoint there were, whenever.
func Sent(e result.Endpoint) (requests int64) {
	for _, slot := range e.Slots {
		requests += slot.Requests
	}
	return requests
}

// at is the stretch of a slot.
func (s Stretches) at(slot int) int { return min(slot/s.slots, s.count-1) }

// seconds is how much of a stretch belongs to the run; rates are over that.
func (s Stretches) seconds(i int) float64 {
	from := time.Duration(i) * s.Length
	return min(s.Length, max(s.Run.Elapsed-from, 0)).Seconds()
}

// x is the middle of each stretch, in seconds.
func (s Stretches) x() htmlpage.Numbers {
	x := make(htmlpage.Numbers, s.count)
	for i := range x {
		x[i] = (time.Duration(i)*s.Length + s.Length/2).Seconds()
	}
	return x
}

// empty is a line of gaps.
func (s Stretches) empty() htmlpage.Numbers {
	values := make(htmlpage.Numbers, s.count)
	for i := range values {
		values[i] = math.NaN()
	}
	return values
}

// rate turns counts into rates of a unit; a stretch outside of the run has none.
func (s Stretches) rate(name string, counts htmlpage.Numbers, rates unit.Unit) htmlpage.Series {
	dimension, scale := ChartUnit(rates)
	for i := range counts {
		if seconds := s.seconds(i); seconds > 0 {
			counts[i] *= scale / seconds
		} else {
			counts[i] = math.NaN()
		}
	}
	return htmlpage.Series{Name: name, Values: counts, Unit: dimension}
}

// chart is one over time, with the warm-up told apart.
func (s Stretches) chart(title string, series ...htmlpage.Series) htmlpage.Chart {
	c := htmlpage.Chart{Title: title, X: s.x(), XKind: htmlpage.Elapsed,
		XName: "at", Until: s.Run.Elapsed.Seconds(), Series: series}
	if warm := s.Run.Planned.WarmUp; warm > 0 {
		c.Shades = []htmlpage.Shade{{From: 0, To: warm.Seconds(), Text: "warm-up"}}
	}
	return c
}

// timeSection is the run as a whole over time.
func timeSection(v content.View) htmlpage.Section {
	var steps []result.Endpoint
	var requests int64
	for _, e := range v.Run.Endpoints {
		if !e.Once.Any() {
			steps, requests = append(steps, e), requests+Sent(e)
		}
	}
	s := StretchesOf(v.Run, requests, mostPoints)
	if s.count == 0 || v.Run.Summarised() {
		return htmlpage.Section{}
	}
	charts := []htmlpage.Chart{s.load(v.Rates), s.Latency("Latency of all endpoints together", steps)}
	if failures := s.failures(v.Rates); len(failures.Series) > 0 {
		charts = append(charts, failures)
	}
	if c, ok := s.generator(); ok {
		charts = append(charts, c)
	}
	return htmlpage.Section{
		ID: "time", Title: "Over time",
		Lead: fmt.Sprintf("Each point is of %s. Drag to look closer, double-click to see all again.",
			content.Length(s.Length)),
		Parts: []htmlpage.Part{{Charts: charts}},
	}
}

// load is what was sent, what failed, and how many users did it.
func (s Stretches) load(rates unit.Unit) htmlpage.Chart {
	all, failed, users := make(htmlpage.Numbers, s.count), make(htmlpage.Numbers, s.count), s.empty()
	for _, e := range s.Run.Endpoints {
		for _, slot := range e.Slots {
			all[s.at(slot.Slot)] += float64(slot.Requests)
			failed[s.at(slot.Slot)] += float64(slot.Failures())
		}
	}
	offered, open := make(htmlpage.Numbers, s.count), s.Run.Planned.Rate > 0
	for _, m := range s.Run.Timeline {
		if time.Duration(m.Slot)*s.Run.Slot >= s.Run.Until() {
			continue // the drain, in which users end
		}
		users[s.at(m.Slot)] = float64(m.Users)
		offered[s.at(m.Slot)] += float64(m.Offered)
	}
	series := []htmlpage.Series{s.rate("requests", all, rates), s.rate("failed", failed, rates)}
	series[0].Color, series[1].Color = 1, 2
	if open {
		due := s.rate("due", offered, rates)
		due.Color, due.Dash = 4, true
		series = append(series, due)
	}
	return s.chart("Throughput and users", append(series,
		htmlpage.Series{Name: "users", Values: users, Unit: htmlpage.Count, Right: true, Color: 5, Dash: true})...)
}

// The percentiles of the lines over time, and their colours.
var charted = [...]struct {
	name  string
	q     float64
	color int
}{{"p50", 0.50, 4}, {"p95", 0.95, 1}, {"p99", 0.99, 2}}

// Latency is the percentiles of the successes of some endpoints. A damaged
// histogram leaves a gap, never a part of the truth.
func (s Stretches) Latency(title string, endpoints []result.Endpoint) htmlpage.Chart {
	folded, damaged := make([]hist.Latency, s.count), make([]bool, s.count)
	for _, e := range endpoints {
		for _, slot := range e.Slots {
			i := s.at(slot.Slot)
			damaged[i] = slot.Latency.Into(&folded[i]) != nil || damaged[i]
		}
	}
	series, requests := make([]htmlpage.Series, len(charted)), s.empty()
	for k, c := range charted {
		series[k] = htmlpage.Series{Name: c.name, Values: s.empty(), Unit: htmlpage.Milliseconds, Color: c.color}
		for i := range folded {
			if d, ok := folded[i].Quantile(c.q); ok && !damaged[i] {
				series[k].Values[i] = typeset.InMilliseconds(d)
			}
		}
	}
	for i := range folded {
		requests[i] = float64(folded[i].Count())
	}
	return s.chart(title,
		append(series, htmlpage.Series{Name: "requests", Values: requests, Unit: htmlpage.Count, Quiet: true})...)
}

// failures is how many failed in each unit of time, by kind.
func (s Stretches) failures(rates unit.Unit) htmlpage.Chart {
	byKind := map[metric.Failure]htmlpage.Numbers{}
	for _, e := range s.Run.Endpoints {
		for _, slot := range e.Slots {
			for kind, n := range slot.Failed {
				if byKind[kind] == nil {
					byKind[kind] = make(htmlpage.Numbers, s.count)
				}
				byKind[kind][s.at(slot.Slot)] += float64(n)
			}
		}
	}
	var series []htmlpage.Series
	for _, kind := range metric.Failures() {
		if counts := byKind[kind]; counts != nil {
			series = append(series, s.rate(kind.String(), counts, rates))
		}
	}
	return s.chart("Failures by kind", series...)
}

// generator is how far the load lagged behind its timetable, and what it cost.
// False: nothing is known.
func (s Stretches) generator() (htmlpage.Chart, bool) {
	late, longest, cpu := s.empty(), s.empty(), s.empty()
	folded := make([]hist.Latency, s.count)
	for _, m := range s.Run.Timeline {
		i := s.at(m.Slot)
		if m.Lag.Into(&folded[i]) != nil {
			folded[i] = hist.Latency{}
		}
		if g := m.Generator; g != nil && g.CPU != nil {
			cpu[i] = math.Max(*g.CPU, notNaN(cpu[i]))
		}
	}
	lagged, measured := false, false
	for i := range folded {
		if d, ok := folded[i].Quantile(0.99); ok {
			late[i], lagged = typeset.InMilliseconds(d), true
		}
		if d, ok := folded[i].Max(); ok {
			longest[i] = typeset.InMilliseconds(d)
		}
		measured = measured || !math.IsNaN(cpu[i])
	}
	series := []htmlpage.Series{
		{Name: "p99 lag", Values: late, Unit: htmlpage.Milliseconds, Color: 1},
		{Name: "longest lag", Values: longest, Unit: htmlpage.Milliseconds, Color: 2},
	}
	if measured {
		series = append(series,
			htmlpage.Series{Name: "CPU", Values: cpu, Unit: htmlpage.Ratio, Right: true, Color: 5, Dash: true})
	}
	c := s.chart("Generator: sent behind its timetable", series...)
	c.Note = "A generator that lags measures itself. CPU is the share of the processors that it may use."
	return c, lagged || measured
}

func notNaN(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// LimitsOf are the limits of percentiles that an endpoint is judged by alone: of these, or of all where
// none is named.
func LimitsOf(v content.View, name string, only ...metric.Metric) []htmlpage.Limit {
	var limits []htmlpage.Limit
	seen := map[string]bool{}
	for _, c := range v.OfRun() {
		if _, percentile := c.Metric.Quantile(); !percentile || c.Metric.OfFirstByte() ||
			c.Comparison != nil || c.AboutRun() || !c.Limit.OK || !about(c, name) ||
			len(only) > 0 && !slices.Contains(only, c.Metric) {
			continue
		}
		if text := content.LimitOf(c); !seen[text] {
			seen[text] = true
			limits = append(limits,
				htmlpage.Limit{Text: text, Value: c.Limit.Value / float64(time.Millisecond), Tone: htmlpage.Fail})
		}
	}
	return limits
}

// about says whether a check is of one endpoint alone.
func about(c verdict.Check, name string) bool { return len(c.Endpoints) == 1 && c.Endpoints[0] == name }
