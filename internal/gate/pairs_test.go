package gate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// side is how one of two targets answers: in slices of 25 s, of which 5 are
// dropped, so many requests to each endpoint.
type side struct {
	of       speed
	failing  float64             // share of requests that fail at once
	requests func(e int) int     // of an endpoint in a slice; nil: 150
	change   func(r *run, n int) // of slice n, from 0; may be nil
}

// slice is one slice of n endpoints. What the machine does is the same for both
// sides of a pair; requests are lognormal around 20 ms and more.
func (s side) slice(t testing.TB, n, pair int, machine float64, random *rand.Rand) *result.Result {
	t.Helper()
	r := newRun(25)
	r.Planned.WarmUp = 5 * time.Second
	r.users(20)
	for e := range n {
		requests := 150
		if s.requests != nil {
			requests = s.requests(e)
		}
		name := letter(e)
		r.endpoint(name)
		level := 20e6 * math.Pow(1.5, float64(e)) * machine
		if s.of != nil {
			level *= s.of(name)
		}
		r.ok(name, 2, time.Hour) // dropped
		for i := range requests {
			slot, latency := 5+i*20/requests, level*math.Exp(0.3*random.NormFloat64())
			if random.Float64() < s.failing {
				r.fail(name, slot, 1, metric.Status, 503)
				continue
			}
			r.ok(name, slot, time.Duration(latency))
		}
	}
	if s.change != nil {
		s.change(r, pair)
	}
	return r.result(t)
}

// duel is so many pairs of slices of n endpoints.
func duel(t testing.TB, s *config.Config, seed uint64, n, pairs int, a, b side) regress.PairsInput {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 3))
	in := regress.PairsInput{Config: s}
	for pair := range pairs {
		machine := math.Exp(0.3 * random.NormFloat64())
		in.A = append(in.A, a.slice(t, n, pair, machine, random))
		in.B = append(in.B, b.slice(t, n, pair, machine, random))
	}
	return in
}

// faults are what did not pass: "FAIL p95 GET /a". The p99 is left out: 600
// requests of four endpoints together give one that warns where it likes.
func faults(v verdict.Verdict) []string {
	var found []string
	for _, c := range v.Checks {
		if c.Outcome != verdict.Pass && c.Metric.Name() != "p99" {
			found = append(found, fmt.Sprintf("%s %s %s", c.Outcome, c.Metric.Name(), c.Subject))
		}
	}
	return found
}

// each is the same number of requests for every endpoint.
func each(n int) func(int) int { return func(int) int { return n } }

// ends gives the slices from one on an end.
func ends(from int, end result.End) func(*run, int) {
	return func(r *run, n int) {
		if n >= from {
			r.End, r.Elapsed = end, 20*time.Second
		}
	}
}

