package unit_test

import (
	"math"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/unit"
)

func TestParseGrowth(t *testing.T) {
	for text, want := range map[string]float64{
		"5%/min": 0.05 / 60, " 5 % / min ": 0.05 / 60, "1%/s": 0.01, "60%/h": 0.6 / 3600,
		"240%/day": 2.4 / 86400, "0%/min": 0,
	} {
		if got, err := unit.ParseGrowth(text); err != nil || math.Abs(got-want) > 1e-15 {
			t.Errorf("ParseGrowth(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"5%":       "5% does not say in which time; write 5%/min, /s, /h or /day",
		"5/min":    `"5/min" has no percent sign; write 5%/min`,
		"5":        `"5" is not a growth; write one like 5%/min`,
		"-5%/min":  `"-5%/min" is not a growth; write one like 5%/min`,
		"5%/week":  `"5%/week" is not a growth; write one like 5%/min`,
		"":         `"" is not a growth; write one like 5%/min`,
		"NaN%/min": "is not a growth", "5%/m": "is not a growth",
	} {
		if got, err := unit.ParseGrowth(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseGrowth(%q) = %v, %v, want %q", text, got, err, want)
		}
	}
}
