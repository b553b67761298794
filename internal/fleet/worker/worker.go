// Package worker is one machine of a fleet: it joins a coordinator, makes its part of each round, and
// delivers its journal line by line until the coordinator has all of it.
package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/link"
)

// Assignment is what a coordinator asks of a worker in a round. All of it comes from another machine.
type Assignment struct {
	Name    string // of this worker: no other has it
	K, N    int
	File    string // name of thresholds.yaml in Files
	Files   fleet.Files
	Env     map[string]string // that the file reads
	Host    string            // instead of that of the file; empty: the file's
	Options json.RawMessage   // of the plan
	Setup   json.RawMessage   // what setup captured; nil: there was none
}

// Start is when a round begins.
type Start struct {
	At      time.Time     // by the clock of this machine
	Started time.Time     // the same moment by the fleet's clock
	Error   time.Duration // by how much that may be wrong
}

// Load is a part of a round that is ready to be made.
type Load interface {
	// Digest identifies the load: that of all workers is the same.
	Digest() string
	// Ready waits until the target may be loaded.
	Ready(ctx context.Context) error
	// Run waits for the start, sends the load until it is over, ctx ends or a second begins that stopAt says, and
	// writes the journal, a line each write. StopAt is 0 until a stop is set.
	Run(ctx context.Context, start Start, journal io.Writer, stopAt func() int) error
	// Close ends what is left of it.
	Close() error
}

// Store keeps a journal until the coordinator has it.
type Store interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// Options are those of a worker. The zero value is not usable.
type Options struct {
	Name, Version string
	Cores         int
	Memory        int64 // bytes; 0: not known
	Index         *int  // the part that it would like, from 0
	// Open makes the load of an assignment. It decides what this machine may be used for.
	Open func(Assignment) (Load, error)
	// Store opens what keeps the journal of a round.
	Store func(k, round int) (Store, error)
	// Lease is how long the load goes on without a word of the coordinator.
	Lease time.Duration
	// Wait is how long a place in the run is waited for.
	Wait time.Duration
	// Print tells people what happens; nil: nobody.
	Print func(format string, args ...any)
}

const (
	againAfter = time.Second
	exchanges  = 8 // of clocks
	lookEvery  = 50 * time.Millisecond
)

// ErrOrphaned is the error of a worker whose coordinator is silent.
var ErrOrphaned = errors.New("the coordinator is silent")

// Run works for a coordinator until that needs no more workers. The error says why the worker ended before.
func Run(ctx context.Context, conn *link.Conn, o Options) error {
	if o.Print == nil {
		o.Print = func(string, ...any) {}
	}
	key, err := link.NewKey()
	if err != nil {
		return err
	}
	w := &worker{conn: conn, o: o, key: key, began: time.Now()}
	if err := w.join(ctx); err != nil {
		return err
	}
	if err := w.fetch(ctx); err != nil {
		return err
	}
	if err := errors.Join(
		link.Hear(conn, fleet.LeaseSubject(w.seat.Run), fleet.Lease.Check, w.hear),
		link.Hear(conn, fleet.ResendSubject(w.seat.Run, w.seat.K), fleet.Resend.Check, w.resend),
	); err != nil {
		return err
	}
	// A hub that a thousand workers join at once may answer late. It knows the subscriptions, and leases are repeated.
	if err := conn.Flush(); err != nil && !errors.Is(err, link.ErrUnreachable) {
		return err
	}
	return w.work(ctx)
}

// join asks for a place until there is one.
func (w *worker) join(ctx context.Context) error {
	me := fleet.Join{
		Name: w.o.Name, Version: w.o.Version, Protocol: fleet.Protocol,
		Cores: w.o.Cores, Memory: w.o.Memory, Index: w.o.Index, Key: w.key.Public(),
		Proof: w.conn.Proof(w.key.Public()),
	}
	said := ""
	for {
		seat, err := link.Ask[fleet.Welcome](ctx, w.conn, fleet.JoinSubject, me)
		switch {
		case err == nil && seat.Refused == "":
			if err := w.conn.Trust(seat.Key); err != nil {
				return err
			}
			w.seat = seat
			w.o.Print("part %d of %d, as %s", seat.K, seat.N, seat.Name)
			return nil
		case err == nil && seat.Final:
			return errors.New("refused: " + seat.Refused)
		case err == nil:
			err = fmt.Errorf("no place in the run: %s", seat.Refused)
		case ctx.Err() != nil || !errors.Is(err, link.ErrUnreachable):
			return err
		}
		if time.Since(w.began) > w.o.Wait {
			return err
		}
		if said != err.Error() {
			said = err.Error()
			w.o.Print("waiting: %v", err)
		}
		if !sleep(ctx, againAfter) {
			return ctx.Err()
		}
	}
}

// compareClocks asks for the hub's time.
func (w *worker) compareClocks(ctx context.Context) error {
	var all []fleet.Exchange
	for range exchanges {
		sent := w.now()
		hub, err := link.Ask[fleet.Time](ctx, w.conn, fleet.ClockSubject, struct{}{})
		if err != nil {
			return fmt.Errorf("compare clocks: %w", err)
		}
		all = append(all, fleet.Exchange{Sent: sent, Received: w.now(), Hub: hub.Hub})
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = fleet.CompareClocks(all)
	return nil
}

// fetch gets the files of the load and its environment.
func (w *worker) fetch(ctx context.Context) error {
	env, err := w.key.Open(w.seat.Sealed, w.seat.Key)
	if err == nil {
		err = json.Unmarshal(env, &w.env)
	}
	if err != nil {
		return fmt.Errorf("read the environment of the load: %w", err)
	}
	var bundle []byte
	for began := time.Now(); len(bundle) < w.seat.Size; {
		p, err := link.Ask[fleet.Piece](ctx, w.conn, fleet.FilesSubject(w.seat.Run),
			fleet.Ask{K: w.seat.K, Seat: w.seat.Seat, From: len(bundle)})
		if errors.Is(err, link.ErrUnreachable) && time.Since(began) < w.o.Wait {
			continue // Ask has waited
		}
		if err == nil && p.Refused != "" {
			err = errors.New(p.Refused)
		}
		piece := []byte(nil)
		if err == nil {
			piece, err = w.key.Open(p.Sealed, w.seat.Key)
		}
		if err == nil && len(piece) == 0 {
			err = errors.New("a piece is empty")
		}
		if err != nil {
			return fmt.Errorf("fetch the files of the load: %w", err)
		}
		bundle = append(bundle, piece...)
	}
	w.files, err = fleet.Unpack(bundle)
	return err
}

// sleep waits. False: ctx ended before.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
