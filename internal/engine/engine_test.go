package engine_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

const viewer = `
  viewer:
    wait: 1s
    steps: [GET /a, GET /b]
`

// Ten minutes of 100 users: every request is made, none twice, and every
// latency is exact to its bucket.
func TestRunTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(nil)
		p := decode(t, file(100, "10/s", "10m", viewer), plan.Options{Seed: 7})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		if r.End != result.Complete || r.Elapsed != 10*time.Minute {
			t.Errorf("Run ended %s after %s, want complete after 10m", r.End, r.Elapsed)
		}
		a, _ := total(t, r, "GET /a")
		b, _ := total(t, r, "GET /b")
		if want := int64(len(s.requests())); a+b != want {
			t.Errorf("recorded %d requests, the service saw %d", a+b, want)
		}
		// A user's cycle is 1.02 s; user i has 600 s - i/10 s for it.
		want := 0
		for i := range 100 {
			want += int((600-float64(i)/10)/1.02) + 1
		}
		if got := int(a + b); got < want-100 || got > want {
			t.Errorf("%d requests, want %d (at most one less a user)", got, want)
		}
		var all hist.Latency
		for _, e := range r.Endpoints {
			for _, slot := range e.Slots {
				if err := slot.Latency.Into(&all); err != nil {
					t.Fatal(err)
				}
				if slot.FromSend != nil {
					t.Fatal("a request was late although nothing else ran")
				}
			}
		}
		low, _ := all.Min()
		high, _ := all.Max()
		if low != 20*time.Millisecond || high != low {
			t.Errorf("latencies from %s to %s, want 20ms each", low, high)
		}
		if s.closed != 100 {
			t.Errorf("%d of 100 users closed their connections", s.closed)
		}
	})
}

func TestRunSpawnsOverTheRamp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(nil)
		p := decode(t, file(20, "2/s", "30s", viewer), plan.Options{})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		first := map[int]time.Duration{}
		for _, q := range s.requests() {
			if _, ok := first[q.User]; !ok {
				first[q.User] = q.At
			}
		}
		for i := range 20 {
			if want := time.Duration(i) * 500 * time.Millisecond; first[i] != want {
				t.Errorf("user %d sent first at %s, want %s", i, first[i], want)
			}
		}
		// The 11th starts in the instant in which the fifth second ends.
		if got := r.Timeline[4].Users; got != 10 && got != 11 {
			t.Errorf("after 5 s %d users, want 10 or 11", got)
		}
	})
}

// What the steps say is what is sent, in their order.
func TestRunFollowsTheScenario(t *testing.T) {
	groups := `
  creator:
    wait: 1s
    headers: {Authorization: 'Bearer ${ token }', X-Group: g}
    vars: {tutor: '${ int(7, 7) }'}
    start:
      - request: POST /login
        form: {password: '${ env("PASSWORD") }'}
        capture: {token: body.token}
        secret: true
    steps:
      - {request: GET /list, times: 3, headers: {X-Group: step}}
      - request: POST /items
        json: {tutor: '${ tutor }', when: "at ${ tutor }"}
        expect: 'status in [200, 201]'
        capture: {item: body.id}
      - request: 'PATCH /items/${ item }'
        when: 'item != nil'
      - request: GET /never
        when: 'item == nil'
`
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			switch q.Target {
			case "/login":
				x.Body = []byte(`{"token": "t0ken"}`)
			case "/items":
				x.Status, x.Body = 201, []byte(`{"id": 9007199254740993}`)
			}
			return 0
		})
		p := decode(t, file(1, "1/s", "6500ms", groups), plan.Options{})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		var got []string
		for _, q := range s.requests() {
			got = append(got,
				strings.TrimSpace(fmt.Sprintf("%v %s %s [%s] %s", q.At, q.Method, q.Target, q.Header, q.Body)))
		}
		want := []string{
			"0s POST /login [X-Group: g; Content-Type: application/x-www-form-urlencoded] password=hunter22",
			"0s GET /list [Authorization: Bearer t0ken; X-Group: step]",
			"1s GET /list [Authorization: Bearer t0ken; X-Group: step]",
			"2s GET /list [Authorization: Bearer t0ken; X-Group: step]",
			`3s POST /items [Authorization: Bearer t0ken; X-Group: g; Content-Type: application/json] {"tutor":7,` +
				`"when":"at 7"}`,
			"4s PATCH /items/9007199254740993 [Authorization: Bearer t0ken; X-Group: g]",
			"5s GET /list [Authorization: Bearer t0ken; X-Group: step]",
			"6s GET /list [Authorization: Bearer t0ken; X-Group: step]",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		if n, failed := total(t, r, "POST /login"); n != 1 || failed != 0 {
			t.Errorf("login: %d requests, %d failed; want 1 and 0", n, failed)
		}
	})
}

