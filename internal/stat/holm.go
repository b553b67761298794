package stat

import (
	"cmp"
	"math"
	"slices"
)

// Holm adjusts p-values for their number, so that the chance of even one wrong
// finding among all of them stays at the level that the adjusted ones are
// compared with:
//
//	adj_(i) = max over j <= i of min(1, (m-j+1) p_(j))
//
// with p_(1) <= ... <= p_(m) the m values in order (Holm, A simple sequentially
// rejective multiple test procedure, Scandinavian Journal of Statistics 6,
// 1979). It holds however the tests depend on each other. The result is new
// and in the order given. NaN stands for a test that was not made: it stays
// NaN and does not count in m.
func Holm(p []float64) []float64 {
	adjusted := slices.Clone(p)
	var order []int
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	var highest float64
	for j, i := range order {
		highest = max(highest, min(1, float64(len(order)-j)*p[i]))
		adjusted[i] = highest
	}
	return adjusted
}
