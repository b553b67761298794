package gate

import (
	"cmp"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/result"
)

// evidence is a run laid out for judging. It lives for one call of Judge.
type evidence struct {
	result       *result.Result
	config       *config.Config
	alpha        float64   // 1 minus the confidence
	strict       *evidence // the same at alpha by the number of looks; nil: one look
	window       window    // the measured time
	ongoing      bool
	summed       bool // another tool kept figures only: there is no time in them
	endpoints    []*result.Endpoint
	transactions []*result.Endpoint // transactions: no requests of their own
	generator    generator
	damaged      []string // endpoints, or parts of the run, with unreadable histograms
	tallies      map[tallyKey]*tally
	waited       map[*result.Endpoint]waits
	// standstills are when the generator did not run, and still the slots that
	// are left out for it.
	standstills []standstill
	still       map[int]bool
	watchers    []*watcher
	looks       map[int]bool // slots in which a probe of loadgate may have blocked the service
	outages     []outage
	freezes     []freeze
	stages      []Stage // of a load in stages
	past        *baseline.Past
	// second is the confirmation run; nil: there was none that can be used, and
	// then unconfirmed says why, if there was one.
	second      *evidence
	unconfirmed string
}

// gather lays out a run: endpoints by name, so that their order in the
// document decides nothing, and those of the file that the document does not
// know as endpoints without a request.
func gather(in Input) *evidence {
	e := &evidence{
		result:  in.Result,
		config:  in.Config,
		alpha:   0.05,
		past:    in.Past,
		window:  parted(in.Result.Measured()),
		tallies: map[tallyKey]*tally{},
		waited:  map[*result.Endpoint]waits{},
		summed:  in.Result.Summarised(),
		ongoing: in.Ongoing,
	}
	if e.summed {
		e.window.parts = 1
	}
	e.standstills, e.still = e.standstillsOf()
	if c := in.Config.Judge.Confidence; c > 0 && c < 1 {
		e.alpha = 1 - c
	}
	for i := range in.Result.Endpoints {
		e.endpoints = append(e.endpoints, &in.Result.Endpoints[i])
	}
	for i := range in.Result.Transactions {
		e.transactions = append(e.transactions, &in.Result.Transactions[i])
	}
	e.addUnknown()
	slices.SortStableFunc(e.endpoints, byName)
	slices.SortStableFunc(e.transactions, byName)
	for _, ep := range e.endpoints {
		e.tally(group{ep}, e.window, intended)
	}
	e.generator = e.watch()
	e.watchers = e.watchersOf()
	e.looks = e.probed()
	e.outages, e.freezes = e.outagesOf(), e.freezesOf()
	if looks := in.Result.Planned.Looks; looks > 1 {
		strict := *e
		strict.alpha /= float64(looks)
		e.strict = &strict
	}
	e.stages = e.stagesOf()
	if in.Confirmation != nil {
		e.confirm(gather(Input{Result: in.Confirmation, Config: in.Config}))
	}
	return e
}

// confirm takes in the confirmation run, if it can confirm anything.
func (e *evidence) confirm(second *evidence) {
	switch {
	case second.result.End != result.Complete:
		e.unconfirmed = "did not come to its end"
	case second.generator.unfit() && !second.generator.excusable():
		was, _ := second.generator.blame()
		e.unconfirmed = "says nothing: its generator was " + was
	default:
		e.second = second
	}
}

// addUnknown adds the endpoints that the file would ask and the result never
// heard of: judged by another file than the one it was run with, they are not
// measured, and a wildcard must not pass over them.
func (e *evidence) addUnknown() {
	for _, g := range e.config.Groups {
		for _, step := range slices.Concat(g.Start, g.Steps) {
			known := func(ep *result.Endpoint) bool { return ep.Name == step.Endpoint && ep.Start == step.Start }
			if !slices.ContainsFunc(e.endpoints, known) {
				e.endpoints = append(e.endpoints, &result.Endpoint{Name: step.Endpoint, Start: step.Start})
			}
		}
	}
	for _, t := range e.config.Transactions {
		if !slices.ContainsFunc(e.transactions, func(ep *result.Endpoint) bool { return ep.Name == t.Name }) {
			e.transactions = append(e.transactions, &result.Endpoint{Name: t.Name})
		}
	}
}

// byName orders endpoints; a start step comes after a step of its name.
func byName(a, b *result.Endpoint) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), boolCompare(a.Start, b.Start))
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// group is one endpoint, or several judged together, by name.
type group []*result.Endpoint

func (g group) names() []string {
	names := make([]string, len(g))
	for i, ep := range g {
		names[i] = ep.Name
	}
	return names
}

// meets says whether two groups have an endpoint in common.
func (g group) meets(other group) bool {
	return slices.ContainsFunc(g, func(ep *result.Endpoint) bool { return slices.Contains(other, ep) })
}

// steps are the members that are not asked before the run.
func (g group) steps() group {
	return slices.DeleteFunc(slices.Clone(g), func(ep *result.Endpoint) bool { return ep.Start })
}

// starts says whether all are start steps.
func (g group) starts() bool {
	for _, ep := range g {
		if !ep.Start {
			return false
		}
	}
	return len(g) > 0
}

// where is the stretch of time in which a group's latencies and failures are
// judged. Start steps are sent when users start, so that is their stretch,
// warm-up included: parts of the run in which no user could start would say
// nothing.
func (e *evidence) where(g group) window {
	if g.starts() {
		return span(e.result, g)
	}
	return e.window
}

// whereRate is the same for rates, whose zeros count.
func (e *evidence) whereRate(g group) window {
	if g.starts() {
		return parted(e.result.Whole())
	}
	return e.window
}

// expected is the number of requests that the plan expects of the group in
// the time that was measured; 0: unknown, as it is of one stage.
func (e *evidence) expected(g group) float64 {
	if e.window.apart {
		return 0
	}
	var sum float64
	for _, ep := range g {
		if ep.Start {
			sum += ep.Expected
		} else {
			sum += ep.Expected * e.progress()
		}
	}
	return sum
}

// progress is the part of the planned measured time that was there, in [0,1].
func (e *evidence) progress() float64 {
	planned := e.result.Planned.Duration - e.window.start()
	if planned <= 0 {
		return 1
	}
	return min(1, float64(e.ran(e.window))/float64(planned))
}

// ran is how much of a window the generator ran.
func (e *evidence) ran(w window) time.Duration {
	length := w.Length
	for slot := range e.still {
		if w.Holds(slot) {
			length -= w.Slot
		}
	}
	return max(0, length)
}
