package gate

import (
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// generator is what is known of the machine that made the load: the run is
// judged before the service is. The flags are those of statistics, section 8.
type generator struct {
	lag       time.Duration // p99 of actual send minus intended start
	allowed   time.Duration // max(5 ms, a tenth of the median latency)
	measured  bool          // lag is known
	lost      float64       // share of the users' time that went by in being late
	exhausted bool          // it ran out of descriptors or ports
	strains   []Check       // signs that its process was short of something
}

// flagged says whether anything speaks against the generator.
func (g generator) flagged() bool { return g.late() || len(g.strains) > 0 }

// late says whether the generator may have slowed down what it measured.
func (g generator) late() bool { return g.exhausted || g.measured && g.lag > g.allowed }

// thisMachine begins every detail of a connection that the generator's own
// machine refused: client.NoDescriptors and NoPorts, and what they were called
// in older documents.
const thisMachine = "this machine "

func (e *evidence) watch() generator {
	g := generator{allowed: 5 * time.Millisecond}
	var lag hist.Latency
	walked := 0.0 // users times nanoseconds
	for _, m := range e.result.Timeline {
		if m.Slot < e.window.First {
			continue
		}
		if err := m.Lag.Into(&lag); err != nil {
			e.damage("timeline")
		}
		walked += float64(m.Users) * float64(e.window.Slot)
	}
	g.lag, g.measured = lag.Quantile(0.99)
	if mean, ok := lag.Mean(); ok && walked > 0 {
		g.lost = float64(mean) * float64(lag.Count()) / walked
	}
	var all hist.Latency
	for _, ep := range e.endpoints {
		all.Merge(&e.tally(group{ep}, e.window, intended).latency)
		for _, f := range ep.Failures {
			if f.Kind == metric.Refused && strings.HasPrefix(f.Detail, thisMachine) {
				g.exhausted = true
			}
		}
	}
	median, ok := all.Quantile(0.5)
	if ok {
		g.allowed = max(g.allowed, median/10)
	}
	g.strains = e.strains(median)
	return g
}

// lateness warns of a generator that fell behind its own timetable.
func lateness(e *evidence) []Check {
	g := e.generator
	if !g.measured || g.lag <= g.allowed {
		return nil
	}
	return []Check{{
		Subject: "generator lag (p99)",
		Got:     Measured(unit.Of(g.lag)),
		Limit:   Measured(unit.Of(g.allowed)),
		Outcome: Warn, Shown: true,
		Reason: fmt.Sprintf("the generator was late: 1 request in 100 was sent more than %s after its time", unit.Of(g.lag)),
		Remedy: "give it more CPU, run nothing else on its machine, use fewer users, or split the run into shards",
	}}
}

// What a generator's process may do before it is no longer believed:
// judgement, not theory (statistics, section 8).
const (
	busyCPU     = 0.80 // of its processors,
	busySeconds = 0.05 // in more than this share of the seconds
	lateWakes   = 0.01 // of its goroutines waited 1 ms or more for a processor
	longPause   = 10 * time.Millisecond
	pausePart   = 20 // a pause of a twentieth of the median latency is too long as well
)

// strains are the signs that the generator's process was short of something in
// the measured time.
func (e *evidence) strains(median time.Duration) []Check {
	var seconds, busy, wakes, late float64
	var cpu float64
	var pause time.Duration
	for _, m := range e.result.Timeline {
		if m.Generator == nil || !e.window.Holds(m.Slot) {
			continue
		}
		seconds++
		if used := m.Generator.CPU; used != nil {
			cpu = max(cpu, *used)
			if *used > busyCPU {
				busy++
			}
		}
		wakes += float64(m.Generator.Wakes)
		late += float64(m.Generator.Late)
		pause = max(pause, m.Generator.Pause)
	}
	var found []Check
	strain := func(subject string, got, limit unit.Quantity, reason, remedy string) {
		found = append(found, Check{
			Subject: subject, Got: Measured(got), Limit: Measured(limit), Outcome: Warn, Shown: true, Reason: reason, Remedy: remedy,
		})
	}
	share := func(v float64) unit.Quantity { return unit.Quantity{Value: v, Unit: unit.Ratio} }
	if seconds > 0 && busy > busySeconds*seconds {
		strain("generator CPU", share(cpu), share(busyCPU),
			fmt.Sprintf("the generator used more than %s of its processors in %.0f of %.0f seconds", share(busyCPU), busy, seconds),
			"give it more CPU, use fewer users, or split the run into shards")
	}
	if wakes > 0 && late > lateWakes*wakes {
		strain("generator wake-ups", share(late/wakes), share(lateWakes),
			fmt.Sprintf("%s of the generator's wake-ups waited 1ms or more for a processor", share(late/wakes)),
			"run nothing else on its machine, give it more CPU, or use fewer users")
	}
	if allowed := max(longPause, median/pausePart); pause > allowed {
		strain("generator pause", unit.Of(pause), unit.Of(allowed),
			fmt.Sprintf("the generator stood still for %s to collect garbage", unit.Of(pause)),
			"give it more CPU and memory, or use fewer users")
	}
	return found
}

// strained tells the signs.
func strained(e *evidence) []Check { return e.generator.strains }

// exhaustion reports requests that never left the generator's machine: they
// are no failures of the service, and their number hides what it would do.
func exhaustion(e *evidence) []Check {
	if !e.generator.exhausted {
		return nil
	}
	return []Check{{
		Subject: "generator",
		Reason:  "the generator's machine ran out of file descriptors or local ports, so part of the load never left it",
		Remedy:  "raise its limits (ulimit -n), use fewer users, or split the run into shards",
	}}
}

// Shares of the load below which a run says something else than planned.
const (
	offeredLate = 0.95
	offeredSlow = 0.80
)

// load asks whether the users did what was planned. What the generator took
// from them is known exactly: the time by which their requests were late, of
// the time that they walked. A closed loop also slows down with the service;
// that is no fault of the run, and only worth a word when much is missing.
func load(e *evidence) []Check {
	if offered := 1 - e.generator.lost; e.generator.flagged() && offered < offeredLate {
		c := Check{
			Subject: "offered load",
			Got:     Measured(unit.Quantity{Value: offered, Unit: unit.Ratio}),
			Limit:   Measured(unit.Quantity{Value: offeredLate, Unit: unit.Ratio}),
			Remedy:  "give the generator more CPU, use fewer users, or split the run into shards",
		}
		c.Reason = fmt.Sprintf("the generator was so late that its users made only %s of their load: this is not the load that was to be judged", c.Got)
		return []Check{c}
	}
	var requested int64
	var steps group
	for _, ep := range e.endpoints {
		if !ep.Start {
			requested += e.tally(group{ep}, e.window, intended).requests
			steps = append(steps, ep)
		}
	}
	expected := e.expected(steps)
	if expected <= 0 || requested == 0 || float64(requested) >= offeredSlow*expected || e.silenced() {
		return nil
	}
	c := Check{
		Subject: "offered load", Requests: requested, Expected: expected,
		Got:     Measured(unit.Quantity{Value: float64(requested) / expected, Unit: unit.Ratio}),
		Limit:   Measured(unit.Quantity{Value: offeredSlow, Unit: unit.Ratio}),
		Outcome: Warn, Shown: true,
		Remedy: "look for slow endpoints, and for steps whose \"when\" is false; use more users for the planned load",
	}
	c.Reason = fmt.Sprintf("%s of %s planned requests were made (%s): the service was slower than the think times allow for, or steps were left out",
		unit.Grouped(requested), unit.Grouped(int64(expected)), c.Got)
	return []Check{c}
}
