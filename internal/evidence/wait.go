package evidence

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// WaitsOf lays out what arrivals at an endpoint waited from the send on, those
// that timed out as long as the timeout.
func (e *Run) WaitsOf(ep *result.Endpoint) waits {
	if w, ok := e.waited[ep]; ok {
		return w
	}
	w := waits{bySlot: make([][]stat.Wait, e.Window.Slots)}
	cycle := cycle(e, ep)
	for _, s := range ep.Slots {
		if s.Slot < e.Window.First || e.Still[s.Slot] {
			continue
		}
		at := min(s.Slot-e.Window.First, e.Window.Slots-1)
		if at < 0 {
			continue
		}
		var l hist.Latency
		if s.Sent().Into(&l) != nil {
			continue
		}
		l.Each(func(low time.Duration, count int64) {
			w.bySlot[at] = append(w.bySlot[at], stat.Wait{Latency: float64(low), Count: float64(count), Cycle: cycle})
		})
		if n := s.Failed[metric.Timeout]; n > 0 {
			w.bySlot[at] = append(w.bySlot[at], stat.Wait{Latency: float64(e.Result.Planned.Timeout), Count: float64(n),
				Cycle: cycle})
		}
	}
	w.All = slices.Concat(w.bySlot...)
	e.waited[ep] = w
	return w
}

// cycle is the usual time, in nanoseconds, from one request of a user at an
// endpoint to its next there, in a closed load: think time and answer for each of
// the steps between them, averaged over the kinds of user that ask it. 0: not
// known, or the load is open and its arrivals wait for nobody.
func cycle(e *Run, ep *result.Endpoint) float64 {
	if e.Result.Planned.Rate > 0 || ep.Once.Any() {
		return 0
	}
	if slices.Contains(e.Transactions, ep) {
		return roundOf(e, ep)
	}
	var sum, weight float64
	for _, g := range e.Result.Planned.Groups {
		at := slices.IndexFunc(g.Parts, func(p result.Part) bool { return p.Endpoint == ep.Name })
		if at < 0 || g.Parts[at].Share <= 0 || g.Users == 0 {
			continue
		}
		step := thinkOf(g)
		for _, p := range g.Parts {
			step += p.Share * usualOf(e, e.Find(p.Endpoint, false))
		}
		asks := float64(g.Users) * g.Parts[at].Share / max(step, 1) // of all its users, in a nanosecond
		sum, weight = sum+asks*step/g.Parts[at].Share, weight+asks
	}
	if weight == 0 {
		return 0
	}
	return sum / weight
}

// roundOf is the cycle of a transaction: the time in which its users are to do
// it once. Where that is not known, neither is the cycle.
func roundOf(e *Run, ep *result.Endpoint) float64 {
	users := 0
	for _, g := range e.Config.Groups {
		does := slices.ContainsFunc(g.Steps, func(s config.Step) bool {
			return s.Transaction != nil &&
				s.Transaction.Name == ep.Name
		})
		at := slices.IndexFunc(e.Result.Planned.Groups, func(p result.Group) bool { return p.Name == g.Name })
		if does && at >= 0 {
			users += e.Result.Planned.Groups[at].Users
		}
	}
	if ep.Expected <= 0 || users == 0 {
		return 0
	}
	planned := e.Result.Planned.Duration - e.Window.Start()
	return float64(users)*float64(planned)/ep.Expected + usualOf(e, ep)
}

// thinkOf is the mean time of a group from the answer to a step until the next one, in nanoseconds: it thinks, and
// reads streams.
func thinkOf(g result.Group) float64 {
	think := float64(g.ThinkMin+g.ThinkMax) / 2
	if g.ThinkMean > 0 {
		think = float64(g.ThinkMean)
	}
	if g.Pace > 0 {
		think /= g.Pace
	}
	return think + float64(g.Streams)
}

// usualOf is the mean latency of the faster half of an endpoint's requests, in
// nanoseconds, which no freeze stretches; 0 without any.
func usualOf(e *Run, ep *result.Endpoint) float64 {
	t := e.Tally(Group{ep}, e.Window, estimate.Sent)
	half := hist.Rank(0.5, t.Latency.Count())
	var sum float64
	var n int64
	t.Latency.Each(func(low time.Duration, count int64) {
		taken := min(count, half-n)
		sum, n = sum+float64(low)*float64(taken), n+taken
	})
	if n <= 0 {
		return 0
	}
	return sum / float64(n)
}

// FreezeOf is the longest freeze of a group, of those that are asked for; false:
// there was none.
func (e *Run) FreezeOf(g Group, asked func(Freeze) bool) (longest Freeze, ok bool) {
	for _, f := range e.Freezes {
		if f.touches(g) && asked(f) && f.Longest > longest.Longest {
			longest, ok = f, true
		}
	}
	return longest, ok
}

// FrozenShare is the low end of the share of a group's arrivals that waited
// longer than a limit in some freezes, and the longest of these.
func (e *Run) FrozenShare(g Group, limit float64, asked func(Freeze) bool) (stretch reason.Reason, low float64) {
	slow := map[int]bool{}
	for _, f := range e.Freezes {
		if !f.touches(g) || !asked(f) {
			continue
		}
		for slot := f.From; slot <= f.last(); slot++ {
			slow[min(slot-e.Window.First, e.Window.Slots-1)] = true
		}
	}
	longest, ok := e.FreezeOf(g, asked)
	if !ok {
		return reason.Reason{}, 0
	}
	seconds := make([]stat.Batch, e.Window.Slots)
	for _, ep := range g {
		for i, at := range e.WaitsOf(ep).bySlot {
			above, all := stat.ArrivalsAbove(at, limit)
			seconds[i].N += all
			if slow[i] {
				seconds[i].Hits += above
			}
		}
	}
	low, _, _ = stat.FailureShare(seconds, e.Alpha)
	return longest.Reason(e), low
}