func TestJudgePairs(t *testing.T) {
	with := func(name string, most float64) func(*config.Config) {
		return func(s *config.Config) { s.Baseline = config.Baseline{On: true, Policy: allows(t, name, most)} }
	}
	overrun := func(r *run, _ int) { r.lag(2 * time.Second) }
	tests := []struct {
		name    string
		n       int // endpoints; 0: four
		pairs   int // 0: ten
		edit    func(*config.Config)
		a, b    side
		outcome verdict.Outcome
		faults  []string
	}{
		{name: "the same", outcome: verdict.Pass},
		{name: "one endpoint slower", b: side{of: slow(1.2, "GET /c")}, outcome: verdict.Fail,
			faults: []string{"FAIL p95 GET /c", "WARN p50 GET /c"}},
		{name: "faster", b: side{of: all(0.8)}, outcome: verdict.Pass},
		{name: "five pairs", pairs: 5, b: side{of: slow(1.5, "GET /c")},
			outcome: verdict.Fail, faults: []string{"FAIL p95 GET /c", "WARN p50 GET /c"}},
		{name: "four pairs", pairs: 4, b: side{of: slow(1.5, "GET /c")},
			outcome: verdict.Inconclusive, faults: []string{"INCONCLUSIVE  pairs"}},
		{name: "slower as allowed", edit: with("p95", 0.3), b: side{of: slow(1.2, "GET /c")},
			outcome: verdict.Warn, faults: []string{"WARN p50 GET /c"}},
		{name: "slower than allowed", edit: with("p95", 0.1), b: side{of: slow(1.4, "GET /c")}, outcome: verdict.Fail,
			faults: []string{"FAIL p95 GET /c", "WARN p50 GET /c"}},
		{name: "p50 limited", edit: with("p50", 0.1), b: side{of: slow(1.3, "GET /c")}, outcome: verdict.Fail,
			faults: []string{"WARN p95 GET /c", "FAIL p50 GET /c"}},
		{name: "p90 limited", edit: with("p90", 0.1), b: side{of: slow(1.3, "GET /c")}, outcome: verdict.Fail,
			faults: []string{"WARN p95 GET /c", "WARN p50 GET /c", "FAIL p90 GET /c"}},
		{name: "not compared", edit: func(s *config.Config) {
			with("p95", 0.05)(s)
			s.Rules = append(s.Rules,
				config.Rule{Name: "own", Patterns: []string{"GET /c"}, Policy: &config.RegressionPolicy{}})
		}, b: side{of: slow(1.5, "GET /c")}, outcome: verdict.Pass},
		{name: "rare, together", n: 3, a: side{requests: each(40)},
			b: side{requests: each(40), of: all(1.3)}, outcome: verdict.Fail,
			faults: []string{"FAIL p95 3 endpoints together", "WARN p50 GET /a", "WARN p50 GET /b", "WARN p50 GET /c"}},
		{name: "rare, together, as their rule allows", n: 3, a: side{requests: each(40)},
			b: side{requests: each(40), of: all(1.3)}, edit: func(s *config.Config) {
				with("p95", 0.05)(s)
				own := allows(t, "p95", 0.6)
				s.Rules = append(s.Rules, config.Rule{Name: "own", Patterns: []string{"*"}, Policy: &own})
			}, outcome: verdict.Warn, faults: []string{"WARN p50 GET /a", "WARN p50 GET /b", "WARN p50 GET /c"}},
		{name: "rare, together, by the strictest rule", n: 3, a: side{requests: each(40)},
			b: side{requests: each(40), of: all(1.3)}, edit: func(s *config.Config) {
				with("p95", 0.05)(s)
				own := allows(t, "p95", 0.6)
				s.Rules = append(s.Rules, config.Rule{Name: "own", Patterns: []string{"GET /a"}, Policy: &own})
			}, outcome: verdict.Fail, faults: []string{"FAIL p95 3 endpoints together",
				"WARN p50 GET /a", "WARN p50 GET /b", "WARN p50 GET /c"}},
		{name: "one failure in four hundred", n: 1, a: side{requests: each(400)},
			b: side{requests: each(400),
				change: func(r *run, _ int) { r.fail("GET /a", 10, 1, metric.Status, 503) }},
			outcome: verdict.Pass},
		{name: "rare, one alone", n: 3, a: side{requests: func(e int) int { return 160 - 120*(e/2) }},
			b:       side{requests: func(e int) int { return 160 - 120*(e/2) }},
			outcome: verdict.Inconclusive, faults: []string{"INCONCLUSIVE p95 GET /c"}},
		{name: "too rare even together", n: 2, a: side{requests: each(40)},
			b: side{requests: each(40)}, outcome: verdict.Inconclusive,
			faults: []string{"INCONCLUSIVE p95 2 endpoints together"}},
		{name: "failures, though faster", b: side{of: all(0.7), failing: 0.03}, outcome: verdict.Fail,
			faults: []string{
				"FAIL failure_rate all requests", "FAIL failure_rate GET /a",
				"FAIL failure_rate GET /b", "FAIL failure_rate GET /c", "FAIL failure_rate GET /d"}},
		{name: "the same failures", a: side{failing: 0.1}, b: side{failing: 0.1}, outcome: verdict.Pass},
		{name: "fewer failures", a: side{failing: 0.1}, outcome: verdict.Pass},
		{name: "nothing but failures", n: 1, b: side{failing: 1}, outcome: verdict.Fail,
			faults: []string{"FAIL failure_rate all requests", "FAIL failure_rate GET /a", "INCONCLUSIVE p95 GET /a"}},
		{name: "B stops answering", b: side{change: ends(9, result.Lost)},
			outcome: verdict.Fail, faults: []string{"FAIL  side B"}},
		{name: "B stops answering at once", pairs: 1, b: side{change: ends(0, result.Lost)},
			outcome: verdict.Fail, faults: []string{"FAIL  side B", "INCONCLUSIVE  pairs"}},
		{name: "A stops answering", a: side{change: ends(9, result.Lost)},
			outcome: verdict.Inconclusive, faults: []string{"INCONCLUSIVE  side A"}},
		{name: "interrupted", b: side{change: ends(9, result.Interrupted)},
			outcome: verdict.Inconclusive, faults: []string{"INCONCLUSIVE  side B"}},
		{name: "interrupted, and slower before", b: side{of: slow(1.5, "GET /c"), change: ends(9, result.Interrupted)},
			outcome: verdict.Fail,
			faults:  []string{"INCONCLUSIVE  side B", "FAIL p95 GET /c", "WARN p50 GET /c"}},
		{name: "a late generator", b: side{change: func(r *run, n int) {
			if n == 4 {
				r.lag(40 * time.Millisecond)
			}
		}}, outcome: verdict.Warn, faults: []string{"WARN  generator on side B"}},
		{name: "an overrun generator", a: side{change: overrun},
			b: side{of: slow(1.5, "GET /c"), change: overrun}, outcome: verdict.Inconclusive,
			faults: []string{"WARN  generator on side A", "WARN  generator on side B",
				"INCONCLUSIVE p95 GET /c", "WARN p50 GET /c"}},
		{name: "fewer answers", n: 1, a: side{requests: each(300)},
			b: side{requests: each(180)}, outcome: verdict.Warn, faults: []string{"WARN throughput GET /a"}},
		{name: "fewer answers than allowed", n: 1, edit: with("throughput", 0.3),
			a: side{requests: each(300)}, b: side{requests: each(180)},
			outcome: verdict.Fail, faults: []string{"FAIL throughput GET /a"}},
		{name: "fewer answers as allowed", n: 1, edit: with("throughput", 0.5),
			a: side{requests: each(300)}, b: side{requests: each(180)}, outcome: verdict.Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, pairs := tt.n, tt.pairs
			if n == 0 {
				n = 4
			}
			if pairs == 0 {
				pairs = 10
			}
			s := file(limit(t, "p95", 1)) // a limit of the file that all slices break is not asked
			if tt.edit != nil {
				tt.edit(s)
			}
			v := regress.JudgePairs(duel(t, s, 1, n, pairs, tt.a, tt.b))
			if v.Outcome() != tt.outcome || v.Suspicious() {
				t.Errorf("JudgePairs(...) = %v, want %v", v.Outcome(), tt.outcome)
			}
			if diff := cmp.Diff(tt.faults, faults(v)); diff != "" {
				t.Errorf("faults (-want +got):\n%s%s", diff, list(v))
			}
			for _, c := range v.Checks {
				if c.Outcome != verdict.Pass && wording.Reason(c) == "" {
					t.Errorf("%v without a reason", c)
				}
			}
		})
	}
}

