package stat_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/stat"
)

func TestPairs(t *testing.T) {
	a := []float64{101.2, 98.7, 104.1, 99.9, 103.0, 100.4, 97.8, 102.2}
	b := []float64{109.8, 104.9, 112.0, 108.4, 107.1, 110.9, 103.2, 113.5}
	d := make([]float64, len(a))
	for j := range d {
		d[j] = math.Log(b[j]) - math.Log(a[j])
	}
	p, ok := stat.Pairs(d)
	if !ok || p.N != 8 {
		t.Fatalf("Pairs = %+v, %v", p, ok)
	}
	near(t, "mean", p.Mean, .074301, digits)
	near(t, "sd", p.SD, .022429, digits)
	near(t, "t", p.T, 9.369843, digits)
	near(t, "p", p.P, .000016, digits)
	near(t, "ratio", p.Ratio, 1.077131, digits)
	near(t, "low", p.Low, 1.057122, digits)
	near(t, "high", p.High, 1.097518, digits)

	for _, row := range []struct {
		name  string
		d     []float64
		ok    bool
		p, lo float64
	}{
		{"all larger by the same", repeat(5, .25), true, 0, math.Exp(.25)},
		{"all the same", repeat(5, 0), true, 1, 1},
		{"all smaller by the same", repeat(5, -.25), true, 1, math.Exp(-.25)},
		{"four pairs", repeat(4, .25), false, 0, 0},
		{"none", nil, false, 0, 0},
		{"one is not a number", append(repeat(9, .25), math.NaN()), false, 0, 0},
		{"one without end", append(repeat(9, .25), math.Inf(1)), false, 0, 0},
		{"beyond float64", []float64{1e308, -1e308, 1e308, -1e308, 1e308}, false, 0, 0},
	} {
		got, ok := stat.Pairs(row.d)
		if ok != row.ok || got.P != row.p || math.Abs(got.Low-row.lo) > 1e-12 {
			t.Errorf("%s: Pairs(%v) = %+v, %v, want p %g, low %g, %v", row.name, row.d, got, ok, row.p, row.lo, row.ok)
		}
	}
}

func TestPairsTurnedAround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SliceOfN(rapid.Float64Range(-1, 1), stat.MinPairs, 20).Draw(t, "d")
		back := slices.Clone(d)
		for j := range back {
			back[j] *= -1
		}
		slices.Reverse(back)
		one, _ := stat.Pairs(d)
		other, _ := stat.Pairs(back)
		if math.Abs(one.Ratio*other.Ratio-1) > 1e-9 || math.Abs(one.Low*other.High-1) > 1e-9 ||
			!(one.Low <= one.Ratio && one.Ratio <= one.High) {
			t.Fatalf("Pairs = %+v, turned around %+v", one, other)
		}
		if one.SD > 1e-9 && math.Abs(one.P+other.P-1) > 1e-9 {
			t.Fatalf("p = %g, turned around %g", one.P, other.P)
		}
	})
}
