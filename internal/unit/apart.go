package unit

import (
	"strconv"
	"strings"
	"time"
)

// Rate says whether the unit counts something per time.
func (u Unit) Rate() bool { return u >= PerSecond && u <= PerDay }

// In is a rate in another unit of rates; what is no rate stays as it is.
func (q Quantity) In(u Unit) Quantity {
	if q.Unit.Rate() && u.Rate() {
		q.Unit = u
	}
	return q
}

// Amount prints a quantity as String does, a rate in the thousands with three
// significant digits too.
func Amount(q Quantity) string {
	if q.Unit.Rate() {
		q.Value = significant(q, 3) / q.Unit.Scale()
	}
	return q.String()
}

// Exact prints a quantity that people wrote with all of its digits, up to twelve:
// a limit of 1049ms is no 1.05s.
func (q Quantity) Exact() string {
	switch q.Unit {
	case Bytes:
		return q.String()
	case Duration:
		text := q.String()
		if shown, err := time.ParseDuration(strings.Replace(text, "min", "m", 1)); err == nil &&
			shown == time.Duration(q.Value) {
			return text
		}
		return Compact(time.Duration(q.Value))
	}
	whole := significant(q, most)
	for figures := 3; figures < most; figures++ {
		if significant(q, figures) != whole {
			continue
		}
		if figures == 3 {
			break
		}
		return q.figures(whole)
	}
	return q.String()
}

// most is how many significant digits are ever printed.
const most = 12

// Apart prints got so that it cannot be taken for the limit it missed or met:
// 200.4ms beside a limit of 200ms is not printed as 200ms.
func Apart(got, limit Quantity) string {
	text := Amount(got)
	if got.Value == limit.Value || text != Amount(limit) && text != limit.Exact() {
		return text
	}
	for figures := 4; figures <= most; figures++ {
		if closer := significant(got, figures); closer != significant(limit, figures) {
			return got.figures(closer)
		}
	}
	return text
}

// figures prints a quantity's number, scaled as significant scales it, as it is.
func (q Quantity) figures(scaled float64) string {
	switch q.Unit {
	case Duration:
		return time.Duration(scaled).String()
	case Bytes:
		return strconv.FormatFloat(scaled, 'f', -1, 64) + "B"
	}
	return strconv.FormatFloat(scaled, 'f', -1, 64) + strings.TrimLeft(q.String(), "-.0123456789")
}

// significant is the number that q prints, before its unit, rounded to so
// many significant digits.
func significant(q Quantity, figures int) float64 {
	v := q.Value * q.Unit.Scale()
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', figures-1, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// Scale is what a value is multiplied with to be printed in a unit: the
// seconds of a rate's time unit, 100 for percent.
func (u Unit) Scale() float64 {
	switch u {
	case Ratio:
		return 100
	case PerMinute:
		return 60
	case PerHour:
		return 3600
	case PerDay:
		return 86400
	}
	return 1
}
