package engine_test

import (
	"context"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

func decodeWithData(t *testing.T, pick string) *plan.Plan {
	t.Helper()
	text := file(2, "2/s", "10s", "\n  g: {wait: 1s, steps: [{request: 'GET /${ rows.name }'}]}\n") +
		"data: {rows: {file: rows.csv, pick: " + pick + "}}\n"
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{
		Files: fstest.MapFS{"rows.csv": &fstest.MapFile{Data: []byte("name\na\nb\nc\nd\n")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// At the end of a run users in flight get their time to finish, and what they
// find counts.
func TestRunDrains(t *testing.T) {
	tests := []struct {
		name      string
		takes     time.Duration
		wantSlots int64 // requests recorded
		wantTook  time.Duration
	}{
		{"within the timeout", 4 * time.Second, 2, 9 * time.Second},
		{"cut off after it", time.Hour, 0, 15 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(sent, *client.Exchange) time.Duration { return tt.takes })
				start := time.Now()
				p := decode(t, file(1, "1/s", "5s", "\n  g: {wait: 1s, steps: [GET /a]}\n"), plan.Options{})
				r := walk(t, context.Background(), p, s, engine.Engine{})
				if n, _ := total(t, r, "GET /a"); n != tt.wantSlots {
					t.Errorf("%d requests recorded, want %d", n, tt.wantSlots)
				}
				if took := time.Since(start); took != tt.wantTook {
					t.Errorf("Run took %s, want %s", took, tt.wantTook)
				}
				if r.End != result.Complete || r.Elapsed != 5*time.Second {
					t.Errorf("run %s after %s, want complete after 5s", r.End, r.Elapsed)
				}
			})
		})
	}
}

// A user that is made just before the end of an open load has the time for its
// start steps and the step that its arrival was for.
func TestArrivalsDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(sent, *client.Exchange) time.Duration { return 15 * time.Second })
		began := time.Now()
		groups := "  shopper: {wait: 1s, start: [POST /login, GET /home], steps: [GET /a]}\n"
		r := walk(t, context.Background(), decode(t, open("rate: 1/s, duration: 2s, arrivals: even", groups),
			plan.Options{}), s, engine.Engine{})
		for _, name := range []string{"POST /login", "GET /home", "GET /a"} {
			if n, failed := total(t, r, name); n != 2 || failed != 0 {
				t.Errorf("%s: %d requests, %d failed; want 2, 0", name, n, failed)
			}
		}
		if took := time.Since(began); took != 46*time.Second {
			t.Errorf("Run took %s, want 46s", took)
		}
	})
}

// A database that takes its time to count statements delays the start of the run:
// no request is late for it, and the generator did not stand still.
func TestRunStartsAfterItsStatementsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(nil)
		begun := time.Now()
		e := engine.Engine{Statements: func(context.Context) ([]result.Statement, error) {
			time.Sleep(8 * time.Second)
			return nil, nil
		}}
		r := walk(t, context.Background(), decode(t, file(2, "2/s", "10s", viewer), plan.Options{}), s, e)
		if found := stills(r); len(found) > 0 {
			t.Errorf("stood still in %v, want never", found)
		}
		if _, lag := all(t, r); lag.Count() == 0 || longest(&lag) != 0 {
			t.Errorf("%d requests are up to %s late, want some and none", lag.Count(), longest(&lag))
		}
		if seen := s.requests(); seen[0].At != 8*time.Second || r.Elapsed != 10*time.Second ||
			time.Since(begun) != 26*time.Second {
			t.Errorf("began at %s, ran for %s, took %s; want 8s, 10s, 26s",
				seen[0].At, r.Elapsed, time.Since(begun))
		}
	})
}

func longest(l *latency) time.Duration {
	most, _ := l.Max()
	return most
}

func TestRunInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(sent, *client.Exchange) time.Duration { return time.Hour })
		ctx, stop := context.WithTimeout(context.Background(), 12500*time.Millisecond)
		defer stop()
		start := time.Now()
		r := walk(t, ctx, decode(t, file(5, "5/s", "10m", viewer), plan.Options{}), s, engine.Engine{})
		if r.End != result.Interrupted {
			t.Errorf("run %s, want interrupted", r.End)
		}
		if took := time.Since(start); took > 16*time.Second {
			t.Errorf("an interrupted run ended after %s, want within 3 s of the signal", took)
		}
		// Requests that the interruption cut off are nobody's failure.
		if n, _ := total(t, r, "GET /a"); n != 0 {
			t.Errorf("%d requests recorded, want none", n)
		}
	})
}

// A target that is silent for long ends the run; one that answers again does
// not.
func TestRunLosesTheTarget(t *testing.T) {
	tests := []struct {
		name string
		dead func(at time.Duration) bool
		want result.End
	}{
		{"for good", func(at time.Duration) bool { return at > 60*time.Second }, result.Lost},
		{"for a while", func(at time.Duration) bool { return at > 60*time.Second && at < 75*time.Second },
			result.Complete},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					if tt.dead(q.At) {
						x.Failure, x.Status = metric.Refused, 0
					}
					return time.Millisecond
				})
				r := walk(t, context.Background(), decode(t, file(10, "10/s", "5m", viewer), plan.Options{}),
					s, engine.Engine{})
				if r.End != tt.want {
					t.Errorf("run %s after %s, want %s", r.End, r.Elapsed, tt.want)
				}
				if tt.want == result.Lost && r.Elapsed > 100*time.Second {
					t.Errorf("the run went on until %s", r.Elapsed)
				}
			})
		})
	}
}

// The engine asks once whether to go on.
func TestRunExtends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(nil)
		asked := 0
		e := engine.Engine{More: func(*result.Result) time.Duration { asked++; return 20 * time.Second }}
		r := walk(t, context.Background(), decode(t, file(2, "2/s", "30s", viewer), plan.Options{}), s, e)
		if asked != 1 || r.Elapsed != 50*time.Second || r.Planned.Duration != 50*time.Second {
			t.Errorf("asked %d times, ran %s of %s; want once, 50s", asked, r.Elapsed, r.Planned.Duration)
		}
	})
}

// A request that leaves late is measured from when it should have left, and
// from when it did.
func TestRunKeepsLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(_ sent, x *client.Exchange) time.Duration {
			time.Sleep(30 * time.Millisecond) // the generator has no time for its user
			x.Sent = time.Now()
			return 10 * time.Millisecond
		})
		r := walk(t, context.Background(), decode(t, file(1, "1/s", "10s", viewer), plan.Options{}), s, engine.Engine{})
		slot := r.Endpoints[0].Slots[0]
		for _, tt := range []struct {
			name string
			hist interface{ Into(*latency) error }
			want time.Duration
		}{{"from the intended start", slot.Latency, 40 * time.Millisecond},
			{"from the send", slot.FromSend, 10 * time.Millisecond},
			{"lag", r.Timeline[0].Lag, 30 * time.Millisecond}} {
			var l latency
			if err := tt.hist.Into(&l); err != nil {
				t.Fatal(err)
			}
			if got, ok := l.Max(); !ok || got != tt.want {
				t.Errorf("%s %s, want %s", tt.name, got, tt.want)
			}
		}
	})
}
