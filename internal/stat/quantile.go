package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Ranks are the ranks, counted from 1 among n sorted values, of the two ends
// of a quantile's interval. 0 means that there is no such end: the interval
// is open there.
type Ranks struct{ Lower, Upper int64 }

// QuantileRanks finds the interval of quantile p, in (0,1), of n values that
// count as effective independent ones (Evidence.Effective, for hits =
// values above the quantile's own):
//
//	k     = (n+1) / (nstar+1)
//	lower = floor(l k)      none if l < 1
//	upper = ceil(u k)       none if u > nstar or the rank exceeds n
//
// with nstar = effective, at most n, and l, u of RankBounds. k carries a rank
// among nstar values to the one at the same place among n. More than 10^7
// effective values count as 10^7: beyond, the incomplete beta function runs out
// of the digits that tell ranks apart.
func QuantileRanks(p float64, n int64, effective, alpha float64) Ranks {
	nstar := min(effective, float64(n), 1e7)
	l, u, lok, uok := RankBounds(p, nstar, alpha)
	k := (float64(n) + 1) / (nstar + 1)
	var r Ranks
	if lok {
		r.Lower = max(1, int64(math.Floor(l*k+tolerance)))
	}
	if rank := math.Ceil(u*k - tolerance); uok && rank <= float64(n) {
		r.Upper = int64(rank)
	}
	return r
}

// RankBounds finds the real-valued ranks l and u between which the quantile p,
// in (0,1), of nstar independent values lies:
//
//	l: I_p(l, nstar-l+1) = 1 - alpha/2      lok: l >= 1
//	u: I_p(u, nstar-u+1) = alpha/2          uok: u <= nstar
//
// I_x(a,b) is the regularised incomplete beta function. For whole ranks it is
// the binomial probability that at least that many of nstar values lie below
// the quantile, so these are the exact order-statistic limits (David and
// Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1) carried over to real
// nstar, up to 10^7. A rank without its ok is 0.
func RankBounds(p, nstar, alpha float64) (l, u float64, lok, uok bool) {
	if !(p > 0 && p < 1) || !confidence(alpha) || !number(nstar) || nstar <= 0 {
		return 0, 0, false, false
	}
	if l = rankAt(p, nstar, 1-alpha/2); l >= 1-tolerance {
		lok = true
	} else {
		l = 0
	}
	if u = rankAt(p, nstar, alpha/2); u <= nstar+tolerance {
		uok = true
	} else {
		u = 0
	}
	return l, u, lok, uok
}

// rankAt solves I_p(a, nstar-a+1) = level for a in (0, nstar+1). I falls in a, from 1 to 0.
func rankAt(p, nstar, level float64) float64 {
	return root(func(a float64) float64 { return mathext.RegIncBeta(a, nstar-a+1, p) - level },
		point{0, 1 - level}, point{nstar + 1, -level})
}

// FewestForQuantile is the fewest effective requests with which the interval
// of quantile p has an upper end, and so with which a pass can be shown:
//
//	n: p^n <= alpha/2
//
// At alpha 0.05 that is 72 for p95 and 368 for p99. math.MaxInt64 where no
// number is enough: p or alpha outside (0,1).
func FewestForQuantile(p, alpha float64) int64 {
	if !(p > 0 && p < 1) || !confidence(alpha) {
		return math.MaxInt64
	}
	return whole(math.Ceil(math.Log(alpha/2)/math.Log(p) - tolerance))
}
