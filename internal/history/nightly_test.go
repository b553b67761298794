package history_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// nightly is a folder of real files for the scripts: twenty-two nights of one
// load, whose search became slower for good with the fifteenth, one of which
// failed and one of which was undecided; a run of another profile; a file that
// is cut off and one of a newer loadgate. -update writes it where it is not
// there.
const nightly = "../../testdata/history/nightly"

func TestNightly(t *testing.T) {
	if _, err := os.Stat(nightly); *update && err != nil {
		writeNightly(t)
	}
	runs, problems := history.Open(nightly).List()
	if len(runs) != 23 || len(problems) != 2 {
		t.Fatalf("%d runs and %v, want 23 and two problems", len(runs), problems)
	}
	for _, r := range runs {
		if _, _, _, err := history.Open(nightly).Get(r.ID); err != nil {
			t.Error(err)
		}
	}
}

func writeNightly(t *testing.T) {
	t.Helper()
	s := history.Open(nightly)
	jitter := []float64{1, 1.012, 0.991, 1.004, 0.987, 1.008}
	night := func(day int, change func(*baseline.Run)) string {
		search := 90 * time.Millisecond
		if day >= 15 {
			search = 130 * time.Millisecond
		}
		wobble := jitter[day%len(jitter)]
		return put(t, s, 0, func(run *baseline.Run, r *result.Result) {
			r.Name, r.Profile, r.Seed = "shop", "nightly", uint64(day)
			r.Started = time.Date(2026, 11, day, 1, 30, 0, 0, time.UTC)
			r.Origin.Commit = strings.Repeat(string(rune('a'+day%6)), 4) + "0123456789abcdef0123456789abcdef0123"
			r.Endpoints = nil
			verdict := run.Verdict
			*run = baseline.Of(r)
			run.Verdict = verdict
			for name, typical := range map[string]time.Duration{"GET /search": search,
				"POST /orders": 210 * time.Millisecond} {
				typical = time.Duration(float64(typical) * wobble)
				var l hist.Latency
				for i := range 200 {
					l.Record(time.Duration(float64(typical) * math.Exp(0.3*math.Sin(float64(i)))))
				}
				r.Endpoints = append(r.Endpoints, result.Endpoint{Name: name,
					Expected: 200, Slots: []result.Slot{{Requests: 200, Latency: l.Sparse(), Received: 180000}}})
				for _, q := range []string{"p50", "p95"} {
					m, _ := metric.Parse(q)
					quantile, _ := m.Quantile()
					v, _ := l.Quantile(quantile)
					run.Figures = append(run.Figures,
						baseline.Figure{Endpoint: name, Metric: m, Value: float64(v), Err: 0.02, Requests: 200})
				}
			}
			if run.Figures[0].Endpoint != "GET /search" { // as the file has them
				r.Endpoints[0], r.Endpoints[1] = r.Endpoints[1], r.Endpoints[0]
				run.Figures = append(run.Figures[2:], run.Figures[:2]...)
			}
			change(run)
			r.Profile, r.Digest, r.Origin = run.Profile, run.Digest, run.Origin
		})
	}
	for day := 1; day <= 22; day++ {
		night(day, func(run *baseline.Run) {
			switch day {
			case 6:
				run.Verdict = "fail"
			case 8:
				run.Verdict = "inconclusive"
			}
		})
	}
	night(23, func(run *baseline.Run) { run.Profile, run.Digest, run.Origin.Branch = "light", "sha256:77", "feature" })
	cut, newer := night(24, func(*baseline.Run) {}), night(25, func(*baseline.Run) {})
	whole := read(t, nightly, cut+runSuffix)
	write(t, nightly, cut+runSuffix, whole[:len(whole)*2/3])
	file := read(t, nightly, newer+runSuffix)
	write(t, nightly, newer+runSuffix, forged(t, file,
		func(head map[string]any, body string) string { head["schema"] = "loadgate.history/2"; return body }))
	if names, err := filepath.Glob(filepath.Join(nightly, "*")); err != nil || len(names) != 25 {
		t.Fatalf("wrote %v, %v", names, err)
	}
}
