package plan_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
)

// loaded is a file of one group with the given profile.
func loaded(tb rapid.TB, profile string) *config.Config {
	return decode(tb, preamble+"profiles: {one: {"+profile+"}}")
}

func TestActivePeriods(t *testing.T) {
	const up, down = "{users: 4, over: 8s, for: 10s}", "{users: 1, over: 6s, for: 10s}"
	s := func(from, until float64) plan.ActivePeriod {
		end := time.Duration(math.MaxInt64)
		if until > 0 {
			end = time.Duration(until * float64(time.Second))
		}
		return plan.ActivePeriod{From: time.Duration(from * float64(time.Second)), Until: end}
	}
	for _, row := range []struct {
		name, stages string
		want         [][]plan.ActivePeriod // by user
	}{
		{"up", up, [][]plan.ActivePeriod{{s(0, 0)}, {s(2, 0)}, {s(4, 0)}, {s(6, 0)}}},
		{"up at once", "{users: 2, for: 9s}", [][]plan.ActivePeriod{{s(0, 0)}, {s(0, 0)}}},
		{"up in two steps", "{users: 1, for: 5s}, {users: 3, for: 5s}",
			[][]plan.ActivePeriod{{s(0, 0)}, {s(5, 0)}, {s(5, 0)}}},
		{"up and down", up + "," + down, [][]plan.ActivePeriod{{s(0, 0)}, {s(2, 24)}, {s(4, 22)}, {s(6, 20)}}},
		{"down at once and up again", "{users: 2, for: 5s}, {users: 1, for: 5s}, {users: 2, for: 5s}",
			[][]plan.ActivePeriod{{s(0, 0)}, {s(0, 5), s(10, 0)}}},
		{"to nothing", "{users: 2, for: 5s}, {users: 0, over: 10s}", [][]plan.ActivePeriod{{s(0, 15)}, {s(0, 10)}}},
	} {
		p := newPlan(t, loaded(t, "stages: ["+row.stages+"]"), plan.Options{})
		var got [][]plan.ActivePeriod
		for u := range p.Mine() {
			var own []plan.ActivePeriod
			for period, ok := u.ActivePeriod(0); ok; period, ok = u.ActivePeriod(period.Until) {
				own = append(own, period)
			}
			if own[0].From != u.Spawn {
				t.Errorf("%s: user %d spawns at %s, and is there from %s on", row.name, u.Index, u.Spawn, own[0].From)
			}
			got = append(got, own)
		}
		if d := cmp.Diff(row.want, got); d != "" {
			t.Errorf("%s: activePeriods (-want +got):\n%s", row.name, d)
		}
	}
}

// anyStages draws stages of whole seconds.
func anyStages(t *rapid.T, key, unit string) string {
	text := ""
	for range rapid.IntRange(1, 5).Draw(t, "stages") {
		over, stay := rapid.IntRange(0, 40).Draw(t, "over"), rapid.IntRange(0, 60).Draw(t, "for")
		text += fmt.Sprintf("{%s: %d%s", key, rapid.IntRange(0, 30).Draw(t, "level"), unit)
		if over > 0 {
			text += fmt.Sprintf(", over: %ds", over)
		}
		if stay > 0 || over == 0 {
			text += fmt.Sprintf(", for: %ds", stay+1)
		}
		text += "}, "
	}
	return "stages: [" + text + fmt.Sprintf("{%s: 3%s, for: 30s}], warm_up: 0s", key, unit)
}

// level is where the stages stand at a time, in a straight line between them.
func level(p *plan.Plan, at time.Duration) float64 {
	now := 0.0
	for _, s := range p.Stages {
		if at < s.Over {
			return now + (s.Level()-now)*at.Seconds()/s.Over.Seconds()
		}
		if at -= s.Over; at < s.For {
			return s.Level()
		}
		now, at = s.Level(), at-s.For
	}
	return now
}

// As many users are there as the stages say, to the user that is on its way.
func TestActiveFollowsTheStages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlan(t, loaded(t, anyStages(t, "users", "")), plan.Options{})
		at := time.Duration(rapid.Int64Range(0, int64(p.Duration)-1).Draw(t, "at"))
		if got, want := float64(p.Active(at)), level(p, at); got < want-1e-6 || got > want+1+1e-6 {
			t.Errorf("Active(%s) = %g of stages at %g: %+v", at, got, want, p.Stages)
		}
	})
}

// As many arrivals come as the stages say, evenly or at random.
func TestArrivalsFollowTheStages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyStages(t, "rate", "/s")
		p := newPlan(t, loaded(t, text+", arrivals: even"), plan.Options{})
		until := time.Duration(rapid.Int64Range(1, int64(p.Duration)).Draw(t, "until"))
		want := 0.0 // the integral of the level, in steps of a millisecond
		for at := time.Duration(0); at < until; at += time.Millisecond {
			want += level(p, at) / 1000
		}
		if got := float64(arrivals(p, until)); math.Abs(got-want) > 2 {
			t.Errorf("%g arrivals in %s, want %.1f: %+v", got, until, want, p.Stages)
		}
		p = newPlan(t, loaded(t, text), plan.Options{Seed: rapid.Uint64().Draw(t, "seed")})
		// Six standard deviations of a Poisson number.
		if got := float64(arrivals(p, until)); math.Abs(got-want) > 6*math.Sqrt(want+1)+2 {
			t.Errorf("%g random arrivals in %s, want about %.1f: %+v", got, until, want, p.Stages)
		}
	})
}

