// Package evidence lays a run out for judging: counts, times and their intervals by endpoint
// and by second, when the generator or the service stood still, what failed together, and
// what the readings say. It decides nothing about limits.
package evidence

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Input is everything a verdict rests on.
type Input struct {
	Result *result.Result
	Config *config.Config
	// Past is the earlier runs that the result is compared with where the file
	// asks for it; nil: the run is not at its end and compared with none.
	Past *baseline.Past
	// Confirmation is the second run that was made because the first one looked
	// slower than earlier ones; nil: there was none.
	Confirmation *result.Result
	// Ongoing is set while the run goes on: it is judged by its requests alone,
	// since half of a gauge's readings say nothing of all, and causes are looked
	// for at its end.
	Ongoing bool
}

// Run is a run laid out for judging. It lives for one call of Judge.
type Run struct {
	Result       *result.Result
	Config       *config.Config
	Alpha        float64 // 1 minus the confidence
	Strict       *Run    // the same at alpha by the number of looks; nil: one look
	Window       Window  // the measured time
	Ongoing      bool
	Summed       bool // another tool kept figures only: there is no time in them
	Endpoints    []*result.Endpoint
	Transactions []*result.Endpoint // transactions: no requests of their own
	Generator    Generator
	Damaged      []string // endpoints, or parts of the run, with unreadable histograms
	Tallies      map[TallyKey]*Tally
	waited       map[*result.Endpoint]waits
	// Standstills are when the generator did not run, and still the slots that
	// are left out for it.
	Standstills []standstill
	Still       map[int]bool
	Watchers    []*watcher
	Looks       map[int]bool // slots in which a probe of loadgate may have blocked the service
	Outages     []Outage
	Freezes     []Freeze
	Stages      []verdict.Stage // of a load in stages, once they are judged; nil before
	Past        *baseline.Past
	// Second is the confirmation run; nil: there was none that can be used, and
	// then unconfirmed says why, if there was one.
	Second      *Run
	Unconfirmed string
}

// Gather lays out a run: endpoints by name, so that their order in the
// document decides nothing, and those of the file that the document does not
// know as endpoints without a request.
func Gather(in Input) *Run {
	e := &Run{
		Result:  in.Result,
		Config:  in.Config,
		Alpha:   0.05,
		Past:    in.Past,
		Window:  Parted(in.Result.Measured()),
		Tallies: map[TallyKey]*Tally{},
		waited:  map[*result.Endpoint]waits{},
		Summed:  in.Result.Summarised(),
		Ongoing: in.Ongoing,
	}
	if e.Summed {
		e.Window.parts = 1
	}
	e.Standstills, e.Still = e.standstillsOf()
	if c := in.Config.Judge.Confidence; c > 0 && c < 1 {
		e.Alpha = 1 - c
	}
	for i := range in.Result.Endpoints {
		e.Endpoints = append(e.Endpoints, &in.Result.Endpoints[i])
	}
	for i := range in.Result.Transactions {
		e.Transactions = append(e.Transactions, &in.Result.Transactions[i])
	}
	e.addUnknown()
	slices.SortStableFunc(e.Endpoints, ByName)
	slices.SortStableFunc(e.Transactions, ByName)
	for _, ep := range e.Endpoints {
		e.Tally(Group{ep}, e.Window, Intended)
	}
	e.Generator = e.watch()
	e.Watchers = e.watchersOf()
	e.Looks = e.probed()
	e.Outages, e.Freezes = e.outagesOf(), e.freezesOf()
	if looks := in.Result.Planned.Looks; looks > 1 {
		strict := *e
		strict.Alpha /= float64(looks)
		e.Strict = &strict
	}
	if in.Confirmation != nil {
		e.confirm(Gather(Input{Result: in.Confirmation, Config: in.Config}))
	}
	return e
}

// confirm takes in the confirmation run, if it can confirm anything.
func (e *Run) confirm(second *Run) {
	switch {
	case second.Result.End != result.Complete:
		e.Unconfirmed = "did not come to its end"
	case second.Generator.Unfit() && !second.Generator.Excusable():
		was, _ := second.Generator.Blame()
		e.Unconfirmed = "says nothing: its generator was " + was
	default:
		e.Second = second
	}
}

