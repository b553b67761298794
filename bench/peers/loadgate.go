package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
)

// loadgate runs as it would in CI: a scenario, a check of every answer,
// histograms of every second, a verdict. The runs are too short for intervals,
// so it compares values.
var loadgate = tool{
	name:    "loadgate",
	version: []string{"--version"},
	sign:    "loadgate",
	verdict: []int{1, 3},
	command: func(l load) ([]string, error) {
		return []string{"run", l.file("thresholds.yaml"), "--out", l.file("out"), "--quiet", "--no-color"},
			os.WriteFile(l.file("thresholds.yaml"), fmt.Appendf(nil, `version: 1
target: {url: '%s'}
profiles: {p: {%s, duration: %s, warm_up: 0s, try: false}}
users: {g: {wait: %s, steps: [{request: GET /, expect: 'status == 200'}]}}
thresholds: {all: {endpoints: "*", success: 99%%, p95: 1s}}
judge: {decide: point}
`, l.url, loadgateLoad(l.scenario), l.seconds(), loadgateWait(l.scenario)), 0o644)
	},
	// Everything that was sent, ramp and drain included: that is what the
	// target counted.
	figures: func(l load, _ []byte) (figures, error) {
		var f figures
		file, err := os.Open(l.file("out/result.json"))
		if err != nil {
			return f, err
		}
		defer file.Close()
		r, err := result.Decode(file, "result.json")
		if err != nil {
			return f, err
		}
		var latency, sent, lag hist.Latency
		for _, e := range r.Endpoints {
			for _, slot := range e.Slots {
				f.requests += slot.Requests
				if err := slot.Latency.Into(&latency); err != nil {
					return f, err
				}
				if err := slot.Sent().Into(&sent); err != nil {
					return f, err
				}
			}
		}
		for _, m := range r.Timeline {
			if err := m.Lag.Into(&lag); err != nil {
				return f, err
			}
		}
		f.percentiles = percentilesOf(&latency)
		f.sent = percentilesOf(&sent)
		notes, err := loadgateDoubts(l.file("out/verdict.json"))
		// Without think times nothing is due but when it is sent.
		if late := percentilesOf(&lag); l.open() || l.thinks() {
			notes = append(notes, fmt.Sprintf("lag p50 %s, p99 %s", lagText(late[0]), lagText(late[2])))
		}
		f.note = strings.Join(notes, "; ")
		return f, err
	},
}

func loadgateLoad(s scenario) string {
	if s.open() {
		return fmt.Sprintf("rate: %d/s, arrivals: even", s.rate)
	}
	return fmt.Sprintf("users: %d, spawn_rate: %d/s", s.users, load{scenario: s}.perSecond())
}

func loadgateWait(s scenario) string {
	if s.thinks() {
		return s.least.String() + ".." + s.most.String()
	}
	return "0s"
}

// lagText is a lag as text. After a think time one of up to 2 ms counts as
// none, which is the histogram's first microsecond.
func lagText(lag time.Duration) string {
	if lag < time.Microsecond {
		return "within 2ms"
	}
	return short(lag)
}

func percentilesOf(l *hist.Latency) (p percentiles) {
	for i, q := range quantiles {
		p[i], _ = l.Quantile(q)
	}
	return p
}

// loadgateDoubts is what speaks against the run in its verdict: limits that are
// broken, and what it says of the generator and its machine. That values are not
// shown to hold by intervals is known beforehand.
func loadgateDoubts(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var v struct {
		Checks []struct{ Rule, Outcome, Reason string }
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, fmt.Errorf("read verdict.json: %w", err)
	}
	var doubts []string
	for _, c := range v.Checks {
		if c.Outcome == "fail" || c.Rule == "" && c.Outcome != "pass" {
			doubts = append(doubts, c.Outcome+": "+c.Reason)
		}
	}
	return doubts, nil
}
