// Package coordinator leads the workers of a fleet: it gives each its part, starts and stops all together, and
// adds up what they measure while they measure it.
package coordinator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/link"
)

// Load is what the workers send, whatever the round: the file and what it reads.
type Load struct {
	File  string // name of thresholds.yaml in Files
	Files fleet.Files
	Env   map[string]string // that the file reads; it is sealed to each worker
	Host  string            // instead of that of the file; empty: the file's
}

// Options are those of a fleet. The zero value is not usable.
type Options struct {
	Load    Load
	Workers int           // that a run needs
	Version string        // of this loadgate
	Within  time.Duration // how long to wait until all of them are ready
	// Print tells people what happens to the fleet; nil: nobody.
	Print func(format string, args ...any)
	// Save keeps what Resume needs, each time that a round begins; nil: nobody does.
	Save func(State) error
}

// Coordinator leads a fleet. Its methods are for one goroutine; workers are answered beside it.
type Coordinator struct {
	conn   *link.Conn
	o      Options
	run    string
	key    link.Key
	bundle []byte
	env    []byte
	began  time.Time
	closed chan struct{}
	close  sync.Once
	done   sync.WaitGroup

	telling sync.Mutex // a lease is never followed by an older one

	mu      sync.Mutex
	said    []string // for people, not printed yet
	members []member // by K - 1
	seats   int      // how many were given so far
	unsaved error    // of the journals, since the start
	ended   error    // a worker that nobody replaces; nil: there is none
	round   round
	lease   fleet.Lease
}

// How often the lease is published, how long a worker that has not begun may be silent before its place is
// free, and how long before the start the start is set.
const (
	leaseEvery = time.Second
	gone       = 5 * time.Second
	startAhead = 2 * time.Second
	lookEvery  = 50 * time.Millisecond
	overWithin = 2 * time.Second
	onItsWay   = 500 * time.Millisecond
)

// New leads the workers of a hub. Close ends it.
func New(conn *link.Conn, o Options) (*Coordinator, error) {
	return lead(conn, o, State{Began: time.Now(), Members: make([]Member, o.Workers)})
}

// lead leads the workers of a hub from a state on. Without a name the run gets one.
func lead(conn *link.Conn, o Options, from State) (*Coordinator, error) {
	if o.Print == nil {
		o.Print = func(string, ...any) {}
	}
	key, err := conn.Key()
	if err != nil {
		return nil, err
	}
	if from.Run == "" {
		from.Run = strings.ToLower(key.Public()[1:13])
	}
	bundle, err := fleet.Pack(o.Load.Files)
	if err != nil {
		return nil, err
	}
	env, err := json.Marshal(o.Load.Env)
	if err != nil {
		return nil, fmt.Errorf("send the environment: %w", err)
	}
	c := &Coordinator{
		conn: conn, o: o, run: from.Run, key: key, bundle: bundle, env: env,
		began: from.Began, closed: make(chan struct{}), members: make([]member, o.Workers),
	}
	c.take(from)
	err = errors.Join(
		link.Answer(conn, fleet.JoinSubject, func(fleet.Join) error { return nil },
			func(j fleet.Join) any { return c.welcome(j) }),
		link.Answer(conn, fleet.ClockSubject, func(struct{}) error { return nil },
			func(struct{}) any { return fleet.Time{Hub: c.now()} }),
		link.Answer(conn, fleet.FilesSubject(c.run), c.checkAsk, func(a fleet.Ask) any { return c.piece(a) }),
		link.Answer(conn, fleet.RoundSubject(c.run), c.checkAsk, func(a fleet.Ask) any { return c.current(a) }),
		link.Hear(conn, fleet.StatusSubject(c.run),
			func(s fleet.Status) error { return s.Check(o.Workers) }, c.status),
		conn.HearBytes(fleet.AnyJournalSubject(c.run), c.line),
		conn.Flush(),
	)
	if err != nil {
		return nil, err
	}
	c.done.Go(c.publish)
	return c, nil
}

// take takes over what a state says.
func (c *Coordinator) take(from State) {
	for i, m := range from.Members {
		c.members[i] = member{
			name: m.Name, seat: m.Seat, given: m.Name != "", again: m.Again, join: m.Join, heard: c.now(),
		}
		c.seats = max(c.seats, m.Seat)
	}
	if from.Round.Number > 0 {
		c.round = round{Round: from.Round, begun: true}
		c.lease = fleet.Lease{
			Round: from.Round.Number, State: fleet.Armed, StartAt: from.StartAt, Started: from.Started,
		}
	}
}

