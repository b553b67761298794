package stat_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/stat"
)

func sortedCopy(values []int) []int { return slices.Sorted(slices.Values(values)) }

func repeat(n int, v float64) []float64 { return slices.Repeat([]float64{v}, n) }

// anyBatches draws runs, the degenerate ones among them: no batches, batches
// without requests, without a hit, with nothing else.
func anyBatches() *rapid.Generator[[]stat.Batch] {
	return rapid.Custom(func(t *rapid.T) []stat.Batch {
		kind := rapid.SampledFrom([]string{"any", "no hits", "all hits"}).Draw(t, "kind")
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) stat.Batch {
			n := rapid.IntRange(0, 200).Draw(t, "n")
			hits := 0
			switch kind {
			case "any":
				hits = rapid.IntRange(0, n).Draw(t, "hits")
			case "all hits":
				hits = n
			}
			return stat.Batch{N: float64(n), Hits: float64(hits)}
		}), 0, stat.MaxBatches).Draw(t, "batches")
	})
}

func anyAlpha() *rapid.Generator[float64] { return rapid.Float64Range(.001, .2) }

func TestEvidenceIsAtMostTheRequests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		batches, alpha := anyBatches().Draw(t, "run"), anyAlpha().Draw(t, "alpha")
		var n float64
		filled := 0
		for _, b := range batches {
			n += b.N
			if b.N > 0 {
				filled++
			}
		}
		e := stat.Effective(batches, alpha)
		if e.N != n || !(e.Effective >= 0 && e.Effective <= n) || !(e.Deff >= 0) || !(e.Rho >= 0 && e.Rho <= .8) {
			t.Fatalf("Effective = %+v for %g requests", e, n)
		}
		if got, want := e.Effective > 0, filled >= stat.MinBatches; got != want {
			t.Fatalf("Effective = %+v with requests in %d batches", e, filled)
		}
	})
}

func TestEvidenceDoesNotDependOnTheScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		batches := anyBatches().Draw(t, "run")
		factor := float64(rapid.IntRange(2, 50).Draw(t, "factor"))
		larger := slices.Clone(batches)
		for b := range larger {
			larger[b].N *= factor
			larger[b].Hits *= factor
		}
		one, many := stat.Effective(batches, .05), stat.Effective(larger, .05)
		if one.Deff == 1 && one.Rho == 0 || one.Effective == one.N {
			// No spread between the batches was seen: more requests are more
			// evidence, up to what the spread allows.
			if many.Effective < one.Effective*(1-1e-9) {
				t.Fatalf("Effective = %+v, times %g %+v", one, factor, many)
			}
			return
		}
		// n enough times the same shares: each request is worth less in
		// proportion, and all of them together the same.
		if math.Abs(many.Effective-one.Effective) > 1e-9*one.Effective ||
			math.Abs(many.Deff-factor*one.Deff) > 1e-9*many.Deff {
			t.Fatalf("Effective = %+v, times %g %+v", one, factor, many)
		}
	})
}

func TestShareHoldsItsValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		batches, alpha := anyBatches().Draw(t, "run"), anyAlpha().Draw(t, "alpha")
		low, high, e := stat.Share(batches, alpha)
		if e.Effective == 0 {
			if low != 0 || high != 1 {
				t.Fatalf("Share = %g ... %g without evidence", low, high)
			}
			return
		}
		var hits float64
		for _, b := range batches {
			hits += b.Hits
		}
		s := hits / e.N
		if !(0 <= low && low <= s && s <= high && high <= 1) {
			t.Fatalf("Share = %g ... %g around %g", low, high, s)
		}
		if (low == 0) != (hits == 0) && e.Effective > 1 {
			t.Fatalf("low = %g with %g hits", low, hits)
		}
		less := e
		less.Effective *= rapid.Float64Range(.01, 1).Draw(t, "worth")
		wlow, whigh := stat.ShareBounds(hits, less, alpha)
		if !(wlow <= low+1e-9 && whigh >= high-1e-9) {
			t.Fatalf("Share = %g ... %g with %g effective, %g ... %g with %g",
				low, high, e.Effective, wlow, whigh, less.Effective)
		}
	})
}

func TestQuantileRanksHoldTheRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.Float64Range(.01, .9999).Draw(t, "p")
		n := rapid.OneOf(rapid.Int64Range(1, 5000), rapid.Int64Range(1, 1<<50)).Draw(t, "n")
		effective := float64(n) * rapid.Float64Range(0, 1.5).Draw(t, "worth")
		alpha := anyAlpha().Draw(t, "alpha")
		r := stat.QuantileRanks(p, n, effective, alpha)
		rank := max(1, int64(math.Ceil(p*float64(n)-1e-7)))
		if r.Lower < 0 || r.Upper < 0 || r.Upper > n || r.Lower > rank || r.Upper != 0 && r.Upper < rank {
			t.Fatalf("QuantileRanks(%g, %d, %g) = %v, rank %d", p, n, effective, r, rank)
		}
		// k is rounded to whole ranks, outwards: one rank of play.
		less := stat.QuantileRanks(p, n, effective*rapid.Float64Range(.01, 1).Draw(t, "less"), alpha)
		if less.Lower > r.Lower+1 || less.Upper != 0 && (r.Upper == 0 || less.Upper < r.Upper-1) {
			t.Fatalf("QuantileRanks(%g, %d) = %v with %g effective, %v with less", p, n, r, effective, less)
		}
	})
}

// The incomplete beta function put both ends of these above the median.
func TestQuantileRanksOfHugeRuns(t *testing.T) {
	for _, n := range []int64{280357922, 1e10, 1e12} {
		r := stat.QuantileRanks(.5, n, float64(n), .2)
		if !(r.Lower > n/2-n/1000 && r.Lower < n/2 && r.Upper > n/2 && r.Upper < n/2+n/1000) {
			t.Errorf("QuantileRanks(0.5, %d) = %v, want both sides of %d", n, r, n/2)
		}
	}
}

func TestRateHoldsItsMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perBatch := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 2, 20).Draw(t, "rates")
		alpha := anyAlpha().Draw(t, "alpha")
		r, ok := stat.Rate(perBatch, alpha)
		if !ok || !(0 <= r.Low && r.Low <= r.Mean && r.Mean <= r.High) ||
			!(r.Rho >= 0 && r.Rho <= .8) || math.IsInf(r.High, 0) {
			t.Fatalf("Rate = %+v, %v", r, ok)
		}
		surer, ok := stat.Rate(perBatch, alpha/2)
		if !ok || surer.Low > r.Low || surer.High < r.High {
			t.Fatalf("Rate = %+v, at half the alpha %+v", r, surer)
		}
	})
}
