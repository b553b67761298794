package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/demo"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/selfmon"
)

// targetFlags choose a load and the service that gets it.
type targetFlags struct {
	load   loadFlags
	demo   bool
	faults demoFlags
}

func (f *targetFlags) add(cmd *cobra.Command) {
	f.load.add(cmd)
	f.addDemo(cmd)
}

// addDemo adds the flags of the stand-in.
func (f *targetFlags) addDemo(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.demo, "demo", false, "start the TutorMax stand-in and load it")
	f.faults.add(cmd, "demo-")
}

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

// open reads the file, makes the plan and, for --demo, starts the stand-in.
// Nothing is sent.
func (f *targetFlags) open(ctx context.Context, env Env, file string) (t *target, err error) {
	f.load.mostUsers = selfmon.MostUsers(f.demo)
	if !f.demo {
		return connect(env, f.load, file, f.load.host)
	}
	server, err := f.startDemo(ctx)
	if err != nil {
		return nil, err
	}
	if t, err = connect(env, f.load, file, server.URL()); err != nil {
		return nil, errors.Join(f.misled(file, err), server.Close())
	}
	t.begin, t.close, t.hint = server.Begin, server.Close, otherFile(env, t.plan.Config)
	return t, nil
}

// connect reads the file and makes the plan and the client for a host; "" for
// that of the file.
func connect(env Env, load loadFlags, file, host string) (*target, error) {
	p, err := load.plan(env, file, host)
	if err != nil {
		return nil, err
	}
	if err := trusted(p.Config.Target, said(load.allowed, host)); err != nil {
		return nil, err
	}
	if inActions(env) {
		if err := report.Mask(env.Stderr, p.Config.Secrets); err != nil {
			return nil, notRunError{fmt.Errorf("write to standard error: %w", err)}
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

// startDemo starts the stand-in on a free port of this machine. Its times count
// from the load, which is not what goes before: readiness and the try-out.
func (f *targetFlags) startDemo(ctx context.Context) (*demo.Server, error) {
	if f.load.host != "" {
		return nil, errors.New("--demo and --host exclude each other: the demo is its own target")
	}
	o, err := f.faults.options()
	if err != nil {
		return nil, err
	}
	o.Marked = true
	// It outlives the interruption of a run, so that users in flight are
	// answered.
	server, err := demo.Listen(context.WithoutCancel(ctx), "127.0.0.1:0", o)
	if err != nil {
		return nil, notRunError{fmt.Errorf("start demo: %w", err)}
	}
	return server, nil
}
