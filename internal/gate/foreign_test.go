package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// figured is a run of a minute of which another tool kept figures: 200 requests
// to GET /a, two failed, p95 of 200 ms to two digits.
func figured() *run {
	r := newRun(60)
	r.Source = result.Source{Tool: "Locust", Format: "locust-csv",
		Failures: result.Mixed, Advice: "run Locust with --json"}
	failed := int64(2)
	mean := result.Exactly(80 * time.Millisecond)
	r.endpoint("GET /a").Summary = &result.Summary{
		Requests: 200, Failed: &failed, Latencies: 200, Mean: &mean,
		Quantiles: []result.Quantile{
			{Q: 0.5, Reading: result.Exactly(70 * time.Millisecond)},
			{Q: 0.95, Reading: result.Reading{Value: 200 * time.Millisecond,
				Low: 195 * time.Millisecond, High: 205 * time.Millisecond}},
		},
	}
	return r
}

// Figures of another tool are judged by value, but not within its rounding, and
// not where they are missing.
func TestFiguresOfAnotherTool(t *testing.T) {
	few := func(r *run) { r.Endpoints[0].Summary.Latencies = 40 }
	for _, tt := range []struct {
		name           string
		limit          config.Limit
		change         func(*run)
		want           verdict.Outcome
		reason, remedy string
	}{
		{"within", limit(t, "p95", ms(206)), nil, verdict.Pass, "", ""},
		{"beyond", limit(t, "p95", ms(190)), nil, verdict.Fail, "p95 is 200ms, above the limit of 190ms",
			"look for slow queries"},
		{"at the limit from below", limit(t, "p95", ms(202)), nil, verdict.Inconclusive,
			"p95 is 200ms, within the limit of 202ms, but Locust rounds: the true value lies between " +
				"195ms and 205ms", "a limit further away"},
		{"at the limit", limit(t, "p95", ms(200)), nil, verdict.Inconclusive, "but Locust rounds", ""},
		{"at the limit from above", limit(t, "p95", ms(196)), nil,
			verdict.Inconclusive, "p95 is 200ms, above the limit of 196ms, but Locust rounds", ""},
		{"exact", limit(t, "mean", ms(80)), nil, verdict.Pass, "", ""},
		{"not in the file", limit(t, "p99", ms(900)), nil, verdict.Inconclusive,
			"Locust's file has no p99, only p50, p95, mean", "run Locust with --json"},
		{"too few", limit(t, "p95", ms(900)), few, verdict.Inconclusive,
			"too few requests: 40, p95 needs at least 72", "run longer"},
		{"not counted", limit(t, "p95", ms(900)), func(r *run) { r.Endpoints[0].Summary.Latencies = 0 },
			verdict.Inconclusive,
			"Locust's file does not say how many requests its p95 rests on", ""},
		{"success", limit(t, "success", 0.99), nil, verdict.Pass, "", ""},
		{"no success", limit(t, "success", 0.995), nil, verdict.Fail, "success is 99%, below the floor of 99.5%", ""},
		{"failures untold", limit(t, "success", 0.9), func(r *run) { r.Endpoints[0].Summary.Failed = nil },
			verdict.Inconclusive,
			"Locust's file does not say which requests failed", "run Locust with --json"},
		{"throughput", limit(t, "throughput", 3), nil, verdict.Pass, "", ""},
		{"no throughput", limit(t, "throughput", 4), nil, verdict.Fail, "", ""},
		{"no time", limit(t, "throughput", 3), func(r *run) { r.Elapsed, r.Planned.Duration = 0, 0 },
			verdict.Inconclusive, "does not say how long the run took", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := figured()
			if tt.change != nil {
				tt.change(r)
			}
			v := judge(t, r, file(tt.limit))
			c := find(t, v, "GET /a", tt.limit.Metric)
			if c.Outcome != tt.want || !strings.Contains(wording.Reason(c), tt.reason) ||
				!strings.Contains(wording.Remedy(c), tt.remedy) {
				t.Errorf("%s: %q, %q; want %s: %q, %q", c.Outcome,
					wording.Reason(c), wording.Remedy(c), tt.want, tt.reason, tt.remedy)
			}
			if note := find(t, v, "intervals", metric.Metric{}); note.Outcome != verdict.Pass ||
				!strings.Contains(wording.Reason(note), "judged by value") {
				t.Errorf("it is not told that this is judged by value: %+v", note)
			}
		})
	}
}

// Percentiles of several endpoints are never joined; buckets are, and what a tool
// says of all its endpoints together counts for all of them.
func TestFiguresTogether(t *testing.T) {
	together := file(limit(t, "p95", ms(300)))
	together.Rules[0].Scope = config.Combined
	r := figured()
	other := *r.Endpoints[0].Summary
	r.endpoint("GET /b").Summary = &other
	c := find(t, judge(t, r, together), "all (2 endpoints)", metric.P95)
	if c.Outcome != verdict.Inconclusive || wording.Reason(c) != "percentiles of several endpoints cannot be joined" {
		t.Errorf("%s: %s", c.Outcome, wording.Reason(c))
	}
	whole := *r.Endpoints[0].Summary
	whole.Requests, whole.Latencies = 400, 400
	r.Summary = &whole
	c = find(t, judge(t, r, together), "all (2 endpoints)", metric.P95)
	if c.Outcome != verdict.Pass || c.Got.Value != ms(200) || c.Requests != 400 {
		t.Errorf("with what the tool says of all: %s: p95 %s of %d requests: %s",
			c.Outcome, c.Got, c.Requests, wording.Reason(c))
	}
	r.endpoint("GET /c").Start = true
	r.endpoint("GET /c").Summary = &other // which "*" leaves out
	c = find(t, judge(t, r, together), "all (2 endpoints)", metric.P95)
	if c.Outcome != verdict.Inconclusive {
		t.Errorf("of a part of them: %s: %s", c.Outcome, wording.Reason(c))
	}
	r.Endpoints, r.Summary = r.Endpoints[:2], nil
	for i := range r.Endpoints {
		s := *r.Endpoints[i].Summary
		s.Quantiles, s.Buckets = nil, []result.Bucket{
			{Reading: result.Exactly(time.Duration(100*(i+1)) * time.Millisecond), Count: 200},
		}
		r.Endpoints[i].Summary = &s
	}
	c = find(t, judge(t, r, together), "all (2 endpoints)", metric.P95)
	if c.Outcome != verdict.Pass || c.Got.Value != ms(200) || c.Requests != 400 {
		t.Errorf("%s: p95 %s of %d requests: %s", c.Outcome, c.Got, c.Requests, wording.Reason(c))
	}
}
