package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

func TestJudgeCutRunExpectsItsShare(t *testing.T) {
	r := good()
	r.End, r.Planned.Duration = result.Cut, 200*time.Second
	r.endpoint("GET /a").Expected = 2000
	v := judge(t, r, file(limit(t, "success", 0.95)))
	if c := find(t, v, "GET /a", metric.Success); c.Expected != 1000 {
		t.Errorf("Expected = %v, want half of the plan's 2000", c.Expected)
	}
	if text := list(v); strings.Contains(text, "offered load") {
		t.Errorf("the half that was not run counts as load not offered:%s", text)
	}
}

func TestJudgeShortRunStillSaysWhatFailed(t *testing.T) {
	r := newRun(20)
	r.failing("GET /a", 200, 2, 401)
	c := find(t, judge(t, r, file(limit(t, "success", 0.9))), "GET /a", metric.Success)
	if c.Outcome != verdict.Fail {
		t.Errorf("half of 200 requests fail in 20 s: %v, want FAIL", c.Outcome)
	}
	said(t, "Reason", wording.Reason(c), "success is 50%, below the floor of 90%")
	said(t, "Reason", wording.Reason(c), "every failure: 401, the token is missing or wrong")

	few := newRun(20)
	few.failing("GET /a", 200, 25, 401)
	c = find(t, judge(t, few, file(limit(t, "success", 0.98))), "GET /a", metric.Success)
	if c.Outcome != verdict.Inconclusive {
		t.Errorf("8 of 200 requests fail in 20 s: %v, want INCONCLUSIVE", c.Outcome)
	}
	said(t, "Reason", wording.Reason(c),
		"run too short: 20s were measured, an interval needs 30s; every failure: 401, the token is missing or wrong")
}

func TestJudgeFailuresNobodyRecorded(t *testing.T) {
	r := newRun(100)
	r.failing("GET /a", 1000, 2, 500)
	r.endpoint("GET /a").Failures = nil
	c := find(t, judge(t, r, file(limit(t, "success", 0.9))), "GET /a", metric.Success)
	if c.Outcome != verdict.Fail {
		t.Errorf("Judge = %v, want fail", c.Outcome)
	}
	said(t, "Remedy", wording.Remedy(c), "look at the failures in the report")
}

func TestJudgeFewStartsNeedMoreUsers(t *testing.T) {
	r := newRun(100)
	for s := range 60 {
		r.ok("POST /login", s, 20*time.Millisecond)
	}
	r.endpoint("POST /login").Start = true
	s := file(limit(t, "p95", ms(100)))
	s.Rules[0].Patterns = []string{"POST /login"}
	c := find(t, judge(t, r, s), "POST /login", metric.P95)
	said(t, "Reason", wording.Reason(c), "too few requests: 60, p95 needs at least")
	said(t, "Remedy", wording.Remedy(c), "use more users")
}

func TestJudgeRateExactlyAtTheFloor(t *testing.T) {
	for every3s := 1; every3s <= 30; every3s++ {
		r := newRun(300)
		for s := range 100 {
			for range every3s {
				r.ok("GET /a", 3*s, 20*time.Millisecond)
			}
		}
		l := limit(t, "throughput", float64(20*every3s)/60)
		l.Unit = unit.PerMinute
		if c := find(t, judge(t, r, file(l)), "GET /a", l.Metric); c.Outcome != verdict.Pass {
			t.Errorf("%v against %v = %v, want pass: %s", c.Got, c.Limit, c.Outcome, wording.Reason(c))
		}
	}
}

func TestJudgeMeanOfUnevenParts(t *testing.T) {
	r := newRun(100)
	for s := range 100 {
		for range 2 {
			r.ok("GET /a", s, 100*time.Millisecond)
		}
	}
	for range 1000 {
		r.ok("GET /a", 42, time.Millisecond)
	}
	c := find(t, judge(t, r, file(limit(t, "mean", ms(500)))), "GET /a", metric.Mean)
	if c.Outcome != verdict.Pass || !c.Low.OK || c.Low.Value < 0 {
		t.Errorf("Judge = %v, %v to %v; want pass with an interval above 0", c.Outcome, c.Low, c.High)
	}
}

