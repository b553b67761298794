package stat

import (
	"math"
	"math/rand/v2"
)

// chance draws random numbers.
type chance struct{ *rand.Rand }

// binomial draws the number of hits in n attempts of chance p, in (0,1].
func (c chance) binomial(n, p float64) float64 {
	const few = 100 // expected hits: up to that many, counting up the distribution is quicker than rejecting draws
	switch {
	case n == 0 || p == 1:
		return n
	case p > 0.5:
		return n - c.binomial(n, 1-p)
	case n*p > few:
		return c.manyHits(n, p)
	}
	u := c.Float64()
	exactly := math.Pow(1-p, n) // k hits
	k := 0.0
	for ; u > exactly && k < n; k++ {
		u -= exactly
		exactly *= p / (1 - p) * (n - k) / (k + 1)
	}
	return k
}

// manyHits is binomial for n p >= 10 and p <= 1/2, by transformed rejection: algorithm BTRS of Hörmann, The
// generation of binomial random variates, Journal of Statistical Computation and Simulation 46, 1993.
func (c chance) manyHits(n, p float64) float64 {
	sd := math.Sqrt(n * p * (1 - p))
	hat := hat{center: n*p + 0.5, b: 1.15 + 2.53*sd}
	hat.a = -0.0873 + 0.0248*hat.b + 0.01*p
	alpha, inside := (2.83+5.1/hat.b)*sd, 0.92-4.2/hat.b
	mode := math.Floor((n + 1) * p)
	atMode := logFactorial(mode) + logFactorial(n-mode)
	for {
		k, v, us := hat.draw(c)
		switch {
		case us >= 0.07 && v <= inside:
			return k
		case k < 0 || k > n:
			continue
		}
		if math.Log(v*alpha/(hat.a/(us*us)+hat.b)) <=
			atMode-logFactorial(k)-logFactorial(n-k)+(k-mode)*math.Log(p/(1-p)) {
			return k
		}
	}
}

// poisson draws the number of events where mean are expected, by transformed rejection: algorithm PTRS of Hörmann,
// The transformed rejection method for generating Poisson random variables, Insurance: Mathematics and Economics 12,
// 1993. Below a mean of 10 it counts the events of a Poisson process within its time.
func (c chance) poisson(mean float64) float64 {
	if mean < 10 {
		events := 0.0
		for at := c.ExpFloat64(); at < mean; at += c.ExpFloat64() {
			events++
		}
		return events
	}
	hat := hat{center: mean + 0.43, b: 0.931 + 2.53*math.Sqrt(mean)}
	hat.a = -0.059 + 0.02483*hat.b
	alpha, inside := 1.1239+1.1328/(hat.b-3.4), 0.9277-3.6224/(hat.b-2)
	for {
		k, v, us := hat.draw(c)
		switch {
		case us >= 0.07 && v <= inside:
			return k
		case k < 0 || us < 0.013 && v > us:
			continue
		}
		if math.Log(v*alpha/(hat.a/(us*us)+hat.b)) <= k*math.Log(mean)-mean-logFactorial(k) {
			return k
		}
	}
}

// hat is the distribution that both rejections draw from: its inverse is (2a/(1/2-|u|) + b) u + center.
type hat struct{ a, b, center float64 }

// draw is a candidate k, with the number v in [0,1) that decides about it and how far inside it lies, in (0,1/2].
func (h hat) draw(c chance) (k, v, us float64) {
	u := c.Float64() - 0.5
	us = 0.5 - math.Abs(u)
	return math.Floor((2*h.a/us+h.b)*u + h.center), c.Float64(), us
}

func logFactorial(k float64) float64 {
	l, _ := math.Lgamma(k + 1)
	return l
}
