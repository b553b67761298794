package engine_test

import (
	"context"
	"slices"
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

// tracing is a file whose users do one after another what groups says, with a share of requests sampled.
func tracing(sample, seconds, groups string) string {
	return strings.Replace(file(1, "1/s", seconds, groups), "users:\n",
		"trace: {propagate: w3c, sample: "+sample+"}\nusers:\n", 1)
}

// idOf is the id of the trace in a traceparent.
func idOf(s sent) string {
	parts := strings.Split(s.Trace, "-")
	if len(parts) != 4 {
		return ""
	}
	return parts[1]
}

func exemplars(r *result.Result, name string, start bool) []result.Exemplar {
	at := slices.IndexFunc(r.Endpoints, func(e result.Endpoint) bool { return e.Name == name && e.Start == start })
	return r.Endpoints[at].Exemplars
}

// What is kept of a run are the ids that the service saw, with the times and statuses of those requests.
func TestRunKeepsTraces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const groups = "  g: {wait: 1s, start: [GET /login], steps: [GET /items]}\n"
		n := 0
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			if n++; n == 4 || n == 8 {
				x.Status = 503
			}
			return time.Duration(n) * 10 * time.Millisecond
		})
		p := decode(t, strings.Replace(tracing("100%", "20s", groups), "warm_up: 0s", "warm_up: 6s", 1), plan.Options{})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		seen := s.requests()
		for i, q := range seen {
			if other := slices.IndexFunc(seen, func(o sent) bool { return idOf(o) == idOf(q) }); other != i ||
				idOf(q) == "" {
				t.Fatalf("request %d carries %q, and so does request %d", i, q.Trace, other)
			}
		}
		last := len(seen) - 1
		want := []int{last, last - 1, last - 2, last - 3, last - 4, 3} // the first failure is of the warm-up
		got := exemplars(r, "GET /items", false)
		if len(got) != len(want) {
			t.Fatalf("%d are kept, want %d: %v", len(got), len(want), got)
		}
		for i, e := range got {
			q, took := seen[want[i]], time.Duration(want[i]+1)*10*time.Millisecond
			if e.Trace.String() != idOf(q) || e.Latency != took || e.At != q.At+took {
				t.Errorf("exemplar %d is %+v, want that of %+v", i, e, q)
			}
			if status, failure := e.Status, e.Failure; i < 5 && (status != 200 || failure != metric.OK) ||
				i == 5 && (status != 503 || failure != metric.Status) {
				t.Errorf("exemplar %d has status %d and failure %s", i, status, failure)
			}
		}
		// A start step is measured in the warm-up too.
		if login := exemplars(r, "GET /login", true); len(login) != 1 || login[0].Trace.String() != idOf(seen[0]) {
			t.Errorf("of the login are kept %v, want %s", login, idOf(seen[0]))
		}
	})
}

// A success of the warm-up counts for no latency, and is not kept; nor is what never reached the service.
func TestRunDoesNotKeep(t *testing.T) {
	for _, row := range []struct {
		name, warmUp string
		answer       func(sent, *client.Exchange) time.Duration
	}{
		{"the warm-up", "8s", nil},
		{"what was not sent", "0s", func(_ sent, x *client.Exchange) time.Duration {
			x.SentBytes, x.Status, x.Failure = 0, 0, metric.Refused
			return time.Millisecond
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			text := tracing("100%", "9s", "  g: {wait: 30s, steps: [GET /items]}\n")
			p := decode(t, strings.Replace(text, "warm_up: 0s", "warm_up: "+row.warmUp, 1), plan.Options{})
			s := newService(row.answer)
			r := walk(t, context.Background(), p, s, engine.Engine{})
			if seen := s.requests(); len(seen) != 1 || idOf(seen[0]) == "" {
				t.Fatalf("%s: the service saw %v", row.name, seen)
			}
			if kept := exemplars(r, "GET /items", false); len(kept) > 0 {
				t.Errorf("%s: kept are %v", row.name, kept)
			}
		})
	}
}

// A request that is sent again has a trace of its own: each attempt is measured.
func TestARetryHasATraceOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		s := newService(func(_ sent, x *client.Exchange) time.Duration {
			if n++; n == 1 {
				x.Status = 503
			}
			return 10 * time.Millisecond
		})
		groups := "  g: {wait: 30s, steps: [{request: GET /items, retry: {times: 1, wait: 1s}}]}\n"
		r := walk(t, context.Background(), decode(t, tracing("100%", "9s", groups), plan.Options{}), s, engine.Engine{})
		seen, kept := s.requests(), exemplars(r, "GET /items", false)
		if len(seen) != 2 || len(kept) != 2 || idOf(seen[0]) == idOf(seen[1]) ||
			kept[0].Trace.String() != idOf(seen[1]) || kept[1].Trace.String() != idOf(seen[0]) {
			t.Errorf("the service saw %v, and kept are %v", seen, kept)
		}
	})
}

// Without trace, and with a trace context of the file's own, loadgate sends none.
func TestNoTrace(t *testing.T) {
	const own = "  g: {wait: 1s, steps: [{request: GET /items, headers: {traceparent: own}}]}\n"
	for name, text := range map[string]string{
		"without trace": file(1, "1/s", "9s", "  g: {wait: 1s, steps: [GET /items]}\n"),
		"own header":    tracing("100%", "9s", own),
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(nil)
			r := walk(t, context.Background(), decode(t, text, plan.Options{}), s, engine.Engine{})
			for _, q := range s.requests() {
				if q.Trace != "" || name == "own header" && q.Header != "traceparent: own" {
					t.Errorf("%s: sent %+v", name, q)
				}
			}
			if kept := exemplars(r, "GET /items", false); len(kept) > 0 {
				t.Errorf("%s: kept are %v", name, kept)
			}
		})
	}
}

// The try-out samples every request, and shows what it sent.
func TestTryOutShowsTheTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(nil)
		e := engine.Engine{Dial: s.dial}
		p := decode(t, tracing("0.01%", "9s", "  g: {wait: 1s, steps: [GET /items]}\n"), plan.Options{})
		attempts := e.TryOut(context.Background(), p, true)
		seen := s.requests()
		want := client.Field{Name: "traceparent", Value: seen[0].Trace}
		if idOf(seen[0]) == "" || len(attempts) != 1 || !slices.Contains(attempts[0].Header, want) {
			t.Errorf("sent %v, and shown %v", seen, attempts[0].Header)
		}
	})
}
