package gate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// stage plans a level of users from one second to another.
func (r *run) stage(users, from, until int) {
	r.Planned.Stages = append(r.Planned.Stages, result.Stage{
		Users: users, From: time.Duration(from) * time.Second, Until: time.Duration(until) * time.Second,
	})
}

// answers records that many successes in a second.
func (r *run) answers(name string, second, n int, latency time.Duration) {
	for range n {
		r.ok(name, second*int(time.Second)/int(r.Slot), latency)
	}
}

const (
	fastAnswer = 50 * time.Millisecond
	slowAnswer = 400 * time.Millisecond
)

// stairs is a run of three levels of a minute each, with ten seconds on the
// way up to each: the second is too slow, and at the third requests fail. Only
// what happens on the way and in the drain is far worse than at any level.
func stairs() *run {
	r := newRun(210)
	r.users(80)
	r.stage(20, 10, 70)
	r.stage(40, 80, 140)
	r.stage(80, 150, 210)
	for s := range 215 {
		switch {
		case s < 10, s >= 70 && s < 80, s >= 140 && s < 150, s >= 210:
			r.answers("GET /a", s, 5, 3*time.Second)
			r.fail("GET /a", s, 5, metric.Status, 500)
		case s < 70:
			r.answers("GET /a", s, 10, fastAnswer)
		case s < 140:
			r.answers("GET /a", s, 16, fastAnswer)
			r.answers("GET /a", s, 4, slowAnswer)
		default:
			r.answers("GET /a", s, 30, fastAnswer)
			r.fail("GET /a", s, 10, metric.Status, 503)
		}
	}
	return r
}

// row is what a stage comes to, in words.
func row(s verdict.Stage) string {
	text := fmt.Sprintf("%s %s-%s: %d requests, %d failed, %s, p50 %s, p95 %s: %s",
		wording.StageLoad(s, unit.PerSecond), s.From, s.Until,
		s.Requests, s.Failed, known(s.Rate), known(s.P50), known(s.P95), s.Outcome())
	if s.WarmUp {
		text += ", warm-up"
	}
	if c, ok := s.Broken(); ok {
		text += fmt.Sprintf(", %s breaks %s with %s", c.Subject, c.Metric.Name(), c.Got)
	}
	return text
}

func known(v verdict.Value) string {
	if !v.OK {
		return "not measured"
	}
	return v.String()
}

func rowsOf(v verdict.Verdict) []string {
	var rows []string
	for _, s := range v.Stages {
		rows = append(rows, row(s))
	}
	return rows
}

func compareStages(t *testing.T, v verdict.Verdict, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, rowsOf(v)); diff != "" {
		t.Errorf("Stages (-want +got):\n%s", diff)
	}
}

// Each level is judged apart: what happens on the way from one to the next, in
// another one and in the drain is none of its business.
func TestJudgeStages(t *testing.T) {
	v := judge(t, stairs(), file(limit(t, "p95", ms(200)), limit(t, "success", 0.99)))
	compareStages(t, v,
		"20 users 10s-1m10s: 600 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS",
		"40 users 1m20s-2m20s: 1200 requests, 0 failed, 20/s, p50 50ms, p95 400ms: FAIL, GET /a breaks p95 with 400ms",
		"80 users 2m30s-3m30s: 2400 requests, 600 failed, 30/s, p50 50ms, p95 50ms: FAIL, GET /a breaks success "+
			"with 75%",
	)
	c := find(t, v, "breaking point", metric.Metric{})
	if c.Outcome != verdict.Warn || c.Requests != 1200 {
		t.Errorf("breaking point = %v on %d requests, want WARN on 1200", c.Outcome, c.Requests)
	}
	said(t, "Reason", wording.Reason(c),
		"all breaks at 40 users: GET /a p95 of 400ms, limit 200ms; the limits held at 20 users")
	said(t, "Remedy", wording.Remedy(c), "look at what the service waits for")
}

