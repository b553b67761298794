package client_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// streaming answers with a stream: as many events as the query says, each pushed on its own, then what the path says:
// /ends ends it, /stays keeps it open until the client has gone. Other paths have answers of their own.
func streaming(rw http.ResponseWriter, r *http.Request) {
	push := func(text string) {
		fmt.Fprint(rw, text)
		_ = http.NewResponseController(rw).Flush() // a server that cannot would keep the client waiting
	}
	n := 0
	fmt.Sscan(r.URL.Query().Get("n"), &n)
	switch r.URL.Path {
	case "/page":
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	case "/packed":
		rw.Header().Set("Content-Type", "text/event-stream")
		rw.Header().Set("Content-Encoding", "gzip")
	case "/wrong":
		rw.WriteHeader(http.StatusTeapot)
		fmt.Fprint(rw, "no events today")
		return
	case "/none":
		rw.Header().Set("Content-Type", "text/event-stream")
		rw.WriteHeader(http.StatusNoContent)
		return
	default:
		rw.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	}
	push(": welcome\n\n")
	for i := range n {
		push(fmt.Sprintf("id: %d\ndata: {\"nth\": %d}\n\n", i, i+1))
	}
	switch r.URL.Path {
	case "/stays":
		<-r.Context().Done()
	case "/floods":
		for r.Context().Err() == nil {
			push(":" + strings.Repeat("x", 1<<10) + "\n")
		}
	}
}

// What ends a stream, over HTTP/1.1 and HTTP/2: the number of events, the time, the server where it may, the caller.
func TestDoReadsEvents(t *testing.T) {
	t.Parallel()
	const long, short = time.Minute, 500 * time.Millisecond
	for _, test := range []struct {
		name, target string
		events       client.Events
		timeout      time.Duration
		failure      metric.Failure
		count        int
		detail, body string
	}{
		{"a number", "/stays?n=5", client.Events{Most: 3}, long, metric.OK, 3, "", `{"nth": 3}`},
		{"one", "/stays?n=1", client.Events{Most: 1}, long, metric.OK, 1, "", `{"nth": 1}`},
		{"a time", "/stays?n=5", client.Events{For: short}, long, metric.OK, 5, "", `{"nth": 5}`},
		{"a number within a time", "/stays?n=5", client.Events{Most: 2, For: long}, long, metric.OK, 2, "",
			`{"nth": 2}`},
		{"a time before the number", "/stays?n=2", client.Events{Most: 5, For: short}, long, metric.OK, 2, "",
			`{"nth": 2}`},
		{"the server", "/ends?n=4", client.Events{All: true}, long, metric.OK, 4, "", `{"nth": 4}`},
		{"the last event and the end", "/ends?n=4", client.Events{Most: 4}, long, metric.OK, 4, "", `{"nth": 4}`},
		{"too early for a number", "/ends?n=2", client.Events{Most: 4}, long, metric.Expectation, 2,
			"the server ended the stream after 2 events of 4", ""},
		{"too early for a time", "/ends?n=1", client.Events{For: long}, long, metric.Expectation, 1,
			"the server ended the stream after 1 event, before 1m0s were over", ""},
		{"no event at all", "/ends", client.Events{All: true}, long, metric.Expectation, 0,
			"the server ended the stream before the first event", ""},
		{"no event in its time", "/stays", client.Events{For: short}, long, metric.Timeout, 0,
			"no event within 500ms, for which the stream was to be read", ""},
		{"no event in time", "/stays", client.Events{Most: 1, For: long}, short, metric.Timeout, 0,
			"no event within 500ms", ""},
		{"no second event in time", "/stays?n=1", client.Events{Most: 2, For: long}, short, metric.Timeout, 1,
			"no further event within 500ms", ""},
		{"no bound between events", "/floods?n=1", client.Events{For: long}, long, metric.TooLarge, 1,
			"more than 64KiB without an event", ""},
		{"a page", "/page", client.Events{For: long}, long, metric.Body, 0,
			`the answer is "text/html", and no stream of events (text/event-stream)`, ""},
		{"a packed stream", "/packed?n=1", client.Events{For: long}, long, metric.Body, 0,
			`the stream is encoded with "gzip", in which events are not read; send no Accept-Encoding`, ""},
		{"an empty answer", "/none", client.Events{For: long}, long, metric.Expectation, 0,
			"the answer has no body, and so no event", ""},
		{"another status", "/wrong", client.Events{For: long}, long, metric.OK, 0, "", "no events today"},
	} {
		for _, way := range ways() {
			t.Run(test.name+"/"+way.name, func(t *testing.T) {
				t.Parallel()
				cfg := way.serve(t, http.HandlerFunc(streaming))
				cfg.MaxBody = 64 << 10
				s := session(t, cfg)
				do(t, s, &client.Request{Target: "/wrong", Timeout: long}) // to connect is no part of the short times
				gaps := 0
				events := test.events
				events.Came = func(gap time.Duration, at time.Time) {
					if gaps++; gap < 0 || at.Before(events.First) || at.Add(-gap).Before(events.First) {
						t.Errorf("gap %d of %v until %v; the first event came at %v", gaps, gap, at, events.First)
					}
				}
				req := client.Request{Target: test.target, KeepBody: true, Timeout: test.timeout, Events: &events}
				var x client.Exchange
				s.Do(t.Context(), &req, &x)
				if x.Failure != test.failure || x.Detail != test.detail || events.Count != test.count {
					t.Errorf("%v %q after %d events, want %v %q after %d",
						x.Failure, x.Detail, events.Count, test.failure, test.detail, test.count)
				}
				if events.Left {
					t.Error("nobody had to leave")
				}
				if string(x.Body) != test.body || gaps != max(0, test.count-1) {
					t.Errorf("body %q, %d gaps, want %q", x.Body, gaps, test.body)
				}
				if test.count > 0 && (events.First.Before(x.Sent) || events.Last.After(x.Done) ||
					events.First.After(events.Last)) {
					t.Errorf("sent %v, first %v, last %v, done %v", x.Sent, events.First, events.Last, x.Done)
				}
				// The session goes on, and has forgotten the stream.
				x = *do(t, s, &client.Request{Target: "/wrong", Timeout: long, Events: &events})
				if x.Failure != metric.OK || x.Status != http.StatusTeapot ||
					events.Count != 0 || !events.First.IsZero() {
					t.Errorf("after it: %v %q, %d, and %d events", x.Failure, x.Detail, x.Status, events.Count)
				}
			})
		}
	}
}

