package gate

import "github.com/loadgate/loadgate/internal/config"

// rules lists what is asked of a run, in the order of the verdict: first
// whether it can be judged at all, then whether it kept what was promised.
var rules = []func(*evidence) []Check{
	unreadable,
	standstills,
	empty,
	ending,
	untimed,
	shards,
	foreign,
	silence,
	outages,
	freezes,
	exhaustion,
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
	resources,
	watchedOnly,
	regressions,
}

// Judge is the verdict on a run. It depends on nothing but its input, which
// it does not change, and the same input always gives the same verdict; the
// order of the result's endpoints does not matter. What was not measured, or
// not promised, is Inconclusive, never a pass. Safe for concurrent use.
func Judge(in Input) Verdict {
	if in.Result == nil || in.Config == nil {
		return Verdict{Checks: []Check{{
			Subject: "run",
			Reason:  "there is no result, or nothing to judge it by",
			Remedy:  "give a result and a thresholds.yaml",
		}}}
	}
	e := gather(in)
	if in.Result.Planned.Smoke {
		return e.judgeSmoke()
	}
	v := Verdict{Undecided: in.Config.Judge.Inconclusive, Stages: e.stages}
	for _, rule := range rules {
		v.Checks = append(v.Checks, rule(e)...)
	}
	v.Next = e.next(v)
	v.Excepted = e.excepted(func(r config.Rule) bool { return limiting(r) || comparing(r) }, true)
	if !in.Ongoing {
		v.Causes = e.diagnose(v.Checks)
	}
	return v
}
