package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// openRun is a run of 100 seconds and 100 arrivals in each, of which so many
// were dropped in all; the others were answered within 10 to 30 ms.
func openRun(dropped int) *run {
	r := newRun(100)
	r.Planned.Users, r.Planned.Rate, r.Planned.MaxUsers = 0, 100, 7
	r.users(5)
	for s := range 100 {
		part := dropped*(s+1)/100 - dropped*s/100
		r.Timeline[s].Offered, r.Timeline[s].Dropped = 100, int64(part)
		for i := range 100 - part {
			r.ok("GET /a", s, time.Duration(10+i%21)*time.Millisecond)
		}
	}
	return r
}

// health returns the checks that ask whether the run can be judged.
func health(v verdict.Verdict) []verdict.Check {
	var checks []verdict.Check
	for _, c := range v.Checks {
		if c.Rule == "" {
			checks = append(checks, c)
		}
	}
	return checks
}

// A rate that was not made is no run of that rate.
func TestJudgeDroppedArrivals(t *testing.T) {
	const waiting = "while all of its 7 users were waiting for answers"
	late := func(r *run) { r.lag(40 * time.Millisecond) }
	tests := []struct {
		name    string
		dropped int // of 10,000
		build   func(*run)
		want    verdict.Outcome // of the run
		told    []string        // of the check of the load; none: there is none
		remedy  string
	}{
		{"none", 0, nil, verdict.Pass, nil, ""},
		{"a thousandth", 10, nil, verdict.Pass, nil, ""},
		{"two thousandths", 20, nil, verdict.Warn,
			[]string{"the planned rate was 100/s; the generator sent 99.8/s: 20 of 10,000 arrivals were dropped, " +
				waiting}, "raise max_users"},
		{"4 %", 400, nil, verdict.Warn,
			[]string{"planned rate was 100/s; the generator sent 96/s: 400 of 10,000 arrivals were dropped, " +
				waiting}, "lower the rate"},
		{"a twentieth", 500, nil, verdict.Warn, []string{"rate was 100/s; the generator sent 95/s"}, "lower the rate"},
		{"6 %", 600, nil, verdict.Inconclusive,
			[]string{"rate was 100/s; the generator sent 94/s: 600 of 10,000 arrivals were dropped, " + waiting},
			"lower the rate"},
		{"all but a few", 9900, nil, verdict.Inconclusive,
			[]string{"was 100/s; the generator sent 1/s: 9,900 of 10,000 arrivals were dropped"}, "lower the rate"},
		{"4 % of a late generator", 400, late, verdict.Warn,
			[]string{"the planned rate was 100/s; the generator sent 96/s", "while it was late"},
			"give the generator more CPU"},
		{"6 % of a late generator", 600, late, verdict.Inconclusive,
			[]string{"the planned rate was 100/s; the generator sent 94/s", "while it was late"},
			"give the generator more CPU"},
		{"none of a late generator", 0, late, verdict.Warn, nil, ""},
		{
			"6 % of a throttled generator", 600,
			func(r *run) { r.overloaded(20, throttled(10, 2, 40*time.Millisecond)) },
			verdict.Inconclusive, []string{"the planned rate was 100/s; the generator sent 94/s", "it was throttled"},
			"raise its CPU limit",
		},
		{
			"6 % of a throttled and late generator", 600, func(r *run) {
				late(r)
				r.overloaded(20, throttled(10, 2, 40*time.Millisecond))
			},
			verdict.Inconclusive, []string{"while it was late and throttled"}, "raise its CPU limit",
		},
		{
			"6 % of a generator without ports", 600,
			func(r *run) {
				r.fail("GET /a", 50, 3, metric.Refused, 0)
				r.endpoint("GET /a").Failures[0].Cause = metric.OwnMachine
			},
			verdict.Inconclusive, []string{"while it was out of file descriptors or ports"}, "ulimit -n",
		},
		{
			"in the warm-up alone", 0,
			func(r *run) {
				r.Planned.WarmUp = 30 * time.Second
				for s := range 30 {
					r.Timeline[s].Dropped = 90
				}
			},
			verdict.Pass, nil, "",
		},
		{
			"in the drain alone", 0,
			func(r *run) { r.Timeline = append(r.Timeline, result.Moment{Slot: 100, Offered: 2500, Dropped: 2500}) },
			verdict.Inconclusive, []string{"was 125/s; the generator sent 100/s: 2,500 of 12,500 arrivals were "},
			"lower the rate",
		},
		{
			"in slots of two seconds", 0,
			func(r *run) {
				*r = *newRun(100)
				r.Slot = 2 * time.Second
				r.Planned.Users, r.Planned.Rate, r.Planned.MaxUsers = 0, 100, 7
				r.users(5)
				for s := range r.Timeline {
					r.Timeline[s].Offered, r.Timeline[s].Dropped = 200, 20
				}
				r.answersOf("GET /a", 9000)
			},
			verdict.Inconclusive, []string{"was 100/s; the generator sent 90/s: 1,000 of 10,000 arrivals were dropped"},
			"lower the rate",
		},
		{"a closed run", 0, func(r *run) {
			r.Planned.Users, r.Planned.Rate, r.Planned.MaxUsers = 5, 0, 0
			r.noArrivals()
		}, verdict.Pass, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := openRun(tt.dropped)
			if tt.build != nil {
				tt.build(r)
			}
			v := judge(t, r, file(limit(t, "p95", ms(100)), limit(t, "success", 0.9)))
			if v.Outcome() != tt.want {
				t.Errorf("Judge = %v, want %v%s", v.Outcome(), tt.want, list(v))
			}
			var of []verdict.Check
			for _, c := range health(v) {
				if c.Subject == "offered load" {
					of = append(of, c)
				}
			}
			if tt.told == nil {
				if len(of) > 0 {
					t.Errorf("told %q of a load that was made", wording.Reason(of[0]))
				}
				return
			}
			if len(of) != 1 {
				t.Fatalf("%d checks of the load, want 1%s", len(of), list(v))
			}
			for _, want := range tt.told {
				said(t, "Reason", wording.Reason(of[0]), want)
			}
			said(t, "Remedy", wording.Remedy(of[0]), tt.remedy)
			if !strings.Contains(wording.Reason(of[0]), waiting) &&
				strings.Contains(wording.Remedy(of[0]), "max_users") {
				t.Errorf("Remedy = %q, which blames the service, for %q", wording.Remedy(of[0]), wording.Reason(of[0]))
			}
			if got, want := of[0].Requests, int64(of[0].Expected); got >= want || got <= 0 {
				t.Errorf("%d requests of %d arrivals", got, want)
			}
		})
	}
}

