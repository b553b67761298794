package demo

import (
	"context"
	"net"
	"sync"
	"time"
)

const (
	leakPiece = 32 << 10
	leakMost  = 512 << 20
	pageSize  = 4 << 10
)

// leak keeps memory that nobody needs. It is safe for concurrent use.
type leak struct {
	mu     sync.Mutex
	pieces [][]byte
}

func (l *leak) keep() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pieces) >= leakMost/leakPiece {
		return
	}
	piece := make([]byte, leakPiece)
	for i := 0; i < leakPiece; i += pageSize {
		piece[i] = 1 // a page that is never written costs the machine nothing
	}
	l.pieces = append(l.pieces, piece)
}

func (l *leak) size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.pieces)) * leakPiece
}

// thaw waits while the service is frozen.
func (f Freeze) thaw(ctx context.Context, c *clock) error {
	running, begun := c.running()
	switch {
	case !begun:
		return nil
	case c.within(f.Once):
		return sleepUntil(ctx, c.start.Add(f.Once.Until))
	case f.For == 0 || running < f.Every || running%f.Every >= f.For:
		return nil
	}
	return sleepUntil(ctx, c.start.Add(running-running%f.Every+f.For))
}

// limiter counts requests of each client address in fixed windows. It is safe
// for concurrent use.
type limiter struct {
	limit RateLimit
	start time.Time

	mu     sync.Mutex
	window int64
	counts map[string]int // of this window
}

// allow counts a request. When it is one too many, wait is the time until the
// next window.
func (l *limiter) allow(remote string) (wait time.Duration, ok bool) {
	if l.limit.Requests == 0 {
		return 0, true
	}
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	since := time.Since(l.start)
	window := int64(since / l.limit.Window)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil || window != l.window {
		l.window, l.counts = window, map[string]int{}
	}
	l.counts[host]++
	return l.limit.Window - since%l.limit.Window, l.counts[host] <= l.limit.Requests
}
