package gate

import (
	"cmp"
	"fmt"
	"slices"
)

// Cause is why a run went as it did: what was measured, and what to look at
// next. It changes no outcome.
type Cause struct {
	Title     string // a few words
	Evidence  string // what was measured; never without figures
	Next      string
	Endpoints []string // that it is about; nil: all, or none
	// Size is the share of the excess that it explains (docs/why.md), in [0,1], and
	// Of what that is the excess of. Not OK: it is an observation, of which nobody
	// knows what it explains.
	Size Value
	Of   Excess
}

// fewestExplained is the share of the excess from which a cause is named.
const fewestExplained = 0.2

// causes lists what is looked for. Of two that explain as much, the first comes
// first.
var causes = []func(*evidence, *surplus) []Cause{
	misfit,
	limiter,
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

// diagnose looks for causes once everything is judged: those that explain the
// most of the excess first, and observations after them.
func (e *evidence) diagnose(checks []Check) []Cause {
	if e.summed {
		return nil // there is nothing but figures
	}
	x := e.exceeding(checks)
	var found []Cause
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
	slices.SortStableFunc(found, func(a, b Cause) int {
		return cmp.Or(boolCompare(b.Size.OK, a.Size.OK), cmp.Compare(b.Size.Value, a.Size.Value))
	})
	return found
}

// sized gives a cause the larger of its sizes, in requests above their limits and
// in failures; false where the run has neither, and nothing can be explained.
func (c Cause) sized(sizes ...size) (Cause, bool) {
	for _, s := range sizes {
		if s.ok && (!c.Size.OK || s.share > c.Size.Value) {
			c.Size, c.Of = Measured(share(s.share)), s.of
		}
	}
	return c, c.Size.OK
}

// observed is the cause with its size, where the run has something to explain;
// else it is an observation.
func (c Cause) observed(sizes ...size) Cause {
	c, _ = c.sized(sizes...)
	return c
}

// fact is a cause that is worth a word whatever it explains: too small to be
// named for its size, it is an observation.
func (c Cause) fact(sizes ...size) Cause {
	if with, ok := c.sized(sizes...); ok && with.Size.Value >= fewestExplained {
		return with
	}
	return c
}
