package gate_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// closedRun is 20 users with a cycle of 0.2 s at one endpoint for so many
// seconds, answered in 1 ms but in the seconds from..to, in which nothing is: the
// users get their answer when it ends.
func closedRun(seconds, from, to int) *run {
	r := newRun(seconds)
	r.Planned.Timeout = 30 * time.Second
	r.Planned.Groups = []result.Group{{
		Name: "users", Users: 20, ThinkMin: 100 * time.Millisecond, ThinkMax: 298 * time.Millisecond, Pace: 1,
		Parts: []result.Part{{Endpoint: "GET /a", Share: 1}},
	}}
	r.users(20)
	for second := range seconds {
		switch {
		case second >= from && second < to:
		default:
			for range 100 {
				r.ok("GET /a", second, time.Millisecond)
			}
		}
	}
	if to > from {
		for range 20 {
			r.ok("GET /a", to, time.Duration(to-from)*time.Second)
		}
	}
	return r
}

// stopped says that the generator did not run for so long before the end of a
// slot.
func (r *run) stopped(slot int, still time.Duration) {
	r.Timeline[slot].Generator = &result.Generator{CPUs: 2, Still: still}
}

func TestJudgeFreeze(t *testing.T) {
	tests := []struct {
		name    string
		build   func() *run
		metric  string
		limit   time.Duration
		rule    func(*config.Rule)
		ongoing bool
		outcome verdict.Outcome // of the limit
		reason  string
	}{
		{
			name: "8 of 40 seconds", build: func() *run { return closedRun(40, 15, 23) },
			metric: "p95", limit: time.Second,
			outcome: verdict.Fail,
			reason: "p95 of arrivals is 6s, above the limit of 1s; frozen 0:15–0:23: 20 users waited up to 8s. " +
				"Users who wait do not ask, so of the requests that were made it is 1ms",
		},
		{
			name: "8 seconds of a run that goes on", build: func() *run { return closedRun(40, 15, 23) }, metric: "p95",
			limit: time.Second, ongoing: true, outcome: verdict.Warn,
		},
		{
			name: "asked of requests alone", build: func() *run { return closedRun(40, 15, 23) }, metric: "p95",
			limit: time.Second,
			rule:  func(r *config.Rule) { r.OfRequests = true }, outcome: verdict.Pass,
		},
		{
			name: "a limit above the wait", build: func() *run { return closedRun(40, 15, 23) }, metric: "p95",
			limit:   8010 * time.Millisecond,
			outcome: verdict.Pass,
		},
		{
			name: "too short to break it", build: func() *run { return closedRun(40, 15, 17) }, metric: "p95",
			limit:   time.Second,
			outcome: verdict.Pass,
		},
		{
			name: "the median does not mind", build: func() *run { return closedRun(40, 15, 23) }, metric: "p50",
			limit:   time.Second,
			outcome: verdict.Pass,
		},
		{
			name: "requests that time out", metric: "p95", limit: time.Second,
			build: func() *run {
				r := closedRun(40, 15, 15)
				r.Planned.Timeout = 4 * time.Second
				for second := 15; second < 23; second++ {
					delete(r.slots["GET /a"], second)
				}
				r.fail("GET /a", 19, 20, metric.Timeout, 0)
				r.fail("GET /a", 23, 20, metric.Timeout, 0)
				return r
			},
			outcome: verdict.Fail, reason: "frozen 0:15–0:23: 40 requests waited up to 4s",
		},
		{
			name: "arrivals that wait for nobody", metric: "p95", limit: time.Second,
			build: func() *run {
				r := closedRun(40, 15, 15)
				r.Planned.Groups, r.Planned.Rate, r.Planned.Users = nil, 100, 0
				for second := 15; second < 23; second++ {
					delete(r.slots["GET /a"], second)
					for range 100 {
						r.ok("GET /a", 23, time.Duration(23-second)*time.Second)
					}
				}
				return r
			},
			outcome: verdict.Fail,
			reason:  "p95 of arrivals is 6s, above the limit of 1s; frozen 0:15–0:23: 500 requests waited up to 8s",
		},
		{
			name: "nobody asked", metric: "p95", limit: time.Second,
			build: func() *run {
				r := closedRun(40, 15, 15)
				for second := 15; second < 23; second++ {
					delete(r.slots["GET /a"], second)
				}
				return r
			},
			outcome: verdict.Pass,
		},
		{
			name: "the generator stood still", metric: "p95", limit: time.Second,
			build: func() *run {
				r := closedRun(40, 15, 23)
				r.stopped(23, 8*time.Second)
				return r
			},
			outcome: verdict.Pass,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := file(limit(t, tt.metric, float64(tt.limit)))
			s.Rules[0].Limits = append(s.Rules[0].Limits, limit(t, "success", .5))
			if tt.rule != nil {
				tt.rule(&s.Rules[0])
			}
			v := gate.Judge(evidence.Input{Result: tt.build().result(t), Config: s, Ongoing: tt.ongoing})
			c := find(t, v, "GET /a", s.Rules[0].Limits[0].Metric)
			if c.Outcome != tt.outcome || !strings.Contains(wording.Reason(c), tt.reason) {
				t.Errorf("%v %q, want %v %q in%s", c.Outcome, wording.Reason(c), tt.outcome, tt.reason, list(v))
			}
		})
	}
}

