package stat

import "math"

// ErrorOfLog is the standard error of the natural logarithm of a value, from
// the ends of its interval:
//
//	se = (ln high - ln low) / (2 t_{1-alpha/2,B-1})
//
// with low and high above 0, B the number of batches behind the interval and t
// the quantile of Student's distribution. 0: there is none.
func ErrorOfLog(low, high float64, batches int, alpha float64) float64 {
	if !(low > 0 && high >= low) || math.IsInf(high, 0) || batches < 2 || !confidence(alpha) {
		return 0
	}
	return (math.Log(high) - math.Log(low)) / (2 * student(1-alpha/2, batches-1))
}
