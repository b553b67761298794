package gate_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/capacity"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// rung is a minute at one level behind ten seconds of warm-up, in which
// everything is slow and fails.
func rung(users int, latency time.Duration, change ...func(*run)) *run {
	r := newRun(70)
	r.Planned.Users, r.Planned.WarmUp = users, 10*time.Second
	r.users(users)
	for s := range 70 {
		if s < 10 {
			r.answers("GET /a", s, 3, 5*time.Second)
			continue
		}
		r.answers("GET /a", s, users/5, latency)
	}
	r.endpoint("POST /login").Start = true
	r.answers("POST /login", 2, users, 5*time.Second)
	for _, c := range change {
		c(r)
	}
	return r
}

// failing lets n requests of each second fail, from one second to another.
func failing(status, n, from, until int) func(*run) {
	return func(r *run) {
		for s := from; s < until; s++ {
			r.fail("GET /a", s, int64(n), metric.Status, status)
		}
	}
}

func ended(end result.End, after time.Duration) func(*run) {
	return func(r *run) {
		r.End, r.Elapsed = end, after
		for _, slots := range r.slots {
			maps.DeleteFunc(slots, func(slot int, _ *tallies) bool { return time.Duration(slot)*time.Second > after })
		}
		r.Timeline = slices.DeleteFunc(r.Timeline,
			func(m result.Moment) bool { return time.Duration(m.Slot)*time.Second >= after })
	}
}

// climbed judges the levels as a search that made them one after the other.
func climbed(t *testing.T, s *config.Config, in capacity.Input, runs ...*run) verdict.Verdict {
	t.Helper()
	in.Config = s
	for i, r := range runs {
		r.Started = started.Add(time.Duration(i) * 2 * time.Minute)
		in.Levels = append(in.Levels, r.result(t))
	}
	return capacity.Judge(in)
}

