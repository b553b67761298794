package plan_test

import (
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// tutormax.md, "Arithmetic that the guide leaves out".
func TestRatesOfTutorMax(t *testing.T) {
	s := tutormax(t)
	for _, users := range []int{100, 200, 500} { // their shares are whole users
		p := newPlan(t, s, plan.Options{Profile: "medium", Users: users})
		total, dashboard := 0.0, 0.0
		for _, e := range p.Endpoints {
			total += e.Rate
			if rule(t, s, "dashboard at peak").Matches(e.Name, e.Start) {
				dashboard += e.Rate
			}
		}
		n := float64(users)
		for _, row := range []struct {
			name           string
			got, want, off float64 // off: the last digit that is printed there
		}{
			{"requests", total, .0715 * n, .00005 * n},
			{"dashboard requests", dashboard, .04 * n, 1e-9},
			{"sessions", endpoint(t, p, "POST /api/sessions").Rate, .005 * n, 1e-9},
		} {
			if math.Abs(row.got-row.want) > row.off {
				t.Errorf("%d users: %s = %g/s, want %g", users, row.name, row.got, row.want)
			}
		}
	}
	p := newPlan(t, s, plan.Options{Profile: "light", Users: 70})
	if got := endpoint(t, p, "POST /api/sessions").Rate; math.Abs(got-.35) > 1e-9 {
		t.Errorf("70 users offer %g sessions a second, want 0.35", got)
	}
	if got := endpoint(t, newPlan(t, s, plan.Options{Profile: "light", Users: 69}),
		"POST /api/sessions").Rate; got > .35 {
		t.Errorf("69 users offer %g sessions a second, want at most 0.35", got)
	}
}

// What a plan expects is what its users do against a service that answers at
// once. A user may be off by one request where the measured time begins and by
// one where it ends; beyond that, at most Poisson noise over all seeds.
func TestExpectationsAgainstJourneys(t *testing.T) {
	for _, row := range []struct {
		name string
		s    *config.Config
		o    plan.Options
	}{
		{"weekly at pace 1", tutormax(t), plan.Options{Profile: "weekly", Pace: &config.Pace{All: 1}}},
		{"weekly", tutormax(t), plan.Options{Profile: "weekly"}},
		{"demo", tutormax(t), plan.Options{Profile: "demo"}},
		{"a ramp that outlasts the warm-up", file(t, shop), plan.Options{Users: 30, SpawnRate: .3}},
		{"a ramp that outlasts the run", file(t, shop), plan.Options{Users: 100, SpawnRate: .5}},
		{"by weight", file(t, lottery), plan.Options{}},
	} {
		const seeds = 5
		var p *plan.Plan
		counts := make([]float64, len(newPlan(t, row.s, row.o).Endpoints))
		for seed := range uint64(seeds) {
			row.o.Seed = seed
			p = newPlan(t, row.s, row.o)
			for i := range p.Users {
				play(p, p.User(i), counts)
			}
		}
		for i, e := range p.Endpoints {
			users := 0
			for _, g := range p.Groups {
				for _, s := range slices.Concat(g.Start, g.Steps) {
					if s.Endpoint == i {
						users += g.Users
						break
					}
				}
			}
			got := counts[i] / seeds
			if off := float64(users) + 4*math.Sqrt(e.Expected/seeds); math.Abs(got-e.Expected) > off {
				t.Errorf("%s: %s is sent %.1f times, want %.1f, give or take %.1f",
					row.name, e.Name, got, e.Expected, off)
			}
			if e.Start && got != e.Expected {
				t.Errorf("%s: start step %s is sent %g times, want %g", row.name, e.Name, got, e.Expected)
			}
		}
	}
}

// play counts what a user sends in the measured time; start steps in all of
// it.
func play(p *plan.Plan, u plan.User, counts []float64) {
	at := u.Spawn
	if at >= p.Duration {
		return
	}
	for _, s := range u.Group.Start {
		counts[s.Endpoint]++
	}
	for way := u.Walk(); at < p.Duration; {
		turn := way.Next()
		if at >= p.WarmUp {
			counts[turn.Step.Endpoint]++
		}
		at += turn.Wait
	}
}

func TestPace(t *testing.T) {
	const groups = "  a: {wait: 1s, steps: [GET /a]}\n  b: {wait: 2s, steps: [GET /b]}"
	for _, row := range []struct {
		name string
		pace *config.Pace
		a, b float64
	}{
		{"none", nil, 1, 1},
		{"a number", &config.Pace{All: 3}, 3, 3},
		{"below one", &config.Pace{All: .25}, .25, .25},
		{"by group", &config.Pace{ByGroup: map[string]float64{"b": 7}}, 1, 7},
		{"auto, where enough is expected", &config.Pace{Auto: true}, 1, 1},
	} {
		p := newPlan(t, file(t, groups), plan.Options{Pace: row.pace})
		a, b := p.Groups[0], p.Groups[1]
		if a.Pace != row.a || b.Pace != row.b {
			t.Errorf("%s: paces %g, %g, want %g, %g", row.name, a.Pace, b.Pace, row.a, row.b)
		}
		// 5 users each, spawned within the first second, and 90 s that count.
		for _, row := range []struct {
			what      string
			got, want float64
		}{
			{"Unpaced a", a.Unpaced, 450}, {"Expected a", a.Expected, 450 * row.a},
			{"Unpaced b", b.Unpaced, 225}, {"Expected b", b.Expected, 225 * row.b},
			{"Rate a", endpoint(t, p, "GET /a").Rate, 5 * row.a},
			{"Rate b", endpoint(t, p, "GET /b").Rate, 2.5 * row.b},
		} {
			if math.Abs(row.got-row.want) > 1e-6*row.want {
				t.Errorf("%s = %g, want %g", row.what, row.got, row.want)
			}
		}
	}
}

func TestAutoPace(t *testing.T) {
	for _, row := range []struct {
		name, rules, users string
		want               map[string]float64
	}{
		{
			"the smallest that is enough", `{r: {endpoints: GET /a, p95: 1s}}`,
			"  a: {wait: 9s, steps: [GET /a]}\n  b: {wait: 9s, steps: [GET /b]}", // 50 expected each
			map[string]float64{"a": 6, "b": 1},
		},
		{
			"a share of a group's steps", `{r: {endpoints: GET /x, p95: 1s}}`,
			"  a: {wait: 9s, steps: [GET /x, {request: GET /y, times: 3}]}", // 12.5 of 50
			map[string]float64{"a": 24},
		},
		{
			"rounded up to hundredths", `{r: {endpoints: GET /a, p95: 1s}}`,
			"  a: {wait: 7s, steps: [GET /a]}", // 64.29
			map[string]float64{"a": 4.67},
		},
		{
			"no faster than thirty times", `{r: {endpoints: GET /a, p95: 1s}}`,
			"  a: {wait: 10m, steps: [GET /a]}",
			map[string]float64{"a": 30},
		},
		{
			"what one cannot give the other does", `{r: {endpoints: GET /a, p95: 1s}, s: {endpoints: "*", p95: 1s}}`,
			"  a: {wait: 900s, steps: [GET /a]}\n  b: {wait: 18s, steps: [GET /b]}", // 0.5 and 25: 15 and 285
			map[string]float64{"a": 30, "b": 11.4},
		},
		{
			"throughput does not ask for it", `{r: {endpoints: "*", throughput: 1/min}}`,
			"  a: {wait: 90s, steps: [GET /a]}",
			map[string]float64{"a": 1},
		},
		{
			// 368 and their root
			"a share does, for the fewest that can show it", `{r: {endpoints: "*", success: 99%}}`,
			"  a: {wait: 9s, steps: [GET /a]}",
			map[string]float64{"a": 7.76},
		},
		{
			"so does a rare percentile of the rest of a rule", `{r: {endpoints: "*", p99: 1s}}`,
			"  a: {wait: 1s, steps: [GET /a]}\n  b: {wait: 9s, steps: [GET /b]}", // 450 and 50, of 1,500
			map[string]float64{"a": 3, "b": 3},
		},
		{
			"nor do rules of other profiles", `{r: {endpoints: "*", profiles: other, p95: 1s}}`,
			"  a: {wait: 90s, steps: [GET /a]}",
			map[string]float64{"a": 1},
		},
		{
			"nor start steps", `{r: {endpoints: POST /login, p95: 1s}}`,
			"  a: {wait: 90s, start: [POST /login], steps: [GET /a]}",
			map[string]float64{"a": 1},
		},
		{
			"no think time, nothing to divide", `{r: {endpoints: "*", p95: 1s}}`,
			"  a: {wait: 0s, steps: [GET /a]}",
			map[string]float64{"a": 1},
		},
		{
			"the rules before stay satisfied",
			`{r: {endpoints: GET /a, p95: 1s}, s: {endpoints: [GET /a, GET /b], p95: 1s}}`,
			"  a: {wait: 9s, steps: [GET /a]}\n  b: {wait: 9s, steps: [GET /b]}",
			map[string]float64{"a": 6, "b": 1},
		},
	} {
		s := decode(t, `
version: 1
target: {url: http://localhost:8000}
profiles:
  one: {users: 10, spawn_rate: 10/s, duration: 100s, warm_up: 10s, pace: auto}
  other: {users: 1, spawn_rate: 1/s, duration: 1m}
default_profile: one
thresholds: `+row.rules+"\nusers:\n"+row.users)
		// Five users a group, and 90 s that count.
		p := newPlan(t, s, plan.Options{Users: 5 * len(s.Groups)})
		got := map[string]float64{}
		for _, g := range p.Groups {
			got[g.Name] = g.Pace
		}
		if !maps.Equal(got, row.want) {
			t.Errorf("%s: paces = %v, want %v", row.name, got, row.want)
		}
	}
}

// pace: auto of the TutorMax file: every rule that speaks of latency expects
// enough or has its groups at the highest pace, no group is slowed down or
// rushed beyond it, and none is twice as fast as it must be.
func TestAutoPaceOfTutorMax(t *testing.T) {
	s := tutormax(t)
	short := func(p *plan.Plan) string {
		for _, r := range s.Rules {
			for _, l := range r.Limits {
				if r.Applies(p.Profile) && l.Metric.Latency() &&
					expected(p, r) < plan.Enough*(1-1e-6) && !rushed(p, r) {
					return r.Name
				}
			}
		}
		return ""
	}
	for _, o := range []plan.Options{
		{Profile: "weekly"},
		{Profile: "weekly", Users: 50},
		{Profile: "weekly", Users: 500, SpawnRate: 20},
		{Profile: "weekly", Duration: 20 * time.Minute},
	} {
		p := newPlan(t, s, o)
		if name := short(p); name != "" {
			t.Errorf("%+v: rule %q expects too little", o, name)
		}
		paces := map[string]float64{}
		for _, g := range p.Groups {
			paces[g.Name] = g.Pace
			if g.Pace < 1 || g.Pace > plan.MaxPace {
				t.Errorf("%+v: pace of %s = %g, want 1 ... %d", o, g.Name, g.Pace, plan.MaxPace)
			}
		}
		for name, pace := range paces {
			slower := maps.Clone(paces)
			slower[name] = pace / 2 // it aims at more than the fewest that may do
			o := o
			o.Pace = &config.Pace{ByGroup: slower}
			if pace > 2 && decides(p) && decides(newPlan(t, s, o)) && short(newPlan(t, s, o)) == "" {
				t.Errorf("%+v: %s is faster than it must be at pace %g", o, name, pace)
			}
		}
	}
}

// decides says whether every rule will be decided that does not ask for load.
func decides(p *plan.Plan) bool {
	return !slices.ContainsFunc(p.Forecast(), func(f plan.Forecast) bool {
		return f.Limit.Metric != metric.Throughput && f.Prospect != plan.Decidable
	})
}

// rushed says whether all groups that a rule speaks of are at the highest
// pace.
func rushed(p *plan.Plan, r config.Rule) bool {
	for _, g := range p.Groups {
		speaks := func(s plan.Step) bool { return r.Matches(s.Step.Endpoint, false) }
		if g.Pace < plan.MaxPace && slices.ContainsFunc(g.Steps, speaks) {
			return false
		}
	}
	return true
}

// A start step is sent by those who start.
func TestStartStepsOfALongRamp(t *testing.T) {
	s := file(t, "  g: {wait: 1s, start: [POST /login], steps: [GET /]}")
	p := newPlan(t, s, plan.Options{Users: 1000, SpawnRate: .5}) // 2 minutes: 60 of them
	if got := p.Endpoints[0].Expected; got != 60 {
		t.Errorf("%g logins expected, want 60", got)
	}
}