// The level is what the file asked for: users, or arrivals.
func TestStageLevels(t *testing.T) {
	for _, tt := range []struct {
		open  bool
		stage result.Stage
		want  string
	}{
		{false, result.Stage{Users: 1}, "1 user"},
		{false, result.Stage{Users: 40}, "40 users"},
		{false, result.Stage{}, "0 users"},
		{true, result.Stage{Rate: 50}, "50/s"},
		{true, result.Stage{Rate: 0.5}, "0.5/s"},
		{true, result.Stage{}, "0/s"},
	} {
		r := newRun(60)
		if tt.open {
			r.Planned.Users, r.Planned.Rate, r.Planned.MaxUsers = 0, 50, 10
		}
		tt.stage.Until = 60 * time.Second
		r.Planned.Stages = []result.Stage{tt.stage}
		r.answers("GET /a", 30, 1, fastAnswer)
		stage := judge(t, r, file(limit(t, "success", 0.9))).Stages[0]
		if got := wording.StageLoad(stage, unit.PerSecond); got != tt.want {
			t.Errorf("Level of %+v = %q, want %q", tt.stage, got, tt.want)
		}
	}
}

// What a run in stages did and did not come to.
func TestJudgeStagesOfUnusualRuns(t *testing.T) {
	hold := func(r *run, seconds int) {
		for s := range seconds {
			r.answers("GET /a", s, 10, fastAnswer)
		}
	}
	tests := []struct {
		name  string
		build func(*run)
		want  []string
	}{
		{
			"cut within a stage and before another",
			func(r *run) {
				r.stage(10, 0, 60)
				r.stage(20, 60, 120)
				r.stage(40, 120, 200)
				r.Elapsed, r.End = 100*time.Second, result.Cut
				hold(r, 100)
			},
			[]string{
				"10 users 0s-1m0s: 600 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS",
				"20 users 1m0s-2m0s: 400 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS",
			},
		},
		{
			"cut within the first second of a stage",
			func(r *run) {
				r.stage(10, 0, 60)
				r.stage(20, 60, 200)
				r.Elapsed, r.End = 60*time.Second+400*time.Millisecond, result.Cut
				hold(r, 61)
			},
			[]string{"10 users 0s-1m0s: 600 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS"},
		},
		{
			"levels in the warm-up and across its end",
			func(r *run) {
				r.Planned.WarmUp = 80 * time.Second
				r.stage(10, 0, 40)
				r.stage(20, 40, 140)
				r.stage(40, 140, 200)
				hold(r, 200)
				for s := range 80 {
					r.answers("GET /a", s, 10, slowAnswer)
				}
			},
			[]string{
				"10 users 0s-40s: 800 requests, 0 failed, 20/s, p50 50ms, p95 400ms: FAIL, warm-up, GET /a breaks " +
					"p95 with 400ms",
				"20 users 40s-2m20s: 600 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS",
				"40 users 2m20s-3m20s: 600 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS",
			},
		},
		{
			"a level without a request",
			func(r *run) {
				r.stage(10, 0, 100)
				r.stage(0, 100, 200)
				hold(r, 100)
			},
			[]string{
				"10 users 0s-1m40s: 1000 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS",
				"0 users 1m40s-3m20s: 0 requests, 0 failed, 0/s, p50 not measured, p95 not measured: INCONCLUSIVE",
			},
		},
		{
			"levels that begin and end within a second",
			func(r *run) {
				r.Planned.Stages = []result.Stage{
					{Users: 10, From: 500 * time.Millisecond, Until: 100*time.Second + 500*time.Millisecond},
					{Users: 20, From: 100*time.Second + 500*time.Millisecond,
						Until: 101*time.Second + 900*time.Millisecond},
					{Users: 40, From: 102 * time.Second, Until: 200 * time.Second},
				}
				hold(r, 200)
				r.answers("GET /a", 0, 5, slowAnswer)
				r.answers("GET /a", 100, 5, slowAnswer)
				r.answers("GET /a", 101, 5, slowAnswer)
			},
			[]string{
				"10 users 500ms-1m40.5s: 990 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS",
				"40 users 1m42s-3m20s: 980 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS",
			},
		},
		{
			"slots of four seconds",
			func(r *run) {
				*r = *newRun(400)
				r.Slot = 4 * time.Second
				r.users(10)
				r.stage(10, 0, 198)
				r.stage(20, 202, 400)
				for s := range 400 {
					latency := fastAnswer
					if s >= 198 && s < 202 {
						latency = 3 * time.Second // on the way, in slots of both
					}
					r.answers("GET /a", s, 10, latency)
				}
			},
			[]string{
				"10 users 0s-3m18s: 1960 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS",
				"20 users 3m22s-6m40s: 1960 requests, 0 failed, 10/s, p50 50ms, p95 50ms: PASS",
			},
		},
		{"no stages", func(r *run) { hold(r, 200) }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(200)
			r.users(40)
			tt.build(r)
			v := judge(t, r, file(limit(t, "p95", ms(200)), limit(t, "success", 0.99)))
			compareStages(t, v, tt.want...)
			for _, c := range v.Checks {
				if c.Subject == "breaking point" {
					t.Errorf("a breaking point where every level holds: %s", wording.Reason(c))
				}
			}
		})
	}
}

