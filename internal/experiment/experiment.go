// Package experiment decides what is run and how often: once, ended early when a
// look has decided, gone on with a little longer while a rule is undecided, once
// more where the first run looks slower than earlier ones, in pairs of slices on
// two targets, or at one level of load after another. It judges nothing itself.
package experiment

import (
	"context"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Once runs the plan once into r, its empty result, and judges it, compared with
// past; nil: against no earlier runs. Unless the file says no it ends early when
// a limit is broken beyond doubt; with judge.extend it goes on, once, while a
// limit is undecided.
func Once(ctx context.Context, run Machine, p *plan.Plan, r *result.Result,
	past *baseline.Past) (verdict.Verdict, error) {
	err := run(ctx, Hooks{
		Looks: p.Looks(),
		Look:  func(r *result.Result) bool { return decided(p, r) },
		More:  func(r *result.Result) time.Duration { return extension(p, r) },
	}, p, r)
	return gate.Judge(evidence.Input{Result: r, Config: p.Config, Past: past}), err
}

// Confirm runs the plan of a run that looks slower than earlier ones once more,
// into again, the empty result of p.Again, and judges both. It is not ended
// early, and goes on as long as the first did: it has to be what that was.
func Confirm(ctx context.Context, run Machine, p *plan.Plan,
	r, again *result.Result, past *baseline.Past) (verdict.Verdict, error) {
	asLong := func(*result.Result) time.Duration { return max(0, r.Planned.Duration-p.Duration) }
	err := run(ctx, Hooks{More: asLong}, p.Again(), again)
	return gate.Judge(evidence.Input{Result: r, Config: p.Config, Past: past, Confirmation: again}), err
}

// decided says whether a look finds a limit broken beyond doubt, or, where the
// file asks for it, every limit shown to hold.
func decided(p *plan.Plan, r *result.Result) bool {
	v := soFar(p, r)
	switch v.Outcome() {
	case verdict.Fail:
		return p.Config.Judge.StopOnFail
	case verdict.Pass:
		return p.Config.Judge.StopOnPass
	}
	return false
}

// extension is by how much a finished run is extended: by the measured time times
// judge.extend minus one if a limit is undecided that more requests may decide,
// else not at all. A shard is never extended, since the others would not be; nor
// are stages, since a longer last stage is another load; nor is a smoke run.
func extension(p *plan.Plan, r *result.Result) time.Duration {
	factor := p.Config.Judge.Extend
	if factor <= 1 || !p.Shard.Whole() || p.Loads != nil || p.Bounded() || len(p.Stages) > 0 || p.Smoke {
		return 0
	}
	for _, c := range soFar(p, r).Checks {
		if !c.AboutRun() && c.Outcome == verdict.Inconclusive && c.Requests > 0 {
			return time.Duration(float64(p.Measured()) * (factor - 1)).Round(result.SlotLength)
		}
	}
	return 0
}

// soFar judges a run that goes on. That it has not said that it ended is no
// finding.
func soFar(p *plan.Plan, r *result.Result) verdict.Verdict {
	seen := *r
	seen.End = result.Stopped
	return gate.Judge(evidence.Input{Result: &seen, Config: p.Config, Ongoing: true})
}
