package evidence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Generator is what is known of the machine that made the load: the run is
// judged before the service is. The flags are those of statistics, section 8.
type Generator struct {
	Lag       time.Duration   // p99 of actual send minus intended start
	Allowed   time.Duration   // max(5 ms, a tenth of the median latency)
	Measured  bool            // Lag is known
	Lost      float64         // share of the users' time that went by in being late
	Exhausted bool            // it ran out of descriptors or ports
	Arrivals  arrivals        // of an open load
	Strains   []verdict.Check // signs that its process was short of something
	was       []string        // what they come to, in words
	Held      map[int]bool    // slots whose answers were read late because the kernel held it still
}

// Flagged says whether anything speaks against the generator.
func (g Generator) Flagged() bool {
	return g.Late() || len(g.Strains) > 0 || g.Arrivals.Share() > DroppedFlag
}

// Late says whether the generator may have slowed down what it measured.
func (g Generator) Late() bool { return g.Exhausted || g.Measured && g.Lag > g.Allowed }

// Overrun says whether so much of the load was not made, by a generator that was
// late or short of something, that it ran on a machine at its end. Then it reads
// answers late too, and from the send a service looks as slow as it does.
func (g Generator) Overrun() bool {
	return (g.Late() || len(g.Strains) > 0) && (g.Lost > 1-OfferedLate || g.Arrivals.Share() > DroppedMost)
}

// Unfit says whether the generator, and not the service, may have been slower
// than in another run.
func (g Generator) Unfit() bool { return g.Late() || g.Overrun() }

// Blame is what the generator was, and what to do about it.
func (g Generator) Blame() (was, remedy string) {
	switch {
	case g.Exhausted:
		return "out of file descriptors or ports", ExhaustedRemedy
	case len(g.was) == 0 && !g.Late() && g.Arrivals.Share() > DroppedFlag:
		return "out of users", usersRemedy
	case len(g.was) == 0:
		return "late", LateRemedy
	case g.Late():
		return "late and " + g.was[0], g.Strains[0].Remedy
	}
	return g.was[0], g.Strains[0].Remedy
}

// What to do about a generator that is too weak, or that is kept from calling.
const (
	ExhaustedRemedy = "raise its limits (ulimit -n), lower the load, or split the run into shards"
	usersRemedy     = "lower the rate, or raise max_users"
	LateRemedy      = "give the generator more CPU, lower the load, or split the run into shards"
)

// ThisMachine begins every detail of a connection that the generator's own
// machine refused: client.NoDescriptors and NoPorts, and what they were called
// in older documents.
const ThisMachine = "this machine "

func (e *Run) watch() Generator {
	g := Generator{Allowed: 5 * time.Millisecond}
	var lag hist.Latency
	walked := 0.0 // users times nanoseconds
	for _, m := range e.Result.Timeline {
		if m.Slot < e.Window.First || e.Still[m.Slot] {
			continue
		}
		if err := m.Lag.Into(&lag); err != nil {
			e.damage("timeline")
		}
		walked += float64(m.Users) * float64(e.Window.Slot)
	}
	g.Lag, g.Measured = lag.Quantile(0.99)
	if mean, ok := lag.Mean(); ok && walked > 0 && e.Result.Planned.Rate == 0 {
		g.Lost = float64(mean) * float64(lag.Count()) / walked
	}
	g.Arrivals = e.Arrived()
	var all hist.Latency
	for _, ep := range e.Endpoints {
		all.Merge(&e.Tally(Group{ep}, e.Window, Intended).Latency)
		for _, f := range ep.Failures {
			if f.Kind == metric.Refused && strings.HasPrefix(f.Detail, ThisMachine) {
				g.Exhausted = true
			}
		}
	}
	median, ok := all.Quantile(0.5)
	if ok {
		g.Allowed = max(g.Allowed, median/10)
	}
	o := own{slot: e.Window.Slot, median: median}
	g.Held = map[int]bool{}
	for _, m := range e.Result.Timeline {
		if held(m.Generator) {
			g.Held[m.Slot], g.Held[m.Slot+1] = true, true // what was kept waiting ends in the next one
		}
		if m.Generator != nil && e.Window.Holds(m.Slot) {
			o.readings = append(o.readings, m.Generator)
		}
	}
	g.Strains, g.was = o.strains()
	return g
}

// Lateness warns of a generator that fell behind its own timetable.
func Lateness(e *Run) []verdict.Check {
	g := e.Generator
	if !g.Measured || g.Lag <= g.Allowed {
		return nil
	}
	return []verdict.Check{{
		Subject: "generator lag (p99)",
		Got:     verdict.Measured(unit.Of(g.Lag)),
		Limit:   verdict.Measured(unit.Of(g.Allowed)),
		Outcome: verdict.Warn, Shown: true,
		Reason: fmt.Sprintf("the generator was late: 1 request in 100 was sent more than %s after its time",
			unit.Of(g.Lag)),
		Remedy: "give it more CPU, run nothing else on its machine, lower the load, or split the run into shards",
	}}
}

// Strained tells the signs.
func Strained(e *Run) []verdict.Check { return e.Generator.Strains }

// Shares of the load below which a run says something else than planned.
const (
	OfferedLate = 0.95
	OfferedSlow = 0.80
)

// Waiting is the share of the users' time in which they waited for answers,
// failures included, from the send on, and before they repeated failed requests.
func (e *Run) Waiting(steps Group) float64 {
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
			if s.Slot >= e.Window.First && !e.Still[s.Slot] {
				add(s.Sent())
				add(s.FailedLatency)
				waited += float64(s.Repeats) * float64(e.retryWait(ep.Name))
			}
		}
	}
	for _, m := range e.Result.Timeline {
		if m.Slot >= e.Window.First && !e.Still[m.Slot] {
			walked += float64(m.Users) * float64(e.Window.Slot)
		}
	}
	if walked == 0 {
		return 0
	}
	return min(1, waited/walked)
}

// Repeated says whether failed requests of a group were sent again.
func (e *Run) Repeated(g Group) bool {
	return slices.ContainsFunc(g, func(ep *result.Endpoint) bool {
		return slices.ContainsFunc(ep.Slots,
			func(s result.Slot) bool { return s.Slot >= e.Window.First && s.Repeats > 0 })
	})
}

// retryWait is how long users wait before they repeat a failed request of an
// endpoint that is no start step; 0: they do not.
func (e *Run) retryWait(endpoint string) time.Duration {
	for _, g := range e.Config.Groups {
		for _, step := range g.Steps {
			if step.Endpoint == endpoint {
				return step.Retry.Wait
			}
		}
	}
	return 0
}

// Excusable says whether what a late generator adds to a latency has a bound.
// One that was overrun, or out of ports, has none: then nothing is decided.
func (g Generator) Excusable() bool { return g.Late() && g.Measured && !g.Exhausted && !g.Overrun() }
