package plan_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/wording"
)

// forecast finds what is said of one limit of a rule.
func forecast(t *testing.T, p *plan.Plan, rule string, m metric.Metric) plan.Forecast {
	t.Helper()
	for _, f := range p.Forecast() {
		if f.Rule == rule && f.Limit.Metric == m {
			return f
		}
	}
	t.Fatalf("no forecast of %s of %q", m.Name(), rule)
	return plan.Forecast{}
}

// A throughput that the users cannot offer is told before the run, with the
// users that it needs. The numbers are those of tutormax.md.
func TestForecastOfFloors(t *testing.T) {
	s := tutormax(t)
	for _, row := range []struct {
		rule           string
		users          int
		want           plan.Prospect
		reason, remedy string
	}{
		{"dashboard at peak", 100, plan.Impossible,
			"it asks for 500/min, and the profile offers at most 240/min with 100 users",
			"about 208 users offer that, or a pace 2.09 times as high"},
		{"dashboard at peak", 215, plan.Doubtful,
			"516/min are offered, little more than the 500/min asked for", "298 users leave room"},
		{"dashboard at peak", 300, plan.Decidable, "", ""},
		{"dashboard at peak", 500, plan.Decidable, "", ""},
		{"sessions a day", 50, plan.Impossible,
			"it asks for 30000/day, and the profile offers at most 21600/day with 50 users",
			"about 69 users offer that, or a pace 1.39 times as high"},
		{"sessions a day", 1, plan.Impossible,
			"it asks for 30000/day, and the profile offers at most 0/day with 1 user", "use more users"},
		{"sessions a day", 500, plan.Decidable, "", ""},
	} {
		p := newPlan(t, s, plan.Options{Profile: "peak", Users: row.users})
		f := forecast(t, p, row.rule, metric.Throughput)
		because, remedy := wording.Text(f.Because), wording.Todo(f.Remedy)
		if f.Prospect != row.want || because != row.reason || remedy != row.remedy {
			t.Errorf("%s at %d users: %d, %q, %q, want %d, %q, %q",
				row.rule, row.users, f.Prospect, because, remedy, row.want, row.reason, row.remedy)
		}
		if sure := f.Chance >= .8; sure != (row.want == plan.Decidable) || f.Chance < 0 || f.Chance > 1 {
			t.Errorf("%s at %d users: chance %g of prospect %d", row.rule, row.users, f.Chance, f.Prospect)
		}
	}
}

// What the remedy names as users does offer what is asked for, to half a user
// of the smallest share.
func TestUsersOfTheRemedy(t *testing.T) {
	s := tutormax(t)
	p := newPlan(t, s, plan.Options{Profile: "peak", Users: 100})
	var users int
	if _, err := fmt.Sscanf(wording.Todo(forecast(t, p, "dashboard at peak", metric.Throughput).Remedy),
		"about %d users", &users); err != nil {
		t.Fatal(err)
	}
	offered := 0.0
	for _, e := range newPlan(t, s, plan.Options{Profile: "peak", Users: users}).Endpoints {
		if rule(t, s, "dashboard at peak").Matches(e.Name, e.Start) {
			offered += e.Rate
		}
	}
	// One dashboard user more or less is six requests a minute.
	if math.Abs(offered*60-500) > 6 {
		t.Errorf("%d users offer %.0f/min, want 500/min", users, offered*60)
	}
}

// Users who do not think send as fast as they are answered: nobody knows how
// much, and it is enough.
func TestForecastOfUnlimitedGroups(t *testing.T) {
	s := decode(t, `
version: 1
target: {url: http://localhost:8000}
profiles: {one: {users: 10, spawn_rate: 10/s, duration: 2m}}
thresholds: {all: {endpoints: "*", p95: 1s, success: 99.5%, throughput: 1000/s}}
users: {g: {wait: 0s, steps: [GET /]}}
`)
	all := newPlan(t, s, plan.Options{}).Forecast()
	if len(all) != 3 {
		t.Fatalf("%d forecasts, want one a limit", len(all))
	}
	for _, f := range all {
		if !f.Unlimited || f.Prospect != plan.Decidable || f.Chance != 1 || f.Because.Given() || f.Remedy.Given() {
			t.Errorf("%s: %+v, want decidable and unlimited", f.Limit.Metric.Name(), f)
		}
	}
}

