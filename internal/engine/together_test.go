package engine_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

func (d *doer) Beside(int) engine.Doer { return &doer{d.service, d.user} }

// page answers a request for /aN after N tenths of a second, with N as its id, and fails one for /badN.
func page(s sent, x *client.Exchange) time.Duration {
	var tenths int
	_, _ = fmt.Sscanf(strings.TrimLeft(s.Target, "/abcdefghijklmnopqrstuvwxyz"), "%d", &tenths)
	x.Body = fmt.Appendf(nil, `{"id": %d, "ids": [1, 2, 3]}`, tenths)
	if strings.HasPrefix(s.Target, "/bad") {
		x.Status = 500
	}
	x.Phases.FirstByte = time.Duration(tenths) * 50 * time.Millisecond
	return time.Duration(tenths) * 100 * time.Millisecond
}

// The steps of a parallel block are sent at the same time, the first six of them at once and each other one when a
// connection is free, and are measured with their transaction.
func TestParallel(t *testing.T) {
	const one = "{users: 1, spawn_rate: 1/s, duration: 10s, warm_up: 0s}"
	const ids = "{request: GET /1, capture: {ids: body.ids, id: body.id}}"
	for _, tt := range []struct {
		name  string
		steps string   // of the transaction
		sent  []string // with the tenths of a second in which it is sent
		whole string   // tenths of a second of its transaction and of its waits for first bytes, and its failure
	}{
		{"a page", "GET /5, {parallel: [GET /1, GET /3, GET /2]}, GET /4",
			[]string{"0 /5", "5 /1", "5 /2", "5 /3", "8 /4"}, "12 6.0"},
		{"nothing else", "{parallel: [GET /1, GET /3]}", []string{"0 /1", "0 /3"}, "3 1.5"},
		{"one", "GET /2, {parallel: [GET /1]}", []string{"0 /2", "2 /1"}, "3 1.5"},
		{"more than connections", "{parallel: [GET /1, {request: GET /9, times: 5}, GET /2, GET /3, GET /a2]}",
			[]string{"0 /1", "0 /9", "0 /9", "0 /9", "0 /9", "0 /9", "1 /2", "3 /3", "6 /a2"}, "9 4.5"},
		{"times", "{parallel: [{request: GET /2, times: 3}, GET /1]}",
			[]string{"0 /1", "0 /2", "0 /2", "0 /2"}, "2 1.0"},
		{"each", ids + ", {parallel: [{request: 'GET /${ each }', each: ids}, GET /a1]}",
			[]string{"0 /1", "1 /1", "1 /2", "1 /3", "1 /a1"}, "4 2.0"},
		{"an empty list", "GET /1, {parallel: [{request: 'GET /${ each }', each: '[]'}]}, GET /a1",
			[]string{"0 /1", "1 /a1"}, "2 1.0"},
		{"no list", ids + ", {parallel: [{request: 'GET /${ each }', each: id}, GET /a1]}",
			[]string{"0 /1", "1 /a1"}, "GET /{each}: each: id is no list"},
		{"when", ids + ", {parallel: [{request: GET /2, when: 'id == 7'}, {request: GET /3, when: 'id == 1'}]}",
			[]string{"0 /1", "1 /3"}, "4 2.0"},
		{"captures behind it", ids + ", {parallel: [{request: 'GET /2/${ id }', capture: {id: body.id}}, " +
			"{request: GET /3, capture: {other: body.id}}]}, 'GET /1/${ id }/${ other }'",
			[]string{"0 /1", "1 /2/1", "1 /3", "4 /1/2/3"}, "5 2.5"},
		{"the last capture of the file", "{parallel: [{request: GET /3, capture: {id: body.id}}, " +
			"{request: GET /a2, capture: {id: body.id}}]}, 'GET /1/${ id }'",
			[]string{"0 /3", "0 /a2", "3 /1/2"}, "4 2.0"},
		{"a failure keeps what was captured", ids + ", {parallel: [{request: GET /bad2, capture: {id: body.id}}, " +
			"GET /3]}, 'GET /1/${ id }'",
			[]string{"0 /1", "1 /3", "1 /bad2", "4 /1/1"}, "5 GET /bad2: 500 Internal Server Error"},
		{"a failure that does not", ids + ", {parallel: [{request: GET /bad2, capture: {id: {from: body.id, " +
			"keep: false}}}, GET /3]}, {request: GET /a1, when: 'id == nil'}",
			[]string{"0 /1", "1 /3", "1 /bad2", "4 /a1"}, "5 GET /bad2: 500 Internal Server Error"},
		{"the first failure of the file", "{parallel: [GET /1, GET /bad2, GET /3, GET /bad1]}, GET /a1",
			[]string{"0 /1", "0 /3", "0 /bad1", "0 /bad2", "3 /a1"}, "4 GET /bad2: 500 Internal Server Error"},
		{"retries", "{parallel: [GET /1, {request: GET /bad2, retry: {times: 1, wait: 3s}}]}, GET /a1",
			[]string{"0 /1", "0 /bad2", "32 /bad2", "34 /a1"}, "35 GET /bad2: 500 Internal Server Error"},
		{"twice", "{parallel: [GET /1]}, {parallel: [GET /a1, GET /b1]}",
			[]string{"0 /1", "1 /a1", "1 /b1"}, "2 1.0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, seen := parallel(t, one, tt.steps)
				if got, want := strings.Join(seen, ", "), strings.Join(tt.sent, ", "); got != want {
					t.Errorf("sent %s\nwant %s", got, want)
				}
				if whole := wholes(t, r); whole != tt.whole {
					t.Errorf("transaction %q, want %q", whole, tt.whole)
				}
			})
		})
	}
}

