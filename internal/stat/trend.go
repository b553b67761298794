package stat

import (
	"math"
	"slices"
	"time"
)

// Floors and levels of what is seen within a run. None of it does more than
// warn.
const (
	MinTrend     = 10   // slots with a value that a trend needs
	WithinError  = 0.01 // p-value below which a trend or a long warm-up is seen
	LatencyRise  = 0.10 // smallest rise of a latency over the run, as a share
	MemoryRise   = 0.05 // the same for memory
	SettlingRise = 0.10 // smallest excess of a run's beginning over its end, as a share
)

// TrendSlots is the number of equal slots into which a run is cut to look for
// a trend: 30, or 20 for a measured time below 300 s.
func TrendSlots(measured time.Duration) int {
	if measured < 300*time.Second {
		return 20
	}
	return 30
}

// Drift is what the slots of a run say of its course. The zero value has none.
type Drift struct {
	N     int     // slots with a value
	Slope float64 // of the logarithm, a slot
	S     float64 // pairs of slots that rise, less those that fall
	F     float64 // how many times the variance of S is larger for the memory of neighbouring slots; at least 1
	Z, P  float64 // one-sided, small where values rise
	Rise  float64 // from the first slot to the last, as a share
	// Straight says that LatencyTrend took a straight line of the values; F, Z, P
	// and Rise are then its own, and Slope stays that of the logarithms.
	Straight bool
}

// Trend looks for a rise in n values of a run, natural logarithms w_j of equal
// slots in order of time. NaN and infinities are slots without a value; they
// are left out, and the others keep their place j:
//
//	S     = sum_{i<j} sign(w_j - w_i)
//	V     = (n(n-1)(2n+5) - sum over ties of c values of c(c-1)(2c+5)) / 18
//	slope = median over i<j of (w_j - w_i)/(j-i)
//	r     = mid-ranks of (w_j - slope j), less their mean
//	r1    = sum r_j r_{j+1} / sum r_j^2                    0 if all r are 0
//	r1    = clip(r1 + (1 + 3 max(r1,0))/n, 0, 0.95)
//	f     = max(1, 1 + 2/(n(n-1)(n-2)) sum_{k<n} (n-k)(n-k-1)(n-k-2) r1^k)
//	z     = (S - sign S) / sqrt(V f)                       0 if S is 0
//	p     = 1 - Phi(z)
//	rise  = exp(slope (last j - first j)) - 1
//
// S is the statistic of Mann (Nonparametric tests against trend, Econometrica
// 13, 1945) with the ties of Kendall (Rank Correlation Methods, 4th ed. 1975),
// the slope that of Sen (Estimates of the regression coefficient based on
// Kendall's tau, Journal of the American Statistical Association 63, 1968), f
// the correction of Hamed and Rao (A modified Mann-Kendall trend test for
// autocorrelated data, Journal of Hydrology 204, 1998) for a series whose memory
// falls by r1 a slot, with r1 raised by what short series make it too small
// (Marriott and Pope, Bias in the estimation of autocorrelations, Biometrika 41,
// 1954). False for fewer than MinTrend values.
func Trend(w []float64) (Drift, bool) {
	var at []float64 // places j of the values
	for j, v := range w {
		if number(v) {
			at = append(at, float64(j))
		}
	}
	w = numbers(w)
	if len(w) < MinTrend {
		return Drift{}, false
	}
	d := Drift{N: len(w)}
	var slopes []float64
	for j := range w {
		for i := range j {
			d.S += sign(w[j] - w[i])
			slopes = append(slopes, (w[j]-w[i])/(at[j]-at[i]))
		}
	}
	d.Slope = median(slopes)
	left := make([]float64, len(w))
	for j := range w {
		left[j] = w[j] - d.Slope*at[j]
	}
	d.remember(w, left)
	d.Rise = math.Expm1(d.Slope * (at[len(at)-1] - at[0]))
	if !number(d.Rise) || !number(d.P) {
		return Drift{}, false
	}
	return d, true
}

