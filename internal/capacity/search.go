package capacity

import (
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// search is the levels of one number of replicas.
type search struct {
	count  int
	runs   []*result.Result // by their numbers
	levels verdict.Levels
	causes []verdict.Cause // of the level that broke
}

// serves is what one replica serves: the lower end of the interval at the highest level that held, of its
// worst run; without one it says why.
func (s search) serves() (each verdict.Value, refused []reason.Reason) {
	held, holds := s.levels.Held()
	if !holds {
		return each, []reason.Reason{reason.ScalingNothingHeld.With(reason.Args{"replicas": s.count})}
	}
	low := math.Inf(1)
	for _, run := range held.Runs {
		if !run.RateLow.OK || !(run.RateLow.Value > 0) {
			return each, []reason.Reason{reason.ScalingRateUnknown.With(reason.Args{
				"held": verdict.LoadOf(held.Load, run.Open), "replicas": s.count})}
		}
		low = min(low, run.RateLow.Value)
	}
	return perSecond(low / float64(s.count)), nil
}

// first is the check that broke first.
func (s search) first() (verdict.Check, bool) {
	broken, breaks := s.levels.Broken()
	if !breaks {
		return verdict.Check{}, false
	}
	return broken.Worst().Broken()
}

// gauge is the resource that a check judged, in the run that broke; nil: it judged none.
func (s search) gauge(c verdict.Check) *result.Resource {
	broken, breaks := s.levels.Broken()
	if !breaks || !c.Resource {
		return nil
	}
	return gaugeOf(s.runs[broken.Worst().Run-1], c.Rule)
}

func gaugeOf(r *result.Result, name string) *result.Resource {
	at := slices.IndexFunc(r.Resources, func(g result.Resource) bool { return g.Name == name })
	if at < 0 {
		return nil
	}
	return &r.Resources[at]
}

func perSecond(v float64) verdict.Value {
	return verdict.Measured(unit.Quantity{Value: v, Unit: unit.PerSecond})
}

func ratio(v float64) verdict.Value {
	return verdict.Measured(unit.Quantity{Value: v, Unit: unit.Ratio})
}
