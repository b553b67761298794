package gate

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// dropped asks whether an open load was made. What is missing of it is the
// slowest part of what the service would have shown: whoever came when all
// users waited for answers was never measured.
func dropped(e *evidence.Run) []verdict.Check {
	a := e.Generator.Arrivals
	if a.Share() <= evidence.DroppedFlag {
		return nil
	}
	seconds := e.Window.Length.Seconds()
	perSecond := func(n int64) string {
		return unit.Quantity{Value: float64(n) / seconds, Unit: unit.PerSecond}.String()
	}
	c := verdict.Check{
		Subject: "offered load", Requests: a.Due - a.Missing, Expected: float64(a.Due),
		Got:   verdict.Measured(evidence.Share(1 - a.Share())),
		Limit: verdict.Measured(evidence.Share(1 - evidence.DroppedFlag)),
	}
	asked := fmt.Sprintf("asked for %s and sent %s: %s of %s arrivals were dropped",
		perSecond(a.Due), perSecond(a.Due-a.Missing),
		unit.Grouped(a.Missing), unit.Grouped(a.Due))
	if g := e.Generator; g.Late() || len(g.Strains) > 0 {
		was, remedy := g.Blame()
		c.Reason, c.Remedy = fmt.Sprintf("the generator was %s, while it was %s", asked, was), remedy
	} else {
		c.Reason = fmt.Sprintf("the generator was %s, while all of its %d users were waiting for answers",
			asked, e.Result.Planned.MaxUsers)
		c.Remedy = "the service is slower than this rate allows for: lower the rate, or raise max_users to see how " +
			"slow it gets"
	}
	if a.Share() <= evidence.DroppedMost {
		c.Outcome, c.Shown = verdict.Warn, true
	}
	return []verdict.Check{c}
}