func TestJudgeCapacity(t *testing.T) {
	gauge := func(value float64) func(*run) {
		return func(r *run) {
			g := result.Resource{Name: "cpu", From: "host", Read: "cpu", Unit: unit.Ratio, Every: 5 * time.Second}
			for i := range 14 {
				g.Readings = append(g.Readings, result.GaugeReading{At: time.Duration(i) * 5 * time.Second,
					Value: new(value + float64(i)/1000)})
			}
			r.Resources = append(r.Resources, g)
		}
	}
	fast, slow := fastAnswer, slowAnswer
	for _, tt := range []struct {
		name      string
		runs      []*run
		atLeast   float64
		end       capacity.SearchEnd
		resource  bool
		outcome   verdict.Outcome
		low, high float64 // 0: not known
		reason    string
		remedy    string
	}{
		{name: "between two", runs: []*run{rung(50, fast), rung(100, fast),
			rung(200, slow), rung(141, slow), rung(100, fast)}, end: capacity.SearchClosed,
			outcome: verdict.Pass, low: 100, high: 141,
			reason: "100 users hold; 141 users break all: GET /a p95 of 400ms, limit 200ms"},
		{name: "the worst of two runs counts", runs: []*run{rung(50, fast),
			rung(100, fast), rung(200, slow), rung(100, slow)}, end: capacity.SearchClosed,
			outcome: verdict.Pass, low: 50, high: 100, reason: "50 users hold; 100 users break all"},
		{name: "what holds above what broke", runs: []*run{rung(50, fast), rung(100, slow), rung(200, fast)},
			end:     capacity.SearchClosed,
			outcome: verdict.Pass, low: 50, high: 100, reason: "50 users hold; 100 users break all"},
		{name: "none holds", runs: []*run{rung(50, slow), rung(25, slow)},
			end: capacity.SearchClosed, outcome: verdict.Fail, high: 25,
			reason: "already 25 users break all: GET /a p95 of 400ms, limit 200ms"},
		{name: "none breaks", runs: []*run{rung(50, fast), rung(100, fast)},
			end: capacity.SearchClosed, outcome: verdict.Pass, low: 100,
			reason: "100 users hold, the most that was tried", remedy: "with a higher --to"},
		{name: "failures", runs: []*run{rung(50, fast), rung(100, fast, failing(500, 5, 10, 70))},
			end: capacity.SearchClosed, outcome: verdict.Pass, low: 50, high: 100,
			reason: "50 users hold; 100 users break all: GET /a success of 80%, limit 99%"},
		{name: "ended at once", runs: []*run{rung(50, fast),
			rung(100, fast, failing(503, 50, 4, 8), ended(result.Stopped, 8*time.Second))}, end: capacity.SearchClosed,
			outcome: verdict.Pass, low: 50, high: 100, reason: "100 users break the target: 200 of "},
		{name: "ended before anything counts", runs: []*run{rung(50, fast),
			rung(100, fast, ended(result.Stopped, 8*time.Second))}, end: capacity.SearchClosed,
			outcome: verdict.Pass, low: 50,
			reason: "50 users hold; 100 users undecided: ended within its warm-up after 8s of 70s"},
		{name: "lost", runs: []*run{rung(50, fast), rung(100, fast, ended(result.Lost, 40*time.Second))},
			end:     capacity.SearchUnwell,
			outcome: verdict.Pass, low: 50, high: 100, reason: "100 users break the target: stopped answering",
			remedy: "see why it does not recover"},
		{name: "a resource", resource: true, runs: []*run{rung(50, fast, gauge(0.4)), rung(100, fast, gauge(0.9))},
			end:     capacity.SearchClosed,
			outcome: verdict.Pass, low: 50, high: 100, reason: "100 users break cpu: host cpu p95 of 91%, limit 70%"},
		{name: "a resource that nobody read", resource: true, runs: []*run{rung(50, fast)},
			end: capacity.SearchClosed, reason: "50 users undecided: cpu"},
		{name: "a rate limiter", runs: []*run{rung(50, fast), rung(100, fast, failing(429, 15, 10, 70))},
			end:     capacity.SearchClosed,
			outcome: verdict.Pass, low: 50, reason: "50 users hold; 100 users undecided: a rate limiter: 900 of ",
			remedy: "raise or disable it"},
		{name: "a rate limiter from the start", runs: []*run{rung(50, fast, failing(429, 15, 10, 70))},
			end:    capacity.SearchClosed,
			reason: "50 users undecided: a rate limiter", remedy: "raise or disable it"},
		{name: "undecided between", runs: []*run{rung(50, fast),
			rung(100, 199*time.Millisecond, func(r *run) { r.ok("GET /a", 30, slow) }),
			rung(200, slow)}, end: capacity.SearchTimeUp,
			outcome: verdict.Pass, low: 100, high: 200, reason: "; the time for the search was up"},
		{name: "too few", runs: []*run{rung(5, fast)}, end: capacity.SearchClosed,
			reason: "5 users undecided: all: GET /a: ", remedy: "give each level more time"},
		{name: "found on a disk", runs: []*run{rung(50, fast), rung(100, slow)},
			outcome: verdict.Pass, low: 50, high: 100,
			reason: "50 users hold; 100 users break all: GET /a p95 of 400ms, limit 200ms"},
		{name: "cut short", end: capacity.SearchCut, runs: []*run{rung(50, fast),
			rung(100, fast, ended(result.Interrupted, 30*time.Second))}, outcome: verdict.Pass, low: 50,
			reason: "50 users hold; 100 users undecided: interrupted after 30s of 70s: judged on what was measured; " +
				"the search was cut short"},
		{name: "no user at all", runs: []*run{rung(0, fast)}, end: capacity.SearchClosed,
			reason: "0 users undecided", remedy: "try more"},
		{name: "enough", runs: []*run{rung(50, fast), rung(100, fast), rung(200, slow)}, atLeast: 100,
			end: capacity.SearchClosed, outcome: verdict.Pass, low: 100, high: 200, reason: "100 users hold"},
		{name: "not enough", runs: []*run{rung(50, fast), rung(100, slow)},
			atLeast: 100, end: capacity.SearchClosed, outcome: verdict.Fail,
			low: 50, high: 100, reason: "50 users hold"},
		{name: "enough was not tried", runs: []*run{rung(50, fast), rung(200, slow)},
			atLeast: 100, end: capacity.SearchTimeUp, low: 50, high: 200, reason: "50 users hold"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := file(limit(t, "p95", ms(200)), limit(t, "success", 0.99), limit(t, "throughput", 1e6))
			s.Rules = append(s.Rules, config.Rule{Name: "login",
				Patterns: []string{"POST /login"}, Limits: []config.Limit{limit(t, "p95", 1)}})
			if tt.resource {
				s.Resources = []config.Resource{{Name: "cpu", Probe: config.Probe{From: "host", Read: "cpu"},
					Unit: unit.Ratio, Max: 0.7, HasMax: true}}
			}
			v := climbed(t, s, capacity.Input{AtLeast: tt.atLeast, End: tt.end}, tt.runs...)
			if len(v.Checks) != 1 {
				t.Fatalf("%d checks", len(v.Checks))
			}
			c := v.Checks[0]
			if v.Outcome() != tt.outcome || c.Low.Value != tt.low || c.High.Value != tt.high ||
				c.Got != c.Low || c.Low.OK != (tt.low > 0) || c.High.OK != (tt.high > 0) {
				t.Errorf("%v, %v to %v; want %v, %v to %v: %s",
					v.Outcome(), c.Low, c.High, tt.outcome, tt.low, tt.high, wording.Reason(c))
			}
			if !strings.Contains(wording.Reason(c), tt.reason) || !strings.Contains(wording.Remedy(c), tt.remedy) ||
				c.Outcome != verdict.Pass && wording.Remedy(c) == "" {
				t.Errorf("Reason %q → %q; want %q → %q", wording.Reason(c), wording.Remedy(c), tt.reason, tt.remedy)
			}
			if !slices.IsSortedFunc(v.Stages, func(a, b verdict.Stage) int { return int(a.Load() - b.Load()) }) ||
				len(v.Stages) != len(tt.runs) {
				t.Errorf("Stages %v", rowsOf(v))
			}
			for _, stage := range v.Stages {
				if want := time.Duration(stage.Run-1) * 2 * time.Minute; stage.From < want ||
					stage.From > want+10*time.Second {
					t.Errorf("run %d is measured from %s", stage.Run, stage.From)
				}
			}
		})
	}
}

