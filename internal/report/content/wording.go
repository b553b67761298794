package content

import (
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// LimitOf words the limit of a check: as the file has it, or as it was computed
// from what the value is compared with.
func LimitOf(c verdict.Check) string {
	if !c.Limit.OK {
		return ""
	}
	if c.Comparison != nil {
		return RelationTo(c.Metric) + c.Limit.String()
	}
	return RelationTo(c.Metric) + c.Limit.Exact()
}

// RelationTo begins a promise: "p95 < 200ms", "success ≥ 99.5%", "≥ 500/min".
// A rate needs no metric beside it: nothing else is counted per time.
func RelationTo(m metric.Metric) string {
	relation := "< "
	if m.Better() == metric.Higher {
		relation = "≥ "
	}
	if m != metric.Throughput && m.Name() != "" {
		relation = m.Name() + " " + relation
	}
	return relation
}

// ValueText words a measured value beside its limit and with its interval:
// "141ms (133–150)". A rate is given in the unit of its limit.
func ValueText(c verdict.Check) string {
	value := plainValue(c)
	if !c.Got.OK {
		return value
	}
	var low, high string
	if c.Low.OK {
		low = unit.Amount(inUnitOf(c.Limit, c.Low.Quantity))
	}
	if c.High.OK {
		high = unit.Amount(inUnitOf(c.Limit, c.High.Quantity))
	}
	return value + IntervalText(value, low, high)
}

// plainValue is ValueText without the interval.
func plainValue(c verdict.Check) string {
	switch {
	case !c.Got.OK && c.High.OK:
		return "< " + unit.Amount(c.High.Quantity)
	case !c.Got.OK:
		return "not measured"
	case c.Limit.OK:
		return unit.Apart(inUnitOf(c.Limit, c.Got.Quantity), c.Limit.Quantity)
	}
	return unit.Amount(c.Got.Quantity)
}

// inUnitOf gives a rate in the unit of its limit.
func inUnitOf(limit verdict.Value, q unit.Quantity) unit.Quantity {
	if limit.OK {
		return q.In(limit.Unit)
	}
	return q
}

// IntervalText puts an interval in brackets, without its unit where that is
// the value's. An end that the evidence does not give is left out.
func IntervalText(value, low, high string) string {
	suffix := unitOf(value)
	same := (low == "" || unitOf(low) == suffix) && (high == "" || unitOf(high) == suffix)
	if same {
		low, high = strings.TrimSuffix(low, suffix), strings.TrimSuffix(high, suffix)
	}
	switch {
	case low == "" && high == "":
		return ""
	case low == high:
		return " (" + low + ")"
	case high == "":
		return " (≥ " + low + ")"
	case low == "":
		return " (≤ " + high + ")"
	}
	return " (" + low + "–" + high + ")"
}

// unitOf is what follows the digits of a printed quantity.
func unitOf(text string) string { return strings.TrimLeft(text, "-.0123456789") }

// Length prints a length of time as people write it, to the second: 5m, 4m20s,
// 1h30m.
func Length(d time.Duration) string {
	if d < time.Second {
		return unit.Compact(d.Round(time.Millisecond))
	}
	return unit.Compact(d.Round(time.Second))
}

// Percent prints a ratio in percent.
func Percent(ratio float64) string {
	return unit.Quantity{Value: ratio, Unit: unit.Ratio}.String()
}

// MoreText is " and 3 more" for after a name; empty where there are no more.
func MoreText(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}
