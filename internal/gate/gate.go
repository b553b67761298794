// Package gate judges: everything that happened and the limits go in, a
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

// A question is what is asked of a run.
type question struct {
	ask   func(*evidence.Run) []verdict.Check
	smoke bool // of a smoke run too, which judges failures alone
}

// rules lists what is asked of a run, in the order of the verdict: first
// whether it can be judged at all, then whether it kept its limits.
var rules = []question{
	{evidence.Unreadable, true},
	{standstills, true},
	{Empty, true},
	{Ending, true},
	{untimed, true},
	{emptied, true},
	{shards, true},
	{unread, false},
	{walked, false},
	{foreign, false},
	{Unresponsive, true},
	{outages, true},
	{freezes, false},
	{Exhaustion, true},
	{lateness, false},
	{overloaded, false},
	{load, false},
	{addresses, true},
	{dropped, false},
	{breaking, false},
	{settling, false},
	{drifting, false},
	{unguarded, false},
	{unsent, true},
	{probeCost, false},
	{limits, false},
	{Resources, false},
	{watchedOnly, false},
	{tornDown, true},
	{regress.Compare, false},
}

// Judge is the verdict on a run. It depends on nothing but its input, which
// it does not change, and the same input always gives the same verdict; the
// order of the result's endpoints does not matter. What was not measured, or
// has no limit, is Inconclusive, never a pass. Safe for concurrent use.
func Judge(in evidence.Input) verdict.Verdict {
	if in.Result == nil || in.Config == nil {
		return verdict.Verdict{Checks: []verdict.Check{{
			Subject: "run", Because: reason.NothingToJudge.Plain(),
		}}}
	}
	e := evidence.Gather(in)
	e.Stages = stagesOf(e)
	if in.Result.Planned.Smoke {
		return judgeSmoke(e, ask(e, true))
	}
	v := verdict.Verdict{Undecided: in.Config.Judge.Inconclusive, Stages: e.Stages, Checks: ask(e, false)}
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

// ask makes the checks of the rules; of a smoke run only those of the rules that it has.
func ask(e *evidence.Run, smoke bool) []verdict.Check {
	var checks []verdict.Check
	for _, rule := range rules {
		if rule.smoke || !smoke {
			checks = append(checks, rule.ask(e)...)
		}
	}
	return checks
}
