package engine

import (
	"context"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// arrange makes the loads of the run ready.
func (r *run) arrange() {
	for _, p := range r.plan.Each() {
		l := newLoad(r.Engine, p, prepare(p), runtime.GOMAXPROCS(0))
		l.start, l.until = r.start, p.Duration
		if r.plan.Loads == nil {
			l.until, l.extended = r.result.Planned.Duration, make(chan time.Duration, 1)
		}
		r.loads = append(r.loads, l)
	}
}

// newLoad is a load that begins now.
func newLoad(e *Engine, p *plan.Plan, steps map[*plan.Step]*step, lanes int) *load {
	l := &load{Engine: e, plan: p, steps: steps, start: time.Now(),
		recorder: measure.NewRecorder(len(p.Endpoints)+len(p.Transactions), lanes)}
	l.recorder.KeepFirstBytes(p.FirstBytes())
	return l
}

// make makes the load until walking ends.
func (l *load) make(walking, flying context.Context) error {
	if l.until%result.SlotLength > 0 && l.extended == nil {
		early := time.AfterFunc(time.Until(l.start.Add(l.until)), l.end)
		defer early.Stop()
	}
	if l.plan.Open {
		return l.arrive(walking, flying)
	}
	return l.spawn(walking, flying)
}

// over ends the loads that end before the run, at a time of it. Those that end with a slot do so once it is cut: their
// users are in it.
func (r *run) over(elapsed time.Duration) {
	for _, l := range r.loads {
		if r.plan.Loads != nil && l.until <= elapsed {
			l.end()
		}
	}
}

// spawn starts the users on time and waits for them.
func (l *load) spawn(walking, flying context.Context) error {
	var users errgroup.Group
	for u := range l.plan.Mine() {
		if !sleepUntil(walking, l.start.Add(u.Spawn)) {
			break
		}
		users.Go(func() error {
			w := newVirtualUser(l, u)
			for period, ok := u.ActivePeriod(0); ok; period, ok = u.ActivePeriod(period.Until) {
				w.walk(walking, flying, period)
			}
			w.close()
			return nil
		})
	}
	return users.Wait()
}

// cut hands out what a slot has of the load.
func (l *load) cut(slot int) *result.Slice {
	s := l.recorder.Cut(slot, int(l.active.Load()))
	s.Moment.Offered, s.Moment.Dropped = l.arrivals.cut()
	return s
}

// cutAll hands out what is left, after the users were stopped.
func (l *load) cutAll(slot int) *result.Slice {
	s := l.recorder.CutAll(slot, 0)
	s.Moment.Offered, s.Moment.Dropped = l.arrivals.cut()
	return s
}

// cut hands out what a slot has of all loads. The error is that of a damaged histogram.
func (r *run) cut(of func(*load, int) *result.Slice) (*result.Slice, error) {
	if r.plan.Loads == nil {
		return of(r.loads[0], r.slot), nil
	}
	sum := &result.Slice{Moment: result.Moment{Slot: r.slot}}
	for _, l := range r.loads {
		s := of(l, r.slot)
		m := s.Moment
		sum.Drain = s.Drain
		sum.Moment.Loads = append(sum.Moment.Loads,
			result.Flow{Users: m.Users, Lag: m.Lag, Offered: m.Offered, Dropped: m.Dropped})
		lag, err := hist.Sum(sum.Moment.Lag, m.Lag)
		if err != nil {
			return nil, err
		}
		sum.Moment.Users, sum.Moment.Lag = sum.Moment.Users+m.Users, lag
		sum.Moment.Offered, sum.Moment.Dropped = sum.Moment.Offered+m.Offered, sum.Moment.Dropped+m.Dropped
		for _, part := range s.Endpoints {
			part.Index = l.plan.Row(part.Index, len(r.plan.Endpoints))
			sum.Endpoints = append(sum.Endpoints, part)
		}
	}
	return sum, nil
}