// Every way in which a request can end is counted under its kind.
func TestRunCountsFailuresByKind(t *testing.T) {
	tests := []struct {
		name   string
		step   string
		answer func(x *client.Exchange)
		kind   metric.Failure
		status int
		detail string
	}{
		{"status", `{request: GET /a}`, func(x *client.Exchange) { x.Status = 404 },
			metric.Status, 404, "404 Not Found"},
		{"redirect to nowhere", `{request: GET /a, follow: true}`,
			func(x *client.Exchange) { x.Status = 302 }, metric.Redirect, 302, "answers 302 without a Location"},
		{"redirect", `{request: GET /a}`, func(x *client.Exchange) { x.Status, x.Location = 307, "/a/" },
			metric.Redirect, 307, "answers 307 to /a/"},
		{"wire", `{request: GET /a}`, func(x *client.Exchange) {
			x.Status,
				x.Failure, x.Detail = 0, metric.Reset, "broke"
		}, metric.Reset, 0, "broke"},
		{"expectation", `{request: GET /a, expect: 'body.ok == true'}`,
			func(x *client.Exchange) {
				x.Body = []byte(`{"ok": false}`)
			}, metric.Expectation, 200, "expect is false: body.ok == true"},
		{"a status breaks the expectation", `{request: GET /a, expect: 'status == 201'}`,
			func(x *client.Exchange) { x.Status = 500 }, metric.Status, 500, "500 Internal Server Error"},
		{"capture", `{request: GET /a, capture: {id: body.id}}`, func(x *client.Exchange) { x.Body = []byte(`{}`) },
			metric.Capture, 200, "capture id: body.id found nothing in the answer"},
		{"errors of GraphQL", `{request: POST /a, graphql: {query: '{ a }'}}`, func(x *client.Exchange) {
			x.Body = []byte(`{"data": null, "errors": [{"message": "hunter22 is wrong"}, {"message": "no"}]}`)
		}, metric.Expectation, 200, "the answer has errors: *** is wrong"},
		{"errors of GraphQL that are no list", `{request: POST /a, graphql: {query: '{ a }'}}`,
			func(x *client.Exchange) { x.Body = []byte(`{"data": {}, "errors": {"message": "no"}}`) },
			metric.Expectation, 200, "the answer has errors: no"},
		{"errors of GraphQL without a message", `{request: POST /a, graphql: {query: '{ a }'}}`,
			func(x *client.Exchange) { x.Body = []byte(`{"data": {}, "errors": ["no"]}`) },
			metric.Expectation, 200, "the answer has errors: no"},
		{"a page instead of GraphQL", `{request: POST /a, graphql: {query: '{ a }'}}`,
			func(x *client.Exchange) { x.Body = []byte(`<html>`) },
			metric.Expectation, 200, "the answer has neither data nor errors, so it " +
				"does not come from a GraphQL service"},
		{"GraphQL without data", `{request: POST /a, graphql: {query: '{ a }'}}`,
			func(x *client.Exchange) { x.Body = []byte(`{"data": null}`) },
			metric.Expectation, 200, "the answer has neither data nor errors, so it " +
				"does not come from a GraphQL service"},
		{"a status of GraphQL", `{request: POST /a, graphql: {query: '{ a }'}}`,
			func(x *client.Exchange) { x.Status, x.Body = 400, []byte(`{"errors": [{"message": "no"}]}`) },
			metric.Status, 400, "400 Bad Request"},
		{"errors of GraphQL in secret", `{request: POST /a, name: b, secret: true, graphql: {query: '{ a }'}}`,
			func(x *client.Exchange) { x.Sample, x.Body = nil, []byte(`{"errors": [{"message": "no"}]}`) },
			metric.Expectation, 200, "the answer has errors, and which is secret"},
		{"no errors of GraphQL", `{request: POST /a, graphql: {query: '{ a }'}}`,
			func(x *client.Exchange) { x.Status, x.Body = 203, []byte(`{"data": {}, "errors": []}`) },
			metric.OK, 0, ""},
		{"errors that are expected", `{request: POST /a, graphql: {query: '{ a }'}, expect: 'status == 200'}`,
			func(x *client.Exchange) { x.Body = []byte(`{"errors": [{"message": "no"}]}`) }, metric.OK, 0, ""},
		{"expected 404", `{request: GET /a, expect: 'status == 404'}`,
			func(x *client.Exchange) { x.Status = 404 }, metric.OK, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(_ sent, x *client.Exchange) time.Duration {
					x.Sample = []byte("password hunter22 in the answer")
					tt.answer(x)
					return time.Millisecond
				})
				p := decode(t, file(1, "1/s", "10s", "\n  g: {wait: 1s, steps: ["+tt.step+"]}\n"), plan.Options{})
				r := walk(t, context.Background(), p, s, engine.Engine{})
				e := r.Endpoints[0]
				if tt.kind == metric.OK {
					if len(e.Failures) > 0 {
						t.Fatalf("failures %v, want none", e.Failures)
					}
					return
				}
				if len(e.Failures) != 1 {
					t.Fatalf("failures %v, want one kind", e.Failures)
				}
				f := e.Failures[0]
				if f.Kind != tt.kind || f.Status != tt.status || f.Detail != tt.detail || f.Count != 10 {
					t.Errorf("failure %+v, want %s %d %q 10 times", f, tt.kind, tt.status, tt.detail)
				}
				if f.Sample != "password *** in the answer" && !strings.Contains(tt.step, "secret: true") {
					t.Errorf("sample %q shows the secret or nothing", f.Sample)
				}
				if f.First != time.Millisecond || f.Last < 8*time.Second {
					t.Errorf("first at %s, last at %s", f.First, f.Last)
				}
			})
		})
	}
}