// TestJudgeWaitingUsers: slow answers that are no freeze break the limit for
// arrivals alone, and nothing shows that.
func TestJudgeWaitingUsers(t *testing.T) {
	r := closedRun(40, 15, 15)
	for second := range 40 {
		for range 4 {
			r.ok("GET /a", second, 600*time.Millisecond)
		}
	}
	v := judge(t, r, file(limit(t, "p95", ms(300))))
	c := find(t, v, "GET /a", metric.P95)
	if c.Outcome != verdict.Warn || !c.OfArrivals || !strings.Contains(wording.Reason(c),
		"p95 is 1ms, within the limit of 300ms, but of arrivals it is 400ms") {
		t.Errorf("%v %q (%v), want a warning:%s", c.Outcome, wording.Reason(c), c.OfArrivals, list(v))
	}
}

func TestJudgeStandstill(t *testing.T) {
	r := closedRun(40, 15, 23)
	r.stopped(23, 8*time.Second)
	v := judge(t, r, file(limit(t, "p95", ms(300)), limit(t, "success", .99), limit(t, "throughput", 99)))
	if o := v.Outcome(); o != verdict.Warn {
		t.Errorf("verdict %v, want WARN:%s", o, list(v))
	}
	want := "the generator stood still for 8s at 0:15: it was stopped, or its machine slept; these seconds are left out"
	if text := list(v); !strings.Contains(text, want) || strings.Contains(text, "frozen") || strings.Contains(text,
		"slow") {
		t.Errorf("want %q and no word on the service:%s", want, text)
	}

	// What failed because nobody read the answers is not the service's either.
	r = closedRun(40, 15, 23)
	r.stopped(23, 8*time.Second)
	r.fail("GET /a", 23, 200, metric.Timeout, 0)
	if v := judge(t, r, file(limit(t, "success", .99))); v.Outcome() != verdict.Warn {
		t.Errorf("verdict %v, want WARN:%s", v.Outcome(), list(v))
	}

	// While a machine sleeps no seconds of the run pass.
	r = closedRun(40, 0, 0)
	r.stopped(23, time.Hour)
	c := find(t, judge(t, r, file(limit(t, "success", .99))), "GET /a", metric.Success)
	if c.Outcome != verdict.Pass || c.Requests != 3700 {
		t.Errorf("an hour's sleep: %v of %d requests, want a pass of all but three seconds", c.Outcome, c.Requests)
	}

	r = closedRun(40, 4, 34)
	r.stopped(34, 30*time.Second)
	if v := judge(t, r, file(limit(t, "success", .99))); v.Outcome() != verdict.Inconclusive {
		t.Errorf("three quarters of the run are missing: %v, want INCONCLUSIVE:%s", v.Outcome(), list(v))
	}
}

