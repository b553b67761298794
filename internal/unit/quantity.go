// Package unit knows quantities: numbers with a dimension, how people write
// them and how they are printed. It knows nothing of what is measured.
package unit

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Unit is a dimension together with the scale people write it in. The zero
// value is Count.
type Unit uint8

// The units. All rates carry events per second in memory; their unit only
// decides how they are printed.
const (
	Count     Unit = iota // a plain number
	Duration              // nanoseconds
	Ratio                 // a share in [0,1], printed in percent
	PerSecond             // events per second
	PerMinute             // events per second, printed per minute
	PerHour               // events per second, printed per hour
	PerDay                // events per second, printed per day
	Bytes                 // bytes, printed in powers of 1024
)

// rates lists the time units of rates in the order in which they are tried
// when a rate is read: suffix, seconds in one.
var rates = []struct {
	unit    Unit
	suffix  string
	seconds float64
}{
	{PerSecond, "/s", 1},
	{PerMinute, "/min", 60},
	{PerHour, "/h", 3600},
	{PerDay, "/day", 86400},
}

// Quantity is a value with its unit. Value is in the base of the dimension:
// nanoseconds, a ratio in [0,1], events per second, bytes, or a count. The
// zero value is the count 0.
type Quantity struct {
	Value float64
	Unit  Unit
}

// Of returns a duration as a Quantity.
func Of(d time.Duration) Quantity { return Quantity{float64(d), Duration} }

// String prints q with at most three significant digits and a scaled unit:
// 141ms, 1.2s, 99.7%, 8.3/s, 1.5KiB. Whole numbers keep all their digits, and
// ratios close to 1 as many as distinguish them from 1. NaN and infinities print
// as "–": a quantity that was not measured has no digits.
func (q Quantity) String() string {
	if math.IsNaN(q.Value) || math.IsInf(q.Value, 0) {
		return "–"
	}
	switch q.Unit {
	case Duration:
		return durationText(q.Value)
	case Ratio:
		return ratioText(q.Value)
	case Bytes:
		return bytesText(q.Value)
	}
	for _, r := range rates {
		if r.unit == q.Unit {
			return digits(q.Value*r.seconds) + r.suffix
		}
	}
	return digits(q.Value)
}

// durationText scales a number of nanoseconds to ns, µs, ms, s, min or h.
func durationText(ns float64) string {
	if ns == 0 {
		return "0s"
	}
	scales := []struct {
		from, size float64
		suffix     string
	}{
		{0, 1, "ns"}, {999.5, 1e3, "µs"}, {999.5e3, 1e6, "ms"},
		{999.5e6, 1e9, "s"}, {119.95e9, 60e9, "min"}, {119.95 * 60e9, 3600e9, "h"},
	}
	at := scales[0]
	for _, s := range scales {
		if math.Abs(ns) >= s.from {
			at = s
		}
	}
	return digits(ns/at.size) + at.suffix
}

// ratioText prints a share in percent with the fewest digits that are within 0.5 %
// of the share and, from 0.9 on, within 5 % of its distance to 1 as well: 99.95%,
// never 100% for less than all.
func ratioText(ratio float64) string {
	const most = 10 // decimal places; of float64 ratios next to 1 no more are true
	for places := range most {
		percent := strconv.FormatFloat(ratio*100, 'f', places, 64)
		back, err := strconv.ParseFloat(percent, 64)
		if err != nil {
			continue
		}
		shown := back / 100
		if math.Abs(shown-ratio) > 0.005*math.Abs(ratio) {
			continue
		}
		if ratio < 0.9 || math.Abs(shown-ratio) <= 0.05*math.Abs(1-ratio) {
			return percent + "%"
		}
	}
	if ratio > 0.9 && ratio < 1 {
		return "99." + strings.Repeat("9", most) + "%"
	}
	return digits(ratio*100) + "%"
}

func bytesText(n float64) string {
	suffixes := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for math.Abs(n) >= 999.5 && i < len(suffixes)-1 {
		n /= 1024
		i++
	}
	return digits(n) + suffixes[i]
}

// Compact prints a duration exactly, as thresholds.yaml takes it: 500ms, 5m,
// 1h30m.
func Compact(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// Grouped prints a whole number with a comma at every thousand: 10,755.
func Grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// digits prints v with three significant digits, without an exponent and
// without trailing zeros after the point. From 1,000 on it keeps all digits
// before the point; below 1e-12 it prints 0.
func digits(v float64) string {
	places := 0
	switch a := math.Abs(v); {
	case a >= 99.95 || a == 0:
		places = 0
	case a >= 9.995:
		places = 1
	case a >= 0.9995:
		places = 2
	default:
		places = min(12, 2-int(math.Floor(math.Log10(a))))
	}
	text := strconv.FormatFloat(v, 'f', places, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		return "0"
	}
	return text
}

// Base is the name of the unit that Quantity.Value is in: count, ns, ratio,
// per_second or bytes.
func (u Unit) Base() string {
	switch {
	case u == Duration:
		return "ns"
	case u == Ratio:
		return "ratio"
	case u == Bytes:
		return "bytes"
	case rate(u):
		return "per_second"
	}
	return "count"
}

// MarshalText writes the name of the base: values are in it.
func (u Unit) MarshalText() ([]byte, error) { return []byte(u.Base()), nil }

// UnmarshalText reads the name of a base.
func (u *Unit) UnmarshalText(text []byte) error {
	for _, known := range []Unit{Count, Duration, Ratio, PerSecond, Bytes} {
		if known.Base() == string(text) {
			*u = known
			return nil
		}
	}
	return fmt.Errorf("%q is not a unit", text)
}