// A breaking point is the first level behind the warm-up that breaks a limit,
// and what is said to have held was shown to.
func TestJudgeBreakingPoint(t *testing.T) {
	const fine, slow, silent = 10, -10, 0
	tests := []struct {
		name   string
		levels []int // answers a second in each minute; negative: slow ones
		warmUp time.Duration
		want   string // empty: none
	}{
		{"all hold", []int{fine, fine, fine}, 0, ""},
		{"the first breaks", []int{slow, fine, slow}, 0,
			"breaks at 10 users: GET /a p95 of 400ms, limit 200ms; no stage before it was shown to hold"},
		{"the second breaks", []int{fine, slow, slow}, 0,
			"breaks at 20 users: GET /a p95 of 400ms, limit 200ms; the limits held at 10 users"},
		{"the last breaks", []int{fine, fine, slow}, 0,
			"breaks at 30 users: GET /a p95 of 400ms, limit 200ms; the limits held at 20 users"},
		{"broken behind one that was not measured", []int{fine, silent, slow},
			0, "breaks at 30 users: GET /a p95 of 400ms, limit 200ms; the limits held at 10 users"},
		{"broken behind nothing that was measured", []int{silent, silent, slow},
			0, "breaks at 30 users: GET /a p95 of 400ms, limit 200ms; no stage before it was shown to hold"},
		{"broken in the warm-up alone", []int{slow, fine, fine}, time.Minute, ""},
		{"broken again behind the warm-up", []int{slow, fine, slow},
			time.Minute, "breaks at 30 users: GET /a p95 of 400ms, limit 200ms; the limits held at 20 users"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(180)
			r.users(30)
			r.Planned.WarmUp = tt.warmUp
			for i, n := range tt.levels {
				r.stage(10*(i+1), 60*i, 60*i+60)
				for s := 60 * i; s < 60*i+60; s++ {
					if n < 0 {
						r.answers("GET /a", s, -n, slowAnswer)
					} else {
						r.answers("GET /a", s, n, fastAnswer)
					}
				}
			}
			v := judge(t, r, file(limit(t, "p95", ms(200)), limit(t, "success", 0.99)))
			var got []string
			for _, c := range v.Checks {
				if c.Subject == "breaking point" {
					got = append(got, wording.Reason(c))
				}
			}
			switch {
			case tt.want == "" && len(got) > 0, tt.want != "" && len(got) != 1:
				t.Errorf("breaking points = %q, want %q", got, tt.want)
			case tt.want != "":
				said(t, "Reason", got[0], tt.want)
			}
		})
	}
}

