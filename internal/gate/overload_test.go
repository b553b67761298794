package gate_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// overloaded gives the first n seconds of a run's generator.
func (r *run) overloaded(n int, g result.Generator) {
	for i := range r.Timeline {
		own := result.Generator{
			CPU: new(0.2), Wakes: 1000, Late: 1, Pause: time.Millisecond,
			Throttle: &result.Throttle{Periods: 10}, Steal: percentOf(0, 2*time.Second),
			Pressure: percentOf(5, time.Second),
		}
		if i < n {
			own = g
		}
		r.Timeline[i].Generator = &own
	}
}

// The readings of a second in which the kernel withheld something.
func throttled(periods, n int64, d time.Duration) result.Generator {
	return result.Generator{Wakes: 1000, Throttle: &result.Throttle{Periods: periods, Throttled: n, Time: d}}
}

func stolen(percent int) result.Generator {
	return result.Generator{Wakes: 1000, Steal: percentOf(percent, 2*time.Second)}
}

func pressed(percent int) result.Generator {
	return result.Generator{Wakes: 1000, Pressure: percentOf(percent, time.Second)}
}

func percentOf(percent int, of time.Duration) *result.Share {
	return &result.Share{Time: of * time.Duration(percent) / 100, Of: of}
}

// The run is judged before the service: a generator that was short of
// something is reported, and a floor that it missed is not the service's fault.
func TestJudgeStrainedGenerator(t *testing.T) {
	tests := []struct {
		name    string
		seconds int
		g       result.Generator
		subject string // empty: nothing to tell
		reason  string
	}{
		{"well", 0, result.Generator{}, "", ""},
		{"busy in six of a hundred seconds", 6, result.Generator{CPU: new(0.95), Wakes: 1000},
			"generator CPU", "more than 80% of its processors in 6 of 100 seconds"},
		{"busy within a quota", 6, result.Generator{CPU: new(0.95), CPUs: 0.5, Wakes: 1000},
			"generator CPU", "more than 80% of the 0.5 CPU that it may use in 6 of 100 seconds"},
		{"busy in five", 5, result.Generator{CPU: new(0.95), Wakes: 1000}, "", ""},
		{"late wake-ups", 50, result.Generator{Wakes: 1000, Late: 30},
			"generator wake-ups", "1.55% of the generator's wake-ups waited 1ms or more"},
		{"a long pause", 1, result.Generator{Wakes: 1000, Pause: 40 * time.Millisecond},
			"generator pause", "stood still for 40ms to collect garbage"},
		{"throttled once", 1, throttled(10, 1, 20*time.Millisecond), "generator throttling",
			"the generator's container was throttled in 1 of 100 seconds, for 20ms in all"},
		{"throttled for most of the time", 99, throttled(10, 9, 900*time.Millisecond),
			"generator throttling", "throttled in 99 of 100 seconds, for 89.1s in all"},
		{"a quota that was never used up", 100, throttled(10, 0, 0), "", ""},
		{"a little stolen all the time", 100, stolen(2), "generator steal",
			"the host took 2% of the processor time of the generator's machine"},
		{"hardly anything stolen", 100, stolen(1), "", ""},
		{"much stolen in some seconds", 6, stolen(10), "generator steal",
			"the host took more than 5% of the processor time of the generator's machine in 6 of 100 seconds"},
		{"much stolen in few seconds", 5, stolen(10), "", ""},
		{"pressure", 6, pressed(30), "generator pressure", "something in the generator's container or on its machine " +
			"waited for a processor for more than 20% of the time in 6 of 100 seconds"},
		{"pressure in few seconds", 5, pressed(90), "", ""},
		{"a pause that slow answers hide", 1, result.Generator{Wakes: 1000, Pause: 9 * time.Millisecond}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(100)
			r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond)
			r.Timeline = nil
			r.users(10)
			r.overloaded(tt.seconds, tt.g)
			v := judge(t, r, file(limit(t, "throughput", 20), limit(t, "p95", ms(300))))
			floor := find(t, v, "GET /a", metric.Throughput)
			if want := map[bool]verdict.Outcome{true: verdict.Fail,
				false: verdict.Inconclusive}[tt.subject == ""]; floor.Outcome != want {
				t.Errorf("the missed floor is %v, want %v", floor.Outcome, want)
			}
			if c := find(t, v, "GET /a", metric.P95); c.Outcome != verdict.Pass {
				t.Errorf("a latency that holds is %v, want PASS", c.Outcome)
			}
			var told []verdict.Check
			for _, c := range v.Checks {
				if c.Rule == "" {
					told = append(told, c)
				}
			}
			if tt.subject == "" {
				if len(told) > 0 {
					t.Errorf("told %+v of a generator that was well", told)
				}
				return
			}
			if len(told) != 1 || told[0].Subject != tt.subject ||
				told[0].Outcome != verdict.Warn || wording.Remedy(told[0]) == "" {
				t.Fatalf("told %+v, want one warning of %q", told, tt.subject)
			}
			said(t, "Reason", wording.Reason(told[0]), tt.reason)
		})
	}
}

