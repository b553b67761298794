package session

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/unit"
)

// How far off a start may be: farther ahead is a slip of the pen, and later
// than the grace the shard would load a service that the others have left.
const (
	startAhead = 24 * time.Hour
	startGrace = time.Minute
)

// StartFlag is when the load begins, so that the shards of a run do it
// together. Each machine goes by its own clock.
type StartFlag struct {
	text string
	at   time.Time // zero: at once
}

// Add adds --start-at.
func (f *StartFlag) Add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.text, "start-at", "", "begin the load at this time: RFC 3339, or HH:MM:SS today")
}

// Resolve reads the flag; "today" is now's, in its time zone.
func (f *StartFlag) Resolve(now time.Time) error {
	if f.text == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, f.text)
	dated := err == nil
	if !dated {
		of, err := time.Parse(time.TimeOnly, f.text)
		if err != nil {
			return fmt.Errorf("--start-at %s: write a time such as 2006-01-02T15:04:05Z, or 15:04:05 for today", f.text)
		}
		year, month, day := now.Date()
		at = time.Date(year, month, day, of.Hour(), of.Minute(), of.Second(), of.Nanosecond(), now.Location())
	}
	switch left := at.Sub(now); {
	case left > startAhead:
		return fmt.Errorf("--start-at %s: that is %s ahead; write a time within 24 hours", f.text, brief(left))
	case left < -startGrace:
		past := fmt.Errorf("--start-at %s: that was %s ago; write a time within 24 hours", f.text, brief(-left))
		tomorrow := at.AddDate(0, 0, 1)
		if dated || tomorrow.Before(now) {
			return past
		}
		return failure.WithHint(past, "a time of tomorrow needs its date: "+tomorrow.Format(time.RFC3339))
	}
	f.at = at
	return nil
}

// Wait sleeps until the load begins, and tells w. A target that was ready too
// late is an error.
func (f *StartFlag) Wait(ctx context.Context, env environ.Env, w io.Writer) error {
	if f.at.IsZero() {
		return nil
	}
	left := f.at.Sub(env.Now())
	switch {
	case left < -startGrace:
		return failure.CouldNotRun(
			fmt.Errorf("the target was ready %s after --start-at %s: the other shards have begun",
				brief(-left), f.text))

	case left <= 0 && left > -time.Second:
		return ctx.Err()
	case left <= 0:
		console.Print(w, "%s late for %s: starting now", brief(-left), f.text)
		return ctx.Err()
	}
	console.Print(w, "waiting %s until %s", brief(left), f.text)
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// brief is a duration to the second, or what is less; of days, in days.
func brief(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= 2*day {
		return fmt.Sprintf("%s days", unit.Grouped(int64(d/day)))
	}
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