func (r *run) noArrivals() {
	for i := range r.Timeline {
		r.Timeline[i].Offered, r.Timeline[i].Dropped = 0, 0
	}
}

// answersOf spreads that many quick answers over the slots of the run.
func (r *run) answersOf(name string, n int) {
	slots := int(r.Elapsed / r.Slot)
	for i := range n {
		r.ok(name, i*slots/n, 20*time.Millisecond)
	}
}

// Dropped arrivals excuse a floor that they may have broken, and nothing else:
// what is too slow, or fails, is so without them. But where the generator was
// late as well, so many of them show a machine at its end, which reads answers
// late too.
func TestJudgeUnderDroppedArrivals(t *testing.T) {
	tests := []struct {
		name    string
		dropped int
		metric  metric.Metric
		limit   float64
		want    verdict.Outcome
		late    bool // the generator was
	}{
		{"a latency that fails with 4 % dropped by a late generator", 400, metric.P95, ms(15), verdict.Fail, true},
		{"a latency that fails with 6 % dropped by a late generator",
			600, metric.P95, ms(15), verdict.Inconclusive, true},
		{"a latency that holds with 6 % dropped by a late generator", 600, metric.P95, ms(100), verdict.Pass, true},
		{"failures with 6 % dropped by a late generator", 600, metric.Success, 0.99, verdict.Fail, true},
		{"a floor missed with nothing dropped", 0, metric.Throughput, 120, verdict.Fail, false},
		{"a floor missed with a thousandth dropped", 10, metric.Throughput, 120, verdict.Fail, false},
		{"a floor missed with 1 % dropped", 100, metric.Throughput, 120, verdict.Inconclusive, false},
		{"a floor missed with 6 % dropped", 600, metric.Throughput, 120, verdict.Inconclusive, false},
		{"a floor that holds with 6 % dropped", 600, metric.Throughput, 80, verdict.Pass, false},
		{"a latency that fails with 6 % dropped", 600, metric.P95, ms(15), verdict.Fail, false},
		{"a latency that holds with 6 % dropped", 600, metric.P95, ms(100), verdict.Pass, false},
		{"failures with 6 % dropped", 600, metric.Success, 0.99, verdict.Fail, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := openRun(tt.dropped)
			if tt.late {
				r.lag(40 * time.Millisecond)
			}
			if tt.metric == metric.Success {
				for s := range 100 {
					r.fail("GET /a", s, 10, metric.Status, 503)
				}
			}
			s := file(limit(t, tt.metric.Name(), tt.limit))
			s.Rules = append(s.Rules, file(limit(t, "success", 0.5)).Rules...)
			c := find(t, judge(t, r, s), "GET /a", tt.metric)
			if c.Outcome != tt.want {
				t.Errorf("%s = %v, want %v: %s", tt.metric.Name(), c.Outcome, tt.want, wording.Reason(c))
			}
			was, remedy := "out of users", "lower the rate, or raise max_users"
			if tt.late {
				was, remedy = "late", "give the generator more CPU"
			}
			if tt.want == verdict.Inconclusive {
				said(t, "Reason", wording.Reason(c), "but the generator was "+was+" and may be the reason")
				said(t, "Remedy", wording.Remedy(c), remedy)
			}
		})
	}
}