// What a flag does to the verdict is the same for every one of them
// (statistics, section 8): whatever held stands, a failure stands where it does
// from the send as well, a missed floor does not, and the whole run does not
// where much of its load was lost.
func TestJudgeUnderEachFlag(t *testing.T) {
	flags := []struct {
		name    string
		seconds int
		g       result.Generator
		was     string
	}{
		{"lag", 0, result.Generator{}, "late"},
		{"CPU", 20, result.Generator{CPU: new(0.95), Wakes: 1000}, "short of CPU"},
		{"throttling", 20, throttled(10, 2, 40*time.Millisecond), "throttled"},
		{"steal", 20, stolen(10), "short of CPU that the host took"},
		{"pressure", 20, pressed(40), "waiting for CPU"},
		{"wake-ups", 20, result.Generator{Wakes: 1000, Late: 300}, "waiting for CPU"},
		{"pause", 1, result.Generator{Wakes: 1000, Pause: 60 * time.Millisecond}, "collecting garbage"},
	}
	effects := []struct {
		name    string
		metric  metric.Metric
		limit   float64
		lag     time.Duration // of every request
		users   int
		planned float64
		want    verdict.Outcome // of the limit
		run     verdict.Outcome // of the whole
	}{
		{"a latency that holds", metric.P95, ms(300), 0, 100, 0, verdict.Pass, verdict.Warn},
		{"a latency that fails from both clocks", metric.P95, ms(100), 0, 100, 0, verdict.Fail, verdict.Fail},
		{"a latency that fails from the intended start", metric.P95,
			ms(170), 100 * time.Millisecond, 100, 0, verdict.Inconclusive, verdict.Inconclusive},
		{"a floor that holds", metric.Throughput, 8, 0, 100, 0, verdict.Pass, verdict.Warn},
		{"a floor that is missed", metric.Throughput, 20, 0, 100, 0, verdict.Inconclusive, verdict.Inconclusive},
		{"a load of which a tenth was lost", metric.P95, ms(300),
			100 * time.Millisecond, 10, 0, verdict.Pass, verdict.Inconclusive},
		{"a load of which a third was not made", metric.P95, ms(300), 0, 100, 1500, verdict.Pass, verdict.Inconclusive},
	}
	for _, f := range flags {
		for _, e := range effects {
			t.Run(f.name+"/"+e.name, func(t *testing.T) {
				r := newRun(100)
				for i := range 1000 {
					answer := time.Duration(50+i%10*10) * time.Millisecond
					r.lagged("GET /a", i/10, answer+e.lag, e.lag)
				}
				r.users(e.users)
				if f.name == "lag" {
					r.lag(max(e.lag, 40*time.Millisecond))
				} else {
					r.overloaded(f.seconds, f.g)
				}
				if e.users == 10 {
					r.lags(10, 100*time.Millisecond)
				}
				r.endpoint("GET /a").Expected = e.planned
				s := file(limit(t, e.metric.Name(), e.limit))
				s.Rules = append(s.Rules, file(limit(t, "success", 0.9)).Rules...)
				v := judge(t, r, s)
				c := find(t, v, "GET /a", e.metric)
				if c.Outcome != e.want || v.Outcome() != e.run {
					t.Errorf("the limit is %v, the run %v; want %v, %v%s",
						c.Outcome, v.Outcome(), e.want, e.run, list(v))
				}
				switch {
				case e.want == verdict.Inconclusive:
					said(t, "Reason", wording.Reason(c), "but the generator was "+f.was+" and may be the reason")
				case e.run == verdict.Inconclusive:
					load := find(t, v, "offered load", metric.Metric{})
					said(t, "Reason", wording.Reason(load), "the generator was")
					said(t, "Reason", wording.Reason(load), "1,000 ")
				}
			})
		}
	}
}

