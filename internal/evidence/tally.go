package evidence

import (
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// clock says from where latencies count.
type clock uint8

const (
	Intended  clock = iota // from when the request should have been sent
	Sent                   // from when it was
	Free                   // the same, of the time in which the kernel let the generator run
	Unwatched              // the same, of the time in which no slow look of a probe was under way
)

func (c clock) of(s result.Slot) hist.Sparse {
	if c == Intended {
		return s.Latency
	}
	return s.Sent()
}

// part is what a group did in one part of a window.
type part struct {
	requests, failed int64
	refused          int64 // of failed
	served           int64 // successes inside the window: no drain
	seconds          float64
	latency          hist.Latency // successes
}

// Second is what of a tally ended in one slot.
type Second struct{ requests, failed, Refused int64 }

// Tally is what a group did in a window.
type Tally struct {
	window           Window
	parts            []part
	seconds          []Second // by slot of the window, what is outside it in the first and the last
	Requests, Failed int64
	Latency          hist.Latency // successes
}

func (t *Tally) Succeeded() int64 { return t.Requests - t.Failed }

type TallyKey struct {
	endpoint *result.Endpoint
	window   Window
	clock    clock
}

// Tally adds a group up in a window. Endpoints come by name, so floating-point
// sums do not depend on the order of the document.
func (e *Run) Tally(g Group, w Window, c clock) *Tally {
	if len(g) == 1 {
		key := TallyKey{g[0], w, c}
		if e.Tallies[key] == nil {
			e.Tallies[key] = e.count(g[0], w, c)
		}
		return e.Tallies[key]
	}
	sum := e.newTally(w)
	for _, ep := range g {
		sum.add(e.Tally(Group{ep}, w, c))
	}
	return sum
}

func (e *Run) newTally(w Window) *Tally {
	t := &Tally{window: w, parts: make([]part, w.parts), seconds: make([]Second, w.Slots)}
	for i := range t.parts {
		t.parts[i].seconds = w.seconds(i)
	}
	for slot := range e.Still {
		if at, inside := w.part(slot); inside {
			t.parts[at].seconds = max(0, t.parts[at].seconds-w.Slot.Seconds())
		}
	}
	return t
}

func (t *Tally) add(other *Tally) {
	for i := range t.parts {
		p, o := &t.parts[i], &other.parts[i]
		p.requests += o.requests
		p.failed += o.failed
		p.refused += o.refused
		p.served += o.served
		p.latency.Merge(&o.latency)
	}
	for i, o := range other.seconds {
		s := &t.seconds[i]
		s.requests, s.failed, s.Refused = s.requests+o.requests, s.failed+o.failed, s.Refused+o.Refused
	}
	t.Requests += other.Requests
	t.Failed += other.Failed
	t.Latency.Merge(&other.Latency)
}

// count tallies one endpoint. Slots that begin in the warm-up are left out,
// but for start steps.
func (e *Run) count(ep *result.Endpoint, w Window, c clock) *Tally {
	t := e.newTally(w)
	if s := ep.Summary; s != nil {
		t.Requests, t.Failed = s.Requests, s.Failures()
		if len(t.parts) > 0 { // a window may hold no time at all
			t.parts[0].requests, t.parts[0].failed, t.parts[0].served = t.Requests, t.Failed, t.Requests-t.Failed
		}
		return t
	}
	for _, s := range ep.Slots {
		if !ep.Start && s.Slot < e.Window.First || e.Still[s.Slot] || c == Free && e.Generator.Held[s.Slot] ||
			c == Unwatched && e.Looks[s.Slot] {
			continue
		}
		at, inside := w.part(s.Slot)
		if w.Apart && !inside {
			continue
		}
		p, failed := &t.parts[at], s.Failures()
		p.requests += s.Requests
		p.failed += failed
		p.refused += s.Failed[metric.Refused]
		if inside {
			p.served += s.Requests - failed
		}
		t.Requests += s.Requests
		t.Failed += failed
		if len(t.seconds) > 0 {
			of := &t.seconds[min(max(s.Slot-w.First, 0), w.Slots-1)]
			of.requests, of.failed, of.Refused = of.requests+s.Requests,
				of.failed+failed, of.Refused+s.Failed[metric.Refused]
		}
		if err := c.of(s).Into(&p.latency); err != nil {
			e.damage(ep.Name)
		}
	}
	for i := range t.parts {
		t.Latency.Merge(&t.parts[i].latency)
	}
	return t
}

func (e *Run) damage(name string) {
	if !slices.Contains(e.Damaged, name) {
		e.Damaged = append(e.Damaged, name)
	}
}

// bySecond hands the failures of a tally to the formulas, second by second:
// without is what is left out of both.
func (t *Tally) bySecond(without func(Second) int64) []stat.Batch {
	batches := make([]stat.Batch, len(t.seconds))
	for i, s := range t.seconds {
		out := without(s)
		batches[i] = stat.Batch{N: float64(s.requests - out), Hits: float64(s.failed - out)}
	}
	return batches
}

// batches hands a tally to the formulas: hits counts what is asked about.
func (t *Tally) batches(n, hits func(*part) int64) []stat.Batch {
	batches := make([]stat.Batch, len(t.parts))
	for i := range t.parts {
		batches[i] = stat.Batch{N: float64(n(&t.parts[i])), Hits: float64(hits(&t.parts[i]))}
	}
	return batches
}

// Medians are the natural logarithms of the median latencies, in nanoseconds,
// of equal slots of the measured time; NaN where there is none.
func (e *Run) Medians(ep *result.Endpoint, slots int) []float64 {
	w := e.Window
	w.parts = min(slots, w.Slots)
	medians := make([]float64, slots)
	for i := range medians {
		medians[i] = math.NaN()
	}
	if w.parts <= 0 { // nothing was measured
		return medians
	}
	for i, p := range e.Tally(Group{ep}, w, Intended).parts {
		if m, ok := p.latency.Quantile(0.5); ok && m > 0 && i < slots {
			medians[i] = math.Log(float64(m))
		}
	}
	return medians
}

// Middle is the median; 0 of nothing.
func Middle(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
