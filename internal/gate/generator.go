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
	exhausted bool          // it ran out of descriptors or ports
}

// late says whether the generator may have slowed down what it measured.
func (g generator) late() bool { return g.exhausted || g.measured && g.lag > g.allowed }

// thisMachine begins every detail of a connection that the generator's own
// machine refused: client.NoDescriptors and NoPorts, and what they were called
// in older documents.
const thisMachine = "this machine "

func (e *evidence) watch() generator {
	g := generator{allowed: 5 * time.Millisecond}
	var lag hist.Latency
	for _, m := range e.result.Timeline {
		if m.Slot < e.window.first {
			continue
		}
		if err := m.Lag.Into(&lag); err != nil {
			e.damage("timeline")
		}
	}
	g.lag, g.measured = lag.Quantile(0.99)
	var all hist.Latency
	for _, ep := range e.endpoints {
		all.Merge(&e.tally(group{ep}, e.window, intended).latency)
		for _, f := range ep.Failures {
			if f.Kind == metric.Refused && strings.HasPrefix(f.Detail, thisMachine) {
				g.exhausted = true
			}
		}
	}
	if median, ok := all.Quantile(0.5); ok {
		g.allowed = max(g.allowed, median/10)
	}
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

// Shares of the planned load below which a run says something else than
// planned. A closed loop slows down with the service, so less load alone is
// only worth a word when much is missing; with a late generator it is the
// generator that is missing.
const (
	offeredLate = 0.95
	offeredSlow = 0.80
)

// load compares the requests that were made with those that were planned.
func load(e *evidence) []Check {
	var requested int64
	var steps group
	for _, ep := range e.endpoints {
		if !ep.Start {
			requested += e.tally(group{ep}, e.window, intended).requests
			steps = append(steps, ep)
		}
	}
	expected := e.expected(steps)
	if expected <= 0 || requested == 0 || e.silenced() {
		return nil
	}
	c := Check{Subject: "offered load", Requests: requested, Expected: expected}
	offered := float64(requested) / expected
	c.Got = Measured(unit.Quantity{Value: offered, Unit: unit.Ratio})
	sent := fmt.Sprintf("%d of %.0f planned requests were made (%s)", requested, expected, c.Got)
	switch late := e.generator.late(); {
	case late && offered < offeredLate:
		c.Limit = Measured(unit.Quantity{Value: offeredLate, Unit: unit.Ratio})
		c.Reason = sent + " by a generator that was late: this is not the load that was to be judged"
		c.Remedy = "give the generator more CPU, use fewer users, or split the run into shards"
	case !late && offered < offeredSlow:
		c.Limit = Measured(unit.Quantity{Value: offeredSlow, Unit: unit.Ratio})
		c.Outcome, c.Shown = Warn, true
		c.Reason = sent + ": the service was slower than the think times allow for, or steps were left out"
		c.Remedy = "look for slow endpoints, and for steps whose \"when\" is false; use more users for the planned load"
	default:
		return nil
	}
	return []Check{c}
}
