package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// A step with each is sent once for each element of a list, wherever it is; what is no list is a failure that says so.
func TestEach(t *testing.T) {
	const list = "{request: GET /list, capture: {ids: body.ids, items: body.items, text: body.text}}"
	const get = "{request: 'GET /x/${ each }', each: ids}"
	for _, tt := range []struct {
		name   string
		group  string
		sent   []string // with the tenths of a second in which it is sent
		failed string   // the detail of the first failure of an endpoint
	}{
		{"steps", "wait: 1s, steps: [" + list + ", " + get + ", {request: GET /last, wait: 1h}]",
			[]string{"0 /list", "11 /x/1", "22 /x/2", "33 /x/3", "44 /last"}, ""},
		{"a wait of its own", "wait: 1s, steps: [" + list + ", {request: 'GET /x/${ each }', each: ids, wait: 3s}, " +
			"{request: GET /last, wait: 1h}]",
			[]string{"0 /list", "11 /x/1", "42 /x/2", "73 /x/3", "104 /last"}, ""},
		{"pacing", "pacing: 1s, steps: [" + list + ", " + get + ", {request: GET /last, wait: 1h}]",
			[]string{"0 /list", "10 /x/1", "20 /x/2", "30 /x/3", "40 /last"}, ""},
		{"a transaction", "wait: 1h, steps: [{transaction: page, steps: [" + list + ", " + get + "]}]",
			[]string{"0 /list", "1 /x/1", "2 /x/2", "3 /x/3"}, ""},
		{"objects, and the last capture", "wait: 1h, steps: [{transaction: page, steps: [" + list +
			", {request: 'GET /i/${ each.id }', each: items, capture: {newest: each.id}}, 'GET /last/${ newest }']}]",
			[]string{"0 /list", "1 /i/7", "2 /i/8", "3 /last/8"}, ""},
		{"nothing in it", "wait: 1h, steps: [{transaction: page, steps: [" + list +
			", {request: 'GET /x/${ each }', each: '[]'}, GET /last]}]", []string{"0 /list", "1 /last"}, ""},
		{"no list", "wait: 1h, steps: [{transaction: page, steps: [" + list +
			", {request: 'GET /x/${ each }', each: text}, GET /last]}]", []string{"0 /list", "1 /last"},
			"each: text is no list"},
		{"when goes first", "wait: 1h, steps: [{transaction: page, steps: [{request: 'GET /x/${ each }', each: ids, " +
			"when: 'ids != nil'}, {request: GET /list, when: 'false', capture: {ids: body.ids}}, GET /last]}]",
			[]string{"0 /last"}, ""},
		{"when of an element", "wait: 1h, steps: [{transaction: page, steps: [" + list +
			", {request: 'GET /x/${ each }', each: ids, when: 'each != 2'}]}]", []string{"0 /list", "1 /x/1",
			"2 /x/3"}, ""},
		{"nil", "wait: 1h, steps: [{transaction: page, steps: [{request: 'GET /x/${ each }', each: ids}, " + list +
			"]}]",
			[]string{"0 /list"}, "each: ids is nil, and no list; where there may be none, write (ids) ?? []"},
		{"of a transaction", "wait: 1s, steps: [" + list + ", {transaction: one, each: ids, steps: " +
			"['GET /x/${ each }', 'GET /y/${ each }']}, {request: GET /last, wait: 1h}]",
			[]string{"0 /list", "11 /x/1", "12 /y/1", "23 /x/2", "24 /y/2", "35 /x/3", "36 /y/3", "47 /last"}, ""},
		{"of a transaction, with waits, twice", "wait: 0s, steps: [{transaction: all, each: '[1, 2]', times: 2, " +
			"steps: [{request: 'GET /x/${ each }', wait: 1s}, {request: 'GET /y/${ each }', wait: 2s}]}, " +
			"{request: GET /last, wait: 1h}]", []string{"0 /x/1", "11 /y/1", "32 /x/2", "43 /y/2", "64 /x/1", "75 /y/1",
			"96 /x/2", "107 /y/2", "128 /last"}, ""},
		{"of a transaction, empty", "wait: 1s, steps: [{transaction: one, each: '[]', steps: [GET /x, GET /y]}, " +
			"{request: GET /last, wait: 1h}]", []string{"0 /last"}, ""},
		{"of a transaction, some left out", "wait: 1s, steps: [{transaction: one, each: '[1, 2, 3]', steps: " +
			"[{request: 'GET /x/${ each }', when: 'each != 2'}, {request: 'GET /y/${ each }', when: 'each == 3'}]}, " +
			"{request: GET /last, wait: 1h}]", []string{"0 /x/1", "11 /x/3", "12 /y/3", "23 /last"}, ""},
		{"of a transaction, no list", "wait: 1s, steps: [" + list + ", {transaction: one, each: text, steps: " +
			"[GET /x, {request: GET /y, when: 'true'}]}, {request: GET /last, wait: 1h}]",
			[]string{"0 /list", "21 /last"}, "each: text is no list"},
		{"start and end", "wait: 1h, start: [" + list + ", " + get + "], steps: [GET /a], end: [{request: 'GET /e/${ " +
			"each }', each: ids}]", []string{"0 /list", "1 /x/1", "2 /x/2", "3 /x/3", "4 /a", "1200 /e/1", "1201 /e/2",
			"1202 /e/3"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(_ sent, x *client.Exchange) time.Duration {
					x.Body = []byte(`{"ids": [1, 2, 3], "items": [{"id": 7}, {"id": 8}], "text": "abc"}`)
					return 100 * time.Millisecond
				})
				r := walk(t, t.Context(), decode(t, file(1, "1/s", "2m", "\n  g: {"+tt.group+"}\n"), plan.Options{}), s,
					engine.Engine{})
				if diff := cmp.Diff(tt.sent, tenths(s.requests())); diff != "" {
					t.Errorf("sent (-want +got):\n%s", diff)
				}
				failed := ""
				for _, e := range slices.Concat(r.Endpoints, r.Transactions) {
					for _, f := range e.Failures {
						failed = strings.TrimPrefix(f.Detail, e.Name+": ")
					}
				}
				if !strings.HasSuffix(failed, tt.failed) || failed != "" && tt.failed == "" {
					t.Errorf("failed by %q, want %q", failed, tt.failed)
				}
			})
		})
	}
}

