package gate

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// What counts as saturation, from one stage to a higher one: the throughput
// grows by less than a third of what the load does, and the latency rises.
const (
	saturatedGain    = 1.0 / 3
	saturatedLatency = 1.5
	saturatedLevel   = 1.2
)

// saturation is a service that queues: more load, no more throughput, and longer
// times. Over four stages or more the universal scalability law says where that
// ends.
func saturation(e *evidence, _ []Check) []Cause {
	var stages []Stage
	for _, s := range e.stages {
		if s.Rate.OK && s.P50.OK && s.Rate.Value > 0 && (len(stages) == 0 || s.Height() > stages[len(stages)-1].Height()) {
			stages = append(stages, s)
		}
	}
	for j, b := range stages {
		for _, a := range slices.Backward(stages[:j]) {
			load, served := b.Height()/a.Height(), b.Rate.Value/a.Rate.Value
			if load < saturatedLevel || served-1 > saturatedGain*(load-1) || b.P50.Value < saturatedLatency*a.P50.Value {
				continue
			}
			return []Cause{{
				Title: "the service is saturated at " + b.Level(),
				Evidence: fmt.Sprintf("from %s to %s the throughput went from %s to %s, and the median from %s to %s: requests queue%s",
					a.Level(), b.Level(), a.Rate, b.Rate, a.P50, b.P50, scalability(stages)),
				Next: "look at what runs out first: processors, workers, connections of a pool, a lock; more load only lengthens the queue",
			}}
		}
	}
	return nil
}

// scalability is what the law of that name makes of the stages; empty where it
// does not fit.
func scalability(stages []Stage) string {
	var n, x []float64
	for _, s := range stages {
		if s.Mean.OK {
			n, x = append(n, s.Rate.Value*time.Duration(s.Mean.Value).Seconds()), append(x, s.Rate.Value) // Little's law: how many at once
		}
	}
	fit, ok := stat.FitScalability(n, x)
	if !ok || math.IsInf(fit.Most(), 0) {
		return ""
	}
	text := fmt.Sprintf("; the universal scalability law, fitted to %d stages, sees no more than %s", len(n), unit.Quantity{Value: fit.Most(), Unit: unit.PerSecond})
	if peak := fit.Peak(); !math.IsInf(peak, 0) {
		text += fmt.Sprintf(", with %.0f requests at once", peak)
	}
	return text
}

// nearlyAll is the share of a pool from which it is exhausted.
const nearlyAll = 0.95

// poolExhausted is a pool whose connections are all in use.
func poolExhausted(e *evidence, _ []Check) []Cause {
	var found []Cause
	for i := range e.result.Resources {
		r := &e.result.Resources[i]
		name := strings.ToLower(r.Name + " " + r.Read)
		if r.Unit != unit.Ratio || r.Kind != metric.Level || !strings.Contains(name, "connection") && !strings.Contains(name, "pool") {
			continue
		}
		full, looked := 0, 0
		for _, reading := range r.Readings {
			if reading.Measured() && reading.At >= e.window.start() {
				looked++
				if *reading.Value >= nearlyAll {
					full++
				}
			}
		}
		if full < 2 || float64(full) < 0.1*float64(looked) {
			continue
		}
		found = append(found, Cause{
			Title:    r.Name + ": exhausted",
			Evidence: fmt.Sprintf("%d of %d readings are at %s or more%s", full, looked, share(nearlyAll), e.waitsFor("pool")),
			Next:     "look for transactions that stay open while something else is waited for, and for slow queries; enlarge the pool only then",
		})
	}
	return found
}

// waitsFor is how long answers said that they waited for something; empty where
// they do not tell.
func (e *evidence) waitsFor(name string) string {
	var sum time.Duration
	var n int64
	for _, ep := range e.endpoints {
		for _, t := range ep.Server {
			if strings.Contains(strings.ToLower(t.Name), name) {
				sum, n = sum+t.Time, n+t.Requests
			}
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; by their Server-Timing requests waited %s for it on average", unit.Of(sum/time.Duration(n)))
}

// cacheUse is a cache that was cold, or that does not help.
func cacheUse(e *evidence, checks []Check) []Cause {
	var found []Cause
	for i := range e.result.Resources {
		r := &e.result.Resources[i]
		if r.Kind != metric.Ratio || !strings.Contains(strings.ToLower(r.Name+" "+r.Read), "hit") {
			continue
		}
		var grew, of [3]float64
		for _, reading := range r.Readings {
			if reading.Measured() && reading.At >= e.window.start() {
				third := e.thirdOf(reading.At)
				grew[third], of[third] = grew[third]+reading.Grew, of[third]+reading.Of
			}
		}
		all := of[0] + of[1] + of[2]
		if of[0] == 0 || of[2] == 0 {
			continue
		}
		first, last, usual := grew[0]/of[0], grew[2]/of[2], (grew[0]+grew[1]+grew[2])/all
		switch {
		case last-first >= 0.2:
			found = append(found, Cause{
				Title:    r.Name + ": cold at first",
				Evidence: fmt.Sprintf("%s of look-ups found their key in the first third of the measured time, %s in the last", share(first), share(last)),
				Next:     "write a longer warm_up, or warm the cache before the load; the figures hold its filling",
			})
		case usual < 0.5 && slow(checks):
			found = append(found, Cause{
				Title:    r.Name + ": of little use",
				Evidence: fmt.Sprintf("%s of %s look-ups found their key", share(usual), unit.Grouped(int64(all))),
				Next:     "look at what is cached, for how long, and whether its keys repeat",
			})
		}
	}
	return found
}
