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
	whole bool // of a run of several loads as a whole, not of each
}

// rules lists what is asked of a run, in the order of the verdict: first
// whether it can be judged at all, then whether it kept its limits.
var rules = []question{
	{evidence.Unreadable, true, false},
	{standstills, true, true},
	{Empty, true, false},
	{Ending, true, true},
	{untimed, true, true},
	{emptied, true, true},
	{shards, true, true},
	{unread, false, true},
	{walked, false, false},
	{unfinished, false, true},
	{foreign, false, true},
	{Unresponsive, true, false},
	{outages, true, false},
	{freezes, false, false},
	{Exhaustion, true, true},
	{lateness, false, true},
	{overloaded, false, true},
	{load, false, false},
	{addresses, true, true},
	{dropped, false, false},
	{breaking, false, false},
	{settling, false, false},
	{drifting, false, false},
	{unguarded, false, false},
	{unsent, true, false},
	{probeCost, false, true},
	{limits, false, false},
	{unruled, false, true},
	{Resources, false, true},
	{watchedOnly, false, true},
	{tornDown, true, true},
	{regress.Compare, false, false},
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
	if len(in.Result.Planned.Loads) > 0 {
		return judgeLoads(in)
	}
	return judgeOne(in, func(question) bool { return true })
}

// judgeOne is the verdict on one load, by some of the questions.
func judgeOne(in evidence.Input, asked func(question) bool) verdict.Verdict {
	e := evidence.Gather(in)
	e.Stages = stagesOf(e)
	if in.Result.Planned.Smoke {
		return judgeSmoke(e, ask(e, asked))
	}
	v := verdict.Verdict{Undecided: in.Config.Judge.Inconclusive, Stages: e.Stages, Checks: ask(e, asked)}
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

// ask makes the checks of some questions; of a smoke run only those that it has.
func ask(e *evidence.Run, asked func(question) bool) []verdict.Check {
	var checks []verdict.Check
	for _, rule := range rules {
		if asked(rule) && (rule.smoke || !e.Result.Planned.Smoke) {
			checks = append(checks, rule.ask(e)...)
		}
	}
	return checks
}
