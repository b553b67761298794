// Package engine is the machine: it waits for the target, tries every step
// once, and walks the users of a plan until its time is up. It decides
// nothing about the figures it collects.
package engine

import (
	"context"
	"errors"
	"math"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// How long users in flight may take after an interruption, and how long a
// target may be silent before the run is given up. A timed-out request counts
// as silence only when it ends, so the time is longer than most timeouts.
const (
	interruptDrain = 3 * time.Second
	lostAfter      = 30 * time.Second
	lostRequests   = 20
)

// Run walks the plan's users and fills r, the plan's empty result, until the
// planned time is up, the target is lost or ctx ends. Users in flight then get up
// to their timeout to finish, and time for their end steps (plan.Plan.Drain). A new user of an open load gets the
// timeout for each of its start steps and for the step after them. After an interruption, all get a few seconds.
// Every request that ended is counted in r when Run returns.
func (e *Engine) Run(ctx context.Context, p *plan.Plan, r *result.Result) error {
	run := &run{Engine: e, plan: p, result: r}
	run.countStatements(ctx) // the try-out's statements are recorded already; a slow database delays the start
	run.start = time.Now()
	run.pulse = newPulse(e.Clock, run.start)
	run.arrange()
	walking, stop := context.WithCancel(ctx)
	defer stop()
	flying, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()

	var all errgroup.Group
	ended := make(chan struct{})
	var loads errgroup.Group
	for _, l := range run.loads {
		own, end := context.WithCancel(walking)
		l.end = end
		loads.Go(func() error {
			defer end()
			return l.make(own, flying)
		})
	}
	peopled, empty := context.WithCancel(ctx) // until users that leave by themselves have all left
	defer empty()
	all.Go(func() error {
		defer close(ended)
		err := loads.Wait()
		if p.Bounded() {
			empty()
		}
		return err
	})
	all.Go(func() error { return run.watch(walking) })
	all.Go(func() error { return run.pulse.watch(walking) })
	end, err := run.keepTime(ctx, peopled)
	stop()
	drain := p.Drain()
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
		last, failed := run.cut((*load).cutAll)
		last.Moment.Generator = stood(nil, run.pulse.cut(math.MaxInt))
		last.Readings = run.watched.cut()
		if err = failed; err == nil {
			err = run.second(last)
		}
	}
	r.Statements = run.countStatements(context.WithoutCancel(ctx))
	return errors.Join(err, r.Finish(end))
}

// keepTime cuts a slot every second until the run ends, and says how it did.
func (r *run) keepTime(ctx, peopled context.Context) (result.End, error) {
	asked := r.More == nil
	settled := int((r.plan.Ramp + time.Second) / result.SlotLength)
	for {
		boundary := min(time.Duration(r.slot+1)*result.SlotLength, r.result.Planned.Duration)
		if !sleepUntil(peopled, r.start.Add(boundary)) {
			if ctx.Err() != nil {
				return result.Interrupted, nil
			}
			boundary = min(boundary, time.Since(r.start)) // nobody is there any more: the run is as long as it took
			r.result.Planned.Duration, asked = boundary, true
		}
		r.pulse.read()
		onTime := time.Since(r.start.Add(boundary)) < standstill // else nothing is known of the slot
		s, err := r.cut((*load).cut)
		if err != nil {
			return result.Cut, err
		}
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
		r.over(boundary)
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
				r.loads[0].extended <- r.result.Planned.Duration
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
	if r.looked == len(r.InterimLooks) || elapsed < r.InterimLooks[r.looked] {
		return false
	}
	r.looked++
	return r.InterimLook(r.result)
}

// lost says whether the target has been silent for so long that more load
// tells nothing more.
func (r *run) lost(elapsed time.Duration) bool {
	return r.silent >= lostRequests && elapsed-r.silentSince >= max(lostAfter, r.plan.Timeout()+lostAfter/3)
}
