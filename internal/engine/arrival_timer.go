package engine

import (
	"context"
	"time"
)

// ArrivalTimer waits for the times of arrivals. It is used by one goroutine.
type ArrivalTimer interface {
	// Wait returns at a time, or soon after ctx ended: then false. A time that
	// has come does not wait. Each call has the context that the timer was made
	// with.
	Wait(ctx context.Context, t time.Time) bool
	Close()
}

// plainTimer is an ArrivalTimer by package time.
type plainTimer struct{ timer *time.Timer }

func newPlainTimer() ArrivalTimer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return plainTimer{t}
}

func (a plainTimer) Wait(ctx context.Context, t time.Time) bool { return sleepOn(ctx, a.timer, t) }

func (a plainTimer) Close() { a.timer.Stop() }
