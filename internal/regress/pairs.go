package regress

import (
	"fmt"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
	"slices"
)

// PairsInput is slices of one load on two targets, in pairs: A[i] and B[i] were
// run one after the other. B is judged, A is what it is compared with.
type PairsInput struct {
	A, B   []*result.Result
	Config *config.Config
}

// pairsRule is what the comparison is called in place of a rule.
const pairsRule = "B against A"

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
	v.Checks, v.Excepted = append(v.Checks, compared...), d.all[1][0].Excepted(evidence.Comparing, true)
	return v
}

// duel is the pairs laid out for judging.
type duel struct {
	config       *config.Config
	profile      string
	all          [2][]*evidence.Run // of every slice, by side
	pairs        [][2]*evidence.Run // whole ones
	names        []string           // of endpoints, start steps left out
	transactions []string           // of transactions
}

func newDuel(in PairsInput) *duel {
	d := &duel{config: in.Config, profile: in.A[0].Profile}
	for side, runs := range [2][]*result.Result{in.A, in.B} {
		for _, r := range runs {
			d.all[side] = append(d.all[side], evidence.Gather(evidence.Input{Result: r, Config: in.Config}))
		}
	}
	for i := range min(len(in.A), len(in.B)) {
		if in.A[i].End == result.Complete && in.B[i].End == result.Complete {
			d.pairs = append(d.pairs, [2]*evidence.Run{d.all[0][i], d.all[1][i]})
		}
	}
	a, b := d.all[0][0], d.all[1][0]
	d.names, d.transactions = namesWith(a, b, false), namesWith(a, b, true)
	return d
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

func ended(e result.End) string {
	if e == result.Interrupted {
		return "interrupted"
	}
	return "cut short"
}

// overrun says whether the generator was at its end in more than half of the
// slices, so that no difference is the service's for sure.
func (d *duel) overrun() bool {
	n := 0
	for _, pair := range d.pairs {
		for _, e := range pair {
			if e.Generator.Overrun() {
				n++
			}
		}
	}
	return n > len(d.pairs)
}
