package engine_test

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
)

// Users send as often as the plan says, whatever the file says of their waits, and never more than once at a time.
func TestWaits(t *testing.T) {
	for _, row := range []struct {
		name, group string
		takes       time.Duration // of each answer
		each        float64       // requests of a user in ten minutes; 0: what the plan expects
	}{
		{"a range", "{wait: 1s..3s, steps: [GET /a, GET /b]}", time.Millisecond, 0},
		{"exponential", "{wait: {exponential: 2s, max: 30s}, steps: [GET /a]}", time.Millisecond, 0},
		{"exponential, cut early", "{wait: {exponential: 2s, max: 2s}, steps: [GET /a]}", time.Millisecond, 0},
		{"of a step", "{wait: 2s, steps: [{request: GET /a, wait: 500ms}, GET /b]}", time.Millisecond, 0},
		{"of a step alone", "{wait: 0s, steps: [{request: GET /a, wait: {exponential: 2s}}, GET /b]}",
			time.Millisecond, 0},
		{"none inside a transaction", "{wait: 3s, steps: [{transaction: t, steps: [GET /a, GET /b, GET /c]}]}",
			time.Millisecond, 0},
		{"asked for inside a transaction",
			"{wait: 3s, steps: [{transaction: t, steps: [{request: GET /a, wait: 1s}, GET /b]}, GET /c]}",
			time.Millisecond, 0},
		{"repeated in a transaction",
			"{wait: 3s, steps: [{transaction: t, times: 2, steps: [{request: GET /a, times: 3}]}]}",
			time.Millisecond, 0},
		{"drawn", "{wait: 1s, order: weighted, steps: [{request: GET /a, weight: 3, wait: 4s}, GET /b]}",
			time.Millisecond, 0},
		{"pacing", "{pacing: 2s, steps: [GET /a]}", 1500 * time.Millisecond, 300},
		{"pacing of a range", "{pacing: 1s..3s, steps: [GET /a, GET /b]}", 900 * time.Millisecond, 300},
		{"slower than the pacing", "{pacing: 2s, steps: [GET /a]}", 3 * time.Second, 200},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(sent, *client.Exchange) time.Duration { return row.takes })
				const users = 20
				p := decode(t, file(users, "1000/s", "10m", "  g: "+row.group+"\n"), plan.Options{Seed: 7})
				walk(t, context.Background(), p, s, engine.Engine{})
				want := row.each * users
				if want == 0 {
					for _, e := range p.Endpoints {
						want += e.Expected
					}
				}
				if got := float64(len(s.requests())); math.Abs(got/want-1) > 0.04 {
					t.Errorf("%v requests, want %v", got, want)
				}
			})
		})
	}
}
