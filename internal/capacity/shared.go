package capacity

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/diagnose"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// sharedCauses are what more replicas do not help against, because all of them depend on it.
var sharedCauses = []reason.Code{
	reason.RateLimiter, reason.DependencyGone, reason.ConnectionsHeldIdle, reason.PoolExhausted,
	reason.DatabaseTime, reason.DatabaseTimeOwn,
}

// inDatabase are words in the names of gauges that are of a database or a cache, whoever reports them:
// each replica brings connections of its own, and all of them end at the same server.
var inDatabase = []string{"connection", "database", "postgres", "mysql", "redis", "sql", "db"}

// shared is why more replicas would not help: what broke first, or explains most of it, is not theirs.
func (s search) shared() (why []reason.Reason) {
	for _, level := range s.levels {
		if c, unmade := level.Worst().Unmade(); unmade && c.Because.Code == reason.RateLimiter {
			return append(why, reason.ScalingSharedCause.With(reason.Args{"cause": c.Because}))
		}
	}
	broke, breaks := s.first()
	if !breaks {
		return nil
	}
	if g := s.gauge(broke); g != nil && shares(g) {
		return append(why, reason.ScalingSharedBroke.With(reason.Args{"resource": g.Name}))
	}
	broken, _ := s.levels.Broken()
	for _, c := range s.causes {
		if !slices.Contains(sharedCauses, c.Because.Code) || c.Size.OK && c.Size.Value < evidence.Majority {
			continue
		}
		pool, _ := c.Because.Args["pool"].(string)
		if g := gaugeOf(s.runs[broken.Worst().Run-1], pool); g != nil && !shares(g) {
			continue // a pool of threads is the replica's own
		}
		why = append(why, reason.ScalingSharedCause.With(reason.Args{"cause": c.Because}))
	}
	return why
}

// shares says whether a gauge is of something that all replicas use.
func shares(g *result.Resource) bool {
	if _, of := diagnose.Dependency(g); of {
		return true
	}
	words := strings.FieldsFunc(strings.ToLower(g.Name+" "+g.Read), func(r rune) bool { return r < 'a' || r > 'z' })
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.Contains(inDatabase, strings.TrimSuffix(word, "s"))
	})
}

// The levels of a search say that requests contend where the law that fits them has its highest throughput
// below the highest level, and what was measured there is below it too, by more than the fit may miss by
// chance: a service that only queues keeps its throughput.
const (
	fallen       = 0.95 // of the highest throughput
	mostlyServed = 0.05 // more failures: it is they that take from the throughput
)

// retrograde is a throughput that falls while more requests are there at once.
func (s search) retrograde() []reason.Reason {
	var n, x []float64
	var last verdict.Stage
	for _, level := range s.levels {
		run := level.Worst()
		if !run.Rate.OK || !run.Mean.OK || run.Rate.Value <= 0 || run.Mean.Value <= 0 ||
			float64(run.Failed) > mostlyServed*float64(run.Requests) {
			continue
		}
		// Little's law: how many at once
		n, x = append(n, run.Rate.Value*time.Duration(run.Mean.Value).Seconds()), append(x, run.Rate.Value)
		last = run
	}
	fit, ok := stat.FitScalability(n, x)
	if !ok {
		return nil
	}
	at, most := fit.Peak(), fit.Most()
	if end := slices.Max(n); !(at < end) || fit.Throughput(end) > fallen*most ||
		last.Rate.Value > fallen*slices.Max(x) {
		return nil
	}
	return []reason.Reason{reason.ScalingRetrograde.With(reason.Args{
		"levels": len(n), "at": int64(math.Max(1, math.Round(at))), "most": perSecond(slices.Max(x)).Quantity,
		"last": last.Rate.Quantity, "load": verdict.LoadOf(last.Load(), last.Open),
	})}
}

// contending is a number of replicas that broke at a load which, for each of them, a smaller number held: the
// two ranges between what held and what broke do not meet.
func contending(all []search) []reason.Reason {
	all = slices.SortedStableFunc(slices.Values(all), func(a, b search) int { return a.count - b.count })
	for i, fewer := range all {
		held, holds := fewer.levels.Held()
		for _, more := range all[i+1:] {
			broken, breaks := more.levels.Broken()
			if !holds || !breaks || more.count == fewer.count {
				continue
			}
			open := held.Runs[0].Open
			fewerEach, moreEach := held.Load/float64(fewer.count), broken.Load/float64(more.count)
			if moreEach >= fewerEach {
				continue
			}
			each := func(load float64) unit.Quantity {
				if open {
					return perSecond(load).Quantity
				}
				return unit.Quantity{Value: load, Unit: unit.Count}
			}
			return []reason.Reason{reason.ScalingFallsShort.With(reason.Args{
				"fewer": fewer.count, "held": verdict.LoadOf(held.Load, open), "fewer_each": each(fewerEach),
				"more": more.count, "broken": verdict.LoadOf(broken.Load, open), "more_each": each(moreEach),
			})}
		}
	}
	return nil
}
