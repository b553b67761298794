package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

type latency = hist.Latency

func readyConfig(t *testing.T, ready string) *config.Config {
	t.Helper()
	text := fmt.Sprintf(`version: 1
target: {url: http://localhost:1%s}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {all: {endpoints: "*", success: 99%%}}
`, ready)
	return decode(t, text, plan.Options{}).Config
}

// Readiness looks into the body, tries a real path, and waits as long as the
// file says.
func TestReady(t *testing.T) {
	const checks = `, ready: {within: 20s, checks: [{get: /health, expect: 'body.status == "healthy"'}, {get: /api}]}`
	tests := []struct {
		name, ready string
		answer      func(q sent, x *client.Exchange)
		wantAfter   time.Duration // at most; and at least half of it
		wantErr     string
	}{
		{"at once", checks, func(_ sent, x *client.Exchange) { x.Body = []byte(`{"status":"healthy"}`) }, 0, ""},
		{"after a while", checks, func(q sent, x *client.Exchange) {
			x.Body = []byte(`{"status":"healthy"}`)
			if q.At < 5*time.Second {
				x.Failure, x.Detail = metric.Refused, "connection refused"
			}
		}, 6 * time.Second, ""},
		{"healthy by status only", checks,
			func(_ sent, x *client.Exchange) { x.Body = []byte(`{"status":"degraded"}`) }, 0,
			`http://localhost:1 was not ready within 20s: GET /health: 200, expect is false: body.status == ` +
				`"healthy"; start the service, or name another with --host`},
		{"a path that fails", checks, func(q sent, x *client.Exchange) {
			x.Body = []byte(`{"status":"healthy"}`)
			if q.Target == "/api" {
				x.Status = 503
			}
		}, 0,
			`http://localhost:1 was not ready within 20s: GET /api: 503 Service Unavailable; start the service, or ` +
				`name another with --host`},
		{"no TLS", checks, func(_ sent, x *client.Exchange) {
			x.Failure, x.Detail = metric.TLS, "the server asks for a client certificate; write target.tls.cert"
		}, 0, "http://localhost:1 was not ready within 20s: GET /health: the server asks for a client certificate; " +
			"write target.tls.cert"},
		{"no checks: any answer will do", "", func(_ sent, x *client.Exchange) { x.Status = 404 }, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					tt.answer(q, x)
					return time.Millisecond
				})
				target := readyConfig(t, tt.ready)
				start := time.Now()
				err := engine.Ready(context.Background(), target, s.dial(0), nil)
				took := time.Since(start)
				if tt.wantErr == "" {
					if err != nil || tt.wantAfter > 0 && (took > tt.wantAfter || took < tt.wantAfter/2) {
						t.Errorf("Ready = %v after %s, want nil after about %s", err, took, tt.wantAfter)
					}
					return
				}
				if _, ok := errors.AsType[*engine.NotReadyError](err); !ok || err.Error() != tt.wantErr {
					t.Errorf("Ready = %v, want %s", err, tt.wantErr)
				}
				if took < 20*time.Second || took > 21*time.Second {
					t.Errorf("gave up after %s, want 20s", took)
				}
			})
		})
	}
}

// patient is a target that answers well after a time, and a client that may give
// up after the request's timeout.
type patient struct {
	takes   time.Duration
	givesUp bool
}

func (patient) Close() {}

func (p patient) Do(_ context.Context, req *client.Request, x *client.Exchange) {
	*x = client.Exchange{Status: 200}
	if p.givesUp && p.takes > req.Timeout {
		p.takes = req.Timeout
		*x = client.Exchange{Failure: metric.Timeout, Detail: "no answer"}
	}
	time.Sleep(p.takes)
}

// The wait is no longer than the file says, however slow the checks are, and what
// comes later does not count.
func TestReadyWaitsNoLonger(t *testing.T) {
	for _, tt := range []struct {
		target patient
		took   time.Duration
		cause  string // "": it is ready
	}{
		{patient{6 * time.Second, true}, 18 * time.Second, ""},
		{patient{8 * time.Second, true}, 20 * time.Second, "GET /c: no answer"},
		{patient{time.Minute, true}, 20 * time.Second, "GET /a: no answer"},
		{patient{10 * time.Second, false}, 20 * time.Second, "GET /c: no time was left for it"},
		{patient{7 * time.Second, false}, 21 * time.Second, "GET /c: no time was left for it"},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			err := engine.Ready(context.Background(),
				readyConfig(t, ", ready: {within: 20s, checks: [{get: /a}, {get: /b}, {get: /c}]}"), tt.target, nil)
			if took := time.Since(began); took != tt.took {
				t.Errorf("%+v: Ready took %s, want %s", tt.target, took, tt.took)
			}
			if tt.cause == "" && err != nil || tt.cause != "" &&
				(err == nil || !strings.Contains(err.Error(), "was not ready within 20s: "+tt.cause)) {
				t.Errorf("%+v: Ready = %v, want %q", tt.target, err, tt.cause)
			}
		})
	}
}

