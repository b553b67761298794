package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// limitText words a promise: "p95 < 200ms", "success ≥ 99.5%", "≥ 500/min".
// A rate needs no metric beside it: nothing else is counted per time.
func limitText(m metric.Metric, limit gate.Value) string {
	if !limit.OK {
		return ""
	}
	relation := "< "
	if m.Better() == metric.Higher {
		relation = "≥ "
	}
	if m != metric.Throughput && m.Name() != "" {
		relation = m.Name() + " " + relation
	}
	return relation + limit.String()
}

// valueText words a measured value beside its limit and with its interval:
// "141ms (133–150)". A rate is given in the unit of its limit.
func valueText(c gate.Check) string {
	if !c.Got.OK && c.High.OK {
		return "< " + amount(c.High.Quantity)
	}
	if !c.Got.OK {
		return "not measured"
	}
	inLimitUnit := func(q unit.Quantity) unit.Quantity {
		if c.Limit.OK && isRate(q.Unit) && isRate(c.Limit.Unit) {
			q.Unit = c.Limit.Unit
		}
		return q
	}
	value := amount(inLimitUnit(c.Got.Quantity))
	if c.Limit.OK {
		value = apart(inLimitUnit(c.Got.Quantity), c.Limit.Quantity)
	}
	var low, high string
	if c.Low.OK {
		low = amount(inLimitUnit(c.Low.Quantity))
	}
	if c.High.OK {
		high = amount(inLimitUnit(c.High.Quantity))
	}
	return value + intervalText(value, low, high)
}

// intervalText puts an interval in brackets, without its unit where that is
// the value's. An end that the evidence does not give is left out.
func intervalText(value, low, high string) string {
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

// amount prints a quantity with three significant digits; a rate in the
// thousands too.
func amount(q unit.Quantity) string {
	if isRate(q.Unit) {
		q.Value = significant(q, 3) / scale(q.Unit)
	}
	return q.String()
}

// apart prints got so that it cannot be taken for the limit it missed or met:
// 200.4ms beside a limit of 200ms is not printed as 200ms.
func apart(got, limit unit.Quantity) string {
	text := amount(got)
	if got.Value == limit.Value || text != amount(limit) {
		return text
	}
	for figures := 4; figures <= 12; figures++ {
		closer := significant(got, figures)
		if closer == significant(limit, figures) {
			continue
		}
		if got.Unit == unit.Duration {
			return time.Duration(closer).String()
		}
		return strconv.FormatFloat(closer, 'f', -1, 64) + unitOf(text)
	}
	return text
}

// significant is the number that q prints, before its unit, rounded to so
// many significant digits.
func significant(q unit.Quantity, figures int) float64 {
	v := q.Value * scale(q.Unit)
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', figures-1, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// scale is what a value is multiplied with to be printed in a unit: the
// seconds of a rate's time unit, 100 for percent.
func scale(u unit.Unit) float64 {
	switch u {
	case unit.Ratio:
		return 100
	case unit.PerMinute:
		return 60
	case unit.PerHour:
		return 3600
	case unit.PerDay:
		return 86400
	}
	return 1
}

func isRate(u unit.Unit) bool { return u >= unit.PerSecond && u <= unit.PerDay }

// clock prints a length of time as people write it, to the second: 5m, 4m20s,
// 1h30m.
func clock(d time.Duration) string {
	if d < time.Second {
		return unit.Compact(d.Round(time.Millisecond))
	}
	return unit.Compact(d.Round(time.Second))
}

// percent prints a ratio in percent.
func percent(ratio float64) string {
	return unit.Quantity{Value: ratio, Unit: unit.Ratio}.String()
}

// moreText counts what stands behind a name.
func moreText(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}
