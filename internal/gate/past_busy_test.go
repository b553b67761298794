package gate_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

var cleanRuns = recordedClean[:8]

// history are runs as a history that is filled in this order keeps them: each
// is judged by those before it.
func history(t testing.TB, s *config.Config, names ...string) []baseline.Run {
	t.Helper()
	var runs []baseline.Run
	for i, name := range names {
		r := recorded(t, name)
		r.Started = time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)
		run, _ := regress.Distill(r, held(t, s, runs, r, nil))
		run.ID = name
		runs = append(runs, run)
	}
	return runs
}

// regressions are the gated comparisons with earlier runs that failed or were
// left undecided, and those that a late generator may explain.
func regressions(v verdict.Verdict) (failed, open, excused []string) {
	for _, c := range comparisons(v) {
		switch {
		case !c.Comparison.Gated || c.Metric != metric.P95:
		case c.Outcome == verdict.Fail:
			failed = append(failed, c.Subject)
		case c.Outcome == verdict.Inconclusive:
			open = append(open, c.Subject)
		case strings.Contains(wording.Reason(c), "may explain up to"):
			excused = append(excused, c.Subject)
		}
	}
	return failed, open, excused
}

// Clean runs of a busy machine, recorded one after the other, become a baseline.
func TestBusyRunsBecomeABaseline(t *testing.T) {
	runs := history(t, recordedFile(t), cleanRuns...)
	counted := 0
	for _, r := range runs {
		if r.Counts() {
			counted++
		}
		if r.Base == baseline.Failed {
			t.Errorf("%s failed: %s", r.ID, r.Why)
		}
	}
	if counted < 6 {
		t.Errorf("%d of %d clean runs are a baseline, want 6 or more", counted, len(runs))
	}
}

// Faults fail against the clean runs, and name the endpoint that has them.
func TestBusyRegressionsAreFound(t *testing.T) {
	s := recordedFile(t)
	runs := history(t, s, cleanRuns...)
	for name, want := range map[string][]string{
		"sw-slow":       {"GET /api/performance/analytics"},
		"sw-slowalerts": {"GET /api/alerts?status=active"},
		"sw-n1":         {"GET /api/tutors?include_metrics=true"},
		"sw-burn":       {"all 17 endpoints"},
		"sw-drift":      {"all 17 endpoints"},
	} {
		r := recorded(t, name)
		r.Started = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
		v := held(t, s, runs, r, nil)
		failed, open, _ := regressions(v)
		if diff := cmp.Diff(want, failed); diff != "" || open != nil {
			t.Errorf("%s: failed (-want +got):\n%sundecided: %v", name, diff, open)
		}
	}
}

// Each clean run against all others, those after it too: none fails, none is
// left undecided, and what the generator may have done is rare.
func TestBusyRunsAgainstEachOther(t *testing.T) {
	s := recordedFile(t)
	excused := 0
	all := history(t, s, cleanRuns...)
	for _, name := range cleanRuns {
		others := slices.DeleteFunc(slices.Clone(all), func(other baseline.Run) bool { return other.ID == name })
		r := recorded(t, name)
		r.Started = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
		failed, open, may := regressions(held(t, s, others, r, nil))
		if failed != nil || open != nil {
			t.Errorf("%s: failed %v, undecided %v", name, failed, open)
		}
		excused += len(may)
	}
	if excused > 8 {
		t.Errorf("%d comparisons that a late generator may explain", excused)
	}
}

// Where all endpoints are worse together, none of them is a pass for being as bad
// as the others.
func TestRecordedRiseOfAll(t *testing.T) {
	s := recordedFile(t)
	all, single := 0, 0
	for _, c := range comparisons(held(t, s, history(t, s, cleanRuns...), recorded(t, "sw-burn"), nil)) {
		switch {
		case c.Metric != metric.P95 || !c.Comparison.Gated:
		case !c.Got.OK && c.Outcome == verdict.Fail:
			all++
		case c.Got.OK && c.Limit.OK && c.Got.Value > c.Limit.Value:
			single++
			if c.Outcome == verdict.Pass {
				t.Errorf("%s is %v, %v: a pass", c.Subject, c.Got, c.Outcome)
			}
		}
	}
	if all != 1 || single < 5 {
		t.Errorf("%d findings about all endpoints and %d above their limits, want 1 and most", all, single)
	}
}
