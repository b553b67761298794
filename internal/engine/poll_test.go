package engine_test

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// Polling sends a step until its answer says that it is done, and no longer. Each attempt is a request; if the time for
// them is over, the last one fails.
func TestPolling(t *testing.T) {
	const done = `{"state": "done", "file": "f1"}`
	const waiting = `{"state": "new"}`
	for _, tt := range []struct {
		name          string
		poll          string   // the keys of the step
		answers       []string // the last one again and again; a number is a status
		polls, failed int64
		detail        string // of the first failure
		after         string // what is sent after it
		took          time.Duration
	}{
		{"done at once", "every: 2s", []string{done}, 1, 0, "", "/after/f1", 100 * time.Millisecond},
		{"done at the third", "every: 2s", []string{waiting, waiting, done}, 3, 0, "", "/after/f1",
			4300 * time.Millisecond},
		// Its requests begin at 0 s, 2.1 s, … 18.9 s; the next would at 21 s.
		{"never", "every: 2s, within: 20s", []string{waiting}, 10, 1,
			`until is false after 20s: body.state == "done"`, "/after/none", 0},
		{"as it is without every and within", "try: true", []string{waiting}, 55, 1,
			`until is false after 1m0s: body.state == "done"`, "/after/none", 0},
		{"broken for a while", "every: 2s", []string{"503", "503", done}, 3, 2, "503 Service Unavailable", "/after/f1",
			4300 * time.Millisecond},
		{"refused", "every: 2s", []string{waiting, "403"}, 2, 1, "403 Forbidden", "/after/none", 0},
		{"done, and without the value", "every: 2s", []string{`{"state": "done"}`}, 1, 1,
			"capture file: body.file found nothing in the answer", "/after/none", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					if q.Target == "/job" {
						answer := tt.answers[min(asked, len(tt.answers)-1)]
						asked++
						if status, err := strconv.Atoi(answer); err == nil {
							x.Status = status
						} else {
							x.Body = []byte(answer)
						}
					}
					return 100 * time.Millisecond
				})
				groups := "\n  g: {wait: 1h, steps: [{transaction: job, steps: [{request: GET /job, until: " +
					"'body.state == \"done\"', capture: {file: body.file}, " + tt.poll +
					"}, 'GET /after/${ file ?? \"none\" }']}]}\n"
				r := walk(t, context.Background(), decode(t, file(1, "1/s", "2m", groups), plan.Options{}), s,
					engine.Engine{})
				polls, failed := total(t, r, "GET /job")
				if polls != tt.polls || failed != tt.failed {
					t.Errorf("%d attempts, %d of them failed; want %d, %d", polls, failed, tt.polls, tt.failed)
				}
				repeats := int64(0)
				for _, one := range r.Endpoints[0].Slots {
					repeats += one.Repeats
				}
				if repeats != tt.polls-1 {
					t.Errorf("%d repeats of %d attempts", repeats, polls)
				}
				if seen := s.requests(); seen[len(seen)-1].Target != tt.after {
					t.Errorf("at last %s was sent, want %s", seen[len(seen)-1].Target, tt.after)
				}
				if f := r.Endpoints[0].Failures; tt.detail != "" && (len(f) == 0 || f[0].Detail != tt.detail) {
					t.Errorf("failed by %+v, want %s", f, tt.detail)
				}
				latencies, _ := all(t, &result.Result{Endpoints: r.Transactions})
				if took, ok := latencies.Max(); ok != (tt.took > 0) || ok && took != tt.took+100*time.Millisecond {
					t.Errorf("the transaction took %s, %t; want %s", took, ok, tt.took+100*time.Millisecond)
				}
			})
		})
	}
}

// Who leaves while it polls has not failed.
func TestPollingCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		groups := "\n  g: {wait: 1s, steps: [{request: GET /job, until: 'status == 201', every: 3s}]}\n"
		r := walk(t, context.Background(), decode(t, file(1, "1/s", "20s", groups), plan.Options{}), newService(nil),
			engine.Engine{})
		if n, failed := total(t, r, "GET /job"); n != 7 || failed != 0 {
			t.Errorf("%d requests, %d of them failed; want 7, none", n, failed)
		}
	})
}
