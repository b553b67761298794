package gate_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// uneven sends about perSecond requests a second, more in some than in others.
func (r *run) uneven(name string, perSecond int) {
	for s := range int(r.Elapsed / time.Second) {
		for range perSecond + (s*13)%5 - 2 {
			r.ok(name, s, 20*time.Millisecond)
		}
	}
}

func TestJudgeThroughput(t *testing.T) {
	tests := []struct {
		name    string
		floor   float64 // per second
		build   func(*run)
		outcome verdict.Outcome
		reason  string
		remedy  string
	}{
		{"reached", 8, func(r *run) { r.uneven("GET /a", 10) }, verdict.Pass, "", ""},
		{
			"missed", 12, func(r *run) { r.uneven("GET /a", 10) }, verdict.Fail,
			"throughput is 600/min, below the floor of 720/min; the 95% interval", "what holds the service back",
		},
		{
			"reached, not shown", 9.99,
			func(r *run) { r.uneven("GET /a", 10); r.ok("GET /a", 3, time.Second); r.ok("GET /a", 4, time.Second) },
			verdict.Warn, "reaching the floor of 599.4/min, but that is not shown", "run 3m15s instead of 1m40s",
		},
		{
			"missed, not proven", 10.001,
			func(r *run) { r.uneven("GET /a", 9); extra(r, 99) },
			verdict.Inconclusive, "but that is not proven", "too close to tell apart",
		},
		{
			"fast failures are none", 5, func(r *run) {
				for s := range 100 {
					r.fail("GET /a", s, 100, metric.Status, 503)
					r.ok("GET /a", s, time.Millisecond)
				}
			}, verdict.Fail, "10,000 requests failed and do not count", "what holds the service back",
		},
		{
			"failures alone", 5, func(r *run) {
				for s := range 100 {
					r.fail("GET /a", s, 100, metric.Status, 503)
				}
			}, verdict.Fail, "throughput is 0/min, below", "what holds the service back",
		},
		{
			"more than the plan offers", 12,
			func(r *run) { r.uneven("GET /a", 10); r.endpoint("GET /a").Expected = 1000 },
			verdict.Fail, "below the floor", "the profile itself offers only about 600/min",
		},
		{"nothing", 5, func(r *run) { r.endpoint("GET /a") }, verdict.Inconclusive,
			"no request was measured", "longer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(100)
			tt.build(r)
			l := limit(t, "throughput", tt.floor)
			l.Unit = unit.PerMinute
			c := find(t, judge(t, r, file(l)), "GET /a", l.Metric)
			if c.Outcome != tt.outcome {
				t.Errorf("Judge = %v, want %v\n%+v", c.Outcome, tt.outcome, c)
			}
			said(t, "Reason", wording.Reason(c), tt.reason)
			said(t, "Remedy", wording.Remedy(c), tt.remedy)
		})
	}
}

// extra adds n requests at uneven times.
func extra(r *run, n int) {
	for i := range n {
		r.ok("GET /a", i*i%100, 20*time.Millisecond)
	}
}

func TestJudgeThroughputTogether(t *testing.T) {
	r := newRun(100)
	r.uneven("GET /a", 5)
	r.uneven("GET /b", 5)
	c := find(t, judge(t, r, file(limit(t, "throughput", 9))), "all (2 endpoints)", metric.Throughput)
	if c.Outcome != verdict.Pass || c.Requests != 1000 {
		t.Errorf("Judge = %v of %d requests, want pass of 1000", c.Outcome, c.Requests)
	}
}

func TestJudgeThroughputOfALateGenerator(t *testing.T) {
	r := newRun(100)
	r.uneven("GET /a", 10)
	r.users(100)
	r.lag(80 * time.Millisecond)
	c := find(t, judge(t, r, file(limit(t, "throughput", 12))), "GET /a", metric.Throughput)
	if c.Outcome != verdict.Inconclusive {
		t.Errorf("missed = %v, want inconclusive", c.Outcome)
	}
	said(t, "Reason", wording.Reason(c), "the generator was late and may be the reason")
	if c := find(t, judge(t, r, file(limit(t, "throughput", 8))),
		"GET /a", metric.Throughput); c.Outcome != verdict.Pass {
		t.Errorf("reached = %v, want pass", c.Outcome)
	}
}

// The rates of shards add up: one that misses the floor says nothing of the
// whole, one that reaches it says enough.
func TestJudgeThroughputOfAShard(t *testing.T) {
	r := newRun(100)
	r.uneven("GET /a", 10)
	for _, row := range []struct {
		shards  []result.Shard
		floor   float64
		outcome verdict.Outcome
	}{
		{[]result.Shard{{K: 1, N: 2}}, 12, verdict.Inconclusive},
		{[]result.Shard{{K: 1, N: 2}}, 8, verdict.Pass},
		{[]result.Shard{{K: 1, N: 2}, {K: 2, N: 2}}, 12, verdict.Fail},
		{[]result.Shard{{K: 1, N: 1}}, 12, verdict.Fail},
	} {
		r.Shards = row.shards
		c := find(t, judge(t, r, file(limit(t, "throughput", row.floor))), "GET /a", metric.Throughput)
		if c.Outcome != row.outcome {
			t.Errorf("10/s of shards %v, floor %g: %v, want %v", row.shards, row.floor, c.Outcome, row.outcome)
		}
		if row.outcome == verdict.Inconclusive {
			said(t, "Reason", wording.Reason(c), "below the floor of 12/s, but shards of the run are missing")
			said(t, "Remedy", wording.Remedy(c), "loadgate check")
		}
	}
}

func TestJudgeThroughputLeavesTheDrainOut(t *testing.T) {
	r := newRun(100)
	r.uneven("GET /a", 10)
	for range 500 {
		r.ok("GET /a", 101, 9*time.Second)
	}
	c := find(t, judge(t, r, file(limit(t, "throughput", 8))), "GET /a", metric.Throughput)
	if c.Got.Value != 10 {
		t.Errorf("throughput = %v, want 10/s", c.Got)
	}
}
