package diagnose

import (
	"math"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// ownProbe is a probe of loadgate that the service stands still for.
func ownProbe(e *evidence.Run, x *surplus) []verdict.Cause {
	var found []verdict.Cause
	for _, w := range e.Watchers {
		if !w.Disturbs || !w.Slow() || !x.any() {
			continue
		}
		all, in := sum(x.slow), counted{}
		for slot, c := range x.slow {
			if w.Actual[slot] {
				in = in.plus(c)
			}
		}
		c, ok := sized(verdict.Cause{
			Because: reason.OwnProbeBlocks.With(reason.Args{
				"place": w.Place, "took": w.Usual, "every": w.Apart(), "gauges": w.Names,
				"within": int64(math.Round(in.over)), "slow": int64(math.Round(all.over)),
				"share": evidence.Share(in.all / max(all.all, 1)),
			}),
		}, x.within(func(slot int) bool { return w.Actual[slot] })...)
		if ok {
			found = append(found, c)
		}
	}
	return found
}