func arrivals(p *plan.Plan, until time.Duration) (n int) {
	last := time.Duration(0)
	for a := range p.Arrivals() {
		if a.At >= until {
			break
		}
		if a.At < last {
			panic("arrivals are out of order")
		}
		last = a.At
		n++
	}
	return n
}

// Distances of a Poisson process are exponential: mean and standard deviation
// are the same, and P(distance > 2 means) = e^-2. Even ones are all alike.
func TestDistancesOfArrivals(t *testing.T) {
	for _, row := range []struct {
		arrivals        string
		deviation, long float64
	}{{"poisson", 1, math.Exp(-2)}, {"even", 0, 0}} {
		p := newPlan(t, loaded(t, "rate: 100/s, duration: 1000s, arrivals: "+row.arrivals), plan.Options{Seed: 5})
		var sum, squares, long, n float64
		last := time.Duration(0)
		for a := range p.Arrivals() {
			if a.At >= p.Duration {
				break
			}
			d := (a.At - last).Seconds() * 100 // in means
			last = a.At
			n, sum, squares = n+1, sum+d, squares+d*d
			if d > 2 {
				long++
			}
		}
		mean := sum / n
		deviation := math.Sqrt(max(0, squares/n-mean*mean))
		// 100,000 distances: the standard error of a share of 0.135 is 0.0011.
		if math.Abs(mean-1) > .02 || math.Abs(deviation-row.deviation) > .02 || math.Abs(long/n-row.long) > .005 {
			t.Errorf("%s: mean %.3f, deviation %.3f, longer than 2: %.4f; want 1, %g, %.4f",
				row.arrivals, mean, deviation, long/n, row.deviation, row.long)
		}
	}
}

// The groups of arrivals are drawn by weight.
func TestGroupsOfArrivals(t *testing.T) {
	s := decode(t, `
version: 1
target: {url: http://localhost:8000}
profiles: {one: {rate: 1000/s, duration: 100s, warm_up: 0s}}
thresholds: {all: {endpoints: "*", p95: 1s}}
users:
  many: {weight: 3, wait: 1s, steps: [GET /a]}
  few: {weight: 1, wait: 0s, order: weighted, steps: [{request: GET /b, weight: 1}, {request: GET /c, weight: 4}]}
`)
	p := newPlan(t, s, plan.Options{Seed: 3})
	got := map[string]int{}
	for a := range p.Arrivals() {
		if a.At >= p.Duration {
			break
		}
		got[a.Group.Name]++
	}
	for name, want := range map[string]float64{"many": 75_000, "few": 25_000} {
		if n := float64(got[name]); math.Abs(n-want) > 6*math.Sqrt(want) {
			t.Errorf("%s: %g arrivals, want about %g", name, n, want)
		}
	}
	for name, want := range map[string]float64{"GET /a": 75_000, "GET /b": 5_000, "GET /c": 20_000} {
		e := endpoint(t, p, name)
		if math.Abs(e.Expected-want) > 1e-6 || math.Abs(e.Rate-want/100) > 1e-6 || e.Unlimited {
			t.Errorf("%s: expected %g at %g/s, want %g at %g/s", name, e.Expected, e.Rate, want, want/100)
		}
	}
}

// All shards together have the arrivals of the whole, each of them once, at
// the same time in the same group, and users that no other shard has.
func TestShardsShareTheArrivals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyStages(t, "rate", "/s") + rapid.SampledFrom([]string{"", ", arrivals: even"}).Draw(t, "arrivals") +
			", max_users: 17"
		s := loaded(t, text)
		o := plan.Options{Seed: rapid.Uint64().Draw(t, "seed")}
		whole := newPlan(t, s, o)
		n := rapid.IntRange(1, 5).Draw(t, "shards")
		var parts [][]plan.Arrival
		visitors := map[int]bool{}
		expected := 0.0
		for k := 1; k <= n; k++ {
			o.Shard = plan.Shard{K: k, N: n}
			p := newPlan(t, s, o)
			parts = append(parts, taken(p))
			expected += p.Endpoints[0].Expected
			for i := range p.Share {
				u := p.Visitor(i, &p.Groups[0])
				if visitors[u.Index] || u.Index < 0 || u.Index >= whole.Users {
					t.Fatalf("shard %s has user %d, which is another shard's or none", p.Shard, u.Index)
				}
				visitors[u.Index] = true
			}
		}
		if len(visitors) != whole.Users {
			t.Errorf("%d users in all shards, want %d", len(visitors), whole.Users)
		}
		if want := whole.Endpoints[0].Expected; math.Abs(expected-want) > 1e-9*want {
			t.Errorf("the shards expect %g, the whole %g", expected, want)
		}
		for j, a := range taken(whole) {
			part := parts[j%n]
			if len(part) == 0 || part[0].At != a.At || part[0].Group.Name != a.Group.Name {
				t.Fatalf("arrival %d at %s is not the next of shard %d", j, a.At, j%n+1)
			}
			parts[j%n] = part[1:]
		}
		for k, rest := range parts {
			if len(rest) > 0 {
				t.Errorf("shard %d has %d arrivals that the whole has not", k+1, len(rest))
			}
		}
	})
}

