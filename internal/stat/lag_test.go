package stat_test

import (
	"math"
	"testing"

	"github.com/loadgate/loadgate/internal/stat"
)

// Milliseconds of three recorded runs beside the base of others, of which 15 %
// more is allowed.
func TestWithoutLag(t *testing.T) {
	for _, row := range []struct {
		q, lag, base float64
		left, ratio  float64
		ok, explains bool
	}{
		{54, 23.5, 28, 7, 0.25, true, true},
		{90.9, 12.5, 28, 65.9, 2.353571, true, false},
		{90.5, 57.3, 28, -24.1, 0, false, true},
		{50, 25, 28, 0, 0, false, true},
		{50, 0, 28, 50, 1.785714, true, false},
	} {
		left, ok := stat.WithoutLag(row.q, row.lag)
		if math.Abs(left-row.left) > 1e-9 || ok != row.ok {
			t.Errorf("WithoutLag(%v, %v) = %v, %v, want %v, %v", row.q, row.lag, left, ok, row.left, row.ok)
		}
		ratio := max(0, left) / row.base
		if math.Abs(ratio-row.ratio) > 5e-7 || (ratio < 1.15) != row.explains {
			t.Errorf("Q %v, l %v: %v times the base, want %v, explained by the lag %v",
				row.q, row.lag, ratio, row.ratio,
				row.explains)
		}
	}
}
