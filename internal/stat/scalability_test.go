package stat_test

import (
	"math"
	"testing"

	"github.com/loadgate/loadgate/internal/stat"
)

// What was made by the law is found again, whichever of its terms are there.
func TestFitScalability(t *testing.T) {
	n := []float64{1, 2, 4, 8, 16, 32, 64}
	for name, law := range map[string]stat.Scalability{
		"linear":     {Lambda: 40},
		"contention": {Lambda: 40, Sigma: 0.05},
		"both":       {Lambda: 995.6486, Sigma: 0.02671591, Kappa: 0.0007690945},
		"coherency":  {Lambda: 40, Kappa: 0.001},
	} {
		t.Run(name, func(t *testing.T) {
			var x []float64
			for _, at := range n {
				x = append(x, law.Throughput(at))
			}
			got, ok := stat.FitScalability(n, x)
			if !ok || math.Abs(got.Lambda/law.Lambda-1) > 1e-6 ||
				math.Abs(got.Sigma-law.Sigma) > 1e-6 || math.Abs(got.Kappa-law.Kappa) > 1e-6 || got.Error > 1e-6 {
				t.Errorf("FitScalability() = %+v, %v, want %+v", got, ok, law)
			}
		})
	}
	if peak := (stat.Scalability{Lambda: 1, Sigma: 0.02671591, Kappa: 0.0007690945}).Peak(); math.Abs(
		peak-35.57) > 0.01 {
		t.Errorf("Peak() = %v, want 35.57", peak)
	}
	for name, points := range map[string][2][]float64{
		"too few":     {{1, 2, 3}, {1, 2, 3}},
		"all alike":   {{5, 5, 5, 5}, {1, 9, 2, 30}},
		"one load":    {{5, 5, 5, 5}, {10, 10.1, 9.9, 10}},
		"nothing":     {{1, 2, 3, 4}, {0, 1, 2, 3}},
		"no such law": {{1, 2, 4, 8}, {10, 1, 90, 2}},
	} {
		if got, ok := stat.FitScalability(points[0], points[1]); ok {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
