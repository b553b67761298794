package webpage

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// endpointsSection has a panel for every endpoint and transaction: how its
// latency went, how it is distributed, and what it was in earlier runs.
func endpointsSection(v content.View) htmlpage.Section {
	section := htmlpage.Section{
		ID: "endpoints", Title: "Endpoints",
		Lead: "Latency of successful requests, from the intended start to the last byte. The verdict rests on all " +
			"requests of the measured time together, not on single points.",
	}
	add := func(figures []content.Figure, of []result.Endpoint) {
		for i, f := range figures {
			if len(of[i].Slots) > 0 {
				section.Parts = append(section.Parts, htmlpage.Part{Panel: panel(v, f, of[i])})
			}
		}
	}
	add(v.Endpoints, v.Run.Endpoints)
	add(v.Transactions, v.Run.Transactions)
	return section
}

func panel(v content.View, f content.Figure, e result.Endpoint) *htmlpage.Panel {
	p := &htmlpage.Panel{Title: typeset.Bounded(f.Name, htmlName) + f.Kind()}
	if o, ok := outcomeOf(v, f.Name); ok {
		p.Tone, p.Word = ToneOf(o), o.String()
	}
	cells := content.FigureCells(f)
	for i, label := range []string{"requests", "failed", "p50", "p95", "p99", "max", "rate"} {
		p.Facts = append(p.Facts, htmlpage.Fact{Label: label, Text: cells[i+1]})
	}
	limits := LimitsOf(v, f.Name)
	for _, l := range limits {
		p.Facts = append(p.Facts, htmlpage.Fact{Label: "limit", Text: l.Text})
	}
	s := StretchesOf(v.Run, Sent(e), mostPoints)
	lines := s.Latency("Over time, each point of "+content.Length(s.Length), []result.Endpoint{e})
	lines.Limits = limits
	if f.Once.Any() {
		lines.Shades = nil // these count from the first on
	}
	p.Charts = []htmlpage.Chart{lines}
	if c, ok := distribution(f, limits); ok {
		p.Charts = append(p.Charts, c)
	}
	if c, ok := earlier(v, f); ok {
		p.Charts = append(p.Charts, c)
	}
	p.Table = slowest(v, e)
	return p
}

// outcomeOf is the worst check that is of an endpoint alone; false: there is
// none.
func outcomeOf(v content.View, name string) (worst verdict.Outcome, ok bool) {
	for _, c := range v.OfRun() {
		if c.AboutRun() || !about(c, name) {
			continue
		}
		if !ok {
			worst, ok = c.Outcome, true
		}
		worst = worst.Worse(c.Outcome)
	}
	return worst, ok
}

// bins is how many bars a distribution has.
const bins = 36

// distribution counts the latencies in bars of equal ratio: from the shortest
// to the longest, each as many times longer than the one before.
func distribution(f content.Figure, limits []htmlpage.Limit) (htmlpage.Chart, bool) {
	least, ok := f.Histogram.Min()
	most, _ := f.Histogram.Max()
	if !ok {
		return htmlpage.Chart{}, false
	}
	low, high := math.Log(float64(max(least, time.Microsecond))), math.Log(float64(max(most, time.Microsecond)))
	low, high = math.Min(low, high-math.Log(1.5)), math.Max(high, low+math.Log(1.5))
	place := func(ms float64) float64 { return (math.Log(ms*float64(time.Millisecond)) - low) / (high - low) * bins }
	counts, x, labels := make(htmlpage.Numbers, bins), make(htmlpage.Numbers, bins), make([]string, bins)
	for i := range bins {
		x[i] = float64(i)
		edge := math.Exp(low + (high-low)*float64(i)/bins)
		labels[i] = unit.Of(time.Duration(edge)).String()
	}
	f.Histogram.Each(func(edge time.Duration, count int64) {
		at := place(typeset.InMilliseconds(max(edge, time.Microsecond)))
		counts[min(max(int(at), 0), bins-1)] += float64(count)
	})
	c := htmlpage.Chart{
		Title: "Distribution", X: x, XKind: htmlpage.Ordinal, XName: "from", Labels: labels,
		Series: []htmlpage.Series{{Name: "requests", Values: counts, Unit: htmlpage.Count, Bars: true, Color: 1}},
	}
	// A bar is drawn around its place, and begins half a bar before it.
	upright := func(l htmlpage.Limit) {
		if at := place(l.Value) - 0.5; at >= -0.5 && at <= bins {
			l.Value, l.Upright = at, true
			c.Limits = append(c.Limits, l)
		}
	}
	if d, ok := f.Latency(0.95); ok {
		upright(htmlpage.Limit{Text: "p95 " + unit.Of(d).String(), Value: typeset.InMilliseconds(d)})
	}
	for _, l := range limits {
		upright(l)
	}
	return c, true
}

// earlier is the p95 of an endpoint in the runs that this one is compared with,
// and in this one.
func earlier(v content.View, f content.Figure) (htmlpage.Chart, bool) {
	if v.Options.Past == nil {
		return htmlpage.Chart{}, false
	}
	past := v.Options.Past.Runs
	series := v.Options.Past.Series(f.Name, f.Transaction, metric.P95)
	now, ok := f.Latency(0.95)
	if !ok || !slices.ContainsFunc(series.Values, func(v float64) bool { return !math.IsNaN(v) }) {
		return htmlpage.Chart{}, false
	}
	c := htmlpage.Chart{Title: "p95 in earlier runs, and in this one", XKind: htmlpage.Ordinal, XName: "run"}
	var values htmlpage.Numbers
	for i, logarithm := range series.Values {
		c.X = append(c.X, float64(i))
		c.Labels = append(c.Labels,
			typeset.Bounded(typeset.JoinNonEmpty(" ", past[i].Started.UTC().Format(time.DateOnly),
				past[i].Origin.ShortCommit()), htmlName))
		values = append(values, math.Exp(logarithm)/float64(time.Millisecond))
	}
	c.X, c.Labels = append(c.X, float64(len(past))), append(c.Labels, "this run")
	c.Series = []htmlpage.Series{{Name: "p95", Values: append(values, typeset.InMilliseconds(now)),
		Unit: htmlpage.Milliseconds, Color: 1, Points: true}}
	for _, point := range series.ChangePoints() {
		c.Limits = append(c.Limits,
			htmlpage.Limit{Text: content.ChangeText(point.Ratio() - 1), Value: float64(point.At) - 0.5, Upright: true})
	}
	for _, check := range v.Checks {
		if k := check.Comparison; k != nil && k.Kind == verdict.EarlierRuns &&
			check.Metric == metric.P95 && check.Subject == f.Name && k.High.OK {
			c.Limits = append(c.Limits, htmlpage.Limit{Text: fmt.Sprintf("expected up to %s", k.High),
				Value: k.High.Value / float64(time.Millisecond)})
		}
	}
	return c, true
}
