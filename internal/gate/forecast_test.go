package gate_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/verdict"
)

// What plan says can be decided is decided: of random loads on a service at plan.Margin of its limits, whose requests
// do not depend on each other, a limit that the forecast calls decidable is shown to pass at least 8 times in 10, for
// each kind of load and each metric; and one that it calls undecidable or impossible hardly ever.
//
// Start steps of users who all start within half a minute are not drawn, since the forecast is wrong about them.
func TestForecastIsKept(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 11))
	decided, asked := map[string]int{}, map[string]int{}
	for i := range 200 {
		load := randomLoads[i%len(randomLoads)]
		p := randomPlan(t, load, chance)
		v := gate.Judge(evidence.Input{Result: simulated(t, p, chance), Config: p.Config})
		for _, f := range p.Forecast() {
			checks, shown := 0, 0
			for _, c := range v.Checks {
				if c.Rule == f.Rule && c.Metric == f.Limit.Metric {
					checks++
					if c.Outcome == verdict.Pass && c.Shown {
						shown++
					}
				}
			}
			limit := f.Rule + " " + f.Limit.Metric.Name()
			groups := map[plan.Prospect][]string{
				plan.Decidable:   {"decidable, " + load.name, "decidable, " + limit},
				plan.Undecidable: {"undecidable"}, plan.Impossible: {"impossible"},
			}[f.Prospect]
			for _, group := range groups {
				asked[group]++
				if checks > 0 && shown == checks {
					decided[group]++
				}
			}
		}
	}
	if len(asked) != len(randomLoads)+6+2 {
		t.Errorf("there are limits of %q", slices.Sorted(maps.Keys(asked)))
	}
	for _, group := range slices.Sorted(maps.Keys(asked)) {
		n, of := decided[group], asked[group]
		t.Logf("%s: %d of %d", group, n, of)
		decidable := strings.HasPrefix(group, "decidable")
		if of < 15 || decidable && float64(n) < 0.8*float64(of) || !decidable && float64(n) > 0.1*float64(of) {
			t.Errorf("of %d limits that the forecast calls %s %d were shown to hold", of, group, n)
		}
	}
}

// randomLoad is a kind of load: its profile, to measure so many seconds, and what else it says.
type randomLoad struct {
	name    string
	profile func(chance *rand.Rand, seconds int) string
	starts  bool // its users begin with a start step
}

var randomLoads = []randomLoad{
	{name: "users", profile: func(chance *rand.Rand, seconds int) string {
		return fmt.Sprintf("users: %d, spawn_rate: 1000/s, duration: %ds, warm_up: 0s", 1+chance.IntN(60), seconds)
	}},
	{name: "users who still start", profile: func(chance *rand.Rand, seconds int) string {
		users := 60 + chance.IntN(340)
		return fmt.Sprintf("users: %d, spawn_rate: %d/min, duration: %ds, warm_up: 0s",
			users, users*60/(5+chance.IntN(60)), seconds+30)
	}},
	{name: "users who log in", starts: true, profile: func(chance *rand.Rand, seconds int) string {
		users, ramp := 60+chance.IntN(340), 32+chance.IntN(30)
		return fmt.Sprintf("users: %d, spawn_rate: %d/min, duration: %ds, warm_up: %ds",
			users, users*60/ramp, seconds+ramp+2, ramp+2)
	}},
	{name: "a rate", profile: func(chance *rand.Rand, seconds int) string {
		return fmt.Sprintf("rate: %d/min, duration: %ds, warm_up: 0s", 20+chance.IntN(1200), seconds)
	}},
	{name: "an even rate", profile: func(chance *rand.Rand, seconds int) string {
		return fmt.Sprintf("rate: %d/min, arrivals: even, duration: %ds, warm_up: 0s", 20+chance.IntN(1200), seconds)
	}},
	{name: "stages of users", profile: func(chance *rand.Rand, seconds int) string {
		return fmt.Sprintf("stages: [{users: %d, for: %ds}, {users: %d, over: 10s, for: %ds}], warm_up: 0s",
			1+chance.IntN(60), seconds/2, 1+chance.IntN(60), seconds/2)
	}},
	{name: "stages of a rate", profile: func(chance *rand.Rand, seconds int) string {
		return fmt.Sprintf("stages: [{rate: %d/min, for: %ds}, {rate: %d/min, over: 10s, for: %ds}], warm_up: 0s",
			20+chance.IntN(1200), seconds/2, 20+chance.IntN(1200), seconds/2)
	}},
	{name: "stages of one level", profile: func(chance *rand.Rand, seconds int) string {
		rate := 20 + chance.IntN(1200)
		return fmt.Sprintf("stages: [{rate: %d/min, for: %ds}, {rate: %[1]d/min, for: %[2]ds}], warm_up: 0s",
			rate, seconds/2)
	}},
}

