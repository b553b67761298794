package stat

import (
	"math"
	"slices"
)

// Scalability is how a service's throughput follows its load. The zero value
// says nothing.
type Scalability struct {
	Lambda float64 // throughput of one at a time, per second
	Sigma  float64 // share of the work that waits for others (contention)
	Kappa  float64 // cost of agreeing with each other (coherency)
	Error  float64 // root of the mean square of (fitted - measured)/measured
}

// Peak is the concurrency with the highest throughput; +Inf where more never
// costs.
func (s Scalability) Peak() float64 {
	if s.Kappa <= 0 {
		return math.Inf(1)
	}
	return math.Sqrt(max(1-s.Sigma, 0) / s.Kappa)
}

// Throughput is what the fit gives at a concurrency, per second.
func (s Scalability) Throughput(n float64) float64 {
	return s.Lambda * n / (1 + s.Sigma*(n-1) + s.Kappa*n*(n-1))
}

// Most is the throughput that no concurrency exceeds: at the peak, or where
// there is none lambda/sigma; +Inf where nothing limits it.
func (s Scalability) Most() float64 {
	if peak := s.Peak(); !math.IsInf(peak, 0) {
		return s.Throughput(max(peak, 1))
	}
	if s.Sigma <= 0 {
		return math.Inf(1)
	}
	return s.Lambda / s.Sigma
}

// FitScalability fits the universal scalability law
//
//	X(N) = lambda N / (1 + sigma (N-1) + kappa N (N-1))
//
// to throughputs X at concurrencies N, both above 0, by least squares of N/X,
// which is linear in 1/lambda, sigma/lambda and kappa/lambda, each at least 0
// (Gunther, Guerrilla Capacity Planning, 2007, chapters 4 and 5). False for fewer
// than 4 points, for equal concurrencies, or where the fit misses the points by
// more than a fifth.
func FitScalability(n, x []float64) (Scalability, bool) {
	if len(n) < 4 || len(n) != len(x) || slices.Min(n) == slices.Max(n) {
		return Scalability{}, false
	}
	for i := range n {
		if !(n[i] > 0) || !(x[i] > 0) || math.IsInf(n[i], 0) || math.IsInf(x[i], 0) {
			return Scalability{}, false
		}
	}
	best, found := Scalability{}, false
	for _, terms := range [][]int{{0, 1, 2}, {0, 1}, {0, 2}, {0}} {
		c, ok := leastSquares(n, x, terms)
		if !ok {
			continue
		}
		s := Scalability{Lambda: 1 / c[0], Sigma: c[1] / c[0], Kappa: c[2] / c[0]}
		for i := range n {
			miss := s.Throughput(n[i])/x[i] - 1
			s.Error += miss * miss / float64(len(n))
		}
		if s.Error = math.Sqrt(s.Error); !found || s.Error < best.Error {
			best, found = s, true
		}
	}
	return best, found && best.Error <= 0.2
}

// leastSquares solves for the coefficients of some terms of N/X; false where one is
// below 0, or there is no solution. It makes the columns orthogonal one after the
// other, the right side as the last of them, which keeps the digits that the normal
// equations lose (modified Gram-Schmidt; Björck, BIT 7, 1967).
func leastSquares(n, x []float64, terms []int) (c [3]float64, ok bool) {
	columns := make([][]float64, len(terms)+1)
	for i, at := range n {
		all := [3]float64{1, at - 1, at * (at - 1)}
		for j, term := range terms {
			columns[j] = append(columns[j], all[term])
		}
		columns[len(terms)] = append(columns[len(terms)], at/x[i])
	}
	var lengths [3]float64 // squared, as they came
	for j := range terms {
		lengths[j] = product(columns[j], columns[j])
	}
	var shares [3][4]float64 // how much of column j is in each that follows
	for j, column := range columns[:len(terms)] {
		left := product(column, column)
		if !(left > 1e-20*lengths[j]) { // only rounding is left: the column depends on those before
			return c, false
		}
		for k := j + 1; k < len(columns); k++ {
			shares[j][k] = product(column, columns[k]) / left
			for i, v := range column {
				columns[k][i] -= shares[j][k] * v
			}
		}
	}
	for j := len(terms) - 1; j >= 0; j-- {
		v := shares[j][len(terms)]
		for k := j + 1; k < len(terms); k++ {
			v -= shares[j][k] * c[terms[k]]
		}
		if c[terms[j]] = v; v < 0 {
			return c, false
		}
	}
	return c, c[0] > 0
}

// product is the inner product of two columns.
func product(a, b []float64) float64 {
	var sum float64
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