func TestJudgeCapacityOfNothing(t *testing.T) {
	for _, in := range []capacity.Input{{}, {Config: file()},
		{Levels: []*result.Result{rung(5, fastAnswer).result(t)}}} {
		if v := capacity.Judge(in); v.Outcome() != verdict.Inconclusive || wording.Remedy(v.Checks[0]) == "" {
			t.Errorf("JudgeCapacity(%+v) = %v", in, v.Outcome())
		}
	}
}

// A service that queues says so, with what the law of scalability makes of all
// levels; a rate limiter is named.
func TestCapacityCauses(t *testing.T) {
	levels := []*run{rung(25, 50*time.Millisecond), rung(50, 52*time.Millisecond),
		rung(100, 60*time.Millisecond), rung(200, 110*time.Millisecond), rung(400, slowAnswer)}
	for i, r := range levels { // at most 22 a second come out
		served := []int{5, 10, 18, 21, 22}[i]
		for s := 10; s < 70; s++ {
			r.slots["GET /a"][s] = nil
			r.answers("GET /a", s, served, []time.Duration{50, 52, 60, 110, 400}[i]*time.Millisecond)
		}
	}
	v := climbed(t, file(limit(t, "p95", ms(200))), capacity.Input{End: capacity.SearchClosed}, levels...)
	if len(v.Causes) != 1 || wording.CauseTitle(v.Causes[0]) != "the service is saturated at 200 users" ||
		!strings.Contains(wording.CauseEvidence(v.Causes[0]),
			"from 100 users to 200 users the throughput went from 18/s to 21/s, "+
				"and the median from 60ms to 110ms") ||
		!strings.Contains(wording.CauseEvidence(v.Causes[0]), "fitted to 5 stages, sees no more than ") {
		t.Errorf("Causes = %+v", v.Causes)
	}
	v = climbed(t, file(limit(t, "p95", ms(200))), capacity.Input{},
		rung(50, fastAnswer), rung(100, fastAnswer, failing(429, 15, 10, 70)))
	if len(v.Causes) != 1 || wording.CauseTitle(v.Causes[0]) != "a rate limiter" {
		t.Errorf("Causes = %+v", v.Causes)
	}
}

// starved gives the generator of each measured second away.
func starved(g result.Generator) func(*run) {
	return func(r *run) { r.overloaded(len(r.Timeline), g) }
}

