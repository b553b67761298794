package evidence

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Run is a run laid out for judging. It lives for one call of Judge.
type Run struct {
	Result       *result.Result
	Config       *config.Config
	Alpha        float64         // 1 minus the confidence
	Strict       *Run            // the same at alpha by the number of looks; nil: one look
	Window       estimate.Window // the measured time
	Ongoing      bool
	Summed       bool // another tool kept figures only: there is no time in them
	Endpoints    []*result.Endpoint
	Transactions []*result.Endpoint // transactions: no requests of their own
	Generator    Generator
	Absentees    []config.Rule  // about loads of the profile that the run has not
	ByUsers      []config.Rule  // about some groups of users; Config has only the others
	apart        *result.Result // with rows for groups of their own
	Damaged      []string       // endpoints, or parts of the run, with unreadable histograms
	tallies      map[tallyKey]*estimate.Tally
	waited       map[*result.Endpoint]waits
	// Standstills are when the generator did not run, and Still the slots that are left out
	// because of them.
	Standstills []estimate.Standstill
	Still       map[int]bool
	Watchers    []*watcher
	Looks       map[int]bool // slots in which a probe of loadgate may have blocked the service
	Outages     []Outage
	Freezes     []Freeze
	Stages      []verdict.Stage // of a load in stages, once they are judged; nil before
	Past        *baseline.Past
	// Second is the confirmation run; nil: there was none, or it cannot be used, and then
	// Unconfirmed says why.
	Second      *Run
	Unconfirmed reason.Reason
}

// Stretch is the run as if a window were all there is of it: without start steps, and without
// what happened to the whole run, which shows in its own seconds.
func (e *Run) Stretch(w estimate.Window) *Run {
	alone := *e
	if w != e.Window {
		alone.Outages, alone.Freezes = nil, nil
	}
	alone.Window, alone.Strict, alone.tallies = w, nil, map[tallyKey]*estimate.Tally{}
	alone.Endpoints = slices.DeleteFunc(slices.Clone(e.Endpoints),
		func(ep *result.Endpoint) bool { return ep.Once.Any() })
	return &alone
}

// ByName orders endpoints; start and end steps come after a step of their name.
func ByName(a, b *result.Endpoint) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Once.String(), b.Once.String()))
}

// BoolCompare orders false before true.
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

// Names are the names of its members, in their order.
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

// with is both groups, each endpoint once.
func (g Group) with(other Group) Group {
	all := slices.Concat(g, other)
	slices.SortStableFunc(all, ByName)
	return slices.Compact(all)
}

// Steps are the members that are not asked before the run.
func (g Group) Steps() Group {
	return slices.DeleteFunc(slices.Clone(g), func(ep *result.Endpoint) bool { return ep.Once.Any() })
}

// Starts says whether all are start steps.
func (g Group) Starts() bool {
	for _, ep := range g {
		if !ep.Once.Any() {
			return false
		}
	}
	return len(g) > 0
}

// Where is the stretch of time in which a group's latencies and failures are
// judged. Start steps are sent when users start, so that is their stretch,
// warm-up included: parts of the run in which no user could start would say
// nothing.
func (e *Run) Where(g Group) estimate.Window {
	if g.Starts() {
		return estimate.Span(e.Result, g)
	}
	return e.Window
}

// WhereRate is the same for rates, whose zeros count.
func (e *Run) WhereRate(g Group) estimate.Window {
	if g.Starts() {
		return estimate.Parted(e.Result.Whole())
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
		if ep.Once.Any() {
			sum += ep.Expected
		} else {
			sum += ep.Expected * progress(e)
		}
	}
	return sum
}

// progress is the part of the planned measured time that was there, in [0,1].
func progress(e *Run) float64 {
	planned := e.Result.Planned.Duration - e.Window.Start()
	if planned <= 0 {
		return 1
	}
	return min(1, float64(e.Ran(e.Window))/float64(planned))
}

// Ran is how much of a window the generator ran.
func (e *Run) Ran(w estimate.Window) time.Duration {
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
		if ep.Name == name && !ep.Once.Any() {
			return ep
		}
	}
	return &result.Endpoint{Name: name}
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

// tallyKey is what a tally of one endpoint depends on.
type tallyKey struct {
	endpoint *result.Endpoint
	window   estimate.Window
	clock    estimate.Clock
}

func (e *Run) slots() estimate.Slots {
	return estimate.Slots{First: e.Window.First, Still: e.Still, Held: e.Generator.Held, Looks: e.Looks}
}

// Tally adds a group up in a window. Endpoints come by name, so floating-point
// sums do not depend on the order of the document.
func (e *Run) Tally(g Group, w estimate.Window, c estimate.Clock) *estimate.Tally {
	if len(g) == 1 {
		key := tallyKey{g[0], w, c}
		if e.tallies[key] == nil {
			t, err := e.slots().Count(g[0], w, c)
			if err != nil {
				e.damage(g[0].Name)
			}
			e.tallies[key] = t
		}
		return e.tallies[key]
	}
	sum := e.slots().Empty(w)
	for _, ep := range g {
		sum.Add(e.Tally(Group{ep}, w, c))
	}
	return sum
}

// Medians are the natural logarithms of the median latencies, in nanoseconds,
// of equal slots of the measured time; NaN where there is none.
func (e *Run) Medians(ep *result.Endpoint, slots int) []float64 {
	medians := make([]float64, slots)
	for i := range medians {
		medians[i] = math.NaN()
	}
	if w := e.Window.InParts(slots); e.Window.Slots > 0 {
		copy(medians, e.Tally(Group{ep}, w, estimate.Intended).LogMedians())
	}
	return medians
}

func (e *Run) damage(name string) {
	if !slices.Contains(e.Damaged, name) {
		e.Damaged = append(e.Damaged, name)
	}
}

// waits is what arrivals at an endpoint waited, by slot of the window.
type waits struct {
	bySlot [][]stat.Wait
	All    []stat.Wait
}
