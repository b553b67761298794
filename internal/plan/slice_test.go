package plan_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/plan"
)

const mixed = `
  buyers: {weight: 3, wait: 1s..3s, start: [POST /login], steps: [GET /items, {transaction: buy, steps: [GET /cart, POST /order]}]}
  clerks: {weight: 1, wait: 500ms, steps: [GET /stock]}
`

// slice makes a slice that must succeed.
func slice(t *testing.T, p *plan.Plan, length, dropped time.Duration, number int) *plan.Plan {
	t.Helper()
	s, err := p.Slice(length, dropped, number)
	if err != nil {
		t.Fatalf("Slice(%v, %v, %d): %v", length, dropped, number, err)
	}
	return s
}

// A slice is made again, on another machine, from its options.
func TestSliceIsMadeAgainFromItsOptions(t *testing.T) {
	p := newPlan(t, file(t, mixed), plan.Options{Seed: 7})
	s := slice(t, p, 20*time.Second, 4*time.Second, 3)
	again := newPlan(t, p.Config, s.Options())
	if again.Digest != s.Digest || again.Seed != s.Seed || again.Seed == p.Seed {
		t.Errorf("digest %s and seed %d, want %s and %d", again.Digest, again.Seed, s.Digest, s.Seed)
	}
	if diff := cmp.Diff(walks(s), walks(again)); diff != "" {
		t.Errorf("walks (-want +got):\n%s", diff)
	}
}

// walks are the beginnings of all users' journeys.
func walks(p *plan.Plan) [][]turn {
	var all [][]turn
	for u := range p.Mine() {
		all = append(all, walk(u, 20))
	}
	return all
}

func TestSliceIsTheSameLoadForAWhile(t *testing.T) {
	p := newPlan(t, file(t, mixed), plan.Options{Seed: 7})
	s := slice(t, p, 20*time.Second, 4*time.Second, 3)
	type load struct {
		Users, Share     int
		Duration, WarmUp time.Duration
		Measured, Ramp   time.Duration
		SpawnRate        float64
	}
	want := load{10, 10, 20 * time.Second, 4 * time.Second, 16 * time.Second, 2 * time.Second, 5}
	if diff := cmp.Diff(want, load{s.Users, s.Share, s.Duration,
		s.WarmUp, s.Measured(), s.Ramp, s.SpawnRate}); diff != "" {
		t.Errorf("slice (-want +got):\n%s", diff)
	}
	if got := s.Active(2 * time.Second); got != 10 {
		t.Errorf("%d users after half of what is dropped, want all 10", got)
	}
	for i := range p.Groups {
		if p.Groups[i].Users != s.Groups[i].Users || p.Groups[i].Pace != s.Groups[i].Pace {
			t.Errorf("group %s: %d users at pace %g, want %d at %g",
				p.Groups[i].Name, s.Groups[i].Users, s.Groups[i].Pace, p.Groups[i].Users, p.Groups[i].Pace)
		}
	}
}

func TestSliceExpectsItsPart(t *testing.T) {
	for _, row := range []struct {
		name, profile string
	}{
		{"users", "users: 10, spawn_rate: 10/s, duration: 2m"},
		{"users at a pace", "users: 10, spawn_rate: 10/s, duration: 2m, pace: 2"},
		{"arrivals", "rate: 20/s, duration: 2m"},
	} {
		p := newPlan(t, decode(t, `
version: 1
target: {url: http://localhost:8000}
profiles: {small: {`+row.profile+`}}
thresholds: {all: {endpoints: "*", p95: 1s}}
users:`+mixed), plan.Options{})
		before := append([]plan.Endpoint(nil), p.Endpoints...)
		s := slice(t, p, 20*time.Second, 5*time.Second, 1)
		part := s.Measured().Seconds() / p.Measured().Seconds()
		rows := func(p *plan.Plan) []plan.Endpoint {
			return append(append([]plan.Endpoint(nil), p.Endpoints...), p.Transactions...)
		}
		for i, e := range rows(s) {
			want := rows(p)[i]
			if !want.Start {
				want.Expected *= part
			}
			if e.Name != want.Name || e.Start != want.Start ||
				math.Abs(e.Expected-want.Expected) > 1e-9*want.Expected || math.Abs(e.Rate-want.Rate) > 1e-9 {
				t.Errorf("%s: %+v, want %+v", row.name, e, want)
			}
		}
		for i, g := range s.Groups {
			was := p.Groups[i]
			if math.Abs(g.Expected-was.Expected*part) > 1e-9 || math.Abs(g.Unpaced-was.Unpaced*part) > 1e-9 {
				t.Errorf("%s: group %s expects %g (%g), want %g (%g)",
					row.name, g.Name, g.Expected, g.Unpaced, was.Expected*part, was.Unpaced*part)
			}
		}
		if diff := cmp.Diff(before, p.Endpoints); diff != "" {
			t.Errorf("%s: the plan has changed (-before +after):\n%s", row.name, diff)
		}
	}
}

func TestSlicesOfOneNumberWalkAlike(t *testing.T) {
	p := newPlan(t, file(t, mixed), plan.Options{Seed: 7})
	first, again := slice(t, p, 20*time.Second, 4*time.Second, 3), slice(t, p, 20*time.Second, 4*time.Second, 3)
	other := slice(t, p, 20*time.Second, 4*time.Second, 4)
	if first.Seed != again.Seed || first.Digest != again.Digest || !cmp.Equal(walks(first), walks(again)) {
		t.Error("two slices of one number differ")
	}
	if first.Seed == other.Seed || cmp.Equal(walks(first), walks(other)) {
		t.Error("slices of two numbers walk alike")
	}
	if first.Digest != other.Digest {
		t.Error("slices of two numbers are different loads")
	}
	if first.Digest == p.Digest {
		t.Error("a slice is the same load as the whole run")
	}
}

func TestSliceRefuses(t *testing.T) {
	staged := newPlan(t, decode(t, preamble+"profiles: {one: {stages: [{users: 5, for: 1m}, {users: 9, for: 1m}]}}"),
		plan.Options{})
	steady := newPlan(t, file(t, visit), plan.Options{})
	for _, row := range []struct {
		name            string
		p               *plan.Plan
		length, dropped time.Duration
		want            string
	}{
		{"stages", staged, 20 * time.Second, 4 * time.Second,
			"a load in stages has no one level; choose a profile with users or rate"},
		{"nothing measured", steady, 4 * time.Second, 4 * time.Second,
			"a slice of 4s, of which 4s are dropped: write a longer one"},
		{"nothing dropped", steady, 4 * time.Second, 0, "a slice of 4s, of which 0s are dropped: write a longer one"},
	} {
		if s, err := row.p.Slice(row.length, row.dropped, 1); s != nil || words(err) != row.want {
			t.Errorf("%s: Slice = %v, %v, want %s", row.name, s, err, row.want)
		}
	}
}

func TestAgainIsTheSameRunWithOtherDraws(t *testing.T) {
	p := newPlan(t, file(t, mixed), plan.Options{Seed: 7})
	again := p.Again()
	if again.Seed == p.Seed || cmp.Equal(walks(p), walks(again)) {
		t.Error("the second run walks as the first")
	}
	if again.Digest != p.Digest || again.Duration != p.Duration || !cmp.Equal(p.Endpoints, again.Endpoints) {
		t.Error("the second run is another load")
	}
	if p.Seed != 7 {
		t.Errorf("the plan has changed: seed %d", p.Seed)
	}
}
