package demo

import (
	"math"
	"strconv"
	"strings"
)

// mean averages values that may be missing. What a plain sum loses to rounding is summed
// beside it (Neumaier, 1974): the mean of the same ratings is the same in any order.
type mean struct {
	n         int64
	sum, lost float64
}

func (m *mean) add(x *float64) {
	if x == nil {
		return
	}
	m.n++
	sum := m.sum + *x
	if math.Abs(m.sum) > math.Abs(*x) {
		m.lost += (m.sum - sum) + *x
	} else {
		m.lost += (*x - sum) + m.sum
	}
	m.sum = sum
}

// value is nil for the mean of nothing.
func (m *mean) value() *float64 {
	if m.n == 0 {
		return nil
	}
	return new((m.sum + m.lost) / float64(m.n))
}

// ratio is part of all, which is above 0.
func ratio(part, all int64) float64 { return float64(part) / float64(all) }

// appendRounded writes x, which is not negative, with at least one decimal and at most the given
// number of them. Halves are rounded up. What is a half is decided as SQLite does it, by 18 digits
// or a few more: a number such as 0.24975 is a half, although its binary form is a little less.
func appendRounded(out []byte, x float64, decimals int) []byte {
	_, power := math.Frexp(x)
	known := min(17-int(math.Floor(float64(power-1)*math.Log10(2))), 18+decimals) // digits behind the point
	digits := strings.Replace(strconv.FormatFloat(x, 'f', known, 64), ".", "", 1)
	all, _ := strconv.ParseInt(digits, 10, 64) // at most 2e18, and strconv has written it
	unit := power10(known - decimals)
	n, whole := (all+unit/2)/unit, power10(decimals)
	out = strconv.AppendInt(out, n/whole, 10)
	fraction := strconv.FormatInt(whole+n%whole, 10)[1:] // with its zeros in front
	out = append(out, '.', fraction[0])
	return append(out, strings.TrimRight(fraction[1:], "0")...)
}

// power10 is right for up to 18.
func power10(n int) int64 {
	power := int64(1)
	for range n {
		power *= 10
	}
	return power
}
