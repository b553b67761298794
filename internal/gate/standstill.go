package gate

import (
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// standstills tells of a generator that did not run for a while. Its seconds are
// left out of every figure.
func standstills(e *evidence.Run) []verdict.Check {
	if len(e.Standstills) == 0 {
		return nil
	}
	all, first := time.Duration(0), e.Standstills[0]
	for _, s := range e.Standstills {
		all += s.Length
	}
	args := reason.Args{"length": all, "at": first.At}
	if n := len(e.Standstills); n > 1 {
		args["times"] = n
	}
	checks := []verdict.Check{{
		Subject: "generator", Outcome: verdict.Warn, Shown: true, Got: verdict.Measured(unit.Of(all)),
		Because: reason.GeneratorStoodStill.With(args),
	}}
	if left := e.Ran(e.Window); e.Window.Length > 0 &&
		float64(left) < (1-estimate.StandstillMost)*float64(e.Window.Length) {
		checks = append(checks, verdict.Check{
			Subject: "run",
			Because: reason.RunMostlyMissing.With(reason.Args{"ran": left, "measured": e.Window.Length}),
		})
	}
	return checks
}