// lags gives every second of the run that many requests that were late.
func (r *run) lags(n int, d time.Duration) {
	var l hist.Latency
	for range n {
		l.Record(d)
	}
	for i := range r.Timeline {
		r.Timeline[i].Lag = l.Sparse()
	}
}

// A process that the kernel holds still reads its answers late: both clocks
// call that a slow service. A failure has to stand without those seconds.
func TestJudgeHeldGenerator(t *testing.T) {
	const quick, slow = 20 * time.Millisecond, 400 * time.Millisecond
	for _, row := range []struct {
		name       string
		held, slow int // seconds from the start
		g          result.Generator
		want       verdict.Outcome
	}{
		{"throttled while it was slow", 40, 40, throttled(10, 8, 700*time.Millisecond), verdict.Inconclusive},
		{"its host took time while it was slow", 40, 40, stolen(40), verdict.Inconclusive},
		{"throttled all the time", 100, 100, throttled(10, 8, 700*time.Millisecond), verdict.Inconclusive},
		{"throttled and slow all the time, but not always both",
			40, 100, throttled(10, 8, 700*time.Millisecond), verdict.Fail},
		{"a quota that was not used up", 100, 40, throttled(10, 0, 0), verdict.Fail},
		{"a little taken by the host", 40, 40, stolen(3), verdict.Fail},
		{"throttled and quick", 100, 0, throttled(10, 8, 700*time.Millisecond), verdict.Pass},
	} {
		r := newRun(100)
		r.users(100)
		for i := range 2000 {
			latency := quick
			if i/20 < row.slow {
				latency = slow
			}
			r.ok("GET /a", i/20, latency)
		}
		r.overloaded(row.held, row.g)
		c := find(t, judge(t, r, file(limit(t, "p95", ms(100)))), "GET /a", metric.P95)
		if c.Outcome != row.want {
			t.Errorf("%s: %v, want %v: %s", row.name, c.Outcome, row.want, wording.Reason(c))
		}
		if row.want == verdict.Inconclusive {
			said(t, "Reason", wording.Reason(c),
				"p95 is 400ms, above the limit of 100ms, but not without the seconds in "+
					"which the generator was throttled")
			said(t, "Remedy", wording.Remedy(c), "CPU limit")
		}
	}
}

// Slots of a long run are not seconds.
func TestJudgeStrainedSlots(t *testing.T) {
	r := newRun(400)
	r.Slot = 4 * time.Second
	for i := range 1000 {
		r.ok("GET /a", i/10, 20*time.Millisecond)
	}
	r.users(100)
	r.overloaded(7, throttled(40, 1, time.Millisecond))
	c := find(t, judge(t, r, file(limit(t, "p95", ms(100)))), "generator throttling", metric.Metric{})
	said(t, "Reason", wording.Reason(c), "throttled in 7 of 100 stretches of 4s")
	if c.Limit.OK {
		t.Errorf("limit = %v, want none: there should be no throttling at all", c.Limit)
	}
}
