// Package numeral reads numbers as programs write them: with the marks of their user's
// country, as text within JSON, or as a word where there is none. What is not there stays
// absent, and what can be read in two ways is refused.
package numeral

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Count is a number of requests in JSON: 12, 12.0, or "12", as programs write 64-bit
// numbers as text. It is not negative. The zero value is 0, which null and "" are as well.
type Count int64

// UnmarshalJSON implements json.Unmarshaler.
func (c *Count) UnmarshalJSON(text []byte) error {
	bare := strings.Trim(string(text), `" `)
	if bare == "null" || bare == "" {
		return nil
	}
	if grouped.MatchString(bare) && text[0] == '"' { // as people write it: 1.000 may be a thousand
		return Refuse("%.40s may mean a thousand times as much: write it without a mark of thousands", text)
	}
	n, err := strconv.ParseInt(bare, 10, 64)
	if err != nil {
		v, ferr := Number(bare)
		if ferr != nil {
			return Refuse("%.40s is not a count", text)
		}
		if n, err = ToCount(v); err != nil {
			return Refuse("%v", err)
		}
	}
	if n < 0 || n > mostCounted {
		return Refuse("a count of %d is impossible", n)
	}
	*c = Count(n)
	return nil
}

// mostCounted is the largest number of requests that is believed.
const mostCounted = 1 << 50

// ToCount is a number of requests that a file has as any number. Fractions, and what is negative or
// too large, are an error.
func ToCount(v float64) (int64, error) {
	if !(v >= 0 && v <= mostCounted) || v != math.Trunc(v) {
		return 0, fmt.Errorf("a count of %g is impossible", v)
	}
	return int64(v), nil
}

// ParseCount reads a number of requests, or of failures, as programs print it. False: it is
// not a whole number, it is negative, or it is too large to be one.
func ParseCount(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 51)
	return n, err == nil && n >= 0
}
