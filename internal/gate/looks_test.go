package gate_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// The more often a run was looked at, the more a failure has to be proven; a
// pass only where the run could have stopped on it. Of these latencies p95 is
// 116 ms, its interval 107.8 to 125.6 ms, and 106.6 to 128.3 ms at a fourth of
// alpha.
func TestJudgeLooks(t *testing.T) {
	tests := []struct {
		name    string
		fail    float64 // ms
		looks   int
		onPass  bool
		outcome verdict.Outcome
		reason  string
	}{
		{"a failure seen once", 107, 0, false, verdict.Fail, "above the limit"},
		{"the same seen at four looks", 107, 4, false, verdict.Inconclusive, "but that is not proven"},
		{"a plain failure", 90, 4, false, verdict.Fail, "above the limit"},
		{"a pass", 127, 4, false, verdict.Pass, ""},
		{"a pass on which the run could stop", 127, 4, true, verdict.Warn, "but that is not shown"},
		{"a plain pass on which the run could stop", 300, 4, true, verdict.Pass, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(100)
			chance := rand.New(rand.NewPCG(1, 1))
			for i := range 1000 {
				r.ok("GET /a", i/10, time.Duration(50e6*math.Exp(0.5*chance.NormFloat64())))
			}
			r.Planned.Looks = tt.looks
			s := file(limit(t, "p95", ms(tt.fail)))
			s.Judge.StopOnFail, s.Judge.StopOnPass = true, tt.onPass
			c := find(t, judge(t, r, s), "GET /a", metric.P95)
			if c.Outcome != tt.outcome {
				t.Errorf("outcome = %v (%v–%v), want %v", c.Outcome, c.Low, c.High, tt.outcome)
			}
			said(t, "Reason", wording.Reason(c), tt.reason)
		})
	}
}