// An arrival is for a whole block, and the plan expects its requests.
func TestParallelArrivals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, seen := parallel(t, "{rate: 1/s, arrivals: even, duration: 4s, warm_up: 0s}",
			"GET /1, {parallel: [GET /2, GET /3]}")
		if got, want := strings.Join(seen, ", "), "0 /1, 10 /2, 10 /3, 20 /1, 30 /2, 30 /3"; got != want {
			t.Errorf("sent %s\nwant %s", got, want)
		}
		for _, e := range r.Endpoints {
			if e.Expected != 2 {
				t.Errorf("%s: %g expected, want 2", e.Name, e.Expected)
			}
		}
		if of := r.Transactions[0]; of.Expected != 2 {
			t.Errorf("transaction: %g expected, want 2", of.Expected)
		}
	})
}

// parallel runs a transaction of steps, and returns the requests in the order in which they are sent.
func parallel(t *testing.T, load, steps string) (*result.Result, []string) {
	t.Helper()
	p := decode(t, fmt.Sprintf(`
version: 1
name: test
target: {url: http://localhost:1}
profiles: {p: %s}
users: {g: {wait: 1h, steps: [{transaction: all, steps: [%s]}]}}
thresholds: {all: {endpoints: "*", success: 1%%}, begins: {endpoints: all, time_to_first_byte_p95: 10s}}
`, load, steps), plan.Options{})
	s := newService(page)
	r := walk(t, t.Context(), p, s, engine.Engine{})
	all := s.requests()
	slices.SortFunc(all, func(a, b sent) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Target, b.Target))
	})
	var seen []string
	for _, one := range all {
		seen = append(seen, fmt.Sprintf("%d %s", one.At/(100*time.Millisecond), one.Target))
	}
	return r, seen
}

// wholes tells of the transactions of a result.
func wholes(t *testing.T, r *result.Result) string {
	t.Helper()
	var all []string
	for _, s := range r.Transactions[0].Slots {
		var took, waited latency
		if err := cmp.Or(s.Latency.Into(&took), s.FailedLatency.Into(&took), s.FirstByte.Into(&waited)); err != nil {
			t.Fatal(err)
		}
		if most, ok := took.Max(); ok {
			all = append(all, fmt.Sprintf("%.0f", most.Seconds()*10))
		}
		if most, ok := waited.Max(); ok {
			all = append(all, fmt.Sprintf("%.1f", most.Seconds()*10))
		}
	}
	for _, f := range r.Transactions[0].Failures {
		all = append(all, f.Detail)
	}
	return strings.Join(all, " ")
}
