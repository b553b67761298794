package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
)

// loadgate runs as it would in CI: a scenario, a check of every answer,
// histograms of every second, a verdict. It has no arrivals at a rate, so it
// sits the freeze out.
var loadgate = tool{
	name:    "loadgate",
	version: []string{"--version"},
	sign:    "loadgate",
	verdict: []int{1, 3},
	command: func(l load) ([]string, error) {
		if l.users == 0 {
			return nil, nil
		}
		wait := "0s"
		if l.thinks() {
			wait = l.least.String() + ".." + l.most.String()
		}
		return []string{"run", l.file("thresholds.yaml"), "--out", l.file("out"), "--quiet", "--no-color"},
			os.WriteFile(l.file("thresholds.yaml"), fmt.Appendf(nil, `version: 1
target: {url: '%s'}
profiles: {p: {users: %d, spawn_rate: %d/s, duration: %s, warm_up: 0s, try: false}}
users: {g: {wait: %s, steps: [{request: GET /, expect: 'status == 200'}]}}
thresholds: {all: {endpoints: "*", success: 99%%, p95: 1s}}
`, l.url, l.users, l.users, l.seconds(), wait), 0o644)
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
				fromSend := slot.FromSend
				if fromSend == nil {
					fromSend = slot.Latency // the same
				}
				if err := fromSend.Into(&sent); err != nil {
					return f, err
				}
			}
		}
		for _, m := range r.Timeline {
			if err := m.Lag.Into(&lag); err != nil {
				return f, err
			}
		}
		f.p50, _ = latency.Quantile(0.50)
		f.p95, _ = latency.Quantile(0.95)
		f.p99, _ = latency.Quantile(0.99)
		f.note, err = verdictNote(l.file("out/verdict.json"))
		// Lag of up to 1 ms counts as none.
		if late, ok := lag.Quantile(0.99); ok && late < time.Millisecond {
			f.note += ", lag p99 within 1 ms"
		} else if ok {
			f.note += ", lag p99 " + short(late)
		}
		if p95, ok := sent.Quantile(0.95); ok && p95 != f.p95 {
			f.note += ", p95 from the send " + short(p95)
		}
		return f, err
	},
}

// verdictNote is what loadgate made of the run.
func verdictNote(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var v struct {
		Outcome string `json:"outcome"`
		Checks  []struct{ Outcome, Reason string }
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return "", fmt.Errorf("read verdict.json: %w", err)
	}
	for _, c := range v.Checks {
		if c.Outcome == v.Outcome && c.Outcome != "pass" {
			return fmt.Sprintf("verdict %s (%s)", v.Outcome, c.Reason), nil
		}
	}
	return "verdict " + v.Outcome, nil
}
