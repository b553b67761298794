package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// Doer makes the exchanges of one virtual user. It is used by one goroutine
// at a time.
type Doer interface {
	Do(ctx context.Context, req *client.Request, x *client.Exchange)
	Close()
}

// Engine runs a plan. Dial is required and called concurrently; Clock must be safe
// for concurrent use. The others may be nil. Second, Self, InterimLook and More are
// never called at the same time.
type Engine struct {
	Dial func(user int) Doer
	// Second is called with each finished slot, after it was added to the result.
	Second func(s *result.Slice, r *result.Result)
	// Self returns, each second, what the generator's process did in it; see
	// selfmon.Read. Nil: the result says nothing about the generator.
	Self func() *result.Generator
	// Clock tells, by its jumps, when the generator's process stood still: see
	// the function Clock. Nil: the clock of package time, which does not count the
	// time that a machine sleeps.
	Clock func() time.Duration
	// Setup is what was captured before the load, which every user reads; see SetUp.
	Setup Values
	// Gauges are read during the run.
	Gauges []Gauge
	// Statements counts what the target's database does; nil: nothing is known of
	// it. Its answer is that since the call before.
	Statements func(ctx context.Context) ([]result.Statement, error)
	// InterimLooks are times since the start, ascending, at which InterimLook is asked
	// whether the run has said enough.
	InterimLooks []time.Duration
	InterimLook  func(r *result.Result) (stop bool)
	// More is asked once, when the planned time is up: by how much to go on.
	More func(r *result.Result) time.Duration
	// ArrivalTimer makes what wakes the engine for each arrival of an open load; nil:
	// timers of package time, which may be a millisecond late. See NewArrivalTimer.
	ArrivalTimer func(ctx context.Context) ArrivalTimer
}

// run is one walk through a plan: of one load, or of several at the same time.
type run struct {
	*Engine
	plan    *plan.Plan
	result  *result.Result
	start   time.Time
	loads   []*load
	watched readings // of gauges, since the last slot
	pulse   *pulse
	slot    int // the next slot to be cut
	looked  int // how many of InterimLooks are behind

	silentSince time.Duration // since the start; the slot in which the present silence began
	silent      int64         // requests without an answer since the last answer
}

// load is the users of one load, or those beside a run.
type load struct {
	*Engine
	plan     *plan.Plan
	steps    map[*plan.Step]*step
	recorder *measure.Recorder
	start    time.Time     // of the run
	until    time.Duration // when it ends, since the start of the run
	active   atomic.Int64
	end      context.CancelFunc
	extended chan time.Duration // the new end, once; nil: it stays
	arrivals arrivals           // of an open load, since the last slot
	aides    sync.Pool          // of *virtualUser, which work in parallel blocks
}
