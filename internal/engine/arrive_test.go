package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// open is a file of one profile in the open model.
func open(profile, groups string) string {
	return "version: 1\ntarget: {url: http://localhost:1, timeout: 20s}\nprofiles: {p: {" +
		profile + ", warm_up: 0s, try: false}}\nusers:\n" + groups + rules
}

const shopper = "  shopper: {wait: 9s, steps: [GET /a, GET /b]}\n"

// arrivals sums what was due and what was dropped.
func arrivals(r *result.Result) (offered, dropped int64) {
	for _, m := range r.Timeline {
		offered, dropped = offered+m.Offered, dropped+m.Dropped
	}
	return offered, dropped
}

// all is every latency of the run from the intended start, and every lag.
func all(t *testing.T, r *result.Result) (latencies, lag latency) {
	t.Helper()
	for _, e := range r.Endpoints {
		for _, s := range e.Slots {
			if err := s.Latency.Into(&latencies); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, m := range r.Timeline {
		if err := m.Lag.Into(&lag); err != nil {
			t.Fatal(err)
		}
	}
	return latencies, lag
}

// Arrivals come at their times however slow the target is, and think times do
// not count.
func TestArrivalsAreNotSlowedByTheTarget(t *testing.T) {
	for _, took := range []time.Duration{time.Millisecond, 300 * time.Millisecond, 7 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(func(sent, *client.Exchange) time.Duration { return took })
			r := walk(t, context.Background(), decode(t, open("rate: 20/s, duration: 30s, arrivals: even", shopper),
				plan.Options{}), s, engine.Engine{})
			if offered, dropped := arrivals(r); offered != 600 || dropped != 0 {
				t.Errorf("took %s: %d arrivals, %d dropped; want 600, 0", took, offered, dropped)
			}
			for i, q := range s.requests() {
				if want := time.Duration(i) * 50 * time.Millisecond; q.At != want {
					t.Fatalf("took %s: request %d at %s, want %s", took, i, q.At, want)
				}
			}
			latencies, lag := all(t, r)
			if longest, _ := latencies.Max(); latencies.Count() != 600 || longest != took {
				t.Errorf("took %s: %d latencies up to %s", took, latencies.Count(), longest)
			}
			if most, _ := lag.Max(); most != 0 {
				t.Errorf("took %s: lag of up to %s", took, most)
			}
		})
	}
}

// A user is made where none waits for nothing, and the one that was last busy
// goes first.
func TestUsersAreMadeAsNeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(q sent, _ *client.Exchange) time.Duration {
			if back := 10*time.Second + 950*time.Millisecond; q.At >= 10*time.Second && q.At < back {
				return back - q.At // it stands still for almost a second, and comes back between two arrivals
			}
			return time.Millisecond
		})
		r := walk(t, context.Background(), decode(t, open("rate: 10/s, duration: 20s, arrivals: even", shopper),
			plan.Options{}), s, engine.Engine{})
		users := map[int]int{}
		after := map[int]int{}
		for _, q := range s.requests() {
			users[q.User]++
			if q.At > 12*time.Second {
				after[q.User]++
			}
		}
		if len(users) != 10 || len(after) != 1 || s.closed != 10 {
			t.Errorf("%d users in all, %d after the pause, %d of them closed; want 10, 1, 10",
				len(users), len(after), s.closed)
		}
		if busy := r.Timeline[18].Users; busy > 1 {
			t.Errorf("%d users at the end of second 18, want those that are busy, one at most", busy)
		}
		latencies, _ := all(t, r)
		if longest, _ := latencies.Max(); longest != 950*time.Millisecond {
			t.Errorf("longest %s, want 950ms, that of the arrival at the beginning of the pause", longest)
		}
	})
}

// Where all users are busy and there may be no more, arrivals are dropped and
// counted, and those after them come at their times.
func TestArrivalsWithoutAUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(sent, *client.Exchange) time.Duration { return 950 * time.Millisecond })
		r := walk(t, context.Background(),
			decode(t, open("rate: 10/s, duration: 10s, arrivals: even, max_users: 4", shopper), plan.Options{}),
			s, engine.Engine{})
		offered, dropped := arrivals(r)
		if requests := int64(len(s.requests())); offered != 100 || requests != 40 || dropped != 60 {
			t.Errorf("%d arrivals, %d sent, %d dropped; want 100, 40, 60", offered, requests, dropped)
		}
		if m := r.Timeline[3]; m.Offered < 9 || m.Offered > 11 || m.Dropped < 5 || m.Dropped > 7 || m.Users < 3 {
			t.Errorf("second 3: %d arrivals, %d dropped, %d users; want 10, 6, 4, give or take the one at its end",
				m.Offered, m.Dropped, m.Users)
		}
	})
}

