package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// steady sends n requests, evenly over the seconds, whose latencies walk
// through from..to in a fixed shuffled order, another one for each name.
func (r *run) steady(name string, n int, from, to time.Duration) {
	seconds := int(r.Elapsed / time.Second)
	for i := range n {
		r.ok(name, i*seconds/n, from+(to-from)*time.Duration((i*37+int(name[len(name)-1])*59)%101)/100)
	}
}

func TestJudgeLatency(t *testing.T) {
	tests := []struct {
		name    string
		metric  string
		fail    float64 // ms
		build   func(*run)
		seconds int
		judge   func(*config.Judge)
		outcome verdict.Outcome
		shown   bool
		reason  string // part of it; "" wants none
		remedy  string
	}{
		{
			name: "plainly within", metric: "p95", fail: 300, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond) },
			outcome: verdict.Pass, shown: true,
		},
		{
			name: "plainly beyond", metric: "p95", fail: 100, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond) },
			outcome: verdict.Fail, shown: true,
			reason: "p95 is 145ms, above the limit of 100ms; the 95% interval of 1,000 requests reaches from 14",
			remedy: "slow queries",
		},
		{
			name: "holds, not shown", metric: "p95", fail: 146, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond) },
			outcome: verdict.Warn, reason: "p95 is 145ms, within the limit of 146ms, but that is not shown: the 95% " +
				"interval of 1,000 requests reaches from",
			remedy: "instead of 1m40s",
		},
		{
			name: "holds, not shown, strict", metric: "p95", fail: 146, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond) },
			judge:   func(j *config.Judge) { j.NearStrict = true },
			outcome: verdict.Inconclusive, reason: "but that is not shown",
			remedy: "instead of 1m40s",
		},
		{
			name: "broken, not proven", metric: "p95", fail: 144, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond) },
			outcome: verdict.Inconclusive, reason: "p95 is 145ms, above the limit of 144ms, but that is not proven",
			remedy: "instead of 1m40s",
		},
		{
			name: "too few", metric: "p95", fail: 300, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 12, 10*time.Millisecond, 20*time.Millisecond) },
			outcome: verdict.Inconclusive, reason: "too few requests: 12, p95 needs at least 8",
			remedy: "instead of 1m40s",
		},
		{
			name: "far too few", metric: "p99", fail: 300, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 8, 10*time.Millisecond, 20*time.Millisecond) },
			outcome: verdict.Inconclusive, reason: "too few requests: 8, p99 needs at least",
			remedy: "too few requests to be judged alone",
		},
		{
			name: "few but all slow", metric: "p50", fail: 10, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 20, 20*time.Millisecond, 40*time.Millisecond) },
			outcome: verdict.Fail, shown: true, reason: "p50 is 30ms, above the limit of 10ms", remedy: "slow queries",
		},
		{
			name: "in one corner of the run", metric: "p95", fail: 300, seconds: 100,
			build: func(r *run) {
				for i := range 500 {
					r.ok("GET /a", i%5, 10*time.Millisecond)
				}
			},
			outcome: verdict.Inconclusive,
			reason:  "500 requests fell into 1 of 20 parts of the run and do not represent the rest",
			remedy:  "run longer",
		},
		{
			name: "in bursts", metric: "p95", fail: 300, seconds: 100,
			build: func(r *run) {
				for i := range 300 {
					slot, d := i/3, 10*time.Millisecond
					if slot >= 60 && slot < 70 {
						d = 200*time.Millisecond + time.Duration(i%7)*10*time.Millisecond
					}
					r.ok("GET /a", slot, d)
				}
			},
			outcome: verdict.Inconclusive, reason: "300 requests came in bursts and count as only ",
			remedy: "instead of 1m40s",
		},
		{
			name: "too short a run", metric: "p95", fail: 300, seconds: 29,
			build:   func(r *run) { r.steady("GET /a", 2000, 10*time.Millisecond, 20*time.Millisecond) },
			outcome: verdict.Inconclusive, reason: "run too short: 29s were measured, an interval needs 30s",
			remedy: "run at least 30s",
		},
		{
			name: "point passes and shows", metric: "p95", fail: 300, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond) },
			judge:   func(j *config.Judge) { j.Point = true },
			outcome: verdict.Pass, shown: true,
		},
		{
			name: "point warns where the interval straddles", metric: "p95", fail: 146, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond) },
			judge:   func(j *config.Judge) { j.Point = true },
			outcome: verdict.Warn, reason: "but that is not shown", remedy: "instead of 1m40s",
		},
		{
			name: "point fails by value", metric: "p95", fail: 144, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond) },
			judge:   func(j *config.Judge) { j.Point = true },
			outcome: verdict.Fail, reason: "p95 is 145ms, above the limit of 144ms", remedy: "slow queries",
		},
		{
			name: "point needs the floor", metric: "p95", fail: 300, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 71, 10*time.Millisecond, 20*time.Millisecond) },
			judge:   func(j *config.Judge) { j.Point = true },
			outcome: verdict.Inconclusive, reason: "too few requests: 71", remedy: "instead of 1m40s",
		},
		{
			name: "point in a short run", metric: "p95", fail: 300, seconds: 20,
			build:   func(r *run) { r.steady("GET /a", 100, 10*time.Millisecond, 20*time.Millisecond) },
			judge:   func(j *config.Judge) { j.Point = true },
			outcome: verdict.Warn, reason: "100 requests gave no interval", remedy: "run at least 30s",
		},
		{
			name: "point in a short run of few", metric: "p95", fail: 300, seconds: 20,
			build:   func(r *run) { r.steady("GET /a", 20, 10*time.Millisecond, 20*time.Millisecond) },
			judge:   func(j *config.Judge) { j.Point = true },
			outcome: verdict.Inconclusive, reason: "too few requests: 20",
			remedy: "run 2m5s instead of 20s, use more users, or a higher pace",
		},
		{
			name: "mean within", metric: "mean", fail: 120, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond) },
			outcome: verdict.Pass, shown: true,
		},
		{
			name: "mean beyond", metric: "mean", fail: 80, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond) },
			outcome: verdict.Fail, shown: true, reason: "mean is 100ms, above the limit of 80ms; the 95% interval",
			remedy: "slow queries",
		},
		{
			name: "mean of too few", metric: "mean", fail: 120, seconds: 100,
			build:   func(r *run) { r.steady("GET /a", 29, 50*time.Millisecond, 90*time.Millisecond) },
			outcome: verdict.Inconclusive, reason: "too few requests: 29, mean needs at least 30",
			remedy: "run 1m50s instead of 1m40s",
		},
		{
			name: "max within", metric: "max", fail: 151, seconds: 10,
			build:   func(r *run) { r.steady("GET /a", 101, 50*time.Millisecond, 150*time.Millisecond) },
			outcome: verdict.Pass, shown: true,
		},
		{
			name: "max beyond", metric: "max", fail: 149, seconds: 10,
			build:   func(r *run) { r.steady("GET /a", 101, 50*time.Millisecond, 150*time.Millisecond) },
			outcome: verdict.Fail, shown: true, reason: "max is 150ms, above the limit of 149ms",
			remedy: "slow queries",
		},
		{
			name: "nothing but failures", metric: "p95", fail: 300, seconds: 100,
			build: func(r *run) {
				for s := range 100 {
					r.fail("GET /a", s, 5, metric.Status, 404)
				}
			},
			outcome: verdict.Inconclusive,
			reason: "all 500 requests failed, so there is no p95 to judge; every failure: 404, the path does " +
				"not exist",
			remedy: "check the scenario",
		},
		{
			name: "nothing at all", metric: "p95", fail: 300, seconds: 100,
			build:   func(r *run) { r.endpoint("GET /a").Expected = 0.3 },
			outcome: verdict.Inconclusive, reason: "no request was measured", remedy: "more weight",
		},
		{
			name: "planned and never sent", metric: "p95", fail: 300, seconds: 100,
			build:   func(r *run) { r.endpoint("GET /a").Expected = 30 },
			outcome: verdict.Inconclusive, reason: "no request was measured", remedy: `a false "when"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(tt.seconds)
			tt.build(r)
			s := file(limit(t, tt.metric, ms(tt.fail)))
			if tt.judge != nil {
				tt.judge(&s.Judge)
			}
			c := find(t, judge(t, r, s), "GET /a", s.Rules[0].Limits[0].Metric)
			if c.Outcome != tt.outcome || c.Shown != tt.shown {
				t.Errorf("outcome = %v (shown %v), want %v (%v)\n%+v", c.Outcome, c.Shown, tt.outcome, tt.shown, c)
			}
			said(t, "Reason", wording.Reason(c), tt.reason)
			said(t, "Remedy", wording.Remedy(c), tt.remedy)
		})
	}
}

// said wants part of a text, or no text at all.
func said(t *testing.T, what, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) || (want == "") != (got == "") {
		t.Errorf("%s = %q, want %q in it", what, got, want)
	}
}

func TestJudgeWarnLimits(t *testing.T) {
	tests := []struct {
		name       string
		warn, fail float64 // ms; 0: not set
		requests   int
		outcome    verdict.Outcome
		limit      float64
	}{
		{"both kept", 200, 300, 1000, verdict.Pass, 300},
		{"warn missed", 100, 300, 1000, verdict.Warn, 100},
		{"warn missed, fail not shown", 100, 146, 1000, verdict.Warn, 100},
		{"fail not shown", 146, 147, 1000, verdict.Warn, 147},
		{"fail missed", 50, 100, 1000, verdict.Fail, 100},
		{"fail undecided", 50, 144, 1000, verdict.Inconclusive, 144},
		{"too few for fail", 100, 300, 12, verdict.Inconclusive, 300},
		{"warn alone kept", 200, 0, 1000, verdict.Pass, 200},
		{"warn alone kept by value", 146, 0, 1000, verdict.Pass, 146},
		{"warn alone missed", 100, 0, 1000, verdict.Warn, 100},
		{"warn alone, too few", 200, 0, 12, verdict.Warn, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(100)
			r.steady("GET /a", tt.requests, 50*time.Millisecond, 150*time.Millisecond)
			l := limit(t, "p95", ms(tt.fail))
			l.HasFail, l.Warn, l.HasWarn = tt.fail > 0, ms(tt.warn), true
			c := find(t, judge(t, r, file(l)), "GET /a", l.Metric)
			if c.Outcome != tt.outcome || c.Limit.Value != ms(tt.limit) {
				t.Errorf("Judge = %v by the limit of %v, want %v by %vms (%s)",
					c.Outcome, c.Limit, tt.outcome, tt.limit, wording.Reason(c))
			}
		})
	}
}

func TestJudgeWarnLimitNeverMeasured(t *testing.T) {
	r := newRun(100)
	r.endpoint("GET /a")
	l := limit(t, "p95", 0)
	l.HasFail, l.Warn, l.HasWarn = false, ms(100), true
	if c := find(t, judge(t, r, file(l)), "GET /a", l.Metric); c.Outcome != verdict.Inconclusive {
		t.Errorf("Judge = %v, want inconclusive: nothing was measured", c.Outcome)
	}
}

func TestJudgeRestTogether(t *testing.T) {
	r := newRun(100)
	r.steady("GET /big", 400, 10*time.Millisecond, 20*time.Millisecond)
	for _, name := range []string{"GET /c", "GET /b", "GET /d"} {
		r.steady(name, 60, 10*time.Millisecond, 20*time.Millisecond)
	}
	v := judge(t, r, file(limit(t, "p95", ms(100))))
	if len(v.Checks) != 2 || v.Outcome() != verdict.Pass {
		t.Fatalf("want two passes, got %s", list(v))
	}
	rest := find(t, v, "rest of all (3 endpoints)", metric.P95)
	if rest.Requests != 180 || strings.Join(rest.Endpoints, ",") != "GET /b,GET /c,GET /d" {
		t.Errorf("rest = %d requests of %v, want 180 of b, c, d", rest.Requests, rest.Endpoints)
	}
}

func TestJudgeRestStillFailsAlone(t *testing.T) {
	r := newRun(100)
	for _, name := range []string{"GET /b", "GET /c", "GET /d"} {
		r.steady(name, 70, 10*time.Millisecond, 20*time.Millisecond)
	}
	r.steady("GET /slow", 8, 900*time.Millisecond, 950*time.Millisecond)
	v := judge(t, r, file(limit(t, "p95", ms(100))))
	rest := find(t, v, "all (4 endpoints)", metric.P95)
	slow := find(t, v, "GET /slow", metric.P95)
	if rest.Outcome == verdict.Fail || slow.Outcome != verdict.Fail {
		t.Errorf("rest %v, slow %v; want the slow one alone to fail%s", rest.Outcome, slow.Outcome, list(v))
	}
}

func TestJudgeScopes(t *testing.T) {
	subjects := func(scope config.Scope) string {
		r := newRun(100)
		r.steady("GET /big", 400, 10*time.Millisecond, 20*time.Millisecond)
		r.steady("GET /b", 60, 10*time.Millisecond, 20*time.Millisecond)
		r.steady("GET /c", 60, 10*time.Millisecond, 20*time.Millisecond)
		s := file(limit(t, "p95", ms(100)), limit(t, "success", 0.5), limit(t, "throughput", 0.1))
		s.Rules[0].Scope = scope
		var all []string
		for _, c := range judge(t, r, s).Checks {
			all = append(all, c.Metric.Name()+" "+c.Subject)
		}
		return strings.Join(all, "; ")
	}
	tests := []struct {
		scope config.Scope
		want  string
	}{
		{config.ByMetric,
			"p95 GET /big; p95 rest of all (2 endpoints); success all (3 endpoints); throughput all (3 endpoints)"},
		{config.Combined, "p95 all (3 endpoints); success all (3 endpoints); throughput all (3 endpoints)"},
		{config.Each, "p95 GET /b; p95 GET /big; p95 GET /c; success GET /b; success GET /big; success GET /c; " +
			"throughput GET /b; throughput GET /big; throughput GET /c"},
	}
	for _, tt := range tests {
		if got := subjects(tt.scope); got != tt.want {
			t.Errorf("scope %d judges %s\nwant %s", tt.scope, got, tt.want)
		}
	}
}

func TestJudgeLatencyTwice(t *testing.T) {
	build := func(lag time.Duration) *run {
		r := newRun(100)
		for i := range 1000 {
			r.lagged("GET /a", i/10, 400*time.Millisecond+time.Duration(i%7)*time.Millisecond, lag)
		}
		return r
	}
	t.Run("slow either way", func(t *testing.T) {
		if c := find(t, judge(t, build(50*time.Millisecond), file(limit(t, "p95", ms(300)))),
			"GET /a", metric.P95); c.Outcome != verdict.Fail {
			t.Errorf("Judge = %v, want fail", c.Outcome)
		}
	})
	t.Run("slow by the generator's lag", func(t *testing.T) {
		c := find(t, judge(t, build(350*time.Millisecond), file(limit(t, "p95", ms(300)))), "GET /a", metric.P95)
		if c.Outcome != verdict.Inconclusive {
			t.Errorf("Judge = %v, want inconclusive", c.Outcome)
		}
		said(t, "Reason", wording.Reason(c), "p95 is 406ms, above the limit of 300ms, but the generator was late")
	})
	t.Run("within in spite of the lag", func(t *testing.T) {
		if c := find(t, judge(t, build(350*time.Millisecond), file(limit(t, "p95", ms(500)))),
			"GET /a", metric.P95); c.Outcome != verdict.Pass {
			t.Errorf("Judge = %v, want pass", c.Outcome)
		}
	})
}

func TestJudgeStartSteps(t *testing.T) {
	build := func(over int) *run {
		r := newRun(300)
		r.Planned.WarmUp = 60 * time.Second
		for i := range 200 {
			r.ok("POST /login", i*over/200, 20*time.Millisecond)
		}
		r.endpoint("POST /login").Start = true
		return r
	}
	s := file(limit(t, "p95", ms(100)))
	s.Rules[0].Patterns = []string{"POST /login"}
	t.Run("over a long ramp", func(t *testing.T) {
		c := find(t, judge(t, build(60), s), "POST /login", metric.P95)
		if c.Outcome != verdict.Pass || c.Requests != 200 {
			t.Errorf("Judge = %v of %d requests, want pass of 200, warm-up included (%s)",
				c.Outcome, c.Requests, wording.Reason(c))
		}
	})
	t.Run("all at once", func(t *testing.T) {
		c := find(t, judge(t, build(10), s), "POST /login", metric.P95)
		if c.Outcome != verdict.Inconclusive {
			t.Errorf("Judge = %v, want inconclusive", c.Outcome)
		}
		said(t, "Reason", wording.Reason(c), "200 requests were sent within 10s, as users came or left")
	})
}

func TestJudgeLeavesWarmUpOut(t *testing.T) {
	r := newRun(100)
	r.Planned.WarmUp = 40 * time.Second
	for s := range 100 {
		for range 10 {
			if s < 40 {
				r.ok("GET /a", s, 2*time.Second)
			} else {
				r.ok("GET /a", s, 20*time.Millisecond)
			}
		}
	}
	r.ok("GET /a", 103, 30*time.Millisecond) // the drain
	c := find(t, judge(t, r, file(limit(t, "p95", ms(100)))), "GET /a", metric.P95)
	if c.Outcome != verdict.Pass || c.Requests != 601 {
		t.Errorf("Judge = %v of %d requests, want pass of 601", c.Outcome, c.Requests)
	}
}

func TestJudgeLongSlots(t *testing.T) {
	r := newRun(2400)
	r.Slot = 4 * time.Second
	r.Planned.WarmUp = 30 * time.Second // slots 0 to 7 begin in it
	for s := range 600 {
		r.ok("GET /a", s, 20*time.Millisecond)
	}
	c := find(t, judge(t, r, file(limit(t, "throughput", 0.2))), "GET /a", metric.Throughput)
	if c.Requests != 592 || c.Got.Value != 0.25 {
		t.Errorf("throughput = %v of %d requests, want 0.25/s of 592", c.Got, c.Requests)
	}
}
