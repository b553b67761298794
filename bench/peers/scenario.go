package main

import "time"

// scenario is one load to make and the target to make it on.
type scenario struct {
	name  string
	about string // for the head of its table
	// users at once, each on a connection of its own; 0: the scenario is one
	// of arrivals, and a tool without an open model sits it out.
	users int
	// Think time after every request, drawn evenly from least to most; both 0:
	// none.
	least, most time.Duration
	// rate is the arrivals per second, or what the users amount to, for tools
	// that have a rate but no think time; 0: as fast as answered.
	rate     int
	duration time.Duration
	target   target
}

// thinks says whether users pause between requests.
func (s scenario) thinks() bool { return s.most > 0 }

var scenarios = []scenario{
	{
		name:  "closed",
		about: "50 users without think time for 10 s; a target that answers 200 bytes at once",
		users: 50, duration: 10 * time.Second,
	},
	{
		name:  "think",
		about: "500 users, think time 0.5–1.5 s, for 20 s; a target that answers 200 bytes at once",
		users: 500, least: 500 * time.Millisecond, most: 1500 * time.Millisecond, duration: 20 * time.Second,
	},
	{
		name:  "crowd",
		about: "5,000 users, think time 0.5–1.5 s, for 20 s; a target that answers 200 bytes at once",
		users: 5000, least: 500 * time.Millisecond, most: 1500 * time.Millisecond, duration: 20 * time.Second,
	},
	{
		// A think time of 1 s and a mean answer of 55 ms: 528 users make 500/s.
		name:  "accuracy",
		about: "about 500 requests a second for 20 s (528 users, think time 0.5–1.5 s, or a rate); lognormal answers, median 40 ms, p95 150 ms; in brackets the distance from the target's own record",
		users: 528, least: 500 * time.Millisecond, most: 1500 * time.Millisecond, rate: 500, duration: 20 * time.Second,
		target: target{Median: 40 * time.Millisecond, P95: 150 * time.Millisecond},
	},
	{
		name:  "freeze",
		about: "200 arrivals a second for 20 s, whatever the target does; it freezes for 500 ms every 5 s; in brackets the distance from the schedule's truth, 250 ms at p95 and 450 ms at p99",
		rate:  200, duration: 20 * time.Second,
		target: target{Freeze: 500 * time.Millisecond, Every: 5 * time.Second},
	},
}

func scenarioNames() []string {
	var names []string
	for _, s := range scenarios {
		names = append(names, s.name)
	}
	return names
}

func chooseScenarios(list string) ([]scenario, error) {
	return choose(scenarios, list, func(s scenario) string { return s.name })
}
