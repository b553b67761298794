package gate_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/spec"
	"github.com/loadgate/loadgate/internal/stat"
)

func TestDistill(t *testing.T) {
	r := joined(t, mixed(1, 1), "GET /b", "buy")
	r.Seed, r.Profile, r.Origin.Commit = 7, "test", "abc"
	warned := gate.Verdict{Checks: []gate.Check{{Outcome: gate.Warn}}}
	run := gate.Distill(r, warned)
	if run.Verdict != "warn" || run.Seed != 7 || run.Digest != r.Digest || run.End != result.Complete || run.Origin.Commit != "abc" || !run.Counts() {
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
	v := gate.Judge(gate.Input{Result: r, Spec: file(limit(t, "p95", ms(500)), limit(t, "mean", ms(500)))})
	for _, m := range []metric.Metric{metric.P95, metric.Mean} {
		check := find(t, v, "GET /a", m)
		f, ok := run.Figure("GET /a", false, m)
		se := stat.ErrorOfLog(check.Low.Value, check.High.Value, 20, 0.05)
		if !ok || f.Value != check.Got.Value || f.Requests != check.Requests || math.Abs(f.Err/se-1) > 1e-9 || !(se > 0) {
			t.Errorf("%s = %+v, and the check says %+v with a standard error of %v", m.Name(), f, check, se)
		}
	}
	if f, ok := run.Figure("buy", true, metric.P95); !ok || f.Value <= 0 {
		t.Errorf("transaction: %+v, %v", f, ok)
	}
}

// The verdict that is kept is the one that decided the exit code.
func TestDistillKeepsTheFinalVerdict(t *testing.T) {
	r := mixed(1, 0).result(t)
	for _, tt := range []struct {
		v      gate.Verdict
		want   string
		counts bool
	}{
		{gate.Verdict{Checks: []gate.Check{{Outcome: gate.Pass}}}, "pass", true},
		{gate.Verdict{Checks: []gate.Check{{Outcome: gate.Fail}}}, "fail", false},
		{gate.Verdict{}, "inconclusive", false},
		{gate.Verdict{Undecided: spec.UndecidedPasses}, "pass", true},
		{gate.Verdict{Undecided: spec.UndecidedFails}, "fail", false},
	} {
		if run := gate.Distill(r, tt.v); run.Verdict != tt.want || run.Counts() != tt.counts {
			t.Errorf("Distill(..., %v) = %q, counts %v, want %q, %v", tt.v, run.Verdict, run.Counts(), tt.want, tt.counts)
		}
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
	run := gate.Distill(r.result(t), gate.Verdict{})
	for _, tt := range []struct {
		endpoint string
		metric   string
		want     bool
	}{
		{"GET /19", "p95", false}, {"GET /20", "p95", true}, {"GET /19", "p50", true}, {"GET /20", "p99", false},
		{"GET /19", "mean", true}, {"GET /19", "throughput", true}, {"GET /never", "throughput", false}, {"GET /never", "p50", false},
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
	if got := gate.Distill(&result.Result{Slot: time.Second}, gate.Verdict{}); len(got.Figures) != 0 || got.Verdict != "inconclusive" {
		t.Errorf("of nothing: %+v", got)
	}
}
