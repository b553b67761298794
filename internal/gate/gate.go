// Package gate judges: everything that happened and was promised goes in, a
// Verdict comes out. It reads no clock, no file and no chance, and it never
// passes what was not measured.
package gate

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/diagnose"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/verdict"
)

// rules lists what is asked of a run, in the order of the verdict: first
// whether it can be judged at all, then whether it kept what was promised.
var rules = []func(*evidence.Run) []verdict.Check{
	evidence.Unreadable,
	standstills,
	Empty,
	Ending,
	untimed,
	shards,
	foreign,
	Silence,
	outages,
	freezes,
	Exhaustion,
	lateness,
	strained,
	load,
	addresses,
	dropped,
	breaking,
	settling,
	drifting,
	unguarded,
	unsent,
	probeCost,
	limits,
	Resources,
	watchedOnly,
	regress.Compare,
}

// Judge is the verdict on a run. It depends on nothing but its input, which
// it does not change, and the same input always gives the same verdict; the
// order of the result's endpoints does not matter. What was not measured, or
// not promised, is Inconclusive, never a pass. Safe for concurrent use.
func Judge(in evidence.Input) verdict.Verdict {
	if in.Result == nil || in.Config == nil {
		return verdict.Verdict{Checks: []verdict.Check{{
			Subject: "run", Because: reason.NothingToJudge.Plain(),
		}}}
	}
	e := evidence.Gather(in)
	e.Stages = stagesOf(e)
	if in.Result.Planned.Smoke {
		return judgeSmoke(e)
	}
	v := verdict.Verdict{Undecided: in.Config.Judge.Inconclusive, Stages: e.Stages}
	for _, rule := range rules {
		v.Checks = append(v.Checks, rule(e)...)
	}
	v.Next = next(e, v)
	v.Excepted = evidence.Excepted(e, func(r config.Rule) bool {
		return evidence.Limiting(r) ||
			evidence.Comparing(r)
	}, true)
	if !in.Ongoing {
		v.Causes = diagnose.Diagnose(e, v.Checks)
	}
	return v
}
