package diagnose

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
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
func saturation(e *evidence.Run, x *surplus) []verdict.Cause {
	var stages []verdict.Stage
	for _, s := range e.Stages {
		if s.Rate.OK && s.P50.OK && s.Rate.Value > 0 &&
			(len(stages) == 0 || s.Load() > stages[len(stages)-1].Load()) {
			stages = append(stages, s)
		}
	}
	for j, b := range stages {
		for _, a := range slices.Backward(stages[:j]) {
			load, served := b.Load()/a.Load(), b.Rate.Value/a.Rate.Value
			if load < saturatedLevel || served-1 > saturatedGain*(load-1) ||
				b.P50.Value < saturatedLatency*a.P50.Value {
				continue
			}
			c := verdict.Cause{
				Because: reason.Saturation.With(reason.Args{
					"before": verdict.LoadOf(a.Load(), a.Open), "load": verdict.LoadOf(b.Load(), b.Open),
					"served_before": a.Rate.Quantity, "served": b.Rate.Quantity,
					"median_before": a.P50.Quantity, "median": b.P50.Quantity,
				}),
				Also: scalability(stages),
			}
			if b.Run == 0 { // a stage of this run, and no run of a search
				c = observed(c, beside(x.slow,
					func(slot int) bool { return time.Duration(slot)*e.Window.Slot >= b.From }, verdict.OfSlow))
			}
			return []verdict.Cause{c}
		}
	}
	return nil
}

// scalability is what the law of that name says of the stages; nothing where it
// does not fit.
func scalability(stages []verdict.Stage) []reason.Reason {
	var n, x []float64
	for _, s := range stages {
		if s.Mean.OK {
			// Little's law: how many at once
			n, x = append(n, s.Rate.Value*time.Duration(s.Mean.Value).Seconds()), append(x, s.Rate.Value)
		}
	}
	fit, ok := stat.FitScalability(n, x)
	if !ok || math.IsInf(fit.Most(), 0) {
		return nil
	}
	args := reason.Args{"stages": len(n), "most": unit.Quantity{Value: fit.Most(), Unit: unit.PerSecond}}
	if peak := fit.Peak(); !math.IsInf(peak, 0) {
		args["at"] = int64(math.Round(peak))
	}
	return []reason.Reason{reason.Scalability.With(args)}
}

// cacheUse is a cache that was cold, or that does not help.
func cacheUse(e *evidence.Run, x *surplus) []verdict.Cause {
	var found []verdict.Cause
	for i := range e.Result.Resources {
		r := &e.Result.Resources[i]
		if r.Kind != metric.Ratio || !strings.Contains(strings.ToLower(r.Name+" "+r.Read), "hit") {
			continue
		}
		var grew, of [3]float64
		for _, reading := range r.Readings {
			if reading.Measured() && reading.At >= e.Window.Start() {
				third := thirdOf(e, reading.At)
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
			cold := func(slot int) bool { return thirdOf(e, time.Duration(slot)*e.Window.Slot) == 0 }
			found = append(found, observed(verdict.Cause{
				Because: reason.CacheCold.With(reason.Args{
					"cache": r.Name, "first": evidence.Share(first), "last": evidence.Share(last),
				}),
			}, beside(x.slow, cold, verdict.OfSlow)))
		case usual < 0.5 && x.slowness():
			found = append(found, verdict.Cause{
				Because: reason.CacheUseless.With(reason.Args{
					"cache": r.Name, "share": evidence.Share(usual), "lookups": int64(all),
				}),
			})
		}
	}
	return found
}

// keptWait is how many requests make an endpoint worth a word about its
// connections.
const keptWait = 50

// keepAlive is a connection that does not last from one request to the next.
func keepAlive(e *evidence.Run, _ *surplus) []verdict.Cause {
	var all, connects, retries int64
	closed := int64(0) // by users, at the end of a stream or a WebSocket
	for _, ep := range e.Endpoints {
		t := e.Tally(evidence.Group{ep}, e.Window, estimate.Intended)
		for _, s := range ep.Slots {
			if e.Window.Holds(s.Slot) {
				connects, retries = connects+s.Connects, retries+s.Retries
			}
		}
		all += t.Requests
		if streamed(e, ep) {
			closed += t.Requests
		}
	}
	connects = max(0, connects-closed)
	switch {
	case all < keptWait:
	case float64(retries) >= noted*float64(all):
		return []verdict.Cause{{
			Because: reason.KeepAliveShort.With(reason.Args{"retries": retries, "requests": all}),
		}}
	case float64(connects) >= 0.5*float64(all) && e.Result.Planned.Rate == 0:
		return []verdict.Cause{{
			Because: reason.ConnectionsShort.With(reason.Args{"requests": all, "connects": connects}),
		}}
	}
	return nil
}

// streamed says whether an answer of an endpoint is read as a stream, or begins a WebSocket: both end with their
// connection.
func streamed(e *evidence.Run, ep *result.Endpoint) bool {
	for step := range e.Config.Steps() {
		if (step.Stream != nil || step.Talk != nil) && step.Endpoint == ep.Name {
			return true
		}
	}
	return false
}

// thirdOf is a part of the measured time.
func thirdOf(e *evidence.Run, at time.Duration) int {
	if e.Window.Length <= 0 {
		return 0
	}
	return min(max(int(3*(at-e.Window.Start())/e.Window.Length), 0), 2)
}
