package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
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
	arrivals  arrivals      // of an open load
	strains   []Check       // signs that its process was short of something
	was       []string      // what they come to, in words
	held      map[int]bool  // slots whose answers were read late because the kernel held it still
}

// flagged says whether anything speaks against the generator.
func (g generator) flagged() bool {
	return g.late() || len(g.strains) > 0 || g.arrivals.share() > droppedFlag
}

// late says whether the generator may have slowed down what it measured.
func (g generator) late() bool { return g.exhausted || g.measured && g.lag > g.allowed }

// overrun says whether so much of the load was not made, by a generator that was
// late or short of something, that it ran on a machine at its end. Then it reads
// answers late too, and from the send a service looks as slow as it does.
func (g generator) overrun() bool {
	return (g.late() || len(g.strains) > 0) && (g.lost > 1-offeredLate || g.arrivals.share() > droppedMost)
}

// unfit says whether the generator, and not the service, may have been slower
// than in another run.
func (g generator) unfit() bool { return g.late() || g.overrun() }

// blame is what the generator was, and what to do about it.
func (g generator) blame() (was, remedy string) {
	switch {
	case g.exhausted:
		return "out of file descriptors or ports", exhaustedRemedy
	case len(g.was) == 0 && !g.late() && g.arrivals.share() > droppedFlag:
		return "out of users", usersRemedy
	case len(g.was) == 0:
		return "late", lateRemedy
	case g.late():
		return "late and " + g.was[0], g.strains[0].Remedy
	}
	return g.was[0], g.strains[0].Remedy
}

// What to do about a generator that is too weak, or that is kept from calling.
const (
	exhaustedRemedy = "raise its limits (ulimit -n), lower the load, or split the run into shards"
	usersRemedy     = "lower the rate, or raise max_users"
	lateRemedy      = "give the generator more CPU, lower the load, or split the run into shards"
)

// thisMachine begins every detail of a connection that the generator's own
// machine refused: client.NoDescriptors and NoPorts, and what they were called
// in older documents.
const thisMachine = "this machine "

func (e *evidence) watch() generator {
	g := generator{allowed: 5 * time.Millisecond}
	var lag hist.Latency
	walked := 0.0 // users times nanoseconds
	for _, m := range e.result.Timeline {
		if m.Slot < e.window.First || e.still[m.Slot] {
			continue
		}
		if err := m.Lag.Into(&lag); err != nil {
			e.damage("timeline")
		}
		walked += float64(m.Users) * float64(e.window.Slot)
	}
	g.lag, g.measured = lag.Quantile(0.99)
	if mean, ok := lag.Mean(); ok && walked > 0 && e.result.Planned.Rate == 0 {
		g.lost = float64(mean) * float64(lag.Count()) / walked
	}
	g.arrivals = e.arrived()
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
	o := own{slot: e.window.Slot, median: median}
	g.held = map[int]bool{}
	for _, m := range e.result.Timeline {
		if held(m.Generator) {
			g.held[m.Slot], g.held[m.Slot+1] = true, true // what was kept waiting ends in the next one
		}
		if m.Generator != nil && e.window.Holds(m.Slot) {
			o.readings = append(o.readings, m.Generator)
		}
	}
	g.strains, g.was = o.strains()
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
		Reason: fmt.Sprintf("the generator was late: 1 request in 100 was sent more than %s after its time",
			unit.Of(g.lag)),
		Remedy: "give it more CPU, run nothing else on its machine, lower the load, or split the run into shards",
	}}
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
		Reason: "the generator's machine ran out of file descriptors or local ports, so part of the load never " +
			"left it",
		Remedy: exhaustedRemedy,
	}}
}

// Shares of the load below which a run says something else than planned.
const (
	offeredLate = 0.95
	offeredSlow = 0.80
)