func TestJudgeOutages(t *testing.T) {
	healthy := func(seconds int) *run {
		r := newRun(seconds)
		r.users(20)
		for second := range seconds {
			for i := range 50 {
				r.ok([]string{"GET /a", "GET /b", "GET /c", "GET /d", "GET /e"}[i%5], second, 5*time.Millisecond)
			}
		}
		return r
	}
	down := func(r *run, from, to int, endpoints ...string) *run {
		for second := from; second < to; second++ {
			for _, name := range endpoints {
				delete(r.slots[name], second)
				r.fail(name, second, 10, metric.Status, 500)
			}
		}
		return r
	}
	all := []string{"GET /a", "GET /b", "GET /c", "GET /d", "GET /e"}
	tests := []struct {
		name    string
		run     *run
		limit   float64 // on failures
		outcome verdict.Outcome
		subject string // of the finding; empty: there is none
		finding verdict.Outcome
		reason  string
	}{
		{"one request of 9,000", down(healthy(180), 0, 0), .005, verdict.Pass, "", 0, ""},
		{"all for 5 of 60 seconds", down(healthy(60), 30, 35, all...), .005, verdict.Fail, "outage", verdict.Fail,
			"12:00:30–12:00:35: 250 of 250 requests failed, of all endpoints; first answer: 500, the service broke " +
				"on the request"},
		{"all for 5 of 60 seconds, a loose limit", down(healthy(60), 30, 35, all...),
			.2, verdict.Pass, "outage", verdict.Warn,
			"250 of 250 requests failed"},
		{"all for 3 of 300 seconds, which is more than is allowed",
			down(healthy(300), 30, 33, all...), .0099, verdict.Fail,
			"outage",
			verdict.Fail, "150 of 150 requests failed"},
		{"a second", down(healthy(300), 30, 31, all...), .005,
			verdict.Warn, "blip", verdict.Warn, "50 of 50 requests failed"},
		{"two of five endpoints, to the end", down(healthy(60), 40, 60, "GET /b", "GET /d"),
			.005, verdict.Fail, "outage",
			verdict.Fail,
			"12:00:40 to the end: 400 of 400 requests failed, GET /b and 1 more; first answer: 500"},
		{"one of five for 5 of 60 seconds, which five together may",
			down(healthy(60), 30, 35, "GET /b"), .05, verdict.Pass,
			"outage", verdict.Fail, "12:00:30–12:00:35: 50 of 50 requests failed, GET /b; first answer: 500"},
		{"three of five never worked", down(healthy(60), 0, 60, "GET /a", "GET /b", "GET /c"),
			.005, verdict.Fail, "", 0, ""},
		{"an endpoint that never worked", down(healthy(60), 0, 60, "GET /b"), .005, verdict.Fail, "", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if strings.HasPrefix(tt.name, "one request") {
				tt.run.fail("GET /a", 7, 1, metric.Status, 500)
			}
			v := judge(t, tt.run, file(limit(t, "failure_rate", tt.limit)))
			if c := find(t, v, "all (5 endpoints)", metric.FailureRate); c.Outcome != tt.outcome {
				t.Errorf("the limit: %v %q, want %v", c.Outcome, wording.Reason(c), tt.outcome)
			}
			found := ""
			for _, c := range v.Checks {
				if c.Subject != "outage" && c.Subject != "blip" {
					continue
				}
				found += c.Subject
				if c.Outcome != tt.finding || !strings.Contains(wording.Reason(c), tt.reason) {
					t.Errorf("%s: %v %q, want %v %q", c.Subject, c.Outcome, wording.Reason(c), tt.finding, tt.reason)
				}
			}
			if found != tt.subject {
				t.Errorf("findings %q, want %q:%s", found, tt.subject, list(v))
			}
		})
	}
}

