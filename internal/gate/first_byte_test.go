package gate_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// begun sends requests like steady whose answers begin after those times.
func (r *run) begun(name string, n int, from, to time.Duration) {
	r.steady(name, n, from+200*time.Millisecond, to+200*time.Millisecond)
	for i := range n {
		r.at(name, i*int(r.Elapsed/time.Second)/n).firstByte.Record(from + (to-from)*time.Duration(i*37%101)/100)
	}
}

// A limit on the time to the first byte is judged by those times, with intervals as other latencies have them.
func TestJudgeFirstByte(t *testing.T) {
	for _, row := range []struct {
		metric string
		fail   float64 // ms
		n      int
		want   verdict.Outcome
		reason string // part of it
	}{
		{"time_to_first_byte_p95", 190, 1000, verdict.Pass, ""},
		{"time_to_first_byte_mean", 150, 1000, verdict.Pass, ""},
		{"time_to_first_byte_max", 150, 1000, verdict.Pass, ""},
		{"time_to_first_byte_max", 140, 1000, verdict.Fail,
			"time_to_first_byte_max is 150ms, above the limit of 140ms"},
		{"time_to_first_byte_p95", 100, 1000, verdict.Fail,
			"p95 is 145ms, above the limit of 100ms; the 95% interval of 1,000 requests reaches from 14"},
		{"time_to_first_byte_mean", 60, 1000, verdict.Fail, "time_to_first_byte_mean is 100ms, above"},
		{"time_to_first_byte_p95", 190, 20, verdict.Inconclusive, "20, time_to_first_byte_p95 needs at least 87"},
	} {
		r := newRun(100)
		r.begun("GET /a", row.n, 50*time.Millisecond, 150*time.Millisecond)
		l := limit(t, row.metric, ms(row.fail))
		c := find(t, judge(t, r, file(l)), "GET /a", l.Metric)
		if c.Outcome != row.want {
			t.Errorf("%s of %g ms: %v, want %v (%s)", row.metric, row.fail, c.Outcome, row.want, wording.Reason(c))
		}
		if row.reason != "" {
			said(t, row.metric, wording.Reason(c), row.reason)
		}
	}
}

// Lag of the generator is before the send, and no part of these times.
func TestLagIsNoTimeToFirstByte(t *testing.T) {
	r := newRun(100)
	for i := range 1000 {
		r.lagged("GET /a", i/10, 400*time.Millisecond, 350*time.Millisecond)
		r.at("GET /a", i/10).firstByte.Record(40 * time.Millisecond)
	}
	v := judge(t, r, file(limit(t, "p95", ms(300)), limit(t, "time_to_first_byte_p95", ms(300))))
	if c := find(t, v, "GET /a", metric.FirstByte(metric.P95)); c.Outcome != verdict.Pass {
		t.Errorf("the time to the first byte: %v, want pass (%s)", c.Outcome, wording.Reason(c))
	}
	if c := find(t, v, "GET /a", metric.P95); c.Outcome != verdict.Inconclusive {
		t.Errorf("the latency: %v, want inconclusive", c.Outcome)
	}
}

// What was not measured is no pass: nowhere, and not of some seconds.
func TestNoFirstByte(t *testing.T) {
	never, half := newRun(100), newRun(100)
	never.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond)
	half.steady("GET /a", 1000, 50*time.Millisecond, 150*time.Millisecond)
	for i := range 500 {
		half.at("GET /a", i/10).firstByte.Record(50 * time.Millisecond)
	}
	for name, r := range map[string]*run{"never": never, "half": half} {
		v := judge(t, r, file(limit(t, "time_to_first_byte_p95", ms(300))))
		c := find(t, v, "GET /a", metric.FirstByte(metric.P95))
		if c.Outcome != verdict.Inconclusive {
			t.Errorf("%s: %v, want inconclusive", name, c.Outcome)
		}
		said(t, name, wording.Reason(c), "the result has no time_to_first_byte_p95")
		said(t, name, wording.Remedy(c), "make a new run with this file")
	}
}
