package diagnose

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/unit"
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
			Title: "loadgate's own probe blocks the service",
			Evidence: fmt.Sprintf(
				"one look at %s takes %s, every %s, for %s; %.0f of the %.0f requests above their limits "+
					"ended while it was read or just behind it, as %s of all requests did",
				w.Place, unit.Of(w.Usual), unit.Compact(w.Apart()), strings.Join(w.Names, ", "), in.over, all.over,
				evidence.Share(in.all/max(all.all, 1))),
			Next: "write a longer every, or leave it out of the test; then mend the page: whatever else reads it in " +
				"production stops the service as well",
		}, x.within(func(slot int) bool { return w.Actual[slot] })...)
		if ok {
			found = append(found, c)
		}
	}
	return found
}
