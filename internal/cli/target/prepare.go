package target

import (
	"context"
	"io"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/unit"
)

// Prepare waits for the target, sets it up and tries every step once. Counter finds out, once
// it is ready, whether its database counts statements; nil: they are not counted.
func (t *Target) Prepare(ctx context.Context, w io.Writer, noTry bool,
	counter func(context.Context) StatementCounter) error {
	console.Print(w, "waiting for %s", t.Plan.Config.Target.Public())
	if err := t.Wait(ctx, w); err != nil {
		return t.WithHint(ctx, err)
	}
	if counter != nil {
		t.Statements = counter(ctx)
	}
	if n := len(t.Plan.Config.Setup); n > 0 && !t.Plan.Config.Drafted && !t.kept {
		console.Print(w, "setup: %s", unit.Counted(n, "step"))
	}
	if err := t.CheckReviewed(); err != nil && len(t.Plan.Config.Setup) > 0 {
		return err
	}
	if _, err := t.SetUp(ctx); err != nil {
		return t.WithHint(ctx, err)
	}
	if t.Plan.Try && !noTry {
		e := engine.Engine{Dial: t.Dial, Statements: t.Statements, Setup: t.Setup}
		attempts := e.TryOut(ctx, t.Plan, false)
		t.Tried = engine.Repeated(attempts)
		if err := checkTryOut(w, attempts, ctx.Err()); err != nil {
			return t.WithHint(ctx, err)
		}
	}
	return t.CheckReviewed()
}
