package gate_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

func TestDistill(t *testing.T) {
	r := joined(t, mixed(1, 1), "GET /b", "buy")
	r.Seed, r.Profile, r.Origin.Commit = 7, "test", "abc"
	warned := verdict.Verdict{Checks: []verdict.Check{{Outcome: verdict.Warn}}}
	run, _ := regress.Distill(r, warned)
	if run.Verdict != "warn" || run.Seed != 7 || run.Digest != r.Digest ||
		run.End != result.Complete || run.Origin.Commit != "abc" || !run.Counts() {
		t.Errorf("Distill(...) = %+v", run)
	}
	var names []string
	for _, f := range run.Figures {
		if f.Metric == metric.P95 {
			names = append(names, f.Endpoint)
		}
	}
	if diff := cmp.Diff([]string{"GET /a", "GET /b", "buy"}, names); diff != "" {
		t.Errorf("endpoints, without start steps (-want +got):\n%s", diff)
	}
	v := gate.Judge(evidence.Input{Result: r, Config: file(limit(t, "p95", ms(500)), limit(t, "mean", ms(500)))})
	for _, m := range []metric.Metric{metric.P95, metric.Mean} {
		check := find(t, v, "GET /a", m)
		f, ok := run.Figure("GET /a", false, m)
		se := stat.ErrorOfLog(check.Low.Value, check.High.Value, 20, 0.05)
		if !ok || f.Value != check.Got.Value || f.Requests != check.Requests ||
			math.Abs(f.Err/se-1) > 1e-9 || !(se > 0) {
			t.Errorf("%s = %+v, and the check says %+v with a standard error of %v", m.Name(), f, check, se)
		}
	}
	if f, ok := run.Figure("buy", true, metric.P95); !ok || f.Value <= 0 {
		t.Errorf("transaction: %+v, %v", f, ok)
	}
}

