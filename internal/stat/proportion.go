package stat

import "math"

// Share is the interval, in [0,1], of the share of hits among the requests of
// a run, from its batches in order of time, and the evidence that it rests on
// (see Effective; without any hit, or with nothing else, all N requests
// count). Without evidence it is the whole of [0,1] and shows nothing.
func Share(batches []Batch, alpha float64) (low, high float64, e Evidence) {
	_, hits, _, _ := total(batches)
	e = Effective(batches, alpha)
	if e.Effective > 0 && (hits == 0 || hits == e.N) {
		e.Effective = e.N // the batches agree: no spread between them to learn from
	}
	low, high = ShareBounds(hits, e, alpha)
	return low, high, e
}

// ShareBounds is the interval, in [0,1], of a share, from hits among e.N requests
// that count as e.Effective:
//
//	x    = nstar E / n
//	low  = Beta(x, nstar-x+1) at alpha/2           0 if E = 0
//	high = Beta(x+1, nstar-x) at 1 - alpha/2       1 if E = n
//
// with E = hits, n = e.N, nstar = e.Effective, and Beta the quantile function
// of that distribution: the limits of Clopper and Pearson (The use of
// confidence or fiducial limits, Biometrika 26, 1934), for an effective number
// as Korn and Graubard (1998, see Effective) do. Without evidence it is the
// whole of [0,1].
func ShareBounds(hits float64, e Evidence, alpha float64) (low, high float64) {
	n, nstar := e.N, min(e.Effective, e.N)
	if !confidence(alpha) || !(nstar > 0) || !number(n) || !(hits >= 0 && hits <= n) {
		return 0, 1
	}
	x := nstar * hits / n
	low, high = 0, 1
	if hits > 0 {
		low = betaQuantile(x, nstar-x+1, alpha/2)
	}
	if hits < n {
		high = betaQuantile(x+1, nstar-x, 1-alpha/2)
	}
	return low, high
}

// FewestForShare is the fewest requests, all without failure, that show a
// share of failures below failureLimit, in (0,1):
//
//	n: 1 - (alpha/2)^(1/n) < failureLimit
//
// At alpha 0.05 that is 736 for 0.5 %. math.MaxInt64 where no number is enough:
// no count of good requests shows that there will never be a bad one.
func FewestForShare(failureLimit, alpha float64) int64 {
	if !(failureLimit > 0 && failureLimit < 1) || !confidence(alpha) {
		return math.MaxInt64
	}
	return whole(math.Floor(math.Log(alpha/2)/math.Log1p(-failureLimit)+tolerance) + 1)
}
