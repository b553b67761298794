package coordinator

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/unit"
)

// member is a worker, or the place for one.
type member struct {
	seat   int    // of this worker; a later one in its place has another
	given  bool   // somebody has it, or had it
	again  bool   // somebody else had it before
	name   string // of no other worker; empty: nobody is there
	join   fleet.Join
	status fleet.Status
	heard  time.Duration // by the coordinator's clock
	shown  fleet.Presence
}

func (m *member) here() bool { return m.name != "" }

// welcome gives a worker a place. One that asks again has its own.
func (c *Coordinator) welcome(j fleet.Join) fleet.Welcome {
	if err := j.Check(); err != nil {
		return fleet.Welcome{Refused: fleet.OneLine(err.Error()), Final: true}
	}
	if !c.conn.Proven(j.Key, j.Proof) {
		return fleet.Welcome{Refused: "it does not prove that it has the join secret", Final: true}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.place(j)
	if k == 0 {
		return fleet.Welcome{Refused: "the run has its " + unit.Counted(c.o.Workers, "worker")}
	}
	sealed, err := c.key.Seal(c.env, j.Key)
	if err != nil {
		return fleet.Welcome{Refused: "its key is no key", Final: true}
	}
	m := &c.members[k-1]
	if m.join.Key != j.Key {
		c.seats++
		*m = member{seat: c.seats, again: m.given, given: true, name: c.free(j.Name)}
		c.say("worker %d/%d is %s, %s", k, c.o.Workers, m.name, unit.Counted(j.Cores, "core"))
	}
	m.join, m.heard = j, c.now()
	return fleet.Welcome{
		Run: c.run, Name: m.name, Seat: m.seat, K: k, N: c.o.Workers,
		File: c.o.Load.File, Size: len(c.bundle), Key: c.key.Public(), Sealed: sealed,
	}
}

// place is the number of the place for a worker: its own, the one that it would like, the first that nobody has, or
// the first whose worker is silent; 0: none is free. Places of workers that have begun never are.
func (c *Coordinator) place(j fleet.Join) int {
	for i := range c.members {
		if c.members[i].join.Key == j.Key {
			return i + 1
		}
	}
	silent := func(m *member) bool { return !c.round.begun && c.now()-m.heard > gone }
	if j.Index != nil && *j.Index < len(c.members) {
		if m := &c.members[*j.Index]; !m.here() || silent(m) {
			return *j.Index + 1
		}
	}
	place := 0
	for i := range c.members {
		switch m := &c.members[i]; {
		case !m.here():
			return i + 1
		case place == 0 && silent(m):
			place = i + 1
		}
	}
	return place
}

// free is a name, with a number where another worker has it: machines made of one image often share theirs.
func (c *Coordinator) free(name string) string {
	taken := make(map[string]bool, len(c.members))
	for i := range c.members {
		taken[c.members[i].name] = true
	}
	unique := name
	for n := 2; taken[unique]; n++ {
		unique = name + " (" + strconv.Itoa(n) + ")"
	}
	return unique
}

// piece is the part of the bundle that a worker asks for.
func (c *Coordinator) piece(a fleet.Ask) fleet.Piece {
	c.mu.Lock()
	m := &c.members[a.K-1]
	to, own := m.join.Key, m.seat == a.Seat
	if own {
		m.heard = c.now()
	}
	c.mu.Unlock()
	if !own {
		return fleet.Piece{Refused: otherWorker}
	}
	if a.From >= len(c.bundle) {
		return fleet.Piece{Refused: "the bundle ends before"}
	}
	sealed, err := c.key.Seal(c.bundle[a.From:min(a.From+fleet.PieceSize, len(c.bundle))], to)
	if err != nil {
		return fleet.Piece{Refused: otherWorker}
	}
	return fleet.Piece{Sealed: sealed}
}

// otherWorker is why a worker gets nothing: it was silent for too long, and another one has its part.
const otherWorker = "another worker has this part now"

// status takes what a worker says of itself.
func (c *Coordinator) status(s fleet.Status) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := &c.members[s.K-1]
	if !m.here() || m.seat != s.Seat {
		return
	}
	if s.Left && !c.round.begun {
		c.say("worker %s left: %s", m.name, fleet.OneLine(s.Error))
		*m = member{given: true}
		return
	}
	m.status, m.heard = s, c.now()
	if c.round.intake == nil {
		return
	}
	c.round.intake.Heard(s.K, m.heard)
	if _, ended := c.round.running.Ended(s.K); s.Error != "" && s.Round == c.round.Number && !ended {
		c.give(s.K, errors.New(s.Error))
	}
}

// Ended says that the process of a worker has ended, which nobody starts again. What it had sent by then may still
// be on its way.
func (c *Coordinator) Ended(name string, why error) {
	time.Sleep(onItsWay)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lease.State == fleet.Over {
		return
	}
	c.ended = fmt.Errorf("worker %s has ended: %w", name, why)
	for i := range c.members {
		if c.members[i].name != name || !c.round.begun {
			continue
		}
		if _, whole := c.round.running.Ended(i + 1); !whole {
			c.give(i+1, fmt.Errorf("it has ended: %w", why))
		}
	}
}

// give up waiting for a worker in this round, and say why.
func (c *Coordinator) give(k int, why error) {
	if c.round.broken[k-1] != nil {
		return
	}
	c.round.broken[k-1] = why
	counts := ""
	if elapsed := c.round.running.Elapsed(k); elapsed > 0 {
		counts = "; what it measured up to " + unit.Clock(elapsed) + " counts"
	}
	c.say("worker %s: %s%s", c.members[k-1].name, fleet.OneLine(why.Error()), counts)
}