// The verdict that is kept is the one that decided the exit code. What the run is
// worth as a baseline does not depend on that, nor on its own baseline.
func TestDistillSaysWhatARunIsWorth(t *testing.T) {
	missing := &verdict.Comparison{Gated: true}
	row := func(outcome verdict.Outcome, endpoints ...string) verdict.Check {
		return verdict.Check{Rule: "quick", Metric: metric.P95, Subject: "some", Endpoints: endpoints, Outcome: outcome}
	}
	for _, tt := range []struct {
		name   string
		v      verdict.Verdict
		change func(*run)
		want   string // the verdict
		base   baseline.Base
		why    string
		unsure []string
	}{
		{"passed", verdict.Verdict{Checks: []verdict.Check{row(verdict.Pass, "GET /a")}},
			nil, "pass", baseline.Fit, "", nil},
		{"failed", verdict.Verdict{Checks: []verdict.Check{row(verdict.Pass, "GET /b"), row(verdict.Fail, "GET /a")}},
			nil, "fail",
			baseline.Failed, "it failed: quick, p95 of some", nil},
		{"failed health", verdict.Verdict{Checks: []verdict.Check{{Subject: "silence", Outcome: verdict.Fail}}},
			nil, "fail",
			baseline.Failed, "it failed: silence", nil},
		{"failed resource",
			verdict.Verdict{Checks: []verdict.Check{{Rule: "memory", Resource: true, Outcome: verdict.Fail}}}, nil,
			"fail", baseline.Failed, "it failed: memory", nil},
		{"regressed", verdict.Verdict{Checks: []verdict.Check{{Rule: "baseline", Metric: metric.P95, Subject: "GET /a",
			Outcome: verdict.Fail, Comparison: &verdict.Comparison{Doubtful: true}}}}, nil,
			"fail", baseline.Failed, "it failed: p95 of GET /a, against earlier runs", nil},
		{"nothing judged", verdict.Verdict{}, nil, "inconclusive", baseline.Unjudged, "nothing was judged", nil},
		{"nothing judged, counted as a pass", verdict.Verdict{Undecided: config.UndecidedPasses},
			nil, "pass", baseline.Unjudged,
			"nothing was judged", nil},
		{"not the load that was meant", verdict.Verdict{Checks: []verdict.Check{{Subject: "offered load"}}},
			nil, "inconclusive",
			baseline.Unjudged,
			"it could not be judged: offered load", nil},
		{"not the load that was meant, counted as a pass",
			verdict.Verdict{Checks: []verdict.Check{{Subject: "offered load"}},
				Undecided: config.UndecidedPasses}, nil,
			"pass", baseline.Fit, "", nil},
		{"no request measured, counted as a pass",
			verdict.Verdict{Checks: []verdict.Check{{Subject: "run", Firm: true}},
				Undecided: config.UndecidedPasses}, nil,
			"inconclusive", baseline.Unjudged, "it could not be judged: run", nil},
		{"no earlier runs", verdict.Verdict{Checks: []verdict.Check{row(verdict.Pass), {Subject: "earlier runs",
			Comparison: missing}}}, nil, "inconclusive", baseline.Fit, "", nil},
		{"a new endpoint",
			verdict.Verdict{Checks: []verdict.Check{{Subject: "1 of 8 endpoints", Endpoints: []string{"GET /a"},
				Comparison: missing}}}, nil, "inconclusive", baseline.Fit, "", nil},
		{"earlier runs that scatter", verdict.Verdict{Checks: []verdict.Check{{Rule: "baseline", Subject: "GET /a",
			Endpoints: []string{"GET /a"}, Comparison: missing}}}, nil,
			"inconclusive", baseline.Fit, "", nil},
		{"slower, and not decided", verdict.Verdict{Checks: []verdict.Check{{Rule: "baseline", Subject: "GET /a",
			Endpoints: []string{"GET /a"}, Comparison: &verdict.Comparison{Gated: true, Doubtful: true}}}}, nil,
			"inconclusive", baseline.Fit, "", []string{"GET /a"}},
		{"a thin row", verdict.Verdict{Checks: []verdict.Check{row(verdict.Inconclusive, "GET /a")}},
			nil, "inconclusive",
			baseline.Fit, "", []string{"GET /a"}},
		{"a thin row, counted as a failure",
			verdict.Verdict{Checks: []verdict.Check{row(verdict.Inconclusive, "GET /a")},
				Undecided: config.UndecidedFails}, nil, "fail", baseline.Fit, "", []string{"GET /a"}},
		{"a thin row, counted as a pass", verdict.Verdict{Checks: []verdict.Check{row(verdict.Inconclusive, "GET /a")},
			Undecided: config.UndecidedPasses}, nil, "pass", baseline.Fit, "", nil},
		{"a thin row, counted as a warning",
			verdict.Verdict{Checks: []verdict.Check{row(verdict.Inconclusive, "GET /a")},
				Undecided: config.UndecidedWarns}, nil, "warn", baseline.Fit, "", nil},
		{"failures that no rule limits", verdict.Verdict{Checks: []verdict.Check{{Subject: "GET /b",
			Endpoints: []string{"GET /b"}}}}, nil, "inconclusive", baseline.Fit, "", []string{"GET /b"}},
		{"a thin share", verdict.Verdict{Checks: []verdict.Check{{Rule: "sound", Metric: metric.Success,
			Endpoints: []string{"GET /a"}}}}, nil, "inconclusive", baseline.Fit, "", nil},
		{"a resource that was not read",
			verdict.Verdict{Checks: []verdict.Check{{Rule: "memory", Resource: true}}}, nil,
			"inconclusive", baseline.Fit, "", nil},
		{"late, by less than the service takes", verdict.Verdict{Checks: []verdict.Check{row(verdict.Pass)}},
			func(r *run) { r.lag(12 * time.Millisecond) }, "pass", baseline.Fit, "", nil},
		{"late, by more that was rare", verdict.Verdict{Checks: []verdict.Check{row(verdict.Pass)}},
			func(r *run) { r.lag(200 * time.Millisecond) }, "pass", baseline.Fit, "", nil},
		{"late, by more", verdict.Verdict{Checks: []verdict.Check{row(verdict.Pass)}}, func(r *run) {
			for s := range 60 {
				for range 50 {
					r.lagged("GET /a", s, 80*time.Millisecond, 40*time.Millisecond)
					r.lagged("GET /b", s, 80*time.Millisecond, 40*time.Millisecond)
				}
			}
			r.lag(100 * time.Millisecond)
		}, "pass", baseline.Late,
			"its generator was late by 100ms, more than the median p95 of its endpoints, 80ms", nil},
		{"late, by more than a service of milliseconds takes",
			verdict.Verdict{Checks: []verdict.Check{row(verdict.Pass)}}, func(r *run) {
				for s := range 60 {
					for range 300 {
						r.lagged("GET /a", s, 4*time.Millisecond, 3*time.Millisecond)
						r.lagged("GET /b", s, 4*time.Millisecond, 3*time.Millisecond)
					}
				}
				r.lag(12 * time.Millisecond)
			}, "pass", baseline.Fit, "", nil},
		{"overrun", verdict.Verdict{Checks: []verdict.Check{row(verdict.Pass)}}, overrun, "pass", baseline.Late,
			"its generator was late", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := shop(2, usual)
			if tt.change != nil {
				r.with(tt.change)
			}
			run, because := regress.Distill(r.result(t), tt.v)
			why := wording.Text(because)
			if run.Verdict != tt.want || run.Base != tt.base ||
				why != tt.why || run.Counts() != (tt.base == baseline.Fit) {
				t.Errorf("Distill(...) = %q, %q, %q, counts %v, want %q, %q, %q",
					run.Verdict, run.Base, why, run.Counts(),
					tt.want, tt.base, tt.why)
			}
			var unsure []string
			for _, f := range run.Figures {
				if f.Unsure && !slices.Contains(unsure, f.Endpoint) {
					unsure = append(unsure, f.Endpoint)
				}
			}
			if diff := cmp.Diff(tt.unsure, unsure); diff != "" {
				t.Errorf("unsure endpoints (-want +got):\n%s", diff)
			}
		})
	}
}

