package experiment

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/capacity"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// How the levels of a search are cut.
const (
	ShortestLevel = 30 * time.Second // measured: less gives no interval
	longestLevel  = time.Minute      // that is chosen without being asked for
	levelSettles  = 5 * time.Second  // after the ramp: not measured

	// MostTimes is how many times the first level a highest one may well be.
	MostTimes = 16
)

// Capacity is a search for the highest load that a service carries: levels of
// one load, each a run of its own, up by doubling until one breaks, then
// halfway between what holds and what does not, and once more at the highest
// that held.
type Capacity struct {
	Plan *plan.Plan // of the load, with the paces that all levels have; no shard
	From float64    // the first level: users, or arrivals per second
	Most float64    // no level is higher; at least From
	// Least is the lowest level that can be made; at most From. 0: one user, or any rate.
	Least float64
	// Precision ends the search when the highest passing and the lowest failing level are this
	// close, as a share in (0,1].
	Precision float64
	Within    time.Duration // no level begins that would end later than this
	Measured  time.Duration // of each level; 0: 30 s to a minute, by the rarest endpoint
	// Run makes the run of a level, number from 1, and asks hooks meanwhile. A result that it returns with
	// an error is judged too.
	Run func(ctx context.Context, number int, p *plan.Plan, hooks Hooks) (*result.Result, error)
	// Ready waits after each level until the target may be loaded again.
	Ready func(ctx context.Context) error
	// Judged is called with each level when it is over; may be nil.
	Judged func(verdict.Stage)
	Now    func() time.Time
}

// Find searches, and returns the runs of all levels in the order in which they
// were made, and why there are no more. An error is one of Run, or of a level
// that cannot be planned; that of a target that is not ready again is an end.
func (c Capacity) Find(ctx context.Context) (levels []*result.Result, end capacity.SearchEnd, err error) {
	began := c.Now()
	var runs []verdict.Stage
	for {
		load, more := c.next(verdict.NewLevels(runs))
		if !more {
			return levels, capacity.SearchClosed, nil
		}
		p, err := c.level(load, len(levels)+1)
		if err != nil {
			return levels, capacity.SearchCut, err
		}
		if len(levels) > 0 && c.Now().Sub(began)+p.Duration > c.Within {
			return levels, capacity.SearchTimeUp, nil
		}
		if len(levels) > 0 {
			if err := c.Ready(ctx); err != nil {
				return levels, c.unwell(ctx), nil
			}
		}
		r, err := c.Run(ctx, len(levels)+1, p, levelHooks(p))
		if r != nil {
			judged := capacity.JudgeLevel(r, p.Config)
			levels, runs = append(levels, r), append(runs, judged)
			if c.Judged != nil {
				c.Judged(judged)
			}
		}
		if err != nil || ctx.Err() != nil {
			return levels, capacity.SearchCut, err
		}
	}
}

// First is the plan of the first level. An error says why it cannot be made, or
// that the file has no limit that a level could break.
func (c Capacity) First() (*plan.Plan, error) {
	if !breakable(c.Plan) {
		return nil, fmt.Errorf("profile %s: no limit of the file holds in it that a load could break; write a p95 or "+
			"success under thresholds, or a max under resources", c.Plan.Profile)
	}
	return c.level(c.From, 1)
}

// breakable says whether anything is asked of a level: of start steps nothing is,
// nor is a floor under throughput.
func breakable(p *plan.Plan) bool {
	asked := func(r config.Rule) bool {
		return slices.ContainsFunc(p.Endpoints,
			func(e plan.Endpoint) bool { return !e.Once.Any() && r.Matches(e.Name, false) }) ||
			slices.ContainsFunc(p.Transactions, func(e plan.Endpoint) bool { return r.MatchesTransaction(e.Name) })
	}
	bounding := func(l config.Limit) bool { return l.Metric != metric.Throughput }
	return slices.ContainsFunc(p.Config.Resources,
		func(r config.Resource) bool { return r.Limited() && r.Applies(p.Profile) }) ||
		slices.ContainsFunc(p.Config.Rules, func(r config.Rule) bool {
			return r.Applies(p.Profile) && slices.ContainsFunc(r.Limits, bounding) && asked(r)
		})
}