// Users think after a transaction and after a round of which the last request was left out, and count from then.
func TestNothingSent(t *testing.T) {
	for _, last := range []string{"{request: GET /p, each: '[]'}", "{request: GET /p, when: 'false'}"} {
		for _, group := range []string{
			"steps: [{transaction: page, steps: [GET /a, " + last + "]}]",
			"steps: [" + last + "]",
			"start: [" + last + "], steps: [GET /a]",
			"steps: [{transaction: page, each: '[]', steps: [GET /b, GET /c]}]",
			"steps: [{transaction: page, each: '[1, 2, 3]', steps: [GET /a, {request: GET /b, when: 'false'}]}]",
		} {
			for _, text := range []string{file(1, "1/s", "10s", "  g: {wait: 1s, "+group+"}\n"),
				open("rate: 1/s, duration: 10s, arrivals: even", "  g: {wait: 1s, "+group+"}\n")} {
				synctest.Test(t, func(t *testing.T) {
					s := newService(nil)
					r := walk(t, t.Context(), decode(t, text, plan.Options{}), s, engine.Engine{})
					_, lag := all(t, r)
					if n := len(s.requests()); n > 11 || n < 8 && strings.Contains(group, "/a") || longest(&lag) != 0 {
						t.Errorf("%s\n%d requests, lag of up to %s; want one a second, none", text, n, longest(&lag))
					}
				})
			}
		}
	}
}

// A transaction that the end cuts off within a list or a poll is not counted.
func TestTransactionCutOff(t *testing.T) {
	for _, last := range []string{"{request: GET /x, each: '1..9', wait: 1s}",
		"{request: GET /x, until: 'status == 201', every: 1s}"} {
		synctest.Test(t, func(t *testing.T) {
			r := walk(t, t.Context(), decode(t, file(1, "1/s", "4s",
				"  g: {wait: 1s, steps: [{transaction: page, steps: ["+
					"GET /a, "+last+"]}]}\n"), plan.Options{}), newService(nil), engine.Engine{})
			if n, _ := total(t, r, "GET /x"); n < 3 || len(r.Transactions[0].Slots) > 0 {
				t.Errorf("%s: %d requests, and the transaction is counted: %+v", last, n, r.Transactions[0].Slots)
			}
		})
	}
}

