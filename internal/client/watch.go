package client

import (
	"context"
	"sync"
	"time"
)

// watch ends the exchange under way when its context ends: it moves the
// connection's deadline into the past, which wakes readers and writers.
//
// A virtual user passes the same context again and again, so the context is
// watched once, not once an exchange; no goroutine waits for it.
type watch struct {
	mu   sync.Mutex
	conn *conn           // of the exchange under way; nil between exchanges
	done <-chan struct{} // of the context that is watched; nil: none
	stop func() bool     // ends the watching
}

// begin guards a connection until end. A context that has ended before begin
// is the caller's to find, after begin.
func (w *watch) begin(ctx context.Context, c *conn) {
	done := ctx.Done()
	w.mu.Lock()
	w.conn = c
	same := done == w.done
	w.mu.Unlock()
	if same {
		return
	}
	w.leave()
	if done == nil {
		return
	}
	w.mu.Lock()
	w.done = done
	w.mu.Unlock()
	w.stop = context.AfterFunc(ctx, func() { w.fire(done) })
}

func (w *watch) end() {
	w.mu.Lock()
	w.conn = nil
	w.mu.Unlock()
}

// leave stops watching the context. What it may still do late finds that it
// is no longer the one.
func (w *watch) leave() {
	w.mu.Lock()
	w.done = nil
	w.mu.Unlock()
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
}

func (w *watch) fire(done <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil && w.done == done {
		_ = w.conn.socket.SetDeadline(time.Unix(1, 0)) // a closed connection needs no waking
	}
}
