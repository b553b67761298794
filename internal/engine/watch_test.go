package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/probe"
	"github.com/loadgate/loadgate/internal/result"
)

const watchedFile = `version: 1
target: {url: "http://localhost:8000"}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s, warm_up: 0s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {a: {endpoints: "*", p95: 1s}}
resources:
  quick: {from: host, every: 5s}
  slow: {from: host, every: 5s}
  stuck: {from: host, every: 2s}
  broken: {from: host, every: 10s}
  page: {from: host, every: 2s}
`

// Each gauge is looked at in its own time, never beside itself; one that hangs is
// given up and does not hold up the others or the run.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := decode(t, watchedFile, plan.Options{})
		looks, beside := 0, 0
		asked := time.Now().Add(-time.Second)
		gauge := func(index int, every time.Duration, read func(context.Context) (probe.Value, error)) engine.Gauge {
			return engine.Gauge{Index: index, Every: every, Probe: probe.Probe{Read: read},
				Hide: func(text string) string { return strings.ReplaceAll(text, "hunter22", "***") }}
		}
		r := walk(t, context.Background(), p, newService(nil), engine.Engine{Gauges: []engine.Gauge{
			gauge(0, 5*time.Second, func(context.Context) (probe.Value, error) {
				if looks++; looks == 1 {
					return probe.Value{}, probe.ErrFirst
				}
				return probe.Value{Number: float64(looks), Grew: 1, Of: 2}, nil
			}),
			gauge(1, 5*time.Second, func(context.Context) (probe.Value, error) {
				beside++
				defer func() { beside-- }()
				if beside > 1 {
					t.Error("a probe is read beside itself")
				}
				time.Sleep(4 * time.Second)
				return probe.Value{Number: 1}, nil
			}),
			gauge(2, 2*time.Second, func(ctx context.Context) (probe.Value, error) {
				<-ctx.Done()
				return probe.Value{}, ctx.Err()
			}),
			gauge(3, 10*time.Second, func(context.Context) (probe.Value, error) {
				return probe.Value{}, errors.New("login as hunter22 failed")
			}),
			gauge(4, 2*time.Second, func(context.Context) (probe.Value, error) {
				if asked.IsZero() || time.Since(asked) >= 7*time.Second {
					asked = time.Now()
				}
				return probe.Value{Number: 1, Asked: asked, Took: 1900 * time.Millisecond}, nil
			}),
		}})
		if r.End != result.Complete || r.Elapsed != time.Minute {
			t.Fatalf("Run ended %s after %s", r.End, r.Elapsed)
		}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		count := func(i int, ok func(result.GaugeReading) bool) int {
			n := 0
			for _, reading := range r.Resources[i].Readings {
				if ok(reading) && reading.At < time.Minute { // one may come as the run ends
					n++
				}
			}
			return n
		}
		// At 0, of which a counter has nothing to tell, 5, …, 55 s.
		if got := count(0, func(g result.GaugeReading) bool {
			return g.Measured() &&
				g.At%(5*time.Second) == 0 && g.Grew == 1
		}); got != 11 {
			t.Errorf("quick: %d readings, want 11", got)
		}
		if got := count(1, func(g result.GaugeReading) bool { return g.Took == 4*time.Second }); got != 12 {
			t.Errorf("slow: %d readings of 4s, want 12", got)
		}
		if got := count(2, func(g result.GaugeReading) bool {
			return g.Problem == "no answer within 2s" && g.Took == 2*time.Second
		}); got < 14 {
			t.Errorf("stuck: given up %d times, want 14 or more", got)
		}
		if got := count(3, func(g result.GaugeReading) bool { return g.Problem == "login as *** failed" }); got != 6 {
			t.Errorf("broken: %d problems without a secret, want 6: %+v", got, r.Resources[3].Readings)
		}
		// What a page said before the run is the first, at 0; then at 6, 14, …, 54 s.
		if got := count(4, func(g result.GaugeReading) bool {
			return g.At == 0 && g.Took == 0 || g.At%(8*time.Second) == 6*time.Second && g.Took == 1900*time.Millisecond
		}); got != 8 || len(r.Resources[4].Readings) != got {
			t.Errorf("page: %d readings of %+v, want 8", got, r.Resources[4].Readings)
		}
	})
}
