package stat_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/stat"
)

// With the runs that there are it is what is detectable now, and with more runs
// never more than that.
func TestDetectableWith(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 30).Draw(t, "runs")
		past := make([]float64, n)
		for i := range past {
			past[i] = rapid.Float64Range(0, 1).Draw(t, "y")
		}
		s := stat.AgainstPast([]stat.History{{Past: past, New: []float64{0.5}}}).Local[0]
		if !s.OK {
			t.Skip("no spread")
		}
		if now := s.DetectableWith(n); math.Abs(now-s.Detectable) > 1e-9*(1+s.Detectable) {
			t.Fatalf("with %d runs %v, and Detectable %v", n, now, s.Detectable)
		}
		before := s.Detectable * (1 + 1e-9)
		for more := n; more < n+40; more++ {
			after := s.DetectableWith(more)
			if !(after > 0) || after > before {
				t.Fatalf("%v with %d runs, and %v with one less", after, more, before)
			}
			before = after
		}
		if less := s.DetectableWith(n - 1); less != 0 {
			t.Fatalf("with fewer runs than there are: %v", less)
		}
	})
	if got := (stat.Shift{Runs: 3, DF: 2, ErrOne: 1}).DetectableWith(5); got != 0 {
		t.Errorf("of a shift that is not OK: %v", got)
	}
}
