package gate

import (
	"cmp"
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// settlingSlots is the number of slots of which stat.Settling takes the first
// and the last.
const settlingSlots = 30

// steady says whether latencies of the run should have been the same all the
// time: it came to its end at one level of load.
func steady(e *evidence.Run) bool {
	return e.Result.End == result.Complete && len(e.Result.Planned.Stages) == 0
}

// mover is an endpoint whose latency moved within the run.
type mover struct {
	name     string
	from, to float64 // nanoseconds
	share    float64 // by how much the one is above the other
	p        float64
}

// drifting warns of response times that rise while the load stays the same: a
// leak, a queue, a table that grows (statistics, section 6).
func drifting(e *evidence.Run) []verdict.Check {
	if !steady(e) {
		return nil
	}
	slots := stat.TrendSlots(e.Window.Length)
	movers := moversOf(e, func(ep *result.Endpoint) (mover, bool) {
		medians := e.Medians(ep, slots)
		d, ok := stat.LatencyTrend(medians)
		if !ok {
			return mover{}, false
		}
		m := mover{name: ep.Name, share: d.Rise, p: d.P}
		if m.from = math.Exp(evidence.Mean(medians)) / math.Sqrt(1+d.Rise); d.Straight {
			for i := range medians {
				medians[i] = math.Exp(medians[i])
			}
			m.from = evidence.Mean(medians) / (1 + d.Rise/2)
		}
		m.to = m.from * (1 + d.Rise)
		return m, true
	}, stat.LatencyRise)
	movers = slices.DeleteFunc(movers, func(m mover) bool { return withinLag(e, m.to-m.from) })
	if len(movers) == 0 {
		return nil
	}
	return []verdict.Check{{
		Subject: "trend", Endpoints: names(movers), Outcome: verdict.Warn, Shown: true,
		Because: reason.LatencyTrend.With(reason.Args{"endpoints": named(movers, reason.EndpointRose)}),
	}}
}

// withinLag says whether a generator that was late, on a machine that was busy, may
// have made so small a difference of medians, in nanoseconds: one of no more than
// it may be late. Its lag itself says little of a median.
func withinLag(e *evidence.Run, difference float64) bool {
	return e.Generator.Measured && e.Generator.Late() && difference <= float64(e.Generator.Allowed)
}

// settling warns of a warm-up that was longer than what was cut off: the slow
// beginning is in the figures.
func settling(e *evidence.Run) []verdict.Check {
	if !steady(e) || e.Window.Slots < settlingSlots {
		return nil
	}
	movers := moversOf(e, func(ep *result.Endpoint) (mover, bool) {
		medians := e.Medians(ep, settlingSlots)
		first, last := medians[:stat.SettlingFirst], medians[settlingSlots-stat.SettlingLast:]
		s, ok := stat.Settling(first, last)
		to := math.Exp(evidence.Mean(last))
		return mover{name: ep.Name, from: to * s.Ratio, to: to, share: s.Ratio - 1, p: s.P}, ok
	}, stat.SettlingRise)
	if len(movers) == 0 {
		return nil
	}
	return []verdict.Check{{
		Subject: "warm-up", Endpoints: names(movers), Outcome: verdict.Warn, Shown: true,
		Because: reason.WarmUpShort.With(reason.Args{"warm_up": e.Result.Planned.WarmUp,
			"endpoints": named(movers, reason.EndpointFell)}),
	}}
}

// moversOf are the endpoints that a test finds, Holm-adjusted over all that it
// can be made of, and that move by as much as is worth a word.
func moversOf(e *evidence.Run, test func(*result.Endpoint) (mover, bool), least float64) []mover {
	var all []mover
	var ps []float64
	for _, ep := range e.Endpoints {
		if ep.Once.Any() {
			continue
		}
		if m, ok := test(ep); ok {
			all, ps = append(all, m), append(ps, m.p)
		}
	}
	var found []mover
	for i, p := range stat.Holm(ps) {
		if p < stat.WithinError && all[i].share >= least {
			found = append(found, all[i])
		}
	}
	slices.SortStableFunc(found, func(a, b mover) int { return cmp.Compare(b.share, a.share) })
	return found
}

func names(movers []mover) []string {
	var names []string
	for _, m := range movers {
		names = append(names, m.name)
	}
	return names
}

// named are the movers, the worst three of them by name.
func named(movers []mover, code reason.Code) []reason.Reason {
	const most = 3
	var all []reason.Reason
	for _, m := range movers[:min(most, len(movers))] {
		quantity := func(ns float64) unit.Quantity { return unit.Quantity{Value: ns, Unit: unit.Duration} }
		all = append(all, code.With(reason.Args{
			"endpoint": m.name, "from": quantity(m.from), "to": quantity(m.to), "rise": m.share,
		}))
	}
	if more := len(movers) - most; more > 0 {
		all = append(all, reason.EndpointsAre.With(reason.Args{"count": more}))
	}
	return all
}
