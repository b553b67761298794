package stat_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/stat"
)

func TestTrend(t *testing.T) {
	for _, row := range []struct {
		source            string
		w                 []float64
		slope, s, f, z, p float64
	}{
		{vectors, []float64{10.1, 10.4, 10.0, 10.6, 10.5, 10.9,
			10.7, 11.2, 11.0, 11.1, 11.6, 11.3, 11.5, 11.9, 11.8, 12.1},
			.1275, 102, 1, 4.547274, .000003},
		{vectors, []float64{5, 5.2, 5.1, 5.6, 5.5, 5.4, 5.0, 4.8, 4.9, 5.3, 5.6, 5.7, 5.6, 5.2, 5.1, 5.3},
			.0125, 15, 3.217244, .354174, .361604},
		{"no change", repeat(30, 5), 0, 0, 1.061848, 0, .5},
	} {
		d, ok := stat.Trend(row.w)
		if !ok || d.N != len(row.w) {
			t.Errorf("%s: Trend(%v) = %+v, %v", row.source, row.w, d, ok)
		}
		near(t, row.source+": slope", d.Slope, row.slope, digits)
		near(t, row.source+": S", d.S, row.s, 0)
		near(t, row.source+": f", d.F, row.f, digits)
		near(t, row.source+": z", d.Z, row.z, digits)
		near(t, row.source+": p", d.P, row.p, digits)
		near(t, row.source+": rise", d.Rise, math.Exp(row.slope*float64(len(row.w)-1))-1, digits)
	}
	up, _ := stat.Trend([]float64{10.1, 10.4, 10.0, 10.6, 10.5,
		10.9, 10.7, 11.2, 11.0, 11.1, 11.6, 11.3, 11.5, 11.9, 11.8, 12.1})
	near(t, "p of the first", up.P*1e6, 2.717259, digits) // docs/statistics.md: 2.717259e-06
}

// A straight line of values is a curve of logarithms, in which Trend takes the
// bend for memory.
func TestLatencyTrend(t *testing.T) {
	line, curve, steep := make([]float64, 20), make([]float64, 20), make([]float64, 20)
	for j := range line {
		wobble := []float64{0, .02, -.01, .01, -.02}[j*3%5]
		line[j] = math.Log(100+20*float64(j)) + wobble
		curve[j] = math.Log(100) + float64(j)/12 + wobble
		steep[j] = math.Log(1+50*float64(j)) + wobble
	}
	for _, row := range []struct {
		name        string
		w           []float64
		straight    bool
		f, p1e9     float64
		rise, alone float64 // alone is p by logarithms alone
	}{
		{"line", line, true, 1.138750, 4.561741, 3.770355, .013387},
		{"curve", curve, false, 1.085901, 1.997068, 3.871166, 0},
		{"from nearly nothing", steep, true, 1.047088, 1.033167, 702.598496, .014719},
	} {
		d, ok := stat.LatencyTrend(row.w)
		if !ok || d.Straight != row.straight || d.N != 20 || d.S != 190 {
			t.Errorf("%s: LatencyTrend = %+v, %v", row.name, d, ok)
		}
		near(t, row.name+": f", d.F, row.f, digits)
		near(t, row.name+": p", d.P*1e9, row.p1e9, digits)
		near(t, row.name+": rise", d.Rise, row.rise, digits)
		bent, _ := stat.Trend(row.w)
		near(t, row.name+": p by logarithms alone", bent.P, row.alone, digits)
	}
	if d, ok := stat.LatencyTrend([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}); ok {
		t.Errorf("LatencyTrend of nine = %+v", d)
	}
	if d, ok := stat.LatencyTrend([]float64{700, 710, 720, 730, 740, -740, -730, -720, -710, -700}); d.Straight || !ok {
		t.Errorf("LatencyTrend of values beyond float64 = %+v, %v", d, ok)
	}
}

func TestTrendNeedsSlots(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	ramp := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	for name, w := range map[string][]float64{
		"nothing": nil, "nine": ramp, "nine and holes": append(slices.Clone(ramp), nan, inf, -inf),
		"beyond float64": {1e308, -1e308, 1e308, -1e308, 1e308, -1e308, 1e308, -1e308, 1e308, -1e308, 1e308},
	} {
		if d, ok := stat.Trend(w); ok && d.P < stat.WithinError {
			t.Errorf("%s: Trend(%v) = %+v", name, w, d)
		}
	}
	// A hole keeps the others in their places.
	d, ok := stat.Trend([]float64{0, 1, 2, nan, 4, 5, 6, 7, 8, 9, nan, nan, 12})
	if !ok || d.N != 10 || d.Slope != 1 || math.Abs(d.Rise-math.Expm1(12)) > 1e-6 {
		t.Errorf("Trend with holes = %+v, %v, want slope 1 and rise exp(12) - 1", d, ok)
	}
}

func TestTrendSlots(t *testing.T) {
	for _, row := range []struct {
		measured time.Duration
		want     int
	}{{time.Minute, 20}, {300*time.Second - 1, 20}, {300 * time.Second, 30}, {time.Hour, 30}} {
		if got := stat.TrendSlots(row.measured); got != row.want {
			t.Errorf("TrendSlots(%v) = %d, want %d", row.measured, got, row.want)
		}
	}
}

func TestTrendDoesNotDependOnUnitAndTurnsWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SliceOfN(rapid.IntRange(0, 40), stat.MinTrend, 30).Draw(t, "w")
		w, moved, back := make([]float64, len(whole)), make([]float64, len(whole)), make([]float64, len(whole))
		for j, v := range whole {
			w[j] = float64(v) / 8
			moved[j] = w[j] + 2
			back[len(back)-1-j] = w[j]
		}
		d, _ := stat.Trend(w)
		m, _ := stat.Trend(moved)
		b, _ := stat.Trend(back)
		if m.S != d.S || m.Slope != d.Slope || d.F < 1 || b.S != -d.S || b.Slope != -d.Slope {
			t.Fatalf("Trend = %+v, moved %+v, turned %+v", d, m, b)
		}
	})
}
