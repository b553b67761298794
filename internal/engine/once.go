package engine

import (
	"context"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// SetUp sends the setup steps of a plan, one after the other, each again as its retry says. It ends at the first that
// fails, which is the last of the attempts; Values are those captured so far. Of a drafted file only GET and HEAD are
// sent, here and in TearDown.
func (e *Engine) SetUp(ctx context.Context, p *plan.Plan) ([]Attempt, Values) {
	return e.once(ctx, p, plan.SetupUser(p), true)
}

// TearDown sends the teardown steps, each whatever became of the others. One that reads a value which setup did not
// capture is not sent: there is nothing that it could remove.
func (e *Engine) TearDown(ctx context.Context, p *plan.Plan) []Attempt {
	attempts, _ := e.once(ctx, p, plan.TeardownUser(p), false)
	return attempts
}

// once sends the steps of a user beside the run.
func (e *Engine) once(ctx context.Context, p *plan.Plan, u plan.User, stops bool) (attempts []Attempt, v Values) {
	steps := map[*plan.Step]*step{}
	prepareGroup(steps, p, u.Group)
	l := &load{Engine: e, plan: p, steps: steps, start: time.Now(),
		recorder: measure.NewRecorder(len(u.Group.Steps), 1)}
	w := newVirtualUser(l, u)
	defer w.doer.Close()
	v.All = map[string]any{}
	for i := range u.Group.Steps {
		s := &u.Group.Steps[i]
		if ctx.Err() != nil {
			break
		}
		failed, before := false, len(attempts)
		w.forEach(s, func() bool {
			if len(attempts) > before && ctx.Err() != nil {
				attempts[len(attempts)-1].Left++
				return true
			}
			a := w.try(ctx, s)
			attempts = append(attempts, a)
			failed = stops && a.Failure != metric.OK
			return !failed
		})
		if len(attempts) == before {
			attempts = append(attempts, emptyAttempt(w.Group, s))
		}
		if failed {
			break
		}
	}
	for _, s := range u.Group.Steps {
		for _, c := range s.Capture {
			if value, ok := w.env.Get(c.Name); ok {
				v.All[c.Name] = value
			}
		}
	}
	v.Secret = slices.Sorted(slices.Values(w.private))
	return attempts, v
}
