package engine_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// The try-out of a drafted file sends GET and HEAD alone, and names the steps that
// need an answer of the others.
func TestTryOutOfADraft(t *testing.T) {
	const groups = `
  g:
    wait: 1s
    start: [{request: POST /login, capture: {token: body.token}}]
    steps: [GET /a, {request: 'GET /b/${ token }', capture: {id: body.id}}, 'GET /b/${ id }', HEAD /c, PUT /d, DELETE /e, OPTIONS /f,
      {request: GET /g, ws: [{send: hello}]}]
`
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(_ sent, _ *client.Exchange) time.Duration { return time.Millisecond })
		e := engine.Engine{Dial: s.dial}
		text := strings.Replace(file(1, "1/s", "60s", groups), "version: 1", "version: 1\ndrafted: true", 1)
		attempts := e.TryOut(context.Background(), decode(t, text, plan.Options{}), true)
		var paths, withheld, lacks []string
		for _, q := range s.requests() {
			paths = append(paths, q.Target)
		}
		for _, a := range attempts {
			if a.Withheld {
				withheld = append(withheld, a.Step.Step.Endpoint)
			}
			if a.Lacks != "" {
				lacks = append(lacks, a.Lacks)
			}
		}
		if got := strings.Join(paths, " "); got != "/a /c" {
			t.Errorf("sent %s, want /a /c", got)
		}
		if got := strings.Join(withheld, ", "); got != "POST /login, PUT /d, DELETE /e, OPTIONS /f, GET /g" {
			t.Errorf("withheld are %s", got)
		}
		if got := strings.Join(lacks, ", "); got != "POST /login captured no token, GET /b/{token} captured no id" {
			t.Errorf("what is missing: %s", got)
		}
		if misfits := engine.Misfits(attempts); len(misfits) > 0 {
			t.Errorf("%d misfits, want none", len(misfits))
		}
		if _, gone := engine.Gone(attempts); gone {
			t.Error("the target is gone")
		}
	})
}

// What a try-out shows lets nobody in, whether the file calls it secret or not;
// a 404 says when the path is right.
func TestTryOutShows(t *testing.T) {
	const groups = `
  g:
    wait: 1s
    start: [{request: POST /login, capture: {access_token: body.token}}]
    steps:
      - {request: GET /items/7, headers: {Authorization: 'Bearer ${ access_token }', X-Api-Key: abc-key-1, X-Plain: open}}
      - GET /items/9
      - GET /items/nobody
      - {request: GET /basic, auth: {basic: {username: ada, password: open}}}
`
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			x.Body = []byte(`{"token": "t0ken-of-ada"}`)
			if q.Target == "/items/9" || q.Target == "/items/nobody" {
				x.Status = 404
			}
			return time.Millisecond
		})
		e := engine.Engine{Dial: s.dial}
		for _, a := range e.TryOut(context.Background(),
			decode(t, file(1, "1/s", "60s", groups), plan.Options{}), true) {
			shown := a.Answer + a.Body
			for _, f := range append(a.Header, a.Captures...) {
				shown += "\n" + f.Name + ": " + f.Value
			}
			for _, secret := range []string{"t0ken-of-ada", "abc-key-1", "YWRhOm9wZW4="} {
				if strings.Contains(shown, secret) {
					t.Errorf("%s shows %s:\n%s", a.Step.Step.Endpoint, secret, shown)
				}
			}
			switch a.Step.Step.Endpoint {
			case "GET /items/7":
				if !strings.Contains(shown, "Authorization: Bearer ***") || !strings.Contains(shown, "X-Plain: open") {
					t.Errorf("it shows\n%s", shown)
				}
			case "GET /items/9":
				if want := "404 Not Found; GET /items/7 answers 200"; a.Detail != want || !a.OtherID {
					t.Errorf("it says %s, want %s", a.Detail, want)
				}
			case "GET /items/nobody":
				if a.Detail != "404 Not Found" {
					t.Errorf("it says %s", a.Detail)
				}
			}
		}
	})
}

// Statuses that say that the request is wrong do not fit; those of a service that
// breaks are the run's to judge.
func TestMisfitStatuses(t *testing.T) {
	for status, want := range map[int]bool{400: true, 401: true, 403: true, 404: true,
		405: true, 410: true,
		415: true, 422: true, 501: true, 409: false, 429: false, 500: false, 502: false, 503: false} {
		if got := (engine.Attempt{Failure: metric.Status, Status: status}).Misfit(); got != want {
			t.Errorf("%d: misfit %v, want %v", status, got, want)
		}
	}
}

// A check that is answered as if it did not exist ends the wait after seconds, and
// one that begins so does not.
func TestReadyThatDoesNotFit(t *testing.T) {
	for _, test := range []struct {
		name    string
		answer  func(q sent, x *client.Exchange)
		wantErr string
		within  time.Duration
	}{
		{"no such path", func(_ sent, x *client.Exchange) { x.Status = 404 }, "answers, but the readiness check does " +
			"not fit it: GET /health: 404 Not Found for 5s; write a path that it answers under target.ready.checks",
			8 * time.Second},
		{"no token", func(_ sent, x *client.Exchange) { x.Status = 401 }, "401 Unauthorized for 5s", 8 * time.Second},
		{"no such method", func(_ sent, x *client.Exchange) { x.Status = 405 },
			"405 Method Not Allowed for 5s", 8 * time.Second},
		{"a path that is gone", func(_ sent, x *client.Exchange) { x.Status = 410 },
			"410 Gone for 5s", 8 * time.Second},
		{"a redirect", func(_ sent, x *client.Exchange) { x.Status, x.Location = 302, "/login" },
			"answers 302 to /login for 5s", 8 * time.Second},
		{"a limit of requests", func(q sent, x *client.Exchange) {
			if q.At < 20*time.Second {
				x.Status = 429
			}
		}, "", 25 * time.Second},
		{"routes that come later", func(q sent, x *client.Exchange) {
			if q.At < 4*time.Second {
				x.Status = 404
			}
		}, "", 8 * time.Second},
		{"a service that starts", func(q sent, x *client.Exchange) {
			if q.At < 100*time.Second {
				x.Status = 503
			}
		}, "", 110 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					test.answer(q, x)
					return time.Millisecond
				})
				start := time.Now()
				looks := 0
				err := engine.Ready(context.Background(),
					readyConfig(t, ", ready: {within: 120s, checks: [{get: /health}]}"),
					s.dial(0), func(look engine.Waiting) {
						if looks++; look.Check != "GET /health" || look.Within != 2*time.Minute {
							t.Errorf("it waits for %+v", look)
						}
					})
				if took := time.Since(start); took > test.within {
					t.Errorf("it took %s, want %s at most", took, test.within)
				}
				if test.wantErr == "" && err != nil || test.wantErr != "" &&
					(err == nil || !strings.Contains(err.Error(), test.wantErr)) {
					t.Errorf("Ready = %v, want %q", err, test.wantErr)
				}
				if looks == 0 {
					t.Error("nothing was told of the wait")
				}
			})
		})
	}
}
