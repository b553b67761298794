package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/link"
	"github.com/loadgate/loadgate/internal/unit"
)

type worker struct {
	conn  *link.Conn
	o     Options
	key   link.Key
	began time.Time
	seat  fleet.Welcome
	env   map[string]string
	files fleet.Files

	mu      sync.Mutex
	clock   fleet.Clock
	lease   fleet.Lease
	heard   time.Duration // when the lease came; 0: none has
	part    *part         // of the round that goes on; nil: none
	ended   int           // the last round that is over
	refused error         // why the round cannot begin, or go on
	failed  error         // why this worker has not done its part, so far
	leaving bool          // it goes before its part has begun
}

// part is this machine's part of a round.
type part struct {
	round   int
	digest  string
	load    Load
	store   Store
	journal *journal           // nil: it has not begun
	stop    context.CancelFunc // of the load
	running bool
	done    chan error // the load is over
}

// now is the clock of this machine.
func (w *worker) now() time.Duration { return time.Since(w.began) }

// hear takes the coordinator's state.
func (w *worker) hear(l fleet.Lease) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lease, w.heard = l, w.now()
}

// resend sends lines of the journal again.
func (w *worker) resend(r fleet.Resend) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.part != nil && w.part.round == r.Round && w.part.journal != nil {
		w.part.journal.resend(r.From)
	}
}

// stopAt is the second before which the load ends; 0: none is set.
func (w *worker) stopAt() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lease.StopAt
}

// work makes round after round, until the coordinator says that it is over, or says nothing any more.
func (w *worker) work(ctx context.Context) (err error) {
	fitting := make(chan struct{}, 1) // one attempt at a time
	var all sync.WaitGroup
	ctx, cancel := context.WithCancel(ctx)
	defer func() {
		cancel()
		all.Wait()
		err = errors.Join(err, w.drop())
	}()
	w.mu.Lock()
	w.heard = w.now()
	w.mu.Unlock()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	told := -time.Second
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return w.leave(ctx.Err())
		}
		w.mu.Lock()
		l, silent, p, ended := w.lease, w.now()-w.heard, w.part, w.ended
		refused := w.refused
		w.mu.Unlock()
		if w.now()-told >= time.Second {
			told = w.now()
			w.tell()
		}
		switch {
		case silent > w.o.Lease:
			return w.leave(fmt.Errorf("%w for %s: the load has ended", ErrOrphaned, unit.Compact(w.o.Lease)))
		case l.State == fleet.Over:
			return w.over(l.Round)
		case l.Seats[w.seat.K] > w.seat.Seat:
			return w.leave(errors.New("another worker has this part now: this one was silent for too long"))
		case p != nil && p.running && p.round == l.Round && l.State < fleet.Done && p.journal.failed() != nil:
			p.stop() // nothing of it would be counted
		case l.Round <= ended:
		case p != nil && p.round < l.Round: // it did not hear that the round is done
			err = w.end(p.round)
		case l.State == fleet.Done, l.State == fleet.Abandoned && (p == nil || !p.running):
			err = w.end(l.Round)
		case l.State == fleet.Abandoned:
			p.journal.hurry()
			p.stop()
		case l.State == fleet.Waiting && p == nil && refused == nil:
			select {
			case fitting <- struct{}{}:
				all.Go(func() { w.fit(ctx, l.Round); <-fitting })
			default:
			}
		case l.State == fleet.Armed && p != nil && !p.running:
			w.begin(ctx, p, l, &all)
		}
		if err != nil {
			return err
		}
	}
}

// end ends a round.
func (w *worker) end(round int) error {
	w.mu.Lock()
	w.ended = round
	w.mu.Unlock()
	w.settle(round)
	return w.drop()
}

// over ends the part of a round of which it was not heard that it is done, since no other one follows. The error is
// why this worker has not done its part.
func (w *worker) over(round int) error {
	w.settle(round)
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

// settle notes, and says, whether the coordinator has all of a part that has begun.
func (w *worker) settle(round int) {
	w.mu.Lock()
	p, l := w.part, w.lease
	if l.Round == round && undelivered(p, l, w.seat.K) && w.failed == nil {
		w.failed = errUndelivered
	}
	whole := p != nil && p.running && w.failed == nil
	w.mu.Unlock()
	if whole {
		w.o.Print("the load has ended, and the run has all of this part")
	}
}

// errUndelivered is the error of a worker whose journal nobody else has: it is kept.
var errUndelivered = errors.New("the run ended, and has not kept the end of this journal")

// undelivered says whether the coordinator lacks lines of a part that has begun.
func undelivered(p *part, l fleet.Lease, k int) bool {
	return p != nil && p.running && p.journal.lines() > l.Taken.Of(k)
}

// tell says that this worker is alive, and what it can begin.
func (w *worker) tell() {
	w.mu.Lock()
	s := fleet.Status{K: w.seat.K, Seat: w.seat.Seat, RoundTrip: w.clock.RoundTrip, Left: w.leaving}
	if p := w.part; p != nil && p.running && w.refused == nil {
		w.refused = p.journal.failed()
	}
	switch {
	case w.refused != nil:
		s.Round, s.Error = w.lease.Round, text(w.refused)
	case w.part != nil:
		s.Round, s.Digest = w.part.round, w.part.digest
	}
	w.mu.Unlock()
	_ = w.conn.Publish(fleet.StatusSubject(w.seat.Run), s) // one that is lost is followed by the next
}

// fit makes the load of a round ready.
func (w *worker) fit(ctx context.Context, number int) {
	needed := func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.part == nil && w.ended < number
	}
	if !needed() {
		return
	}
	p, err := w.open(ctx, number)
	switch {
	case err != nil && (ctx.Err() != nil || errors.Is(err, link.ErrUnreachable)):
		return // it is tried again
	case !needed():
		if p != nil {
			_ = p.close() // it was given up before it was ready
		}
		return
	}
	w.mu.Lock()
	w.part, w.refused = p, err
	if err != nil {
		w.failed = err
	}
	w.mu.Unlock()
	if err != nil {
		w.o.Print("cannot begin: %v", err)
	} else {
		w.o.Print("ready; the load begins when all workers are")
	}
	w.tell()
}

