package gate

import (
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// waits is what arrivals at an endpoint waited, by slot of the window.
type waits struct {
	bySlot [][]stat.Wait
	all    []stat.Wait
}

// waitsOf lays out what arrivals at an endpoint waited from the send on, those
// that timed out as long as the timeout.
func (e *evidence) waitsOf(ep *result.Endpoint) waits {
	if w, ok := e.waited[ep]; ok {
		return w
	}
	w := waits{bySlot: make([][]stat.Wait, e.window.Slots)}
	cycle := e.cycle(ep)
	for _, s := range ep.Slots {
		if s.Slot < e.window.First || e.still[s.Slot] {
			continue
		}
		at := min(s.Slot-e.window.First, e.window.Slots-1)
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
			w.bySlot[at] = append(w.bySlot[at], stat.Wait{Latency: float64(e.result.Planned.Timeout), Count: float64(n),
				Cycle: cycle})
		}
	}
	w.all = slices.Concat(w.bySlot...)
	e.waited[ep] = w
	return w
}

// cycle is the usual time, in nanoseconds, from one request of a user at an
// endpoint to its next there, in a closed load: think time and answer for each of
// the steps between them, averaged over the kinds of user that ask it. 0: not
// known, or the load is open and its arrivals wait for nobody.
func (e *evidence) cycle(ep *result.Endpoint) float64 {
	if e.result.Planned.Rate > 0 || ep.Start {
		return 0
	}
	if slices.Contains(e.transactions, ep) {
		return e.roundOf(ep)
	}
	var sum, weight float64
	for _, g := range e.result.Planned.Groups {
		at := slices.IndexFunc(g.Parts, func(p result.Part) bool { return p.Endpoint == ep.Name })
		if at < 0 || g.Parts[at].Share <= 0 || g.Users == 0 {
			continue
		}
		step := thinkOf(g)
		for _, p := range g.Parts {
			step += p.Share * e.usualOf(e.find(p.Endpoint, false))
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
func (e *evidence) roundOf(ep *result.Endpoint) float64 {
	users := 0
	for _, g := range e.config.Groups {
		does := slices.ContainsFunc(g.Steps, func(s config.Step) bool {
			return s.Transaction != nil &&
				s.Transaction.Name == ep.Name
		})
		at := slices.IndexFunc(e.result.Planned.Groups, func(p result.Group) bool { return p.Name == g.Name })
		if does && at >= 0 {
			users += e.result.Planned.Groups[at].Users
		}
	}
	if ep.Expected <= 0 || users == 0 {
		return 0
	}
	planned := e.result.Planned.Duration - e.window.start()
	return float64(users)*float64(planned)/ep.Expected + e.usualOf(ep)
}

// thinkOf is the mean think time of a group, in nanoseconds.
func thinkOf(g result.Group) float64 {
	think := float64(g.ThinkMin+g.ThinkMax) / 2
	if g.Pace > 0 {
		think /= g.Pace
	}
	return think
}

// usualOf is the mean latency of the faster half of an endpoint's requests, in
// nanoseconds, which no freeze stretches; 0 without any.
func (e *evidence) usualOf(ep *result.Endpoint) float64 {
	t := e.tally(group{ep}, e.window, sent)
	half := hist.Rank(0.5, t.latency.Count())
	var sum float64
	var n int64
	t.latency.Each(func(low time.Duration, count int64) {
		taken := min(count, half-n)
		sum, n = sum+float64(low)*float64(taken), n+taken
	})
	if n <= 0 {
		return 0
	}
	return sum / float64(n)
}

// arrivedRuling rules on a limit on a percentile once more, by what arrivals waited,
// where the requests do not break it: while users wait they do not ask, so a
// service that stands still hides in a closed load (docs/statistics.md). A limit
// that the arrivals of freezes alone are shown to break fails, unless loadgate's
// own probe was read in them. One that the
// arrivals break otherwise is a warning, and so is either of them while the run
// goes on: what has broken the limit so far may not break it for the whole run.
func (e *evidence) arrivedRuling(p promise, g group, r ruling, f figure) (ruling, figure) {
	q, ok := p.limit.Metric.Quantile()
	if !ok || !p.limit.HasFail || p.rule.OfRequests || r.outcome == Fail || f.summed || g.starts() ||
		e.window.Slots == 0 || e.window.apart {
		return r, f
	}
	var all []stat.Wait
	for _, ep := range g {
		all = append(all, e.waitsOf(ep).all...)
	}
	value, ok := stat.ArrivalsQuantile(all, q)
	if !ok || value <= p.limit.Fail {
		return r, f
	}
	f.arrivals = value
	if stretch, low := e.frozenShare(g, p.limit.Fail, freeze.ofService); low > 1-q && !e.ongoing {
		return ruling{outcome: Fail, limit: p.limit.Fail, shown: true, cause: frozen, stretch: stretch}, f
	}
	if _, low := e.frozenShare(g, p.limit.Fail, freeze.any); low > 1-q && !e.ongoing {
		return ruling{outcome: Inconclusive, limit: p.limit.Fail, cause: watchedOver}, f
	}
	if r.outcome == Pass && (e.ongoing || e.result.Planned.Rate == 0) {
		return ruling{outcome: Warn, limit: p.limit.Fail, cause: waiting}, f
	}
	f.arrivals = math.NaN()
	return r, f
}

// freezeOf is the longest freeze of a group, of those that are asked for; false:
// there was none.
func (e *evidence) freezeOf(g group, asked func(freeze) bool) (longest freeze, ok bool) {
	for _, f := range e.freezes {
		if f.touches(g) && asked(f) && f.longest > longest.longest {
			longest, ok = f, true
		}
	}
	return longest, ok
}

// frozenShare is the low end of the share of a group's arrivals that waited
// longer than a limit in some freezes, and the longest of these in words.
func (e *evidence) frozenShare(g group, limit float64, asked func(freeze) bool) (text string, low float64) {
	slow := map[int]bool{}
	for _, f := range e.freezes {
		if !f.touches(g) || !asked(f) {
			continue
		}
		for slot := f.from; slot <= f.last(); slot++ {
			slow[min(slot-e.window.First, e.window.Slots-1)] = true
		}
	}
	longest, ok := e.freezeOf(g, asked)
	if !ok {
		return "", 0
	}
	seconds := make([]stat.Batch, e.window.Slots)
	for _, ep := range g {
		for i, at := range e.waitsOf(ep).bySlot {
			above, all := stat.ArrivalsAbove(at, limit)
			seconds[i].N += all
			if slow[i] {
				seconds[i].Hits += above
			}
		}
	}
	low, _, _ = stat.FailureShare(seconds, e.alpha)
	return longest.text(e), low
}
