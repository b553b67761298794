package gate_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// together is a run of these as its loads, called a, b and so on.
func together(t testing.TB, runs ...*run) *result.Result {
	t.Helper()
	whole := *runs[0].result(t)
	whole.Endpoints, whole.Timeline, whole.Planned = nil, slices.Clone(whole.Timeline), result.Planned{
		Duration: whole.Planned.Duration, Users: whole.Planned.Users}
	for i := range whole.Timeline {
		whole.Timeline[i].Loads = nil
	}
	for i, r := range runs {
		one := r.result(t)
		name := string(rune('a' + i))
		for _, e := range one.Endpoints {
			e.Place.Load = name
			whole.Endpoints = append(whole.Endpoints, e)
		}
		for j, m := range one.Timeline {
			whole.Timeline[j].Loads = append(whole.Timeline[j].Loads, result.Flow{Users: m.Users, Lag: m.Lag})
		}
		one.Planned.Load = name
		whole.Planned.Loads = append(whole.Planned.Loads, result.OneLoad{Load: one.Load, Planned: one.Planned})
	}
	if err := whole.Check(); err != nil {
		t.Fatal(err)
	}
	return &whole
}

// ofRules are the checks of limits, by rule, subject and outcome, and comparisons.
func ofRules(checks []verdict.Check, load string) (all []string) {
	for _, c := range checks {
		if c.Rule != "" && c.Load == load {
			all = append(all, strings.Join([]string{c.Rule, c.Metric.Name(), c.Subject, c.Outcome.String(),
				c.Got.String(), string(c.Code())}, " "))
		}
	}
	return all
}

// Each of several loads is judged as if it were alone, and rules that name loads are about those.
func TestJudgeLoads(t *testing.T) {
	fast, slow := newRun(100), newRun(100)
	fast.steady("GET /a", 1000, 10*time.Millisecond, 30*time.Millisecond)
	slow.steady("GET /a", 2000, 100*time.Millisecond, 300*time.Millisecond)
	slow.steady("GET /b", 500, 10*time.Millisecond, 30*time.Millisecond)
	s := file(limit(t, "p95", ms(200)), limit(t, "success", 0.99))
	only := s.Rules[0]
	only.Name, only.Loads, only.Limits = "only", []string{"a"}, only.Limits[:1]
	both := together(t, fast, slow)

	v := judgeOf(t, both, s)
	for load, alone := range map[string]*run{"a": fast, "b": slow} {
		want := ofRules(judge(t, alone, s).Checks, "")
		for i := range want {
			for _, subject := range []string{"GET /a", "GET /b", "all (2 endpoints)"} {
				want[i] = strings.Replace(want[i], " "+subject+" ", " "+subject+" ("+load+") ", 1)
			}
		}
		if d := cmp.Diff(want, ofRules(v.Checks, load)); d != "" {
			t.Errorf("load %s (-alone +together):\n%s", load, d)
		}
	}
	if v.Outcome() != verdict.Fail {
		t.Errorf("together: %v, want fail", v.Outcome())
	}
	s.Rules = append(s.Rules[:0:0], only)
	if v := judgeOf(t, both, s); v.Outcome() != verdict.Pass || len(ofRules(v.Checks, "a")) != 1 ||
		len(ofRules(v.Checks, "b")) != 0 {
		t.Errorf("the rule of load a: %v%s", v.Outcome(), list(v))
	}
	if c := find(t, judgeOf(t, both, s), "GET /a (a)", metric.P95); c.Load != "a" {
		t.Errorf("its check is of load %q", c.Load)
	}
}

// A load of which nothing was measured is no pass, whatever the others did.
func TestEmptyLoad(t *testing.T) {
	fast, none := newRun(100), newRun(100)
	fast.steady("GET /a", 1000, 10*time.Millisecond, 30*time.Millisecond)
	none.endpoint("GET /b")
	v := judgeOf(t, together(t, fast, none), file(limit(t, "p95", ms(200))))
	if v.Outcome() != verdict.Inconclusive {
		t.Errorf("%v, want inconclusive%s", v.Outcome(), list(v))
	}
	find(t, v, "run (b)", metric.Metric{})
}

// A load is compared with the load of its name in earlier runs, also where another has changed since.
func TestCompareLoads(t *testing.T) {
	s := compared(t)
	now := together(t, shop(2, usual), shop(2, all(1.5)))
	before := together(t, shop(2, usual), shop(2, usual))
	runs := earlier(t, before, 1, 8, 0.02)
	v := held(t, s, runs, now, nil)
	compareFindings(t, v, "FAIL p95 GET /a (b)", "FAIL p95 GET /b (b)")

	part := func(r *result.Result, around string) {
		for i := range r.Planned.Loads {
			r.Planned.Loads[i].Load = result.Load{Course: "c", Around: "same", Measured: time.Minute}
			for j := range r.Endpoints {
				r.Endpoints[j].Request, r.Endpoints[j].Expected = "r", 300
			}
		}
		r.Planned.Loads[1].Load.Course, r.Digest = around, around
	}
	part(now, "new")
	part(before, "old")
	v = held(t, s, earlier(t, before, 1, 8, 0.02), now, nil)
	for _, c := range comparisons(v) {
		if c.Load == "b" && c.Got.OK && c.Comparison.Base.OK {
			t.Errorf("%s is compared with another load", c.Subject)
		}
	}
	about(t, v, "GET /a (a)", metric.P95)
}
