package engine_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// stop is a time in which nothing of the generator runs: whoever looks at a
// clock in it comes back at its end.
type stop struct{ from, to time.Time }

func (s stop) pass() {
	if now := time.Now(); !now.Before(s.from) && now.Before(s.to) {
		time.Sleep(s.to.Sub(now))
	}
}

// Wait makes it a timer.
func (s stop) Wait(ctx context.Context, t time.Time) bool {
	time.Sleep(time.Until(t))
	s.pass()
	return ctx.Err() == nil
}

func (stop) Close() {}

// stills are the slots whose generator stood still, with how long.
func stills(r *result.Result) map[int]time.Duration {
	found := map[int]time.Duration{}
	for _, m := range r.Timeline {
		if m.Generator != nil && m.Generator.Still > 0 {
			found[m.Slot] = m.Generator.Still
		}
	}
	return found
}

// A generator that stood still says so in the slot in which it went on, however
// many slots were cut at once then. What was due in the meantime is dropped, not
// sent in one burst.
func TestStandstill(t *testing.T) {
	ms := time.Millisecond
	tests := []struct {
		name        string
		from, to    time.Duration
		slot        int // 0: it is not told
		wantDropped int64
	}{
		{"over several slots", 6510 * ms, 9510 * ms, 9, 60},
		{"within one slot", 6110 * ms, 6810 * ms, 6, 0},
		{"over one boundary", 6910 * ms, 7110 * ms, 7, 0},
		{"too short to tell", 6910 * ms, 6985 * ms, 0, 0},
		{"to a boundary", 6010 * ms, 9 * time.Second, 9, 59},
		{"over the end of the run", 18510 * ms, 21510 * ms, 20, 29},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				halt := stop{start.Add(tt.from), start.Add(tt.to)}
				s := newService(nil)
				r := walk(t, context.Background(), decode(t, open("rate: 20/s, duration: 20s, arrivals: even", shopper),
					plan.Options{}), s, engine.Engine{
					Clock:        func() time.Duration { halt.pass(); return time.Since(start) },
					ArrivalTimer: func(context.Context) engine.ArrivalTimer { return halt },
				})
				found := stills(r)
				if tt.slot == 0 && len(found) > 0 || tt.slot > 0 && len(found) != 1 {
					t.Fatalf("stood still in %v, want slot %d", found, tt.slot)
				}
				length := tt.to - tt.from
				if got := found[tt.slot]; tt.slot > 0 && (got > length || got < length-50*ms) {
					t.Errorf("stood still in %v, want %s in slot %d, up to 50ms less", found, length, tt.slot)
				}
				offered, dropped := arrivals(r)
				if offered != 400 || dropped != tt.wantDropped || int64(len(s.requests())) != offered-dropped {
					t.Errorf("%d arrivals, %d dropped, %d sent; want 400, %d, and the rest",
						offered, dropped, len(s.requests()),
						tt.wantDropped)
				}
				for _, m := range r.Timeline {
					if began := int(tt.from / time.Second); m.Dropped > 0 && (m.Slot < began || m.Slot > tt.slot) {
						t.Errorf("%d dropped in slot %d, which has nothing of the stop", m.Dropped, m.Slot)
					}
				}
				if tt.wantDropped > 0 {
					var most int
					for _, q := range s.requests() {
						until := slices.IndexFunc(s.requests(), func(o sent) bool { return o.At > q.At+100*ms })
						first := slices.IndexFunc(s.requests(), func(o sent) bool { return o.At >= q.At })
						most = max(most, until-first)
					}
					if most > 3 {
						t.Errorf("%d requests within 100ms, want 3 at most", most)
					}
				}
			})
		})
	}
}

// The time that a machine slept is told, where a clock counts it.
func TestStandstillOfAMachineAsleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		clock := func() time.Duration {
			if passed := time.Since(start); passed > 4300*time.Millisecond {
				return passed + time.Hour
			}
			return time.Since(start)
		}
		r := walk(t, context.Background(), decode(t, file(2, "2/s", "10s", viewer), plan.Options{}), newService(nil),
			engine.Engine{Clock: clock})
		if found := stills(r); len(found) != 1 || found[4] != time.Hour {
			t.Errorf("stood still in %v, want 1h in slot 4", found)
		}
	})
}

// Silence before a stop is not counted on through it, and nobody is asked
// whether the run has said enough while its slots are made up for.
func TestStandstillIsNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		halt := stop{start.Add(6510 * time.Millisecond), start.Add(70 * time.Second)}
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			if q.At > 5*time.Second && q.At < 7*time.Second {
				x.Failure, x.Status = metric.Refused, 0
			}
			return time.Millisecond
		})
		var asked []time.Duration
		r := walk(t, context.Background(), decode(t, open("rate: 20/s, duration: 80s, arrivals: even", shopper),
			plan.Options{}), s, engine.Engine{
			Clock:        func() time.Duration { halt.pass(); return time.Since(start) },
			ArrivalTimer: func(context.Context) engine.ArrivalTimer { return halt },
			InterimLooks: []time.Duration{20 * time.Second},
			InterimLook:  func(*result.Result) bool { asked = append(asked, time.Since(start)); return false },
		})
		if r.End != result.Complete || r.Elapsed != 80*time.Second {
			t.Errorf("ended %s after %s, want complete after 80s", r.End, r.Elapsed)
		}
		if len(asked) != 1 || asked[0] < 70*time.Second {
			t.Errorf("looked at %v, want once, when the slots of the stop are made up for", asked)
		}
	})
}

// The clock of this system goes on.
func TestClock(t *testing.T) {
	first := engine.Clock()
	for began := time.Now(); time.Since(began) < time.Millisecond; {
	}
	if passed := engine.Clock() - first; passed < time.Millisecond/2 || passed > time.Hour {
		t.Errorf("in a millisecond %s passed", passed)
	}
}
