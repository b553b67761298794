package demo

import (
	"context"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// pace draws how long one route's requests take. It is safe for concurrent use.
type pace struct {
	median time.Duration
	spread float64
	slow   []Slow // of this route
	fail   []Fail

	mu  sync.Mutex
	rng *rand.Rand
}

// newPace gives a route a source of its own, so that calls to one route change
// nothing about the others.
func newPace(r *route, o *Options) *pace {
	h := fnv.New64a()
	_, _ = h.Write([]byte(r.name())) // a hash never fails
	p := &pace{median: r.median, spread: r.spread, rng: rand.New(rand.NewPCG(o.Seed, h.Sum64()))}
	for _, slow := range o.Slow {
		if r.meant(slow.Endpoint) {
			p.slow = append(p.slow, slow)
		}
	}
	for _, fail := range o.Fail {
		if r.meant(fail.Endpoint) {
			p.fail = append(p.fail, fail)
		}
	}
	return p
}

// draw returns a time, lognormal about the median and what is added to it, and
// whether the request shall fail. It always takes two numbers, so that to switch failures on moves
// no time.
func (p *pace) draw(c *clock) (took time.Duration, fails bool) {
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

// sleepUntil returns the context's error when that ends first.
func sleepUntil(ctx context.Context, t time.Time) error {
	d := time.Until(t)
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
