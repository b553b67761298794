package unit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/unit"
)

func TestParseSpan(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"7d": 168 * time.Hour, "0.5d": 12 * time.Hour, "36h": 36 * time.Hour, " 1d ": 24 * time.Hour, "0d": 0,
		"90m": 90 * time.Minute,
	} {
		if got, err := unit.ParseSpan(text); err != nil || got != want {
			t.Errorf("ParseSpan(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"7": "7 has no unit; write 7d or 7h", "-1d": "is not a time; write one like 7d or 36h", "d": "is not a time",
		"week": "is not a time", "1e9d": "too long", "": "is not a time", "NaNd": "is not a time",
		"1d12h": "is not a time",
	} {
		if got, err := unit.ParseSpan(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseSpan(%q) = %v, %v, want %q", text, got, err, want)
		}
	}
}
