package capacity

import (
	"slices"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// levelFlag is one flag against the generator over the levels of a search.
type levelFlag struct {
	flag  evidence.Overload // of the level where it was worst
	worst float64
	least unit.Quantity
	loads []float64 // at which it was raised
}

// flagNotes tells the flags against the generator at the levels that the answer
// rests on, each with where it was raised: a flag that is there at the lowest
// level too was not raised by the load. They are warnings, whatever the levels
// came to. The generators are those of the runs, by their numbers.
func flagNotes(l verdict.Levels, makers []evidence.Generator) []reason.Reason {
	held, holds := l.Held()
	broken, breaks := l.Broken()
	var all []levelFlag
	matters := map[string]bool{}
	for _, level := range l {
		for _, run := range level.Runs {
			for _, flag := range flags(makers[run.Run-1]) {
				all = withFlag(all, flag, level.Load)
				if (!holds || level.Load >= held.Load) && (!breaks || level.Load <= broken.Load) {
					matters[flag.Subject] = true
				}
			}
		}
	}
	var notes []reason.Reason
	for _, d := range all {
		if matters[d.flag.Subject] {
			notes = append(notes, d.note(l))
		}
	}
	return notes
}

// flags are what speaks against the generator.
func flags(g evidence.Generator) []evidence.Overload {
	var flags []evidence.Overload
	if g.Behind() {
		flags = append(flags, evidence.Overload{
			Subject: "generator lag (p99)", Got: unit.Of(g.Lag),
			Because: reason.GeneratorSentLate.With(reason.Args{"lag": g.Lag}),
		})
	}
	return append(flags, g.Overloads...)
}

func withFlag(all []levelFlag, flag evidence.Overload, load float64) []levelFlag {
	at := slices.IndexFunc(all, func(d levelFlag) bool { return d.flag.Subject == flag.Subject })
	if at < 0 {
		return append(all, levelFlag{flag: flag, worst: load, least: flag.Got, loads: []float64{load}})
	}
	d := &all[at]
	if flag.Got.Value > d.flag.Got.Value {
		d.flag, d.worst = flag, load
	}
	if flag.Got.Value < d.least.Value {
		d.least = flag.Got
	}
	if !slices.Contains(d.loads, load) {
		d.loads = append(d.loads, load)
	}
	return all
}

// note is the flag where it was worst, and where it was raised.
func (d levelFlag) note(l verdict.Levels) reason.Reason {
	args := reason.Args{"flag": d.flag.Because, "load": verdict.LoadOf(d.worst, l[0].Runs[0].Open)}
	switch {
	case len(l) == 1, len(d.loads) == 1:
	case len(d.loads) < len(l):
		args["raised"], args["levels"] = len(d.loads), len(l)
	case d.least == d.flag.Got || d.least.String() == d.flag.Got.String():
		return reason.FlaggedEverywhere.With(args)
	default:
		args["least"] = d.least
	}
	return reason.FlaggedAt.With(args)
}
