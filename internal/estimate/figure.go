package estimate

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Figure is a metric of a group with all that is known of its certainty.
// Shares are kept as shares of failures, for which the formulas are; shown
// turns success back.
type Figure struct {
	Metric    metric.Metric
	unit      unit.Unit
	Value     float64
	Low, High float64 // NaN: the evidence gives none
	Requests  int64   // that the value rests on
	Deff      float64 // design effect: how many requests count as one independent request; 1 where unknown
	Worth     float64 // independent requests that would tell as much
	Floor     int64   // Worth from which a value is evidence at all
	Enough    bool    // the floor is reached
	Parts     int
	Filled    int           // Parts that hold a request that counts
	Length    time.Duration // of the window
	Short     bool          // the window is too short for an interval
	Whole     bool          // the value is itself what was promised: no interval, no floor
	Starts    bool          // of start steps
	// Above is what the requests above a limit say of a quantile; nil: nothing.
	Above func(limit float64) stat.Kept
	// Arrivals is the same percentile of arrivals, where that decided; NaN: it
	// did not.
	Arrivals float64
	Summed   bool // another tool's: low and high are the ends of its rounding, no interval
}

// newFigure fills in what all figures of a tally share.
func newFigure(m metric.Metric, u unit.Unit, t *Tally) Figure {
	f := Figure{
		Metric: m, unit: u, Low: math.NaN(), High: math.NaN(), Deff: 1, Arrivals: math.NaN(),
		Parts: len(t.parts), Length: t.window.Length, Short: t.window.Short(),
	}
	for i := range t.parts {
		if t.parts[i].requests > 0 {
			f.Filled++
		}
	}
	return f
}

// shareTolerance keeps the computer's 1-0.9 from not being 0.1. It is far below
// any share that anyone writes or can measure.
const shareTolerance = 1e-12

// Against says what the interval shows of a limit that is written in the
// metric's own direction.
func (f Figure) Against(limit float64) stat.Judgement {
	switch {
	case f.Whole && f.Keeps(limit):
		return stat.Within
	case f.Whole:
		return stat.Beyond
	case f.Metric.Share():
		return stat.AgainstShare(f.Low, f.High, f.Turn(limit))
	case f.Metric.Better() == metric.Higher:
		return stat.AgainstFloor(f.Low, f.High, limit)
	}
	if j := stat.AgainstCeiling(f.Low, f.High, limit); j != stat.Undecided || !f.keptFar(limit) {
		return j
	}
	return stat.Within
}

// keptFar says whether the requests above the limit show that it is kept.
func (f Figure) keptFar(limit float64) bool { return f.Above != nil && f.Above(limit).Shown }

// ByRequestsAbove says whether the requests above the limit, and not the
// interval, show that it is kept.
func (f Figure) ByRequestsAbove(limit float64) bool {
	return stat.AgainstCeiling(f.Low, f.High, limit) == stat.Undecided && f.keptFar(limit)
}

// KeptLikely says whether they would show it if they did not come in bursts.
func (f Figure) KeptLikely(limit float64) bool { return f.Above != nil && f.Above(limit).Likely }

// Keeps says whether the value is on the good side of the limit.
func (f Figure) Keeps(limit float64) bool {
	switch {
	case f.Metric.Share():
		return f.Value <= f.Turn(limit)+shareTolerance
	case f.Metric.Better() == metric.Higher:
		return f.Value >= limit
	}
	return f.Value <= limit
}

// Turn maps a share between the metric's own direction and that of failures.
func (f Figure) Turn(share float64) float64 {
	if f.Metric == metric.Success {
		return 1 - share
	}
	return share
}

// Quantity is a value of the figure's scale with its unit, in the metric's own direction.
func (f Figure) Quantity(v float64) unit.Quantity {
	return unit.Quantity{Value: f.Turn(v), Unit: f.unit}
}

// Limit is a limit on the figure in the unit that it is written in.
func (f Figure) Limit(v float64) unit.Quantity { return unit.Quantity{Value: v, Unit: f.unit} }

// Ends are the interval's ends in the metric's own direction.
func (f Figure) Ends() (low, high verdict.Value) {
	if f.Summed && f.Low == f.High {
		return low, high // exact, which is no interval
	}
	low, high = f.end(f.Low), f.end(f.High)
	if f.Metric == metric.Success {
		low, high = high, low
	}
	return low, high
}

func (f Figure) end(v float64) verdict.Value {
	if math.IsNaN(v) {
		return verdict.Value{}
	}
	return verdict.Measured(f.Quantity(v))
}

// Longer is how many times as much of the run would likely decide about the
// limit; false where nothing is known of it. Below 1 it means nothing.
func (f Figure) Longer(limit float64, fewest int64, alpha float64) (float64, bool) {
	if q, ok := f.Metric.Quantile(); ok && f.Above != nil && f.Value <= limit/stat.Margin {
		if factor, ok := f.Above(limit).Longer(q, alpha); ok {
			return max(factor, float64(fewest)/float64(f.Requests)), true
		}
	}
	if needed := f.Needs(fewest); f.Requests > 0 && needed > f.Requests {
		return float64(needed) / float64(f.Requests), true
	}
	limit, bound := f.Turn(limit), f.High
	if f.Metric.Share() && f.Value < limit && f.Worth > 0 {
		needed, ok := stat.EffectiveForShare(f.Value, limit, alpha)
		return needed / f.Worth, ok
	}
	if f.Value > limit {
		bound = f.Low
	}
	return stat.TimeFactor(f.Value, bound, limit)
}

// Needs is the number of requests, as correlated as those measured, with
// which a pass could be shown at best; 0: no number would do.
func (f Figure) Needs(fewest int64) int64 {
	switch {
	case f.Summed: // no interval has to show it
		return f.Floor
	case fewest == math.MaxInt64:
		return 0
	}
	return max(f.Floor, int64(math.Ceil(float64(fewest)*max(1, f.Deff)-1e-7)))
}
