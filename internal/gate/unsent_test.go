package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// TestJudgeUnsent: one user of twenty whose login failed sends none of its
// requests, which says nothing about the endpoint that never failed.
func TestJudgeUnsent(t *testing.T) {
	for _, row := range []struct {
		name    string
		each    int64 // not sent in a second
		outcome verdict.Outcome
		reason  string
	}{
		{"none", 0, verdict.Pass, ""},
		{"one user of twenty", 1, verdict.Warn,
			"100 requests of GET /items were not sent: token has no value: POST /login captured none (1 user of 20)"},
		{"most of them", 12, verdict.Inconclusive, "1,200 requests of GET /items were not sent"},
	} {
		r := newRun(100)
		r.users(20)
		r.Planned.Users = 20
		for second := range 100 {
			for range 10 {
				r.ok("GET /items", second, 5*time.Millisecond)
			}
		}
		done := r.result(t)
		ep := &done.Endpoints[0]
		for i := range ep.Slots {
			ep.Slots[i].Unsent = row.each
		}
		if row.each > 0 {
			ep.Failures = []result.Failure{{
				Kind: metric.Expression, Count: 100 * row.each,
				Users: 1, Detail: "token has no value: POST /login captured none",
			}}
		}
		v := gate.Judge(evidence.Input{Result: done, Config: file(limit(t, "success", .99))})
		if v.Outcome() != row.outcome || !strings.Contains(list(v), row.reason) {
			t.Errorf("%s: %v, want %v %q:%s", row.name, v.Outcome(), row.outcome, row.reason, list(v))
		}
		if c := find(t, v, "GET /items", metric.Success); c.Outcome != verdict.Pass {
			t.Errorf("%s: the endpoint is %v %q, want PASS", row.name, c.Outcome, wording.Reason(c))
		}
	}
}

// TestJudgeNoTime: a document of a run that took no time has endpoints with
// requests all the same, and is judged without a word on their course.
func TestJudgeNoTime(t *testing.T) {
	done := good().result(t)
	done.Elapsed = 0
	if v := gate.Judge(evidence.Input{Result: done,
		Config: file(limit(t, "p95", ms(100)))}); v.Final() != verdict.Inconclusive {
		t.Errorf("%v, want INCONCLUSIVE:%s", v.Final(), list(v))
	}
}
