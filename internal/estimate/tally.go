package estimate

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// Clock says from where latencies count.
type Clock uint8

const (
	Intended  Clock = iota // from when the request should have been sent
	Sent                   // from when it was
	Free                   // the same, of the time in which the kernel let the generator run
	Unwatched              // the same, of the time in which no slow look of a probe was under way

	toFirstByte          // from when the request was sent whole to the first byte of its answer
	toFirstByteFree      // the same as Free
	toFirstByteUnwatched // the same as Unwatched
)

// For is the clock of a metric's own times: those to the first byte have no intended start.
func (c Clock) For(m metric.Metric) Clock {
	switch {
	case !m.OfFirstByte():
		return c
	case c == Free:
		return toFirstByteFree
	case c == Unwatched:
		return toFirstByteUnwatched
	}
	return toFirstByte
}

func (c Clock) of(s result.Slot) hist.Sparse {
	switch c {
	case Intended:
		return s.Latency
	case toFirstByte, toFirstByteFree, toFirstByteUnwatched:
		return s.FirstByte
	}
	return s.Sent()
}

func (c Clock) free() bool      { return c == Free || c == toFirstByteFree }
func (c Clock) unwatched() bool { return c == Unwatched || c == toFirstByteUnwatched }

// part is what a group did in one part of a window.
type part struct {
	requests, failed int64
	refused          int64 // of failed
	served           int64 // successes inside the window: no drain
	seconds          float64
	latency          hist.Latency // successes
}

// Second is what of a tally ended in one slot.
type Second struct {
	Requests, Failed int64
	Refused          int64 // of Failed
}

// Tally is what a group did in a window.
type Tally struct {
	window           Window
	parts            []part
	Seconds          []Second // by slot of the window, what is outside it in the first and the last
	Requests, Failed int64
	Inside           int64        // of Requests: those that ended inside the window, without the drain
	Latency          hist.Latency // successes
}

// Time is how much of the window counts.
func (t *Tally) Time() time.Duration {
	var seconds float64
	for i := range t.parts {
		seconds += t.parts[i].seconds
	}
	return time.Duration(seconds * float64(time.Second))
}

// Succeeded is how many requests did not fail.
func (t *Tally) Succeeded() int64 { return t.Requests - t.Failed }

// Slots says which slots of a result count. Maps may be nil.
type Slots struct {
	First int          // of the measured time: earlier ones are the warm-up, which counts for start and end steps only
	Still map[int]bool // in which the generator did not run
	Held  map[int]bool // in which the kernel held it; Free leaves them out
	Looks map[int]bool // in which a slow look of a probe was under way; Unwatched leaves them out
}

// SlotsOf are the slots of a result that count: those after the warm-up in which the
// generator ran.
func SlotsOf(r *result.Result) Slots {
	_, still := Standstills(r)
	return Slots{First: r.Measured().First, Still: still}
}

// Holds reports whether what ended in a slot counts. Once says that it is of a step which
// users send once.
func (s Slots) Holds(slot int, once bool) bool { return (once || slot >= s.First) && !s.Still[slot] }

func (s Slots) skip(slot int, once bool, c Clock) bool {
	return !s.Holds(slot, once) || c.free() && s.Held[slot] || c.unwatched() && s.Looks[slot]
}

// Empty is the tally of a window in which nothing happened.
func (s Slots) Empty(w Window) *Tally {
	w.parts = max(w.parts, 1) // a window that holds no time has a drain all the same
	t := &Tally{window: w, parts: make([]part, w.parts), Seconds: make([]Second, w.Slots)}
	for i := range t.parts {
		t.parts[i].seconds = w.seconds(i)
	}
	for slot := range s.Still {
		if at, inside := w.part(slot); inside {
			t.parts[at].seconds = max(0, t.parts[at].seconds-w.Slot.Seconds())
		}
	}
	return t
}

// Add takes in another tally of the same window.
func (t *Tally) Add(other *Tally) {
	for i := range t.parts {
		p, o := &t.parts[i], &other.parts[i]
		p.requests += o.requests
		p.failed += o.failed
		p.refused += o.refused
		p.served += o.served
		p.latency.Merge(&o.latency)
	}
	for i, o := range other.Seconds {
		s := &t.Seconds[i]
		s.Requests, s.Failed, s.Refused = s.Requests+o.Requests, s.Failed+o.Failed, s.Refused+o.Refused
	}
	t.Requests += other.Requests
	t.Failed += other.Failed
	t.Inside += other.Inside
	t.Latency.Merge(&other.Latency)
}

// Count tallies one endpoint. The error is of histograms that cannot be read; what could be
// is counted all the same.
func (s Slots) Count(ep *result.Endpoint, w Window, c Clock) (*Tally, error) {
	t := s.Empty(w)
	if given := ep.Summary; given != nil {
		t.Requests, t.Failed, t.Inside = given.Requests, given.Failures(), given.Requests
		t.parts[0].requests, t.parts[0].failed, t.parts[0].served = t.Requests, t.Failed, t.Requests-t.Failed
		return t, nil
	}
	var damaged error
	for _, slot := range ep.Slots {
		if s.skip(slot.Slot, ep.Once.Any(), c) {
			continue
		}
		at, inside := w.part(slot.Slot)
		if w.Apart && !inside {
			continue
		}
		p, failed, refused := &t.parts[at], slot.Failures(), slot.Failed[metric.Refused]
		p.requests += slot.Requests
		p.failed += failed
		p.refused += refused
		if inside {
			p.served += slot.Requests - failed
			t.Inside += slot.Requests
		}
		t.Requests += slot.Requests
		t.Failed += failed
		if len(t.Seconds) > 0 {
			of := &t.Seconds[min(max(slot.Slot-w.First, 0), w.Slots-1)]
			of.Requests, of.Failed, of.Refused = of.Requests+slot.Requests, of.Failed+failed, of.Refused+refused
		}
		if err := c.of(slot).Into(&p.latency); err != nil {
			damaged = err
		}
	}
	for i := range t.parts {
		t.Latency.Merge(&t.parts[i].latency)
	}
	return t, damaged
}

// BySecond hands the failures of a tally to the formulas, second by second:
// without is what is left out of both.
func (t *Tally) BySecond(without func(Second) int64) []stat.Batch {
	batches := make([]stat.Batch, len(t.Seconds))
	for i, s := range t.Seconds {
		out := without(s)
		batches[i] = stat.Batch{N: float64(s.Requests - out), Hits: float64(s.Failed - out)}
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

// LogMedians are the natural logarithms of the median latencies of the parts, in
// nanoseconds; NaN where there is none.
func (t *Tally) LogMedians() []float64 {
	medians := make([]float64, len(t.parts))
	for i := range t.parts {
		medians[i] = math.NaN()
		if m, ok := t.parts[i].latency.Quantile(0.5); ok && m > 0 {
			medians[i] = math.Log(float64(m))
		}
	}
	return medians
}
