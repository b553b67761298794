package experiment_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/capacity"
	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

const climb = `version: 1
target: {url: http://localhost:1, timeout: 10s}
profiles:
  users: {users: 50, spawn_rate: 50/s, duration: 10m}
  rate: {rate: 50/s, duration: 10m, max_users: 2000}
users: {g: {wait: 0.5s..1.5s, steps: [GET /a]}}
thresholds: {quick: {endpoints: "*", p95: 100ms, success: 99%, throughput: 1000000/s}}
`

// doer is a function that answers.
type doer func(x *client.Exchange)

func (doer) Close() {}

func (d doer) Do(_ context.Context, _ *client.Request, x *client.Exchange) {
	*x = client.Exchange{Sent: time.Now(), Status: 200}
	d(x)
	x.Done = time.Now()
}

// desks answer one request after the other each, in the same time; whoever
// comes waits.
func desks(n int, took time.Duration) doer {
	free := make(chan struct{}, n)
	return func(*client.Exchange) {
		free <- struct{}{}
		time.Sleep(took)
		<-free
	}
}

// search is a search of a profile of climb on a service, and what it logged.
func search(t *testing.T, profile string, service engine.Doer) (*experiment.Capacity, *[]string) {
	t.Helper()
	p := planned(t, climb, plan.Options{Profile: profile, Seed: 7})
	var journal []string
	return &experiment.Capacity{
		Plan: p, From: p.Level(), Most: 16 * p.Level(), Precision: 0.1, Within: time.Hour,
		Run: func(ctx context.Context, _ int, p *plan.Plan, hooks experiment.Hooks) (*result.Result, error) {
			r := p.Result("test", time.Now())
			return r, on(service)(ctx, hooks, p, r)
		},
		Ready: func(context.Context) error { return nil },
		Judged: func(s verdict.Stage) {
			journal = append(journal,
				fmt.Sprintf("%s %s", wording.StageLoad(s, unit.PerSecond), s.Outcome()))
		},
		Now: time.Now,
	}, &journal
}

// found is the one check of what a search came to.
func found(t *testing.T, c *experiment.Capacity, levels []*result.Result,
	end capacity.SearchEnd, atLeast float64) verdict.Check {
	t.Helper()
	v := capacity.Judge(capacity.Input{Levels: levels,
		Config: c.Plan.Config, AtLeast: atLeast, End: end})
	if len(v.Checks) != 1 || v.Checks[0].Rule != capacity.Rule || len(v.Stages) != len(levels) {
		t.Fatalf("%d levels: %+v", len(levels), v)
	}
	return v.Checks[0]
}

// Four desks of 20 ms serve 200 requests in a second: as many users as think for
// a second, or as many arrivals.
func TestCapacityFindsTheKnee(t *testing.T) {
	for _, profile := range []string{"users", "rate"} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, journal := search(t, profile, desks(4, 20*time.Millisecond))
				levels, end, err := c.Find(t.Context())
				if err != nil || end != capacity.SearchClosed {
					t.Fatalf("Find() = %v, %v", end, err)
				}
				check := found(t, c, levels, end, 0)
				log := strings.Join(*journal, ", ")
				if check.Outcome != verdict.Pass || check.Low.Value < 150 ||
					check.High.Value > 250 || check.High.Value > 1.25*check.Low.Value {
					t.Errorf("%v %s to %s; %s", check.Outcome, check.Low, check.High, log)
				}
				if !strings.Contains(wording.Reason(check), "quick: GET /a p95 of ") {
					t.Errorf("Reason %q", wording.Reason(check))
				}
				// What held is run once more, at the end.
				if last := levels[len(levels)-1]; math.Max(float64(last.Planned.Users),
					last.Planned.Rate) != check.Low.Value {
					t.Errorf("the last level is %d users, %v/s; %s", last.Planned.Users, last.Planned.Rate, log)
				}
				seeds := map[uint64]bool{}
				for _, r := range levels {
					seeds[r.Seed] = true
				}
				if len(seeds) != len(levels) {
					t.Errorf("%d levels of %d seeds", len(levels), len(seeds))
				}
			})
		})
	}
}

