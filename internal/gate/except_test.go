package gate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// excepting is file with exceptions.
func excepting(except []config.Exception, limits ...config.Limit) *config.Config {
	s := file(limits...)
	s.Rules[0].Except = except
	return s
}

// leftOut is an exception of an endpoint, for good.
func leftOut(endpoint string) config.Exception {
	return config.Exception{Patterns: []string{endpoint}, Reason: "known",
		Pos: mistake.Pos{File: "thresholds.yaml", Line: 9}}
}

// endedAt is one that has ended.
func endedAt(endpoint string, day time.Time) config.Exception {
	x := leftOut(endpoint)
	x.Until, x.Ended = day, true
	return x
}

// "*" without an endpoint says the same as a list of all others: whatever the one
// does, it changes no finding of the rule.
func TestExceptionIsTheListOfAllOthers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		failing, latency := rapid.IntRange(0, 10).Draw(rt, "failing"), rapid.IntRange(1, 3000).Draw(rt, "ms")
		failingToo := rapid.IntRange(0, 1).Draw(rt, "failing too")
		r := newRun(40)
		for slot := range 40 {
			for i := range 10 {
				r.ok("GET /a", slot, time.Duration(20+i)*time.Millisecond)
				r.ok("GET /b", slot, time.Duration(30+i)*time.Millisecond)
				if i >= failing {
					r.ok("GET /known", slot, time.Duration(latency+i)*time.Millisecond)
				}
			}
			if failing > 0 {
				r.fail("GET /known", slot, int64(failing), metric.Status, 500)
			}
			if failingToo > 0 {
				r.fail("GET /b", slot, 1, metric.Status, 503)
			}
		}
		limits := []config.Limit{limit(t, "success", 0.99), limit(t, "p95", ms(200))}
		listed := file(limits...)
		listed.Rules[0].Patterns = []string{"GET /a", "GET /b"}
		except := judge(t, r, excepting([]config.Exception{leftOut("*known")}, limits...))
		of := func(v verdict.Verdict) (checks []verdict.Check) {
			for _, c := range v.Checks {
				if c.Rule == "all" {
					checks = append(checks, c)
				}
			}
			return checks
		}
		same := []cmp.Option{cmpopts.EquateComparable(metric.Metric{}), cmpopts.EquateNaNs()}
		if diff := cmp.Diff(of(judge(t, r, listed)), of(except), same...); diff != "" {
			t.Fatalf("listed and excepted differ (-listed +excepted):\n%s", diff)
		}
		if failingToo == 0 && except.Outcome() != verdict.Pass {
			t.Fatalf("%s:%s", except.Outcome(), list(except))
		}
		want := []verdict.Excepted{{Rule: "all", Endpoints: []string{"GET /known"},
			Reason: "known", Pos: leftOut("").Pos}}
		if diff := cmp.Diff(want, except.Excepted); diff != "" {
			t.Fatalf("excepted (-want +got):\n%s", diff)
		}
	})
}

// Where exceptions leave nothing, nothing was judged: that is no pass, whatever the
// file makes of what is undecided.
func TestExceptionsOfEverything(t *testing.T) {
	r := newRun(40)
	for slot := range 40 {
		r.ok("GET /a", slot, 20*time.Millisecond)
	}
	s := excepting([]config.Exception{leftOut("GET *")}, limit(t, "success", 0.99))
	s.Judge.Inconclusive = config.UndecidedPasses
	if v := judge(t, r, s); v.Final() != verdict.Inconclusive {
		t.Errorf("%s:%s", v.Final(), list(v))
	}
}

// A finding about an endpoint whose exception has ended says so; a pass has
// nothing to say, and neither has a finding about another endpoint.
func TestEndedExceptionIsRecalled(t *testing.T) {
	r := newRun(40)
	for slot := range 40 {
		for range 10 {
			r.ok("GET /a", slot, 20*time.Millisecond)
			r.ok("GET /slow", slot, 900*time.Millisecond)
			r.ok("GET /late", slot, 900*time.Millisecond)
		}
	}
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	ended := []config.Exception{endedAt("GET /slow", day), endedAt("GET /a", day)}
	v := judge(t, r, excepting(ended, limit(t, "p95", ms(200))))
	const told = "the exception of GET /slow ended on 2026-03-01 (known)"
	for subject, want := range map[string]bool{"GET /a": false, "GET /slow": true, "GET /late": false} {
		c := find(t, v, subject, metric.P95)
		if got := len(wording.Reason(c)) > len(told) &&
			wording.Reason(c)[len(wording.Reason(c))-len(told):] == told; got != want {
			t.Errorf("%s: %q; %q", subject, wording.Reason(c), wording.Remedy(c))
		}
	}
	if v.Outcome() != verdict.Fail || v.Excepted != nil {
		t.Errorf("%s, excepted %v", v.Outcome(), v.Excepted)
	}
}

