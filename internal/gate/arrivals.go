package gate

import (
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// dropped asks whether an open load was made. What is missing of it is the
// slowest part of what the service would have shown: whoever came when all
// users waited for answers was never measured.
func dropped(e *evidence.Run) []verdict.Check {
	a := e.Generator.Arrivals
	seconds := e.Window.Length.Seconds()
	if a.Share() <= evidence.DroppedFlag || seconds <= 0 {
		return nil
	}
	perSecond := func(n int64) unit.Quantity {
		return unit.Quantity{Value: float64(n) / seconds, Unit: unit.PerSecond}
	}
	c := verdict.Check{
		Subject: "offered load", Requests: a.Due - a.Missing, Expected: float64(a.Due),
		Got:   verdict.Measured(evidence.Share(1 - a.Share())),
		Limit: verdict.Measured(evidence.Share(1 - evidence.DroppedFlag)),
	}
	args := reason.Args{
		"asked": perSecond(a.Due), "sent": perSecond(a.Due - a.Missing), "missing": a.Missing, "due": a.Due,
	}
	if g := e.Generator; g.Late() || len(g.Overloads) > 0 {
		was, remedies := g.Blame()
		args["was"] = was
		c.Because, c.Remedies = reason.ArrivalsDropped.With(args), remedies
	} else {
		args["users"] = e.Result.Planned.MaxUsers
		c.Because = reason.ArrivalsDroppedWaiting.With(args)
	}
	if a.Share() <= evidence.DroppedMost {
		c.Outcome, c.Shown = verdict.Warn, true
	}
	return []verdict.Check{c}
}