// Without a time in the file one attempt is made.
func TestReadyOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		err := engine.Ready(context.Background(), readyConfig(t, ""), patient{time.Minute, true}, nil)
		const want = "http://localhost:1 is not ready: GET /: no answer; start the service, or name another with --host"
		if err == nil || err.Error() != want || time.Since(began) > 30*time.Second {
			t.Errorf("Ready = %v after %s, want %s after one timeout", err, time.Since(began), want)
		}
	})
}

func TestReadyEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(_ sent, x *client.Exchange) time.Duration { x.Failure = metric.Refused; return 0 })
		ctx, stop := context.WithTimeout(context.Background(), time.Second)
		defer stop()
		err := engine.Ready(ctx, readyConfig(t, ", ready: {within: 1h, checks: [{get: /}]}"), s.dial(0), nil)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Ready = %v, want the context's error", err)
		}
	})
}

// The try-out sends each step once and tells a scenario that does not fit
// from a service that has a bad moment.
func TestTryOut(t *testing.T) {
	groups := `
  g:
    wait: 1h
    start: [{request: POST /login, json: {p: '${ env("PASSWORD") }'}, capture: {token: body.token}, secret: true}]
    steps:
      - {request: GET /a, times: 3, headers: {Authorization: 'Bearer ${ token }'}}
      - {request: GET /b, try: false}
      - {request: 'GET /c/${ token }'}
      - {request: GET /d, when: '1 == 2'}
  other: {wait: 1h, steps: [GET /e]}
`
	tests := []struct {
		name        string
		answer      func(q sent, x *client.Exchange)
		wantMisfits []string
	}{
		{"all fits", nil, nil},
		{"a path that does not exist", func(q sent, x *client.Exchange) {
			if q.Target == "/e" {
				x.Status = 404
			}
		}, []string{"GET /e"}},
		{"wrong body, missing token", func(q sent, x *client.Exchange) {
			if q.Target == "/login" {
				x.Status = 422
			}
		}, []string{"POST /login", "GET /a", "GET /c/{token}"}},
		{"nothing to capture", func(q sent, x *client.Exchange) { x.Body = []byte(`{}`) },
			[]string{"POST /login", "GET /a", "GET /c/{token}"}},
		{"a bad moment", func(_ sent, x *client.Exchange) { x.Status = 503 }, []string{"GET /a", "GET /c/{token}"}},
		{"a redirect", func(q sent, x *client.Exchange) {
			if q.Target == "/a" {
				x.Status, x.Location = 307, "/a/"
			}
		}, []string{"GET /a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					if q.Target == "/login" {
						x.Body = []byte(`{"token": "t0ken"}`)
					}
					if tt.answer != nil {
						tt.answer(q, x)
					}
					return time.Millisecond
				})
				p := decode(t, file(2, "2/s", "60s", groups), plan.Options{})
				e := engine.Engine{Dial: s.dial}
				attempts := e.TryOut(context.Background(), p, false)
				var names []string
				for _, a := range attempts {
					if a.Misfit() {
						names = append(names, a.Step.Step.Endpoint)
					}
					if a.Step.Step.Endpoint == "GET /b" {
						t.Error("sent a step that says try: false")
					}
					for _, text := range []string{a.Body, a.Answer, a.URL, a.Detail} {
						if strings.Contains(text, "hunter22") || strings.Contains(text, "t0ken") {
							t.Errorf("%s shows a secret: %q", a.Step.Step.Endpoint, text)
						}
					}
				}
				if fmt.Sprint(names) != fmt.Sprint(tt.wantMisfits) {
					t.Errorf("misfits %v, want %v", names, tt.wantMisfits)
				}
				if tt.name == "all fits" && len(s.requests()) != 4 {
					t.Errorf("sent %d requests, want each of 4 steps once", len(s.requests()))
				}
			})
		})
	}
}

