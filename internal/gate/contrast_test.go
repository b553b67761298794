package gate_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/regress"
	"github.com/loadgate/loadgate/internal/result"
)

// mixed is a run of 100 s of two endpoints, a start step and a transaction.
func mixed(factor float64, failures int64) *run {
	r := newRun(100)
	r.users(20)
	r.steady("GET /a", 1000, time.Duration(50e6*factor), time.Duration(150e6*factor))
	r.steady("GET /b", 500, 20*time.Millisecond, 30*time.Millisecond)
	r.steady("POST /login", 100, 80*time.Millisecond, 90*time.Millisecond)
	r.endpoint("POST /login").Start = true
	for s := range 100 {
		if failures > 0 {
			r.fail("GET /a", s, failures, metric.Status, 503)
		}
	}
	return r
}

// joined is the result with a copy of an endpoint as a transaction.
func joined(t *testing.T, r *run, endpoint, as string) *result.Result {
	t.Helper()
	done := r.result(t)
	at := slices.IndexFunc(done.Endpoints, func(ep result.Endpoint) bool { return ep.Name == endpoint })
	transaction := done.Endpoints[at]
	transaction.Name = as
	done.Transactions = append(done.Transactions, transaction)
	return done
}

// contrastOf finds one.
func contrastOf(t *testing.T, all []regress.Contrast, endpoint string, m metric.Metric) regress.Contrast {
	t.Helper()
	for _, c := range all {
		if c.Endpoint == endpoint && c.Metric == m {
			return c
		}
	}
	t.Fatalf("no %s of %s", m.Name(), endpoint)
	return regress.Contrast{}
}

