package stat

import "math"

// MinPairs is the fewest pairs of slices that an A/B run is judged by,
// GoodPairs the number that it should have.
const (
	MinPairs  = 5
	GoodPairs = 10
)

// PairWarn is the p-value, before Holm, below which an A/B run warns.
const PairWarn = 0.05

// Paired is what pairs of slices say of B over A.
type Paired struct {
	N         int     // pairs
	Mean, SD  float64 // of the logarithms of the ratio
	T, P      float64 // one-sided, small where B is larger
	Ratio     float64 // exp(Mean)
	Low, High float64 // ends of the 95 % interval of the ratio
}

// Pairs compares A and B by k pairs of neighbouring slices, from the logarithms
// d_j = ln b_j - ln a_j of their ratios:
//
//	t = meanOf(d) / (sd(d) / sqrt k)      p = P(T_{k-1} > t)
//	interval of the ratio: exp(meanOf(d) ± t_{.975,k-1} sd(d) / sqrt k)
//
// with T_{k-1} of Student's distribution with k-1 degrees of freedom (Student,
// The probable error of a mean, Biometrika 6, 1908). A slow moment affects both
// slices of a pair and cancels in the difference. Pairs that are all equal have no
// spread: p is 0 if B is larger in them, else 1. False for fewer than MinPairs, and
// where a value is not a number.
func Pairs(d []float64) (Paired, bool) {
	k := len(d)
	if k < MinPairs || len(numbers(d)) < k {
		return Paired{}, false
	}
	mean, sd := meanOf(d), math.Sqrt(varianceOf(d))
	t := student(k - 1)
	err := sd / math.Sqrt(float64(k))
	half := t.quantile(.975) * err
	p := Paired{N: k, Mean: mean, SD: sd, Ratio: math.Exp(mean),
		Low: math.Exp(mean - half), High: math.Exp(mean + half)}
	switch {
	case !number(err):
		return Paired{}, false
	case err > 0:
		p.T = mean / err
		p.P = t.above(p.T)
	case mean > 0:
		p.T, p.P = math.Inf(1), 0
	case mean < 0:
		p.T, p.P = math.Inf(-1), 1
	default:
		p.P = 1
	}
	return p, true
}
