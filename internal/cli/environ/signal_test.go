package environ

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// What ends with care has five seconds for it, and no more.
func TestASignalEndsWhatShouldEndByItself(t *testing.T) {
	for _, late := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			ctx, signal := context.WithCancel(t.Context())
			began, ended := time.Now(), time.Duration(0)
			e := Env{Stderr: io.Discard, Exit: func(int) { ended = time.Since(began) }}.Watch(ctx)
			e.EndGently()
			signal()
			if !late {
				time.Sleep(4 * time.Second)
				e.IgnoreSignals()
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if want := map[bool]time.Duration{true: 5 * time.Second}[late]; ended != want {
				t.Errorf("late %v: ended after %s, want %s (0: not at all)", late, ended, want)
			}
			e.IgnoreSignals()
		})
	}
}
