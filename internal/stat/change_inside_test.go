package stat

import (
	"math"
	"testing"
)

// What the vector of the change points (docs/statistics.md, section 10) gives
// on the way; no caller sees it.
func TestChangesOnTheWay(t *testing.T) {
	values := []float64{182, 190, 176, 201, 188, 185, 179, 195,
		183, 192, 186, 420, 181, 189, 184, 231, 240, 226, 238, 229, 244, 233, 236, 228, 241, 235, 230, 239}
	y := make([]float64, len(values))
	for i, v := range values {
		y[i] = math.Log(v)
	}
	sigma := restlessness(y)
	if math.Abs(sigma-.056933) > 0.5e-6 {
		t.Errorf("sigma = %.6f, want .056933", sigma)
	}
	if pen := 4 * math.Log(50) * sigma * sigma; math.Abs(pen-.050722) > 0.5e-6 {
		t.Errorf("pen = %.6f, want .050722", pen)
	}
	for i, calm := range withoutOutliers(y, sigma) {
		want := values[i]
		if i == 11 {
			want = 184.997
		}
		if got := math.Exp(calm); math.Abs(got-want) > 0.5e-3 {
			t.Errorf("value %d = %.3f, want %.3f", i, got, want)
		}
	}
}
