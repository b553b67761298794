package gate_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

var sameMetric = cmp.Options{cmp.Comparer(func(a, b metric.Metric) bool { return a == b }), cmpopts.EquateNaNs()}

// drawTerms draws a baseline section.
func drawTerms(tb testing.TB, t *rapid.T) *config.Config {
	s := compared(tb)
	s.Baseline.Confirm = rapid.Bool().Draw(t, "confirm")
	s.Baseline.MissingStrict = rapid.Bool().Draw(t, "missing")
	s.Baseline.Policy = allows(tb, rapid.SampledFrom([]string{"p95", "p50", "mean"}).Draw(t, "metric"),
		rapid.SampledFrom([]float64{0.05, 0.2, 0.5}).Draw(t, "allowed"))
	s.Baseline.Policy.Strict = rapid.Bool().Draw(t, "strict")
	return s
}

// drawSpeed draws a run in which endpoints are as they were, or slower.
func drawSpeed(t *rapid.T, label string, n int) map[string]float64 {
	of := map[string]float64{}
	for e := range n {
		of[letter(e)] = rapid.SampledFrom([]float64{0.8, 1, 1, 1.1, 1.3, 1.7}).Draw(t,
			fmt.Sprintf("%s %s", label, letter(e)))
	}
	return of
}

// first is a result with its first n endpoints.
func first(r *result.Result, n int) *result.Result {
	some := *r
	some.Endpoints = r.Endpoints[:n]
	return &some
}

func by(factors map[string]float64) speed { return func(name string) float64 { return factors[name] } }

// The order of the figures of earlier runs, of the runs, and of the endpoints of
// the new ones changes nothing, and nor does judging twice.
func TestOrderOfThePastChangesNothing(t *testing.T) {
	whole := shop(7, usual).result(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.SampledFrom([]int{1, 3, 6}).Draw(rt, "endpoints")
		clean := first(whole, n)
		runs := earlier(t, clean, rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(2, 8).Draw(rt, "runs"), 0.05)
		today := shop(n, by(drawSpeed(rt, "today", n))).result(t)
		var again *result.Result
		if rapid.Bool().Draw(rt, "repeated") {
			again = shop(n, by(drawSpeed(rt, "again", n))).result(t)
		}
		s := drawTerms(t, rt)
		want := held(t, s, runs, today, again)
		if diff := cmp.Diff(want, held(t, s, runs, today, again), sameMetric); diff != "" {
			rt.Fatalf("judged twice (-first +second):\n%s", diff)
		}
		turned := rapid.Permutation(runs).Draw(rt, "order of runs")
		for i := range turned {
			turned[i].Figures = slices.Clone(turned[i].Figures)
			slices.Reverse(turned[i].Figures)
		}
		swap := func(r *result.Result) *result.Result {
			if r == nil {
				return nil
			}
			other := *r
			other.Endpoints = slices.Clone(r.Endpoints)
			slices.Reverse(other.Endpoints)
			return &other
		}
		if diff := cmp.Diff(want, held(t, s, turned, swap(today), swap(again)), sameMetric); diff != "" {
			rt.Fatalf("in another order (-want +got):\n%s", diff)
		}
	})
}

// A run that is slower in one endpoint, the rest the same, never has a better
// outcome: below five endpoints in any, above in one that is slower already than
// most, as only then the common part stays what it was. The same holds where the
// confirmation is the slower one.
func TestSlowerRunsAreNeverBetter(t *testing.T) {
	whole := shop(7, usual).result(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.SampledFrom([]int{1, 2, 4, 7}).Draw(rt, "endpoints")
		clean := first(whole, n)
		runs := earlier(t, clean, rapid.Uint64().Draw(rt, "seed"),
			rapid.IntRange(3, 8).Draw(rt, "runs"), rapid.SampledFrom([]float64{0.02, 0.08, 0.2}).Draw(rt, "cv"))
		s := drawTerms(t, rt)
		worst := letter(rapid.IntRange(0, n-1).Draw(rt, "endpoint"))
		factor := rapid.SampledFrom([]float64{1.05, 1.2, 1.5, 2, 4}).Draw(rt, "factor")
		sides := []map[string]float64{drawSpeed(rt, "today", n)}
		if rapid.Bool().Draw(rt, "repeated") {
			sides = append(sides, drawSpeed(rt, "again", n))
		}
		turn := rapid.IntRange(0, len(sides)-1).Draw(rt, "slower run")
		lags := []bool{rapid.Bool().Draw(rt, "late"), rapid.Bool().Draw(rt, "late again")}
		made := func(i int) *result.Result {
			r := shop(n, by(sides[i]))
			if lags[i] {
				late(r)
			}
			return r.result(t)
		}
		if n >= 5 {
			for _, side := range sides {
				side[worst] = 2 // above the median whatever the scatter of levels
			}
		}
		judge := func() verdict.Verdict {
			if len(sides) == 1 {
				return held(t, s, runs, made(0), nil)
			}
			return held(t, s, runs, made(0), made(1))
		}
		before := judge()
		sides[turn][worst] *= factor
		after := judge()
		if severity(after.Outcome()) < severity(before.Outcome()) {
			rt.Fatalf("%v, and %v with %s %g times as slow in run %d%s\n---%s",
				before.Outcome(), after.Outcome(), worst, factor, turn, list(before), list(after))
		}
	})
}

// A run is compared with its own past only: what other branches, loads and
// failed runs say changes no figure.
func TestRunsThatDoNotCountChangeNothing(t *testing.T) {
	clean, today := shop(4, usual).result(t), shop(4, slow(1.5, "GET /b")).result(t)
	s := compared(t)
	runs := earlier(t, clean, 9, 8, 0.05)
	want := held(t, s, runs, today, nil)
	for _, tt := range []struct {
		name   string
		change func(*baseline.Run)
	}{
		{"failed", func(r *baseline.Run) { r.Base = baseline.Failed }},
		{"late", func(r *baseline.Run) { r.Base = baseline.Late }},
		{"of another load", func(r *baseline.Run) { r.Digest = "y" }},
		{"stopped", func(r *baseline.Run) { r.End = result.Stopped }},
		{"rejected", func(r *baseline.Run) { r.Marks = []baseline.Mark{{Reason: "noise"}} }},
	} {
		more := earlier(t, today, 10, 3, 0.5)
		for i := range more {
			tt.change(&more[i])
		}
		if diff := cmp.Diff(want, held(t, s, slices.Concat(more, runs), today, nil), sameMetric); diff != "" {
			t.Errorf("%s runs (-without +with):\n%s", tt.name, diff)
		}
	}
}
