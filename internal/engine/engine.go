// Package engine is the machine: it waits for the target, tries every step
// once, and walks the users of a plan until its time is up. It decides
// nothing about the figures it collects.
package engine

import (
	"context"
	"errors"
	"math"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

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

// Engine runs a plan. The callbacks may be nil; they are called in the
// engine's own goroutine, never two at once.
type Engine struct {
	Dial func(user int) Doer
	// Second is told each finished slot, after it was added to the result.
	Second func(s *result.Slice, r *result.Result)
	// Self is asked each second what the generator's process did in it; see
	// selfmon.Read. Nil: nothing is known of it.
	Self func() *result.Generator
	// Clock tells, by its jumps, when the generator's process stood still: see
	// the function Clock. Nil: the clock of package time, which does not count the
	// time that a machine sleeps.
	Clock func() time.Duration
	// Gauges are watched beside the load.
	Gauges []Gauge
	// Statements counts what the target's database does; nil: nothing is known of
	// it. Its answer is that since the call before.
	Statements func(ctx context.Context) ([]result.Statement, error)
	// Looks are times since the start, ascending, at which Look is asked
	// whether the run has said enough.
	Looks []time.Duration
	Look  func(r *result.Result) (stop bool)
	// More is asked once, when the planned time is up: by how much to go on.
	More func(r *result.Result) time.Duration
	// Alarm makes what wakes the engine for each arrival of an open load; nil:
	// timers of package time, which may be a millisecond late. See NewAlarm.
	Alarm func(ctx context.Context) Alarm
}

// How long users in flight may take after an interruption, and how long a
// target may be silent before the run is given up. A timed-out request counts
// as silence only when it ends, so the time is longer than most timeouts.
const (
	interruptDrain = 3 * time.Second
	lostAfter      = 30 * time.Second
	lostRequests   = 20
)

// Run walks the plan's users and fills r, the plan's empty result, until the
// planned time is up, the target is lost or ctx ends. Users in flight then
// get up to their timeout to finish, after an interruption a few seconds.
// Every request that ended is counted in r when Run returns.
func (e *Engine) Run(ctx context.Context, p *plan.Plan, r *result.Result) error {
	run := &run{
		Engine: e, plan: p, result: r, steps: prepare(p), start: time.Now(),
		recorder: measure.NewRecorder(len(p.Endpoints)+len(p.Transactions), runtime.GOMAXPROCS(0)),
		extended: make(chan time.Duration, 1),
	}
	run.pulse = newPulse(e.Clock, run.start)
	walking, stop := context.WithCancel(ctx)
	defer stop()
	flying, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()

	run.countStatements(ctx) // what the try-out did is told already

	var all errgroup.Group
	ended := make(chan struct{})
	all.Go(func() error {
		defer close(ended)
		if p.Open {
			return run.arrive(walking, flying)
		}
		return run.spawn(walking, flying)
	})
	all.Go(func() error { return run.watch(walking) })
	all.Go(func() error { return run.pulse.watch(walking) })
	end, err := run.keepTime(ctx)
	stop()
	drain := p.Timeout()
	if end == result.Interrupted {
		drain = min(drain, interruptDrain)
	}
	last := time.NewTimer(drain)
	defer last.Stop()
	select {
	case <-ended:
	case <-last.C:
		cut()
	}
	if failed := all.Wait(); err == nil {
		err = failed
	}
	if err == nil {
		last := run.recorder.CutAll(run.slot, 0)
		last.Moment.Offered, last.Moment.Dropped = run.arrivals.cut()
		last.Moment.Generator = stood(nil, run.pulse.cut(math.MaxInt))
		last.Readings = run.watched.cut()
		err = run.second(last)
	}
	r.Statements = run.countStatements(context.WithoutCancel(ctx))
	return errors.Join(err, r.Finish(end))
}

// run is one walk through a plan.
type run struct {
	*Engine
	plan     *plan.Plan
	result   *result.Result
	steps    map[*plan.Step]*step
	recorder *measure.Recorder
	start    time.Time
	active   atomic.Int64
	extended chan time.Duration // the new planned time, once
	watched  readings           // of gauges, since the last slot
	arrivals arrivals           // of an open load, since the last slot
	pulse    *pulse
	slot     int // the next slot to be cut
	looked   int // looks that were had

	silentSince time.Duration // since the start; when the first of the unbroken silence ended
	silent      int64         // requests without an answer since then
}

// spawn starts the users on time and waits for them.
func (r *run) spawn(walking, flying context.Context) error {
	var users errgroup.Group
	for u := range r.plan.Mine() {
		if !sleepUntil(walking, r.start.Add(u.Spawn)) {
			break
		}
		users.Go(func() error {
			w := newVirtualUser(r, u)
			for period, ok := u.ActivePeriod(0); ok; period, ok = u.ActivePeriod(period.Until) {
				w.walk(walking, flying, period)
			}
			w.close()
			return nil
		})
	}
	return users.Wait()
}

// keepTime cuts a slot every second until the run ends, and says how it did.
func (r *run) keepTime(ctx context.Context) (result.End, error) {
	asked := r.More == nil
	settled := int((r.plan.Ramp + time.Second) / result.SlotLength)
	for {
		boundary := min(time.Duration(r.slot+1)*result.SlotLength, r.result.Planned.Duration)
		if !sleepUntil(ctx, r.start.Add(boundary)) {
			return result.Interrupted, nil
		}
		r.pulse.read()
		onTime := time.Since(r.start.Add(boundary)) < standstill // else nothing is known of the slot
		s := r.recorder.Cut(r.slot, int(r.active.Load()))
		s.Moment.Offered, s.Moment.Dropped = r.arrivals.cut()
		s.Readings = r.watched.cut()
		if r.Self != nil {
			s.Moment.Generator = r.Self()
		}
		s.Moment.Generator = stood(s.Moment.Generator, r.pulse.cut(r.slot))
		if err := r.second(s); err != nil {
			return result.Cut, err
		}
		if r.slot == settled {
			// To connect takes twice the stack that a user needs from then on, and
			// nothing that users do makes garbage that would bring it back.
			debug.FreeOSMemory()
		}
		r.slot++
		if !onTime {
			r.silent = 0 // nobody listened
		}
		switch {
		case r.lost(boundary):
			return result.Lost, nil
		case onTime && r.look(boundary):
			return result.Stopped, nil
		case boundary < r.result.Planned.Duration:
			continue
		case !asked:
			asked = true
			if more := r.More(r.result); more > 0 {
				r.result.Planned.Duration += more
				r.extended <- r.result.Planned.Duration
				continue
			}
		}
		return result.Complete, nil
	}
}

// second adds a slice to the result and passes it on.
func (r *run) second(s *result.Slice) error {
	if err := r.result.Append(s); err != nil {
		return err
	}
	if r.Second != nil {
		r.Second(s, r.result)
	}
	answers, silent := int64(0), int64(0)
	for _, e := range s.Endpoints {
		if e.Index >= len(r.plan.Endpoints) {
			continue // a transaction, whose requests are counted
		}
		answered, none := e.Slot.Answers()
		answers, silent = answers+answered, silent+none
	}
	switch {
	case answers > 0:
		r.silent = 0
	case silent > 0 && r.silent == 0:
		r.silentSince = time.Duration(s.Moment.Slot) * result.SlotLength
		fallthrough
	default:
		r.silent += silent
	}
	return nil
}

// look asks, when it is time, whether the run has said enough.
func (r *run) look(elapsed time.Duration) bool {
	if r.looked == len(r.Looks) || elapsed < r.Looks[r.looked] {
		return false
	}
	r.looked++
	return r.Look(r.result)
}

// lost says whether the target has been silent for so long that more load
// tells nothing more.
func (r *run) lost(elapsed time.Duration) bool {
	return r.silent >= lostRequests && elapsed-r.silentSince >= max(lostAfter, r.plan.Timeout()+lostAfter/3)
}

// sleepUntil waits for a time; false when ctx ended first.
func sleepUntil(ctx context.Context, t time.Time) bool {
	timer := time.NewTimer(0)
	defer timer.Stop()
	return sleepOn(ctx, timer, t)
}

// sleepOn is sleepUntil with a timer to use again. A time that has come does
// not wait.
func sleepOn(ctx context.Context, timer *time.Timer, t time.Time) bool {
	d := time.Until(t)
	if d <= 0 || ctx.Err() != nil {
		return ctx.Err() == nil
	}
	timer.Reset(d)
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		timer.Stop()
		return false
	}
}