// The same build twice does not fail, and one slower endpoint is found, with a
// ratio whose interval holds the true one mostly.
func TestJudgePairsOfManySeeds(t *testing.T) {
	const seeds = 12
	s, covered := file(), 0
	for seed := range uint64(seeds) {
		if v := regress.JudgePairs(duel(t, s, 50+seed, 4, 10, side{}, side{})); v.Outcome() == verdict.Fail {
			t.Errorf("seed %d: the same twice = %v%s", seed, v.Outcome(), list(v))
		}
		v := regress.JudgePairs(duel(t, s, 70+seed, 4, 10, side{}, side{of: slow(1.2, "GET /c")}))
		c := about(t, v, "GET /c", metric.P95)
		if c.Outcome != verdict.Fail {
			t.Errorf("seed %d: 20 %% slower = %v%s", seed, c.Outcome, list(v))
		}
		if k := c.Comparison; k.Low.Value < 1.2 && k.High.Value > 1.2 {
			covered++
		}
	}
	if covered < seeds-2 { // 95 % of 12, less two: about one chance in 50
		t.Errorf("%d of %d intervals hold the true ratio", covered, seeds)
	}
}

func TestPairsTell(t *testing.T) {
	s := compared(t)
	v := regress.JudgePairs(duel(t, s, 1, 4, 10, side{}, side{of: slow(1.2, "GET /c")}))
	c := about(t, v, "GET /c", metric.P95)
	k := c.Comparison
	if k.Kind != verdict.OtherSide || k.Runs != 10 || !k.Gated ||
		!k.Low.OK || k.Low.Value > 1.2 || k.High.Value < 1.2 || c.Requests != 150 {
		t.Errorf("comparison = %+v of %d requests", k, c.Requests)
	}
	if got := c.Got.Value/k.Base.Value - 1; math.Abs(got-k.Change) > 1e-9 ||
		math.Abs(c.Limit.Value/k.Base.Value-1.05) > 1e-9 {
		t.Errorf("Got %v, Base %v, Change %v, Limit %v", c.Got, k.Base, k.Change, c.Limit)
	}
	said(t, "Reason", wording.Reason(c), fmt.Sprintf("p95 of B is %s, ", c.Got))
	said(t, "Reason", wording.Reason(c), fmt.Sprintf("above the %s of A, and 5%% is allowed", k.Base))
	if c.Pos.Line != 3 || c.Rule != "B against A" {
		t.Errorf("Rule %q at %v", c.Rule, c.Pos)
	}
	rare := about(t, regress.JudgePairs(duel(t, s, 1, 2, 10, side{requests: each(40)}, side{requests: each(40)})),
		"2 endpoints together", metric.P95)
	said(t, "Reason", wording.Reason(rare),
		"too few requests: 80 in the thinnest slice, and p95 needs 100 in each: GET /a, GET /b")
	if rare.Needed != 100 || rare.Requests != 80 {
		t.Errorf("needs %d, has %d", rare.Needed, rare.Requests)
	}
	large := about(t, regress.JudgePairs(duel(t, s, 1, 1, 10, side{requests: each(500)},
		side{requests: each(500), of: all(1.4)})), "GET /a", limit(t, "p99", 0).Metric)
	if large.Outcome != verdict.Warn || large.Comparison.Gated {
		t.Errorf("a slower p99 = %v, gated %v", large.Outcome, large.Comparison.Gated)
	}
	said(t, "Reason", wording.Reason(large), "; the file does not limit it")
	failing := about(t, regress.JudgePairs(duel(t, s, 1, 1, 10, side{}, side{failing: 0.5})),
		"all requests", metric.FailureRate)
	said(t, "Reason", wording.Reason(failing), " of B failed, and 0% of A")
}

