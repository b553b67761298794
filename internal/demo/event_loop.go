package demo

import (
	"context"
	"crypto/sha256"
	"time"
)

// eventLoop is the one thread of an event loop: whoever needs it waits for who has
// it, in the order of arrival. A nil one is never busy. It is safe for
// concurrent use.
type eventLoop chan struct{}

// hold runs work in the thread, which may be nil, when it is its turn. The error
// is the context's, or that of the work.
func (l eventLoop) hold(ctx context.Context, work func() error) error {
	if l == nil {
		return nil
	}
	select {
	case l <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-l }()
	if work == nil {
		return nil
	}
	return work()
}

// burn uses a processor for so long, and takes at least that long.
func burn(ctx context.Context, d time.Duration) error {
	begun := time.Now()
	spin(d)
	return sleepUntil(ctx, begun.Add(d)) // the time has passed, unless it is a test's
}

// compute is some microseconds of work.
func compute() {
	var page [1 << 10]byte
	for range 16 {
		page[0] = sha256.Sum256(page[:])[0]
	}
}