// A value that is missing keeps the request back: it is no request and no
// failure of its endpoint, and the document says how many users it was missing
// to, and whose it was to capture.
func TestRunExpressionFailureSendsNothing(t *testing.T) {
	groups := `
  g:
    wait: 1s
    steps:
      - {request: POST /items, capture: {item: body.id}, expect: 'status == 201'}
      - {request: 'PATCH /items/${ item }'}
`
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(_ sent, x *client.Exchange) time.Duration { x.Status = 503; return 0 })
		p := decode(t, file(2, "2/s", "10s", groups), plan.Options{})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		if n, failed := total(t, r, "PATCH /items/{item}"); n != 0 || failed != 0 {
			t.Errorf("PATCH: %d requests, %d failed; want none", n, failed)
		}
		unsent := int64(0)
		for _, slot := range r.Endpoints[1].Slots {
			unsent += slot.Unsent
		}
		f := r.Endpoints[1].Failures
		if unsent != 10 || len(f) != 1 || f[0].Count != 10 || f[0].Users != 2 || f[0].Kind != metric.Expression ||
			f[0].Detail != "item has no value: POST /items captured none" {
			t.Errorf("%d unsent, failures %+v; want 10 of 2 users, for want of item", unsent, f)
		}
		for _, q := range s.requests() {
			if q.Method == "PATCH" {
				t.Fatalf("sent %s although its value is missing", q.Target)
			}
		}
	})
}

// A scenario whose conditions are never true neither spins nor hangs.
func TestRunWithoutAnythingToSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(nil)
		p := decode(t, file(3, "10/s", "60s", "\n  g: {wait: 1s, steps: [{request: GET /a, when: '1 == 2'}]}\n"),
			plan.Options{})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		if n := len(s.requests()); n != 0 || r.End != result.Complete {
			t.Errorf("%d requests, run %s; want none, complete", n, r.End)
		}
	})
}

func TestRunWeighted(t *testing.T) {
	groups := `
  g:
    wait: 1s
    order: weighted
    steps: [{request: GET /a, weight: 3}, {request: GET /b}]
`
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(sent, *client.Exchange) time.Duration { return 0 })
		p := decode(t, file(40, "40/s", "100s", groups), plan.Options{Seed: 1})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		a, _ := total(t, r, "GET /a")
		b, _ := total(t, r, "GET /b")
		// 4,000 draws at 3/4: four standard deviations are 110.
		if a+b < 3900 || a < 2890 || a > 3110 {
			t.Errorf("%d of %d requests went to /a, want about 3 of 4", a, a+b)
		}
	})
}

