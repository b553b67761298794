package evidence

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
)

func watch(e *Run) Generator {
	g := Generator{Allowed: 5 * time.Millisecond}
	var lag hist.Latency
	timed := map[int]bool{} // by slot
	walked := 0.0           // users times nanoseconds
	found := map[int]int64{}
	for _, ep := range e.Result.Endpoints {
		for _, slot := range ep.Slots {
			found[slot.Slot] += slot.Requests
		}
	}
	for _, m := range e.Result.Timeline {
		if sent, err := m.Lag.Count(); err == nil { // each request has its lag in the slot in which it counts
			g.Sent, g.Unfound = g.Sent+sent, g.Unfound+max(0, sent-found[m.Slot])
		}
		if m.Slot < e.Window.First || e.Still[m.Slot] {
			continue
		}
		if err := m.Lag.Into(&lag); err != nil {
			e.damage("timeline")
		}
		timed[m.Slot] = m.Lag != nil
		walked += float64(m.Users) * float64(e.Window.Slot)
	}
	g.Untimed = untimed(e, timed)
	g.Lag, g.Measured = lag.Quantile(0.99)
	if mean, ok := lag.Mean(); ok && walked > 0 && e.Result.Planned.Rate == 0 {
		g.Lost = float64(mean) * float64(lag.Count()) / walked
	}
	g.Arrivals = e.Arrived()
	var all hist.Latency
	for _, ep := range e.Endpoints {
		all.Merge(&e.Tally(Group{ep}, e.Window, estimate.Intended).Latency)
		for _, f := range ep.Failures {
			if OwnMachine(f) {
				g.Exhausted = true
			}
		}
	}
	median, ok := all.Quantile(0.5)
	if ok {
		g.Allowed = max(g.Allowed, median/10)
	}
	o := own{slot: e.Window.Slot, median: median}
	g.Held = map[int]bool{}
	for _, m := range e.Result.Timeline {
		if held(m.Generator) {
			g.Held[m.Slot], g.Held[m.Slot+1] = true, true // what was kept waiting ends in the next one
		}
		if m.Generator != nil && e.Window.Holds(m.Slot) {
			o.readings = append(o.readings, m.Generator)
		}
	}
	g.Overloads = o.overloads()
	return g
}

// untimed is how much of the measured time had requests whose lag is unknown.
func untimed(e *Run, timed map[int]bool) time.Duration {
	missing := map[int]bool{}
	for _, ep := range e.Endpoints {
		for _, s := range ep.Slots {
			if s.Requests > 0 && e.Window.Holds(s.Slot) && !e.Still[s.Slot] && !timed[s.Slot] {
				missing[s.Slot] = true
			}
		}
	}
	return time.Duration(len(missing)) * e.Window.Slot
}

// Waiting is the share of the users' time in which they waited for answers,
// failures included, from the send on, and before they repeated failed requests.
func Waiting(e *Run, steps Group) float64 {
	var waited, walked float64
	add := func(s hist.Sparse) {
		var l hist.Latency
		if s.Into(&l) != nil {
			return // the tally has reported it
		}
		if mean, ok := l.Mean(); ok {
			waited += float64(mean) * float64(l.Count())
		}
	}
	for _, ep := range steps {
		for _, s := range ep.Slots {
			if s.Slot >= e.Window.First && !e.Still[s.Slot] {
				add(s.Sent())
				add(s.FailedLatency)
				waited += float64(s.Repeats) * float64(retryWait(e, ep.Name))
			}
		}
	}
	for _, m := range e.Result.Timeline {
		if m.Slot >= e.Window.First && !e.Still[m.Slot] {
			walked += float64(m.Users) * float64(e.Window.Slot)
		}
	}
	if walked == 0 {
		return 0
	}
	return min(1, waited/walked)
}

// Repeated says whether requests of a group were sent again.
func Repeated(e *Run, g Group) bool {
	return slices.ContainsFunc(g, func(ep *result.Endpoint) bool {
		return slices.ContainsFunc(ep.Slots,
			func(s result.Slot) bool { return s.Slot >= e.Window.First && s.Repeats > 0 })
	})
}

// retryWait is how long users wait before they send a request of an endpoint of their rounds again; 0: they do not.
func retryWait(e *Run, endpoint string) time.Duration {
	for _, g := range e.Config.Groups {
		for _, step := range g.Steps {
			if step.Endpoint == endpoint {
				return max(step.Retry.Wait, step.Poll.Every) // it has one of them
			}
		}
	}
	return 0
}

// Shares of the arrivals that may be missing: more is a flag against the
// generator (statistics, section 8), and much more is another load.
const (
	DroppedFlag = 0.001
	DroppedMost = 1 - OfferedLate
)

// Arrived counts what was due; what the generator never came to is counted in
// the drain.
func (e *Run) Arrived() arrivals {
	var a arrivals
	for _, m := range e.Result.Timeline {
		if e.Still[m.Slot] {
			continue
		}
		if e.Window.Holds(m.Slot) || m.Slot >= e.Window.First && !e.Window.Apart {
			a.Due, a.Missing = a.Due+m.Offered, a.Missing+m.Dropped
		}
	}
	return a
}
