package gate_test

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/spec"
)

// busyRun is a recorded run of a busy machine (testdata/busy).
func busyRun(t testing.TB, name string) *result.Result {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", "busy", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r, err := result.Decode(in, name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func busyFile(t testing.TB) *spec.Spec {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "busy", "thresholds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := spec.Decode(text, "thresholds.yaml", spec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var cleanRuns = []string{"clean1", "clean2", "clean3", "clean4", "clean5", "clean6", "clean7", "clean8"}

// recorded are runs as a history that is filled in this order keeps them: each
// is judged by those before it.
func recorded(t testing.TB, s *spec.Spec, names ...string) []baseline.Run {
	t.Helper()
	var runs []baseline.Run
	for i, name := range names {
		r := busyRun(t, name)
		r.Started = time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)
		run := gate.Distill(r, held(t, s, runs, r, nil))
		run.ID = name
		runs = append(runs, run)
	}
	return runs
}

// regressions are the gated comparisons with earlier runs that failed or were
// left undecided, and those that a late generator may explain.
func regressions(v gate.Verdict) (failed, open, excused []string) {
	for _, c := range comparisons(v) {
		switch {
		case !c.Comparison.Gated || c.Metric != metric.P95:
		case c.Outcome == gate.Fail:
			failed = append(failed, c.Subject)
		case c.Outcome == gate.Inconclusive:
			open = append(open, c.Subject)
		case strings.Contains(c.Reason, "may explain up to"):
			excused = append(excused, c.Subject)
		}
	}
	return failed, open, excused
}

// Clean runs of a busy machine, recorded one after the other, become a baseline.
func TestBusyRunsBecomeABaseline(t *testing.T) {
	runs := recorded(t, busyFile(t), cleanRuns...)
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
	s := busyFile(t)
	runs := recorded(t, s, cleanRuns...)
	for name, want := range map[string][]string{
		"slow-analytics": {"GET /api/performance/analytics"},
		"slow-alerts":    {"GET /api/alerts?status=active"},
		"n1":             {"GET /api/tutors?include_metrics=true"},
		"burn":           {"all 17 endpoints"},
		"drift":          {"all 17 endpoints"},
	} {
		r := busyRun(t, name)
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
	s := busyFile(t)
	excused := 0
	for _, name := range cleanRuns {
		others := slices.DeleteFunc(slices.Clone(cleanRuns), func(other string) bool { return other == name })
		r := busyRun(t, name)
		r.Started = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
		failed, open, may := regressions(held(t, s, recorded(t, s, others...), r, nil))
		if failed != nil || open != nil {
			t.Errorf("%s: failed %v, undecided %v", name, failed, open)
		}
		excused += len(may)
	}
	if excused > 8 {
		t.Errorf("%d comparisons that a late generator may explain", excused)
	}
}
