package diagnose

import (
	"maps"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// counted is how many of some requests are too many.
type counted struct{ over, all float64 }

func (c counted) plus(o counted) counted { return counted{c.over + o.over, c.all + o.all} }

// surplus is what a run has too much of, and where: the requests above limits on
// latency that their values do not keep, and failures. Of a comparison the limit
// is what earlier runs had.
type surplus struct {
	checks    []verdict.Check
	limits    map[*result.Endpoint]time.Duration
	slow      map[int]counted // by slot, of the endpoints with a limit that is not kept
	failed    map[int]counted // by slot, of all; empty where so few fail that nobody asks why
	endpoints map[string]counted
	largest   float64 // by which a value is above its limit, in nanoseconds
	behind    float64 // requests above their limits that are within them from the send
	explained map[verdict.Excess]float64
}

// size is the share of an excess that something explains.
type size struct {
	share float64
	of    verdict.Excess
	ok    bool
}

// always is the share of the requests from which a part of the run is nearly all of it, and
// leaves nothing that it could be compared with.
const always = 0.8

// exceeding lays out the excess.
func exceeding(e *evidence.Run, checks []verdict.Check) *surplus {
	x := &surplus{
		checks: checks, limits: map[*result.Endpoint]time.Duration{},
		slow: map[int]counted{}, failed: map[int]counted{},
		endpoints: map[string]counted{}, explained: map[verdict.Excess]float64{},
	}
	for _, c := range checks {
		limit, broken := unkept(c)
		if !broken {
			continue
		}
		x.largest = max(x.largest, c.Got.Value-limit)
		for _, ep := range slices.Concat(e.Endpoints, e.Transactions) {
			least, known := x.limits[ep]
			if slices.Contains(c.Endpoints, ep.Name) && (!known || time.Duration(limit) < least) {
				x.limits[ep] = time.Duration(limit)
			}
		}
	}
	var fails counted
	for _, ep := range slices.Concat(e.Endpoints, e.Transactions) {
		of := x.endpoints[ep.Name]
		for _, s := range ep.Slots {
			if s.Slot < e.Window.First && !ep.Once.Any() || e.Still[s.Slot] {
				continue
			}
			over, fail := x.count(ep, s), float64(0)
			if limit, ok := x.limits[ep]; ok {
				x.slow[s.Slot] = x.slow[s.Slot].plus(over)
				x.behind += over.over - beyond(s.Sent(), limit)
			}
			of = of.plus(over)
			if slices.Contains(e.Transactions, ep) {
				continue // the failures are those of its requests
			}
			for kind, n := range s.Failed {
				if kind.Sent() && !(e.Generator.Exhausted && kind == metric.Refused) {
					fail += float64(n)
				}
			}
			x.failed[s.Slot] = x.failed[s.Slot].plus(counted{fail, float64(s.Requests)})
			fails = fails.plus(counted{fail, float64(s.Requests)})
		}
		x.endpoints[ep.Name] = of
	}
	if fails.over == 0 || fails.over < noted*fails.all && !slices.ContainsFunc(checks, failing) {
		x.failed = nil
	}
	return x
}

// unkept is the limit on a latency that the value of the check does not keep:
// that of the file, or what earlier runs had.
func unkept(c verdict.Check) (limit float64, broken bool) {
	if c.Resource || !c.Metric.Latency() || c.Metric.OfFirstByte() || !c.Got.OK || c.Outcome == verdict.Pass {
		return 0, false
	}
	l := c.Limit
	if c.Comparison != nil {
		l = c.Comparison.Base
	}
	return l.Value, l.OK && c.Got.Value > l.Value
}

// failing says whether the check finds too many failures.
func failing(c verdict.Check) bool {
	switch c.Because.Code {
	case reason.Outage:
		return true
	case reason.TargetSilent, reason.TargetStopped, reason.FailingOutright:
		return c.Outcome == verdict.Fail
	}
	return c.Metric.Share() && c.Outcome == verdict.Fail
}

// count is how many successes of a slot are above the endpoint's limit.
func (x *surplus) count(ep *result.Endpoint, s result.Slot) counted {
	n, err := s.Latency.Count()
	if err != nil {
		return counted{} // the tally has reported it
	}
	c := counted{all: float64(n)}
	if limit, ok := x.limits[ep]; ok {
		c.over = beyond(s.Latency, limit)
	}
	return c
}

// beyond counts what may be above a limit.
func beyond(s hist.Sparse, limit time.Duration) float64 {
	var l hist.Latency
	if s.Into(&l) != nil {
		return 0
	}
	return float64(l.Beyond(limit))
}

// sum adds up.
func sum(all map[int]counted) (c counted) {
	for _, s := range all {
		c = c.plus(s)
	}
	return c
}

// any says whether something is slower than it may be.
func (x *surplus) any() bool { return sum(x.slow).over > 0 }

// slowness says whether the time that requests take is in question: a limit is
// not kept, or times rise with the run or with the load.
func (x *surplus) slowness() bool {
	return x.any() || slices.ContainsFunc(x.checks, func(c verdict.Check) bool {
		return c.Because.Code == reason.LatencyTrend || c.Because.Code == reason.BreakingPoint
	})
}

// within is what is explained by something that was there in some slots only: of
// the requests above their limits those that ended there, less the share that
// chance would put there, and of the failures likewise.
func (x *surplus) within(covered func(slot int) bool) []size {
	return []size{beside(x.slow, covered, verdict.OfSlow), beside(x.failed, covered, verdict.OfFailed)}
}

func beside(slots map[int]counted, covered func(slot int) bool, of verdict.Excess) size {
	all, in := sum(slots), counted{}
	for slot, c := range slots {
		if covered(slot) {
			in = in.plus(c)
		}
	}
	if all.over == 0 || all.all == 0 {
		return size{}
	}
	return beyondChance(in.over/all.over, in.all/all.all, of)
}

// beyondChance is the share of an excess in a part of the run, less what chance
// puts there: a part that holds nearly all requests has nothing beside it, and
// then all of its share counts.
func beyondChance(over, all float64, of verdict.Excess) size {
	if all < always {
		over = max(0, (over-all)/(1-all))
	}
	return size{min(1, over), of, true}
}

// at is what is explained by something that is so at some endpoints only: of the
// requests above their limits those at them, beyond their share of all requests.
func (x *surplus) at(names ...string) size {
	var all, in counted
	for name, c := range x.endpoints {
		all = all.plus(c)
		if slices.Contains(names, name) {
			in = in.plus(c)
		}
	}
	if all.over == 0 || all.all == 0 {
		return size{}
	}
	return beyondChance(in.over/all.over, in.all/all.all, verdict.OfSlow)
}

// weighed is what is explained by something that takes a part of each request in
// a slot, or that each meets with some probability, both in [0,1].
func (x *surplus) weighed(part func(slot int) (float64, bool)) size {
	var over, explained float64
	for _, slot := range slices.Sorted(maps.Keys(x.slow)) { // in one order, for what is added
		if p, known := part(slot); known {
			n := x.slow[slot].over
			over, explained = over+n, explained+n*min(1, max(0, p))
		}
	}
	if over == 0 {
		return size{}
	}
	return size{explained / over, verdict.OfSlow, true}
}
