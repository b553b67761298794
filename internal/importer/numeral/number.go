package numeral

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Number reads a number as programs write it for other programs: decimal digits, with a point
// and an exponent or without. NaN, Inf and the notations of Go's source, 0x1p-2 and 1_000, are
// an error, although strconv takes most of them.
func Number(text string) (float64, error) {
	// The letters are those of an exponent: strconv also takes words, and hexadecimal.
	if strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789.eE+-", r) }) < 0 {
		if v, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(v, 0) {
			return v, nil
		}
	}
	return 0, fmt.Errorf("%q is not a number", text)
}
