package experiment

import (
	"context"
	"time"

	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// Hooks are what an experiment asks of a run while it goes on. The zero value asks nothing. They are never
// called at the same time.
type Hooks struct {
	Looks []time.Duration // since the start, ascending: when Look is asked
	// Look says whether the run has said enough.
	Look func(r *result.Result) (stop bool)
	// More is asked once, when the planned time is up: by how much to go on.
	More func(r *result.Result) time.Duration
}

// Machine makes the run of a plan, fills r, the plan's empty result, and asks hooks meanwhile. It is one
// engine, or many on as many machines.
type Machine func(ctx context.Context, hooks Hooks, p *plan.Plan, r *result.Result) error

// OnEngine is the machine of one engine in this process. Its looks are those of the experiment.
func OnEngine(e engine.Engine) Machine {
	return func(ctx context.Context, hooks Hooks, p *plan.Plan, r *result.Result) error {
		e := e
		e.InterimLooks, e.InterimLook, e.More = hooks.Looks, hooks.Look, hooks.More
		return e.Run(ctx, p, r)
	}
}