// A flag against the generator decides no level: it is Unmade where the load was
// not made, and nowhere else.
func TestJudgeLevelStanding(t *testing.T) {
	const fast = fastAnswer
	few := func(r *run) { // too few to decide a p95
		for s := 10; s < 70; s++ {
			delete(r.slots["GET /a"], s)
			if s%10 == 0 {
				r.ok("GET /a", s, fast)
			}
		}
	}
	late := func(d time.Duration) func(*run) { return func(r *run) { r.lag(d) } }
	arrivals := func(offered, dropped int64) func(*run) {
		return func(r *run) {
			r.Planned.Users, r.Planned.Rate, r.Planned.MaxUsers = 0, 20, 500
			for i := range r.Timeline {
				r.Timeline[i].Offered, r.Timeline[i].Dropped = offered, dropped
			}
		}
	}
	ports := func(r *run) {
		r.fail("GET /a", 30, 1, metric.Refused, 0)
		r.endpoint("GET /a").Failures[0].Cause = metric.OwnMachine
	}
	for _, tt := range []struct {
		name   string
		change []func(*run)
		want   verdict.Standing
		reason string // of the first check of the outcome
	}{
		{"steal, and the limits hold", []func(*run){starved(stolen(2))}, verdict.Held, ""},
		{"steal, and too little", []func(*run){starved(stolen(2)), few}, verdict.Undecided, "too few requests"},
		{"pressure, and too little", []func(*run){starved(pressed(60)), few}, verdict.Undecided, "too few requests"},
		{"late, and all made", []func(*run){late(100 * time.Millisecond), few}, verdict.Undecided, "too few requests"},
		{"late, and not made", []func(*run){late(8 * time.Second)}, verdict.Unmade,
			"the generator was late, and its users made only 92% of their load"},
		{"steal, and not made", []func(*run){late(8 * time.Second), starved(stolen(2))}, verdict.Unmade,
			"the generator was late and short of CPU that the host took, and its users made only 92%"},
		{"arrivals", []func(*run){arrivals(20, 0)}, verdict.Held, ""},
		{"some arrivals dropped", []func(*run){arrivals(1000, 20), few}, verdict.Undecided, "too few requests"},
		{"many arrivals dropped", []func(*run){arrivals(1000, 60)},
			verdict.Unmade, "3,600 of 60,000 arrivals were dropped"},
		{"no ports left", []func(*run){ports}, verdict.Unmade, "ran out of file descriptors or local ports"},
		{"a rate limiter", []func(*run){failing(429, 15, 10, 70)}, verdict.Unmade, "were answered 429"},
		{"interrupted", []func(*run){ended(result.Interrupted, 40*time.Second)}, verdict.Undecided, "interrupted"},
		{"ended in its warm-up", []func(*run){ended(result.Stopped, 8*time.Second)}, verdict.Undecided,
			"ended within its warm-up"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := capacity.JudgeLevel(rung(100, fast, tt.change...).result(t), file(limit(t, "p95", ms(200))))
			if s.Standing() != tt.want {
				t.Fatalf("Standing() = %v, want %v:%s", s.Standing(), tt.want, list(verdict.Verdict{Checks: s.Checks}))
			}
			for _, c := range s.Checks {
				if c.Outcome == s.Outcome() {
					if !strings.Contains(wording.Reason(c), tt.reason) {
						t.Errorf("Reason %q, want %q", wording.Reason(c), tt.reason)
					}
					break
				}
			}
		})
	}
}

// What speaks against the generator is a warning on the answer, with the levels
// at which it was raised.
func TestJudgeCapacityWarns(t *testing.T) {
	const fast, slow = fastAnswer, slowAnswer
	for _, tt := range []struct {
		name    string
		runs    []*run
		atLeast float64
		outcome verdict.Outcome
		reason  string
	}{
		{"at every level", []*run{rung(50, fast, starved(stolen(2))), rung(100, fast, starved(stolen(2)))},
			0, verdict.Warn,
			"100 users hold, the most that was tried; the host took 2% of the processor time of the generator's " +
				"machine at every level: figures may be high"},
		{"more at some", []*run{rung(50, fast, starved(stolen(2))),
			rung(100, fast, starved(stolen(4))), rung(200, slow)}, 0,
			verdict.Warn,
			"limit 200ms; the host took 4% of the processor time of the generator's machine at 100 users, and some " +
				"at 2 of 3 levels: figures may be high"},
		{"least and most", []*run{rung(50, fast, starved(stolen(2))), rung(100, fast, starved(stolen(4)))},
			100, verdict.Warn,
			"at 100 users, and at least 2% at every level: figures may be high"},
		{"at the level that breaks", []*run{rung(50, fast), rung(100, slow, starved(stolen(3)))}, 0, verdict.Warn,
			"the host took 3% of the processor time of the generator's machine at 100 users: figures may be high"},
		{"late", []*run{rung(50, fast, func(r *run) { r.lag(100 * time.Millisecond) })}, 0, verdict.Warn,
			"the generator sent 1 request in 100 more than 100ms late at 50 users: figures may be high"},
		{"it has to hold more", []*run{rung(50, fast, starved(stolen(2))), rung(100, slow, starved(stolen(2)))}, 100,
			verdict.Fail, "at every level: figures may be high"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := climbed(t, file(limit(t, "p95", ms(200))),
				capacity.Input{End: capacity.SearchClosed, AtLeast: tt.atLeast},
				tt.runs...)
			if v.Outcome() != tt.outcome || !strings.HasSuffix(wording.Reason(v.Checks[0]), tt.reason) {
				t.Errorf("%v %q; want %v …%q", v.Outcome(), wording.Reason(v.Checks[0]), tt.outcome, tt.reason)
			}
		})
	}
	// Far above the answer it changes nothing.
	v := climbed(t, file(limit(t, "p95", ms(200))), capacity.Input{End: capacity.SearchClosed},
		rung(50, fast), rung(100, slow), rung(200, slow, starved(stolen(2))))
	if v.Outcome() != verdict.Pass || strings.Contains(wording.Reason(v.Checks[0]), "the host") {
		t.Errorf("%v %q", v.Outcome(), wording.Reason(v.Checks[0]))
	}
}
