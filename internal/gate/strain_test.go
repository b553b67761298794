package gate_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// strained gives the first n seconds of a run's generator.
func (r *run) strained(n int, g result.Generator) {
	for i := range r.Timeline {
		own := result.Generator{CPU: new(0.2), Wakes: 1000, Late: 1, Pause: time.Millisecond}
		if i < n {
			own = g
		}
		r.Timeline[i].Generator = &own
	}
}

// The run is judged before the service: a generator that was short of
// something is told, and a floor that it missed is not the service's fault.
func TestJudgeStrainedGenerator(t *testing.T) {
	tests := []struct {
		name    string
		seconds int
		g       result.Generator
		subject string // empty: nothing to tell
		reason  string
	}{
		{"well", 0, result.Generator{}, "", ""},
		{"busy in six of a hundred seconds", 6, result.Generator{CPU: new(0.95), Wakes: 1000}, "generator CPU", "more than 80% of its processors in 6 of 100 seconds"},
		{"busy in five", 5, result.Generator{CPU: new(0.95), Wakes: 1000}, "", ""},
		{"late wake-ups", 50, result.Generator{Wakes: 1000, Late: 30}, "generator wake-ups", "1.55% of the generator's wake-ups waited 1ms or more"},
		{"a long pause", 1, result.Generator{Wakes: 1000, Pause: 40 * time.Millisecond}, "generator pause", "stood still for 40ms to collect garbage"},
		{"a pause that slow answers hide", 1, result.Generator{Wakes: 1000, Pause: 9 * time.Millisecond}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(100)
			r.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond)
			r.Timeline = nil
			r.users(10)
			r.strained(tt.seconds, tt.g)
			v := judge(t, r, file(limit(t, "throughput", 20), limit(t, "p95", ms(300))))
			floor := find(t, v, "GET /a", metric.Throughput)
			if want := map[bool]gate.Outcome{true: gate.Fail, false: gate.Inconclusive}[tt.subject == ""]; floor.Outcome != want {
				t.Errorf("the missed floor is %v, want %v", floor.Outcome, want)
			}
			if c := find(t, v, "GET /a", metric.P95); c.Outcome != gate.Pass {
				t.Errorf("a latency that holds is %v, want PASS", c.Outcome)
			}
			var told []gate.Check
			for _, c := range v.Checks {
				if c.Rule == "" {
					told = append(told, c)
				}
			}
			if tt.subject == "" {
				if len(told) > 0 {
					t.Errorf("told %+v of a generator that was well", told)
				}
				return
			}
			if len(told) != 1 || told[0].Subject != tt.subject || told[0].Outcome != gate.Warn || told[0].Remedy == "" {
				t.Fatalf("told %+v, want one warning of %q", told, tt.subject)
			}
			said(t, "Reason", told[0].Reason, tt.reason)
		})
	}
}
