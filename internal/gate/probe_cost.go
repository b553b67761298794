package gate

import (
	"strings"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// probeCost warns of probes that are a part of the load.
func probeCost(e *evidence.Run) []verdict.Check {
	var checks []verdict.Check
	for _, w := range e.Places() {
		if w.Usual <= w.Every/evidence.SlowProbe {
			continue
		}
		args := reason.Args{"took": w.Usual, "every": w.Every}
		if apart := w.Apart(); apart > w.Every {
			args["apart"] = apart
		}
		checks = append(checks, verdict.Check{
			Subject: "probe " + strings.Join(w.Names, ", "), Outcome: verdict.Warn,
			Shown: true, Got: verdict.Measured(unit.Of(w.Usual)),
			Limit:   verdict.Measured(unit.Of(w.Every / evidence.SlowProbe)),
			Because: reason.ProbeCost.With(args),
		})
	}
	return append(checks, disturbed(e)...)
}

// disturbed warns where requests are slower in the seconds in which a probe is read.
func disturbed(e *evidence.Run) []verdict.Check {
	var checks []verdict.Check
	for _, w := range e.Watchers {
		if !w.Disturbs {
			continue
		}
		checks = append(checks, verdict.Check{
			Subject: "probes", Outcome: verdict.Warn, Shown: true,
			Because: reason.ProbeDisturbs.With(reason.Args{
				"slower": w.Slower, "probes": w.Names, "within": w.Within, "without": w.Without,
			}),
		})
	}
	return checks
}
