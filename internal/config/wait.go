package config

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/config/grammar"
)

// Wait is how long a user thinks before its next request. The zero value is not at all.
type Wait struct {
	// Min and Max bound it, and it is drawn evenly in between. With a Mean it is drawn of an exponential
	// distribution with that mean, and what is longer than Max is Max.
	Min, Max time.Duration
	Mean     time.Duration
	// Pacing counts it from the intended start of the request before, not from its end. A request that takes longer
	// is followed by the next at once.
	Pacing bool
}

// Expected is the mean wait. That of an exponential distribution, cut at Max, is
// Mean × (1 − e^(−Max/Mean)).
func (w Wait) Expected() time.Duration {
	if w.Mean > 0 {
		return time.Duration(float64(w.Mean) * -math.Expm1(-float64(w.Max)/float64(w.Mean)))
	}
	return (w.Min + w.Max) / 2
}

// None says whether there is no wait, so that requests follow as fast as they are answered.
func (w Wait) None() bool { return w.Max == 0 }

// waitOf reads the wait of a group or step; false: none is written.
func waitOf(b *builder, v *grammar.Value) (Wait, bool) {
	wait, pacing := v.Get("wait"), v.Get("pacing")
	switch {
	case pacing != nil:
		span := grammar.Or(pacing, grammar.Extent{})
		return Wait{Min: span.Low, Max: span.High, Pacing: true}, true
	case wait == nil:
		return Wait{}, false
	case wait.Kind != grammar.ObjectKind:
		span := grammar.Or(wait, grammar.Extent{})
		return Wait{Min: span.Low, Max: span.High}, true
	}
	w := Wait{Mean: grammar.Or(wait.Get("exponential"), time.Duration(0))}
	w.Max = grammar.Or(wait.Get("max"), grammar.LongestWait*w.Mean)
	if most := wait.Get("max"); most != nil && w.Max < w.Mean {
		b.Add(most.Pos, most.Path, "is shorter than the mean, %s; write a longer one, or leave it out", w.Mean)
	}
	return w, true
}
