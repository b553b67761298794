package engine

import (
	"context"
	"time"
)

// sleepUntil waits for a time; false when ctx ended first.
func sleepUntil(ctx context.Context, t time.Time) bool {
	timer := time.NewTimer(0)
	defer timer.Stop()
	return sleepOn(ctx, timer, t)
}

// sleepOn is sleepUntil with a timer to use again. A time that has come does
// not wait.
func sleepOn(ctx context.Context, timer *time.Timer, t time.Time) bool {
	d := time.Until(t)
	if d <= 0 || ctx.Err() != nil {
		return ctx.Err() == nil
	}
	timer.Reset(d)
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		timer.Stop()
		return false
	}
}
