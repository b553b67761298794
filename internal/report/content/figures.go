package content

import (
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Figure is what counts of one endpoint: what was measured after the warm-up, the drain included; at
// a start or end step, over the whole run. Latencies are those of successful requests, from the intended
// start.
type Figure struct {
	metric.Once
	Name            string
	Transaction     bool  // a transaction: its requests are the endpoints'
	Beside          bool  // with Transaction: measured beside requests, and none of several requests
	Requests        int64 // failures included
	Failures        int64
	Received        int64 // bytes
	Connects        int64
	Rate            unit.Quantity // of requests in the measured time; in the whole run for a start or end step
	HasRate         bool          // false when no time was measured
	FailuresUnknown bool          // another tool's file does not say how many failed; Failures is 0 then

	Phases    result.Phases // sums over all requests
	Histogram *hist.Latency
	Summary   *result.Summary // in place of latency, where another tool kept figures only; nil: latency counts
}

// Latency returns a quantile of the latencies, q in [0,1]; false when no
// request succeeded, the histogram cannot be read, or another tool did not
// compute it.
func (f Figure) Latency(q float64) (time.Duration, bool) {
	if f.Summary != nil {
		given, ok := f.Summary.Quantile(q)
		return given.Value, ok
	}
	return f.Histogram.Quantile(q)
}

// Max is the longest latency; false as for Latency.
func (f Figure) Max() (time.Duration, bool) {
	if f.Summary != nil {
		return given(f.Summary.Max)
	}
	return f.Histogram.Max()
}

// Min is the shortest latency; false as for Latency.
func (f Figure) Min() (time.Duration, bool) {
	if f.Summary != nil {
		return given(f.Summary.Min)
	}
	return f.Histogram.Min()
}

// Mean is the mean latency; false as for Latency.
func (f Figure) Mean() (time.Duration, bool) {
	if f.Summary != nil {
		return given(f.Summary.Mean)
	}
	return f.Histogram.Mean()
}

func given(r *result.Reading) (time.Duration, bool) {
	if r == nil {
		return 0, false
	}
	return r.Value, true
}

// figuresOf adds up what counts of endpoints, or transactions, as the judge does. A damaged histogram
// leaves an endpoint without latencies, never with some of them.
func figuresOf(r *result.Result, rows []result.Endpoint, transaction bool, rates unit.Unit) []Figure {
	loads := countedOf(r)
	figures := make([]Figure, 0, len(rows))
	for i := range rows {
		e := &rows[i]
		slots := loads[e.Place.Load]
		within := slots.measured
		if e.Once.Any() {
			within = slots.whole
		}
		t, damaged := slots.Count(e, estimate.Parted(within), estimate.Intended)
		f := Figure{
			Name: e.Name, Once: e.Once, Transaction: transaction, Beside: e.Place.Beside,
			Requests: t.Requests, Failures: t.Failed,
			Histogram: &t.Latency, Summary: e.Summary, FailuresUnknown: e.Summary != nil && e.Summary.Failed == nil,
		}
		if damaged != nil {
			f.Histogram = new(hist.Latency)
		}
		for _, slot := range e.Slots {
			if slots.Holds(slot.Slot, e.Once.Any()) {
				f.Received += slot.Received
				f.Connects += slot.Connects
				f.Phases.Add(slot.Phases)
			}
		}
		f.Rate, f.HasRate = Rate(t.Inside, t.Time(), rates)
		figures = append(figures, f)
	}
	return figures
}

// Failed is how many requests failed, in words for a table; a dash where that is
// not known.
func (f Figure) Failed() string {
	if f.FailuresUnknown {
		return "–"
	}
	return unit.Grouped(f.Failures)
}

// FailuresOf is how many of the requests of figures failed, start and end steps left out
// unless they are asked for; false where another tool's file does not say.
func FailuresOf(r *result.Result, figures []Figure, once bool) (n int64, known bool) {
	known = r.Source.Failures.Known()
	for _, f := range figures {
		if once || !f.Once.Any() {
			n, known = n+f.Failures, known && !f.FailuresUnknown
		}
	}
	if all := r.Summary; !known && all != nil && all.Failed != nil { // its own total, which the parts lack
		return *all.Failed, true
	}
	return n, known
}

// FigureCells words a Figure for the table: name, requests, failures, p50,
// p95, p99, max, rate, bytes, connects.
func FigureCells(f Figure) []string {
	cells := []string{typeset.Clean(f.Name), unit.Grouped(f.Requests), f.Failed()}
	for _, q := range []float64{0.50, 0.95, 0.99} {
		d, ok := f.Latency(q)
		cells = append(cells, OrDash(unit.Of(d), ok))
	}
	longest, ok := f.Max()
	cells = append(cells, OrDash(unit.Of(longest), ok), OrDash(f.Rate, f.HasRate))
	return append(cells, unit.Quantity{Value: float64(f.Received), Unit: unit.Bytes}.String(), unit.Grouped(f.Connects))
}

// Kind is what a figure belongs to, for after its name.
func (f Figure) Kind() string {
	switch {
	case f.Once.Any():
		return " (" + f.Once.String() + ")"
	case f.Transaction && !f.Beside:
		return " (transaction)"
	}
	return ""
}

// PhaseCells words the mean phases of a request: name, new connections in a
// hundred requests, then the time of DNS, connect and TLS of each of these, of
// the first byte and of the rest of the body of each request.
func PhaseCells(f Figure) []string {
	mean := func(sum time.Duration, n int64) string {
		if n == 0 || sum == 0 {
			return "–"
		}
		return unit.Of(sum / time.Duration(n)).String()
	}
	p := f.Phases
	return []string{
		typeset.Clean(f.Name), Percent(float64(f.Connects) / float64(max(f.Requests, 1))),
		mean(p.DNS, f.Connects), mean(p.Connect, f.Connects), mean(p.TLS, f.Connects),
		mean(p.FirstByte, f.Requests), mean(p.Body, f.Requests),
	}
}

// OrDash prints a quantity, or a dash where nothing was measured.
func OrDash(q unit.Quantity, ok bool) string {
	if !ok {
		return "–"
	}
	return unit.Amount(q)
}