// Who has to leave within a transaction with a list sends its end steps, and goes on behind the transaction when it
// comes back.
func TestLeavesAList(t *testing.T) {
	for at, want := range map[string][]string{
		"between two elements": {"0 /x/1", "1 /y/1", "32 /x/2", "33 /y/2", "55 /end", "90 /last"},
		"within one":           {"0 /x/1", "31 /y/1", "55 /end", "90 /last"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(func(sent, *client.Exchange) time.Duration { return 100 * time.Millisecond })
			waits := "{request: 'GET /x/${ each }'}, {request: 'GET /y/${ each }', wait: 3s}"
			if at == "within one" {
				waits = "{request: 'GET /x/${ each }', wait: 3s}, {request: 'GET /y/${ each }', wait: 3s}"
			}
			text := strings.Replace(file(2, "2/s", "5s", "  g: {wait: 1h, steps: [{transaction: one, each: '1..9', "+
				"steps: ["+waits+"]}, {request: GET /last, wait: 1h}], end: [GET /end]}\n"),
				"users: 2, spawn_rate: 2/s, duration: 5s",
				"stages: [{users: 1, for: 5500ms}, {users: 0, for: 3500ms}, {users: 1, for: 2s}]", 1)
			walk(t, t.Context(), decode(t, text, plan.Options{}), s, engine.Engine{})
			if diff := cmp.Diff(want, tenths(s.requests()[:min(len(want), len(s.requests()))])); diff != "" {
				t.Errorf("%s (-want +got):\n%s", at, diff)
			}
		})
	}
}

// A user that had to leave within a poll of its own, and comes back, counts its transactions as before.
func TestTransactionAfterACutPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			if q.At > 6*time.Second {
				x.Status = 201
			}
			return 10 * time.Millisecond
		})
		text := strings.Replace(file(2, "2/s", "5s", "  g: {wait: 1s, steps: [{request: GET /x, until: "+
			"'status == 201', every: 1s}, {transaction: page, steps: [GET /a]}]}\n"),
			"users: 2, spawn_rate: 2/s, duration: 5s",
			"stages: [{users: 2, for: 3s}, {users: 1, for: 4s}, {users: 2, for: 8s}]", 1)
		r := walk(t, t.Context(), decode(t, text, plan.Options{}), s, engine.Engine{})
		pages, _ := total(t, &result.Result{Endpoints: r.Transactions}, "page")
		if asked, _ := total(t, r, "GET /a"); pages != asked || asked < 6 {
			t.Errorf("%d transactions of %d requests, want one for each", pages, asked)
		}
	})
}

// tenths are requests with the tenths of a second at which they were sent.
func tenths(all []sent) (out []string) {
	for _, q := range all {
		out = append(out, fmt.Sprintf("%d %s", q.At.Milliseconds()/100, q.Target))
	}
	return out
}

// Setup and teardown send a step for each element, too, and the try-out its first.
func TestEachBesideTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(_ sent, x *client.Exchange) time.Duration {
			x.Body = []byte(`{"ids": [1, 2, 3]}`)
			return 0
		})
		p := decode(t,
			`setup: [{request: POST /seed, capture: {ids: body.ids}}, {request: 'PUT /s/${ each }', each: ids}]
teardown: [{request: 'DELETE /s/${ each }', each: setup.ids}, {request: GET /none, each: '[]'}]
`+file(1, "1/s", "2s", "  g: {wait: 1s, steps: [{request: 'GET /s/${ each }', each: setup.ids, when: 'each > 1'}]}\n"),
			plan.Options{})
		e := engine.Engine{Dial: s.dial}
		_, e.Setup = e.SetUp(t.Context(), p)
		e.TryOut(t.Context(), p, true)
		e.TearDown(t.Context(), p)
		want := []string{"POST /seed", "PUT /s/1", "PUT /s/2", "PUT /s/3", "GET /s/2", "DELETE /s/1", "DELETE /s/2",
			"DELETE /s/3"}
		if diff := cmp.Diff(want, targets(s)); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
	})
}
