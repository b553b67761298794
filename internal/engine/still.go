package engine

import (
	"context"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// The process reads a clock at every beat. Where a reading comes stillLeast
// later than it should, the process did not run: it was stopped, or its machine
// slept. Beats are much shorter than a slot, so that the time is known to 50 ms.
const (
	beat       = 50 * time.Millisecond
	stillLeast = 100 * time.Millisecond
)

// standstill is the time from which a stop changes what the run does: what was
// due in it is not made up for. It is one beat longer than the second from which
// the gate leaves slots out, since what is recorded may be one beat too short.
const standstill = time.Second + beat

// pulse notices when the process did not run. Safe for concurrent use.
type pulse struct {
	clock func() time.Duration // monotonic; counts the machine's sleep where it can
	start time.Time

	mu    sync.Mutex
	last  time.Duration         // the reading before
	still map[int]time.Duration // the longest stop, by the slot in which it ended; not yet cut
}

// newPulse returns a pulse of a run that starts at a time; without a clock the
// runtime's own is read, which stands still while the machine sleeps.
func newPulse(clock func() time.Duration, start time.Time) *pulse {
	if clock == nil {
		clock = func() time.Duration { return time.Since(start) }
	}
	return &pulse{clock: clock, start: start, last: clock(), still: map[int]time.Duration{}}
}

// watch beats until ctx ends.
func (p *pulse) watch(ctx context.Context) error {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for sleepOn(ctx, timer, time.Now().Add(beat)) {
		p.read()
	}
	return nil
}

// read compares the clock with the reading before.
func (p *pulse) read() {
	now := p.clock()
	p.mu.Lock()
	defer p.mu.Unlock()
	longer := now - p.last - beat
	p.last = max(p.last, now)
	if longer >= stillLeast {
		slot := int(time.Since(p.start) / result.SlotLength)
		p.still[slot] = max(p.still[slot], longer)
	}
}

// cut takes the longest stop that ended in a slot, or before it: 0 where there
// was none.
//
// Note: after a stop all slots that passed are cut in turn. The first has the late
// reading; the last has the effect on the requests, so the stop is recorded there.
func (p *pulse) cut(slot int) (longest time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ended, still := range p.still {
		if ended <= slot {
			longest = max(longest, still)
			delete(p.still, ended)
		}
	}
	return longest
}

// stood adds to what is known of the generator in a slot how long it stood
// still; nil: nothing is known, and it did not.
func stood(g *result.Generator, still time.Duration) *result.Generator {
	if still == 0 {
		return g
	}
	if g == nil {
		g = &result.Generator{}
	}
	g.Still = still
	return g
}
