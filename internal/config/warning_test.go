package config_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
)

// A share that lets most requests fail is told, and what was probably meant.
func TestLooseShares(t *testing.T) {
	for limit, want := range map[string]string{
		"success: 99.5%": "",
		"success: 60%":   "",
		"success: 0.995%": "f:7:49: thresholds.sound.success: 0.995% lets 99% of the requests fail; did you " +
			"mean 99.5%?",
		"success: 1%": "f:7:49: thresholds.sound.success: 1% lets 99% of the requests fail; did you " +
			"mean 100%?",
		"success: 30%":       "f:7:49: thresholds.sound.success: 30% lets 70% of the requests fail",
		"failure_rate: 0.5%": "",
		"failure_rate: 99.5%": "f:7:54: thresholds.sound.failure_rate: 99.5% lets 99.5% of the requests fail; did " +
			"you mean 0.5%?",
		"success: {warn: 0.9%}": "",
	} {
		s, err := config.Decode([]byte(`version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 60s}}
users:
  g: {wait: 1s, steps: [GET /a]}
thresholds:
  sound: {endpoints: "*",              `+limit+`}
`), "f", config.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Warnings.Error(); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("%s: %q, want %q", limit, got, want)
		}
	}
	for limit, want := range map[string]string{"success: 0.995": "write 99.5%",
		"failure_rate: 0.005": "write 0.5%", "success: 1": "write 100% for all"} {
		_, err := config.Decode([]byte("version: 1\nthresholds: {sound: {endpoints: '*', "+limit+"}}\n"),
			"f", config.Options{LimitsOnly: true})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", limit, err, want)
		}
	}
}
