package gate

import (
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// next is what would decide an inconclusive verdict: what makes the run one that
// can be judged, or else the duration at which all of its limits would likely be
// decided, or what another limit needs.
func next(e *evidence.Run, v verdict.Verdict) reason.Reason {
	if v.Outcome() != verdict.Inconclusive {
		return reason.Reason{}
	}
	longest, other, probe := time.Duration(0), reason.Reason{}, reason.Reason{}
	for _, c := range v.Checks {
		switch {
		case c.Outcome != verdict.Inconclusive:
		case c.AboutRun() && c.Comparison == nil:
			return c.Advice()[0]
		case c.Probed:
			probe = c.Advice()[0]
		case c.Decides > 0:
			longest = max(longest, c.Decides)
		case !other.Given():
			other = c.Advice()[0]
		}
	}
	if probe.Given() { // a longer run would be disturbed as much
		return probe
	}
	if longest > 0 {
		return instead(e, reason.RunToDecide, longest)
	}
	return other
}