// A percentile needs five requests beyond it in every slice, and no more.
func TestPairsFloor(t *testing.T) {
	for _, tt := range []struct {
		requests int
		outcome  verdict.Outcome
	}{{99, verdict.Inconclusive}, {100, verdict.Pass}} {
		v := regress.JudgePairs(duel(t, file(), 1, 1, 10, side{requests: each(tt.requests)},
			side{requests: each(tt.requests)}))
		if c := about(t, v, "GET /a", metric.P95); c.Outcome != tt.outcome {
			t.Errorf("%d requests = %v, want %v: %s", tt.requests, c.Outcome, tt.outcome, wording.Reason(c))
		}
	}
}

// The sides exchanged, every ratio is one over what it was.
func TestPairsMirror(t *testing.T) {
	in := duel(t, file(), 5, 4, 10, side{}, side{of: slow(1.2, "GET /c")})
	there, back := regress.JudgePairs(in), regress.JudgePairs(regress.PairsInput{A: in.B, B: in.A, Config: in.Config})
	checked := 0
	for _, c := range comparisons(there) {
		if c.Metric == metric.FailureRate {
			continue
		}
		d := about(t, back, c.Subject, c.Metric)
		k, m := c.Comparison, d.Comparison
		if !k.Low.OK {
			t.Fatalf("no interval of %s %s", c.Subject, c.Metric.Name())
		}
		for what, product := range map[string]float64{"ratio": (1 + k.Change) * (1 + m.Change),
			"low": k.Low.Value * m.High.Value, "high": k.High.Value * m.Low.Value} {
			if math.Abs(product-1) > 1e-9 {
				t.Errorf("%s %s: %s times its mirror = %v", c.Subject, c.Metric.Name(), what, product)
			}
		}
		checked++
	}
	if checked < 12 || back.Outcome() == verdict.Fail || there.Outcome() != verdict.Fail {
		t.Errorf("%d figures; B slower = %v, A slower = %v", checked, there.Outcome(), back.Outcome())
	}
}

