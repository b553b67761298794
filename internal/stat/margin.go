package stat

import "gonum.org/v1/gonum/mathext"

// How many times its value a limit has to be before the requests above the
// limit may show that the quantile keeps it, and before they make that likely.
// A slowly moving level can carry the quantile over a limit nearer than that in
// the next run (docs/statistics.md, what was simulated).
const (
	Margin       = 2.0
	LikelyMargin = 1.5
)

// Kept says how the requests above a limit speak for a quantile below it. The
// zero value shows nothing.
type Kept struct {
	Above float64 // requests above the limit
	High  float64 // upper end of the interval of their share, in [0,1]
	// Evidence is that of the share above the limit, not of the quantile.
	Evidence Evidence
	// Shown: the quantile keeps the limit, with the margin and the confidence
	// that a pass needs. Likely: it keeps the limit by LikelyMargin, and would be
	// shown to if the requests were independent of each other.
	Shown, Likely bool
}

// Keeps asks whether quantile p, in (0,1), of which value is the estimate,
// keeps a limit (same unit, above 0), from the batches of the run in order of
// time, whose Hits are the requests above the limit:
//
//	(i)   value <= limit / Margin
//	(ii)  B >= MinBatches, as many of them hold a request, and
//	      n >= R(B), RealRequests of FewestForQuantile
//	(iii) high < 1-p, with high the upper end of Share over the batches
//
// The interval of a quantile depends on where the slowest 1-p of the requests lie,
// and machine noise puts just those into few seconds. A limit far away asks another
// question: how many requests lie above it. That is the test whose inversion is the
// interval (Woodruff, Confidence
// intervals for medians and other position measures, Journal of the American
// Statistical Association 47, 1952), with the variance taken at the limit and
// not at the quantile (Francisco and Fuller, Quantile estimation with a complex
// survey design, Annals of Statistics 19, 1991). Without a request above the
// limit, high is 1 - (alpha/2)^(1/n), the rule of three at its level (Hanley and
// Lippman-Hand, JAMA 249, 1983).
func Keeps(p, value, limit float64, batches []Batch, alpha float64) Kept {
	k := Kept{High: 1}
	n, above, filled, ok := total(batches)
	if !ok || !(p > 0 && p < 1) || !confidence(alpha) || !(value > 0 && limit > 0) {
		return k
	}
	k.Above = above
	_, k.High, k.Evidence = Share(batches, alpha)
	fewest := RealRequests(float64(FewestForQuantile(p, alpha)), len(batches), alpha)
	if len(batches) < MinBatches || filled < MinBatches || n < float64(fewest) {
		return k
	}
	k.Shown = value <= limit/Margin && k.High < 1-p
	_, plain := ShareBounds(above, Evidence{N: n, Effective: n}, alpha)
	k.Likely = value <= limit/LikelyMargin && plain < 1-p
	return k
}

// Longer is how many times as long a run would have to be for Keeps to show
// quantile p, if the same share of requests stays above the limit and they come
// in the same bursts: N(s) / nstar, with s the share above, N(s) of
// EffectiveForShare at 1-p, and nstar of the evidence. False where no length
// would do.
func (k Kept) Longer(p, alpha float64) (factor float64, ok bool) {
	if !(k.Evidence.Effective > 0) || !(k.Evidence.N > 0) {
		return 0, false
	}
	needed, ok := EffectiveForShare(k.Above/k.Evidence.N, 1-p, alpha)
	return needed / k.Evidence.Effective, ok
}

// EffectiveForShare is the fewest effective requests with which a share of
// hits, seen as such, is shown to lie below limit, both in [0,1]: the least
// N with Beta(N s + 1, N (1-s)) at 1 - alpha/2 below limit (ShareBounds).
// False where none is: share >= limit, or more than 10^7.
func EffectiveForShare(share, limit, alpha float64) (float64, bool) {
	const most = 1e7
	level := 1 - alpha/2
	// The quantile at level is below limit where the part of the distribution that lies below limit is larger.
	below := func(n float64) float64 { return mathext.RegIncBeta(n*share+1, n*(1-share), limit) - level }
	if !(share >= 0 && share < limit && limit <= 1) || !confidence(alpha) {
		return 0, false
	}
	last := point{most, below(most)}
	if !(last.y > 0) {
		return 0, false
	}
	return root(below, point{0, -level}, last), true
}