// Advice fits the load: arrivals have no pace, and take the users they need.
func TestJudgeAdvisesByTheLoad(t *testing.T) {
	tests := []struct {
		name         string
		requests     int // of an endpoint that the plan expects 50 of
		metric       string
		limit        float64
		closed, open string
	}{
		{"nearly enough", 60, "p95", ms(100), "run 2m20s instead of 1m40s, use more users, or a higher pace",
			"run 2m20s instead of 1m40s, or raise the rate"},
		{"too rare", 2, "p99", ms(100), "give it more weight, pace: auto, or combine: true",
			"give it more weight, raise the rate, or combine: true"},
		{"nothing", 0, "p95", ms(100), "run longer, use more users, or give its group more weight",
			"run longer, raise the rate, or give its group more weight"},
		{"a floor that was not offered", 50, "throughput", 2, "use more users, or pace, before blaming",
			"offers only about 0.5/s: raise the rate before blaming"},
	}
	for _, tt := range tests {
		for _, rate := range []float64{0, 100} {
			r := openRun(0)
			want := tt.open
			if rate == 0 {
				r.Planned.Users, r.Planned.Rate, r.Planned.MaxUsers = 5, 0, 0
				r.noArrivals()
				want = tt.closed
			}
			r.endpoint("GET /b")
			r.answersOf("GET /b", tt.requests)
			if tt.requests > 0 {
				r.endpoint("GET /b").Expected = 50
			}
			s := file(limit(t, tt.metric, tt.limit))
			s.Rules[0].Patterns = []string{"GET /b"}
			c := find(t, judge(t, r, s), "GET /b", s.Rules[0].Limits[0].Metric)
			if !strings.Contains(wording.Remedy(c), want) {
				t.Errorf("%s at %g/s: Remedy = %q, want %q", tt.name, rate, wording.Remedy(c), want)
			}
		}
	}
}
