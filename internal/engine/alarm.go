package engine

import (
	"context"
	"time"
)

// Alarm waits for the times of arrivals. It is used by one goroutine.
type Alarm interface {
	// Wait returns at a time, or soon after ctx ended: then false. A time that
	// has come does not wait. Each call has the context that the alarm was made
	// with.
	Wait(ctx context.Context, t time.Time) bool
	Close()
}

// timerAlarm is an Alarm by package time.
type timerAlarm struct{ timer *time.Timer }

func newTimerAlarm() Alarm {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return timerAlarm{t}
}

func (a timerAlarm) Wait(ctx context.Context, t time.Time) bool { return sleepOn(ctx, a.timer, t) }

func (a timerAlarm) Close() { a.timer.Stop() }
