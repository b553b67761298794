package plan_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
)

// weighted is a file of groups with those weights.
func weighted(tb rapid.TB, weights ...float64) *config.Config {
	tb.Helper()
	var b strings.Builder
	for i, w := range weights {
		fmt.Fprintf(&b, "  g%d: {weight: %g, wait: 1s, steps: [GET /%d]}\n", i, w, i)
	}
	return file(tb, b.String())
}

func shares(p *plan.Plan) []int {
	var all []int
	for _, g := range p.Groups {
		all = append(all, g.Users)
	}
	return all
}

func TestShares(t *testing.T) {
	tutormax := []float64{40, 20, 15, 15, 5, 5}
	for _, row := range []struct {
		name    string
		users   int
		weights []float64
		want    []int
	}{
		{"TutorMax light", 50, tutormax, []int{20, 10, 8, 8, 2, 2}}, // four halves: the first two take them
		{"TutorMax demo", 60, tutormax, []int{24, 12, 9, 9, 3, 3}},
		{"TutorMax medium", 100, tutormax, []int{40, 20, 15, 15, 5, 5}},
		{"TutorMax peak", 500, tutormax, []int{200, 100, 75, 75, 25, 25}},
		{"TutorMax with 7", 7, tutormax, []int{3, 2, 1, 1, 0, 0}},
		{"TutorMax with 1", 1, tutormax, []int{1, 0, 0, 0, 0, 0}},
		{"one group", 10, []float64{3}, []int{10}},
		{"equal, does not divide", 10, []float64{1, 1, 1}, []int{4, 3, 3}},
		{"a tie goes to the first", 1, []float64{1, 1}, []int{1, 0}},
		{"thirds that are not exact", 3, []float64{.1, .1, .1}, []int{1, 1, 1}},
		{"tenths that are not exact", 10, []float64{.3, .3, .3, .1}, []int{3, 3, 3, 1}},
		{"more groups than users", 2, []float64{1, 5, 1, 4}, []int{0, 1, 0, 1}},
		{"a tiny share", 1000, []float64{1e-9, 1}, []int{0, 1000}},
	} {
		p := newPlan(t, weighted(t, row.weights...), plan.Options{Users: row.users})
		if d := cmp.Diff(row.want, shares(p)); d != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, d)
		}
	}
}

func anyWeights() *rapid.Generator[[]float64] {
	return rapid.SliceOfN(rapid.Map(rapid.IntRange(1, 400), func(n int) float64 { return float64(n) / 4 }), 1, 12)
}

// Every share is the exact one, rounded up or down; no user is lost.
func TestSharesKeepTheirQuota(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := anyWeights().Draw(t, "weights")
		users := rapid.IntRange(1, 300).Draw(t, "users")
		p := newPlan(t, weighted(t, weights...), plan.Options{Users: users})
		total, given := 0.0, 0
		for _, w := range weights {
			total += w
		}
		for i, n := range shares(p) {
			given += n
			if quota := float64(users) * weights[i] / total; math.Abs(float64(n)-quota) >= 1 {
				t.Fatalf("group %d has %d users of %g", i, n, quota)
			}
		}
		if given != users {
			t.Fatalf("%d users of %d were given", given, users)
		}
	})
}

// astray is how far the furthest group is from its share of the users that
// have started, at any moment of the ramp.
func astray(p *plan.Plan) (furthest float64) {
	given := map[string]int{}
	for i := range p.Users {
		given[p.User(i).Group.Name]++
		for _, g := range p.Groups {
			due := float64(g.Users) * float64(i+1) / float64(p.Users)
			furthest = max(furthest, math.Abs(float64(given[g.Name])-due))
		}
	}
	return furthest
}

func TestRampHoldsTheShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlan(t, weighted(t, anyWeights().Draw(t, "weights")...),
			plan.Options{Users: rapid.IntRange(1, 300).Draw(t, "users")})
		if off := astray(p); off >= 1 {
			t.Fatalf("a group is %g users from its share of the ramp (%v)", off, shares(p))
		}
		given := map[string]int{}
		for i := range p.Users {
			given[p.User(i).Group.Name]++
		}
		for _, g := range p.Groups {
			if given[g.Name] != g.Users {
				t.Fatalf("%s has %d users, want %d", g.Name, given[g.Name], g.Users)
			}
		}
	})
}

// With these shares a group falls 1.25 users behind where the next user simply
// goes to the group that is furthest behind.
func TestRampOfUnevenShares(t *testing.T) {
	p := newPlan(t, weighted(t, 3, 1, 15, 70, 1, 1, 3, 75), plan.Options{Users: 169})
	if off := astray(p); off >= 1 {
		t.Errorf("a group is %g users from its share of the ramp", off)
	}
}

func TestFirstUsers(t *testing.T) {
	p := newPlan(t, tutormax(t), plan.Options{Profile: "medium"})
	var first []string
	for i := range 6 {
		first = append(first, p.User(i).Group.Name)
	}
	want := []string{"dashboard", "session_creator", "dashboard", "tutor_viewer", "intervention_manager", "dashboard"}
	if d := cmp.Diff(want, first); d != "" {
		t.Errorf("groups of the first users (-want +got):\n%s", d)
	}
}

