package unit

import "strings"

// Counted counts things: "1 rule", "1,234 requests", "2 matches", "3 queries". The noun is one
// with a regular plural.
func Counted(n int, noun string) string {
	text := Grouped(int64(n)) + " " + noun
	if n == 1 {
		return text
	}
	for _, end := range []string{"s", "x", "ch", "sh"} {
		if strings.HasSuffix(noun, end) {
			return text + "es"
		}
	}
	if stem, isY := strings.CutSuffix(text, "y"); isY && !strings.ContainsAny(stem[len(stem)-1:], "aeo") {
		return stem + "ies"
	}
	return text + "s"
}

// PerTime is a rate of things: "50 arrivals/s". The noun is a plural.
func PerTime(rate Quantity, noun string) string {
	number, time, _ := strings.Cut(rate.String(), "/")
	return number + " " + noun + "/" + time
}