func TestJudgeCornersOfARun(t *testing.T) {
	for _, name := range []string{"mean", "p95", "success"} {
		r := newRun(100)
		for i := range 500 {
			r.ok("GET /a", i%20, 10*time.Millisecond)
		}
		l := limit(t, name, ms(100))
		if l.Metric.Share() {
			l.Fail = 0.5
		}
		c := find(t, judge(t, r, file(l)), "GET /a", l.Metric)
		if c.Outcome != verdict.Inconclusive {
			t.Errorf("%s of a fifth of the run = %v, want inconclusive", name, c.Outcome)
		}
		said(t, "Reason", wording.Reason(c), "500 requests fell into 4 of 20 parts of the run")
	}
}

func TestJudgePointSplitsAtTheFloor(t *testing.T) {
	r := newRun(100)
	r.steady("GET /a", 72, 10*time.Millisecond, 20*time.Millisecond)
	r.steady("GET /b", 71, 10*time.Millisecond, 20*time.Millisecond)
	r.steady("GET /c", 71, 10*time.Millisecond, 20*time.Millisecond)
	s := file(limit(t, "p95", ms(100)))
	s.Judge.Point = true
	v := judge(t, r, s)
	if c := find(t, v, "GET /a", metric.P95); c.Outcome != verdict.Warn {
		t.Errorf("72 requests = %v, want a warning: 72 real ones have no upper end", c.Outcome)
	}
	if c := find(t, v, "rest of all (2 endpoints)", metric.P95); c.Outcome != verdict.Pass {
		t.Errorf("rest = %v, want pass", c.Outcome)
	}
}

func TestJudgePointFailsTheOneOnlyWhenProven(t *testing.T) {
	r := newRun(100)
	r.failing("GET /a", 2000, 10000, 500)
	r.failing("GET /b", 200, 20, 500) // 5 %, about 2 to 9 %
	s := file(limit(t, "failure_rate", 0.04))
	s.Judge.Point = true
	if v := judge(t, r, s); v.Outcome() != verdict.Pass {
		t.Errorf("Judge = %v, want pass: one endpoint is above the limit by value only%s", v.Outcome(), list(v))
	}
}

// Too few requests for a pass are enough for a failure that none of them leaves in
// doubt.
func TestJudgePointFailsFewRequests(t *testing.T) {
	for every, want := range map[int]verdict.Outcome{1: verdict.Fail, 60: verdict.Inconclusive} {
		r := newRun(100)
		r.failing("GET /a", 60, every, 500)
		s := file(limit(t, "success", 0.99))
		s.Judge.Point = true
		if c := find(t, judge(t, r, s), "GET /a", metric.Success); c.Outcome != want {
			t.Errorf("1 of %d failed: %v, want %v: %s", every, c.Outcome, want, wording.Reason(c))
		}
	}
}

func TestJudgeUnprovenRateOfALateGenerator(t *testing.T) {
	r := newRun(100)
	r.uneven("GET /a", 9)
	extra(r, 99)
	r.users(10)
	r.lag(80 * time.Millisecond)
	c := find(t, judge(t, r, file(limit(t, "throughput", 10.001))), "GET /a", metric.Throughput)
	said(t, "Reason", wording.Reason(c), "the generator was late")
}

func TestJudgeIgnoresLagOfTheWarmUp(t *testing.T) {
	r := good()
	r.Planned.WarmUp = 20 * time.Second
	lagging := newRun(20)
	lagging.users(140)
	lagging.lag(time.Second)
	copy(r.Timeline, lagging.Timeline)
	if v := judge(t, r, file(limit(t, "success", 0.9))); v.Outcome() != verdict.Pass {
		t.Errorf("Judge = %v, want pass%s", v.Outcome(), list(v))
	}
}

func TestJudgeSilence(t *testing.T) {
	silent := func(cause metric.Cause) *run {
		r := newRun(100)
		r.users(5)
		for s := range 100 {
			if s < 50 {
				r.ok("GET /a", s, time.Millisecond)
			} else {
				r.fail("GET /a", s, 1, metric.Refused, 0)
			}
		}
		ep := r.endpoint("GET /a")
		ep.Failures[0].Cause, ep.Expected = cause, 1000
		return r
	}
	s := file(limit(t, "throughput", 0.1))
	t.Run("says nothing of the load besides", func(t *testing.T) {
		if text := list(judge(t, silent(metric.NoCause), s)); strings.Contains(text, "offered load") ||
			!strings.Contains(text, "FAIL  | target") {
			t.Errorf("want the silence alone:%s", text)
		}
	})
	t.Run("of the generator's own machine", func(t *testing.T) {
		if v := judge(t, silent(metric.OwnMachine), s); v.Outcome() != verdict.Inconclusive {
			t.Errorf("Judge = %v, want inconclusive%s", v.Outcome(), list(v))
		}
	})
	t.Run("that ended the run on such a machine", func(t *testing.T) {
		r := silent(metric.OwnMachine)
		r.End = result.Lost
		if v := judge(t, r, s); v.Outcome() != verdict.Inconclusive {
			t.Errorf("Judge = %v, want inconclusive%s", v.Outcome(), list(v))
		}
	})
	t.Run("too few requests to speak of", func(t *testing.T) {
		r := good()
		for s := 90; s < 100; s++ {
			delete(r.slots["GET /a"], s)
		}
		r.fail("GET /a", 95, 9, metric.Timeout, 0)
		if text := list(judge(t, r, s)); strings.Contains(text, "target") {
			t.Errorf("9 timeouts are called silence:%s", text)
		}
	})
}

