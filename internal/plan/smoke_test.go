package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
)

// smokeFile is a file with the groups that a test draws, in one profile.
func smokeFile(t *rapid.T, profile string) (text string, steps int) {
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\ntarget: {url: http://localhost:8000}\nprofiles: {p: %s}\n", profile)
	b.WriteString("thresholds: {all: {endpoints: '*', success: 99%}}\nusers:\n")
	for g := range rapid.IntRange(1, 4).Draw(t, "groups") {
		weight, wait := rapid.IntRange(1, 30).Draw(t, "weight"), rapid.IntRange(0, 120).Draw(t, "wait")
		order := rapid.SampledFrom([]string{"sequence", "weighted"}).Draw(t, "order")
		fmt.Fprintf(&b, "  g%d:\n    weight: %d\n    wait: 0s..%ds\n    order: %s\n    steps:\n",
			g, weight, wait, order)
		for s := range rapid.IntRange(1, 25).Draw(t, "steps") {
			rare := ""
			if order == "weighted" {
				rare = fmt.Sprintf(", weight: %g", rapid.SampledFrom([]float64{0.001, 1, 50}).Draw(t, "share"))
			}
			fmt.Fprintf(&b, "      - {request: GET /%d/%d%s}\n", g, s, rare)
			steps++
		}
	}
	return b.String(), steps
}

// In a smoke run every user comes to each of its steps, whatever the profile, the
// weights and the think times are: nothing is left to chance.
func TestSmokeAsksEveryEndpoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		profile := rapid.SampledFrom([]string{
			"{users: 100, spawn_rate: 1/s, duration: 30m}",
			"{users: 40, spawn_rate: 1/s, duration: 5m, pace: auto, warm_up: 1m}",
			"{stages: [{users: 50, over: 1m, for: 5m}, {users: 90, for: 5m}]}",
		}).Draw(t, "profile")
		text, steps := smokeFile(t, profile)
		p, err := plan.New(decode(t, text), plan.Options{Smoke: true, Seed: rapid.Uint64().Draw(t, "seed")})
		if _, whole := plan.New(decode(t, text), plan.Options{}); whole != nil {
			t.Skip(whole) // a group of the profile gets no user
		}
		if err != nil {
			t.Fatal(err)
		}
		asked := map[string]bool{}
		for u := range p.Mine() {
			walk, at := u.Walk(), u.Spawn
			for turn := walk.Next(); ; turn = walk.Next() {
				// The think time comes first, and an answer takes a while.
				if turn.Wait < 50*time.Millisecond {
					t.Fatalf("a wait of %s", turn.Wait)
				}
				if at += turn.Wait + 20*time.Millisecond; at >= p.Duration {
					break
				}
				asked[turn.Step.Step.Endpoint] = true
			}
		}
		if len(asked) != steps {
			t.Errorf("%d of %d endpoints are asked\n%s", len(asked), steps, text)
		}
		if p.Duration != plan.SmokeTime || p.WarmUp != 0 || p.Ramp > 2*time.Second ||
			p.Stages != nil || len(p.Looks()) > 0 {
			t.Errorf("duration %s, warm-up %s, ramp %s, stages %v", p.Duration, p.WarmUp, p.Ramp, p.Stages)
		}
		if most := 100; p.Users > most {
			t.Errorf("%d users, more than the profile has", p.Users)
		}
		if r := p.Result("", time.Time{}); !r.Planned.Smoke || r.Resources != nil {
			t.Errorf("planned %+v", r.Planned)
		}
	})
}

// Arrivals of a smoke run are bounded, and bring each group to its steps.
func TestSmokeArrivals(t *testing.T) {
	const text = `
version: 1
target: {url: http://localhost:8000}
profiles:
  slow: {rate: 1/min, duration: 30m}
  fast: {rate: 5000/s, duration: 30m}
  steps: {stages: [{rate: 1/s, over: 1m, for: 5m}, {rate: 7/s, for: 5m}]}
thresholds: {all: {endpoints: "*", success: 99%}}
users:
  a: {weight: 3, steps: [GET /1, GET /2, GET /3]}
  b: {weight: 1, order: weighted, steps: [{request: GET /4, weight: 1000}, GET /5]}
`
	for profile, want := range map[string]float64{"slow": 1.5, "fast": 20, "steps": 7} {
		p := newPlan(t, decode(t, text), plan.Options{Profile: profile, Smoke: true})
		if p.Rate != want || p.Duration != plan.SmokeTime || p.Stages != nil {
			t.Errorf("%s: %g/s for %s, want %g/s", profile, p.Rate, p.Duration, want)
		}
	}
	if p := newPlan(t, decode(t, text), plan.Options{Profile: "fast", Smoke: true, Rate: 300}); p.Rate != 300 {
		t.Errorf("the rate that was asked for became %g", p.Rate)
	}
}

// What the options say stays as it is, and a smoke run is another load than the
// same users for ten seconds.
func TestSmokeKeepsOptions(t *testing.T) {
	s := decode(t, `
version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 100, spawn_rate: 1/s, duration: 10s, warm_up: 0s}}
thresholds: {all: {endpoints: "*", success: 99%}}
users: {g: {wait: 30s, steps: [GET /1, GET /2]}}
`)
	p := newPlan(t, s, plan.Options{Smoke: true, Users: 33, SpawnRate: 50, Pace: &config.Pace{All: 2}})
	if p.Users != 33 || p.SpawnRate != 50 || p.Groups[0].Pace != 2 {
		t.Errorf("%d users at %g/s, pace %g", p.Users, p.SpawnRate, p.Groups[0].Pace)
	}
	if q := newPlan(t, s, plan.Options{Users: 33, SpawnRate: 50, Pace: &config.Pace{All: 2}}); q.Digest == p.Digest {
		t.Error("its digest is that of a run")
	}
	if q := newPlan(t, s, plan.Options{Smoke: true}); q.Users != 10 || q.Groups[0].Pace != 10 {
		t.Errorf("%d users, pace %g", q.Users, q.Groups[0].Pace)
	}
}