// TestJudgeMostFail: without a rule on failures, a run of which most requests
// fail is broken, whatever the file makes of what is undecided.
func TestJudgeMostFail(t *testing.T) {
	for _, row := range []struct {
		name    string
		build   func(*run)
		outcome verdict.Outcome
		reason  string
	}{
		{"all", func(r *run) { r.failing("GET /a", 795, 1, 500) }, verdict.Fail,
			"795 of 795 requests failed, and no rule judges failures"},
		{"one endpoint of two", func(r *run) { r.failing("GET /a", 200, 1, 500); r.failing("GET /b", 1000, 2000, 500) },
			verdict.Fail,
			"200 of 200 requests failed, and no rule judges failures"},
		{"all of two", func(r *run) {
			r.failing("GET /a", 200, 1, 500)
			r.failing("GET /b", 200, 1, 500)
		}, verdict.Fail,
			"400 of 400 requests failed, and no rule judges failures"},
		{"fewer than half", func(r *run) { r.failing("GET /a", 1000, 3, 500) }, verdict.Warn, ""},
	} {
		for _, seconds := range []int{100, 20} {
			r := newRun(seconds)
			r.users(20)
			row.build(r)
			s := file(limit(t, "p95", ms(200)))
			s.Judge.Inconclusive = config.UndecidedWarns
			v := judge(t, r, s)
			if v.Final() != row.outcome || !strings.Contains(list(v), row.reason) {
				t.Errorf("%s, %d s: %v, want %v %q:%s", row.name, seconds, v.Final(), row.outcome, row.reason, list(v))
			}
		}
	}
	ruled := file(limit(t, "p95", ms(200)), limit(t, "failure_rate", 1))
	r := newRun(100)
	r.failing("GET /a", 1000, 2, 500)
	if v := judge(t, r, ruled); v.Outcome() == verdict.Fail {
		t.Errorf("a rule on failures replaces the built-in limit:%s", list(v))
	}
}

// TestNoEvidenceIsNeverGreen: what was not measured, or may not have been, is
// nothing that the file could count as a pass.
func TestNoEvidenceIsNeverGreen(t *testing.T) {
	for _, row := range []struct {
		name, reason string
		build        func(*run)
		change       func(*result.Result)
	}{
		{"no request", "no request was measured", func(r *run) { delete(r.slots, "GET /a") }, nil},
		{"cut short", "cut short after 100s of 5min",
			func(r *run) { r.End, r.Planned.Duration = result.Cut, 5*time.Minute }, nil},
		{"complete, and shorter than it was planned", "it says that it came to its end, and ended after 100s of 5min",
			func(r *run) { r.Planned.Duration = 5 * time.Minute }, nil},
		{"a shard that is missing", "shard 2/2 of the run is missing", func(r *run) { r.Shards[0].N = 2 }, nil},
		{"no timeline", "it is missing: nothing says what the generator did", func(*run) {},
			func(r *result.Result) { r.Timeline = nil }},
		{"a gap in the timeline", "20s of 100s are missing in it", func(*run) {},
			func(r *result.Result) { r.Timeline = slices.Delete(slices.Clone(r.Timeline), 30, 50) }},
	} {
		for _, undecided := range []config.Undecided{config.UndecidedWarns, config.UndecidedPasses} {
			r := newRun(100)
			r.users(20)
			r.steady("GET /a", 2000, 10*time.Millisecond, 30*time.Millisecond)
			s := file(limit(t, "p95", ms(200)))
			s.Judge.Inconclusive = undecided
			row.build(r)
			done := r.result(t)
			if row.change != nil {
				row.change(done)
			}
			v := gate.Judge(evidence.Input{Result: done, Config: s})
			if text := list(v); v.Final() != verdict.Inconclusive || !strings.Contains(text, row.reason) {
				t.Errorf("%s, %v: %v, want INCONCLUSIVE and %q:%s", row.name, undecided, v.Final(), row.reason, text)
			}
		}
	}
}

func TestWhatDecides(t *testing.T) {
	r := newRun(60)
	r.Planned.WarmUp = 10 * time.Second
	r.users(20)
	r.steady("GET /a", 60, 10*time.Millisecond, 30*time.Millisecond)
	v := judge(t, r, file(limit(t, "p95", ms(40))))
	c := find(t, v, "GET /a", metric.P95)
	if c.Outcome != verdict.Inconclusive || c.Decides <= time.Minute || c.Decides > 2*time.Minute ||
		!strings.Contains(wording.Remedy(c), "instead of 1m") {
		t.Errorf("%v, decided by a run of %v, %q:%s", c.Outcome, c.Decides, wording.Remedy(c), list(v))
	}
}
