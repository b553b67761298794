package unit

import (
	"fmt"
	"strings"
)

// ParseGrowth reads how fast something grows, 5%/min, and returns the share by which it grows in a
// second, 0 or more.
func ParseGrowth(text string) (perSecond float64, err error) {
	text = strings.TrimSpace(text)
	share, time, ok := strings.Cut(text, "/")
	for _, r := range rates {
		if !ok || "/"+strings.TrimSpace(time) != r.suffix {
			continue
		}
		v, err := ParseChange(share)
		switch {
		case err == nil:
			return v / r.seconds, nil
		case isNumber(share):
			return 0, fmt.Errorf("%q has no percent sign; write %s%%%s", text, strings.TrimSpace(share), r.suffix)
		}
		return 0, notGrowth(text)
	}
	if _, err := ParseChange(text); err == nil {
		return 0, fmt.Errorf("%s does not say in which time; write %s/min, /s, /h or /day", text, text)
	}
	return 0, notGrowth(text)
}

func notGrowth(text string) error {
	return fmt.Errorf("%q is not a growth; write one like 5%%/min", text)
}
