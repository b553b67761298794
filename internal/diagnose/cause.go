// Package diagnose looks for causes: what in a run explains that it was slow or failed, with
// the share that it explains. Causes change no outcome.
package diagnose

import (
	"cmp"
	"fmt"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/verdict"
	"slices"
)

// fewestExplained is the share of the excess from which a cause is named.
const fewestExplained = 0.2

// causes lists what is looked for. Of two that explain as much, the first comes
// first.
var causes = []func(*evidence.Run, *surplus) []verdict.Cause{
	misfit,
	Limiter,
	ownProbe,
	dependencyGone,
	ownMachine,
	heldConnections,
	poolExhausted,
	boundProcess,
	stalls,
	saturation,
	slowing,
	dataGrowth,
	manyQueries,
	databaseCost,
	cacheUse,
	lateGenerator,
	errorsBegan, // where nothing before explains them
	leaks,
	keepAlive,
}

// Diagnose looks for causes once everything is judged: those that explain the
// most of the excess first, and observations after them.
func Diagnose(e *evidence.Run, checks []verdict.Check) []verdict.Cause {
	if e.Summed {
		return nil // there is nothing but figures
	}
	x := exceeding(e, checks)
	var found []verdict.Cause
	for _, look := range causes {
		for _, c := range look(e, x) {
			if c.Size.OK && c.Size.Value < fewestExplained {
				continue
			}
			if c.Size.OK {
				c.Evidence += fmt.Sprintf("; it explains %s of the %s", c.Size, c.Of)
				x.explained[c.Of] = max(x.explained[c.Of], c.Size.Value)
			}
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b verdict.Cause) int {
		return cmp.Or(evidence.BoolCompare(b.Size.OK, a.Size.OK), cmp.Compare(b.Size.Value, a.Size.Value))
	})
	return found
}

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

// fact is a cause that is worth a word whatever it explains: too small to be
// named for its size, it is an observation.
func fact(c verdict.Cause, sizes ...size) verdict.Cause {
	if with, ok := sized(c, sizes...); ok && with.Size.Value >= fewestExplained {
		return with
	}
	return c
}