func TestCapacityEnds(t *testing.T) {
	crowd := func(most int64, status int) func() doer {
		return func() doer {
			var inside atomic.Int64
			return func(x *client.Exchange) {
				n := inside.Add(1)
				defer inside.Add(-1)
				time.Sleep(50 * time.Millisecond)
				if n > most {
					x.Failure, x.Status = metric.Status, status
				}
			}
		}
	}
	// Made in the bubble: what waits for a channel of another one is awake.
	four := func() doer { return desks(4, 20*time.Millisecond) }
	quick := func() doer { return desks(1000, time.Millisecond) }
	slow := func() doer { return desks(1000, 300*time.Millisecond) }
	for _, tt := range []struct {
		name    string
		service func() doer
		change  func(*experiment.Capacity, context.CancelFunc)
		atLeast float64
		end     capacity.SearchEnd
		outcome verdict.Outcome
		levels  int // 0: not to be known
		said    string
		err     bool
	}{
		{name: "the most that may be tried", service: quick, outcome: verdict.Pass,
			end: capacity.SearchClosed, levels: 6,
			said: "800 users hold, the most that was tried"},
		{name: "too slow for one user", service: slow, outcome: verdict.Fail, end: capacity.SearchClosed, levels: 7,
			said: "already 1 user breaks quick: GET /a p95 of 30"},
		{name: "no lower level can be made", service: slow, outcome: verdict.Fail, levels: 3,
			end: capacity.SearchClosed, change: func(c *experiment.Capacity, _ context.CancelFunc) { c.Least = 20 },
			said: "already 20 users break quick: GET /a p95 of 30"},
		{name: "it has to hold more", service: four, atLeast: 400,
			outcome: verdict.Fail, end: capacity.SearchClosed, said: " users hold; "},
		{name: "it has to hold what is between", service: quick,
			atLeast: 1000, outcome: verdict.Inconclusive, end: capacity.SearchClosed,
			said: "800 users hold, the most that was tried"},
		{name: "the time is up", service: four, outcome: verdict.Pass, end: capacity.SearchTimeUp, levels: 2,
			change: func(c *experiment.Capacity, _ context.CancelFunc) { c.Within = 80 * time.Second },
			said:   "the time for the search was up"},
		{name: "not well afterwards", service: four, outcome: verdict.Pass, end: capacity.SearchUnwell, levels: 3,
			change: func(c *experiment.Capacity, _ context.CancelFunc) {
				times := 0
				c.Ready = func(context.Context) error {
					if times++; times == 3 {
						return errors.New("no answer")
					}
					return nil
				}
			}, said: "after that the service was not ready again"},
		{name: "interrupted in a level", service: four, outcome: verdict.Pass, end: capacity.SearchCut, levels: 2,
			change: func(_ *experiment.Capacity, cancel context.CancelFunc) {
				time.AfterFunc(60500*time.Millisecond, cancel)
			},
			said: "the search was cut short"},
		{name: "interrupted between levels", service: four, outcome: verdict.Pass, end: capacity.SearchCut, levels: 1,
			change: func(c *experiment.Capacity, cancel context.CancelFunc) {
				c.Ready = func(ctx context.Context) error { cancel(); return ctx.Err() }
			}, said: "the search was cut short"},
		{name: "a level that fails to run", service: four, end: capacity.SearchCut,
			levels: 1, outcome: verdict.Pass, err: true,
			change: func(c *experiment.Capacity, _ context.CancelFunc) {
				run := c.Run
				c.Run = func(ctx context.Context, number int, p *plan.Plan,
					hooks experiment.Hooks) (*result.Result, error) {
					if number == 2 {
						return nil, errors.New("disk full")
					}
					return run(ctx, number, p, hooks)
				}
			}, said: "50 users hold"},
		{name: "nothing but errors", service: crowd(0, 503), outcome: verdict.Fail,
			end: capacity.SearchClosed, levels: 7,
			said: "already 1 user breaks"},
		{name: "a rate limiter", service: crowd(6, 429), outcome: verdict.Pass,
			end: capacity.SearchClosed, said: "a rate limiter"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				c, journal := search(t, "users", tt.service())
				if tt.change != nil {
					tt.change(c, cancel)
				}
				levels, end, err := c.Find(ctx)
				log := strings.Join(*journal, ", ")
				if (err != nil) != tt.err || end != tt.end || tt.levels > 0 && len(levels) != tt.levels {
					t.Fatalf("Find() = %d levels, %v, %v; %s", len(levels), end, err, log)
				}
				check := found(t, c, levels, end, tt.atLeast)
				if check.Outcome != tt.outcome || !strings.Contains(wording.Reason(check), tt.said) ||
					check.Outcome != verdict.Pass && wording.Remedy(check) == "" {
					t.Errorf("%v %q → %q; want %v %q; %s", check.Outcome,
						wording.Reason(check), wording.Remedy(check), tt.outcome, tt.said, log)
				}
			})
		})
	}
}