// A level whose arrivals were dropped was not there to be held, and one that
// broke with them broke all the same.
func TestJudgeStagesOfArrivals(t *testing.T) {
	r := newRun(180)
	r.Planned.Users, r.Planned.Rate, r.Planned.MaxUsers = 0, 40, 3
	r.users(3)
	for i, rate := range []float64{10, 20, 40} {
		r.Planned.Stages = append(r.Planned.Stages, result.Stage{
			Rate: rate, From: time.Duration(i) * time.Minute, Until: time.Duration(i+1) * time.Minute,
		})
	}
	made := func(sent, dropped int64, latency time.Duration, seconds ...int) {
		for s := seconds[0]; s < seconds[1]; s++ {
			r.Timeline[s].Offered, r.Timeline[s].Dropped = sent+dropped, dropped
			r.answers("GET /a", s, int(sent), latency)
		}
	}
	tests := []struct {
		name string
		sent [3][2]int64 // a second of each level: sent and dropped
		slow [3]bool
		want [3]verdict.Outcome
		told string // empty: no breaking point
	}{
		{"made", [3][2]int64{{10, 0}, {20, 0}, {40, 0}}, [3]bool{},
			[3]verdict.Outcome{verdict.Pass, verdict.Pass, verdict.Pass}, ""},
		{"dropped a little", [3][2]int64{{10, 0}, {98, 2}, {40, 0}},
			[3]bool{}, [3]verdict.Outcome{verdict.Pass, verdict.Warn, verdict.Pass}, ""},
		{"dropped", [3][2]int64{{10, 0}, {20, 0}, {10, 30}}, [3]bool{},
			[3]verdict.Outcome{verdict.Pass, verdict.Pass, verdict.Inconclusive}, ""},
		{"dropped before it broke", [3][2]int64{{10, 0}, {10, 10}, {40, 0}}, [3]bool{2: true},
			[3]verdict.Outcome{verdict.Pass, verdict.Inconclusive, verdict.Fail},
			"all breaks at 40/s: GET /a p95 of 400ms, limit 200ms; the limits held at 10/s"},
		{"dropped and broken", [3][2]int64{{10, 0}, {20, 0}, {10, 30}}, [3]bool{2: true},
			[3]verdict.Outcome{verdict.Pass, verdict.Pass, verdict.Fail},
			"all breaks at 40/s: GET /a p95 of 400ms, limit 200ms; the limits held at 20/s"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r.slots, r.Endpoints = map[string]map[int]*tallies{}, nil
			for i, sent := range tt.sent {
				latency := fastAnswer
				if tt.slow[i] {
					latency = slowAnswer
				}
				made(sent[0], sent[1], latency, 60*i, 60*i+60)
			}
			v := judge(t, r, file(limit(t, "p95", ms(200)), limit(t, "success", 0.99)))
			for i, s := range v.Stages {
				if s.Outcome() != tt.want[i] {
					t.Errorf("%s = %v, want %v", wording.StageLoad(s, unit.PerSecond), s.Outcome(), tt.want[i])
				}
				load := s.Checks[0]
				if dropped := tt.sent[i][1] > 0; dropped != (load.Subject == "offered load") {
					t.Errorf("%s: first check of %q, dropped: %t",
						wording.StageLoad(s, unit.PerSecond), load.Subject, dropped)
				}
			}
			told := ""
			for _, c := range v.Checks {
				if c.Subject == "breaking point" {
					told = wording.Reason(c)
				}
			}
			if told != tt.told {
				t.Errorf("breaking point = %q, want %q", told, tt.told)
			}
		})
	}
}

