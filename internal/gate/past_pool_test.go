package gate_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// partly is a run of n endpoints of 300 requests and, behind them, rare ones of
// 60.
func partly(n, rare int, of speed) *run {
	r := newRun(60)
	r.users(20)
	for e := range n + rare {
		requests := 300
		if e >= n {
			requests = 60
		}
		level := 40e6 * of(letter(e))
		r.steady(letter(e), requests, time.Duration(level/2), time.Duration(level*3/2))
	}
	return r
}

// subjects are those of the comparisons of a metric.
func subjects(v verdict.Verdict, m metric.Metric) []string {
	var names []string
	for _, c := range comparisons(v) {
		if c.Metric == m {
			names = append(names, c.Subject)
		}
	}
	return names
}

// Endpoints with fewer than 100 requests are compared by their p95 together; one
// alone is compared alone, and a percentile that takes fewer requests is too.
func TestJudgeRareEndpointsTogether(t *testing.T) {
	for _, tt := range []struct {
		name    string
		n, rare int
		edit    func(*config.Config)
		want    []string
	}{
		{"none", 2, 0, nil, []string{"GET /a", "GET /b"}},
		{"one", 2, 1, nil, []string{"GET /a", "GET /b", "GET /c"}},
		{"two", 1, 2, nil, []string{"GET /a", "2 rare endpoints together"}},
		{"all", 0, 3, nil, []string{"3 rare endpoints together"}},
		{"of two terms", 0, 4, func(s *config.Config) {
			own := allows(t, "p95", 0.5)
			s.Rules = append(s.Rules, config.Rule{Name: "own", Patterns: []string{"GET /a", "GET /b"}, Policy: &own})
		}, []string{"2 rare endpoints together", "2 rare endpoints together"}},
		{"one of other terms", 0, 3, func(s *config.Config) {
			own := allows(t, "p95", 0.5)
			s.Rules = append(s.Rules, config.Rule{Name: "own", Patterns: []string{"GET /a"}, Policy: &own})
		}, []string{"GET /a", "2 rare endpoints together"}},
	} {
		s := compared(t)
		if tt.edit != nil {
			tt.edit(s)
		}
		r := partly(tt.n, tt.rare, usual).result(t)
		v := held(t, s, earlier(t, r, 3, 8, 0.05), r, nil)
		if diff := cmp.Diff(tt.want, subjects(v, metric.P95)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		p50 := limit(t, "p50", 0).Metric
		if got := slices.DeleteFunc(subjects(v, p50),
			func(name string) bool { return name[0] != 'G' }); len(got) != tt.n+tt.rare {
			t.Errorf("%s: p50 of %v, want each alone", tt.name, got)
		}
	}
}

// What is compared together is the geometric mean of their values, and fails when
// they rise together.
func TestJudgeRareEndpoints(t *testing.T) {
	const subject = "4 rare endpoints together"
	clean := partly(6, 4, usual).result(t)
	runs := earlier(t, clean, 5, 10, 0.08)
	rare := []string{letter(6), letter(7), letter(8), letter(9)}
	for _, tt := range []struct {
		name    string
		of      speed
		outcome verdict.Outcome
		change  float64
	}{
		{"unchanged", usual, verdict.Pass, 1},
		{"one twice as slow", slow(2, rare[0]), verdict.Warn, math.Pow(2, 0.25)},
		{"all slower by half", slow(1.5, rare...), verdict.Fail, 1.5},
		{"others slower", slow(1.5, letter(0)), verdict.Pass, 1},
	} {
		c := about(t, held(t, compared(t), runs, partly(6, 4, tt.of).result(t), nil), subject, metric.P95)
		if c.Outcome != tt.outcome || c.Requests != 240 {
			t.Errorf("%s: %v of %d requests, want %v of 240\n%s",
				tt.name, c.Outcome, c.Requests, tt.outcome, wording.Reason(c))
		}
		if got := 1 + c.Comparison.Change; math.Abs(got/tt.change-1) > 0.1 {
			t.Errorf("%s: changed to %v, want about %v", tt.name, got, tt.change)
		}
		if diff := cmp.Diff(rare, c.Endpoints); diff != "" {
			t.Errorf("%s: Endpoints (-want +got):\n%s", tt.name, diff)
		}
		logs := 0.0
		figures, _ := regress.Distill(partly(6, 4, tt.of).result(t), verdict.Verdict{})
		for _, name := range rare {
			f, _ := figures.Figure(name, false, metric.P95)
			logs += math.Log(f.Value) / 4
		}
		if math.Abs(math.Log(c.Got.Value)-logs) > 1e-9 {
			t.Errorf("%s: value %v, want the geometric mean %v", tt.name, c.Got, math.Exp(logs))
		}
	}
}

// A run that lacks one of them is not moved by that, and one that has too few
// earlier runs is reported apart.
func TestJudgeRareEndpointsOfSomeRuns(t *testing.T) {
	clean := partly(6, 3, usual).result(t)
	runs := earlier(t, clean, 5, 10, 0.02)
	dropFrom(runs[:5], letter(6))
	v := held(t, compared(t), runs, clean, nil)
	if c := about(t, v, "3 rare endpoints together", metric.P95); c.Outcome != verdict.Pass ||
		c.Comparison.Runs != 10 ||
		math.Abs(c.Comparison.Change) > 0.03 {
		t.Errorf("%v of %d runs, changed by %v", c.Outcome, c.Comparison.Runs, c.Comparison.Change)
	}
	dropFrom(runs[:8], letter(6))
	v = held(t, compared(t), runs, clean, nil)
	about(t, v, "2 rare endpoints together", metric.P95)
	said(t, "Reason", wording.Reason(about(t, v, "1 of 9 endpoints", metric.P95)), "have a p95 of GET /g")
}