func TestActive(t *testing.T) {
	s := file(t, "  g: {wait: 1s, steps: [GET /]}")
	for _, row := range []struct {
		users   int
		rate    float64
		elapsed time.Duration
		want    int
	}{
		{100, 10, -1, 0},
		{100, 10, 0, 1},
		{100, 10, 99 * time.Millisecond, 1},
		{100, 10, 100 * time.Millisecond, 2},
		{100, 10, 9899 * time.Millisecond, 99},
		{100, 10, 9900 * time.Millisecond, 100},
		{100, 10, 119 * time.Second, 100},
		{100, 10, 2*time.Minute - 1, 100},
		{100, 10, 2 * time.Minute, 0},
		{1, 0.001, time.Minute, 1},
		{10, 0.1, 29 * time.Second, 3},
		{10, 0.1, 30 * time.Second, 4},
		{10, 7, 142857142, 2}, // the second starts at a seventh of a second, rounded down
	} {
		p := newPlan(t, s, plan.Options{Users: row.users, SpawnRate: row.rate})
		if got := p.Active(row.elapsed); got != row.want {
			t.Errorf("%d users at %g/s: Active(%v) = %d, want %d", row.users, row.rate, row.elapsed, got, row.want)
		}
	}
}

func TestActiveCountsSpawns(t *testing.T) {
	s := file(t, "  g: {wait: 1s, steps: [GET /]}")
	rapid.Check(t, func(t *rapid.T) {
		p := newPlan(t, s, plan.Options{
			Users: rapid.IntRange(1, 50).Draw(t, "users"), SpawnRate: rapid.Float64Range(.2, 500).Draw(t, "rate"),
		})
		var spawns []time.Duration
		for i := range p.Users {
			spawns = append(spawns, p.User(i).Spawn)
		}
		if spawns[0] != 0 || !slices.IsSorted(spawns) {
			t.Fatalf("spawns = %v, want them to begin at 0 and ascend", spawns)
		}
		at := rapid.OneOf(rapid.SampledFrom(spawns), rapid.Map(rapid.Int64Range(0, int64(p.Duration)-1),
			func(n int64) time.Duration { return time.Duration(n) })).Draw(t, "time")
		want := 0
		for _, s := range spawns {
			if s <= at && at < p.Duration {
				want++
			}
		}
		if got := p.Active(at); got != want {
			t.Fatalf("Active(%v) = %d, want %d that have started", at, got, want)
		}
	})
}

// Rows are endpoints, in the order of the file; groups share them, start
// steps do not.
func TestRows(t *testing.T) {
	p := newPlan(t, file(t, `
  a: {wait: 1s, start: [POST /login], steps: [GET /x, GET /y]}
  b: {wait: 2s, start: [POST /login], steps: [GET /y, POST /login, GET /z]}
`), plan.Options{})
	var rows []string
	for _, e := range p.Endpoints {
		rows = append(rows, fmt.Sprintf("%s start=%t %g/s", e.Name, e.Start, math.Round(e.Rate*1000)/1000))
	}
	want := []string{
		"POST /login start=true 0/s", "GET /x start=false 2.5/s", "GET /y start=false 3.333/s",
		"POST /login start=false 0.833/s", "GET /z start=false 0.833/s",
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	for _, g := range p.Groups {
		for _, s := range slices.Concat(g.Start, g.Steps) {
			if e := p.Endpoints[s.Endpoint]; e.Name != s.Step.Endpoint || e.Start != s.Step.Start {
				t.Errorf("step %q of %s counts in row %q", s.Step.Endpoint, g.Name, e.Name)
			}
		}
	}
	if got := p.Endpoints[0].Expected; got != 10 {
		t.Errorf("%g logins expected, want one a user", got)
	}
}

// A group without a user would not be measured, and nobody would see it.
func TestGroupWithoutAUser(t *testing.T) {
	const groups = "  most: {weight: 95, wait: 1s, steps: [GET /a]}\n  admin: {weight: 3, wait: 1s, steps: [GET /b]}"
	s := file(t, groups)
	for _, row := range []struct {
		o    plan.Options
		want string // "": none
	}{
		{plan.Options{Users: 10},
			"users.admin: 3.06% of 10 users is 0.306; profile small gives it 0: write at least 17 users"},
		{plan.Options{Users: 16, Shard: plan.Shard{K: 2, N: 2}}, "profile small gives it 0: write at least 17 users"},
		{plan.Options{Users: 16, Sparse: true}, ""},
		{plan.Options{Users: 17}, ""},
	} {
		_, err := plan.New(s, row.o)
		if got := fmt.Sprint(err); (err == nil) != (row.want == "") ||
			row.want != "" && !strings.Contains(got, row.want) {
			t.Errorf("%+v: %v, want %q", row.o, err, row.want)
		}
	}
}
