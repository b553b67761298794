package demo

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// loadRequests are so many that they are a load also where no two are in flight
// at once. A try-out, which sends every step once, is less.
const loadRequests = 100

// clock tells how long the load has run. It is safe for concurrent use.
type clock struct {
	marked bool // nothing but begin begins it
	once   sync.Once
	begun  chan struct{} // closed when it has
	start  time.Time     // set before

	flying, all atomic.Int64 // requests
}

func newClock(marked bool) *clock { return &clock{marked: marked, begun: make(chan struct{})} }

func (c *clock) begin() {
	c.once.Do(func() {
		c.start = time.Now()
		close(c.begun)
	})
}

// running is how long the load has run; false: it has not begun.
func (c *clock) running() (time.Duration, bool) {
	select {
	case <-c.begun:
		return time.Since(c.start), true
	default:
		return 0, false
	}
}

// enter counts a request, until leave is called. A person, a readiness check and
// a try-out make one after the other.
func (c *clock) enter() (leave func()) {
	flying, all := c.flying.Add(1), c.all.Add(1)
	if !c.marked && (flying > 1 || all >= loadRequests) {
		c.begin()
	}
	return func() { c.flying.Add(-1) }
}

// reached says whether the load has run for so long; 0 is always reached.
func (c *clock) reached(from time.Duration) bool {
	running, begun := c.running()
	return from == 0 || begun && running >= from
}

// within says whether it is now in a span.
func (c *clock) within(s Span) bool {
	running, begun := c.running()
	return begun && s.From <= running && running < s.Until
}

// sleepUntil returns the context's error when that ends first.
func sleepUntil(ctx context.Context, t time.Time) error {
	d := time.Until(t)
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