// A level is ended within seconds when the target does little but fail, in its
// warm-up too.
func TestCapacityEndsALevelAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := false
		c, _ := search(t, "users", doer(func(x *client.Exchange) {
			time.Sleep(time.Millisecond)
			if broken {
				x.Failure, x.Status = metric.Status, 503
			}
		}))
		c.Judged = func(s verdict.Stage) { broken = s.Users >= 100 } // from now on
		levels, _, err := c.Find(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ended := levels[2]
		if ended.End != result.Stopped || ended.Elapsed > 4*time.Second {
			t.Errorf("the level that fails ended %s after %s", ended.End, ended.Elapsed)
		}
		s := capacity.JudgeLevel(ended, c.Plan.Config)
		if b, ok := s.Broken(); !ok || !strings.Contains(wording.Reason(b), "so it was ended") ||
			!strings.Contains(wording.Reason(b), "503") {
			t.Errorf("Broken() = %+v", b)
		}
	})
}

// made is a result of a level with so many seconds of requests that all took as
// long.
func made(t testing.TB, p *plan.Plan, took time.Duration) *result.Result {
	t.Helper()
	r := p.Result("test", time.Unix(0, 0))
	for slot := range int(p.Duration / time.Second) {
		var l hist.Latency
		for range 20 {
			l.Record(took)
		}
		s := &result.Slice{Moment: result.Moment{Slot: slot, Users: r.Planned.Users},
			Endpoints: []result.EndpointSlice{{Slot: result.Slot{Slot: slot, Requests: 20, Latency: l.Sparse()}}}}
		if err := r.Append(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Finish(result.Complete); err != nil {
		t.Fatal(err)
	}
	return r
}

// A host that takes processor time takes it at every level: that gives the search
// no direction, also where a level is undecided, and is a warning on its answer.
func TestCapacityClimbsUnderSteal(t *testing.T) {
	const steal = "the host took 1.6% of the processor time of the generator's machine at every level: figures may " +
		"be high"
	for _, tt := range []struct {
		name    string
		decided func(users int) bool
		levels  []int
		outcome verdict.Outcome
		said    string
	}{
		{"every level holds", func(int) bool { return true }, []int{20, 40, 80, 80}, verdict.Warn,
			"80 users hold, the most that was tried; " + steal},
		{"the first is undecided", func(users int) bool { return users > 20 }, []int{20, 40, 80, 80}, verdict.Warn,
			"80 users hold, the most that was tried; " + steal},
		{"one between is undecided", func(users int) bool { return users != 40 }, []int{20, 40, 80, 80}, verdict.Warn,
			"80 users hold, the most that was tried; " + steal},
		{"none is decided", func(int) bool { return false }, []int{20, 40, 80}, verdict.Inconclusive,
			"20 users, 40 users, 80 users undecided: quick: GET /a: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := search(t, "users", nil)
			c.Plan = planned(t, strings.Replace(climb, "duration: 10m", "duration: 10m, warm_up: 10s", 2),
				plan.Options{Profile: "users"})
			c.From, c.Most, c.Now = 20, 80, func() time.Time { return time.Unix(0, 0) }
			var levels []int
			c.Run = func(_ context.Context, _ int, p *plan.Plan, _ experiment.Hooks) (*result.Result, error) {
				levels = append(levels, p.Users)
				r := made(t, p, 10*time.Millisecond)
				if !tt.decided(p.Users) {
					r.Endpoints[0].Slots = slices.DeleteFunc(r.Endpoints[0].Slots,
						func(s result.Slot) bool { return s.Slot != 17 }) // too few
				}
				for i := range r.Timeline {
					r.Timeline[i].Generator = &result.Generator{Wakes: 1000, Steal: &result.Share{Time: 16, Of: 1000}}
				}
				return r, nil
			}
			runs, end, err := c.Find(t.Context())
			if err != nil || !slices.Equal(levels, tt.levels) {
				t.Fatalf("levels %v, want %v: %v, %v", levels, tt.levels, end, err)
			}
			check := found(t, c, runs, end, 0)
			if check.Outcome != tt.outcome || !strings.HasPrefix(wording.Reason(check), tt.said) ||
				!strings.HasSuffix(wording.Reason(check),
					steal) {
				t.Errorf("%v %q; want %v %q", check.Outcome, wording.Reason(check), tt.outcome, tt.said)
			}
		})
	}
}

// Whatever a service carries, the search closes in on it, in few levels, and
// goes no higher than twice that.
func TestCapacityClosesIn(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		profile := rapid.SampledFrom([]string{"users", "rate"}).Draw(rt, "profile")
		c, _ := search(t, profile, nil)
		c.Plan = planned(t, strings.Replace(climb, "duration: 10m", "duration: 10m, warm_up: 10s", 2),
			plan.Options{Profile: profile})
		c.From = float64(rapid.IntRange(1, 500).Draw(rt, "from"))
		c.Most = c.From * rapid.Float64Range(1, 40).Draw(rt, "times")
		if profile == "users" {
			c.Most = math.Floor(c.Most)
		}
		c.Precision = rapid.Float64Range(0.02, 0.5).Draw(rt, "precision")
		carries := rapid.Float64Range(0.02, 60).Draw(rt, "carries") * c.From
		highest, runs := 0.0, 0
		c.Within = 1000 * time.Hour
		c.Run = func(_ context.Context, _ int, p *plan.Plan, _ experiment.Hooks) (*result.Result, error) {
			highest, runs = max(highest, p.Level()), runs+1
			took := 10 * time.Millisecond
			if p.Level() > carries {
				took = time.Second
			}
			return made(t, p, took), nil
		}
		levels, end, err := c.Find(t.Context())
		if err != nil || end != capacity.SearchClosed {
			rt.Fatalf("Find() = %v, %v", end, err)
		}
		check := found(t, c, levels, end, 0)
		if highest > c.Most || highest > max(c.From, 2*carries) {
			rt.Errorf("went to %v, where %v is carried, from %v, at most %v", highest, carries, c.From, c.Most)
		}
		if runs > 30 {
			rt.Errorf("%d levels", runs)
		}
		low, high := check.Low, check.High
		if low.OK && low.Value > carries || high.OK && high.Value <= carries {
			rt.Errorf("%s to %s, where %v is carried", low, high, carries)
		}
		switch {
		case low.OK && high.OK:
			if near := high.Value <= low.Value*(1+c.Precision) ||
				profile == "users" && high.Value <= low.Value+1; !near && high.Value-low.Value > low.Value/100 {
				rt.Errorf("%s to %s is not within %v", low, high, c.Precision)
			}
		case low.OK:
			if low.Value != c.Most {
				rt.Errorf("%s held, and %v may be tried", low, c.Most)
			}
		case carries >= 1 && carries >= c.From/49:
			rt.Errorf("nothing held, where %v is carried, from %v", carries, c.From)
		}
	})
}