// A user's first arrival begins with its start steps; each of them counts from
// when the one before it was answered.
func TestOpenUsersStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			x.Body = []byte(`{"token": "t` + fmt.Sprint(q.User) + `"}`)
			return 30 * time.Millisecond
		})
		groups := "  shopper: {wait: 1s, headers: {X-Token: '${ token }'}, start: [{request: POST /login, capture: " +
			"{token: body.token}}], steps: [{request: GET /a, when: 'false'}, GET /b]}\n"
		r := walk(t, context.Background(), decode(t, open("rate: 10/s, duration: 5s, arrivals: even", groups),
			plan.Options{}), s, engine.Engine{})
		var logins, others int
		for _, q := range s.requests() {
			switch {
			case q.Target == "/login":
				logins++
			case q.Target == "/b" && q.Header == fmt.Sprintf("X-Token: t%d", q.User):
				others++
			default:
				t.Errorf("sent %+v", q)
			}
		}
		latencies, _ := all(t, r)
		if longest, _ := latencies.Max(); logins != 1 || others != 50 || longest != 30*time.Millisecond {
			t.Errorf("%d logins, %d others, longest %s; want 1, 50, 30ms", logins, others, longest)
		}
	})
}

// An arrival that the engine comes to late counts from when it was due.
func TestLateArrivals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := func(context.Context) engine.ArrivalTimer { return lateTimer{40 * time.Millisecond} }
		r := walk(t, context.Background(), decode(t, open("rate: 5/s, duration: 4s, arrivals: even", shopper),
			plan.Options{}), newService(nil), engine.Engine{ArrivalTimer: late})
		latencies, lag := all(t, r)
		least, _ := latencies.Quantile(0)
		if most, _ := lag.Max(); most != 40*time.Millisecond || least != 60*time.Millisecond {
			t.Errorf("lag of up to %s, latency from %s; want 40ms and 60ms", most, least)
		}
	})
}

// lateTimer fires late, but for times that have long come.
type lateTimer struct{ by time.Duration }

func (a lateTimer) Wait(_ context.Context, t time.Time) bool {
	time.Sleep(time.Until(t.Add(a.by)))
	return true
}

func (lateTimer) Close() {}

// What was due and never came to before the end is counted as dropped; an
// interruption ends the load where it is.
func TestArrivalsThatWereNotComeTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		stuck := func(context.Context) engine.ArrivalTimer { return stuckTimer{time.Now().Add(3 * time.Second)} }
		p := decode(t, open("rate: 10/s, duration: 10s, arrivals: even", shopper), plan.Options{})
		r := walk(t, ctx, p, newService(nil), engine.Engine{ArrivalTimer: stuck})
		if offered, dropped := arrivals(r); offered != 100 || dropped != 69 {
			t.Errorf("%d arrivals, %d dropped; want 100, 69", offered, dropped)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second+time.Millisecond)
		defer cancel()
		r := walk(t, ctx, decode(t, open("rate: 10/s, duration: 10s, arrivals: even", shopper), plan.Options{}),
			newService(nil), engine.Engine{})
		if offered, dropped := arrivals(r); offered != 41 || dropped != 0 || r.End != result.Interrupted {
			t.Errorf("interrupted: %d arrivals, %d dropped, end %s; want 41, 0", offered, dropped, r.End)
		}
	})
}

// stuckTimer does not fire any more from some time on, until its context ends.
type stuckTimer struct{ from time.Time }

func (a stuckTimer) Wait(ctx context.Context, t time.Time) bool {
	if t.After(a.from) {
		<-ctx.Done()
		return false
	}
	time.Sleep(time.Until(t))
	return true
}

func (stuckTimer) Close() {}

// A run that goes on goes on with its last level.
func TestArrivalsOfALongerRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.Engine{More: func(*result.Result) time.Duration { return 10 * time.Second }}
		r := walk(t, context.Background(), decode(t, open("rate: 10/s, duration: 30s, arrivals: even", shopper),
			plan.Options{}), newService(nil), e)
		if offered, dropped := arrivals(r); offered != 400 || dropped != 0 || r.Elapsed != 40*time.Second {
			t.Errorf("%d arrivals, %d dropped in %s; want 400, 0 in 40s", offered, dropped, r.Elapsed)
		}
	})
}

