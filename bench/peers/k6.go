package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
)

// k6 (https://github.com/grafana/k6) has both models. Its script checks every
// answer, as loadgate's scenario does; it reports its use to nobody.
var k6 = tool{
	name:    "k6",
	version: []string{"version"},
	sign:    "k6",
	command: func(l load) ([]string, error) {
		executor := fmt.Sprintf("executor: 'constant-vus', vus: %d, duration: '%s', gracefulStop: '10s'",
			l.users, l.seconds())
		switch {
		case l.open():
			// Every arrival that waits needs a user of its own: as many as come in a
			// second, which no scenario's target lets wait for longer.
			executor = fmt.Sprintf("executor: 'constant-arrival-rate', rate: %d, timeUnit: '1s', duration: '%s', "+
				"preAllocatedVUs: %d", l.rate, l.seconds(), l.rate)
		case l.ramp > 0:
			executor = fmt.Sprintf("executor: 'ramping-vus', startVUs: 0, stages: [{duration: '%v', target: %d}, "+
				"{duration: '%v', target: %[2]d}], gracefulStop: '10s'",
				l.ramp, l.users, l.duration-l.ramp)
		}
		pause := ""
		if l.thinks() {
			pause = fmt.Sprintf("sleep(%g + %g * Math.random());", l.least.Seconds(), (l.most - l.least).Seconds())
		}
		script := fmt.Sprintf(`import http from 'k6/http';
import { check, sleep } from 'k6';
export const options = { scenarios: { s: { %s } } };
export default function () {
  check(http.get('%s'), { ok: (r) => r.status === 200 });
  %s
}
`, executor, l.url, pause)
		return []string{
			"run", "--quiet", "--no-usage-report", "--address",
			"127.0.0.1:0", "--summary-trend-stats", "p(50),p(95),p(99)",
			"--summary-export", l.file("k6.json"), l.file("k6.js"),
		}, os.WriteFile(l.file("k6.js"), []byte(script), 0o644)
	},
	figures: func(l load, _ []byte) (figures, error) {
		text, err := os.ReadFile(l.file("k6.json"))
		if err != nil {
			return figures{}, err
		}
		var doc struct {
			Metrics struct {
				Requests struct{ Count int64 } `json:"http_reqs"`
				// Milliseconds, and in some versions texts beside them.
				Duration map[string]json.RawMessage `json:"http_req_duration"`
			}
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			return figures{}, fmt.Errorf("read k6's figures: %w", err)
		}
		at := func(key string) time.Duration {
			ms, err := strconv.ParseFloat(string(doc.Metrics.Duration[key]), 64)
			if err != nil {
				return 0
			}
			return time.Duration(ms * float64(time.Millisecond))
		}
		return figures{requests: doc.Metrics.Requests.Count,
			percentiles: percentiles{at("p(50)"), at("p(95)"), at("p(99)")}}, nil
	},
}
