package worker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/link"
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
}

// part is this machine's part of a round.
type part struct {
	round   int
	digest  string
	load    Load
	journal *journal
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
		w.mu.Unlock()
		if w.now()-told >= time.Second {
			told = w.now()
			w.tell()
		}
		switch {
		case silent > w.o.Lease:
			return w.leave(fmt.Errorf("%w for %s: the load has ended", ErrOrphaned, w.o.Lease))
		case l.State == fleet.Over:
			return nil
		case l.Round <= ended:
		case p != nil && p.round < l.Round: // it did not hear that the round is done
			err = w.end(p.round)
		case l.State == fleet.Done, l.State == fleet.Given && (p == nil || !p.running):
			err = w.end(l.Round)
		case l.State == fleet.Given:
			p.stop()
		case l.State == fleet.Waiting && p == nil:
			select {
			case fitting <- struct{}{}:
				all.Go(func() { w.fit(ctx, l.Round); <-fitting })
			default:
			}
		case l.State == fleet.Armed && p != nil && !p.running:
			err = w.begin(ctx, p, l, &all)
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
	return w.drop()
}

// tell says that this worker is alive, and what it can begin.
func (w *worker) tell() {
	w.mu.Lock()
	s := fleet.Status{K: w.seat.K, RoundTrip: w.clock.RoundTrip}
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
	p, err := w.open(ctx, number)
	if err != nil && (ctx.Err() != nil || errors.Is(err, link.ErrUnreachable)) {
		return // it is tried again
	}
	w.mu.Lock()
	late := w.ended >= number
	if !late {
		w.part, w.refused = p, err
	}
	w.mu.Unlock()
	if late && p != nil {
		_ = p.load.Close() // it was given up before it was ready
	}
	w.tell()
}

func (w *worker) open(ctx context.Context, number int) (p *part, err error) {
	r, err := link.Ask[fleet.Round](ctx, w.conn, fleet.RoundSubject(w.seat.Run), fleet.Ask{K: w.seat.K})
	if err != nil {
		return nil, err
	}
	if r.Refused != "" || r.Number != number {
		return nil, link.ErrUnreachable // the lease is of another moment
	}
	load, err := w.o.Open(Assignment{
		K: w.seat.K, N: w.seat.N, File: w.seat.File, Files: w.files, Env: w.env, Host: r.Host, Options: r.Options,
	})
	if err != nil {
		return nil, err
	}
	p = &part{round: number, digest: load.Digest(), load: load}
	if p.digest == r.Digest {
		err = load.Ready(ctx)
	}
	if err == nil {
		err = w.compareClocks(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, load.Close())
	}
	return p, nil
}

// begin starts the load of this machine, which waits for the start itself.
func (w *worker) begin(ctx context.Context, p *part, l fleet.Lease, all *sync.WaitGroup) error {
	store, err := w.o.Store(w.seat.K, p.round)
	if err != nil {
		return err
	}
	w.mu.Lock()
	start := Start{
		At: w.began.Add(w.clock.Local(l.StartAt)), Started: l.Started, Error: w.clock.Error(),
	}
	p.journal = newJournal(w.conn, w.seat, p.round, store)
	p.running, p.done = true, make(chan error, 1)
	running, stop := context.WithCancel(ctx)
	p.stop = stop
	w.mu.Unlock()
	all.Go(func() {
		defer stop()
		err := p.load.Run(running, start, p.journal, w.stopAt)
		if err != nil {
			w.mu.Lock()
			w.refused = err
			w.mu.Unlock()
		}
		p.done <- err
	})
	return nil
}

// leave ends the load of a worker that goes before it is told to, and delivers the rest for a moment.
func (w *worker) leave(why error) error {
	w.mu.Lock()
	p := w.part
	w.mu.Unlock()
	if p == nil || !p.running {
		return why
	}
	p.stop()
	err := <-p.done
	p.done <- nil
	deadline := w.now() + deliverWithin
	for w.now() < deadline && !errors.Is(why, ErrOrphaned) {
		w.tell()
		w.mu.Lock()
		all := p.journal.lines() <= w.lease.Taken[w.seat.K] || w.lease.State == fleet.Done
		w.mu.Unlock()
		if all {
			break
		}
		time.Sleep(lookEvery)
	}
	return errors.Join(why, err)
}

// deliverWithin is how long a worker that was interrupted goes on delivering.
const deliverWithin = 10 * time.Second

// drop ends the part of the round.
func (w *worker) drop() error {
	w.mu.Lock()
	p := w.part
	w.part, w.refused = nil, nil
	w.mu.Unlock()
	if p == nil {
		return nil
	}
	var err error
	if p.running {
		p.stop()
		err = <-p.done
		p.journal.close()
	}
	return errors.Join(err, p.load.Close())
}

// text is an error as one printable line that a message may have.
func text(err error) string { return fleet.OneLine(err.Error()) }