// Intervals need half a minute of measured time. The remedy is a run that has
// it, whatever becomes of the warm-up.
func TestForecastOfShortRuns(t *testing.T) {
	const text = `
version: 1
target: {url: http://localhost:8000}
thresholds: {all: {endpoints: "*", p95: 1s, success: 99.5%, throughput: 1/s}}
users: {g: {wait: 100ms, steps: [GET /]}}
`
	const smoke = " (failures alone need ten seconds: run --smoke)"
	for _, row := range []struct {
		name, profile, judge string
		want                 plan.Prospect
		reason, remedy       string
	}{
		{"a quarter of it warm-up", "duration: 20s", "", plan.Undecidable,
			"15s of measured time is too short for intervals", "measure at least 30s: --run-time 40s" + smoke},
		{"a written warm-up", "duration: 30s, warm_up: 5s", "", plan.Undecidable,
			"25s of measured time is too short for intervals", "measure at least 30s: --run-time 35s" + smoke},
		{"no warm-up", "duration: 29s, warm_up: 0s", "", plan.Undecidable,
			"29s of measured time is too short for intervals", "measure at least 30s: --run-time 30s" + smoke},
		{"just long enough", "duration: 40s", "", plan.Decidable, "", ""},
		{"without intervals", "duration: 20s", "judge: {decide: point}", plan.Decidable, "", ""},
	} {
		s := decode(t, text+"profiles: {one: {users: 20, spawn_rate: 20/s, "+row.profile+"}}\n"+row.judge)
		for _, f := range newPlan(t, s, plan.Options{}).Forecast() {
			because, remedy := wording.Text(f.Because), wording.Todo(f.Remedy)
			if f.Prospect != row.want || because != row.reason || remedy != row.remedy {
				t.Errorf("%s, %s: %d, %q, %q, want %d, %q, %q", row.name,
					f.Limit.Metric.Name(), f.Prospect, because, remedy, row.want, row.reason, row.remedy)
			}
		}
		if row.remedy == "" {
			continue
		}
		var long string
		if _, err := fmt.Sscanf(row.remedy, "measure at least 30s: --run-time %s", &long); err != nil {
			t.Fatal(err)
		}
		d, err := time.ParseDuration(long)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range newPlan(t, s, plan.Options{Duration: d}).Forecast() {
			if f.Prospect == plan.Undecidable {
				t.Errorf("%s: %s is still undecidable with the run time of the remedy", row.name, f.Limit.Metric.Name())
			}
		}
	}
}

// Limits of other profiles do not count.
func TestForecastSpeaksOfTheProfile(t *testing.T) {
	s := tutormax(t)
	for _, row := range []struct {
		profile string
		want    bool
	}{{"peak", true}, {"light", false}} {
		found := false
		last := 0
		for _, f := range newPlan(t, s, plan.Options{Profile: row.profile}).Forecast() {
			found = found || f.Rule == "dashboard at peak"
			if f.Pos.Line < last {
				t.Errorf("%s: %s in line %d comes after line %d", row.profile, f.Rule, f.Pos.Line, last)
			}
			last = f.Pos.Line
		}
		if found != row.want {
			t.Errorf("%s: dashboard at peak is forecast: %t, want %t", row.profile, found, row.want)
		}
	}
}

