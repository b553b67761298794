package gate

import (
	"slices"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// clock says from where latencies count.
type clock uint8

const (
	intended  clock = iota // from when the request should have been sent
	sent                   // from when it was
	free                   // the same, of the time in which the kernel let the generator run
	unwatched              // the same, of the time in which no slow look of a probe was under way
)

func (c clock) of(s result.Slot) hist.Sparse {
	if c == intended {
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

// second is what of a tally ended in one slot.
type second struct{ requests, failed, refused int64 }

// tally is what a group did in a window.
type tally struct {
	window           window
	parts            []part
	seconds          []second // by slot of the window, what is outside it in the first and the last
	requests, failed int64
	latency          hist.Latency // successes
}

func (t *tally) succeeded() int64 { return t.requests - t.failed }

type tallyKey struct {
	endpoint *result.Endpoint
	window   window
	clock    clock
}

// tally adds a group up in a window. Endpoints come by name, so floating-point
// sums do not depend on the order of the document.
func (e *evidence) tally(g group, w window, c clock) *tally {
	if len(g) == 1 {
		key := tallyKey{g[0], w, c}
		if e.tallies[key] == nil {
			e.tallies[key] = e.count(g[0], w, c)
		}
		return e.tallies[key]
	}
	sum := e.newTally(w)
	for _, ep := range g {
		sum.add(e.tally(group{ep}, w, c))
	}
	return sum
}

func (e *evidence) newTally(w window) *tally {
	t := &tally{window: w, parts: make([]part, w.parts), seconds: make([]second, w.Slots)}
	for i := range t.parts {
		t.parts[i].seconds = w.seconds(i)
	}
	for slot := range e.still {
		if at, inside := w.part(slot); inside {
			t.parts[at].seconds = max(0, t.parts[at].seconds-w.Slot.Seconds())
		}
	}
	return t
}

func (t *tally) add(other *tally) {
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
		s.requests, s.failed, s.refused = s.requests+o.requests, s.failed+o.failed, s.refused+o.refused
	}
	t.requests += other.requests
	t.failed += other.failed
	t.latency.Merge(&other.latency)
}

// count tallies one endpoint. Slots that begin in the warm-up are left out,
// but for start steps.
func (e *evidence) count(ep *result.Endpoint, w window, c clock) *tally {
	t := e.newTally(w)
	if s := ep.Summary; s != nil {
		t.requests, t.failed = s.Requests, s.Failures()
		if len(t.parts) > 0 { // a window may hold no time at all
			t.parts[0].requests, t.parts[0].failed, t.parts[0].served = t.requests, t.failed, t.requests-t.failed
		}
		return t
	}
	for _, s := range ep.Slots {
		if !ep.Start && s.Slot < e.window.First || e.still[s.Slot] || c == free && e.generator.held[s.Slot] ||
			c == unwatched && e.looks[s.Slot] {
			continue
		}
		at, inside := w.part(s.Slot)
		if w.apart && !inside {
			continue
		}
		p, failed := &t.parts[at], s.Failures()
		p.requests += s.Requests
		p.failed += failed
		p.refused += s.Failed[metric.Refused]
		if inside {
			p.served += s.Requests - failed
		}
		t.requests += s.Requests
		t.failed += failed
		if len(t.seconds) > 0 {
			of := &t.seconds[min(max(s.Slot-w.First, 0), w.Slots-1)]
			of.requests, of.failed, of.refused = of.requests+s.Requests,
				of.failed+failed, of.refused+s.Failed[metric.Refused]
		}
		if err := c.of(s).Into(&p.latency); err != nil {
			e.damage(ep.Name)
		}
	}
	for i := range t.parts {
		t.latency.Merge(&t.parts[i].latency)
	}
	return t
}

func (e *evidence) damage(name string) {
	if !slices.Contains(e.damaged, name) {
		e.damaged = append(e.damaged, name)
	}
}

// bySecond hands the failures of a tally to the formulas, second by second:
// without is what is left out of both.
func (t *tally) bySecond(without func(second) int64) []stat.Batch {
	batches := make([]stat.Batch, len(t.seconds))
	for i, s := range t.seconds {
		out := without(s)
		batches[i] = stat.Batch{N: float64(s.requests - out), Hits: float64(s.failed - out)}
	}
	return batches
}

// batches hands a tally to the formulas: hits counts what is asked about.
func (t *tally) batches(n, hits func(*part) int64) []stat.Batch {
	batches := make([]stat.Batch, len(t.parts))
	for i := range t.parts {
		batches[i] = stat.Batch{N: float64(n(&t.parts[i])), Hits: float64(hits(&t.parts[i]))}
	}
	return batches
}
