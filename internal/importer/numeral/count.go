// Package numeral reads numbers as programs write them: with the marks of their user's
// country, as text within JSON, or as a word where there is none. What is not there stays
// absent, and what can be read in two ways is refused.
package numeral

import (
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
		v, ferr := strconv.ParseFloat(bare, 64)
		if ferr != nil || v != math.Trunc(v) || math.Abs(v) > 1<<50 {
			return Refuse("%.40s is not a count", text)
		}
		n = int64(v)
	}
	if n < 0 || n > 1<<50 {
		return Refuse("a count of %d is impossible", n)
	}
	*c = Count(n)
	return nil
}

// ParseCount reads a number of requests, or of failures, as programs print it. False: it is
// not a whole number, it is negative, or it is too large to be one.
func ParseCount(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 51)
	return n, err == nil && n >= 0
}
