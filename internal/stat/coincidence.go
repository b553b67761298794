package stat

// Coincidence is the chance that as many slots as seen have at least need of
// their asked parts marked, or more slots have, if each part is marked by itself
// with probability share: the expected number of such slots
//
//	E = sum over slots of P(Binomial(asked, share) >= need)
//
// is taken for that of a Poisson distribution (the law of rare events). Share is
// in [0,1]; a slot of which nothing is needed counts as 1.
func Coincidence(asked, need []int, share float64, seen int) float64 {
	if seen <= 0 {
		return 1
	}
	expected := 0.0
	for i, n := range asked {
		switch {
		case need[i] <= 0:
			expected++
		case need[i] <= n:
			expected += binomialAtLeast(int64(need[i]), int64(n), share)
		}
	}
	if expected <= 0 {
		return 0
	}
	return poissonAtLeast(float64(seen), expected)
}
