package plan_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

func TestParseShard(t *testing.T) {
	for _, row := range []struct {
		text, mistake string
		want          plan.Shard
	}{
		{text: "1/1", want: plan.Shard{K: 1, N: 1}},
		{text: "2/4", want: plan.Shard{K: 2, N: 4}},
		{text: "40/40", want: plan.Shard{K: 40, N: 40}},
		{text: "5/4", mistake: "there is no part 5 of 4; write 1/4 to 4/4"},
		{text: "0/4", mistake: "there is no part 0 of 4; write 1/4 to 4/4"},
		{text: "-1/4", mistake: "there is no part -1 of 4"},
		{text: "0/0", mistake: "at least one part"},
		{text: "1/-1", mistake: "at least one part"},
		{text: "1/10001", mistake: "a run has at most 10000 parts"},
		{text: "", mistake: "such as 2/4"},
		{text: "2", mistake: "such as 2/4"},
		{text: "2/", mistake: "such as 2/4"},
		{text: "a/b", mistake: "such as 2/4"},
		{text: "1/2/3", mistake: "such as 2/4"},
		{text: "1 / 2", mistake: "such as 2/4"},
		{text: "1/99999999999999999999", mistake: "such as 2/4"},
	} {
		got, err := plan.ParseShard(row.text)
		switch {
		case row.mistake == "" && (err != nil || got != row.want || got.String() != row.text):
			t.Errorf("ParseShard(%q) = %v, %v, want %v", row.text, got, err, row.want)
		case row.mistake != "" && (err == nil || !strings.Contains(err.Error(), row.mistake)):
			t.Errorf("ParseShard(%q) = %v, %v, want an error with %q", row.text, got, err, row.mistake)
		}
	}
}

func TestNewRefusesShards(t *testing.T) {
	s := file(t, shop)
	for _, row := range []struct {
		shard   plan.Shard
		mistake string
	}{
		{plan.Shard{K: 5, N: 4}, "shard 5/4: there is no part 5 of 4"},
		{plan.Shard{K: 1}, "at least one part"},
		{plan.Shard{K: 3, N: 11},
			"shard 3/11: profile small has 10 users, too few for so many parts; write at most 10"},
	} {
		if p, err := plan.New(s, plan.Options{Shard: row.shard}); err == nil ||
			!strings.Contains(err.Error(), row.mistake) {
			t.Errorf("New with shard %v = %v, %v, want an error with %q", row.shard, p, err, row.mistake)
		}
	}
	if _, err := plan.New(s, plan.Options{Shard: plan.Shard{K: 10, N: 10}}); err != nil {
		t.Errorf("New with a user a shard: %v", err)
	}
}

// A run that is not split is shard 1 of 1, whether that was said or not.
func TestWholeRun(t *testing.T) {
	s := file(t, shop)
	for _, shard := range []plan.Shard{{}, {K: 1, N: 1}} {
		p := newPlan(t, s, plan.Options{Shard: shard})
		r := p.Result("test", time.Time{})
		if p.Share != 10 || p.Shard != (plan.Shard{K: 1, N: 1}) ||
			r.Planned.Users != 10 || !slices.Equal(r.Shards, []result.Shard{{K: 1, N: 1}}) {
			t.Errorf("shard %v: %d users of shard %s, result of %d users of %v",
				shard, p.Share, p.Shard, r.Planned.Users, r.Shards)
		}
	}
}

// anyLoad draws a file of several groups: with and without think times and
// start steps, in sequence and by weight.
func anyLoad(t *rapid.T) *config.Config {
	var b strings.Builder
	for g := range rapid.IntRange(1, 5).Draw(t, "groups") {
		wait := rapid.SampledFrom([]string{"0s", "1s", "100ms..900ms", "3s..10s"}).Draw(t, "wait")
		start := rapid.SampledFrom([]string{"", ", start: [POST /login]"}).Draw(t, "start")
		order := rapid.SampledFrom([]string{"sequence", "weighted"}).Draw(t, "order")
		fmt.Fprintf(&b, "  g%d: {weight: %d, wait: %s, order: %s%s, steps: [GET /shared, GET /%d]}\n",
			g, rapid.IntRange(1, 20).Draw(t, "weight"), wait, order, start, g)
	}
	return file(t, b.String())
}

