package numeral

import (
	"fmt"
	"strconv"
)

// Milliseconds reads a whole number of milliseconds, a length of time or a moment since 1970.
// The name is the field's, for the message; empty: it has none. Numbers of 2^43 and more, some
// 280 years, are refused: the difference of two would overflow a duration.
func Milliseconds(name, text string) (int64, error) {
	ms, err := strconv.ParseInt(text, 10, 44)
	if err == nil {
		return ms, nil
	}
	if name != "" {
		name += " "
	}
	return 0, fmt.Errorf("%s%q is not a whole number of milliseconds", name, text)
}
