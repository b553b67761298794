package config

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/expr"
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

// Poll is how a step is sent again and again until its answer says that something is done. The zero value sends it
// once.
type Poll struct {
	Until  *expr.Program // sees the answer; nil: the step is sent once
	Every  time.Duration // from an answer to the next request; above 0
	Within time.Duration // from the first request; above 0. The answer after which it would be over fails.
}
