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
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// events is a service whose streams have an event each 100 ms, the first after 200 ms: so many as there are, and for
// the last it is silent and the client gives up after 1 s. It keeps what was sent.
type events struct {
	*service
	there int
	began []time.Duration
}

func (d *events) Close() {}

// Do is what client.Session does with a stream, on the clock of the bubble.
func (d *events) Do(ctx context.Context, req *client.Request, x *client.Exchange) {
	e := req.Events
	if e == nil {
		(&doer{d.service, 0}).Do(ctx, req, x)
		return
	}
	for _, f := range req.Header {
		d.seen = append(d.seen, sent{Target: req.Target, Header: f.Name + ": " + f.Value})
	}
	d.began = append(d.began, time.Since(d.start))
	*x = client.Exchange{Sent: time.Now(), Status: 200, Received: 100, SentBytes: 50}
	e.Left, e.Count, e.First, e.Last = false, 0, time.Time{}, time.Time{}
	next := time.NewTimer(200 * time.Millisecond)
	defer next.Stop()
	over, until := make(<-chan time.Time), (<-chan struct{})(nil)
	if e.For > 0 {
		over = time.After(e.For)
	}
	for {
		var leave <-chan time.Time
		if e.Count > 0 {
			until = e.Until.Done()
			if !e.Leave.IsZero() {
				leave = time.After(time.Until(e.Leave))
			}
		}
		select {
		case <-next.C:
			if e.Count == d.there {
				x.Failure, x.Detail = metric.Timeout, "no further event"
				x.Done = time.Now()
				return
			}
			now := time.Now()
			if e.Count++; e.Count == 1 {
				e.First = now
			} else {
				e.Came(now.Sub(e.Last), now)
			}
			e.Last = now
			next.Reset(100 * time.Millisecond)
			if e.Count == d.there {
				next.Reset(time.Second)
			}
		case <-over:
		case <-until:
			e.Left = true
		case <-leave:
			e.Left = true
		case <-ctx.Done():
			x.Failure, x.Detail, x.Status = metric.Timeout, client.Stopped, 0
		}
		if e.Count == e.Most && e.Most > 0 || e.Left || x.Failure != metric.OK ||
			e.For > 0 && time.Since(x.Sent) >= e.For {
			if x.Done = time.Now(); x.Failure == metric.OK {
				x.Body = fmt.Appendf(nil, `{"nth": %d}`, e.Count)
			}
			return
		}
	}
}

// told is a row as a text: successes with their shortest and longest time, and failures.
func told(t *testing.T, row result.Endpoint) string {
	var all latency
	failed := int64(0)
	for _, s := range row.Slots {
		if err := s.Latency.Into(&all); err != nil {
			t.Fatal(err)
		}
		failed += s.Failures()
	}
	low, _ := all.Min()
	high, _ := all.Max()
	text := fmt.Sprintf("%s: %d of %s to %s, %d failed", row.Name, all.Count(), low, high, failed)
	for _, f := range row.Failures {
		text += fmt.Sprintf(", %s %q", f.Kind, f.Detail)
	}
	return text
}

