package stat

import "math"

// ErrorOfLog is the standard error of the natural logarithm of a value, from
// the ends of its interval:
//
//	se = (ln high - ln low) / (2 t_{1-alpha/2,B-1})
//
// with low and high above 0, B the number of the interval's batches and t the
// quantile of Student's distribution. 0: there is none.
func ErrorOfLog(low, high float64, batches int, alpha float64) float64 {
	if !(low > 0 && high >= low) || math.IsInf(high, 0) || batches < 2 || !confidence(alpha) {
		return 0
	}
	return (math.Log(high) - math.Log(low)) / (2 * student(batches-1).quantile(1-alpha/2))
}

// RatioInterval is the interval of the ratio of value b to value a of two
// independent runs, both above 0, from the standard errors of their logarithms:
//
//	b/a exp(± t_{1-alpha/2,B-1} sqrt(se_a^2 + se_b^2))
//
// with B the smaller number of batches of the two. It covers the variation within
// the runs, not between them. False where a standard error is unknown.
func RatioInterval(a, b, seA, seB float64, batches int, alpha float64) (low, high float64, ok bool) {
	if !(a > 0 && b > 0 && seA > 0 && seB > 0) || batches < 2 || !confidence(alpha) {
		return 0, 0, false
	}
	half := student(batches-1).quantile(1-alpha/2) * math.Hypot(seA, seB)
	return b / a * math.Exp(-half), b / a * math.Exp(half), true
}
