package report

import (
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Figure is what counts of one endpoint: what was measured after the warm-up, the drain included; at
// a start step, over the whole run. Latencies are those of successful requests, from the intended
// start.
type Figure struct {
	Name        string
	Start       bool
	Transaction bool  // a transaction: its requests are the endpoints'
	Requests    int64 // failures included
	Failures    int64
	Received    int64 // bytes
	Connects    int64
	Rate        unit.Quantity // requests per second of the measured time; of the whole run for a start step
	HasRate     bool          // false when no time was measured
	Untold      bool          // another tool's file does not say how many failed; Failures is 0 then

	phases  result.Phases // sums over all requests
	latency *hist.Latency
	summary *result.Summary // in place of latency, where another tool kept figures only; nil: latency counts
}

// Latency returns a quantile of the latencies, q in [0,1]; false when no
// request succeeded, the histogram cannot be read, or another tool did not
// compute it.
func (f Figure) Latency(q float64) (time.Duration, bool) {
	if f.summary != nil {
		given, ok := f.summary.Quantile(q)
		return given.Value, ok
	}
	return f.latency.Quantile(q)
}

// Max is the longest latency; false as for Latency.
func (f Figure) Max() (time.Duration, bool) {
	if f.summary != nil {
		return given(f.summary.Max)
	}
	return f.latency.Max()
}

func (f Figure) min() (time.Duration, bool) {
	if f.summary != nil {
		return given(f.summary.Min)
	}
	return f.latency.Min()
}

func (f Figure) mean() (time.Duration, bool) {
	if f.summary != nil {
		return given(f.summary.Mean)
	}
	return f.latency.Mean()
}

func given(r *result.Reading) (time.Duration, bool) {
	if r == nil {
		return 0, false
	}
	return r.Value, true
}

// figuresOf adds up what counts of endpoints, or transactions, as the judge does. A damaged histogram
// leaves an endpoint without latencies, never with some of them.
func figuresOf(r *result.Result, rows []result.Endpoint, transaction bool) []Figure {
	slots := estimate.SlotsOf(r)
	figures := make([]Figure, 0, len(rows))
	for i := range rows {
		e := &rows[i]
		within := r.Measured()
		if e.Start {
			within = r.Whole()
		}
		t, damaged := slots.Count(e, estimate.Parted(within), estimate.Intended)
		f := Figure{
			Name: e.Name, Start: e.Start, Transaction: transaction, Requests: t.Requests, Failures: t.Failed,
			latency: &t.Latency, summary: e.Summary, Untold: e.Summary != nil && e.Summary.Failed == nil,
		}
		if damaged != nil {
			f.latency = new(hist.Latency)
		}
		for _, slot := range e.Slots {
			if slots.Holds(slot.Slot, e.Start) {
				f.Received += slot.Received
				f.Connects += slot.Connects
				f.phases.Add(slot.Phases)
			}
		}
		f.Rate, f.HasRate = perSecond(t.Inside, t.Time())
		figures = append(figures, f)
	}
	return figures
}

// failed is how many requests failed, in words for a table; a dash where that is
// not known.
func (f Figure) failed() string {
	if f.Untold {
		return "–"
	}
	return unit.Grouped(f.Failures)
}

// failuresOf is how many of the requests of figures failed, start steps left out
// unless they are asked for; false where another tool's file does not say.
func failuresOf(r *result.Result, figures []Figure, starts bool) (n int64, known bool) {
	known = r.Source.Failures.Known()
	for _, f := range figures {
		if starts || !f.Start {
			n, known = n+f.Failures, known && !f.Untold
		}
	}
	if all := r.Summary; !known && all != nil && all.Failed != nil { // its own total, which the parts lack
		return *all.Failed, true
	}
	return n, known
}

func perSecond(n int64, span time.Duration) (unit.Quantity, bool) {
	if span <= 0 {
		return unit.Quantity{}, false
	}
	return unit.Quantity{Value: float64(n) / span.Seconds(), Unit: unit.PerSecond}, true
}

// figureCells words a Figure for the table: name, requests, failures, p50,
// p95, p99, max, rate, bytes, connects.
func figureCells(f Figure) []string {
	cells := []string{clean(f.Name), unit.Grouped(f.Requests), f.failed()}
	for _, q := range []float64{0.50, 0.95, 0.99} {
		d, ok := f.Latency(q)
		cells = append(cells, orDash(unit.Of(d), ok))
	}
	longest, ok := f.Max()
	cells = append(cells, orDash(unit.Of(longest), ok), orDash(f.Rate, f.HasRate))
	return append(cells, unit.Quantity{Value: float64(f.Received), Unit: unit.Bytes}.String(), unit.Grouped(f.Connects))
}

// kind is what a figure is of, behind its name.
func (f Figure) kind() string {
	switch {
	case f.Start:
		return " (start)"
	case f.Transaction:
		return " (transaction)"
	}
	return ""
}

// phaseCells words the mean phases of a request: name, new connections in a
// hundred requests, then the time of DNS, connect and TLS of each of these, of
// the first byte and of the rest of the body of each request.
func phaseCells(f Figure) []string {
	mean := func(sum time.Duration, n int64) string {
		if n == 0 || sum == 0 {
			return "–"
		}
		return unit.Of(sum / time.Duration(n)).String()
	}
	p := f.phases
	return []string{
		clean(f.Name), percent(float64(f.Connects) / float64(max(f.Requests, 1))),
		mean(p.DNS, f.Connects), mean(p.Connect, f.Connects), mean(p.TLS, f.Connects),
		mean(p.FirstByte, f.Requests), mean(p.Body, f.Requests),
	}
}

// orDash prints a quantity, or a dash where nothing was measured.
func orDash(q unit.Quantity, ok bool) string {
	if !ok {
		return "–"
	}
	return q.String()
}