// A stream counts as a request with the time to its first event, and each later event as a time between two of them.
// Its end belongs to its step; the end of the load, of its user's time and of an interrupted run are no failures,
// whatever the step expects.
func TestStreams(t *testing.T) {
	const staged = "stages: [{users: 1, for: 2050ms}, {users: 0, for: 3s}]"
	for _, test := range []struct {
		name, step, load string
		there            int
		stop             time.Duration // 0: the run is not interrupted
		want             [2]string     // the step, and its gaps
		began            []time.Duration
	}{
		{"number", "events: 3, expect: body.nth == 3", "", 100, 0, [2]string{
			"GET /events: 3 of 200ms to 200ms, 0 failed", "GET /events gap: 6 of 100ms to 100ms, 0 failed"},
			[]time.Duration{0, 1400 * time.Millisecond, 2800 * time.Millisecond}},
		{"time", "for: 1050ms", "", 100, 0, [2]string{
			"GET /events: 2 of 200ms to 200ms, 0 failed", "GET /events gap: 16 of 100ms to 100ms, 0 failed"},
			[]time.Duration{0, 2050 * time.Millisecond}},
		{"end of the load", "events: all, expect: 'body.nth == 99', capture: {final: body.absent}", "", 100, 0,
			[2]string{"GET /events: 1 of 200ms to 200ms, 0 failed", "GET /events gap: 38 of 100ms to 100ms, 0 failed"},
			[]time.Duration{0}},
		{"end of the user", "events: all, expect: body.nth == 99", staged, 100, 0, [2]string{
			"GET /events: 1 of 200ms to 200ms, 0 failed", "GET /events gap: 18 of 100ms to 100ms, 0 failed"},
			[]time.Duration{0}},
		{"interrupted", "events: all", "", 100, 1050 * time.Millisecond, [2]string{
			"GET /events: 1 of 200ms to 200ms, 0 failed", "GET /events gap: 8 of 100ms to 100ms, 0 failed"},
			[]time.Duration{0}},
		{"no event", "events: all", "", 0, 0, [2]string{
			"GET /events: 0 of 0s to 0s, 4 failed, timeout \"no further event\"",
			"GET /events gap: 0 of 0s to 0s, 0 failed"},
			nil},
		{"silence", "events: 9", "", 2, 0, [2]string{
			"GET /events: 0 of 0s to 0s, 2 failed, timeout \"no further event\"",
			"GET /events gap: 2 of 100ms to 100ms, 2 failed, timeout \"no further event\""}, nil},
		{"other end than expected", "events: 3, expect: body.nth == 4", "", 100, 0, [2]string{
			"GET /events: 0 of 0s to 0s, 3 failed, expectation \"expect is false: body.nth == 4\"",
			"GET /events gap: 6 of 100ms to 100ms, 0 failed"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				text := file(1, "1/s", "4050ms", `
  g:
    wait: 1s
    steps: [{request: GET /events, `+test.step+`}]
`)
				if test.load != "" {
					text = strings.Replace(text, "users: 1, spawn_rate: 1/s, duration: 4050ms", test.load, 1)
				}
				p := decode(t, text, plan.Options{})
				s := &events{service: newService(nil), there: test.there}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.stop > 0 {
					time.AfterFunc(test.stop, cancel)
				}
				r := p.Result("test", time.Unix(0, 0))
				e := engine.Engine{Dial: func(int) engine.Doer { return s }}
				if err := e.Run(ctx, p, r); err != nil {
					t.Fatal(err)
				}
				for i, row := range []result.Endpoint{r.Endpoints[0], r.Transactions[0]} {
					if got := told(t, row); got != test.want[i] {
						t.Errorf("%s\nwant %s", got, test.want[i])
					}
				}
				if test.began != nil && fmt.Sprint(s.began) != fmt.Sprint(test.began) {
					t.Errorf("streams began at %v, want %v", s.began, test.began)
				}
				if len(s.seen) == 0 || s.seen[0].Header != "Accept: text/event-stream" {
					t.Errorf("sent %v", s.seen)
				}
			})
		})
	}
}

// A stream in a transaction counts with its first event, and a smoke run leaves a stream after a second.
func TestStreamsInOtherPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := decode(t, file(1, "1/s", "4s", `
  g:
    wait: 1s
    steps: [{transaction: watch, steps: [GET /a, {request: GET /events, for: 3050ms, headers: {Accept: '*/*'}}]}]
`), plan.Options{})
		s := &events{service: newService(nil), there: 100}
		r := p.Result("test", time.Unix(0, 0))
		e := engine.Engine{Dial: func(int) engine.Doer { return s }}
		if err := e.Run(t.Context(), p, r); err != nil {
			t.Fatal(err)
		}
		for _, row := range r.Transactions {
			want := map[string]string{"watch": "watch: 1 of 220ms to 220ms, 0 failed",
				"GET /events gap": "GET /events gap: 28 of 100ms to 100ms, 0 failed"}[row.Name]
			if got := told(t, row); got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
		}
		if s.seen[1].Header != "Accept: */*" {
			t.Errorf("sent %v", s.seen)
		}

		p = decode(t, file(1, "1/s", "60s", `
  g:
    wait: 1s
    steps: [{request: GET /events, events: all, expect: body.nth == 99}, GET /a]
`), plan.Options{Smoke: true})
		s = &events{service: newService(nil), there: 100}
		r = p.Result("test", time.Unix(0, 0))
		if err := e.Run(t.Context(), p, r); err != nil {
			t.Fatal(err)
		}
		for _, row := range r.Endpoints {
			if len(row.Slots) == 0 || len(row.Failures) > 0 {
				t.Errorf("%s", told(t, row))
			}
		}
	})
}