// state is what another coordinator would need now, without the start.
func (c *Coordinator) state() State {
	s := State{Run: c.run, Began: c.began, Round: c.round.Round, Members: make([]Member, len(c.members))}
	for i, m := range c.members {
		s.Members[i] = Member{m.name, m.seat, m.again, m.join}
	}
	return s
}

// Close tells the workers that no round follows, for as long as there are any, and briefly at most.
func (c *Coordinator) Close(workers func() int) {
	c.close.Do(func() {
		close(c.closed)
		c.done.Wait()
		c.change(func(l *fleet.Lease) { l.State = fleet.Over })
		for deadline := time.Now().Add(overWithin); workers() > 0 && time.Now().Before(deadline); {
			time.Sleep(lookEvery)
			c.tell()
		}
		_ = c.conn.Flush() // a worker that hears nothing ends with its lease
		c.speak()
	})
}

// Unsaved is the first error of the journals of the workers; the sum does not need them.
func (c *Coordinator) Unsaved() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unsaved
}

// now is the clock of the hub.
func (c *Coordinator) now() time.Duration { return time.Since(c.began) }

func (c *Coordinator) checkAsk(a fleet.Ask) error { return a.Check(c.o.Workers) }

// publish tells the lease every second until Close.
func (c *Coordinator) publish() {
	tick := time.NewTicker(leaseEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.tell()
		case <-c.closed:
			return
		}
	}
}

// tell publishes the lease; one that is lost is followed by the next.
func (c *Coordinator) tell() {
	c.telling.Lock()
	defer c.telling.Unlock()
	c.mu.Lock()
	l := c.lease
	l.Seats = map[int]int{}
	if c.round.intake != nil {
		l.Taken = c.round.taken()
	}
	for i := range c.members {
		if m := &c.members[i]; m.here() && m.again {
			l.Seats[i+1] = m.seat
		}
	}
	c.mu.Unlock()
	_ = c.conn.Publish(fleet.LeaseSubject(c.run), l)
}

// say keeps a line for people until speak prints it.
func (c *Coordinator) say(format string, args ...any) {
	c.said = append(c.said, fmt.Sprintf(format, args...))
}

// speak prints what there is to say. A terminal may stand still: it is called where neither a lock nor a lease waits.
func (c *Coordinator) speak() {
	c.mu.Lock()
	said := c.said
	c.said = nil
	c.mu.Unlock()
	for _, line := range said {
		c.o.Print("%s", line)
	}
}

// change changes the lease, and tells it at once.
func (c *Coordinator) change(how func(l *fleet.Lease)) {
	c.mu.Lock()
	how(&c.lease)
	c.mu.Unlock()
	c.tell()
}

// current answers what to run.
func (c *Coordinator) current(a fleet.Ask) fleet.Round {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.members[a.K-1].seat != a.Seat {
		return fleet.Round{Refused: otherWorker}
	}
	if c.round.Number == 0 {
		return fleet.Round{Refused: "the first round has not begun"}
	}
	of := c.round.Round
	if c.round.setup != nil {
		sealed, err := c.key.Seal(c.round.setup, c.members[a.K-1].join.Key)
		if err != nil {
			return fleet.Round{Refused: otherWorker}
		}
		of.Setup = sealed
	}
	return of
}

// line takes a line of a worker's journal.
func (c *Coordinator) line(message []byte) {
	l, err := fleet.LineHead(message)
	if err != nil {
		return // it is asked for again
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	round := &c.round
	if l.K > c.o.Workers || l.Seat != c.members[l.K-1].seat || l.Round != round.Number || round.intake == nil ||
		round.broken[l.K-1] != nil {
		return
	}
	next, err := round.intake.Line(l.K, l.Number, c.now())
	if err == nil && next {
		if l, err = fleet.DecodeLine(message); err == nil {
			err = round.running.Line(l.K, l.Text)
		}
	}
	switch {
	case err != nil:
		c.give(l.K, err)
	case next:
		round.save(l.K, l.Text)
		round.took(l.K)
	}
}

// presence is what is known of a worker in a round that has begun, to wait for it: nobody waits for one whose journal
// is whole, or that cannot go on.
func (c *Coordinator) presence(k int) fleet.Presence {
	p := c.round.intake.Presence(k, c.now())
	if c.round.broken[k-1] != nil || p == fleet.Ended {
		return fleet.Lost
	}
	return p
}

// elapsed is the time since the start; negative before it.
func (c *Coordinator) elapsed() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now() - c.lease.StartAt
}
