package gate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Cause is why a run went as it did: what was measured, and what to look at
// next. It changes no outcome.
type Cause struct {
	Title     string // a few words
	Evidence  string // what was measured; never without figures
	Next      string
	Endpoints []string // that it is about; nil: all, or none
}

// causes lists what is looked for, in the order in which it is told: what makes
// the figures mean something else comes first.
var causes = []func(e *evidence, checks []Check) []Cause{
	misfit,
	limiter,
	lateGenerator,
	stalls,
	saturation,
	poolExhausted,
	manyQueries,
	databaseCost,
	dataGrowth,
	cacheUse,
	leaks,
	keepAlive,
}

// diagnose looks for causes once everything is judged.
func (e *evidence) diagnose(checks []Check) []Cause {
	if e.summed {
		return nil // there is nothing but figures
	}
	var found []Cause
	for _, cause := range causes {
		found = append(found, cause(e, checks)...)
	}
	return found
}

// noted is the share of requests from which a kind of failure is a cause.
const noted = 0.01

// failing counts the failures with some statuses, all requests, and where most of
// them happened.
func (e *evidence) failing(statuses ...int) (failed, all int64, most result.Failure, where string) {
	for _, ep := range e.endpoints {
		for _, s := range ep.Slots {
			all += s.Requests
		}
		for _, f := range ep.Failures {
			if f.Kind != metric.Status || !slices.Contains(statuses, f.Status) {
				continue
			}
			failed += f.Count
			if f.Count > most.Count {
				most, where = f, ep.Name
			}
		}
	}
	return failed, all, most, where
}

// misfit is a scenario that asks for what the service does not have.
func misfit(e *evidence, _ []Check) []Cause {
	failed, all, most, where := e.failing(401, 403, 404, 405, 422)
	if failed == 0 || float64(failed) < noted*float64(all) {
		return nil
	}
	reason, remedy := Explain(most.Kind, most.Status, most.Detail)
	return []Cause{{
		Title: "the scenario does not fit the service", Endpoints: []string{where},
		Evidence: fmt.Sprintf("%s of %s were refused as no load would be, most with %d at %s: %s", unit.Grouped(failed), requests(all), most.Status, where, reason),
		Next:     remedy + "; what else was measured says little until then",
	}}
}

// limiter is a service that counts requests, and not one that is slow.
func limiter(e *evidence, _ []Check) []Cause {
	limited, all, most, where := e.failing(429)
	if limited == 0 || float64(limited) < noted*float64(all) {
		return nil
	}
	served := 0.0
	if seconds := e.result.Until().Seconds(); seconds > 0 {
		served = float64(all-limited) / seconds
	}
	return []Cause{{
		Title: "a rate limiter",
		Evidence: fmt.Sprintf("%s of %s (%s) were answered 429, the first at %s, most at %s; %s got through",
			unit.Grouped(limited), requests(all), share(float64(limited)/float64(all)), e.wall(most.First), where, unit.Quantity{Value: served, Unit: unit.PerSecond}),
		Next: "raise or disable it for the test, or lower the load; no latency is judged from what it turned away, and the others say nothing of capacity",
	}}
}

// lateGenerator is a generator that may be why latencies are high, or why nothing
// is decided about them.
func lateGenerator(e *evidence, checks []Check) []Cause {
	signs := append(lateness(e), strained(e)...)
	undecided := slices.ContainsFunc(checks, func(c Check) bool {
		return c.Rule != "" && !c.Resource && c.Metric.Latency() && c.Outcome == Inconclusive
	})
	if len(signs) == 0 || !undecided && !slow(checks) {
		return nil
	}
	_, remedy := e.generator.blame()
	var evidence []string
	for _, s := range signs {
		evidence = append(evidence, s.Reason)
	}
	return []Cause{{Title: "the generator may be the reason", Evidence: strings.Join(evidence, "; "), Next: remedy + "; until then the service may be faster than the figures say"}}
}

// slow says whether a limit on latency is not plainly kept, or latency moved.
func slow(checks []Check) bool {
	return slices.ContainsFunc(checks, func(c Check) bool {
		latency := c.Rule != "" && !c.Resource && c.Metric.Latency() && (c.Outcome == Fail || c.Outcome == Warn)
		return latency || c.Subject == "trend" && c.Outcome == Warn || c.Subject == "breaking point"
	})
}

// keptWait is how many requests make an endpoint worth a word about its
// connections.
const keptWait = 50

// keepAlive is a connection that does not last from one request to the next.
func keepAlive(e *evidence, _ []Check) []Cause {
	var all, connects, retries int64
	for _, ep := range e.endpoints {
		t := e.tally(group{ep}, e.window, intended)
		for _, s := range ep.Slots {
			if e.window.Holds(s.Slot) {
				connects, retries = connects+s.Connects, retries+s.Retries
			}
		}
		all += t.requests
	}
	switch {
	case all < keptWait:
	case float64(retries) >= noted*float64(all):
		return []Cause{{
			Title:    "keep-alive is shorter than think times",
			Evidence: fmt.Sprintf("%s of %s met a connection that the service had closed, and were sent again on a new one", unit.Grouped(retries), requests(all)),
			Next:     "let the service keep idle connections longer than its clients pause (uvicorn: --timeout-keep-alive); clients that do not send again see errors",
		}}
	case float64(connects) >= 0.5*float64(all) && e.result.Planned.Rate == 0:
		return []Cause{{
			Title:    "connections do not last",
			Evidence: fmt.Sprintf("%s took %s new connections after the warm-up", requests(all), unit.Grouped(connects)),
			Next:     "see whether the service or a proxy closes them (Connection: close, HTTP/1.0), or let it keep idle ones longer than the think times",
		}}
	}
	return nil
}

// leaks are what grew.
func leaks(_ *evidence, checks []Check) []Cause {
	var found []Cause
	for _, c := range checks {
		if c.Resource && c.Outcome == Warn && c.Shown && strings.HasSuffix(c.Subject, growthSuffix) {
			found = append(found, Cause{
				Title:    c.Rule + " grows with the run",
				Evidence: c.Reason,
				Next:     "compare two dumps of what the process keeps, some minutes apart; a cache without a bound looks the same",
			})
		}
	}
	return found
}

// dataGrowth is latency that rises while rows are written.
func dataGrowth(e *evidence, checks []Check) []Cause {
	at := slices.IndexFunc(checks, func(c Check) bool { return c.Subject == "trend" && c.Outcome == Warn })
	if at < 0 {
		return nil
	}
	var written int64
	var where []string
	for _, ep := range e.endpoints {
		if !strings.HasPrefix(ep.Name, "POST ") && !strings.HasPrefix(ep.Name, "PUT ") || ep.Start {
			continue
		}
		if n := e.tally(group{ep}, e.window, intended).succeeded(); n > 0 {
			written += n
			where = append(where, ep.Name)
		}
	}
	if written == 0 {
		return nil
	}
	return []Cause{{
		Title: "it may grow with the data", Endpoints: checks[at].Endpoints,
		Evidence: fmt.Sprintf("response times rose while %s rows or so were written by %s", unit.Grouped(written), strings.Join(where[:min(len(where), 3)], ", ")),
		Next:     "look for a missing index on what they write to: EXPLAIN the queries of the endpoints that rose; run it again on the same data to tell this from a leak",
	}}
}

// thirdOf is a part of the measured time.
func (e *evidence) thirdOf(at time.Duration) int {
	if e.window.Length <= 0 {
		return 0
	}
	return min(max(int(3*(at-e.window.start())/e.window.Length), 0), 2)
}
