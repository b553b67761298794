package verdict

import "github.com/loadgate/loadgate/internal/unit"

// LoadText is so many users, or arrivals per second, in words.
func LoadText(load float64, open bool) string {
	if open {
		return unit.Quantity{Value: load, Unit: unit.PerSecond}.String()
	}
	return unit.Counted(int(load), "user")
}

// Does is a level and what it does: "20 users hold", "50/s holds".
func Does(load float64, open bool, verb string) string {
	if open || load == 1 {
		verb += "s"
	}
	return LoadText(load, open) + " " + verb
}