// randomPlan is a load of one to six endpoints with limits on percentiles and on failures, and a floor under its
// throughput of 0.3 to 1.3 times what it offers.
func randomPlan(t *testing.T, load randomLoad, chance *rand.Rand) *plan.Plan {
	t.Helper()
	var steps strings.Builder
	for i := range 1 + chance.IntN(6) {
		fmt.Fprintf(&steps, "      - {request: GET /%d, weight: %d}\n", i, 1+chance.IntN(20))
	}
	profile := load.profile(chance, 20+chance.IntN(160))
	scope := []string{"", ", each: true", ", combine: true"}[chance.IntN(3)]
	start, entry, floor := "", "", ""
	if load.starts {
		start = "    start: [POST /login]\n"
		entry = "  entry: {endpoints: [POST /login], p95: 100ms, failure_rate: 2%}\n"
	}
	think, seed := 2+chance.IntN(8), chance.Uint64()
	planned := func() *plan.Plan {
		s, err := thresholds.Decode(fmt.Appendf(nil, `version: 1
target: {url: 'http://localhost:8000'}
profiles: {p: {%s}}
users:
  u:
    order: weighted
    wait: 1s..%ds
%s    steps:
%sthresholds:
  latency: {endpoints: ['*'], p95: 100ms, p99: 131.3ms%s}
  failures: {endpoints: ['*'], failure_rate: 2%%%s}
%s%s`, profile, think, start, &steps, scope, scope, entry, floor), "thresholds.yaml", thresholds.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.New(s, plan.Options{Profile: "p", Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := planned()
	whole, least := 0.0, math.Inf(1)
	for _, e := range p.Endpoints {
		if !e.Start {
			whole, least = whole+e.Rate, min(least, e.Rate)
		}
	}
	kinds := []struct {
		scope   string
		offered float64
	}{{"", whole}, {", combine: true", whole}, {", each: true", least}}
	kind := kinds[chance.IntN(len(kinds))]
	floor = fmt.Sprintf("  floor: {endpoints: ['*'], throughput: %.3f/min%s}\n",
		60*(0.3+chance.Float64())*kind.offered, kind.scope)
	return planned()
}

// simulated is a run of a plan on a service without failures whose latencies are lognormal, with their 95th percentile
// at plan.Margin of 100 ms, and their 99th at that of 131.3 ms.
func simulated(t *testing.T, p *plan.Plan, chance *rand.Rand) *result.Result {
	t.Helper()
	const spread, z95 = 0.4, 1.6449
	scale := math.Log(plan.Margin*float64(100*time.Millisecond)) - spread*z95
	seconds, warm, ramp := int(p.Duration/time.Second), int(p.WarmUp/time.Second), math.Ceil(p.Ramp.Seconds())
	document := p.Result("loadgate", started)
	r := newRun(seconds)
	r.Planned, r.Profile, r.Endpoints = document.Planned, p.Profile, document.Endpoints
	r.users(p.Users)
	measured := 0.0 // the sum of the levels in the measured time, to which Expected belongs
	for second := range seconds - warm {
		measured += levelOf(p, warm+second)
	}
	for _, e := range p.Endpoints {
		for second := range seconds {
			n := e.Expected * levelOf(p, second) / measured
			switch {
			case e.Start && float64(second) < ramp:
				n = e.Expected / ramp
			case e.Start:
				n = 0
			}
			for n = sent(p, n, chance); n > 0; n-- {
				if chance.Float64() < n {
					r.ok(e.Name, second, time.Duration(math.Exp(scale+spread*chance.NormFloat64())))
				}
			}
		}
	}
	return r.result(t)
}

// sent is how many requests come where so many are expected: by chance in an open load; users who wait for their
// answers come more evenly.
func sent(p *plan.Plan, expected float64, chance *rand.Rand) float64 {
	if !p.Open {
		return expected
	}
	n := 0.0
	for sum := chance.ExpFloat64(); sum < expected; sum += chance.ExpFloat64() {
		n++
	}
	return n
}

// levelOf is the load in the middle of a second.
func levelOf(p *plan.Plan, second int) float64 {
	at := time.Duration(second)*time.Second + time.Second/2
	if len(p.Stages) == 0 {
		return min(1, at.Seconds()/max(p.Ramp.Seconds(), 0.001))
	}
	level := 0.0
	for _, s := range p.Stages {
		if at < s.Over {
			return level + (s.Level()-level)*at.Seconds()/s.Over.Seconds()
		}
		if level = s.Level(); at < s.Over+s.For {
			break
		}
		at -= s.Over + s.For
	}
	return level
}
