package regress

import (
	"slices"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

// JudgePairs is the verdict on side B: statistics, section 4.1. Like gate.Judge it
// depends on nothing but its input, and what was not measured is Inconclusive.
// Limits of the file are not asked: they are no promises about a few seconds.
func JudgePairs(in PairsInput) verdict.Verdict {
	v := verdict.Verdict{}
	if in.Config != nil {
		v.Undecided = in.Config.Judge.Inconclusive
	}
	if in.Config == nil || len(in.A) == 0 || len(in.B) == 0 {
		v.Checks = []verdict.Check{{Subject: "pairs", Because: reason.PairsMissing.Plain()}}
		return v
	}
	d := newDuel(in)
	v.Checks = append(v.Checks, d.health()...)
	if len(d.pairs) < stat.MinPairs {
		v.Checks = append(v.Checks, verdict.Check{
			Subject: "pairs",
			Because: reason.PairsTooFew.With(reason.Args{"pairs": len(d.pairs), "needed": stat.MinPairs}),
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
		late := 0
		var was, remedies []reason.Reason
		for i, e := range d.all[side] {
			if len(e.Damaged) > 0 {
				checks = append(checks, evidence.Unreadable(e)...)
			}
			switch e.Result.End {
			case result.Complete:
			case result.Lost:
				c := verdict.Check{
					Subject: "side " + name,
					Because: reason.SideSilent.With(reason.Args{"slice": i + 1, "after": e.Result.Elapsed}),
				}
				if side == 1 {
					c.Outcome, c.Shown = verdict.Fail, true
				}
				checks = append(checks, c)
			default:
				code := reason.SliceCut
				if e.Result.End == result.Interrupted {
					code = reason.SliceInterrupted
				}
				checks = append(checks, verdict.Check{
					Subject: "side " + name, Because: code.With(reason.Args{"slice": i + 1}),
				})
			}
			if e.Generator.Unfit() {
				late++
				was, remedies = e.Generator.Blame()
			}
		}
		if late > 0 {
			checks = append(checks, verdict.Check{
				Subject: "generator on side " + name, Outcome: verdict.Warn, Shown: true,
				Because: reason.GeneratorSlices.With(reason.Args{
					"was": was, "slices": late, "of": len(d.all[side]),
				}),
				Remedies: remedies,
			})
		}
	}
	return checks
}
