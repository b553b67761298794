package thresholds_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/thresholds"
)

// A share that lets most requests fail is reported, with what was probably meant.
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
		"success: {warn: 0.9%}": "f:7:56: thresholds.sound.success.warn: 0.9% lets 99.1% of the requests fail; did " +
			"you mean 90%?",
		"success: {warn: 99.9%, fail: 0.9%}": "f:7:69: thresholds.sound.success.fail: 0.9% lets 99.1% of the " +
			"requests fail; did you mean 90%?",
		"success: {warn: 99.9%, fail: 99%}": "",
	} {
		s, err := thresholds.Decode([]byte(`version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 60s}}
users:
  g: {wait: 1s, steps: [GET /a]}
thresholds:
  sound: {endpoints: "*",              `+limit+`}
`), "f", thresholds.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Warnings.Error(); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("%s: %q, want %q", limit, got, want)
		}
	}
	for limit, want := range map[string]string{"success: 0.995": "write 99.5%",
		"failure_rate: 0.005": "write 0.5%", "success: 1": "write 100% for all",
		"failure_rate: 1":     "1 has no unit; write 1%",
		"success: 0":          "0 has no unit, and 0% cannot be missed; write a limit such as 99.5%",
		"failure_rate: 100":   "100 has no unit, and 100% cannot be missed; write a limit such as 0.5%",
		"p95: 0":              "0 has no unit, and 0ms cannot be kept; write a limit such as 200ms",
		"throughput: 0":       "0 has no unit, and 0/s cannot be missed; write a limit such as 500/min",
		"success: 0,995":      `"0,995" has a decimal comma; write 99.5%`,
		"success: '99,5%'":    `"99,5%" has a decimal comma; write 99.5%`,
		"p95: 0,5s":           `"0,5s" has a decimal comma; write 0.5s`,
		"throughput: 1,000/s": `"1,000/s" is not a rate; write one like 10/s`,
	} {
		_, err := thresholds.Decode([]byte("version: 1\nthresholds: {sound: {endpoints: '*', "+limit+"}}\n"),
			"f", thresholds.Options{LimitsOnly: true})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", limit, err, want)
		}
	}
}

// So is a floor of a share below one in a hundred; other units have such numbers.
func TestLowFloors(t *testing.T) {
	for limit, want := range map[string]string{
		"min: 80%":  "",
		"min: 1%":   "",
		"max: 0.8%": "",
		"min: 0.8%": "f:6:80: resources.hits.min: a floor of 0.8% allows nearly everything; " +
			"did you mean 80%?",
		"warn: 0.95%, min: 50%": "f:6:81: resources.hits.warn: 0.95% would never be heard",
		"warn: 95%, min: 0.8%": "f:6:91: resources.hits.min: a floor of 0.8% allows nearly everything; " +
			"did you mean 80%?",
	} {
		s, err := thresholds.Decode([]byte(`version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 60s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {all: {endpoints: "*", p95: 1s}}
resources: {hits: {from: redis, url: "redis://localhost", read: hit_rate, `+limit+`}}
`), "f", thresholds.Options{})
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = s.Warnings.Error()
		}
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", limit, got, want)
		}
	}
}