// Neither the order of endpoints, nor judging twice, changes anything; an
// endpoint that only B has is not passed over.
func TestPairsLaws(t *testing.T) {
	in := duel(t, compared(t), 6, 4, 6, side{}, side{of: slow(1.2, "GET /c")})
	want := regress.JudgePairs(in)
	turned := regress.PairsInput{Config: in.Config, A: slices.Clone(in.A), B: slices.Clone(in.B)}
	for i := range turned.A {
		r := *turned.A[i]
		r.Endpoints = slices.Clone(r.Endpoints)
		slices.Reverse(r.Endpoints)
		turned.A[i] = &r
	}
	for name, again := range map[string]regress.PairsInput{"twice": in, "turned": turned} {
		if diff := cmp.Diff(want, regress.JudgePairs(again), sameMetric); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for i := range turned.A {
		r := *in.A[i]
		r.Endpoints = r.Endpoints[:3]
		turned.A[i] = &r
	}
	v := regress.JudgePairs(turned)
	if c := about(t, v, "GET /d", metric.P95); c.Outcome != verdict.Inconclusive {
		t.Errorf("an endpoint that A lacks = %v%s", c.Outcome, list(v))
	}
}

func TestJudgeNoPairs(t *testing.T) {
	whole := duel(t, file(), 1, 1, 1, side{}, side{})
	for name, in := range map[string]regress.PairsInput{
		"nothing": {}, "no file": {A: whole.A, B: whole.B}, "no A": {B: whole.B, Config: whole.Config},
		"no B": {A: whole.A, Config: whole.Config},
	} {
		if v := regress.JudgePairs(in); v.Outcome() != verdict.Inconclusive ||
			len(v.Checks) != 1 || wording.Reason(v.Checks[0]) == "" {
			t.Errorf("%s = %v%s", name, v.Outcome(), list(v))
		}
	}
}

// A transaction that is too rare for a p95 is reported: its requests are judged at
// their endpoints, and it is not.
func TestJudgePairsOfARareTransaction(t *testing.T) {
	in := duel(t, file(limit(t, "p95", 1)), 1, 4, 10, side{}, side{})
	for _, r := range append(slices.Clone(in.A), in.B...) {
		r.Transactions = append(r.Transactions, result.Endpoint{Name: "buy"})
	}
	v := regress.JudgePairs(in)
	if diff := cmp.Diff([]string{"INCONCLUSIVE p95 buy"}, faults(v)); diff != "" {
		t.Errorf("faults (-want +got):\n%s%s", diff, list(v))
	}
}
