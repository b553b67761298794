package plan

import (
	"math/rand/v2"

	"github.com/loadgate/loadgate/internal/trace"
)

// Tracer decides for one request of a user after another whether it is sampled, and draws the ids of those that are:
// seed, user and the number of the request decide, on any machine and in any shard. Not safe for concurrent use.
type Tracer struct {
	chance rand.PCG
	share  float64
}

// Tracer is the user's. It samples the share of the file, and every request of the try-out: there is one of each
// step, and somebody wants to see whether its id arrives.
func (u User) Tracer() Tracer {
	t := Tracer{share: u.plan.Config.Trace.Sample}
	if u.aside != inRun {
		u.life-- // before all lives of the run
		t.share = 1
	}
	t.chance = u.source(traceStream)
	return t
}

// Split returns another one with ids of its own, for requests that are sent at the same time.
func (t *Tracer) Split() Tracer {
	other := *t
	other.chance.Seed(t.chance.Uint64(), t.chance.Uint64())
	return other
}

// Next is the context of the next request; zero: it is not sampled.
func (t *Tracer) Next() trace.Context {
	const numbers = 1 << 53 // as many as a float64 tells apart
	if float64(t.chance.Uint64()>>11) >= t.share*numbers {
		return trace.Context{}
	}
	return trace.Draw(&t.chance)
}
