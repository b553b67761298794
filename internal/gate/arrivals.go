package gate

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/unit"
)

// Shares of the arrivals that may be missing: more is a flag against the
// generator (statistics, section 8), and much more is another load.
const (
	droppedFlag = 0.001
	droppedMost = 1 - offeredLate
)

// arrivals are those of an open load in the measured time.
type arrivals struct{ due, missing int64 }

func (a arrivals) share() float64 { return float64(a.missing) / float64(max(a.due, 1)) }

// arrived counts what was due; what the generator never came to is counted in
// the drain.
func (e *evidence) arrived() arrivals {
	var a arrivals
	for _, m := range e.result.Timeline {
		if e.still[m.Slot] {
			continue
		}
		if e.window.Holds(m.Slot) || m.Slot >= e.window.First && !e.window.apart {
			a.due, a.missing = a.due+m.Offered, a.missing+m.Dropped
		}
	}
	return a
}

// dropped asks whether an open load was made. What is missing of it is the
// slowest part of what the service would have shown: whoever came when all
// users waited for answers was never measured.
func dropped(e *evidence) []Check {
	a := e.generator.arrivals
	if a.share() <= droppedFlag {
		return nil
	}
	seconds := e.window.Length.Seconds()
	perSecond := func(n int64) string {
		return unit.Quantity{Value: float64(n) / seconds, Unit: unit.PerSecond}.String()
	}
	c := Check{
		Subject: "offered load", Requests: a.due - a.missing, Expected: float64(a.due),
		Got: Measured(share(1 - a.share())), Limit: Measured(share(1 - droppedFlag)),
	}
	asked := fmt.Sprintf("asked for %s and sent %s: %s of %s arrivals were dropped",
		perSecond(a.due), perSecond(a.due-a.missing),
		unit.Grouped(a.missing), unit.Grouped(a.due))
	if g := e.generator; g.late() || len(g.strains) > 0 {
		was, remedy := g.blame()
		c.Reason, c.Remedy = fmt.Sprintf("the generator was %s, while it was %s", asked, was), remedy
	} else {
		c.Reason = fmt.Sprintf("the generator was %s, while all of its %d users were waiting for answers",
			asked, e.result.Planned.MaxUsers)
		c.Remedy = "the service is slower than this rate allows for: lower the rate, or raise max_users to see how " +
			"slow it gets"
	}
	if a.share() <= droppedMost {
		c.Outcome, c.Shown = Warn, true
	}
	return []Check{c}
}
