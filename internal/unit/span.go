package unit

import (
	"fmt"
	"strings"
	"time"
)

// ParseSpan reads a length of time that may be written in days: 7d, 36h. A number without a unit, a
// negative one and one above 10,000 hours are errors.
func ParseSpan(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	number, inDays := strings.CutSuffix(text, "d")
	days, err := finite(number)
	switch {
	case isNumber(text):
		return 0, fmt.Errorf("%s has no unit; write %sd or %sh", text, text, text)
	case !inDays:
		d, err := ParseDuration(text)
		if err != nil {
			err = fmt.Errorf("%q is not a time; write one like 7d or 36h", text)
		}
		return d, err
	case err != nil || days < 0:
		return 0, fmt.Errorf("%q is not a time; write one like 7d or 36h", text)
	case days*24 > Longest.Hours():
		return 0, tooLong(text)
	}
	return time.Duration(days * float64(24*time.Hour)), nil
}
