package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/result"
)

// target is a service to be loaded and the plan for it.
type target struct {
	plan  *plan.Plan
	dial  func(user int) engine.Doer
	begin func() // is told that the load begins
	hint  string // what to do where the load does not fit; empty: what the error says
	// addresses are what each address of the target's name got so far.
	addresses func() []result.Address
	close     func() error // ends the stand-in, if there is one
	// statements counts what the target's database does, once it is ready; nil:
	// nobody can tell. Tried is what it counted in the try-out.
	statements statementCounter
	tried      []result.Tried
}

// statementCounter is engine.Engine's Statements.
type statementCounter = func(context.Context) ([]result.Statement, error)

// connect reads the file and makes the plan and the client for a host; "" for
// that of the file.
func connect(env environ.Env, load loadFlags, file, host string) (*target, error) {
	p, err := load.plan(env, file, host)
	if err != nil {
		return nil, err
	}
	if err := trusted(p.Config.Target, said(load.allowed, host)); err != nil {
		return nil, err
	}
	if env.InActions() {
		if err := report.Mask(env.Stderr, p.Config.Secrets); err != nil {
			return nil, failure.CouldNotRun(fmt.Errorf("write to standard error: %w", err))
		}
	}
	c, err := targetClient(env, p.Config)
	if err != nil {
		return nil, err
	}
	if p.Config.Target.TLS.Insecure {
		say(env.Stderr,
			"warning: target.tls.insecure: the server's certificate is not checked, so anyone may answer in its place")
	}
	return &target{
		plan: p, begin: func() {}, close: func() error { return nil },
		addresses: func() []result.Address { return addressesOf(c) },
		dial:      func(user int) engine.Doer { return c.User(uint64(user) + p.Seed) },
	}, nil
}

// ready waits until the target may be loaded.
func (t *target) ready(ctx context.Context) error { return t.await(ctx, nil) }

// await waits until the target may be loaded, and tells w, if any, what it waits
// for.
func (t *target) await(ctx context.Context, w io.Writer) error {
	first := t.dial(0)
	defer first.Close()
	var told time.Duration
	return engine.Ready(ctx, t.plan.Config, first, func(look engine.Waiting) {
		if w != nil && look.Waited >= told+tellEvery {
			told = look.Waited
			say(w, "not ready yet: %s: %s (%s of %s)", look.Check, look.Cause, clock(look.Waited), clock(look.Within))
		}
	})
}

// tellEvery is the time between two messages about a wait.
const tellEvery = 2 * time.Second

// prepare waits for the target and tries every step once. Counter finds out, once
// it is ready, whether its database counts statements; nil: nobody asks.
func (t *target) prepare(ctx context.Context, w io.Writer, noTry bool,
	counter func(context.Context) statementCounter) error {
	say(w, "waiting for %s", t.plan.Config.Target.Public())
	if err := t.await(ctx, w); err != nil {
		return t.advised(ctx, err)
	}
	if counter != nil {
		t.statements = counter(ctx)
	}
	if t.plan.Try && !noTry {
		e := engine.Engine{Dial: t.dial, Statements: t.statements}
		attempts := e.TryOut(ctx, t.plan, false)
		t.tried = engine.Repeated(attempts)
		if err := tried(w, attempts, ctx.Err()); err != nil {
			return t.advised(ctx, err)
		}
	}
	return drafted(t.plan)
}

// advised puts the advice for another file than the stand-in's own behind what
// kept its load from beginning.
func (t *target) advised(ctx context.Context, err error) error {
	if err == nil || t.hint == "" || ctx.Err() != nil {
		return err
	}
	return failure.WithHint(err, t.hint)
}

// free makes sure that nobody answers in the place of the target that is to be
// started: it would be measured and judged in its stead.
func (t *target) free(ctx context.Context) error {
	once := *t.plan.Config
	once.Target.Ready.Within = 0
	limited, cancel := context.WithTimeout(ctx, freeWithin)
	defer cancel()
	first := t.dial(0)
	defer first.Close()
	if engine.Ready(limited, &once, first, nil) == nil {
		return failure.CouldNotRun(failure.WithHint(
			fmt.Errorf("%s is ready already: the load would hit the service running there, not the one that --start "+
				"launches", once.Target.Public()),
			"end the service that answers there, or leave --start out"))

	}
	return ctx.Err()
}

// freeWithin is how long a target may take to answer that should not be there.
const freeWithin = 2 * time.Second
