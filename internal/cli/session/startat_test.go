package session

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
)

// In the bubble it is midnight of 1 January 2000, UTC.
func TestStartFlag(t *testing.T) {
	for _, row := range []struct {
		name, text string
		ready      time.Duration // after the flag was read
		sleeps     time.Duration
		said       string
		code       int // 2: refused at once, 4: after the target was ready
		mistake    string
	}{
		{name: "none"},
		{name: "a time of today", text: "00:10:00", ready: time.Minute,
			sleeps: 9 * time.Minute, said: "loadgate: waiting 9m0s until 00:10:00\n"},
		{name: "a time with its zone", text: "2000-01-01T02:00:00+01:00",
			sleeps: time.Hour, said: "loadgate: waiting 1h0m0s until 2000-01-01T02:00:00+01:00\n"},
		{name: "a part of a second", text: "00:00:01.25", ready: time.Second,
			sleeps: time.Second / 4, said: "loadgate: waiting 250ms until 00:00:01.25\n"},
		{name: "a day ahead", text: "2000-01-02T00:00:00Z", sleeps: 24 * time.Hour,
			said: "loadgate: waiting 24h0m0s until 2000-01-02T00:00:00Z\n"},
		{name: "just now", text: "00:00:00", ready: time.Second / 2},
		{name: "a little late", text: "1999-12-31T23:59:30Z",
			said: "loadgate: 30s late for 1999-12-31T23:59:30Z: starting now\n"},
		{name: "a target that was slow to be ready", text: "00:00:10",
			ready: 40 * time.Second, said: "loadgate: 30s late for 00:00:10: starting now\n"},
		{
			name: "a target that was too slow", text: "00:00:10", ready: 2 * time.Minute,
			code: 4, mistake: "the target was ready 1m50s after --start-at 00:00:10: the other shards have begun",
		},
		{name: "more than a day ahead", text: "2000-01-02T00:00:01Z", code: 2,
			mistake: "--start-at 2000-01-02T00:00:01Z: that is 24h0m1s ahead; write a time within 24 hours"},
		{name: "past", text: "1999-12-31T23:58:59Z", code: 2,
			mistake: "--start-at 1999-12-31T23:58:59Z: that was 1m1s ago"},
		{name: "past by years", text: "1990-01-01T00:00:00Z", code: 2,
			mistake: "that was 3,652 days ago; write a time within 24 hours"},
		{name: "ahead by years", text: "2010-01-01T00:00:00Z",
			code: 2, mistake: "that is 3,653 days ahead; write a time within 24 hours"},
		{name: "a day without a time", text: "2000-01-01", code: 2,
			mistake: "--start-at 2000-01-01: write a time such as 2006-01-02T15:04:05Z"},
		{name: "a time without seconds", text: "12:00", code: 2, mistake: "--start-at 12:00: write a time such as"},
		{name: "a word", text: "soon", code: 2, mistake: "--start-at soon: write a time such as"},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := StartFlag{text: row.text}
				env := environ.Env{Now: func() time.Time { return time.Now().UTC() }}
				var said strings.Builder
				err := f.Resolve(env.Now())
				if err == nil {
					time.Sleep(row.ready)
					start := time.Now()
					err = f.Wait(t.Context(), env, &said)
					if slept := time.Since(start); slept != row.sleeps {
						t.Errorf("slept %s, want %s", slept, row.sleeps)
					}
				}
				if got := failure.ExitCode(err); got != row.code ||
					err != nil && !strings.Contains(err.Error(), row.mistake) {
					t.Errorf("error %v with code %d, want %q with %d", err, got, row.mistake, row.code)
				}
				if said.String() != row.said {
					t.Errorf("said %q, want %q", said.String(), row.said)
				}
			})
		})
	}
}

// A time of the clock is today's, in the machine's own zone.
func TestStartFlagToday(t *testing.T) {
	zone := time.FixedZone("", 5*3600)
	f := StartFlag{text: "00:30:00"}
	err := f.Resolve(time.Date(2030, 6, 1, 23, 0, 0, 0, zone))
	if hint := failure.HintOf(err); !strings.Contains(hint, "2030-06-02T00:30:00+05:00") {
		t.Errorf("a time of the clock that is past: %v with hint %q, want that of tomorrow", err, hint)
	}
	f = StartFlag{text: "2030-05-01T00:30:00+05:00"}
	if err := f.Resolve(time.Date(2030, 6, 1, 23, 0, 0, 0, zone)); err == nil || failure.HintOf(err) != "" {
		t.Errorf("a date that is past: %v, want an error without advice for tomorrow", err)
	}
	f = StartFlag{text: "23:30:00"}
	if err := f.Resolve(time.Date(2030, 6, 1, 23, 0, 0, 0, zone)); err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2030, 6, 1, 18, 30, 0, 0, time.UTC); !f.at.Equal(want) {
		t.Errorf("23:30 at 23:00 is %s, want %s", f.at, want)
	}
	f = StartFlag{text: "00:10:00"}
	err = f.Resolve(time.Date(2030, 6, 1, 23, 50, 0, 0, zone))
	if hint := failure.HintOf(err); !strings.Contains(hint, "2030-06-02T00:10:00+05:00") {
		t.Errorf("00:10 at 23:50: %v, want a hint with tomorrow's date", err)
	}
}

// A signal ends the wait.
func TestStartFlagInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := StartFlag{text: "2000-01-01T12:00:00Z"}
		env := environ.Env{Now: time.Now}
		if err := f.Resolve(env.Now()); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		start := time.Now()
		if err := f.Wait(ctx, env, &strings.Builder{}); err == nil || time.Since(start) != time.Minute {
			t.Errorf("wait ended with %v after %s, want an error after 1m", err, time.Since(start))
		}
	})
}
