package gate

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// figure is a metric of a group with all that is known of its certainty.
// Shares are kept as shares of failures, for which the formulas are; shown
// turns success back.
type figure struct {
	metric    metric.Metric
	unit      unit.Unit
	value     float64
	low, high float64 // NaN: the evidence gives none
	requests  int64   // that the value rests on
	deff      float64 // design effect: how many requests count as one independent request; 1 where unknown
	worth     float64 // independent requests that would tell as much
	floor     int64   // worth from which a value is evidence at all
	enough    bool    // the floor is reached
	parts     int
	filled    int           // parts that hold a request that counts
	length    time.Duration // of the window
	short     bool          // the window is too short for an interval
	whole     bool          // the value is itself what was promised: no interval, no floor
	starts    bool          // of start steps
	// above is what the requests above a limit say of a quantile; nil: nothing.
	above func(limit float64) stat.Kept
	// arrivals is the same percentile of arrivals, where that decided; NaN: it
	// did not.
	arrivals float64
	summed   bool // another tool's: low and high are the ends of its rounding, no interval
}

// newFigure fills in what all figures of a tally share.
func newFigure(m metric.Metric, u unit.Unit, t *tally) figure {
	f := figure{
		metric: m, unit: u, low: math.NaN(), high: math.NaN(), deff: 1, arrivals: math.NaN(),
		parts: len(t.parts), length: t.window.Length, short: t.window.short(),
	}
	for i := range t.parts {
		if t.parts[i].requests > 0 {
			f.filled++
		}
	}
	return f
}

// shareTolerance keeps the computer's 1-0.9 from not being 0.1. It is far below
// any share that anyone writes or can measure.
const shareTolerance = 1e-12

// against says what the interval shows of a limit that is written in the
// metric's own direction.
func (f figure) against(limit float64) stat.Judgement {
	switch {
	case f.whole && f.keeps(limit):
		return stat.Within
	case f.whole:
		return stat.Beyond
	case f.metric.Share():
		return stat.AgainstShare(f.low, f.high, f.turn(limit))
	case f.metric.Better() == metric.Higher:
		return stat.AgainstFloor(f.low, f.high, limit)
	}
	if j := stat.AgainstCeiling(f.low, f.high, limit); j != stat.Undecided || !f.keptFar(limit) {
		return j
	}
	return stat.Within
}

// keptFar says whether the requests above the limit show that it is kept.
func (f figure) keptFar(limit float64) bool { return f.above != nil && f.above(limit).Shown }

// byRequestsAbove says whether the requests above the limit, and not the
// interval, show that it is kept.
func (f figure) byRequestsAbove(limit float64) bool {
	return stat.AgainstCeiling(f.low, f.high, limit) == stat.Undecided && f.keptFar(limit)
}

// keptLikely says whether they would show it if they did not come in bursts.
func (f figure) keptLikely(limit float64) bool { return f.above != nil && f.above(limit).Likely }

// keeps says whether the value is on the good side of the limit.
func (f figure) keeps(limit float64) bool {
	switch {
	case f.metric.Share():
		return f.value <= f.turn(limit)+shareTolerance
	case f.metric.Better() == metric.Higher:
		return f.value >= limit
	}
	return f.value <= limit
}

// turn maps a share between the metric's own direction and that of failures.
func (f figure) turn(share float64) float64 {
	if f.metric == metric.Success {
		return 1 - share
	}
	return share
}

// text prints a value of the figure's scale as it is kept.
func (f figure) text(v float64) string { return f.quantity(v).String() }

func (f figure) quantity(v float64) unit.Quantity {
	return unit.Quantity{Value: f.turn(v), Unit: f.unit}
}

// written prints a limit, in the metric's own direction, as the file has it.
func (f figure) written(v float64) string { return unit.Quantity{Value: v, Unit: f.unit}.Exact() }

// beside prints the value so that it cannot be taken for a limit.
func (f figure) beside(limit float64) string {
	return unit.Apart(f.quantity(f.value), unit.Quantity{Value: limit, Unit: f.unit})
}

// ends are the interval's ends in the metric's own direction.
func (f figure) ends() (low, high Value) {
	if f.summed && f.low == f.high {
		return low, high // exact, which is no interval
	}
	low, high = f.end(f.low), f.end(f.high)
	if f.metric == metric.Success {
		low, high = high, low
	}
	return low, high
}

func (f figure) end(v float64) Value {
	if math.IsNaN(v) {
		return Value{}
	}
	return Measured(f.quantity(v))
}

// longer is how many times as much of the run would likely decide about the
// limit; false where nothing is known of it. Below 1 it means nothing.
func (f figure) longer(limit float64, fewest int64, alpha float64) (float64, bool) {
	if q, ok := f.metric.Quantile(); ok && f.above != nil && f.value <= limit/stat.Margin {
		if factor, ok := f.above(limit).Longer(q, alpha); ok {
			return max(factor, float64(fewest)/float64(f.requests)), true
		}
	}
	if needed := f.needs(fewest); f.requests > 0 && needed > f.requests {
		return float64(needed) / float64(f.requests), true
	}
	limit, bound := f.turn(limit), f.high
	if f.metric.Share() && f.value < limit && f.worth > 0 {
		needed, ok := stat.EffectiveForShare(f.value, limit, alpha)
		return needed / f.worth, ok
	}
	if f.value > limit {
		bound = f.low
	}
	return stat.TimeFactor(f.value, bound, limit)
}

// needs is the number of requests, as correlated as those measured, with
// which a pass could be shown at best; 0: no number would do.
func (f figure) needs(fewest int64) int64 {
	switch {
	case f.summed: // no interval has to show it
		return f.floor
	case fewest == math.MaxInt64:
		return 0
	}
	return max(f.floor, int64(math.Ceil(float64(fewest)*max(1, f.deff)-1e-7)))
}
