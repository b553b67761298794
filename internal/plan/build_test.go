package plan_test

import (
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// decode reads a thresholds.yaml that stands in the test.
func decode(tb rapid.TB, text string) *config.Config {
	tb.Helper()
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		tb.Fatalf("Decode:\n%v\n%s", err, text)
	}
	return s
}

// file is a thresholds.yaml with one profile, of 10 users, and one rule, that
// has the given groups, or whatever else stands below users:.
func file(tb rapid.TB, users string) *config.Config {
	tb.Helper()
	return decode(tb, `
version: 1
target: {url: http://localhost:8000}
profiles: {small: {users: 10, spawn_rate: 10/s, duration: 2m}}
thresholds: {all: {endpoints: "*", p95: 1s}}
users:
`+users)
}

// tutormax is the file at the top of the repository.
func tutormax(t *testing.T) *config.Config {
	t.Helper()
	src, err := os.ReadFile("../../thresholds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, string(src))
}

// new makes a plan that must succeed.
func newPlan(tb rapid.TB, s *config.Config, o plan.Options) *plan.Plan {
	tb.Helper()
	o.Sparse = true // few users do for most of what is asked here
	p, err := plan.New(s, o)
	if err != nil {
		tb.Fatalf("New(%+v): %v", o, err)
	}
	return p
}

// turn is a plan.Turn that can be compared.
type turn struct {
	Step  string
	Wait  time.Duration
	Round int
}

// walk is the beginning of a user's journey.
func walk(u plan.User, steps int) []turn {
	var all []turn
	for way := u.Walk(); len(all) < steps; {
		got := way.Next()
		all = append(all, turn{got.Step.Step.Endpoint, got.Wait, got.Round})
	}
	return all
}

// endpoint finds a row.
func endpoint(t *testing.T, p *plan.Plan, name string) plan.Endpoint {
	t.Helper()
	for _, e := range p.Endpoints {
		if e.Name == name && !e.Start {
			return e
		}
	}
	t.Fatalf("no endpoint %q", name)
	return plan.Endpoint{}
}

// expected sums what the endpoints of a rule expect.
func expected(p *plan.Plan, r config.Rule) float64 {
	sum := 0.0
	for _, e := range p.Endpoints {
		if r.Matches(e.Name, e.Start) {
			sum += e.Expected
		}
	}
	return sum
}

// rule finds a rule of a file.
func rule(t *testing.T, s *config.Config, name string) config.Rule {
	t.Helper()
	for _, r := range s.Rules {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no rule %q", name)
	return config.Rule{}
}
