package diagnose

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// lateGenerator is a generator that made a part of what is too slow itself: as
// much as its lag is of the largest excess, or as many requests above their
// limits as were only late, or as ended while the kernel held it.
func lateGenerator(e *evidence.Run, x *surplus) []verdict.Cause {
	signs := append(evidence.Lateness(e), evidence.Strained(e)...)
	if len(signs) == 0 || !x.any() {
		return nil
	}
	var lag, behind, held size
	if e.Generator.Measured && x.largest > 0 {
		lag = size{min(1, float64(e.Generator.Lag)/x.largest), OfSlow, true}
	}
	all := sum(x.slow)
	if x.behind > 0 {
		behind = size{min(1, x.behind/all.over), OfSlow, true}
	}
	in := counted{}
	for slot, c := range x.slow {
		if e.Generator.Held[slot] {
			in = in.plus(c)
		}
	}
	if in.all < always*all.all { // else nothing is left to compare with
		held = beyondChance(in.over/all.over, in.all/max(all.all, 1), OfSlow)
	}
	_, remedy := e.Generator.Blame()
	var evidence []string
	for _, s := range signs {
		evidence = append(evidence, s.Reason)
	}
	c, _ := sized(verdict.Cause{
		Title: "the generator may be the reason", Evidence: strings.Join(evidence, "; "),
		Next: remedy + "; until then the service may be faster than the figures say",
	}, lag, behind, held)
	if !c.Size.OK {
		return nil
	}
	return []verdict.Cause{c}
}

// ownMachine is a generator whose machine had nothing left to call with: of the
// failures, those are its own, and no others.
func ownMachine(e *evidence.Run, _ *surplus) []verdict.Cause {
	if !e.Generator.Exhausted {
		return nil
	}
	var own, all int64
	for _, ep := range e.Endpoints {
		for _, f := range ep.Failures {
			if f.Kind.Sent() {
				all += f.Count
			}
			if f.Kind == metric.Refused && strings.HasPrefix(f.Detail, evidence.ThisMachine) {
				own += f.Count
			}
		}
	}
	c, _ := sized(verdict.Cause{
		Title: "the generator's machine ran out of descriptors or ports",
		Evidence: fmt.Sprintf("%s of %s failures are connections that its own machine refused", unit.Grouped(own),
			unit.Grouped(all)),
		Next: evidence.ExhaustedRemedy,
	}, size{float64(own) / float64(max(all, 1)), OfFailed, all > 0})
	return []verdict.Cause{c}
}