// addUnknown adds the endpoints that the file would ask and the result never
// heard of: judged by another file than the one it was run with, they are not
// measured, and a wildcard must not pass over them.
func (e *Run) addUnknown() {
	for _, g := range e.Config.Groups {
		for _, step := range slices.Concat(g.Start, g.Steps) {
			known := func(ep *result.Endpoint) bool { return ep.Name == step.Endpoint && ep.Start == step.Start }
			if !slices.ContainsFunc(e.Endpoints, known) {
				e.Endpoints = append(e.Endpoints, &result.Endpoint{Name: step.Endpoint, Start: step.Start})
			}
		}
	}
	for _, t := range e.Config.Transactions {
		if !slices.ContainsFunc(e.Transactions, func(ep *result.Endpoint) bool { return ep.Name == t.Name }) {
			e.Transactions = append(e.Transactions, &result.Endpoint{Name: t.Name})
		}
	}
}

// ByName orders endpoints; a start step comes after a step of its name.
func ByName(a, b *result.Endpoint) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), BoolCompare(a.Start, b.Start))
}

func BoolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// Group is one endpoint, or several judged together, by name.
type Group []*result.Endpoint

func (g Group) Names() []string {
	names := make([]string, len(g))
	for i, ep := range g {
		names[i] = ep.Name
	}
	return names
}

// Meets says whether two groups have an endpoint in common.
func (g Group) Meets(other Group) bool {
	return slices.ContainsFunc(g, func(ep *result.Endpoint) bool { return slices.Contains(other, ep) })
}

// Steps are the members that are not asked before the run.
func (g Group) Steps() Group {
	return slices.DeleteFunc(slices.Clone(g), func(ep *result.Endpoint) bool { return ep.Start })
}

// Starts says whether all are start steps.
func (g Group) Starts() bool {
	for _, ep := range g {
		if !ep.Start {
			return false
		}
	}
	return len(g) > 0
}

// Where is the stretch of time in which a group's latencies and failures are
// judged. Start steps are sent when users start, so that is their stretch,
// warm-up included: parts of the run in which no user could start would say
// nothing.
func (e *Run) Where(g Group) Window {
	if g.Starts() {
		return span(e.Result, g)
	}
	return e.Window
}

// WhereRate is the same for rates, whose zeros count.
func (e *Run) WhereRate(g Group) Window {
	if g.Starts() {
		return Parted(e.Result.Whole())
	}
	return e.Window
}

// Expected is the number of requests that the plan expects of the group in
// the time that was measured; 0: unknown, as it is of one stage.
func (e *Run) Expected(g Group) float64 {
	if e.Window.Apart {
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
func (e *Run) progress() float64 {
	planned := e.Result.Planned.Duration - e.Window.Start()
	if planned <= 0 {
		return 1
	}
	return min(1, float64(e.Ran(e.Window))/float64(planned))
}

// Ran is how much of a window the generator ran.
func (e *Run) Ran(w Window) time.Duration {
	length := w.Length
	for slot := range e.Still {
		if w.Holds(slot) {
			length -= w.Slot
		}
	}
	return max(0, length)
}

// Find is an endpoint, or transaction, by its name; one without a request where
// there is none.
func (e *Run) Find(name string, transaction bool) *result.Endpoint {
	list := e.Endpoints
	if transaction {
		list = e.Transactions
	}
	for _, ep := range list {
		if ep.Name == name && !ep.Start {
			return ep
		}
	}
	return &result.Endpoint{Name: name}
}

func Rise(share float64) string {
	return unit.Quantity{Value: math.Round(1000*share) / 1000, Unit: unit.Ratio}.String()
}

// Known is how many of the values are numbers.
func Known(values []float64) int {
	n := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}

// Mean is that of the numbers among the values; NaN without any.
func Mean(values []float64) float64 {
	sum, n := 0.0, 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}

// Requests counts requests in words.
func Requests(n int64) string {
	if n == 1 {
		return "1 request"
	}
	return unit.Grouped(n) + " requests"
}
