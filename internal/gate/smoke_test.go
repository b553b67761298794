package gate_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/verdict"
)

// smoked is a smoke run in which each of the endpoints has so many successes and
// failures, of a latency.
func smoked(t testing.TB, latency time.Duration, counts map[string][2]int) *run {
	t.Helper()
	r := newRun(10)
	r.Planned.Smoke = true
	for _, name := range []string{"GET /a", "GET /b", "GET /c"} {
		count := counts[name]
		r.endpoint(name)
		for i := range count[0] {
			r.ok(name, i%10, latency)
		}
		for i := range count[1] {
			r.fail(name, i%10, 1, metric.Expectation, 200)
		}
	}
	return r
}

// A smoke run passes when every endpoint was asked, the share of failures keeps the
// limit and no endpoint fails for the most part; whatever its latencies are.
func TestSmokeByFailuresAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		counts, all, failed, worst, unasked := map[string][2]int{}, 0, 0, 0.0, false
		for _, name := range []string{"GET /a", "GET /b", "GET /c"} {
			good, bad := rapid.IntRange(0, 60).Draw(rt, "good"),
				rapid.SampledFrom([]int{0, 0, 0, 1, 3, 9}).Draw(rt, "bad")
			counts[name] = [2]int{good, bad}
			all, failed = all+good+bad, failed+bad
			if unasked = unasked || good+bad == 0; good+bad > 0 {
				worst = max(worst, float64(bad)/float64(good+bad))
			}
		}
		s := file(limit(t, "success", 0.9), limit(t, "p95", ms(1)), limit(t, "throughput", 1000))
		v := judge(t, smoked(t, time.Duration(rapid.IntRange(1, 9000).Draw(rt, "ms"))*time.Millisecond, counts), s)
		broken := all > 0 && float64(failed) > 0.1*float64(all)+1e-9
		want := verdict.Pass
		switch {
		case broken || worst > 0.5:
			want = verdict.Fail
		case unasked:
			want = verdict.Inconclusive
		}
		got := v.Outcome()
		if got == verdict.Warn { // an outage that breaks no limit
			got = verdict.Pass
		}
		// an outage, or silence, of many
		if got != want && !(want != verdict.Fail && got == verdict.Fail && failed >= 9) {
			t.Fatalf("%v: %s, want %s:%s", counts, got, want, list(v))
		}
		for _, c := range v.Checks {
			if c.Metric.Latency() || c.Metric == metric.Throughput || c.Comparison != nil {
				t.Fatalf("judged %s of %s", c.Metric.Name(), c.Subject)
			}
		}
		if !v.Smoke {
			t.Fatal("the verdict does not say that it is on a smoke run")
		}
	})
}

// A smoke run is compared with no earlier runs, and is never one of them.
func TestSmokeIsNoBaseline(t *testing.T) {
	s := file(limit(t, "success", 0.9))
	terms := config.RegressionPolicy{Regressions: []config.Regression{{Metric: metric.P95, Most: 0.05}}}
	s.Baseline = config.Baseline{On: true, MissingStrict: true, Policy: terms}
	r := smoked(t, time.Second, map[string][2]int{"GET /a": {9, 0}, "GET /b": {9, 0}, "GET /c": {9, 0}}).result(t)
	v := gate.Judge(evidence.Input{Result: r, Config: s, Past: &baseline.Past{}})
	if v.Outcome() != verdict.Pass {
		t.Errorf("%s:%s", v.Outcome(), list(v))
	}
	if kept, _ := regress.Distill(r, v); kept.Base != baseline.Unjudged {
		t.Errorf("it is worth %v as a baseline", kept.Base)
	}
}

// A smoke run without a request is no pass, whatever the file makes of what is
// undecided.
func TestSmokeOfNothing(t *testing.T) {
	s := file(limit(t, "success", 0.9))
	s.Judge.Inconclusive = config.UndecidedPasses
	if v := judge(t, smoked(t, 0, nil), s); v.Final() != verdict.Inconclusive {
		t.Errorf("%s:%s", v.Final(), list(v))
	}
}

// Where no rule limits failures the limit holds that is built in, by value, and a
// file that limits something else passes all the same.
func TestSmokeWithoutLimits(t *testing.T) {
	for name, c := range map[string]struct {
		counts [2]int
		want   verdict.Outcome
	}{
		"none fails": {[2]int{5, 0}, verdict.Pass},
		"some fail":  {[2]int{5, 1}, verdict.Warn},
		"most fail":  {[2]int{1, 2}, verdict.Fail},
	} {
		counts := map[string][2]int{"GET /a": {9, 0}, "GET /b": {9, 0}, "GET /c": c.counts}
		v := judge(t, smoked(t, time.Second, counts), file(limit(t, "p95", ms(1))))
		if diff := cmp.Diff(c.want, v.Outcome()); diff != "" {
			t.Errorf("%s (-want +got):\n%s%s", name, diff, list(v))
		}
	}
}