// load asks whether the users did what was planned. What the generator took
// from them by being late is known exactly: the time by which their requests
// were late, of the time that they walked. A closed loop also slows down with
// the service; that is no fault of the run, and only worth a word when much is
// missing: what think times and answers explain is never the generator's.
func load(e *evidence) []Check {
	if e.result.Planned.Rate > 0 {
		return nil // nothing slows arrivals down: see dropped
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
	sent := fmt.Sprintf("%s of %s planned requests were made", unit.Grouped(requested), unit.Grouped(int64(expected)))
	if expected <= 0 {
		sent = fmt.Sprintf("%s were made, as many as %d users could", requests(requested), e.result.Planned.Users)
	}
	c := Check{Subject: "offered load", Requests: requested, Expected: expected}
	if offered := 1 - e.generator.lost; e.generator.flagged() && offered < offeredLate {
		_, remedy := e.generator.blame()
		c.Got, c.Limit, c.Remedy = Measured(share(offered)), Measured(share(offeredLate)), remedy
		c.Reason = fmt.Sprintf("the generator was so late that its users made only %s of their load: this is not the "+
			"load that was to be judged; %s",
			c.Got, sent)
		return []Check{c}
	}
	if expected <= 0 || requested == 0 || float64(requested) >= offeredSlow*expected || e.silenced() ||
		len(e.endedEarly()) > 0 {
		return nil // what a shard did not send to its end is neither the generator's nor the service's doing
	}
	made := float64(requested) / expected
	c.Got, c.Limit = Measured(share(made)), Measured(share(offeredSlow))
	c.Outcome, c.Shown = Warn, true
	waiting := e.waiting(steps)
	awaited := "answers"
	if e.repeated(steps) {
		awaited = "answers, and to repeat failed requests,"
	}
	c.Reason = fmt.Sprintf("%s (%s): users waited for %s for %s of their time, in which they make no other request",
		sent, c.Got, awaited, share(waiting))
	c.Remedy = "look for slow endpoints; use more users for the planned load, or arrivals (rate), which do not wait"
	switch explained := made >= offeredSlow*(1-waiting); {
	case explained:
	case e.generator.flagged():
		was, remedy := e.generator.blame()
		c.Outcome, c.Shown, c.Remedy = Inconclusive, false, remedy
		c.Reason = fmt.Sprintf("the generator was %s, and %s (%s), which waiting for answers does not explain (%s of "+
			"the users' time): this may not be the load that was to be judged",
			was, sent, c.Got, share(waiting))
	default:
		c.Reason = fmt.Sprintf("%s (%s), and waiting for answers took only %s of the users' time: steps were left out",
			sent,
			c.Got, share(waiting))
		c.Remedy = "look for steps whose \"when\" is false, or that were not sent because a step before them " +
			"captured nothing"
	}
	return []Check{c}
}

// waiting is the share of the users' time in which they waited for answers,
// failures included, from the send on, and before they repeated failed requests.
func (e *evidence) waiting(steps group) float64 {
	var waited, walked float64
	add := func(s hist.Sparse) {
		var l hist.Latency
		if s.Into(&l) != nil {
			return // the tally has told
		}
		if mean, ok := l.Mean(); ok {
			waited += float64(mean) * float64(l.Count())
		}
	}
	for _, ep := range steps {
		for _, s := range ep.Slots {
			if s.Slot >= e.window.First && !e.still[s.Slot] {
				add(s.Sent())
				add(s.FailedLatency)
				waited += float64(s.Repeats) * float64(e.retryWait(ep.Name))
			}
		}
	}
	for _, m := range e.result.Timeline {
		if m.Slot >= e.window.First && !e.still[m.Slot] {
			walked += float64(m.Users) * float64(e.window.Slot)
		}
	}
	if walked == 0 {
		return 0
	}
	return min(1, waited/walked)
}

// repeated says whether failed requests of a group were sent again.
func (e *evidence) repeated(g group) bool {
	return slices.ContainsFunc(g, func(ep *result.Endpoint) bool {
		return slices.ContainsFunc(ep.Slots,
			func(s result.Slot) bool { return s.Slot >= e.window.First && s.Repeats > 0 })
	})
}

// retryWait is how long users wait before they repeat a failed request of an
// endpoint that is no start step; 0: they do not.
func (e *evidence) retryWait(endpoint string) time.Duration {
	for _, g := range e.config.Groups {
		for _, step := range g.Steps {
			if step.Endpoint == endpoint {
				return step.Retry.Wait
			}
		}
	}
	return 0
}
