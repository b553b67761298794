package diagnose

import (
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/verdict"
)

// sized gives a cause the larger of its sizes, in requests above their limits and
// in failures; false where the run has neither, and nothing can be explained.
func sized(c verdict.Cause, sizes ...size) (verdict.Cause, bool) {
	for _, s := range sizes {
		if s.ok && (!c.Size.OK || s.share > c.Size.Value) {
			c.Size, c.Of = verdict.Measured(evidence.Share(s.share)), s.of
		}
	}
	return c, c.Size.OK
}

// observed is the cause with its size, where the run has something to explain;
// else it is an observation.
func observed(c verdict.Cause, sizes ...size) verdict.Cause {
	c, _ = sized(c, sizes...)
	return c
}

// fact is a cause that is reported even if it explains little: below fewestExplained it becomes
// an observation without a size.
func fact(c verdict.Cause, sizes ...size) verdict.Cause {
	if with, ok := sized(c, sizes...); ok && with.Size.Value >= fewestExplained {
		return with
	}
	return c
}

// fewestExplained is the share of the excess from which a cause is named.
const fewestExplained = 0.2
