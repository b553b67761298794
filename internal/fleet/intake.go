package fleet

import (
	"fmt"
	"slices"
	"time"
)

// How long a worker may be silent. Its journal has a line every second, which is its heartbeat.
const (
	SuspectAfter = 3 * time.Second
	LostAfter    = 15 * time.Second
)

// Presence is what is known of a worker. The zero value is the cautious one.
type Presence uint8

// What may be known of a worker.
const (
	Absent  Presence = iota // it has not said anything yet
	Lost                    // silent for LostAfter or longer; what it said stays
	Suspect                 // silent for SuspectAfter or longer
	Live
	Ended // its journal is whole
)

// Intake follows the journals of a run's shards: it says of each line whether it is the next one, and of
// each shard what is missing and whether it is alive. Times are by one clock of any origin. The zero value is
// not usable. It is not safe for concurrent use.
type Intake struct {
	shards []intakeShard // by K - 1
	trip   time.Duration
}

type intakeShard struct {
	taken int // lines 1 to this one
	seen  int // the highest number of a line
	last  int // number of the line that ends the journal; 0: not known yet
	heard time.Duration
	line  time.Duration // when a line came
	known bool          // heard from
	asked time.Duration // when lines were asked for again
	begun bool          // asked
}

// NewIntake is the intake of n shards. Trip is the longest round trip to a worker: no silence is shorter.
func NewIntake(n int, trip time.Duration) *Intake {
	return &Intake{shards: make([]intakeShard, n), trip: trip}
}

func (i *Intake) shard(k int) (*intakeShard, error) {
	if k < 1 || k > len(i.shards) {
		return nil, fmt.Errorf("part %d of %d cannot be", k, len(i.shards))
	}
	return &i.shards[k-1], nil
}

// Line takes the number of a line of shard k, from 1. Next says that it is the one to read now: all before it
// were. One that was there already, or that comes too early, is not: it is read when it is sent again.
func (i *Intake) Line(k, number int, now time.Duration) (next bool, err error) {
	s, err := i.shard(k)
	if err != nil {
		return false, err
	}
	if number < 1 || s.last > 0 && number > s.last {
		return false, fmt.Errorf("part %d: line %d cannot be", k, number)
	}
	s.heard, s.line, s.known, s.seen = now, now, true, max(s.seen, number)
	if number != s.taken+1 {
		return false, nil
	}
	s.taken = number
	return true, nil
}

// Heard says that there was a sign of life of shard k that is no line.
func (i *Intake) Heard(k int, now time.Duration) {
	if s, err := i.shard(k); err == nil {
		s.heard, s.known = max(s.heard, now), true
	}
}

// End says that the line just taken ends the journal of shard k.
func (i *Intake) End(k int) error {
	s, err := i.shard(k)
	if err == nil && s.taken == 0 {
		err = fmt.Errorf("part %d ended before its first line", k)
	}
	if err != nil {
		return err
	}
	s.last = s.taken
	return nil
}

// Missing is the line from which shard k has to send again, because a later one has come or because it is
// silent. False: nothing is missing as far as is known, or it was asked less than SuspectAfter ago.
func (i *Intake) Missing(k int, now time.Duration) (from int, ask bool) {
	s, err := i.shard(k)
	if err != nil || !s.known || s.last > 0 {
		return 0, false
	}
	silent := now-s.line >= SuspectAfter+i.trip
	if s.seen == s.taken && !silent || s.begun && now-s.asked < SuspectAfter+i.trip {
		return 0, false
	}
	s.asked, s.begun = now, true
	return s.taken + 1, true
}

// Taken is the last line of those of shard k that were read without a gap.
func (i *Intake) Taken(k int) int {
	s, err := i.shard(k)
	if err != nil {
		return 0
	}
	return s.taken
}

// Presence is what is known of shard k now.
func (i *Intake) Presence(k int, now time.Duration) Presence {
	s, err := i.shard(k)
	switch {
	case err != nil || !s.known:
		return Absent
	case s.last > 0:
		return Ended
	case now-s.heard >= LostAfter+i.trip:
		return Lost
	case now-s.heard >= SuspectAfter+i.trip:
		return Suspect
	}
	return Live
}

// Silence is how long nothing was heard of shard k; 0 where nothing ever was.
func (i *Intake) Silence(k int, now time.Duration) time.Duration {
	s, err := i.shard(k)
	if err != nil || !s.known {
		return 0
	}
	return now - s.heard
}

// Whole says whether every journal is there to its end.
func (i *Intake) Whole() bool {
	return !slices.ContainsFunc(i.shards, func(s intakeShard) bool { return s.last == 0 })
}
