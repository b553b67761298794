package stat

import (
	"math"
	"time"
)

// Batch is one of the equal parts of time into which a run is cut: N requests,
// Hits of which have the property asked about. 0 <= Hits <= N. Both are
// float64 because formulas divide them; they hold counts.
type Batch struct{ N, Hits float64 }

// The number of batches of a run. With fewer than MinBatches the spread
// between them is a guess and there is no interval; more than MaxBatches would
// make them shorter than the memory of the slow things they have to straddle.
const (
	MinBatches = 6
	MaxBatches = 20
)

// shortest is the shortest batch that holds its neighbours apart.
const shortest = 5 * time.Second

// Batches is the number B of batches for a measured time T (warm-up left
// out):
//
//	B = min(MaxBatches, floor(T / 5 s))
//
// Below MinBatches, that is below 30 s, the run is too short for intervals.
func Batches(measured time.Duration) int {
	return int(min(MaxBatches, max(0, measured)/shortest))
}

// Evidence is the effective number of a run's requests. They are not independent:
// they share slow seconds. The zero value is no evidence.
type Evidence struct {
	N   float64 // requests
	Rho float64 // correlation of neighbouring batches, in [0, 0.8]
	// Deff is the design effect: how many times larger the variance of a share
	// is than it would be were the N requests independent. Rho is included.
	Deff float64
	// Effective is the number of independent requests that would tell as much,
	// in [0, N]. 0: nothing can be said.
	Effective float64
}

// Effective finds the effective number of requests from the batches of a run,
// in order of time, batches without requests included:
//
//	n     = sum m_b                                     requests
//	s     = sum e_b / n                                 share of hits
//	d_b   = e_b - s m_b                                 surplus of hits in batch b
//	v     = B/(B-1) sum d_b^2 / n^2                     variance of s
//	rho   = clip(sum_{b<B} d_b d_{b+1} / sum d_b^2, 0, 0.8)     0 if all d are 0
//	deff  = v (1+rho)/(1-rho) / (s (1-s) / n)           1 if s is 0 or 1
//	nstar = min(n, n/deff (z_{1-alpha/2} / t_{1-alpha/2,B-1})^2)    n if deff is 0
//
// with m_b = Batch.N, e_b = Batch.Hits, B batches, and z and t the quantiles
// of the normal and of Student's distribution. v is the variance of a ratio
// under cluster sampling (Cochran, Sampling Techniques, 3rd ed. 1977, section
// 2.11), its quotient with that of a simple random sample the design effect
// (Kish, Survey Sampling, 1965, section 8.2), the factor of rho the variance
// of the mean of an autoregressive series of order 1, and the factor of z and
// t the price of having estimated v from B numbers (Korn and Graubard,
// Confidence intervals for proportions with small expected number of positive
// counts estimated from survey data, Survey Methodology 24, 1998).
//
// When fewer than MinBatches batches hold a request, Effective is 0: requests from
// one corner of the run say nothing about the rest. It is 0 as well when a count is
// impossible.
func Effective(batches []Batch, alpha float64) Evidence {
	return effective(batches, caution(len(batches), alpha))
}

// effective is Effective for a given (z/t)^2.
func effective(batches []Batch, caution float64) Evidence {
	n, e, filled, ok := total(batches)
	if !ok {
		return Evidence{}
	}
	if filled < MinBatches || caution == 0 {
		return Evidence{N: n}
	}
	s := e / n
	d := make([]float64, len(batches))
	for b, batch := range batches {
		d[b] = batch.Hits - s*batch.N
	}
	rho := neighbours(d)
	deff := 1.0
	if e > 0 && e < n {
		B := float64(len(d))
		v := B / (B - 1) * squares(d) / (n * n)
		deff = v * (1 + rho) / (1 - rho) / (s * (1 - s) / n)
	}
	nstar := n
	if deff > 0 {
		nstar = min(n, n/deff*caution)
	}
	return Evidence{N: n, Rho: rho, Deff: deff, Effective: nstar}
}

// total adds the batches up and counts those that hold a request; false if one is
// impossible.
func total(batches []Batch) (n, hits float64, filled int, ok bool) {
	for _, b := range batches {
		if !number(b.N) || !(b.Hits >= 0 && b.Hits <= b.N) {
			return 0, 0, 0, false
		}
		n += b.N
		hits += b.Hits
		if b.N > 0 {
			filled++
		}
	}
	return n, hits, filled, true
}

// neighbours is rho of Effective, for deviations d in order of time.
func neighbours(d []float64) float64 {
	all := squares(d)
	if all == 0 {
		return 0
	}
	var products float64
	for b := range len(d) - 1 {
		products += d[b] * d[b+1]
	}
	return min(max(products/all, 0), 0.8)
}

func squares(d []float64) float64 {
	var sum float64
	for _, x := range d {
		sum += x * x
	}
	return sum
}

// caution is (z_{1-alpha/2} / t_{1-alpha/2,B-1})^2, below 1; 0 where B or
// alpha allow no interval.
func caution(batches int, alpha float64) float64 {
	if batches < MinBatches || !confidence(alpha) {
		return 0
	}
	ratio := normal(1-alpha/2) / student(batches-1).quantile(1-alpha/2)
	return ratio * ratio
}

// RealRequests is the number of requests that count as the effective number at a
// design effect of 1: effective (t/z)^2, with t and z as in Effective;
// 1.14 times as many at 20 batches, 1.72 times at 6. Where the design effect
// is known, multiply by it. math.MaxInt64 where no number is enough: fewer
// than MinBatches batches.
//
// The result is rounded to the nearest request. The design effect is itself
// an estimate that scatters about 1, so a fraction of a request decides
// nothing: 72 effective requests are 82 real ones at 20 batches.
func RealRequests(effective float64, batches int, alpha float64) int64 {
	return whole(math.Round(effective / caution(batches, alpha)))
}

// whole converts a number of requests; math.MaxInt64 where there is none that
// large, or none at all.
func whole(n float64) int64 {
	if n >= 0 && n < math.MaxInt64 {
		return int64(n)
	}
	return math.MaxInt64
}
