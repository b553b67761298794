package regress

import (
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// JudgePairs is the verdict on side B: statistics, section 4.1. Like Judge it
// depends on nothing but its input, and what was not measured is Inconclusive.
// Limits of the file are not asked: they are no promises about a few seconds.
func JudgePairs(in PairsInput) verdict.Verdict {
	v := verdict.Verdict{}
	if in.Config != nil {
		v.Undecided = in.Config.Judge.Inconclusive
	}
	if in.Config == nil || len(in.A) == 0 || len(in.B) == 0 {
		v.Checks = []verdict.Check{{Subject: "pairs", Reason: "there is no pair of slices, or nothing to judge it by",
			Remedy: "let both sides run"}}
		return v
	}
	d := newDuel(in)
	v.Checks = append(v.Checks, d.health()...)
	if len(d.pairs) < stat.MinPairs {
		v.Checks = append(v.Checks, verdict.Check{
			Subject: "pairs", Reason: fmt.Sprintf("%d whole pairs of slices, and a comparison needs %d",
				len(d.pairs), stat.MinPairs),
			Remedy: "run more pairs: --pairs 10",
		})
		return v
	}
	v.Checks = append(v.Checks, d.failures()...)
	metrics := reported()
	for _, m := range comparedMetrics(d.all[0][0]) {
		if !slices.Contains(metrics, m) {
			metrics = append(metrics, m) // that only the file names
		}
	}
	var compared []verdict.Check
	for _, m := range metrics {
		compared = append(compared, d.compare(m)...)
	}
	evidence.Recall(compared, evidence.EndedComparison(d.config, d.profile, d.transactions))
	v.Checks, v.Excepted = append(v.Checks, compared...), evidence.Excepted(d.all[1][0], evidence.Comparing, true)
	return v
}

// health says what is to be known of the slices before they are compared.
func (d *duel) health() []verdict.Check {
	var checks []verdict.Check
	for side, name := range [2]string{"A", "B"} {
		late, strained := 0, ""
		for i, e := range d.all[side] {
			if len(e.Damaged) > 0 {
				checks = append(checks, evidence.Unreadable(e)...)
			}
			switch e.Result.End {
			case result.Complete:
			case result.Lost:
				c := verdict.Check{
					Subject: "side " + name, Remedy: "see why it went away: its log, its memory, its restarts",
					Reason: fmt.Sprintf("stopped answering in slice %d, %s after it began",
						i+1, unit.Of(e.Result.Elapsed)),
				}
				if side == 1 {
					c.Outcome, c.Shown = verdict.Fail, true
				}
				checks = append(checks, c)
			default:
				checks = append(checks, verdict.Check{
					Subject: "side " + name, Reason: fmt.Sprintf("slice %d was %s: judged on the pairs before it",
						i+1, ended(e.Result.End)),
					Remedy: "run it again to its end",
				})
			}
			if e.Generator.Unfit() {
				late++
				was, _ := e.Generator.Blame()
				strained = was
			}
		}
		if late > 0 {
			checks = append(checks, verdict.Check{
				Subject: "generator on side " + name, Outcome: verdict.Warn, Shown: true,
				Reason: fmt.Sprintf("the generator was %s in %d of %d slices", strained, late, len(d.all[side])),
				Remedy: evidence.LateRemedy,
			})
		}
	}
	return checks
}
