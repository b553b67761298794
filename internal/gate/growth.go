package gate

import (
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// farAway is the longest time until a limit that is given: a century. Longer ones do not fit a
// time.Duration.
const farAway = 100 * 365 * 24 * float64(time.Hour)

// growth warns of a level that rises as the run goes on (statistics, section 6).
//
// Note: the trend is looked for in the values and not in their logarithms. What
// is lost at a steady load is lost at a steady pace: a straight line of values is
// a curve of logarithms, and what the test then takes for the memory of
// neighbouring parts hides a leak that doubles the level.
func growth(e *evidence.Run, c verdict.Check, r config.Resource, w evidence.Watched) (verdict.Check, bool) {
	slots := stat.TrendSlots(e.Window.Length)
	sums, counts := make([]float64, slots), make([]float64, slots)
	from, length := e.Window.Start(), e.Window.Length
	for i, at := range w.At {
		if at < from || at >= from+length || length <= 0 {
			continue
		}
		slot := int(int64(at-from) * int64(slots) / int64(length))
		sums[slot], counts[slot] = sums[slot]+w.Values[i], counts[slot]+1
	}
	middle := evidence.Mean(w.Values)
	scale := middle
	if scale == 0 {
		scale = 1 // nothing is a share of 0, and the parts are numbers all the same
	}
	parts := make([]float64, slots)
	for i := range parts {
		parts[i] = sums[i] / counts[i] / scale // NaN where there is none
	}
	c.Outcome, c.Shown, c.Readings = verdict.Warn, true, len(w.Values)
	c.Subject += ", growth"
	d, ok := stat.Trend(parts)
	switch {
	case !ok:
		c.Shown = false
		c.Because = reason.ResourceGrowthUnknown.With(reason.Args{
			"readings": len(w.Values), "needed": stat.MinTrend, "parts": slots,
		})
		return c, true
	case !steady(e):
		return c, false
	}
	half := d.Slope * float64(slots) / 2
	low, high := middle*(1-half), middle*(1+half)
	if d.P >= stat.WithinError || low <= 0 || high/low-1 < stat.MemoryRise {
		return c, false
	}
	hourly := (high - low) / length.Hours()
	quantity := func(v float64) unit.Quantity { return unit.Quantity{Value: v, Unit: r.Unit} }
	c.Got, c.Metric = verdict.Measured(quantity(high)), metric.OfReadings("", r.Unit, metric.Lower)
	args := reason.Args{
		"from": quantity(low), "to": quantity(high), "rise": high/low - 1, "hourly": quantity(hourly),
	}
	if r.HasMax && high < r.Max {
		c.Limit = verdict.Measured(quantity(r.Max))
		left := (r.Max - high) / hourly * float64(time.Hour)
		args["limit"], args["left"] = quantity(r.Max), time.Duration(min(left, farAway))
	}
	c.Because = reason.ResourceGrows.With(args)
	return c, true
}