// Levels tell where it breaks; whether it may break is for the limits of the
// whole run to say.
func TestJudgeStagesOnlyWarn(t *testing.T) {
	r := newRun(600)
	r.users(40)
	r.stage(20, 0, 540)
	r.stage(40, 540, 600)
	for i := range 540 * 30 {
		r.ok("GET /a", i/30, time.Duration(10+i%30*5)*time.Millisecond)
	}
	for i := range 300 {
		latency := fastAnswer
		if i%5 == 0 {
			latency = slowAnswer // 60 of 300, and of 16,500 in all
		}
		r.ok("GET /a", 540+i/5, latency)
	}
	s := file(limit(t, "p95", ms(200)), limit(t, "success", 0.99))
	v := judge(t, r, s)
	if c := find(t, v, "GET /a", metric.P95); c.Outcome != verdict.Pass {
		t.Fatalf("the p95 of the run = %v, want PASS: %s", c.Outcome, wording.Reason(c))
	}
	if v.Outcome() != verdict.Warn || v.Stages[1].Outcome() != verdict.Fail {
		t.Errorf("Judge = %v, its last stage %v; want WARN, FAIL%s", v.Outcome(), v.Stages[1].Outcome(), list(v))
	}
	r.Planned.Stages = nil
	if v := judge(t, r, s); v.Outcome() != verdict.Pass || v.Stages != nil {
		t.Errorf("Judge without stages = %v, %d stages; want PASS, none", v.Outcome(), len(v.Stages))
	}
}

// Levels are asked what the profile promises of its steps: not other profiles'
// rules, not start steps, which come on the way to a level, and no floors under
// a rate that a low level does not even offer.
func TestJudgeStagesAsksSomeRules(t *testing.T) {
	r := newRun(120)
	r.users(20)
	r.stage(10, 0, 60)
	r.stage(20, 60, 120)
	for s := range 120 {
		r.answers("GET /a", s, 10, fastAnswer)
	}
	for range 500 {
		r.ok("POST /login", 0, slowAnswer)
	}
	r.fail("POST /login", 0, 500, metric.Status, 500)
	r.endpoint("POST /login").Start = true
	s := file(limit(t, "p95", ms(200)), limit(t, "success", 0.99), limit(t, "throughput", 1000))
	rule := func(name string, patterns ...string) config.Rule {
		return config.Rule{Name: name, Patterns: patterns,
			Limits: []config.Limit{limit(t, "p95", ms(1)), limit(t, "success", 1)}}
	}
	elsewhere := rule("elsewhere", "*")
	elsewhere.Profiles = []string{"another"}
	mixed := rule("mixed", "POST /login", "GET /a")
	mixed.Limits[0].Fail, mixed.Limits[1].Fail = ms(300), 0.9
	floor := rule("floor", "GET /a")
	floor.Limits = []config.Limit{limit(t, "throughput", 1000)}
	s.Rules = append(s.Rules, rule("logins", "POST /login"), elsewhere, mixed, floor)
	for _, stage := range judge(t, r, s).Stages {
		var got []string
		for _, c := range stage.Checks {
			got = append(got, fmt.Sprintf("%s %s %s %s, %d requests",
				c.Rule, c.Subject, c.Metric.Name(), c.Outcome, c.Requests))
		}
		want := []string{
			"all GET /a p95 PASS, 600 requests", "all GET /a success PASS, 600 requests",
			"mixed GET /a p95 PASS, 600 requests", "mixed GET /a success PASS, 600 requests",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("checks at %s (-want +got):\n%s", wording.StageLoad(stage, unit.PerSecond), diff)
		}
	}
}

// A level that is too short for an interval says so, and not that the run is.
func TestJudgeShortStages(t *testing.T) {
	r := newRun(100)
	r.users(20)
	r.stage(10, 0, 20)
	r.stage(20, 20, 100)
	r.endpoint("GET /a").Expected = 1000
	for s := range 100 {
		r.answers("GET /a", s, 10, fastAnswer)
	}
	v := judge(t, r, file(limit(t, "p95", ms(200)), limit(t, "success", 0.99)))
	if got := []verdict.Outcome{v.Stages[0].Outcome(), v.Stages[1].Outcome(),
		v.Outcome()}; !slices.Equal(got, []verdict.Outcome{verdict.Inconclusive, verdict.Pass, verdict.Pass}) {
		t.Errorf("the stages and the run are %v, want INCONCLUSIVE, PASS, PASS", got)
	}
	for _, c := range v.Stages[0].Checks {
		said(t, "Reason", wording.Reason(c), "stage too short: 20s measured, an interval needs 30s")
		said(t, "Remedy", wording.Remedy(c), "hold each level for at least 30s after the warm-up")
		if c.Expected != 0 {
			t.Errorf("%s of a stage expects %g requests, and nobody knows how many", c.Metric.Name(), c.Expected)
		}
	}
}