// split draws a run and makes the plans of it and of all its shards.
func split(t *rapid.T) (whole *plan.Plan, shards []*plan.Plan) {
	s := anyLoad(t)
	o := plan.Options{
		Users: rapid.IntRange(1, 120).Draw(t, "users"), SpawnRate: rapid.Float64Range(.3, 50).Draw(t, "spawn rate"),
		Duration: time.Duration(rapid.IntRange(1, 300).Draw(t, "seconds")) * time.Second,
		Seed:     rapid.Uint64().Draw(t, "seed"),
		Pace:     rapid.SampledFrom([]*config.Pace{nil, {All: 3}, {Auto: true}}).Draw(t, "pace"),
		Cut: rapid.SampledFrom([]plan.Cut{{}, {Length: 20 * time.Second, Dropped: 5 * time.Second, Number: 3}}).
			Draw(t, "cut"),
	}
	whole = newPlan(t, s, o)
	n := rapid.IntRange(1, min(9, o.Users)).Draw(t, "shards")
	for k := 1; k <= n; k++ {
		o.Shard = plan.Shard{K: k, N: n}
		shards = append(shards, newPlan(t, s, o))
	}
	return whole, shards
}

// Every user of the run is walked by one shard, and is there who it is in the
// whole run.
func TestShardsWalkTheWholesUsers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole, shards := split(t)
		walkers := make([]int, whole.Users)
		for _, p := range shards {
			if p.Users != whole.Users || p.Digest != whole.Digest || p.Ramp != whole.Ramp || p.WarmUp != whole.WarmUp {
				t.Fatalf("shard %s is of another run: %d users, digest %s", p.Shard, p.Users, p.Digest)
			}
			last, place := -1, 0
			for got := range p.Mine() {
				want := whole.User(got.Index)
				if got.Index <= last || got.Place != place {
					t.Fatalf("shard %s: user %d after %d, in place %d of %d",
						p.Shard, got.Index, last, got.Place, place)
				}
				last, place = got.Index, place+1
				walkers[got.Index]++
				if got.Spawn != want.Spawn || got.Seq() != want.Seq() ||
					got.Group.Name != want.Group.Name || got.Group.Pace != want.Group.Pace {
					t.Fatalf("shard %s: user %d starts at %s with %d in %s, want %s, %d, %s", p.Shard, got.Index,
						got.Spawn, got.Seq(), got.Group.Name, want.Spawn, want.Seq(), want.Group.Name)
				}
				if a, b := got.Chance().Uint64(), want.Chance().Uint64(); a != b {
					t.Fatalf("shard %s: user %d draws %d, want %d", p.Shard, got.Index, a, b)
				}
				if d := cmp.Diff(walk(want, 9), walk(got, 9)); d != "" {
					t.Fatalf("shard %s: user %d walks (-want +got):\n%s", p.Shard, got.Index, d)
				}
			}
			if place != p.Share {
				t.Fatalf("shard %s walks %d users, says %d", p.Shard, place, p.Share)
			}
		}
		for i, n := range walkers {
			if n != 1 {
				t.Fatalf("user %d is walked by %d shards", i, n)
			}
		}
	})
}

