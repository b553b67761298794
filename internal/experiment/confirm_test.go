package experiment_test

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/verdict"
)

// planned is the plan of a file.
func planned(t *testing.T, file string, o plan.Options) *plan.Plan {
	t.Helper()
	s, err := thresholds.Decode([]byte(file), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// answering is an engine whose every user waits so long for an answer.
func answering(took time.Duration) experiment.Machine {
	return on(steadyDoer{took: took})
}

// whole runs the plan to its end, whatever its looks would say.
func whole(t *testing.T, p *plan.Plan, r *result.Result, took time.Duration) {
	t.Helper()
	if err := answering(took)(t.Context(), experiment.Hooks{}, p, r); err != nil {
		t.Fatal(err)
	}
}

// history is ten earlier runs of the plan that took about so long.
func history(t *testing.T, p *plan.Plan, took time.Duration) []baseline.Run {
	t.Helper()
	r := p.Result("test", time.Now())
	whole(t, p, r, took)
	distilled, _ := regress.Distill(r, verdict.Verdict{Checks: []verdict.Check{{Outcome: verdict.Pass}}})
	var runs []baseline.Run
	for i := range 10 {
		run := distilled
		run.Started = r.Started.AddDate(0, 0, i-10)
		run.Figures = append([]baseline.Figure(nil), distilled.Figures...)
		for f := range run.Figures {
			run.Figures[f].Value *= math.Exp(0.03 * float64(i%5-2))
		}
		runs = append(runs, run)
	}
	return runs
}

// A run that looks slower is run once more, whole, with other draws; both
// decide.
func TestConfirm(t *testing.T) {
	const usual, slow = 20 * time.Millisecond, 40 * time.Millisecond
	for _, tt := range []struct {
		name    string
		again   time.Duration
		cut     time.Duration // after which the second run is interrupted; 0: it is not
		end     result.End
		outcome verdict.Outcome
	}{
		{"slow again", slow, 0, result.Complete, verdict.Fail},
		{"as usual again", usual, 0, result.Complete, verdict.Warn},
		{"interrupted", slow, 30500 * time.Millisecond, result.Interrupted, verdict.Inconclusive},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := planned(t, `version: 1
target: {url: http://localhost:1}
profiles: {p: {users: 10, spawn_rate: 100/s, duration: 10m, warm_up: 0s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
baseline: {last: 20}
judge: {extend: 2x, stop_on_pass: true, stop_on_fail: false}
`, plan.Options{Seed: 5})
				runs := history(t, p, usual)
				time.Sleep(time.Minute)
				r := p.Result("test", time.Now())
				past := baseline.Select(runs, baseline.Query{Run: baseline.Of(r), Last: 20})
				whole(t, p, r, slow)
				if v := gate.Judge(evidence.Input{Result: r, Config: p.Config, Past: past}); !v.Suspicious() {
					t.Fatalf("a run of twice the time is not suspicious: %+v", v.Checks)
				}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tt.cut > 0 {
					time.AfterFunc(tt.cut, cancel)
				}
				again := p.Again().Result("test", time.Now())
				v, err := experiment.Confirm(ctx, answering(tt.again), p, r, again, past)
				if err != nil || v.Outcome() != tt.outcome || v.Suspicious() {
					t.Errorf("Confirm(...) = %v, suspicious %v, %v, want %v",
						v.Outcome(), v.Suspicious(), err, tt.outcome)
				}
				want := 10 * time.Minute // it is not stopped early, though every limit is shown to hold
				if tt.cut > 0 {
					want = tt.cut.Truncate(time.Second)
				}
				if again.End != tt.end || again.Elapsed != want ||
					again.Seed != 6 || again.Digest != r.Digest || again.Planned.Looks != r.Planned.Looks {
					t.Errorf("ran %s to %s, seed %d; want %s to %s, seed 6, of the same load",
						again.Elapsed, again.End, again.Seed, want, tt.end)
				}
			})
		})
	}
}

// Once holds a run against earlier ones, and asks for a second one.
func TestOnceAgainstEarlierRuns(t *testing.T) {
	for _, tt := range []struct {
		name       string
		took       time.Duration
		outcome    verdict.Outcome
		suspicious bool
	}{
		{"as usual", 20 * time.Millisecond, verdict.Pass, false},
		{"slower", 40 * time.Millisecond, verdict.Fail, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := planned(t, `version: 1
target: {url: http://localhost:1}
profiles: {p: {users: 10, spawn_rate: 100/s, duration: 60s, warm_up: 0s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
baseline: {last: 20}
`, plan.Options{Seed: 5})
			runs := history(t, p, 20*time.Millisecond)
			time.Sleep(time.Minute)
			r := p.Result("test", time.Now())
			v, err := experiment.Once(t.Context(), answering(tt.took),
				p, r, baseline.Select(runs, baseline.Query{Run: baseline.Of(r), Last: 20}))
			if err != nil || v.Outcome() != tt.outcome || v.Suspicious() != tt.suspicious {
				t.Errorf("%s: Once(...) = %v, suspicious %v, %v, want %v, %v",
					tt.name, v.Outcome(), v.Suspicious(), err, tt.outcome, tt.suspicious)
			}
		})
	}
}

// The second run is as long as the first, which went on until it was decided.
func TestConfirmOfAnExtendedRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := planned(t, `version: 1
target: {url: http://localhost:1}
profiles: {p: {users: 1, spawn_rate: 100/s, duration: 60s, warm_up: 0s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
judge: {extend: 2x}
`, plan.Options{Seed: 5})
		r, again := p.Result("test", time.Now()), p.Again().Result("test", time.Now())
		if _, err := experiment.Once(t.Context(), answering(20*time.Millisecond), p, r, nil); err != nil ||
			r.Elapsed != 2*time.Minute {
			t.Fatalf("Once ran for %s, %v; want 2m", r.Elapsed, err)
		}
		if _, err := experiment.Confirm(t.Context(), answering(20*time.Millisecond), p, r, again, nil); err != nil ||
			again.Elapsed != 2*time.Minute || again.End != result.Complete {
			t.Errorf("Confirm ran for %s to %s, %v; want 2m to complete", again.Elapsed, again.End, err)
		}
	})
}
