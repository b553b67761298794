package gate_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// severity orders outcomes as Worse does.
func severity(o verdict.Outcome) int {
	return slices.Index([]verdict.Outcome{verdict.Pass, verdict.Warn, verdict.Inconclusive, verdict.Fail}, o)
}

// drawRun draws a run of one to four endpoints: busy and idle ones, quick and
// slow, failing and not, on a generator that is late or not, throttled or not,
// of users or of arrivals, some of them dropped, at one level or at two.
func drawRun(t *rapid.T) *run {
	r := newRun(rapid.SampledFrom([]int{20, 40, 100}).Draw(t, "seconds"))
	r.users(10)
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	seconds := int(r.Elapsed / time.Second)
	for _, name := range []string{"GET /a", "GET /b", "GET /c", "GET /d"}[:rapid.IntRange(1, 4).Draw(t, "endpoints")] {
		r.endpoint(name)
		failing := rapid.SampledFrom([]float64{0, 0.01, 0.3, 1}).Draw(t, "failing")
		lag := rapid.SampledFrom([]time.Duration{0, 0, 30 * time.Millisecond}).Draw(t, "lag")
		for range rapid.SampledFrom([]int{0, 5, 60, 90, 400}).Draw(t, "requests") {
			slot := random.IntN(seconds)
			if random.Float64() < failing {
				r.fail(name, slot, 1, metric.Status, 404)
			} else {
				r.lagged(name, slot, lag+time.Duration(random.ExpFloat64()*50e6), lag)
			}
		}
	}
	if rapid.Bool().Draw(t, "late") {
		r.lag(40 * time.Millisecond)
	}
	if rapid.Bool().Draw(t, "throttled") {
		r.overloaded(rapid.IntRange(0, seconds).Draw(t, "throttled seconds"), throttled(10, 3, 200*time.Millisecond))
	}
	if rapid.Bool().Draw(t, "open") {
		r.Planned.Users, r.Planned.Rate, r.Planned.MaxUsers = 0, 200, 10
		dropped := rapid.SampledFrom([]int64{0, 0, 1, 20}).Draw(t, "dropped")
		for i := range r.Timeline {
			r.Timeline[i].Offered, r.Timeline[i].Dropped = 200, dropped
		}
	}
	if rapid.Bool().Draw(t, "staged") {
		r.stage(1, 0, seconds/2)
		r.stage(2, seconds/2, seconds)
	}
	return r
}

// looser moves a limit by a factor to its good side.
func looser(m metric.Metric, limit, factor float64) float64 {
	switch {
	case m == metric.Success:
		return 1 - min(1, (1-limit)*factor)
	case m.Better() == metric.Higher:
		return limit / factor
	case m.Share():
		return min(1, limit*factor)
	}
	return limit * factor
}

// Loosening a limit never makes a verdict worse. There is no exception; taking
// a limit away altogether is not loosening it: with the last limit on failures
// goes the only word about them, and health asks for one.
func TestLooserLimitsAreNeverWorse(t *testing.T) {
	metrics := []struct {
		name  string
		limit float64
	}{
		{"p50", ms(30)}, {"p95", ms(100)}, {"p99", ms(150)}, {"mean", ms(45)}, {"max", ms(200)},
		{"success", 0.99}, {"failure_rate", 0.02}, {"throughput", 4},
	}
	rapid.Check(t, func(rt *rapid.T) {
		done := drawRun(rt).result(t)
		m := rapid.SampledFrom(metrics).Draw(rt, "metric")
		tight := limit(t, m.name,
			looser(limit(t, m.name, 0).Metric, m.limit, rapid.Float64Range(0.3, 3).Draw(rt, "scale")))
		tight.HasFail = rapid.Bool().Draw(rt, "fail")
		tight.HasWarn = !tight.HasFail || rapid.Bool().Draw(rt, "warn")
		tight.Warn = looser(tight.Metric, tight.Fail, rapid.Float64Range(0.5, 1).Draw(rt, "warn at"))
		loose := tight
		factor := rapid.Float64Range(1, 4).Draw(rt, "factor")
		if rapid.Bool().Draw(rt, "loosen fail") {
			loose.Fail = looser(tight.Metric, tight.Fail, factor)
		} else {
			loose.Warn = looser(tight.Metric, tight.Warn, factor)
		}
		scope := rapid.SampledFrom([]config.Scope{config.ByMetric, config.Combined, config.Each}).Draw(rt, "scope")
		j := config.Judge{
			Point:      rapid.Bool().Draw(rt, "point"),
			NearStrict: rapid.Bool().Draw(rt, "strict"),
			Confidence: rapid.SampledFrom([]float64{0, 0.9, 0.95, 0.99}).Draw(rt, "confidence"),
		}
		judged := func(l config.Limit) verdict.Verdict {
			s := file(l, limit(t, "success", 0))
			s.Rules[0].Scope, s.Judge = scope, j
			return gate.Judge(evidence.Input{Result: done, Config: s})
		}
		before, after := judged(tight), judged(loose)
		if severity(after.Outcome()) > severity(before.Outcome()) {
			rt.Fatalf("%s: %v at %v, worse at the looser %v: %v%s\n---%s",
				m.name, before.Outcome(), tight, loose, after.Outcome(), list(before), list(after))
		}
	})
}

func TestOrderOfEndpointsChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		done := drawRun(rt).result(t)
		s := file(limit(t, "p95", ms(100)), limit(t, "mean", ms(50)),
			limit(t, "success", 0.99), limit(t, "throughput", 4))
		want := gate.Judge(evidence.Input{Result: done, Config: s})
		turned := *done
		turned.Endpoints = rapid.Permutation(done.Endpoints).Draw(rt, "order")
		got := gate.Judge(evidence.Input{Result: &turned, Config: s})
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b metric.Metric) bool { return a == b })); diff != "" {
			rt.Fatalf("Judge (-want +got):\n%s", diff)
		}
	})
}

// Endpoints that nobody asked never make a verdict better, and never pass.
func TestAddingNothingNeverPasses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		done := drawRun(rt).result(t)
		s := file(limit(t, "p95", ms(100)), limit(t, "success", 0.9))
		before := gate.Judge(evidence.Input{Result: done, Config: s})
		more := *done
		more.Endpoints = append(slices.Clone(done.Endpoints), result.Endpoint{Name: "GET /never"})
		after := gate.Judge(evidence.Input{Result: &more, Config: s})
		if severity(after.Outcome()) < severity(before.Outcome()) ||
			severity(after.Outcome()) < severity(verdict.Inconclusive) {
			rt.Fatalf("%v with nothing more: %v%s", before.Outcome(), after.Outcome(), list(after))
		}
		for _, c := range after.Checks {
			if slices.Contains(c.Endpoints, "GET /never") && c.Outcome != verdict.Inconclusive {
				rt.Fatalf("an endpoint that was never asked: %v", c)
			}
		}
	})
}

// A pass always rests on requests, and every finding says why and what to do.
func TestFindingsAreExplained(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		done := drawRun(rt).result(t)
		s := file(limit(t, "p95", ms(100)), limit(t, "mean", ms(50)),
			limit(t, "max", ms(200)), limit(t, "success", 0.95), limit(t, "throughput", 4))
		s.Judge.Point = rapid.Bool().Draw(rt, "point")
		for _, c := range gate.Judge(evidence.Input{Result: done, Config: s}).Checks {
			switch {
			case c.Outcome == verdict.Pass && (c.Requests == 0 || !c.Got.OK || !c.Limit.OK || wording.Reason(c) != ""):
				rt.Fatalf("a pass on nothing: %+v", c)
			case c.Outcome != verdict.Pass && (wording.Reason(c) == "" || wording.Remedy(c) == ""):
				rt.Fatalf("%v without a reason or remedy: %+v", c.Outcome, c)
			case strings.Contains(wording.Reason(c)+wording.Remedy(c), "NaN") ||
				strings.Contains(wording.Reason(c)+wording.Remedy(c), "  ") ||
				strings.Contains(wording.Reason(c), " –"):
				rt.Fatalf("words: %q %q", wording.Reason(c), wording.Remedy(c))
			case c.Low.OK && c.Low.Value > c.Got.Value || c.High.OK && c.High.Value < c.Got.Value:
				rt.Fatalf("value outside its interval: %+v", c)
			}
		}
	})
}

func TestFastNotFoundNeverPasses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRun(100)
		share := rapid.IntRange(20, 100).Draw(rt, "percent")
		for i := range 2000 {
			if i*37%100 < share {
				r.fail("GET /a", i/20, 1, metric.Status, 404)
			} else {
				r.ok("GET /a", i/20, 5*time.Millisecond)
			}
		}
		name := rapid.SampledFrom([]string{"p50", "p95", "p99", "mean", "max", "success", "failure_rate"}).Draw(
			rt, "metric")
		l := limit(t, name, ms(200))
		if l.Metric.Share() {
			l = limit(t, name, 0.01)
			if l.Metric == metric.Success {
				l.Fail = 0.99
			}
		}
		s := file(l)
		s.Judge.Point = rapid.Bool().Draw(rt, "point")
		v := gate.Judge(evidence.Input{Result: r.result(t), Config: s})
		if o := v.Outcome(); o == verdict.Pass || o == verdict.Warn {
			rt.Fatalf("%d %% of 404s: %v%s", share, o, list(v))
		}
	})
}
