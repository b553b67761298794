// Package trial decides what is run and how often: here, once, or once and a
// little longer while a rule is undecided. It sends nothing and judges
// nothing itself.
package trial

import (
	"context"
	"time"

	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// Once runs the plan once into r, its empty result, and judges it. With
// judge.extend it goes on, once, while a limit is undecided. e.More is set by
// it; the other callbacks are the caller's.
func Once(ctx context.Context, e engine.Engine, p *plan.Plan, r *result.Result) (gate.Verdict, error) {
	e.More = func(r *result.Result) time.Duration { return extension(p, r) }
	err := e.Run(ctx, p, r)
	return gate.Judge(gate.Input{Result: r, Spec: p.Spec}), err
}

// extension is by how much a run that is up goes on: by the measured time
// times judge.extend minus one if a limit is undecided that more requests may
// decide, else not at all.
func extension(p *plan.Plan, r *result.Result) time.Duration {
	factor := p.Spec.Judge.Extend
	if factor <= 1 {
		return 0
	}
	// Seen from here the run is over: that it has not said so yet is no finding.
	seen := *r
	seen.End = result.Complete
	for _, c := range gate.Judge(gate.Input{Result: &seen, Spec: p.Spec}).Checks {
		if c.Rule != "" && c.Outcome == gate.Inconclusive && c.Requests > 0 {
			return time.Duration(float64(p.Measured()) * (factor - 1)).Round(result.SlotLength)
		}
	}
	return 0
}