// close ends a part that has not begun.
func (p *part) close() error { return errors.Join(p.load.Close(), p.store.Close()) }

func (w *worker) open(ctx context.Context, number int) (p *part, err error) {
	ask := fleet.Ask{K: w.seat.K, Seat: w.seat.Seat}
	r, err := link.Ask[fleet.Round](ctx, w.conn, fleet.RoundSubject(w.seat.Run), ask)
	if err != nil {
		return nil, err
	}
	if r.Refused != "" || r.Number != number {
		return nil, link.ErrUnreachable // the lease is of another moment
	}
	var setup json.RawMessage
	if r.Setup != nil {
		if setup, err = w.key.Open(r.Setup, w.seat.Key); err != nil {
			return nil, err
		}
	}
	load, err := w.o.Open(Assignment{
		Name: w.seat.Name, K: w.seat.K, N: w.seat.N,
		File: w.seat.File, Files: w.files, Env: w.env, Host: r.Host, Options: r.Options, Setup: setup,
	})
	if err != nil {
		return nil, err
	}
	store, err := w.o.Store(w.seat.K, number)
	if err != nil {
		return nil, errors.Join(err, load.Close())
	}
	p = &part{round: number, digest: load.Digest(), load: load, store: store}
	if p.digest == r.Digest {
		err = load.Ready(ctx)
	}
	if err == nil {
		err = w.compareClocks(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// begin starts the load of this machine, which waits for the start itself.
func (w *worker) begin(ctx context.Context, p *part, l fleet.Lease, all *sync.WaitGroup) {
	w.mu.Lock()
	p.journal = newJournal(w.conn, w.seat, p.round, p.store)
	p.running, p.done = true, make(chan error, 1)
	running, stop := context.WithCancel(ctx)
	p.stop = stop
	w.mu.Unlock()
	w.o.Print("the load begins")
	all.Go(func() {
		defer stop()
		w.compareAgain(running, l.StartAt)
		w.mu.Lock()
		start := Start{At: w.began.Add(w.clock.Local(l.StartAt)), Started: l.Started, Error: w.clock.Error()}
		w.mu.Unlock()
		err := p.load.Run(running, start, p.journal, w.stopAt)
		if err == nil && p.journal.lines() == 0 {
			err = errors.New("it was ended before the start")
		}
		if err != nil {
			w.mu.Lock()
			w.refused = err
			w.mu.Unlock()
		}
		p.done <- err
	})
}

// compareAgain compares clocks once more: they drift while others are waited for. Where that would take until the
// start, as it does on a slow network, the former comparison stays.
func (w *worker) compareAgain(ctx context.Context, start time.Duration) {
	w.mu.Lock()
	left := w.clock.Local(start) - w.now()
	w.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, left/2)
	defer cancel()
	_ = w.compareClocks(ctx)
}

// leave ends the load of a worker that goes early, and delivers the rest of its journal for a moment.
func (w *worker) leave(why error) error {
	w.mu.Lock()
	p := w.part
	w.mu.Unlock()
	if p == nil || !p.running {
		w.mu.Lock()
		w.leaving, w.refused = true, goodbye(why)
		w.mu.Unlock()
		w.tell()
		_ = w.conn.FlushWithin(farewell) // without it the coordinator waits until this worker was silent for long
		return why
	}
	p.journal.hurry()
	p.stop()
	err := <-p.done
	p.done <- nil
	deadline := w.now() + deliverWithin
	for w.now() < deadline && !errors.Is(why, ErrOrphaned) {
		w.tell()
		w.mu.Lock()
		all := p.journal.lines() <= w.lease.Taken.Of(w.seat.K) || w.lease.State == fleet.Done
		w.mu.Unlock()
		if all {
			break
		}
		time.Sleep(lookEvery)
	}
	_ = w.conn.FlushWithin(farewell)
	return errors.Join(why, err)
}

// goodbye is the reason of a worker for going, for people elsewhere.
func goodbye(why error) error {
	if errors.Is(why, context.Canceled) {
		return errors.New("it was interrupted")
	}
	return why
}

const (
	// deliverWithin is how long a worker that was interrupted goes on delivering.
	deliverWithin = 4 * time.Second
	// farewell is how long it waits until its last word is out: together it is less than a signal leaves it.
	farewell = 500 * time.Millisecond
)

// drop ends the part of the round.
func (w *worker) drop() error {
	w.mu.Lock()
	p := w.part
	w.part, w.refused = nil, nil
	w.mu.Unlock()
	if p == nil {
		return nil
	}
	if !p.running {
		return p.close()
	}
	p.stop()
	err := <-p.done
	p.journal.stop()
	return errors.Join(err, p.close())
}

// text is an error as one printable line that a message may have.
func text(err error) string { return fleet.OneLine(err.Error()) }
