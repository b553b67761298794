package unit

import (
	"fmt"
	"strings"
)

// ParseAmount reads a quantity of any dimension as people write it: 70%, 512MiB,
// 250ms, 10/s, or 100, which is a count. It is 0 or more.
func ParseAmount(text string) (Quantity, error) {
	text = strings.TrimSpace(text)
	var q Quantity
	var err error
	switch {
	case isNumber(text):
		q.Value, err = finite(text)
	case strings.HasSuffix(text, "%"):
		q.Unit = Ratio
		q.Value, err = ParseChange(text)
	case strings.Contains(text, "/"):
		q.Value, q.Unit, err = ParseRate(text)
	case strings.HasSuffix(text, "B"):
		var n int64
		n, err = ParseBytes(text)
		q = Quantity{float64(n), Bytes}
	default:
		d, wrong := ParseDuration(text)
		q, err = Of(d), wrong
		if err != nil && !strings.ContainsAny(text, "0123456789") {
			err = fmt.Errorf("%q is not an amount; write one like 70%%, 512MiB, 250ms, 10/s or 100", text)
		}
	}
	if err != nil {
		return Quantity{}, err
	}
	return q, nil
}

// Alike says whether two units are of one dimension: rates differ only in how
// they are printed.
func Alike(a, b Unit) bool { return a == b || rate(a) && rate(b) }

func rate(u Unit) bool { return u >= PerSecond && u <= PerDay }
