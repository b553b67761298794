package verdict

import "github.com/loadgate/loadgate/internal/unit"

// LevelText is so many users, or arrivals per second, in words.
func LoadText(height float64, open bool) string {
	if open {
		return unit.Quantity{Value: height, Unit: unit.PerSecond}.String()
	}
	return unit.Counted(int(height), "user")
}

// Does is a level and what it does: "20 users hold", "50/s holds".
func Does(height float64, open bool, verb string) string {
	if open || height == 1 {
		verb += "s"
	}
	return LoadText(height, open) + " " + verb
}
