package stat_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/stat"
)

func TestHolm(t *testing.T) {
	nan := math.NaN()
	for _, row := range []struct {
		source  string
		p, want []float64
	}{
		{vectors, []float64{.001, .02, .03, .004, .2, .0005, .6, .04},
			[]float64{.007, .1, .12, .024, .4, .004, .6, .12}},
		{"one", []float64{.03}, []float64{.03}},
		{"none", nil, nil},
		{"what was not tested does not count", []float64{nan, .02, nan, .03}, []float64{nan, .04, nan, .04}},
		{"no chance is above 1", []float64{.7, .8}, []float64{1, 1}},
	} {
		got := stat.Holm(row.p)
		if len(got) != len(row.want) {
			t.Errorf("%s: Holm(%v) = %v, want %v", row.source, row.p, got, row.want)
			continue
		}
		for i, want := range row.want {
			if math.IsNaN(want) {
				if !math.IsNaN(got[i]) {
					t.Errorf("%s: Holm(%v)[%d] = %v, want NaN", row.source, row.p, i, got[i])
				}
				continue
			}
			near(t, row.source, got[i], want, digits)
		}
	}
}

func TestHolmIsNeverBelowP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "p")
		adjusted := stat.Holm(p)
		for i := range p {
			if adjusted[i] < p[i] || adjusted[i] > 1 {
				t.Fatalf("Holm(%v)[%d] = %g", p, i, adjusted[i])
			}
			for j := range p {
				if p[i] <= p[j] && adjusted[i] > adjusted[j] {
					t.Fatalf("Holm(%v) = %v changes the order", p, adjusted)
				}
			}
		}
	})
}
