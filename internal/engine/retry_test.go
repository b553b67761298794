package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// A start step that fails is tried again, a second after its answer, until it
// succeeds; each attempt is a request of its endpoint.
func TestRunRetries(t *testing.T) {
	for _, row := range []struct {
		name              string
		retry             string // of the login
		failing           int    // logins that fail first
		status            int
		logins, failed    int64
		repeats, requests int64 // of GET /items: all of them, or none was sent
	}{
		{"fails once", "", 1, 503, 2, 1, 1, 9},
		{"a rate limiter", "", 2, 429, 3, 2, 2, 8},
		{"fails for good", "", 9, 500, 4, 4, 3, 0},
		{"fails for good, twice", ", retry: {times: 1, wait: 3s}", 9, 500, 2, 2, 1, 0},
		{"never again", ", retry: off", 1, 503, 1, 1, 0, 0},
		{"a wrong password", "", 9, 401, 1, 1, 0, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			groups := `
  g:
    wait: 1s
    start:
      - {request: POST /login, capture: {token: body.token}` + row.retry + `}
    headers: {Authorization: '${ token }'}
    steps: [GET /items]
`
			synctest.Test(t, func(t *testing.T) {
				left := row.failing
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					if x.Status = 200; q.Method == "POST" && left > 0 {
						left, x.Status = left-1, row.status
					}
					x.Body = []byte(`{"token": "t"}`)
					return 0
				})
				p := decode(t, file(1, "1/s", "9s", groups), plan.Options{})
				r := walk(t, context.Background(), p, s, engine.Engine{})
				logins, failed := total(t, r, "POST /login")
				items, bad := total(t, r, "GET /items")
				repeats := int64(0)
				for _, e := range r.Endpoints {
					for _, slot := range e.Slots {
						repeats += slot.Repeats
					}
				}
				if logins != row.logins || failed != row.failed || repeats != row.repeats {
					t.Errorf("%d logins, %d failed, %d repeats; want %d, %d, %d",
						logins, failed, repeats, row.logins, row.failed,
						row.repeats)
				}
				if bad != 0 || items != row.requests {
					t.Errorf("%d items, %d failed; want %d, none failed", items, bad, row.requests)
				}
			})
		})
	}
}

// The last attempt says whether a transaction failed.
func TestRunRetriesInATransaction(t *testing.T) {
	groups := `
  g:
    wait: 1s
    steps:
      - transaction: buy
        steps: [{request: GET /cart, retry: {times: 1, wait: 100ms}}, GET /pay]
`
	synctest.Test(t, func(t *testing.T) {
		carts := 0
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			if x.Status = 200; q.Target == "/cart" {
				if carts++; carts%2 == 1 {
					x.Status = 500
				}
			}
			return 0
		})
		p := decode(t, file(1, "1/s", "10s", groups), plan.Options{})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		var done, failed int64
		for _, slot := range r.Transactions[0].Slots {
			done, failed = done+slot.Requests, failed+slot.Failures()
		}
		if done == 0 || failed != 0 {
			t.Errorf("%d of %d transactions failed, want none of some", failed, done)
		}
	})
}

// A step that its condition leaves out changes nothing, and one that fails keeps
// what was captured before.
func TestRunKeepsCaptures(t *testing.T) {
	for _, row := range []struct {
		name    string
		capture string
		unsent  bool // something, for want of a token
	}{
		{"kept", "token: body.token", false},
		{"kept, in full", "token: {from: body.token}", false},
		{"forgotten", "token: {from: body.token, keep: false}", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			groups := `
  g:
    wait: 1s
    start: [{request: POST /login, capture: {token: body.token, n: '0'}}]
    headers: {Authorization: '${ token }'}
    steps:
      - {request: POST /refresh, headers: {Authorization: none}, when: 'n == 1', capture: {` + row.capture + `}}
      - {request: GET /items, capture: {n: 'n + 1'}}
`
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					x.Status, x.Body = 200, []byte(`{"token": "t"}`)
					if q.Target == "/refresh" {
						x.Status = 500
					}
					return 0
				})
				p := decode(t, file(1, "1/s", "10s", groups), plan.Options{})
				r := walk(t, context.Background(), p, s, engine.Engine{})
				items, _ := total(t, r, "GET /items")
				unsent := int64(0)
				for _, e := range r.Endpoints {
					for _, f := range e.Failures {
						if f.Kind == metric.Expression {
							unsent += f.Count
						}
					}
				}
				if items == 0 || (unsent > 0) != row.unsent {
					t.Errorf("%d items, %d requests not sent; want some, and none sent: %v", items, unsent, row.unsent)
				}
			})
		})
	}
}

