package plan_test

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// exampleFile is a file with two rules.
const exampleFile = `
version: 1
target: {url: "http://localhost:8000"}
profiles: {light: {users: 10, spawn_rate: 10/s, duration: 2m}}
users:
  visitor: {wait: 0.5s..1.5s, steps: [{request: GET /items, times: 9}, POST /orders]}
thresholds:
  reads: {endpoints: GET /items, p95: 100ms}
  orders: {endpoints: POST /orders, p99: 500ms}
`

// planned is the plan of exampleFile, with a seed.
func planned(seed uint64) *plan.Plan {
	c, err := thresholds.Decode([]byte(exampleFile), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		panic(err)
	}
	p, err := plan.New(c, plan.Options{Seed: seed})
	if err != nil {
		panic(err)
	}
	return p
}

// Before anything is sent a forecast says which limits the run can decide.
func ExamplePlan_Forecast() {
	p := planned(1)
	fmt.Println("measured:", p.Measured())
	for _, f := range p.Forecast() {
		fmt.Printf("%s: %.0f requests, can be decided: %t\n", f.Rule, f.Expected, f.Prospect == plan.Decidable)
	}
	// Output:
	// measured: 1m30s
	// reads: 810 requests, can be decided: true
	// orders: 90 requests, can be decided: false
}

// What a user does follows from the seed and from nothing else.
func ExampleUser_Walk() {
	for range 2 {
		p := planned(7)
		walk := p.User(3).Walk()
		for range 2 {
			turn := walk.Next()
			fmt.Println(p.Endpoints[turn.Step.Endpoint].Name, "then", turn.Wait.Round(time.Millisecond))
		}
	}
	// Output:
	// GET /items then 601ms
	// GET /items then 1.187s
	// GET /items then 601ms
	// GET /items then 1.187s
}