// unwell is the end of a search whose target is not ready.
func (c Capacity) unwell(ctx context.Context) capacity.SearchEnd {
	if ctx.Err() != nil {
		return capacity.SearchCut
	}
	return capacity.SearchUnwell
}

// level plans a level.
func (c Capacity) level(load float64, number int) (*plan.Plan, error) {
	measured := c.Measured
	if measured == 0 {
		// The rates are proportional to the level.
		scaled := c.Plan.TimeFor(plan.Enough*c.Plan.Level()/load, longestLevel)
		measured = max(ShortestLevel, scaled)
	}
	return c.Plan.At(load, levelSettles, measured, number)
}

// levelHooks end a level at once when its target does little but fail, and let
// it go on as long again while more requests may decide it.
func levelHooks(p *plan.Plan) Hooks {
	hooks := Hooks{Look: capacity.FailsOutright}
	for at := time.Second; at < 2*p.Duration; at += time.Second {
		hooks.Looks = append(hooks.Looks, at)
	}
	hooks.More = func(r *result.Result) time.Duration {
		seen := *r
		seen.End = result.Stopped
		s := capacity.JudgeLevel(&seen, p.Config)
		decidable := slices.ContainsFunc(s.Checks,
			func(c verdict.Check) bool { return c.Outcome == verdict.Inconclusive && c.Requests > 0 })
		if s.Standing() == verdict.Undecided && decidable {
			return p.Measured()
		}
		return 0
	}
	return hooks
}

// next is the level to run next, from what the others came to; false: there is
// none left to try.
func (c Capacity) next(l verdict.Levels) (load float64, more bool) {
	if len(l) == 0 {
		return c.From, true
	}
	lowest, top := l[0], l[len(l)-1]
	capped := func(r verdict.Level) bool { return r.Standing == verdict.Broken || r.Standing == verdict.Unmade }
	held, holds := l.Held()
	floor := held.Load
	if !holds {
		if capped(lowest) {
			return c.half(lowest.Load)
		}
		// Nothing is decided below the first that cannot be passed.
		floor = top.Load
		if roof, ok := l.Above(0, capped); ok {
			under, _ := l.Below(roof.Load)
			floor = under.Load
		}
	}
	if _, ok := l.Above(floor, capped); !ok {
		if higher, ok := c.double(top.Load); ok {
			return higher, true
		}
	}
	above, some := l.Above(floor, func(r verdict.Level) bool { return r.Standing != verdict.Held })
	if some {
		if mid, ok := c.middle(floor, above.Load); ok {
			return mid, true
		}
	}
	// What is undecided lies between: where does it break?
	if broken, ok := l.Broken(); ok && broken.Load > above.Load {
		under, _ := l.Below(broken.Load)
		if mid, ok := c.middle(under.Load, broken.Load); ok {
			return mid, true
		}
	}
	if holds && len(held.Runs) == 1 {
		return held.Load, true
	}
	return 0, false
}

// double is the next level up; false: there is none that may be tried.
func (c Capacity) double(load float64) (float64, bool) {
	return min(2*load, c.Most), load < c.Most
}

// half is the next level down. Below a hundredth of the first there is none, nor
// below one user.
func (c Capacity) half(load float64) (float64, bool) {
	lower := max(c.even(load/2), c.Least)
	return lower, lower < load && lower >= c.From/100
}

// middle is the level between two, by their ratio; false where they are near
// enough.
func (c Capacity) middle(low, high float64) (float64, bool) {
	mid := c.even(math.Sqrt(low * high))
	return mid, high > low*(1+c.Precision) && low < mid && mid < high
}

// even is the nearest level that people would write: whole users, at least one,
// or a rate of three digits.
func (c Capacity) even(load float64) float64 {
	if !c.Plan.Open {
		return max(1, math.Round(load))
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(load)))
	return math.Round(load*scale) / scale
}
