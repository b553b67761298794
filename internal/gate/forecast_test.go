package gate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// What plan says can be decided is decided: of random loads on a service at plan.Margin of
// its limit, whose requests do not depend on each other, a limit that the forecast calls
// decidable is shown to pass at least 8 times in 10, and one that it calls undecidable
// hardly ever.
func TestForecastIsKept(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 11))
	decided, asked := map[plan.Prospect]int{}, map[plan.Prospect]int{}
	for range 150 {
		p := randomPlan(t, chance)
		forecasts := p.Forecast()
		v := gate.Judge(evidence.Input{Result: simulated(t, p, chance), Config: p.Config})
		for _, f := range forecasts {
			shown := true
			for _, c := range v.Checks {
				if c.Rule == f.Rule && c.Metric == f.Limit.Metric {
					shown = shown && c.Outcome == verdict.Pass && c.Shown
				}
			}
			asked[f.Prospect]++
			if shown {
				decided[f.Prospect]++
			}
		}
	}
	t.Logf("asked %v, decided %v", asked, decided)
	if n := asked[plan.Decidable]; n < 100 || float64(decided[plan.Decidable]) < 0.8*float64(n) {
		t.Errorf("of %d limits that the forecast calls decidable %d were decided", n, decided[plan.Decidable])
	}
	if n := asked[plan.Undecidable]; n < 20 || float64(decided[plan.Undecidable]) > 0.1*float64(n) {
		t.Errorf("of %d limits that the forecast calls undecidable %d were decided", n, decided[plan.Undecidable])
	}
}

// randomPlan is a load of one to six endpoints with a p95 limit and one on failures.
func randomPlan(t *testing.T, chance *rand.Rand) *plan.Plan {
	t.Helper()
	var steps strings.Builder
	for i := range 1 + chance.IntN(6) {
		fmt.Fprintf(&steps, "      - {request: GET /%d, weight: %d}\n", i, 1+chance.IntN(20))
	}
	src := fmt.Sprintf(`version: 1
target: {url: 'http://localhost:8000'}
profiles:
  p: {users: %d, spawn_rate: 1000/s, duration: %ds, warm_up: 0s}
users:
  u:
    order: weighted
    wait: 1s..%ds
    steps:
%sthresholds:
  latency: {endpoints: ['*'], p95: 100ms%s}
  failures: {endpoints: ['*'], failure_rate: 2%%}
`, 1+chance.IntN(60), 20+chance.IntN(160), 2+chance.IntN(8), &steps,
		[]string{"", ", each: true", ", combine: true"}[chance.IntN(3)])
	s, err := config.Decode([]byte(src), "thresholds.yaml", config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{Profile: "p", Seed: chance.Uint64()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// simulated is a run of a plan on a service without failures whose latencies are lognormal,
// with their 95th percentile at plan.Margin of 100 ms.
func simulated(t *testing.T, p *plan.Plan, chance *rand.Rand) *result.Result {
	t.Helper()
	const spread, z95 = 0.4, 1.6449
	scale := math.Log(plan.Margin*float64(100*time.Millisecond)) - spread*z95
	seconds := int(p.Duration / time.Second)
	r := newRun(seconds)
	r.Planned.Users, r.Profile = p.Users, p.Profile
	r.users(p.Users)
	for _, e := range p.Endpoints {
		for second := range seconds {
			for n := e.Expected / float64(seconds); n > 0; n-- {
				if chance.Float64() < n {
					r.ok(e.Name, second, time.Duration(math.Exp(scale+spread*chance.NormFloat64())))
				}
			}
		}
	}
	return r.result(t)
}
