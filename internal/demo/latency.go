package demo

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// latency draws how long one route's requests take. It is safe for concurrent use.
type latency struct {
	median time.Duration
	spread float64
	slow   []Slow // of this route
	fail   []Fail

	mu  sync.Mutex
	rng *rand.Rand
}

// newLatency gives a route a source of its own, so that calls to one route change
// nothing about the others.
func newLatency(r *route, seed uint64, slow []Slow, fail []Fail) *latency {
	h := fnv.New64a()
	_, _ = h.Write([]byte(r.name())) // a hash never fails
	return &latency{median: r.median, spread: r.spread, slow: slow, fail: fail,
		rng: rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// draw returns a time, lognormal about the median and what is added to it, and
// whether the request shall fail. It always takes two numbers, so that to switch failures on moves
// no time.
func (p *latency) draw(c *clock) (took time.Duration, fails bool) {
	median, more, failing := p.median, time.Duration(0), 0.0
	for _, slow := range p.slow {
		if !c.reached(slow.From) {
			continue
		}
		median += time.Duration(slow.More * float64(median))
		if slow.Median > 0 {
			more = slow.Median - median // something slow in front of it
		}
	}
	for _, fail := range p.fail {
		if c.reached(fail.From) {
			failing = fail.Share
		}
	}
	p.mu.Lock()
	z, luck := p.rng.NormFloat64(), p.rng.Float64()
	p.mu.Unlock()
	return max(0, time.Duration(float64(median)*math.Exp(p.spread*z))+more), luck < failing
}