// Polling goes on until the job is done and no further, in every round.
func TestRunPollsUntilDone(t *testing.T) {
	groups := `
  g:
    wait: 1s
    steps:
      - {request: POST /jobs, capture: {state: '"started"'}}
      - {request: GET /job, times: 6, when: 'state != "done"', capture: {state: body.state}}
`
	synctest.Test(t, func(t *testing.T) {
		polls := 0
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			x.Status, x.Body = 200, []byte(`{"state": "pending"}`)
			if q.Method == "POST" {
				polls = 0
			} else if polls++; polls == 3 {
				x.Body = []byte(`{"state": "done"}`)
			}
			return 0
		})
		p := decode(t, file(1, "1/s", "41s", groups), plan.Options{})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		jobs, _ := total(t, r, "POST /jobs")
		polled, _ := total(t, r, "GET /job")
		if jobs < 5 || polled < 3*(jobs-1) || polled > 3*jobs {
			t.Errorf("%d jobs were polled %d times, want 3 times each", jobs, polled)
		}
	})
}

// What the end of the run keeps from being sent again has failed, in its
// transaction too.
func TestRunEndsWhileARetryWaits(t *testing.T) {
	groups := `
  g:
    wait: 1s
    steps:
      - transaction: buy
        steps: [{request: GET /cart, retry: {times: 1, wait: 1m}}]
`
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(_ sent, x *client.Exchange) time.Duration { x.Status = 500; return 0 })
		p := decode(t, file(1, "1/s", "10s", groups), plan.Options{})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		var done, failed, repeats int64
		for _, slot := range r.Transactions[0].Slots {
			done, failed = done+slot.Requests, failed+slot.Failures()
		}
		for _, slot := range r.Endpoints[0].Slots {
			repeats += slot.Repeats
		}
		if done != 1 || failed != 1 || repeats != 0 || r.Elapsed > 11*time.Second {
			t.Errorf("%d of %d transactions failed, %d repeats after %s; want 1 of 1, none, 10s", failed, done, repeats,
				r.Elapsed)
		}
	})
}

// No attempt begins when its user is to leave by then, nor, where users arrive,
// after the load has ended.
func TestRunRetriesNoLongerThanUsersStay(t *testing.T) {
	const retry = "retry: {times: 9, wait: 7s}"
	stages := "version: 1\ntarget: {url: http://localhost:1, timeout: 20s}\nprofiles: {p: {warm_up: 0s, try: false, " +
		"stages: [{users: 2, over: 1s}, {users: 2, for: 9s}, {users: 1, over: 1s}, {users: 1, for: 20s}]}}\n" +
		"users:\n  g: {wait: 1s, start: [{request: GET /a, " + retry + "}], steps: [GET /b]}\n" + rules
	for _, row := range []struct {
		name, file string
		user       int           // whose requests
		most       time.Duration // at which GET /a is sent
		want       int           // times
	}{
		{"a user that leaves", stages, 1, 11 * time.Second, 2},
		{"a user that stays", stages, 0, 31 * time.Second, 5},
		{"arrivals", open("rate: 1/s, max_users: 1, duration: 10s, arrivals: even",
			"  g: {wait: 9s, start: [{request: GET /a, "+retry+"}], steps: [GET /b]}\n"), 0, 10 * time.Second, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					if q.Target == "/a" {
						x.Status = 503
					}
					return 0
				})
				walk(t, context.Background(), decode(t, row.file, plan.Options{}), s, engine.Engine{})
				sent := 0
				for _, q := range s.requests() {
					if q.Target == "/a" && q.User == row.user {
						if sent++; q.At > row.most {
							t.Errorf("sent after %s, want none after %s", q.At, row.most)
						}
					}
				}
				if sent != row.want {
					t.Errorf("sent %d times, want %d", sent, row.want)
				}
			})
		})
	}
}

// A repeat is the same request: neither its condition nor what it sends is drawn
// anew.
func TestRunRepeatsTheSameRequest(t *testing.T) {
	groups := `
  g:
    wait: 1s
    steps:
      - request: 'POST /a/${ uuid() }'
        name: a
        when: chance(0.5)
        headers: {Idempotency-Key: '${ uuid() }'}
        json: {n: '${ seq() }'}
        retry: {times: 2, wait: 100ms}
`
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(_ sent, x *client.Exchange) time.Duration { x.Status = 500; return 0 })
		p := decode(t, file(1, "1/s", "60s", groups), plan.Options{Seed: 7})
		walk(t, context.Background(), p, s, engine.Engine{})
		seen := s.requests()
		if seen = seen[:len(seen)/3*3]; len(seen) < 30 { // the end of the run may cut the last attempts off
			t.Fatalf("%d requests, want more", len(seen))
		}
		for i, q := range seen {
			first := seen[i-i%3]
			if q.At -= time.Duration(i%3) * 100 * time.Millisecond; q != first {
				t.Fatalf("request %d is %+v, want %+v again", i, q, first)
			}
			if i >= 3 && i%3 == 0 && q.Body == seen[i-3].Body {
				t.Errorf("request %d is that of the round before: %+v", i, q)
			}
		}
	})
}