// A context that ends ends the stream, which is a success with an event and stopped without one.
func TestEventsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	for _, way := range ways() {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			s := session(t, way.serve(t, http.HandlerFunc(streaming)))
			until, end := context.WithCancel(t.Context())
			events := client.Events{All: true, Until: until, Came: func(time.Duration, time.Time) { end() }}
			req := client.Request{Target: "/stays?n=2", Timeout: time.Minute, Events: &events}
			if x := do(t, s, &req); x.Failure != metric.OK || events.Count != 2 || !events.Left {
				t.Errorf("%v %q after %d events", x.Failure, x.Detail, events.Count)
			}
			req.Target = "/stays?n=1" // the context has ended: the first event is waited for, and no other
			if x := do(t, s, &req); x.Failure != metric.OK || events.Count != 1 {
				t.Errorf("%v %q after %d events", x.Failure, x.Detail, events.Count)
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			time.AfterFunc(50*time.Millisecond, stop)
			req.Target = "/stays"
			var x client.Exchange
			if s.Do(ctx, &req, &x); x.Failure != metric.Timeout || x.Detail != client.Stopped {
				t.Errorf("stopped: %v %q", x.Failure, x.Detail)
			}
		})
	}
}

// A user that has to leave waits for the first event, and for no other.
func TestEventsEndWhereTheirUserLeaves(t *testing.T) {
	t.Parallel()
	for _, way := range ways() {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			s := session(t, way.serve(t, http.HandlerFunc(streaming)))
			events := client.Events{All: true, Leave: time.Now()}
			x := do(t, s, &client.Request{Target: "/stays?n=1", Timeout: time.Minute, Events: &events})
			if x.Failure != metric.OK || events.Count != 1 || !events.Left {
				t.Errorf("%v %q after %d events, left: %t", x.Failure, x.Detail, events.Count, events.Left)
			}
		})
	}
}
