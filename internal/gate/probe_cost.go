package gate

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/evidence"
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
		often := "every " + unit.Compact(w.Every)
		if apart := w.Apart(); apart > w.Every {
			often = fmt.Sprintf("every %s of the %s that the file asks for", unit.Of(apart), unit.Compact(w.Every))
		}
		checks = append(checks, verdict.Check{
			Subject: "probe " + strings.Join(w.Names, ", "), Outcome: verdict.Warn,
			Shown: true, Got: verdict.Measured(unit.Of(w.Usual)),
			Limit:  verdict.Measured(unit.Of(w.Every / evidence.SlowProbe)),
			Reason: fmt.Sprintf("one look takes %s, %s: reading it is a part of the load", unit.Of(w.Usual), often),
			Remedy: "write a longer every",
		})
	}
	return append(checks, e.Disturbed()...)
}

// longerEvery is what to do about what is broken only while a probe is read.
const longerEvery = "write a longer every for the probe, or leave it out of the test, and run again"