// remember computes Z and P of S, with the memory of the values without their
// trend.
func (d *Drift) remember(w, left []float64) {
	n := float64(len(w))
	d.F = memory(left)
	V := n * (n - 1) * (2*n + 5)
	_, ties := midRanks(w)
	for _, c := range ties {
		V -= c * (c - 1) * (2*c + 5)
	}
	d.Z = 0
	if d.S != 0 {
		d.Z = (d.S - sign(d.S)) / math.Sqrt(V/18*d.F)
	}
	d.P = normalAbove(d.Z)
}

// LatencyTrend is Trend for latencies, which may rise by a share in each slot or
// by so many milliseconds. S is the same for both, since it only asks which of
// two values is larger; what differs is the line that is subtracted before the
// autocorrelation of neighbouring slots is measured. Values on a straight line that
// multiply over the run are a curve in logarithms. A straight line through the
// logarithms leaves residuals that look like a strong autocorrelation, which hides
// the trend. With the values v_j = exp(w_j):
//
//	b       = median over i<j of (v_j - v_i)/(j-i)
//	a       = median of v_j - b j
//	line    : w_j - ln(a + b j), where a + b j > 0 for all j
//	curve   : w_j - slope j, less their median
//	rise    = (a + b last j)/(a + b first j) - 1            of the line
//
// The one with the smaller sum of absolute residuals, both of logarithms, gives
// f, z, p and the rise.
func LatencyTrend(w []float64) (Drift, bool) {
	d, ok := Trend(w)
	if !ok {
		return d, false
	}
	level := median(numbers(w)) // any would do; exp must not overflow
	var at, logs, values, curve, line []float64
	for j, x := range w {
		if number(x) {
			at, logs, values = append(at, float64(j)), append(logs, x), append(values, math.Exp(x-level))
			curve = append(curve, x-d.Slope*float64(j))
		}
	}
	var slopes []float64
	for j := range values {
		for i := range j {
			slopes = append(slopes, (values[j]-values[i])/(at[j]-at[i]))
		}
	}
	b := median(slopes)
	for j, v := range values {
		line = append(line, v-b*at[j])
	}
	a := median(line)
	first, last := a+b*at[0], a+b*at[len(at)-1]
	if !(first > 0 && last > 0) || !number(last/first) {
		return d, true
	}
	for j, x := range logs {
		line[j] = x - level - math.Log(a+b*at[j])
	}
	if distances(line, 0) >= distances(curve, median(curve)) {
		return d, true
	}
	d.Straight, d.Rise = true, last/first-1
	d.remember(logs, line)
	return d, true
}

// distances is the sum of how far values are from a middle.
func distances(values []float64, middle float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Abs(v - middle)
	}
	return sum
}

// memory is f of Trend, of values without their trend.
func memory(left []float64) float64 {
	n := float64(len(left))
	r, _ := midRanks(left)
	mean := meanOf(r)
	var products float64
	for j := range r {
		if r[j] -= mean; j > 0 {
			products += r[j-1] * r[j]
		}
	}
	var r1 float64
	if all := squares(r); all > 0 {
		r1 = products / all
	}
	r1 = min(max(r1+(1+3*max(r1, 0))/n, 0), .95)
	var sum float64
	for k := 1.0; k < n; k++ {
		sum += (n - k) * (n - k - 1) * (n - k - 2) * math.Pow(r1, k)
	}
	return max(1, 1+2/(n*(n-1)*(n-2))*sum)
}

// midRanks are the ranks of v, from 1, equal values sharing the mean of
// theirs, and the sizes of the groups of equal values, those of one included.
func midRanks(v []float64) (ranks, groups []float64) {
	sorted := slices.Sorted(slices.Values(v))
	ranks = make([]float64, len(v))
	for i, x := range v {
		first, _ := slices.BinarySearch(sorted, x)
		last := first
		for last < len(sorted) && sorted[last] == x {
			last++
		}
		ranks[i] = float64(first+1+last) / 2
	}
	for i, size := 0, 0; i < len(sorted); i++ {
		if size++; i+1 == len(sorted) || sorted[i+1] != sorted[i] {
			groups = append(groups, float64(size))
			size = 0
		}
	}
	return ranks, groups
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