// Rows of a table: one a user, the next one a round, or a drawn one.
func TestRunData(t *testing.T) {
	tests := []struct {
		pick string
		want []string // of user 1 of 2
	}{
		{"next", []string{"/b", "/d", "/b", "/d"}},
		{"unique", []string{"/b", "/b", "/b", "/b"}},
	}
	for _, tt := range tests {
		t.Run(tt.pick, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(sent, *client.Exchange) time.Duration { return 0 })
				p := decodeWithData(t, tt.pick)
				walk(t, context.Background(), p, s, engine.Engine{})
				var got []string
				for _, q := range s.requests() {
					if q.User == 1 {
						got = append(got, q.Target)
					}
				}
				if !slices.Equal(got[:4], tt.want) {
					t.Errorf("user 1 asked for %v, want %v", got[:4], tt.want)
				}
			})
		})
	}
}

// Same seed, same requests; another seed, others.
func TestRunSeed(t *testing.T) {
	groups := "\n  g: {wait: 100ms..2s, steps: [{request: 'GET /a/${ int(1, 1000000) }?u=${ uuid() }'}]}\n"
	ask := func(seed uint64) (out []string) {
		synctest.Test(t, func(t *testing.T) {
			s := newService(nil)
			walk(t, context.Background(), decode(t, file(5, "5/s", "20s", groups), plan.Options{Seed: seed}),
				s, engine.Engine{})
			for _, q := range s.requests() {
				out = append(out, fmt.Sprint(q.User, q.At, q.Target))
			}
			slices.Sort(out)
		})
		return out
	}
	first := ask(1)
	if diff := cmp.Diff(first, ask(1)); diff != "" {
		t.Errorf("the same seed asked differently (-first +second):\n%s", diff)
	}
	if slices.Equal(first, ask(2)) {
		t.Error("another seed asked the same")
	}
}

// A transaction takes as long as its requests together, without think times,
// and fails as the first of them that does; what is left out of it does not
// count, and its requests count at their endpoints as ever.
func TestTransactions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			switch q.Target {
			case "/cart":
				return 100 * time.Millisecond
			case "/pay":
				if q.At > 20*time.Second {
					x.Status = 503
				}
				return 300 * time.Millisecond
			}
			return 10 * time.Millisecond
		})
		groups := `  buyer:
    wait: 1s
    steps:
      - GET /home
      - {transaction: buy, times: 2, steps: [{request: GET /cart, times: 2}, {request: GET /gift, when: 'false'}, GET /pay, {request: GET /thanks, when: 'false'}]}
      - {transaction: nothing, steps: [{request: GET /gift, when: 'false'}]}
`
		p := decode(t, file(1, "1/s", "40s", groups), plan.Options{})
		r := walk(t, context.Background(), p, s, engine.Engine{})
		if len(r.Transactions) != 2 || r.Transactions[0].Name != "buy" || len(r.Transactions[1].Slots) != 0 {
			t.Fatalf("Transactions = %+v", r.Transactions)
		}
		buy := r.Transactions[0]
		var requests, failed int64
		var latencies latency
		for _, slot := range buy.Slots {
			requests, failed = requests+slot.Requests, failed+slot.Failures()
			if err := slot.Latency.Into(&latencies); err != nil {
				t.Fatal(err)
			}
		}
		paid, unpaid := total(t, r, "GET /pay")
		least, _ := latencies.Quantile(0)
		most, _ := latencies.Max()
		if requests != paid || failed != unpaid || failed == 0 ||
			least != 500*time.Millisecond || most != 500*time.Millisecond {
			t.Errorf("%d transactions, %d failed, %s to %s; want %d, %d, 500ms",
				requests, failed, least, most, paid, unpaid)
		}
		if len(buy.Failures) != 1 || buy.Failures[0].Detail != "GET /pay: 503 Service Unavailable" ||
			buy.Failures[0].Status != 503 {
			t.Errorf("Failures = %+v", buy.Failures)
		}
		if home := p.Endpoints[0].Expected; math.Abs(buy.Expected-2*home) > 1e-9 {
			t.Errorf("expected %g transactions beside %g visits of /home, want twice as many", buy.Expected, home)
		}
		var lag latency
		for _, m := range r.Timeline {
			if err := m.Lag.Into(&lag); err != nil {
				t.Fatal(err)
			}
		}
		if sent := int64(len(s.requests())); lag.Count() != sent {
			t.Errorf("lag of %d requests, %d were sent", lag.Count(), sent)
		}
	})
}
