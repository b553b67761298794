package baseline_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

var midnight = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// run is the run of a day that passed, changed as the test needs it.
func run(day int, change ...func(*baseline.Run)) baseline.Run {
	r := baseline.Run{
		ID: fmt.Sprintf("day %02d", day), Started: midnight.AddDate(0, 0, day),
		Digest: "sha256:4be1", Target: "http://localhost:8000",
		End: result.Complete, Origin: result.Origin{Branch: "main", Runner: result.Runner{Name: "small"}},
		Verdict: "pass",
	}
	for _, f := range change {
		f(&r)
	}
	return r
}

func marked(accepted ...bool) func(*baseline.Run) {
	return func(r *baseline.Run) {
		for i, a := range accepted {
			r.Marks = append(r.Marks,
				baseline.Mark{Accepted: a, Reason: "because", At: r.Started.Add(time.Duration(i+1) * time.Hour)})
		}
	}
}

func verdict(name string) func(*baseline.Run) { return func(r *baseline.Run) { r.Verdict = name } }

// p95 gives a run the p95 of an endpoint, in milliseconds.
func p95(endpoint string, ms, relative float64) func(*baseline.Run) {
	return func(r *baseline.Run) {
		r.Figures = append(r.Figures,
			baseline.Figure{Endpoint: endpoint, Metric: metric.P95, Value: ms * 1e6, Err: relative, Requests: 500})
	}
}

// ids are those of the runs, in order.
func ids(runs []baseline.Run) []string {
	var all []string
	for _, r := range runs {
		all = append(all, r.ID)
	}
	return all
}

// same says whether two series are alike within the arithmetic of logarithms;
// NaN is like NaN.
func same(t *testing.T, want, got []float64) bool {
	t.Helper()
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if math.IsNaN(want[i]) != math.IsNaN(got[i]) || math.Abs(want[i]-got[i]) > 1e-9 {
			return false
		}
	}
	return true
}
