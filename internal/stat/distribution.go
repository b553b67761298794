package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// The distributions behind the intervals. The incomplete beta and gamma functions are the library's; what they
// say of a distribution is in any handbook (DLMF, 8.17 and 8.4; Abramowitz and Stegun, 26.5 and 26.7).
// Arguments are not checked: callers have shown that they are in range.

// normal is the quantile z_q of the standard normal distribution, q in (0,1).
func normal(q float64) float64 { return mathext.NormalQuantile(q) }

// normalAbove is the chance that a standard normal value exceeds z.
func normalAbove(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// student is Student's distribution with so many degrees of freedom, above 0.
type student float64

// quantile is t_{q,df}, q in (0,1).
func (df student) quantile(q float64) float64 {
	switch {
	case q > 0.5:
		return -df.quantile(1 - q)
	case q == 0.5:
		return 0
	}
	x := mathext.InvRegIncBeta(float64(df)/2, 0.5, 2*q) // df / (df + t^2)
	return -math.Sqrt(float64(df) * (1 - x) / x)
}

// above is the chance of a value greater than t.
func (df student) above(t float64) float64 {
	both := mathext.RegIncBeta(float64(df)/2, 0.5, float64(df)/(float64(df)+t*t)) // beyond t on either side
	if t > 0 {
		return both / 2
	}
	return 1 - both/2
}

// betaQuantile is the quantile of the beta distribution with the parameters a and b, above 0.
func betaQuantile(a, b, q float64) float64 { return mathext.InvRegIncBeta(a, b, q) }

// binomialAtMost is the chance of at most k hits, in [0,n), in n attempts of chance p.
func binomialAtMost(k, n int64, p float64) float64 {
	return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
}

// binomialAtLeast is the chance of at least k hits, in (0,n], in n attempts of chance p.
func binomialAtLeast(k, n int64, p float64) float64 {
	return mathext.RegIncBeta(float64(k), float64(n-k+1), p)
}

// poissonAtLeast is the chance of at least k events where mean are expected, above 0.
func poissonAtLeast(k, mean float64) float64 {
	if k <= 0 {
		return 1
	}
	return mathext.GammaIncReg(k, mean)
}

// meanOf is NaN without values.
func meanOf(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// varianceOf is that of a sample; NaN for fewer than 2 values. Its second sum corrects the rounding of the mean
// (Chan, Golub, LeVeque: Algorithms for computing the sample variance, The American Statistician 37, 1983, 1.7).
func varianceOf(values []float64) float64 {
	m, n := meanOf(values), float64(len(values))
	var squares, rest float64
	for _, v := range values {
		squares += (v - m) * (v - m)
		rest += v - m
	}
	return (squares - rest*rest/n) / (n - 1)
}