func taken(p *plan.Plan) (all []plan.Arrival) {
	for a := range p.Arrivals() {
		if a.At >= p.Duration {
			break
		}
		all = append(all, a)
	}
	return all
}

func TestOptionsOfOtherLoads(t *testing.T) {
	for _, row := range []struct {
		name, profile string
		o             plan.Options
		want          string // "": it fits
	}{
		{"a rate over a rate", "rate: 5/s, duration: 2m", plan.Options{Rate: 9}, ""},
		{"a time over a rate", "rate: 5/s, duration: 2m", plan.Options{Duration: time.Minute}, ""},
		{"users over a rate", "rate: 5/s, duration: 2m", plan.Options{Users: 9},
			"profile one: it has a rate, not users; give --rate, or choose another profile"},
		{"a pace over a rate", "rate: 5/s, duration: 2m", plan.Options{Pace: &config.Pace{All: 2}},
			"profile one: its arrivals have no think times that a pace could divide; leave the pace out"},
		{"a rate over users", "users: 5, spawn_rate: 1/s, duration: 2m", plan.Options{Rate: 9},
			"profile one: it has users, not a rate; give --users, or choose another profile"},
		{"users over stages", "stages: [{users: 5, for: 2m}]", plan.Options{Users: 9},
			"profile one: it has stages; leave users, rates and run time to them, or choose another profile"},
		{"a time over stages", "stages: [{rate: 5/s, for: 2m}]", plan.Options{Duration: time.Hour},
			"profile one: it has stages; leave users, rates and run time to them, or choose another profile"},
		{"a pace over stages of users", "stages: [{users: 5, for: 2m}]", plan.Options{Pace: &config.Pace{All: 2}}, ""},
	} {
		_, err := plan.New(loaded(t, row.profile), row.o)
		if got := words(err); got != row.want {
			t.Errorf("%s: New = %q, want %q", row.name, got, row.want)
		}
	}
}

// What a machine can hold is not part of the load, what the file says is.
func TestDigestOfArrivals(t *testing.T) {
	base := newPlan(t, loaded(t, "rate: 5/s, duration: 2m"), plan.Options{}).Digest
	for _, row := range []struct {
		name, profile string
		o             plan.Options
		same          bool
	}{
		{"a smaller machine", "rate: 5/s, duration: 2m", plan.Options{MostUsers: 100}, true},
		{"another rate", "rate: 6/s, duration: 2m", plan.Options{}, false},
		{"another rate from outside", "rate: 5/s, duration: 2m", plan.Options{Rate: 6}, false},
		{"even ones", "rate: 5/s, duration: 2m, arrivals: even", plan.Options{}, false},
		{"a bound on users", "rate: 5/s, duration: 2m, max_users: 5", plan.Options{}, false},
		{"stages", "stages: [{rate: 5/s, for: 2m}]", plan.Options{}, false},
	} {
		if got := newPlan(t, loaded(t, row.profile), row.o).Digest; (got == base) != row.same {
			t.Errorf("%s: Digest equal: %t, want %t", row.name, got == base, row.same)
		}
	}
	for _, row := range []struct {
		profile      string
		users, share int
	}{{"rate: 5/s, duration: 2m", 10_000, 100}, {"rate: 5/s, duration: 2m, max_users: 500", 500, 500}} {
		p := newPlan(t, loaded(t, row.profile), plan.Options{MostUsers: 100})
		if p.Users != row.users || p.Share != row.share {
			t.Errorf("%s on a machine for 100: %d users, %d here; want %d, %d",
				row.profile, p.Users, p.Share, row.users, row.share)
		}
	}
}

func TestResultOfStages(t *testing.T) {
	p := newPlan(t, loaded(t, "stages: [{users: 4, over: 10s, for: 20s}, {users: 8, for: 30s}, {users: 0, over: 10s}]"),
		plan.Options{Shard: plan.Shard{K: 2, N: 2}, Seed: 1})
	got := p.Result("loadgate", time.Time{}).Planned.Stages
	if len(got) != 2 || got[0].Users != 2 || got[0].From != 10*time.Second ||
		got[0].Until != 30*time.Second || got[1].Users != 4 || got[1].Until != time.Minute {
		t.Errorf("Stages = %+v", got)
	}
	p = newPlan(t, loaded(t, "rate: 30/s, duration: 1m, max_users: 9"),
		plan.Options{Shard: plan.Shard{K: 1, N: 3}, Seed: 1})
	if got := p.Result("loadgate", time.Time{}).Planned; got.Rate != 10 ||
		got.MaxUsers != 3 || got.Users != 0 || got.Stages != nil {
		t.Errorf("Planned = %+v, want 10/s and 3 users", got)
	}
}
