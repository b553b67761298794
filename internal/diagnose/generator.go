package diagnose

import (
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// lateGenerator is a generator that made a part of what is too slow itself: as
// much as its lag is of the largest excess, or as many requests above their
// limits as were only late, or as ended while the kernel held it.
func lateGenerator(e *evidence.Run, x *surplus) []verdict.Cause {
	signs := e.Generator.Signs()
	if len(signs) == 0 || !x.any() {
		return nil
	}
	var lag, behind, held size
	if e.Generator.Measured && x.largest > 0 {
		lag = size{min(1, float64(e.Generator.Lag)/x.largest), verdict.OfSlow, true}
	}
	all := sum(x.slow)
	if x.behind > 0 {
		behind = size{min(1, x.behind/all.over), verdict.OfSlow, true}
	}
	in := counted{}
	for slot, c := range x.slow {
		if e.Generator.Held[slot] {
			in = in.plus(c)
		}
	}
	if in.all < always*all.all { // else nothing is left to compare with
		held = beyondChance(in.over/all.over, in.all/max(all.all, 1), verdict.OfSlow)
	}
	_, remedies := e.Generator.Blame()
	c, _ := sized(verdict.Cause{
		Because:  reason.GeneratorUnfit.With(reason.Args{"signs": signs}),
		Remedies: append(remedies, reason.FasterThanFigures.Plain()),
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
			if evidence.OwnMachine(f) {
				own += f.Count
			}
		}
	}
	c, _ := sized(verdict.Cause{
		Because: reason.GeneratorMachine.With(reason.Args{"refused": own, "failures": all}),
	}, size{float64(own) / float64(max(all, 1)), verdict.OfFailed, all > 0})
	return []verdict.Cause{c}
}
