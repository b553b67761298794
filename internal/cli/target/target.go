// Package target is the service that gets the load: the client for it, the stand-in of
// --demo, the wait until it is ready, and the try-out before the load.
package target

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/selfmon"
	"github.com/loadgate/loadgate/internal/unit"
)

// Target is a service to be loaded and the plan for it.
type Target struct {
	Plan  *plan.Plan
	Dial  func(user int) engine.Doer
	Begin func() // called when the load begins
	hint  string // what to do where the load does not fit; empty: what the error says
	// Addresses are what each address of the target's name got so far.
	Addresses func() []result.Address
	Close     func() error // ends the stand-in, if there is one
	// Statements counts what the target's database does, once it is ready; nil: it
	// cannot be counted. Tried is what it counted in the try-out.
	Statements StatementCounter
	Tried      []result.Tried
	// Setup is what setup captured, for every user, and SetupSent what was sent for it.
	Setup     engine.Values
	SetupSent []result.Sent

	isSetUp    bool   // and has to be torn down
	incomplete bool   // a setup step failed
	unknown    string // that step, where it may have made something all the same
	kept       bool   // what setup captured is of an earlier command, and another one tears down
}

// StatementCounter is engine.Engine's Statements.
type StatementCounter = func(context.Context) ([]result.Statement, error)

// Connect reads the file and makes the plan and the client for a host; "" for
// that of the file.
func Connect(env environ.Env, flags load.Flags, file, host string) (*Target, error) {
	p, err := flags.Plan(env, file, host)
	if err != nil {
		return nil, err
	}
	if err := load.CheckAllowed(p.Config.Target, load.CallerAllows(flags.Allowed, host)); err != nil {
		return nil, err
	}
	if env.InActions() {
		if err := github.Mask(env.Stderr, p.Config.Secrets); err != nil {
			return nil, failure.CouldNotRun(fmt.Errorf("write to standard error: %w", err))
		}
	}
	return Of(env, p)
}

// Of is the target of a plan that may be sent.
func Of(env environ.Env, p *plan.Plan) (*Target, error) {
	part := *p.Config
	part.Target.Connections = part.Target.Connections.Of(p.Shard.K, p.Shard.N)
	c, err := ClientOf(env, &part)
	if err != nil {
		return nil, err
	}
	if p.Config.Target.TLS.Insecure {
		console.Print(env.Stderr,
			"warning: target.tls.insecure: the server's certificate is not checked, so anyone may answer in its place")
	}
	return &Target{
		Plan: p, Begin: func() {}, Close: func() error { return nil },
		Addresses: func() []result.Address { return addressesOf(c) },
		Dial:      func(user int) engine.Doer { return c.User(uint64(user) + p.Seed) },
	}, nil
}

// Engine makes a run into r, an empty result, writes its journal, and passes each second on; second may be nil.
func (t *Target) Engine(r *result.Result, journal *result.Journal,
	second func(*result.Slice, *result.Result)) engine.Engine {
	before, planned := t.Addresses(), r.Planned.Duration
	return engine.Engine{
		Dial:         t.Dial,
		Self:         selfmon.Read(),
		Clock:        engine.Clock,
		Setup:        t.Setup,
		ArrivalTimer: engine.NewArrivalTimer,
		Second: func(slice *result.Slice, r *result.Result) {
			if r.Planned.Duration != planned {
				planned = r.Planned.Duration
				journal.Planned(planned)
			}
			slice.Addresses = result.AddressesSince(t.Addresses(), before)
			r.Addresses = slice.Addresses // it is judged before the run returns
			journal.Slice(slice)
			if second != nil {
				second(slice, r)
			}
		},
	}
}

// Ready waits until the target may be loaded.
func (t *Target) Ready(ctx context.Context) error { return t.Wait(ctx, nil) }

// Wait waits until the target may be loaded. It writes to w, unless that is nil, what it waits for.
func (t *Target) Wait(ctx context.Context, w io.Writer) error {
	first := t.Dial(0)
	defer first.Close()
	var lastMessage time.Duration
	return engine.Ready(ctx, t.Plan.Config, first, func(look engine.Waiting) {
		if w != nil && look.Waited >= lastMessage+messageEvery {
			lastMessage = look.Waited
			console.Print(w, "not ready yet: %s: %s (%s of %s)",
				look.Check, look.Cause, unit.Clock(look.Waited), unit.Clock(look.Within))
		}
	})
}

// messageEvery is the time between two messages about a wait.
const messageEvery = 2 * time.Second

// WithHint adds to an error before the load that the file is not the demo's own, where that is so.
func (t *Target) WithHint(ctx context.Context, err error) error {
	if err == nil || t.hint == "" || ctx.Err() != nil {
		return err
	}
	return failure.WithHint(err, t.hint)
}

// CheckNotRunning makes sure that nothing answers yet where the target will be started: it
// would be measured and judged instead.
func (t *Target) CheckNotRunning(ctx context.Context) error {
	once := *t.Plan.Config
	once.Target.Ready.Within = 0
	limited, cancel := context.WithTimeout(ctx, freeWithin)
	defer cancel()
	first := t.Dial(0)
	defer first.Close()
	if engine.Ready(limited, &once, first, nil) == nil {
		return failure.CouldNotRun(failure.WithHint(
			fmt.Errorf("%s is ready already: the load would hit the service running there, not the one that --start "+
				"launches", once.Target.Public()),
			"end the service that answers there, or leave --start out"))

	}
	return ctx.Err()
}

// freeWithin is how long CheckNotRunning waits for an answer.
const freeWithin = 2 * time.Second
