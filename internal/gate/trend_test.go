package gate_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// course is a run of n seconds in which endpoints answer ten times a second,
// lognormal around 50 ms times what of says of the part of the run that is over,
// in [0,1].
func course(seconds int, seed uint64, of map[string]func(part float64) float64) *run {
	random := rand.New(rand.NewPCG(seed, 5))
	r := newRun(seconds)
	r.users(10)
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for i := range 10 * seconds {
			level := 50e6 * of[name](float64(i)/float64(10*seconds))
			r.ok(name, i/10, time.Duration(level*math.Exp(0.4*random.NormFloat64())))
		}
	}
	return r
}

func flat(float64) float64           { return 1 }
func rising(part float64) float64    { return 1 + 0.5*part }
func easing(part float64) float64    { return 1.5 - 0.5*part }
func slowStart(part float64) float64 { return 1 + 0.6*math.Max(0, 1-part/0.2) + 0.001*part }
func stepDown(part float64) float64  { return map[bool]float64{true: 1.4, false: 1}[part < 0.2] }

// courseOf are the checks about the course of a run, trend and warm-up.
func courseOf(v verdict.Verdict) []verdict.Check {
	return slices.DeleteFunc(slices.Clone(v.Checks),
		func(c verdict.Check) bool { return c.Subject != "trend" && c.Subject != "warm-up" })
}

func TestJudgeTrend(t *testing.T) {
	type shapes = map[string]func(float64) float64
	for _, tt := range []struct {
		name    string
		seconds int
		of      shapes
		change  func(*run)
		subject string // "" wants no warning
		names   []string
		reason  string
	}{
		{name: "steady", seconds: 300, of: shapes{"GET /a": flat, "GET /b": flat}},
		{name: "one rises", seconds: 300, of: shapes{"GET /a": flat, "GET /b": rising},
			subject: "trend", names: []string{"GET /b"},
			reason: "response times rose during the run, at the same load: the median of GET /b from "},
		{name: "one rises in a short run", seconds: 100, of: shapes{"GET /a": flat, "GET /b": rising},
			subject: "trend", names: []string{"GET /b"}},
		{name: "one becomes faster", seconds: 300, of: shapes{"GET /a": flat, "GET /b": easing},
			subject: "warm-up", names: []string{"GET /b"}},
		{name: "a slow beginning", seconds: 300, of: shapes{"GET /a": flat, "GET /b": stepDown},
			subject: "warm-up", names: []string{"GET /b"},
			reason: "the warm-up was longer than the 0s that are left out: the median of GET /b fell from "},
		{name: "a slow beginning that eases", seconds: 300, of: shapes{"GET /a": slowStart, "GET /b": flat},
			subject: "warm-up", names: []string{"GET /a"}},
		{name: "a slow beginning within the warm-up", seconds: 300,
			of: shapes{"GET /b": stepDown}, change: func(r *run) { r.Planned.WarmUp = 60 * time.Second }},
		{name: "too short to tell a beginning", seconds: 25, of: shapes{"GET /b": stepDown}},
		{name: "stages", seconds: 300, of: shapes{"GET /b": rising}, change: func(r *run) {
			r.stage(10, 0, 150)
			r.stage(20, 150, 300)
		}},
		{name: "stages with a slow beginning", seconds: 300, of: shapes{"GET /b": stepDown},
			change: func(r *run) { r.stage(10, 0, 150); r.stage(20, 150, 300) }},
		{name: "stopped", seconds: 300, of: shapes{"GET /b": rising}, change: func(r *run) { r.End = result.Stopped }},
		{name: "cut", seconds: 300, of: shapes{"GET /b": rising}, change: func(r *run) { r.End = result.Cut }},
		{name: "start steps", seconds: 300, of: shapes{"GET /b": rising},
			change: func(r *run) { r.endpoint("GET /b").Start = true }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := course(tt.seconds, 1, tt.of)
			if tt.change != nil {
				tt.change(r)
			}
			got := courseOf(judge(t, r, file(limit(t, "p95", ms(900)))))
			if tt.subject == "" {
				if len(got) > 0 {
					t.Errorf("course = %+v, want none", got)
				}
				return
			}
			if len(got) != 1 || got[0].Subject != tt.subject || got[0].Outcome != verdict.Warn {
				t.Fatalf("course = %+v, want a warning of %s", got, tt.subject)
			}
			if diff := cmp.Diff(tt.names, got[0].Endpoints); diff != "" {
				t.Errorf("Endpoints (-want +got):\n%s", diff)
			}
			if !strings.Contains(wording.Reason(got[0]), tt.reason) || wording.Remedy(got[0]) == "" {
				t.Errorf("Reason = %q, want %q in it; Remedy = %q",
					wording.Reason(got[0]), tt.reason, wording.Remedy(got[0]))
			}
		})
	}
}

