package gate_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// failing sends n requests, evenly over the run, of which every nth fails with
// that status.
func (r *run) failing(name string, n, every, status int) {
	seconds := int(r.Elapsed / time.Second)
	for i := range n {
		if (i*7)%every == every-1 {
			r.fail(name, i*seconds/n, 1, metric.Status, status)
		} else {
			r.ok(name, i*seconds/n, 20*time.Millisecond)
		}
	}
}

func TestJudgeShares(t *testing.T) {
	tests := []struct {
		name    string
		metric  string
		fail    float64
		seconds int
		build   func(*run)
		judge   func(*config.Judge)
		outcome verdict.Outcome
		reason  string
		remedy  string
	}{
		{
			name: "no failure, enough requests", metric: "success", fail: 0.995, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 736, 1000, 500) },
			outcome: verdict.Pass,
		},
		{
			name: "no failure, one request short", metric: "success", fail: 0.995, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 735, 1000, 500) },
			outcome: verdict.Warn, reason: "success is 100%, reaching the floor of 99.5%, but that is not shown",
			remedy: "run 1m50s instead of 1m40s",
		},
		{
			name: "no failure, under the floor of evidence", metric: "success", fail: 0.995, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 99, 1000, 500) },
			outcome: verdict.Inconclusive, reason: "too few requests: 99, success needs at least 736",
			remedy: "run 13m instead of 1m40s",
		},
		{
			name: "a loose limit needs few requests", metric: "failure_rate", fail: 0.3, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 50, 1000, 500) },
			outcome: verdict.Pass,
		},
		{
			name: "not found", metric: "success", fail: 0.995, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 1000, 5, 404) },
			outcome: verdict.Fail,
			reason:  "every failure: 404, the path does not exist", remedy: "check the scenario",
		},
		{
			name: "every request fails quickly", metric: "success", fail: 0.995, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 1000, 1, 404) },
			outcome: verdict.Fail, reason: "success is 0%, below the floor of 99.5%", remedy: "check the scenario",
		},
		{
			name: "a rate limiter", metric: "failure_rate", fail: 0.01, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 1000, 5, 429) },
			outcome: verdict.Fail, reason: "failure_rate is 20%, above the limit of 1%",
			remedy: "raise or disable it for the test, or lower the load",
		},
		{
			name: "above by value only", metric: "failure_rate", fail: 0.19, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 1000, 5, 500) },
			outcome: verdict.Inconclusive, reason: "but that is not proven", remedy: "instead of 1m40s",
		},
		{
			name: "no failure allowed and none seen", metric: "success", fail: 1, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 1000, 10000, 500) },
			outcome: verdict.Warn, reason: "but that is not shown", remedy: "no number of requests shows",
		},
		{
			name: "no failure allowed and one seen", metric: "success", fail: 1, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 1000, 1000, 500) },
			outcome: verdict.Fail, reason: "success is 99.9%, below the floor of 100%", remedy: "service's log",
		},
		{
			name: "exactly at the limit", metric: "success", fail: 0.9, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 1000, 10, 500) },
			outcome: verdict.Warn, reason: "reaching the floor of 90%", remedy: "too close to tell apart",
		},
		{
			name: "too short", metric: "success", fail: 0.9, seconds: 20,
			build:   func(r *run) { r.failing("GET /a", 1000, 10, 500) },
			outcome: verdict.Inconclusive, reason: "run too short", remedy: "run at least 30s",
		},
		{
			name: "point fails by value", metric: "failure_rate", fail: 0.19, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 1000, 5, 500) },
			judge:   func(j *config.Judge) { j.Point = true },
			outcome: verdict.Fail, reason: "above the limit of 19%", remedy: "service's log",
		},
		{
			name: "point needs the floor", metric: "failure_rate", fail: 0.19, seconds: 100,
			build:   func(r *run) { r.failing("GET /a", 99, 5, 500) },
			judge:   func(j *config.Judge) { j.Point = true },
			outcome: verdict.Inconclusive, reason: "too few requests: 99, failure_rate needs at least 100",
			remedy: "run 1m50s instead of 1m40s",
		},
		{
			name: "nothing measured", metric: "success", fail: 0.9, seconds: 100,
			build:   func(r *run) { r.endpoint("GET /a") },
			outcome: verdict.Inconclusive, reason: "no request was measured", remedy: "run longer",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(tt.seconds)
			tt.build(r)
			s := file(limit(t, tt.metric, tt.fail))
			if tt.judge != nil {
				tt.judge(&s.Judge)
			}
			c := find(t, judge(t, r, s), "GET /a", s.Rules[0].Limits[0].Metric)
			if c.Outcome != tt.outcome {
				t.Errorf("Judge = %v, want %v\n%+v", c.Outcome, tt.outcome, c)
			}
			said(t, "Reason", wording.Reason(c), tt.reason)
			said(t, "Remedy", wording.Remedy(c), tt.remedy)
		})
	}
}

func TestJudgeOneOfManyFailsByItself(t *testing.T) {
	build := func() *run {
		r := newRun(100)
		r.failing("GET /good", 20000, 100000, 500)
		r.failing("GET /bad", 150, 5, 405)
		r.failing("GET /other", 5000, 100000, 500)
		return r
	}
	s := file(limit(t, "success", 0.995))
	v := judge(t, build(), s)
	if c := find(t, v, "all (3 endpoints)", metric.Success); c.Outcome != verdict.Pass {
		t.Errorf("together: %v, want pass (%s)", c.Outcome, wording.Reason(c))
	}
	c := find(t, v, "GET /bad", metric.Success)
	if c.Outcome != verdict.Fail {
		t.Errorf("alone: %v, want fail", c.Outcome)
	}
	said(t, "Reason", wording.Reason(c), "405, the method is not allowed here")

	s.Rules[0].Scope = config.Combined
	if v := judge(t, build(), s); v.Outcome() != verdict.Pass {
		t.Errorf("combined = %v, want pass%s", v.Outcome(), list(v))
	}
}

func TestJudgeShareNamesTheWorst(t *testing.T) {
	r := newRun(100)
	r.failing("GET /a", 1000, 50, 500)
	r.failing("GET /b", 1000, 5, 422)
	c := find(t, judge(t, r, file(limit(t, "success", 0.995))), "all (2 endpoints)", metric.Success)
	said(t, "Reason", wording.Reason(c), "91% of its failures, most at GET /b: 422, the body does not fit")
	said(t, "Remedy", wording.Remedy(c), "compare it with the API's schema")
}

func TestJudgeForgivesRefusalsOfItsOwnMachine(t *testing.T) {
	build := func(broken int) *run {
		r := newRun(100)
		r.failing("GET /a", 1000, broken, 500)
		for s := range 100 {
			r.fail("GET /a", s, 2, metric.Refused, 0)
		}
		r.endpoint("GET /a").Failures[len(r.endpoint("GET /a").Failures)-1].Cause = metric.OwnMachine
		return r
	}
	s := file(limit(t, "success", 0.95))
	if c := find(t, judge(t, build(10000), s), "GET /a", metric.Success); c.Outcome != verdict.Inconclusive {
		t.Errorf("refusals alone = %v, want inconclusive", c.Outcome)
	}
	if c := find(t, judge(t, build(5), s), "GET /a", metric.Success); c.Outcome != verdict.Fail {
		t.Errorf("broken service too = %v, want fail", c.Outcome)
	}
	if c := find(t, judge(t, build(10000), s), "generator", metric.Metric{}); c.Outcome != verdict.Inconclusive {
		t.Errorf("health = %v, want inconclusive", c.Outcome)
	}
}
