package stat_test

import (
	"math"
	"testing"

	"github.com/loadgate/loadgate/internal/stat"
)

func TestCoincidence(t *testing.T) {
	// A hundred slots of two parts, each marked with probability 0.1: both are in
	// one of them. P(Poisson(1) >= 3) = 1 - 2.5/e.
	asked, need := make([]int, 100), make([]int, 100)
	for i := range asked {
		asked[i], need[i] = 2, 2
	}
	if got, want := stat.Coincidence(asked, need, 0.1, 3), 1-2.5/math.E; math.Abs(got-want) > 1e-12 {
		t.Errorf("Coincidence() = %v, want %v", got, want)
	}
	if got := stat.Coincidence(asked, need, 0.1, 0); got != 1 {
		t.Errorf("nothing seen: %v", got)
	}
	if got := stat.Coincidence(asked, need, 0, 3); got != 0 {
		t.Errorf("what cannot be was seen: %v", got)
	}
	// One of three or more: 1 - 0.9^3, once.
	if got, want := stat.Coincidence([]int{3}, []int{1}, 0.1, 1), 1-math.Exp(-(1-0.729)); math.Abs(got-want) > 1e-12 {
		t.Errorf("Coincidence() = %v, want %v", got, want)
	}
}