// What the shards expect adds up to what the whole run does.
func TestShardsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole, shards := split(t)
		at := time.Duration(rapid.Int64Range(0, int64(whole.Duration)).Draw(t, "time"))
		users, active := 0, 0
		endpoints := make([]plan.Endpoint, len(whole.Endpoints))
		groups := make([]plan.Group, len(whole.Groups))
		for _, p := range shards {
			users += p.Share
			active += p.Active(at)
			for i, e := range p.Endpoints {
				endpoints[i].Expected += e.Expected
				endpoints[i].Rate += e.Rate
				endpoints[i].Unlimited = endpoints[i].Unlimited || e.Unlimited
			}
			for i, g := range p.Groups {
				groups[i].Expected += g.Expected
				groups[i].Unpaced += g.Unpaced
			}
		}
		if users != whole.Users || active != whole.Active(at) {
			t.Errorf("%d users, %d of them active at %s; want %d and %d",
				users, active, at, whole.Users, whole.Active(at))
		}
		same := func(what string, got, want float64) {
			// Sums in another order differ in their last bits.
			if math.Abs(got-want) > 1e-9*want {
				t.Errorf("%s of the shards: %g, of the whole %g", what, got, want)
			}
		}
		for i, e := range whole.Endpoints {
			same("Expected "+e.Name, endpoints[i].Expected, e.Expected)
			same("Rate "+e.Name, endpoints[i].Rate, e.Rate)
			if endpoints[i].Unlimited != e.Unlimited {
				t.Errorf("%s is unlimited in the shards: %t, in the whole: %t",
					e.Name, endpoints[i].Unlimited, e.Unlimited)
			}
		}
		for i, g := range whole.Groups {
			same("Expected "+g.Name, groups[i].Expected, g.Expected)
			same("Unpaced "+g.Name, groups[i].Unpaced, g.Unpaced)
		}
	})
}

// Every shard is a small image of the run: any two differ by one user at most,
// in all and in each group.
func TestShardsAreAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole, shards := split(t)
		counts := make([][]int, len(whole.Groups)+1) // by group, and in all
		for _, p := range shards {
			of := map[string]int{}
			for u := range p.Mine() {
				of[u.Group.Name]++
			}
			for i, g := range whole.Groups {
				counts[i] = append(counts[i], of[g.Name])
			}
			counts[len(whole.Groups)] = append(counts[len(whole.Groups)], p.Share)
		}
		for i, of := range counts {
			if slices.Max(of)-slices.Min(of) > 1 {
				t.Errorf("group %d of %d has %v users in the shards", i, len(whole.Groups), of)
			}
		}
	})
}

// Half of the run is half of either group, although their users alternate.
func TestShardsOfAlternatingGroups(t *testing.T) {
	s := file(t, "  a: {wait: 1s, steps: [GET /a]}\n  b: {wait: 1s, steps: [GET /b]}")
	var got []int
	for u := range newPlan(t, s, plan.Options{Users: 8, Shard: plan.Shard{K: 1, N: 2}}).Mine() {
		got = append(got, u.Index)
	}
	if want := []int{0, 1, 4, 5}; !slices.Equal(got, want) {
		t.Errorf("shard 1/2 walks users %v, want %v", got, want)
	}
}

// The users of all try-outs and of the run have numbers of their own.
func TestShardsTryDifferentUsers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, shards := split(t)
		seen := map[int]plan.Shard{}
		for _, p := range shards {
			mine := map[string]bool{}
			for u := range p.Mine() {
				mine[u.Group.Name] = true
			}
			for i, g := range p.Groups {
				u, ok := p.Sample(i)
				if ok != mine[g.Name] {
					t.Fatalf("shard %s: Sample of %s: %t, the shard walks it: %t", p.Shard, g.Name, ok, mine[g.Name])
				}
				if !ok {
					continue
				}
				if other, twice := seen[u.Seq()]; twice || u.Seq() < p.Users {
					t.Fatalf("shard %s tries %s with number %d, as does %s or the run", p.Shard, g.Name, u.Seq(), other)
				}
				seen[u.Seq()] = p.Shard
			}
		}
	})
}

// A row a user: the rows must do for the whole run, for each shard takes those
// of its users' indexes.
func TestShardsNeedRowsForAll(t *testing.T) {
	s, err := thresholds.Decode([]byte(`
version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 2m}}
thresholds: {all: {endpoints: "*", p95: 1s}}
data: {accounts: {file: accounts.csv, pick: unique}}
users: {g: {wait: 1s, steps: ['GET /a/${ accounts.id }']}}
`), "thresholds.yaml", thresholds.Options{Files: fstest.MapFS{"accounts.csv": {Data: []byte("id\n1\n2\n3\n4\n5\n")}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = plan.New(s, plan.Options{Shard: plan.Shard{K: 1, N: 2}})
	if err == nil || !strings.Contains(err.Error(), "5 rows for 10 users") {
		t.Errorf("New with 5 rows for 5 of 10 users: %v, want an error with the users of the whole run", err)
	}
}
