package unit

import "strconv"

// Counted counts things: "1 rule", "9 rules". noun is one that takes an s.
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