// Merged shards show the levels of the whole run, however its load was dealt.
func TestMergedStagesAreTheWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 4).Draw(rt, "shards")
		whole := newRun(120)
		var parts []*run
		for k := range n {
			p := newRun(120)
			p.Shards = []result.Shard{{K: k + 1, N: n}}
			parts = append(parts, p)
		}
		for _, r := range append(slices.Clone(parts), whole) {
			users := 10
			if r == whole {
				users *= n
			}
			r.users(users)
			r.stage(users/2, 0, 60)
			r.stage(users, 60, 120)
			r.endpoint("GET /a")
			r.endpoint("GET /b")
		}
		for range rapid.IntRange(0, 300).Draw(rt, "requests") {
			part := parts[rapid.IntRange(0, n-1).Draw(rt, "shard")]
			name := rapid.SampledFrom([]string{"GET /a", "GET /b"}).Draw(rt, "endpoint")
			second := rapid.IntRange(0, 122).Draw(rt, "second")
			if rapid.IntRange(0, 9).Draw(rt, "fails") == 0 {
				part.fail(name, second, 1, metric.Status, 500)
				whole.fail(name, second, 1, metric.Status, 500)
				continue
			}
			latency := time.Duration(rapid.IntRange(1, 400).Draw(rt, "ms")) * time.Millisecond
			part.ok(name, second, latency)
			whole.ok(name, second, latency)
		}
		var shards []*result.Result
		for _, p := range parts {
			shards = append(shards, p.result(t))
		}
		merged, err := result.Merge(shards...)
		if err != nil {
			rt.Fatal(err)
		}
		s := file(limit(t, "p95", ms(200)), limit(t, "success", 0.95))
		want := gate.Judge(evidence.Input{Result: whole.result(t), Config: s}).Stages
		got := gate.Judge(evidence.Input{Result: merged, Config: s}).Stages
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b metric.Metric) bool { return a == b })); diff != "" {
			rt.Fatalf("Stages of %d merged shards (-want +got):\n%s", n, diff)
		}
	})
}

// Whatever happened, requests of levels are among those of the run, and a level
// without a broken limit is not where it breaks.
func TestStagesAreParts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := drawRun(rt)
		r.Planned.Stages = nil
		seconds := int(r.Elapsed / time.Second)
		at := 0
		for i := range rapid.IntRange(1, 4).Draw(rt, "stages") {
			from := rapid.IntRange(at, seconds).Draw(rt, "from")
			at = rapid.IntRange(from, seconds).Draw(rt, "until")
			r.stage(i+1, from, at)
		}
		done := r.result(t)
		v := gate.Judge(evidence.Input{Result: done, Config: file(limit(t, "p95", ms(100)), limit(t, "success", 0.9))})
		var all, staged int64
		for _, ep := range done.Endpoints {
			for _, s := range ep.Slots {
				all += s.Requests
			}
		}
		broken := false
		for _, s := range v.Stages {
			staged += s.Requests
			_, breaks := s.Broken()
			broken = broken || breaks
			if s.Failed > s.Requests || s.Rate.Unit != unit.PerSecond || (s.Outcome() == verdict.Fail) != breaks {
				rt.Fatalf("a stage of %s", row(s))
			}
		}
		if staged > all {
			rt.Fatalf("%d requests in stages of %d", staged, all)
		}
		told := slices.ContainsFunc(v.Checks, func(c verdict.Check) bool { return c.Subject == "breaking point" })
		if told != broken {
			rt.Fatalf("told of a breaking point: %t, broken: %t in\n%s", told, broken, strings.Join(rowsOf(v), "\n"))
		}
	})
}