// Latencies are kept from the actual send too: that is where a late generator
// does not count.
func TestDistillKeepsBothClocks(t *testing.T) {
	r := newRun(60)
	r.users(20)
	for s := range 60 {
		for range 5 {
			r.lagged("GET /a", s, 50*time.Millisecond, 20*time.Millisecond)
		}
	}
	run, _ := regress.Distill(r.result(t), verdict.Verdict{})
	near := func(what string, got, want float64) {
		if math.Abs(got/want-1) > 0.02 {
			t.Errorf("%s = %v, want about %v", what, got, want)
		}
	}
	f, _ := run.Figure("GET /a", false, metric.P95)
	near("p95", f.Value, 50e6)
	near("p95 from the send", f.Sent, 30e6)
	if f, ok := run.Figure("GET /a", false, metric.Throughput); !ok || f.Sent != 0 {
		t.Errorf("throughput = %+v", f)
	}
}

// A percentile of so few requests that it is their maximum is no figure, and
// nothing that was not measured is one.
func TestDistillLeavesOut(t *testing.T) {
	r := newRun(60)
	r.users(10)
	r.steady("GET /19", 19, 20*time.Millisecond, 30*time.Millisecond)
	r.steady("GET /20", 20, 20*time.Millisecond, 30*time.Millisecond)
	r.endpoint("GET /never")
	for s := range 60 {
		r.fail("GET /broken", s, 5, metric.Status, 500)
	}
	run, _ := regress.Distill(r.result(t), verdict.Verdict{})
	for _, tt := range []struct {
		endpoint string
		metric   string
		want     bool
	}{
		{"GET /19", "p95", false}, {"GET /20", "p95", true}, {"GET /19", "p50", true}, {"GET /20", "p99", false},
		{"GET /19", "mean", true}, {"GET /19", "throughput", true},
		{"GET /never", "throughput", false}, {"GET /never", "p50", false},
		{"GET /broken", "p50", false}, {"GET /broken", "throughput", false},
	} {
		if _, ok := run.Figure(tt.endpoint, false, limit(t, tt.metric, 0).Metric); ok != tt.want {
			t.Errorf("%s of %s: there %v, want %v", tt.metric, tt.endpoint, ok, tt.want)
		}
	}
	for _, f := range run.Figures {
		if !(f.Value > 0) || math.IsInf(f.Value, 0) || !(f.Err >= 0) {
			t.Errorf("figure %+v", f)
		}
	}
	if got, _ := regress.Distill(&result.Result{Slot: time.Second}, verdict.Verdict{}); len(got.Figures) != 0 ||
		got.Verdict != "inconclusive" {
		t.Errorf("of nothing: %+v", got)
	}
}
