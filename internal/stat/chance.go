package stat

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// draws is the number of simulated runs for one chance, strata the number that is
// judged in full: every twentieth, ordered by evidence. The standard error of a
// chance is below two percentage points.
const (
	draws  = 800
	strata = 40
)

// logSD is the spread of imagined latencies: the standard deviation of their
// natural logarithms.
const logSD = 0.5

// Chance is the chance, in [0,1], that a run shows a latency to keep its limit
// when the true quantile p, in (0,1), is ratio times the limit. The run is
// expected to hold n requests in that many batches (their number is Poisson),
// independent of each other and lognormal with a standard deviation of the
// logarithms of 0.5. Correlated requests do worse: read n as n / deff then.
//
// It imagines runs and applies to them what is applied to real ones
// (Effective, QuantileRanks, AgainstCeiling), with a seed of its own, so that
// equal arguments give equal answers. Half of a run need not be imagined: the
// batch of a request says nothing about its latency, so the runs differ only
// in where their slowest requests fell, and that enough of the others kept the
// limit is a binomial probability. Hence the chance never falls when ratio
// does, and its cost does not depend on n.
func Chance(p float64, n int64, batches int, ratio, alpha float64) float64 {
	caution := caution(batches, alpha)
	if !(p > 0 && p < 1) || !(ratio >= 0) || n <= 0 || caution == 0 {
		return 0
	}
	imagine := newImagination(batches)
	runs := make([]Evidence, draws)
	for i := range runs {
		requests := imagine.chance.poisson(float64(n))
		rank := math.Ceil(p*requests - tolerance)
		runs[i] = effective(imagine.dealt(requests-rank, rank), caution)
	}
	slices.SortFunc(runs, func(a, b Evidence) int { return cmp.Compare(a.Effective, b.Effective) })
	slower := normalAbove(normal(p) - math.Log(ratio)/logSD)
	var sum float64
	for i := range strata {
		run := runs[(2*i+1)*draws/(2*strata)]
		requests := int64(run.N)
		if upper := QuantileRanks(p, requests, run.Effective, alpha).Upper; upper > 0 {
			sum += binomialAtMost(requests-upper, requests, slower)
		}
	}
	return sum / strata
}

// RateChance is the chance, in [0,1], that a run shows a rate to reach its
// floor, in events a batch. The run expects so many events in each batch,
// independent of each other (Poisson); users who wait for their answers arrive
// more evenly and do better. A load that changes expects other numbers in other
// batches, and their spread counts against it as it does in Rate. It imagines
// runs as Chance does.
func RateChance(expected []float64, floor, alpha float64) float64 {
	sum := 0.0
	for _, n := range expected {
		if !(n >= 0) {
			return 0
		}
		sum += n
	}
	batches := len(expected)
	if !number(sum) || sum <= 0 || !(floor >= 0) || caution(batches, alpha) == 0 {
		return 0
	}
	imagine := newImagination(batches)
	t := student(batches - 1).quantile(1 - alpha/2)
	perBatch := make([]float64, batches)
	shown := 0
	for range draws {
		for b, n := range expected {
			perBatch[b] = imagine.chance.poisson(n)
		}
		r, ok := rate(perBatch, t)
		if ok && AgainstFloor(r.Low, r.High, floor) == Within {
			shown++
		}
	}
	return float64(shown) / draws
}

// imagination makes up runs. Its chance is seeded: it makes up the same runs
// each time.
type imagination struct {
	chance  chance
	batches []Batch
}

func newImagination(batches int) *imagination {
	return &imagination{chance{rand.New(rand.NewPCG(1934, 26))}, make([]Batch, batches)}
}

// dealt deals hits and other requests to the batches, each to any batch with
// equal chance. The next run overwrites the batches.
func (im *imagination) dealt(hits, others float64) []Batch {
	for b := range im.batches {
		p := 1 / float64(len(im.batches)-b)
		hit, other := im.chance.binomial(hits, p), im.chance.binomial(others, p)
		im.batches[b] = Batch{N: hit + other, Hits: hit}
		hits -= hit
		others -= other
	}
	return im.batches
}

// CountChance is the chance, in [0,1], that a run in which so many requests
// are expected, independent of each other (Poisson), holds at least a number
// of them.
func CountChance(expected float64, atLeast int64) float64 {
	switch {
	case atLeast <= 0:
		return 1
	case !number(expected) || expected <= 0:
		return 0
	}
	return poissonAtLeast(float64(atLeast), expected)
}
