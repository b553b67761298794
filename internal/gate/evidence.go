package gate

import (
	"cmp"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/spec"
	"github.com/loadgate/loadgate/internal/stat"
)

// evidence is a run laid out for judging. It lives for one call of Judge.
type evidence struct {
	result    *result.Result
	spec      *spec.Spec
	alpha     float64 // 1 minus the confidence
	window    window  // the measured time
	endpoints []*result.Endpoint
	generator generator
	damaged   []string // endpoints, or parts of the run, with unreadable histograms
	tallies   map[tallyKey]*tally
}

// gather lays out a run: endpoints by name, so that their order in the
// document decides nothing, and those of the file that the document does not
// know as endpoints without a request.
func gather(in Input) *evidence {
	e := &evidence{
		result:  in.Result,
		spec:    in.Spec,
		alpha:   0.05,
		window:  measured(in.Result),
		tallies: map[tallyKey]*tally{},
	}
	if c := in.Spec.Judge.Confidence; c > 0 && c < 1 {
		e.alpha = 1 - c
	}
	for i := range in.Result.Endpoints {
		e.endpoints = append(e.endpoints, &in.Result.Endpoints[i])
	}
	e.addUnknown()
	slices.SortStableFunc(e.endpoints, func(a, b *result.Endpoint) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), boolCompare(a.Start, b.Start))
	})
	for _, ep := range e.endpoints {
		e.tally(group{ep}, e.window, intended)
	}
	e.generator = e.watch()
	return e
}

// addUnknown adds the endpoints that the file would ask and the result never
// heard of: judged by another file than the one it was run with, they are not
// measured, and a wildcard must not pass over them.
func (e *evidence) addUnknown() {
	for _, g := range e.spec.Groups {
		for _, step := range slices.Concat(g.Start, g.Steps) {
			known := func(ep *result.Endpoint) bool { return ep.Name == step.Endpoint && ep.Start == step.Start }
			if !slices.ContainsFunc(e.endpoints, known) {
				e.endpoints = append(e.endpoints, &result.Endpoint{Name: step.Endpoint, Start: step.Start})
			}
		}
	}
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// group is one endpoint, or several judged together, by name.
type group []*result.Endpoint

func (g group) names() []string {
	names := make([]string, len(g))
	for i, ep := range g {
		names[i] = ep.Name
	}
	return names
}

// starts says whether all are start steps.
func (g group) starts() bool {
	for _, ep := range g {
		if !ep.Start {
			return false
		}
	}
	return len(g) > 0
}

// where is the stretch of time in which a group's latencies and failures are
// judged. Start steps are sent when users start, so that is their stretch,
// warm-up included: parts of the run in which no user could start would say
// nothing.
func (e *evidence) where(g group) window {
	if g.starts() {
		return span(e.result, g)
	}
	return e.window
}

// whereRate is the same for rates, whose zeros count.
func (e *evidence) whereRate(g group) window {
	if g.starts() {
		return whole(e.result)
	}
	return e.window
}

// expected is the number of requests that the plan expects of the group in
// the time that was measured; 0: unknown.
func (e *evidence) expected(g group) float64 {
	var sum float64
	for _, ep := range g {
		if ep.Start {
			sum += ep.Expected
		} else {
			sum += ep.Expected * e.progress()
		}
	}
	return sum
}

// progress is the part of the planned measured time that was there, in [0,1].
func (e *evidence) progress() float64 {
	planned := e.result.Planned.Duration - time.Duration(e.window.first)*e.window.slot
	if planned <= 0 {
		return 1
	}
	return min(1, float64(e.window.length)/float64(planned))
}

// clock says from where latencies count.
type clock uint8

const (
	intended clock = iota // from when the request should have been sent
	sent                  // from when it was
)

func (c clock) of(s result.Slot) hist.Sparse {
	if c == sent {
		return s.Sent()
	}
	return s.Latency
}

// part is what a group did in one part of a window.
type part struct {
	requests, failed int64
	refused          int64 // of failed
	served           int64 // successes inside the window: no drain
	seconds          float64
	latency          hist.Latency // successes
}

// tally is what a group did in a window.
type tally struct {
	window           window
	parts            []part
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
	sum := newTally(w)
	for _, ep := range g {
		sum.add(e.tally(group{ep}, w, c))
	}
	return sum
}

func newTally(w window) *tally {
	t := &tally{window: w, parts: make([]part, w.parts)}
	for i := range t.parts {
		t.parts[i].seconds = w.seconds(i)
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
	t.requests += other.requests
	t.failed += other.failed
	t.latency.Merge(&other.latency)
}

// count tallies one endpoint. Slots that begin in the warm-up are left out,
// but for start steps.
func (e *evidence) count(ep *result.Endpoint, w window, c clock) *tally {
	t := newTally(w)
	for _, s := range ep.Slots {
		if !ep.Start && s.Slot < e.window.first {
			continue
		}
		at, inside := w.part(s.Slot)
		p, failed := &t.parts[at], s.Failures()
		p.requests += s.Requests
		p.failed += failed
		p.refused += s.Failed[metric.Refused]
		if inside {
			p.served += s.Requests - failed
		}
		t.requests += s.Requests
		t.failed += failed
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

// batches hands a tally to the formulas: hits counts what is asked about.
func (t *tally) batches(n, hits func(*part) int64) []stat.Batch {
	batches := make([]stat.Batch, len(t.parts))
	for i := range t.parts {
		batches[i] = stat.Batch{N: float64(n(&t.parts[i])), Hits: float64(hits(&t.parts[i]))}
	}
	return batches
}