func TestContrasts(t *testing.T) {
	a, b := joined(t, mixed(1, 0), "GET /b", "buy"), joined(t, mixed(1.3, 1), "GET /b", "buy")
	all := regress.Contrasts(a, b, 0.95)
	var rows []string
	for _, c := range all {
		name := c.Endpoint
		if c.Transaction {
			name += " (transaction)"
		}
		if c.Metric == metric.P95 {
			rows = append(rows, name)
		}
	}
	if diff := cmp.Diff([]string{"GET /a", "GET /b", "buy (transaction)"}, rows); diff != "" {
		t.Errorf("rows: no start steps, transactions behind (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		name     string
		endpoint string
		metric   string
		want     regress.Difference
		ratio    float64 // 0: none
	}{
		{"slower", "GET /a", "p95", regress.Worse, 1.3},
		{"slower in the middle", "GET /a", "p50", regress.Worse, 1.3},
		{"slower at the end", "GET /a", "p99", regress.Worse, 1.3},
		{"failing", "GET /a", "failure_rate", regress.Worse, 0},
		{"the same", "GET /b", "p95", regress.Same, 1},
		{"no failures", "GET /b", "failure_rate", regress.Same, 0},
	} {
		c := contrastOf(t, all, tt.endpoint, limit(t, tt.metric, 0).Metric)
		if c.Difference != tt.want || c.Ratio.OK != (tt.ratio > 0) ||
			tt.ratio > 0 && math.Abs(c.Ratio.Value/tt.ratio-1) > 0.01 {
			t.Errorf("%s: difference %v, ratio %v, want %v, %v", tt.name, c.Difference, c.Ratio, tt.want, tt.ratio)
		}
		if tt.ratio > 0 && !(c.Low.OK && c.Low.Value <= c.Ratio.Value && c.Ratio.Value <= c.High.Value) {
			t.Errorf("%s: ratio %v outside %v to %v", tt.name, c.Ratio, c.Low, c.High)
		}
	}
}

// Of throughput less is worse.
func TestContrastsOfThroughput(t *testing.T) {
	at := func(seed uint64, n int) *result.Result {
		random := rand.New(rand.NewPCG(seed, 11))
		r := newRun(100)
		for range n {
			r.ok("GET /a", random.IntN(100), 20*time.Millisecond)
		}
		return r.result(t)
	}
	many, few := at(1, 2000), at(2, 1000)
	for _, tt := range []struct {
		name string
		a, b *result.Result
		want regress.Difference
	}{{"half as many", many, few, regress.Worse}, {"twice as many", few, many, regress.Better},
		{"as many", many, at(3, 2000), regress.Same}} {
		c := contrastOf(t, regress.Contrasts(tt.a, tt.b, 0.95), "GET /a", metric.Throughput)
		if c.Difference != tt.want || !c.Low.OK {
			t.Errorf("%s: %v, %v to %v, want %v", tt.name, c.Difference, c.Low, c.High, tt.want)
		}
	}
}

// What is put side by side is what a verdict shows.
func TestContrastsAreTheChecks(t *testing.T) {
	a, b := mixed(1, 1).result(t), mixed(1.3, 0).result(t)
	s := file(limit(t, "p95", ms(500)), limit(t, "p50", ms(500)), limit(t, "failure_rate", 0.5))
	s.Rules[0].Patterns = []string{"GET *"}
	all := regress.Contrasts(a, b, 0.95)
	for side, r := range []*result.Result{a, b} {
		v := gate.Judge(evidence.Input{Result: r, Config: s})
		for _, m := range []string{"p95", "p50"} {
			for _, name := range []string{"GET /a", "GET /b"} {
				check := find(t, v, name, limit(t, m, 0).Metric)
				c := contrastOf(t, all, name, check.Metric)
				got := []regress.Measurement{c.A, c.B}[side]
				if want := (regress.Measurement{Value: check.Got,
					Low: check.Low, High: check.High, Requests: check.Requests}); got != want {
					t.Errorf("%s of %s: %+v, and the check says %+v", m, name, got, want)
				}
			}
		}
	}
	if c := contrastOf(t, all, "GET /a", metric.FailureRate); math.Abs(c.A.Value.Value-100.0/1100) > 1e-12 ||
		c.B.Value.Value != 0 || !c.B.Value.OK || c.A.Requests != 1100 {
		t.Errorf("failures = %+v", c)
	}
	if c := contrastOf(t, all, "GET /b", metric.Throughput); math.Abs(c.A.Value.Value-5) > 1e-9 {
		t.Errorf("throughput = %+v", c)
	}
}

// A side that lacks an endpoint has no value, and there is no ratio.
func TestContrastsOfOneSide(t *testing.T) {
	a, b := mixed(1, 0).result(t), mixed(1, 0).result(t)
	a.Endpoints = slices.DeleteFunc(a.Endpoints, func(ep result.Endpoint) bool { return ep.Name == "GET /b" })
	for _, tt := range []struct {
		name       string
		a, b       *result.Result
		hasA, hasB bool
	}{{"A lacks it", a, b, false, true}, {"B lacks it", b, a, true, false}} {
		for _, m := range []string{"p95", "throughput", "failure_rate"} {
			c := contrastOf(t, regress.Contrasts(tt.a, tt.b, 0.95), "GET /b", limit(t, m, 0).Metric)
			if c.A.Value.OK != tt.hasA || c.B.Value.OK != tt.hasB ||
				c.Ratio.OK || c.Low.OK || c.High.OK || c.Difference != regress.Same {
				t.Errorf("%s: %s = %+v", tt.name, m, c)
			}
		}
	}
	if got := regress.Contrasts(&result.Result{Slot: time.Second},
		&result.Result{Slot: time.Second}, 0.95); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestContrastsMirror(t *testing.T) {
	a, b := mixed(1, 0).result(t), mixed(1.3, 1).result(t)
	there, back := regress.Contrasts(a, b, 0.9), regress.Contrasts(b, a, 0.9)
	if len(there) != len(back) || len(there) != 10 {
		t.Fatalf("%d and %d contrasts, want 10", len(there), len(back))
	}
	opposite := map[regress.Difference]regress.Difference{regress.Same: regress.Same,
		regress.Worse: regress.Better, regress.Better: regress.Worse}
	for i, c := range there {
		d := back[i]
		if c.Endpoint != d.Endpoint || c.Metric != d.Metric ||
			c.A != d.B || c.B != d.A || d.Difference != opposite[c.Difference] {
			t.Errorf("%+v\nmirrored is %+v", c, d)
		}
		if c.Low.OK != d.High.OK || c.Ratio.OK && (math.Abs(c.Ratio.Value*d.Ratio.Value-1) > 1e-9 ||
			c.Low.OK && math.Abs(c.Low.Value*d.High.Value-1) > 1e-9) {
			t.Errorf("%s %s: %v (%v to %v), mirrored %v (%v to %v)",
				c.Endpoint, c.Metric.Name(), c.Ratio, c.Low, c.High, d.Ratio, d.Low, d.High)
		}
	}
}
