// Package diagnose looks for causes: what in a run explains that it was slow or failed, with
// the share that it explains. Causes change no outcome.
package diagnose

import (
	"cmp"
	"slices"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/verdict"
)

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
