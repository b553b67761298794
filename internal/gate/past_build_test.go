package gate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// letter is the endpoint of a place: GET /a, GET /b and so on.
func letter(e int) string { return fmt.Sprintf("GET /%c", 'a'+e) }

// speed is by what the latencies of an endpoint are multiplied in a run.
type speed func(name string) float64

// usual is unchanged code.
func usual(string) float64 { return 1 }

// all multiplies every endpoint.
func all(factor float64) speed { return func(string) float64 { return factor } }

// slow multiplies endpoints by name, and leaves the others as they were.
func slow(factor float64, names ...string) speed {
	return func(name string) float64 {
		if slices.Contains(names, name) {
			return factor
		}
		return 1
	}
}

// shop is a run of a minute of n endpoints, whose latencies lie around 20 ms
// and, by half more each, up to 340 ms for the eighth.
func shop(n int, of speed) *run { return asked(n, 300, of) }

// asked is the same with so many requests of each.
func asked(n, requests int, of speed) *run {
	r := newRun(60)
	r.users(20)
	for e := range n {
		name := letter(e)
		level := 20e6 * math.Pow(1.5, float64(e)) * of(name)
		r.steady(name, requests, time.Duration(level/2), time.Duration(level*3/2))
	}
	return r
}

// earlier are runs of the same code as a result of today: its figures, each
// moved at random by a share of itself.
func earlier(t testing.TB, today *result.Result, seed uint64, n int, cv float64) []baseline.Run {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 7))
	distilled, _ := regress.Distill(today, verdict.Verdict{Checks: []verdict.Check{{Outcome: verdict.Pass}}})
	var runs []baseline.Run
	for i := range n {
		r := distilled
		r.ID, r.Started = fmt.Sprintf("run-%02d", i+1), today.Started.AddDate(0, 0, i-n)
		r.Origin.Commit = fmt.Sprintf("%02dfedcba9876543210", i+1)
		r.Figures = slices.Clone(distilled.Figures)
		for f := range r.Figures {
			r.Figures[f].Value *= math.Exp(cv * random.NormFloat64())
		}
		runs = append(runs, r)
	}
	return runs
}

// dropFrom takes figures of an endpoint out of runs.
func dropFrom(runs []baseline.Run, name string) {
	for i := range runs {
		runs[i].Figures = slices.DeleteFunc(runs[i].Figures, func(f baseline.Figure) bool { return f.Endpoint == name })
	}
}

// allows are the terms that allow a metric so much.
func allows(t testing.TB, name string, most float64) config.RegressionPolicy {
	t.Helper()
	return config.RegressionPolicy{Regressions: []config.Regression{{Metric: limit(t, name, 0).Metric, Most: most}}}
}

// compared is a file with a baseline section as the decoder makes it of
// "baseline: {last: 20}", and one limit that everything keeps.
func compared(t testing.TB) *config.Config {
	s := file(limit(t, "p95", 60e9))
	s.Baseline = config.Baseline{On: true, Last: 20, Confirm: true,
		Policy: allows(t, "p95", 0.05), Pos: mistake.Pos{File: "thresholds.yaml", Line: 3}}
	return s
}

// held judges a run against earlier ones, and a confirmation if there is one.
func held(t testing.TB, s *config.Config, runs []baseline.Run, today, again *result.Result) verdict.Verdict {
	t.Helper()
	past := baseline.Select(runs,
		baseline.Query{Run: baseline.Of(today), Branch: s.Baseline.Branch, Last: s.Baseline.Last})
	return gate.Judge(evidence.Input{Result: today, Config: s, Past: past, Confirmation: again})
}

// comparisons are the checks of a verdict that hold values against measured
// ones.
func comparisons(v verdict.Verdict) []verdict.Check {
	return slices.DeleteFunc(slices.Clone(v.Checks), func(c verdict.Check) bool { return c.Comparison == nil })
}

// findings are the gated comparisons that did not pass: "FAIL p95 GET /a". Those
// that only rose with all others are left out (TestRecordedRiseOfAll).
func findings(v verdict.Verdict) []string {
	var found []string
	for _, c := range comparisons(v) {
		withAll := strings.Contains(wording.Reason(c), "as all endpoints together are")
		if c.Outcome != verdict.Pass && c.Comparison.Gated && !withAll {
			found = append(found, fmt.Sprintf("%s %s %s", c.Outcome, c.Metric.Name(), c.Subject))
		}
	}
	return found
}

// about are the comparisons of a subject and metric.
func about(t testing.TB, v verdict.Verdict, subject string, m metric.Metric) verdict.Check {
	t.Helper()
	for _, c := range comparisons(v) {
		if c.Subject == subject && c.Metric == m {
			return c
		}
	}
	t.Fatalf("no comparison of %s of %s:%s", m.Name(), subject, list(v))
	return verdict.Check{}
}

// compareFindings wants the gated comparisons that did not pass.
func compareFindings(t *testing.T, v verdict.Verdict, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, findings(v)); diff != "" {
		t.Errorf("findings (-want +got):\n%s%s", diff, list(v))
	}
}

// late makes the generator of a run late.
func late(r *run) { r.lag(40 * time.Millisecond) }

// overrun makes it so late that a part of the load was not made.
func overrun(r *run) { r.lags(60, 40*time.Millisecond) }

// with changes a run.
func (r *run) with(change func(*run)) *run {
	change(r)
	return r
}

// interrupted ends a run early.
func interrupted(r *run) { r.End, r.Elapsed = result.Interrupted, 40*time.Second }
