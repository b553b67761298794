package thresholds

import (
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
)

// waitOf reads the wait of a group or step; false: none is written.
func waitOf(b *builder, v *grammar.Value) (config.Wait, bool) {
	wait, pacing := v.Get("wait"), v.Get("pacing")
	switch {
	case pacing != nil:
		span := grammar.Or(pacing, grammar.Extent{})
		return config.Wait{Min: span.Low, Max: span.High, Pacing: true}, true
	case wait == nil:
		return config.Wait{}, false
	case wait.Kind != grammar.ObjectKind:
		span := grammar.Or(wait, grammar.Extent{})
		return config.Wait{Min: span.Low, Max: span.High}, true
	}
	w := config.Wait{Mean: grammar.Or(wait.Get("exponential"), time.Duration(0))}
	w.Max = grammar.Or(wait.Get("max"), grammar.LongestWait*w.Mean)
	if most := wait.Get("max"); most != nil && w.Max < w.Mean {
		b.Add(most.Pos, most.Path, "is shorter than the mean, %s; write a longer one, or leave it out", w.Mean)
	}
	return w, true
}
