package plan_test

import (
	"math"
	"testing"

	"github.com/loadgate/loadgate/internal/plan"
)

// The highest level of a load, whatever its course, and how many machines make it.
func TestPeak(t *testing.T) {
	const file = `version: 1
target: {url: "http://localhost:8000"}
profiles:
  users: {users: 40, spawn_rate: 4/s, duration: 2m, warm_up: 30s}
  ramp: {users: 40, spawn_rate: 1/s, duration: 60s, warm_up: 0s}
  rate: {rate: 50/s, max_users: 500, duration: 10m}
  burst: {stages: [{rate: 60/min, for: 1m}, {rate: 60000/s, over: 10s, for: 1m}], max_users: 50000}
  stairs: {stages: [{users: 50, for: 5m}, {users: 25000, for: 5m}]}
default_profile: users
users: {g: {wait: 2s, steps: [GET /a]}}
thresholds: {sound: {endpoints: "*", success: 99%}}
`
	for _, tt := range []struct {
		profile  string
		users    int
		rate     float64 // answers take no time in a plan
		machines int     // of two cores
	}{
		{"users", 40, 20, 1},
		{"ramp", 40, 20, 1},
		{"rate", 500, 50, 1},
		{"burst", 50_000, 60_000, 6},
		{"stairs", 25_000, 12_500, 3},
	} {
		p := newPlan(t, decode(t, file), plan.Options{Profile: tt.profile, Seed: 1})
		users, rate, known := p.Peak()
		if users != tt.users || !known || math.Abs(rate-tt.rate) > tt.rate/50 { // users send once when they come
			t.Errorf("%s: %d users and %.4g/s, known %v; want %d and %.4g/s",
				tt.profile, users, rate, known, tt.users, tt.rate)
		}
		if n := p.Machines(2); n != tt.machines {
			t.Errorf("%s: %d machines, want %d", tt.profile, n, tt.machines)
		}
	}
}

// Where users send as fast as they are answered, their number alone counts.
func TestPeakWithoutThinkTime(t *testing.T) {
	const file = `version: 1
target: {url: "http://localhost:8000"}
profiles: {p: {users: 25000, spawn_rate: 1000/s, duration: 2m}}
users: {g: {wait: 0s, steps: [GET /a]}}
thresholds: {sound: {endpoints: "*", success: 99%}}
`
	p := newPlan(t, decode(t, file), plan.Options{Seed: 1})
	if users, rate, known := p.Peak(); users != 25_000 || rate != 0 || known || p.Machines(2) != 3 {
		t.Errorf("%d users and %g/s, known %v, %d machines", users, rate, known, p.Machines(2))
	}
}