// Numbers: a rise by half from 50 ms. They come from the medians of slots, so
// they are near, and not exact: ten times 15 requests a slot, sd 0.4, are within
// a few percent.
func TestJudgeTrendNumbers(t *testing.T) {
	doubled := func(part float64) float64 { return math.Exp2(part) }
	v := judge(t, course(600, 2, map[string]func(float64) float64{"GET /a": doubled}), file(limit(t, "p95", ms(900))))
	got := courseOf(v)
	if len(got) != 1 {
		t.Fatalf("course = %+v, want one", got)
	}
	said(t, "Reason", wording.Reason(got[0]), "the median of GET /a from 5")
	said(t, "Reason", wording.Reason(got[0]), "ms to 9")
	said(t, "Reason", wording.Reason(got[0]), "% more)")
}

// The worst are named, at most three, and the rest are counted.
func TestJudgeTrendNamesTheWorst(t *testing.T) {
	of := map[string]func(float64) float64{}
	for e := range 5 {
		of[letter(e)] = func(part float64) float64 { return 1 + (0.5+0.5*float64(e))*part }
	}
	got := courseOf(judge(t, course(300, 3, of), file(limit(t, "p95", ms(900)))))
	if len(got) != 1 {
		t.Fatalf("course = %+v, want one", got)
	}
	if diff := cmp.Diff([]string{"GET /e", "GET /d", "GET /c", "GET /b", "GET /a"}, got[0].Endpoints); diff != "" {
		t.Errorf("Endpoints, the worst first (-want +got):\n%s", diff)
	}
	said(t, "Reason", wording.Reason(got[0]), "; and 2 endpoints more")
	if strings.Contains(wording.Reason(got[0]), "GET /b") {
		t.Errorf("Reason names the fourth: %q", wording.Reason(got[0]))
	}
}

// A steady run hardly ever warns: the chance is one in a hundred for each of
// the two.
func TestJudgeSteadyRun(t *testing.T) {
	for seed := range uint64(8) {
		v := judge(t, course(300, 20+seed, map[string]func(float64) float64{"GET /a": flat, "GET /b": flat}),
			file(limit(t, "p95", ms(900))))
		if got := courseOf(v); len(got) > 0 {
			t.Errorf("seed %d: %+v", seed, got)
		}
	}
}

// Where the generator was late, a rise by no more than it may be late, 5 ms, is
// not told.
func TestJudgeTrendOfALateGenerator(t *testing.T) {
	small := func(part float64) float64 { return 0.1 + 0.05*part } // from 5 ms to 7.5 ms
	for _, row := range []struct {
		lag  time.Duration
		of   func(float64) float64
		want int
	}{{0, small, 1}, {12 * time.Millisecond, small, 0}, {12 * time.Millisecond, rising, 1},
		{60 * time.Millisecond, rising,
			1}} {
		r := course(300, 1, map[string]func(float64) float64{"GET /a": flat, "GET /b": row.of})
		if row.lag > 0 {
			r.lag(row.lag)
		}
		if got := courseOf(judge(t, r, file(limit(t, "p95", ms(900))))); len(got) != row.want {
			t.Errorf("a lag of %s: %+v, want %d", row.lag, got, row.want)
		}
	}
}

// Of the recorded runs one drifts, in a straight line; the clean ones do not.
func TestRecordedTrends(t *testing.T) {
	s := recordedFile(t)
	for _, name := range append([]string{"sw-slow", "sw-slowalerts", "sw-err"}, recordedClean...) {
		for _, c := range courseOf(gate.Judge(evidence.Input{Result: recorded(t, name), Config: s})) {
			if c.Subject == "trend" {
				t.Errorf("%s: %s", name, wording.Reason(c))
			}
		}
	}
	got := courseOf(gate.Judge(evidence.Input{Result: recorded(t, "sw-drift"), Config: s}))
	if len(got) != 1 || got[0].Subject != "trend" || len(got[0].Endpoints) < 14 {
		t.Fatalf("sw-drift: %+v, want a trend of nearly all of 17 endpoints", got)
	}
	said(t, "Reason", wording.Reason(got[0]), "response times rose during the run, at the same load: the median of ")
}