// Users come and go with the stages; who comes back begins with its start
// steps and connects anew.
func TestStages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(nil)
		groups := "  reader: {wait: 1s, start: [POST /login], steps: [GET /a]}\n"
		p := decode(t,
			open("stages: [{users: 2, for: 10s}, {users: 1, for: 10s}, {users: 3, over: 6s, for: 4s}, {users: 0, "+
				"over: 4s}]", groups), plan.Options{})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		for second, want := range map[int]int{0: 2, 8: 2, 12: 1, 18: 1, 20: 2, 24: 3, 28: 3, 30: 3, 31: 2, 32: 1} {
			if got := r.Timeline[second].Users; got != want {
				t.Errorf("second %d ends with %d users, want %d", second, got, want)
			}
		}
		logins := map[int]int{}
		for _, q := range s.requests() {
			if q.Target == "/login" {
				logins[q.User]++
			}
		}
		if logins[0] != 1 || logins[1] != 2 || logins[2] != 1 {
			t.Errorf("logins by user: %v, want 1, 2, 1", logins)
		}
		if expected := r.Endpoints[0]; expected.Name != "POST /login" || expected.Expected != 4 {
			t.Errorf("%s expected %g times, want POST /login 4 times", expected.Name, expected.Expected)
		}
	})
}

// The timer of this system never fires early, and stops with its
// context.
func TestNewArrivalTimer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	a := engine.NewArrivalTimer(ctx)
	defer a.Close()
	for range 20 {
		at := time.Now().Add(700 * time.Microsecond)
		if !a.Wait(ctx, at) {
			t.Fatal("Wait = false before its context ended")
		}
		if early := time.Until(at); early > 0 {
			t.Errorf("rang %s early", early)
		}
	}
	if began := time.Now(); !a.Wait(ctx, began.Add(-time.Second)) || time.Since(began) > 5*time.Second {
		t.Error("Wait waited for a time that has come")
	}
	time.AfterFunc(20*time.Millisecond, cancel)
	if a.Wait(ctx, time.Now().Add(time.Hour)) || a.Wait(ctx, time.Now()) {
		t.Error("Wait = true after its context ended")
	}
}

// The shards of an open load together send what the whole does, arrival by
// arrival and second by second.
func TestShardsOfArrivalsAreTheWhole(t *testing.T) {
	text := open("stages: [{rate: 5/s, over: 4s, for: 3s}, {rate: 30/s, for: 3s}, {rate: 0/s, over: 4s}]",
		shopper+"  other: {weight: 2, wait: 1s, steps: [GET /c]}\n")
	observe := func(o plan.Options) (r *result.Result, times []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			s := newService(func(q sent, _ *client.Exchange) time.Duration {
				return 20*time.Millisecond +
					q.At%time.Millisecond
			})
			r = walk(t, context.Background(), decode(t, text, o), s, engine.Engine{})
			for _, q := range s.requests() {
				times = append(times, q.At)
			}
		})
		return r, times
	}
	whole, want := observe(plan.Options{Seed: 9})
	for _, n := range []int{1, 2, 3, 5} {
		var shards []*result.Result
		var got []time.Duration
		for k := 1; k <= n; k++ {
			r, times := observe(plan.Options{Seed: 9, Shard: plan.Shard{K: k, N: n}})
			shards, got = append(shards, r), append(got, times...)
		}
		sum, err := result.Merge(shards...)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%d shards: times of requests (-whole +shards):\n%s", n, d)
		}
		for i, m := range whole.Timeline {
			if i < len(sum.Timeline) && (sum.Timeline[i].Offered != m.Offered || sum.Timeline[i].Dropped != m.Dropped) {
				t.Errorf("%d shards: second %d has %d arrivals, want %d", n, i, sum.Timeline[i].Offered, m.Offered)
			}
		}
		if d := cmp.Diff(whole.Planned.Stages, sum.Planned.Stages); d != "" {
			t.Errorf("%d shards: stages (-whole +shards):\n%s", n, d)
		}
	}
}

// Where there may be no more users, one that waits for nothing in another group
// makes room. Who takes its place is somebody else: no value comes twice.
func TestUsersMakeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(nil)
		groups := ""
		for _, name := range []string{"a", "b", "c", "d"} {
			groups += fmt.Sprintf("  %s: {wait: 1s, vars: {me: '${ uuid() }'}, steps: ['GET /%s/${ seq() }/${ me "+
				"}/${ uuid() }']}\n", name, name)
		}
		r := walk(t, context.Background(),
			decode(t, open("rate: 10/s, duration: 20s, arrivals: even, max_users: 2", groups), plan.Options{}),
			s, engine.Engine{})
		if offered, dropped := arrivals(r); offered != 200 || dropped != 0 {
			t.Errorf("%d arrivals, %d dropped; want 200, 0", offered, dropped)
		}
		sequence, drawn, owners := map[string]bool{}, map[string]bool{}, map[string]string{}
		for _, q := range s.requests() {
			parts := strings.Split(q.Target, "/")
			if sequence[parts[2]] || drawn[parts[4]] || owners[parts[3]] != "" && owners[parts[3]] != parts[1] {
				t.Fatalf("%s repeats what another request sent", q.Target)
			}
			sequence[parts[2]], drawn[parts[4]], owners[parts[3]] = true, true, parts[1]
		}
	})
}