// A step that is silent is a finding of the run's; a target that is gone is not
// loaded. What a failed step did not capture is no misfit of the steps after it.
func TestTryOutSilence(t *testing.T) {
	const three = "  g: {wait: 1s, steps: [GET /a, GET /b, GET /c]}\n"
	const login = "  g: {wait: 1s, start: [{request: GET /a, capture: {token: body.token}}], steps: ['GET /b/${ " +
		"token }', GET /c]}\n"
	tests := []struct {
		name, groups string
		failures     map[string]metric.Failure // by the beginning of the path
		wantGone     string
		wantMisfits  int
	}{
		{"all answered", three, nil, "", 0},
		{"one times out", three, map[string]metric.Failure{"/b": metric.Timeout}, "", 0},
		{"the first is reset", three, map[string]metric.Failure{"/a": metric.Reset}, "", 0},
		{"the last times out", three, map[string]metric.Failure{"/c": metric.Timeout}, "", 0},
		{"all but one time out", three, map[string]metric.Failure{"/b": metric.Timeout, "/c": metric.Timeout}, "", 0},
		{"all time out", three, map[string]metric.Failure{"/": metric.Timeout}, "GET /a", 0},
		{"a crash", three, map[string]metric.Failure{"/b": metric.Reset, "/c": metric.Refused}, "GET /b", 0},
		{"refused at the last", three, map[string]metric.Failure{"/c": metric.Refused}, "GET /c", 0},
		{"back after a crash", three, map[string]metric.Failure{"/a": metric.Reset, "/b": metric.Refused}, "", 0},
		{"the only step times out", "  g: {wait: 1s, steps: [GET /a]}\n",
			map[string]metric.Failure{"/a": metric.Timeout}, "",
			0},
		{"the only step is refused", "  g: {wait: 1s, steps: [GET /a]}\n",
			map[string]metric.Failure{"/a": metric.Refused},
			"GET /a", 0},
		{"a login times out", login, map[string]metric.Failure{"/a": metric.Timeout}, "", 0},
		{"a login has no token", login, nil, "", 1},
		{"a login breaks", login, map[string]metric.Failure{"/a": metric.Status}, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					for path, failure := range tt.failures {
						switch {
						case !strings.HasPrefix(q.Target, path):
						case failure == metric.Status:
							x.Status = 503
						default:
							x.Failure, x.Status, x.Detail = failure, 0, "no answer"
						}
					}
					x.Body = []byte("{}")
					return time.Millisecond
				})
				e := engine.Engine{Dial: s.dial}
				attempts := e.TryOut(context.Background(),
					decode(t, file(1, "1/s", "60s", tt.groups), plan.Options{}), false)
				first, gone := engine.Gone(attempts)
				if gone != (tt.wantGone != "") || gone && first.Step.Step.Endpoint != tt.wantGone {
					t.Errorf("gone %v at %q, want %q", gone, first.Detail, tt.wantGone)
				}
				if got := engine.Misfits(attempts); len(got) != tt.wantMisfits {
					t.Errorf("%d misfits, want %d", len(got), tt.wantMisfits)
				}
			})
		})
	}
}

// A login that fails once is tried again in the try-out too, as in the run.
func TestTryOutRepeats(t *testing.T) {
	const groups = "  g: {wait: 1s, start: [{request: POST /login, capture: {token: body.token}}], steps: ['GET " +
		"/a/${ token }']}\n"
	synctest.Test(t, func(t *testing.T) {
		logins := 0
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			x.Body = []byte(`{"token": "t0ken"}`)
			if q.Target == "/login" {
				if logins++; logins == 1 {
					x.Status = 503
				}
			}
			return time.Millisecond
		})
		e := engine.Engine{Dial: s.dial}
		attempts := e.TryOut(context.Background(), decode(t, file(1, "1/s", "60s", groups), plan.Options{}), true)
		if len(attempts) != 2 {
			t.Fatalf("%d attempts, want 2", len(attempts))
		}
		for i, repeats := range []int{1, 0} {
			if a := attempts[i]; a.Failure != metric.OK || a.Repeats != repeats || a.Took != time.Millisecond {
				t.Errorf("%s: %v after %d repeats, in %v; want ok after %d, in 1ms",
					a.Step.Step.Endpoint, a.Failure, a.Repeats,
					a.Took, repeats)
			}
		}
	})
}
