package main

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
)

// scenario is one load to make and the target to make it on.
type scenario struct {
	name    string
	load    string // for the head of its table: what is sent
	answers string // what the target does
	beside  string // what stands in brackets beside percentiles; empty: nothing
	// users at once, each on a connection of its own; 0: the scenario is one
	// of arrivals, and a tool without an open model sits it out.
	users int
	// ramp is the time over which the users come, for tools that can; 0: all
	// within the first second, or at once.
	ramp time.Duration
	// Think time after every request, drawn evenly from least to most; both 0:
	// none.
	least, most time.Duration
	// rate is the arrivals per second, at equal distances; or what the users
	// amount to, for tools that have a rate but no think time; 0: as fast as
	// answered.
	rate     int
	duration time.Duration
	// alone asks for one more run of each tool with a single user, so that what
	// a user takes is told apart from what the tool takes without.
	alone  bool
	target target
}

// thinks says whether users pause between requests.
func (s scenario) thinks() bool { return s.most > 0 }

// open says whether requests come whether answered or not.
func (s scenario) open() bool { return s.users == 0 }

const (
	think   = "think time 0.5–1.5 s"
	atOnce  = "answers 200 bytes at once"
	lognorm = "answers after lognormal times, median 40 ms, p95 150 ms"
	itself  = "in brackets the distance from the target's own record"
)

var scenarios = []scenario{
	{
		name: "closed", load: "50 users without think time", answers: atOnce,
		users: 50, duration: 10 * time.Second,
	},
	{
		name: "think", load: "500 users, " + think, answers: atOnce, alone: true,
		users: 500, least: 500 * time.Millisecond, most: 1500 * time.Millisecond, duration: 20 * time.Second,
	},
	{
		name: "crowd", load: "5,000 users, " + think, answers: atOnce, alone: true,
		users: 5000, least: 500 * time.Millisecond, most: 1500 * time.Millisecond, duration: 20 * time.Second,
	},
	{
		// Two descriptors and a local port a connection: within what Linux gives
		// unless told otherwise, where a process may open 20,000 files.
		name: "throng", load: "10,000 users, who come over 10 s where the tool can, " + think,
		answers: atOnce, alone: true,
		users: 10000, ramp: 10 * time.Second, least: 500 * time.Millisecond,
		most: 1500 * time.Millisecond, duration: 30 * time.Second,
	},
	{
		name: "accuracy", load: "500 arrivals a second", answers: lognorm, beside: itself,
		rate: 500, duration: 20 * time.Second,
		target: target{Median: 40 * time.Millisecond, P95: 150 * time.Millisecond},
	},
	{
		// A think time of 1 s and a mean answer of 55 ms: 528 users make 500/s.
		name: "accuracy-closed", load: "528 users, " + think + ", or 500 a second from as many connections",
		answers: lognorm, beside: itself,
		users: 528, least: 500 * time.Millisecond, most: 1500 * time.Millisecond, rate: 500, duration: 20 * time.Second,
		target: target{Median: 40 * time.Millisecond, P95: 150 * time.Millisecond},
	},
	{
		// Freezes exactly 5 s apart would meet arrivals 5 ms apart at one phase: four
		// waits each of 5, 10, ... 500 ms, one of them on the edge of a freeze, and
		// tools that interpolate ranks otherwise than by the nearest would be up to 2 %
		// apart. A quarter of an arrival less spreads the waits evenly, 1.25 ms apart,
		// and keeps arrivals 0.6 ms off the edges.
		name: "freeze", load: "200 arrivals a second, whatever the target does",
		answers: "freezes for 500 ms every 5 s",
		beside: "in brackets the distance from that; below each tool what the target timed of its requests, the " +
			"hundred answers at once after a freeze included",
		rate: 200, duration: 20 * time.Second,
		target: target{Freeze: 500 * time.Millisecond, Every: 5*time.Second - 1250*time.Microsecond, Rate: 200},
	},
}

// title is the head of the scenario's table.
func (s scenario) title() string {
	text := fmt.Sprintf("%s: %s, for %s; a target that %s", s.name, s.load, s.duration, s.answers)
	if p95, ok := s.scheduled(0.95); ok {
		p99, _ := s.scheduled(0.99)
		text += fmt.Sprintf("; by schedule p95 is %s and p99 %s", short(p95), short(p99))
	}
	if s.beside != "" {
		text += "; " + s.beside
	}
	return text
}

// lasting is the scenario in so many seconds, whole periods where it freezes;
// 0 leaves it as it is. It shows that everything runs; for figures it is too short.
func (s scenario) lasting(seconds int) scenario {
	if seconds <= 0 {
		return s
	}
	wanted := time.Duration(seconds) * time.Second
	if s.target.Every > 0 {
		period := s.target.Every.Round(time.Second)
		wanted = (wanted + period - 1) / period * period
	}
	s.duration, s.ramp = wanted, min(s.ramp, wanted/2)
	return s
}

// solitary is the scenario with one user, for a moment.
func (s scenario) solitary() scenario {
	s.users, s.ramp, s.duration = 1, 0, 3*time.Second
	return s
}

// due is how many requests the load amounts to; 0: as many as are answered. A
// user sends one after each think time m and time of service v, so that n users
// that come over a ramp r make n (d - r/2) / (m + v) in a duration d.
func (s scenario) due() float64 {
	switch {
	case s.open():
		return float64(s.rate) * s.duration.Seconds()
	case s.thinks():
		each := (s.least+s.most)/2 + s.target.mean()
		return float64(s.users) * (s.duration - s.ramp/2).Seconds() / each.Seconds()
	}
	return 0
}

// scheduled is the quantile q, by the nearest rank, of the waits of arrivals that
// keep coming at equal distances while the target freezes. False where the target does not freeze, or q does not wait.
func (s scenario) scheduled(q float64) (time.Duration, bool) {
	if s.target.Every <= 0 || s.rate <= 0 {
		return 0, false
	}
	waits := make([]time.Duration, int(s.due()))
	for i := range waits {
		waits[i] = s.target.frozen(time.Duration(math.Round(float64(i) * float64(time.Second) / float64(s.rate))))
	}
	slices.Sort(waits)
	wait := waits[hist.Rank(q, int64(len(waits)))-1]
	return wait, wait > 0
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
