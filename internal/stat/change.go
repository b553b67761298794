package stat

import (
	"math"
	"slices"
)

// Floors of change points.
const (
	MinSeries = 20   // runs that a series needs
	MinChange = 0.05 // smallest change that is reported, as a share of the value before
)

const (
	shortestLevel = 3     // runs between two changes
	outlying      = 3.5   // sigmas that make an outlier
	steadiness    = 1e-12 // sigma of a series that does not vary
)

// Change is a place in a series of runs where the level changed.
type Change struct {
	Index         int     // of the first run of the new level
	Before, After float64 // medians of the level before and of the new one, as logarithms
	Ratio         float64 // exp(After - Before)
}

// Changes finds where the level of a series changed, from the natural
// logarithms y of n runs in order:
//
//	dy    = differences of neighbours
//	sigma = 1.4826 median|dy - median(dy)| / sqrt 2                1e-12 if 0
//	an isolated y_i, further than 3.5 sigma from the median of the 3 before
//	and from that of the 3 after (fewer near an end; the one side that exists at
//	an end), becomes the median of both sides together
//	C(s,t) = sum of squared deviations of y_s .. y_{t-1} from their mean
//	pen    = 4 ln(max(n, 50)) sigma^2
//	F(0)   = -pen
//	F(t)   = min over s = 0 and 3 <= s <= t-3 of F(s) + C(s,t) + pen,  t >= 3
//
// with F(t) the cost of the best division of the first t runs. It is the exact
// search of Jackson and others (An algorithm for optimal partitioning of data
// on an interval, IEEE Signal Processing Letters 12, 2005) with a penalty of
// the kind of Yao (Estimating the number of change-points via Schwarz'
// criterion, Statistics and Probability Letters 6, 1988), twice as high, as runs
// have heavier tails than the normal distribution; sigma from differences does
// not see the changes themselves (median deviation: Hampel, The influence curve
// and its role in robust estimation, JASA 69, 1974). Changes by less than
// MinChange are not reported. NaN and infinities are runs without a value:
// left out of n, and Index counts them. Nothing for n below MinSeries.
func Changes(y []float64) []Change {
	var at []int // place of each value in the series given
	for i, v := range y {
		if number(v) {
			at = append(at, i)
		}
	}
	if y = numbers(y); len(y) < MinSeries {
		return nil
	}
	sigma := restlessness(y)
	y = withoutOutliers(y, sigma)
	var changes []Change
	ends := levels(y, 4*math.Log(max(float64(len(y)), 50))*sigma*sigma)
	for i := 1; i+1 < len(ends); i++ {
		before, after := median(y[ends[i-1]:ends[i]]), median(y[ends[i]:ends[i+1]])
		ratio := math.Exp(after - before)
		if number(ratio) && math.Abs(ratio-1) >= MinChange {
			changes = append(changes, Change{Index: at[ends[i]], Before: before, After: after, Ratio: ratio})
		}
	}
	return changes
}

// restlessness is sigma of Changes.
func restlessness(y []float64) float64 {
	dy := make([]float64, len(y)-1)
	for i := range dy {
		dy[i] = y[i+1] - y[i]
	}
	middle := median(dy)
	for i := range dy {
		dy[i] = math.Abs(dy[i] - middle)
	}
	if sigma := 1.4826 * median(dy) / math.Sqrt2; sigma > 0 {
		return sigma
	}
	return steadiness
}

// withoutOutliers is y with its isolated outliers replaced; all are found in y
// as it was.
func withoutOutliers(y []float64, sigma float64) []float64 {
	calm := slices.Clone(y)
	for i, v := range y {
		before, after := y[max(0, i-3):i], y[i+1:min(len(y), i+4)]
		far := func(side []float64) bool {
			return len(side) == 0 || math.Abs(v-median(side)) > outlying*sigma
		}
		if far(before) && far(after) {
			calm[i] = median(slices.Concat(before, after))
		}
	}
	return calm
}

// levels divides y at the least cost with a penalty for each level. It returns
// the ends of the levels: 0, the indices where one begins, len(y).
func levels(y []float64, pen float64) []int {
	n := len(y)
	middle := median(y) // near 0 the sums keep their digits
	sum, squared := make([]float64, n+1), make([]float64, n+1)
	for i, v := range y {
		v -= middle
		sum[i+1], squared[i+1] = sum[i]+v, squared[i]+v*v
	}
	cost := func(s, t int) float64 {
		total := sum[t] - sum[s]
		return squared[t] - squared[s] - total*total/float64(t-s)
	}
	F, from := make([]float64, n+1), make([]int, n+1)
	F[0] = -pen
	for t := 1; t <= n; t++ {
		F[t] = math.Inf(1)
		for s := 0; s <= t-shortestLevel; s++ {
			if s > 0 && s < shortestLevel {
				continue
			}
			if f := F[s] + cost(s, t) + pen; f < F[t] {
				F[t], from[t] = f, s
			}
		}
	}
	ends := []int{n}
	for t := n; t > 0; {
		t = from[t]
		ends = append(ends, t)
	}
	slices.Reverse(ends)
	return ends
}
