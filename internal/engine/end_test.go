package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
)

// Whoever began ends with the end steps, once each time it leaves and with what it captured, whatever ended the load.
func TestEndSteps(t *testing.T) {
	const groups = `
  g:
    wait: 1s
    start: [{request: POST /login, capture: {token: body.token}}]
    steps: [GET /a]
    end: [{request: POST /out, headers: {X-Token: '${ token }'}}, {request: 'GET /bye', when: 'token == "none"'}]
`
	staged := strings.Replace(file(3, "3/s", "5s", groups), "users: 3, spawn_rate: 3/s, duration: 5s",
		"stages: [{users: 3, for: 4s}, {users: 1, for: 4s}, {users: 3, for: 4s}]", 1)
	for _, tt := range []struct {
		name, file  string
		interrupted time.Duration
		slow        time.Duration // what an answer to GET /a takes
		logins      int           // 0: as many as there were
		out         int           // how many end; -1: as many as began
	}{
		{"users", file(3, "3/s", "5s", groups), 0, 0, 3, 3},
		{"users who leave and come back", staged, 0, 0, 5, 5},
		{"arrivals", open("rate: 10/s, duration: 5s", groups), 0, 2 * time.Second, 0, -1},
		{"interrupted", file(3, "3/s", "10m", groups), 4500 * time.Millisecond, 0, 3, 3},
		{"interrupted, and in a request that takes too long", file(3, "3/s", "10m", groups),
			4500 * time.Millisecond, time.Hour, 3, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					x.Body = fmt.Appendf(nil, `{"token": "t%d"}`, q.User)
					if q.Target == "/a" {
						return 30*time.Millisecond + tt.slow
					}
					return 30 * time.Millisecond
				})
				ctx := context.Background()
				if tt.interrupted > 0 {
					var stop context.CancelFunc
					ctx, stop = context.WithTimeout(ctx, tt.interrupted)
					defer stop()
				}
				r := walk(t, ctx, decode(t, tt.file, plan.Options{}), s, engine.Engine{})
				logins, out := map[int]int{}, map[int]int{}
				inside := map[int]bool{}
				for _, q := range s.requests() {
					switch {
					case q.Target == "/login" && !inside[q.User]:
						logins[q.User]++
						inside[q.User] = true
					case q.Target == "/out" && q.Header == fmt.Sprintf("X-Token: t%d", q.User) && inside[q.User]:
						out[q.User]++
						inside[q.User] = false
					case q.Target != "/a" || !inside[q.User]:
						t.Errorf("sent %+v, inside: %t", q, inside[q.User])
					}
				}
				began, ended := sum(logins), sum(out)
				if tt.out < 0 {
					tt.logins, tt.out = began, began
				}
				if began != tt.logins || ended != tt.out || began == 0 {
					t.Errorf("%d began and %d ended, want %d and %d", began, ended, tt.logins, tt.out)
				}
				if n, failed := total(t, r, "POST /out"); n != int64(tt.out) || failed > 0 {
					t.Errorf("%d end steps recorded, %d of them failed; want %d", n, failed, tt.out)
				}
			})
		})
	}
}

// Who is late with its end steps comes back when they are done: its service was slow, and not the generator.
func TestEndStepsOfStages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(q sent, _ *client.Exchange) time.Duration {
			if q.Target == "/out" {
				return 3 * time.Second
			}
			return 10 * time.Millisecond
		})
		text := strings.Replace(file(2, "2/s", "5s", "  g: {wait: 1s, steps: [GET /a], end: [POST /out]}\n"),
			"users: 2, spawn_rate: 2/s, duration: 5s",
			"stages: [{users: 2, for: 4s}, {users: 1, for: 1s}, {users: 2, for: 5s}]",
			1)
		r := walk(t, context.Background(), decode(t, text, plan.Options{}), s, engine.Engine{})
		if _, lag := all(t, r); longest(&lag) != 0 {
			t.Errorf("requests are up to %s late, want none", longest(&lag))
		}
	})
}

// Users with end steps keep their place, for their numbers and rows are still in use when they leave.
func TestUsersWithEndStepsStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(nil)
		groups := "  a: {wait: 1s, steps: [GET /a], end: [POST /out]}\n  b: {wait: 1s, steps: [GET /b]}\n"
		r := walk(t, context.Background(), decode(t, open("rate: 10/s, duration: 10s, max_users: 2", groups),
			plan.Options{}),
			s, engine.Engine{})
		out, last := 0, time.Duration(0)
		for _, q := range s.requests() {
			switch q.Target {
			case "/out":
				out++
			default:
				if last = q.At; out > 0 {
					t.Errorf("sent %+v after an end step", q)
				}
			}
		}
		if n, _ := total(t, r, "GET /a"); out == 0 || n == 0 || last < 9*time.Second {
			t.Errorf("%d end steps, %d other requests of their group, the last at %s", out, n, last)
		}
	})
}

func sum(counts map[int]int) (n int) {
	for _, one := range counts {
		n += one
	}
	return n
}
