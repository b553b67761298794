package plan

import (
	"iter"
	"math"
	"math/rand/v2"
	"time"
)

// Arrival is the moment at which a user of a group takes its next step.
type Arrival struct {
	At    time.Duration // since the start of the run
	Group *Group
}

// arrivalStream is the stream of chance of the arrivals, beside those of user
// 0.
const arrivalStream = 3

// Arrivals are those of the shard, ascending, without end unless the load
// comes down to nothing. The seed decides them all: every shard deals the
// whole run's like cards and keeps its own. Of a closed load there are none.
//
// With L(t) the level and A(t) its integral, arrival j comes at A^-1(a_j). For
// even arrivals a_j = j; for a Poisson process a_j is the sum of j+1 draws from
// the exponential distribution of mean 1 (time rescaling: Çinlar, Introduction
// to Stochastic Processes, 1975, section 4.7).
func (p *Plan) Arrivals() iter.Seq[Arrival] {
	return func(yield func(Arrival) bool) {
		if !p.Open {
			return
		}
		chance := rand.New(rand.NewPCG(p.Seed, arrivalStream))
		walk := arrivalWalk{curve: p.curve}
		due := 0.0
		for j := 0; ; j++ {
			if p.Even {
				due = float64(j)
			} else {
				due += chance.ExpFloat64()
			}
			group := p.draw(chance)
			at, ok := walk.when(due)
			if !ok || j%p.Shard.N == p.Shard.K-1 && !yield(Arrival{at, group}) {
				return
			}
		}
	}
}

// Due is the mean number of the shard's arrivals between two times.
func (p *Plan) Due(from, until time.Duration) float64 {
	if !p.Open {
		return 0
	}
	return (p.curve.area(until) - p.curve.area(from)) / float64(max(p.Shard.N, 1))
}

// draw chooses a group by its weight.
func (p *Plan) draw(chance *rand.Rand) *Group {
	at := float64(chance.Float64() * p.weight)
	for i := range p.Groups {
		if at -= p.Groups[i].Weight; at < 0 {
			return &p.Groups[i]
		}
	}
	return &p.Groups[len(p.Groups)-1]
}

// arrivalWalk finds the times of arrivals in their order.
type arrivalWalk struct {
	curve  loadCurve
	leg    int
	before float64 // integral of the legs before it
}

// when is the time at which the integral of the level is so much; false where
// it never will be. Of a leg from level l and with slope s, the integral is a
// after t seconds, with
//
//	a = l t + s t^2/2, t = 2a / (l + sqrt(l^2 + 2 s a))
//
// in the form that does not cancel where s is small.
func (w *arrivalWalk) when(due float64) (time.Duration, bool) {
	for ; ; w.leg++ {
		l := w.curve[w.leg]
		a := due - w.before
		last := w.leg == len(w.curve)-1
		if whole := l.area(l.length.Seconds()); a >= whole && !last {
			w.before += whole
			continue
		}
		root := l.from*l.from + 2*l.slope*a
		if divisor := l.from + math.Sqrt(max(0, root)); divisor > 0 {
			seconds := 2 * a / divisor
			return l.start + time.Duration(math.Round(seconds*float64(time.Second))), seconds < maxRun.Seconds()
		}
		if last {
			return 0, false
		}
		// The very start of a ramp from nothing.
		return l.start, true
	}
}

// maxRun bounds what is thought of as a run: a rate of one arrival in a
// hundred years is none.
const maxRun = 20_000 * time.Hour