func TestJudgeUnguardedFailures(t *testing.T) {
	latency := limit(t, "p95", ms(100))
	t.Run("one of ten is no proof", func(t *testing.T) {
		r := good()
		r.failing("GET /rare", 10, 10, 500)
		s := file(latency)
		s.Rules[0].Patterns = []string{"GET /a"}
		if v := judge(t, r, s); v.Outcome() != verdict.Warn {
			t.Errorf("Judge = %v, want warn%s", v.Outcome(), list(v))
		}
	})
	t.Run("a rule of another profile guards nothing", func(t *testing.T) {
		r := good()
		r.failing("GET /a", 1000, 2, 404)
		s := file(latency)
		s.Rules = append(s.Rules, config.Rule{
			Name: "peak", Patterns: []string{"*"}, Profiles: []string{"peak"},
			Limits: []config.Limit{limit(t, "success", 0.5)},
		})
		if v := judge(t, r, s); v.Outcome() != verdict.Inconclusive {
			t.Errorf("Judge = %v, want inconclusive%s", v.Outcome(), list(v))
		}
	})
	t.Run("a rule without limits promises nothing", func(t *testing.T) {
		if v := judge(t, good(), file()); v.Outcome() != verdict.Inconclusive || len(v.Checks) != 1 {
			t.Errorf("Judge = %v, want inconclusive%s", v.Outcome(), list(v))
		}
	})
}

func TestJudgeRedirectOfTheWorstEndpoint(t *testing.T) {
	r := newRun(100)
	for s := range 100 {
		r.fail("GET /a", s, 1, metric.Redirect, 307)
		r.fail("GET /b", s, 9, metric.Redirect, 307)
	}
	r.endpoint("GET /a").Failures[0].Location = "/a/"
	r.endpoint("GET /b").Failures[0].Location = "/b/"
	c := find(t, judge(t, r, file(limit(t, "success", 0.9))), "all (2 endpoints)", metric.Success)
	said(t, "Reason", wording.Reason(c), "every failure, such as at GET /b: 307, answers 307 to /b/")
	said(t, "Remedy", wording.Remedy(c), "write the slash, or follow: true")
}

func TestJudgeSaysWhatAPassNeeds(t *testing.T) {
	needed := func(n int, limitMs float64) (verdict.Check, bool) {
		r := newRun(100)
		r.steady("GET /a", n, 50*time.Millisecond, 150*time.Millisecond)
		c := find(t, judge(t, r, file(limit(t, "p95", ms(limitMs)))), "GET /a", metric.P95)
		return c, c.Needed > c.Requests
	}
	if c, more := needed(1000, 146); !more || c.Outcome != verdict.Warn {
		t.Errorf("held, not shown: %d of %d requests needed (%v), want more", c.Needed, c.Requests, c.Outcome)
	}
	if c, more := needed(12, 200); !more || c.Needed < 82 {
		t.Errorf("too few: %d of %d requests needed, want at least 82", c.Needed, c.Requests)
	}
	if c, _ := needed(1000, 300); c.Needed != 0 {
		t.Errorf("shown: %d needed, want 0", c.Needed)
	}
}

func TestJudgeConfidenceWidensTheInterval(t *testing.T) {
	width := func(confidence float64) float64 {
		s := file(limit(t, "p95", ms(500)))
		s.Judge.Confidence = confidence
		c := find(t, judge(t, published(), s), "GET /a", metric.P95)
		return c.High.Value - c.Low.Value
	}
	if at90, at99 := width(0.90), width(0.99); at90 >= at99 {
		t.Errorf("the interval is %v wide at 90 %% and %v at 99 %%", at90, at99)
	}
}