// A latency is judged alone where an endpoint has enough requests, and a rest
// takes in the next smallest until it has: the forecast speaks of the part
// with the least evidence.
func TestForecastOfTheLeastEvidence(t *testing.T) {
	groups := func(weights ...int) string {
		text := "\nusers:\n"
		for i, w := range weights {
			text += fmt.Sprintf("  g%d: {weight: %d, wait: 10s, steps: [GET /%d]}\n", i, w, i)
		}
		return text
	}
	const head = `version: 1
target: {url: http://localhost:1}
profiles: {p: {users: 100, spawn_rate: 1000/s, duration: 100s, warm_up: 0s}}`
	for _, row := range []struct {
		name    string
		weights []int // requests expected, in tens: 100 users, each sends 10
		rule    string
		subject string
		want    float64
		is      plan.Prospect
	}{
		{"each has enough", []int{50, 40, 10}, "p95: 1s", "GET /2", 100, plan.Doubtful},
		{"one has not, the next joins", []int{80, 15, 5}, "p95: 1s", "rest of all (2 endpoints)", 200, plan.Decidable},
		{"the rest has enough", []int{90, 5, 5}, "p95: 1s", "rest of all (2 endpoints)", 100, plan.Doubtful},
		{"all together are too few", []int{100}, "p99.9: 1s", "GET /0", 1000, plan.Undecidable},
		{"each stands alone", []int{95, 5}, "each: true, p95: 1s", "GET /1", 50, plan.Undecidable},
		{"combined", []int{95, 5}, "combine: true, p95: 1s", "all", 1000, plan.Decidable},
		{"shares are together", []int{95, 5}, "success: 99%", "all", 1000, plan.Decidable},
		{"a share of nothing", []int{95, 5}, "success: 100%", "all", 1000, plan.Undecidable},
		{"a warning stops no run", []int{95, 5}, "each: true, p95: {warn: 1s}", "GET /1", 50, plan.Doubtful},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := decode(t, head+groups(row.weights...)+"thresholds: {all: {endpoints: \"*\", "+row.rule+"}}\n")
			f := newPlan(t, s, plan.Options{}).Forecast()[0]
			if f.Subject != row.subject || math.Abs(f.Expected-row.want) > 10 || f.Prospect != row.is {
				t.Errorf("%s: %.0f requests, prospect %d (chance %.2f); want %s, %.0f, %d",
					f.Subject, f.Expected, f.Prospect, f.Chance, row.subject, row.want, row.is)
			}
			if (f.Prospect == plan.Decidable) == f.Because.Given() || f.Because.Given() != f.Remedy.Given() {
				t.Errorf("prospect %d with reason %v and remedy %v", f.Prospect, f.Because, f.Remedy)
			}
		})
	}
}

// A rule may name an end step: each user of the profile sends it once.
func TestForecastOfEndSteps(t *testing.T) {
	for _, pace := range []string{"1", "auto"} {
		s := decode(t, `version: 1
target: {url: http://localhost:1}
profiles: {p: {users: 400, spawn_rate: 10/s, duration: 5m, pace: `+pace+`}}
users: {g: {wait: 1s, start: [POST /session], steps: [GET /a], end: [POST /session, POST /out]}}
thresholds: {out: {endpoints: [POST /out, POST /session], success: 99%}, all: {endpoints: "*", success: 99%}}
`)
		p, err := plan.New(s, plan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		expected := map[string]float64{}
		for _, e := range p.Endpoints {
			expected[e.Once.String()+" "+e.Name] = e.Expected
		}
		want := map[string]float64{"start POST /session": 400, "end POST /session": 400, "end POST /out": 400,
			" GET /a": expected[" GET /a"]}
		if diff := cmp.Diff(want, expected); diff != "" {
			t.Errorf("pace %s: expected requests (-want +got):\n%s", pace, diff)
		}
		for _, f := range p.Forecast() {
			if want := map[string]float64{"out": 1200, "all": expected[" GET /a"]}[f.Rule]; f.Expected != want {
				t.Errorf("pace %s: rule %s expects %g requests, want %g", pace, f.Rule, f.Expected, want)
			}
		}
	}
}