// What is left out of the comparison is left out of that with another build too.
func TestExceptionFromPairs(t *testing.T) {
	slower := func(name string) float64 {
		if name == letter(1) {
			return 2
		}
		return 1
	}
	s := &config.Config{Judge: config.Judge{Confidence: 0.95}, Baseline: config.Baseline{
		On: true, Policy: config.RegressionPolicy{Regressions: []config.Regression{{Metric: metric.P95, Most: 0.05}}},
	}}
	in := duel(t, s, 1, 3, 10, side{}, side{of: slower})
	if v := regress.JudgePairs(in); v.Outcome() != verdict.Fail {
		t.Fatalf("without an exception: %s:%s", v.Outcome(), list(v))
	}
	s.Baseline.Except = []config.Exception{leftOut(letter(1))}
	v := regress.JudgePairs(in)
	for _, c := range v.Checks {
		if c.Metric.Latency() && slices.Contains(c.Endpoints, letter(1)) {
			t.Errorf("compared all the same: %s", fmt.Sprint(c.Subject, wording.Reason(c)))
		}
	}
	if v.Outcome() == verdict.Fail || len(v.Excepted) != 1 || v.Excepted[0].Rule != verdict.BaselineRule {
		t.Errorf("%s, excepted %v:%s", v.Outcome(), v.Excepted, list(v))
	}
}

// An exception leaves an endpoint out of the limits. It makes no run good of which
// most requests failed, or none was judged, whatever an undecided verdict counts as.
func TestExceptionsMakeNothingGreen(t *testing.T) {
	const slots = 60
	for _, tt := range []struct {
		name         string
		known, fails int // requests a second to GET /known, and how many of them fail
		others       int // requests a second to GET /a
		allowed      float64
		want         verdict.Outcome
		reason       string
	}{
		{"all of them fail, and nothing else is asked", 10, 10, 0, 0, verdict.Fail, "600 of 600 requests failed"},
		{"most of the run fails", 10, 10, 2, 0, verdict.Fail, "those left out of the limits included: GET /known"},
		{"less than half of the run fails", 4, 4, 10, 0, verdict.Pass, ""},
		{"it answers, and nothing else is asked", 10, 0, 0, 0,
			verdict.Inconclusive, "no request went to an endpoint that a rule judges"},
		{"a rule allows it", 10, 10, 2, 1, verdict.Pass, ""},
	} {
		for _, undecided := range []config.Undecided{config.UndecidedWarns, config.UndecidedPasses} {
			for _, smoke := range []bool{false, true} {
				r := newRun(slots)
				r.Planned.Smoke = smoke
				r.users(10)
				r.endpoint("GET /a")
				for slot := range slots {
					for range tt.known - tt.fails {
						r.ok("GET /known", slot, 20*time.Millisecond)
					}
					if tt.fails > 0 {
						r.fail("GET /known", slot, int64(tt.fails), metric.Status, 500)
					}
					for range tt.others {
						r.ok("GET /a", slot, 20*time.Millisecond)
					}
				}
				s := excepting([]config.Exception{leftOut("GET /known")}, limit(t, "success", 0.99))
				if tt.allowed > 0 {
					l := limit(t, "failure_rate", tt.allowed)
					s.Rules = append(s.Rules,
						config.Rule{Name: "lenient", Patterns: []string{"GET /known"}, Limits: []config.Limit{l}})
				}
				s.Judge.Inconclusive, s.Judge.Point = undecided, true
				v := judge(t, r, s)
				got := v.Final()
				if got == verdict.Warn { // as good, and not shown beyond doubt
					got = verdict.Pass
				}
				if got != tt.want || !strings.Contains(list(v), tt.reason) {
					t.Errorf("%s, smoke %t, %v: %v, want %v and %q:%s",
						tt.name, smoke, undecided, got, tt.want, tt.reason, list(v))
				}
			}
		}
	}
}

// A rule that only warns of failures is no limit on them: the one that is built in
// stays, and says nothing of the few that the rule warns of.
func TestWarningIsNoLimit(t *testing.T) {
	for _, tt := range []struct {
		failing int64 // of 10 requests a second
		want    verdict.Outcome
		failed  bool
	}{{10, verdict.Fail, true}, {6, verdict.Fail, true}, {2, verdict.Warn, false}} {
		for _, smoke := range []bool{false, true} {
			r := newRun(60)
			r.Planned.Smoke = smoke
			r.users(10)
			for slot := range 60 {
				for range 10 - tt.failing {
					r.ok("GET /a", slot, 20*time.Millisecond)
				}
				r.fail("GET /a", slot, tt.failing, metric.Status, 500)
			}
			l := limit(t, "success", 0)
			l.HasFail, l.HasWarn, l.Warn = false, true, 0.99
			v := judge(t, r, file(l))
			said := strings.Contains(list(v), "the rule for failures only warns")
			if v.Final() != tt.want || said != tt.failed || strings.Contains(list(v), "no rule limits") {
				t.Errorf("%d of 10 fail, smoke %t: %v, want %v:%s", tt.failing, smoke, v.Final(), tt.want, list(v))
			}
		}
	}
}
