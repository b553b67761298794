package gate

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
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
	when := fmt.Sprintf("for %s at %s", unit.Of(first.Length), unit.Clock(first.At))
	if n := len(e.Standstills); n > 1 {
		when = fmt.Sprintf("%d times, for %s in all, the first time at %s",
			n, unit.Of(all), unit.Clock(first.At))
	}
	checks := []verdict.Check{{
		Subject: "generator", Outcome: verdict.Warn, Shown: true, Got: verdict.Measured(unit.Of(all)),
		Reason: fmt.Sprintf(
			"the generator stood still %s: it was stopped, or its machine slept; these seconds are left out",
			when),
		Remedy: "keep its machine awake, and let nothing stop loadgate; run again if much of the run is missing",
	}}
	if left := e.Ran(e.Window); e.Window.Length > 0 &&
		float64(left) < (1-estimate.StandstillMost)*float64(e.Window.Length) {
		checks = append(checks, verdict.Check{
			Subject: "run", Remedy: "run it again, on a machine that stays awake",
			Reason: fmt.Sprintf("the generator ran in only %s of %s: too little was measured", unit.Of(left),
				unit.Of(e.Window.Length)),
		})
	}
	return checks
}
