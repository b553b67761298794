package stat_test

import (
	"math"
	"testing"

	"github.com/loadgate/loadgate/internal/stat"
)

func TestSettling(t *testing.T) {
	last := []float64{4.62, 4.60, 4.65, 4.58, 4.61, 4.63, 4.59, 4.66, 4.64, 4.57, 4.61, 4.60, 4.62, 4.63, 4.58}
	first := []float64{5.10, 5.02, 4.97, 4.90, 4.88, 4.85}
	s, ok := stat.Settling(first, last)
	if !ok {
		t.Fatal("Settling is not ok")
	}
	near(t, "U", s.U, 90, 0)
	near(t, "p * 1e5", s.P*1e5, 1.842842, digits)
	near(t, "ratio", s.Ratio, 1.384031, digits)

	nan, inf := math.NaN(), math.Inf(1)
	for _, row := range []struct {
		name        string
		first, last []float64
		ok          bool
	}{
		{"nothing", nil, nil, false},
		{"no first", nil, last, false},
		{"only holes", []float64{nan, inf}, last, false},
		{"holes", []float64{nan, 5, inf, nan}, last, true},
		{"all equal", repeat(6, 5), repeat(15, 5), true},
		{"many that are equal", repeat(100, 5), repeat(100, 5), true},
		{"beyond float64", repeat(6, 1e308), repeat(15, -1e308), false},
		{"a faster beginning", last, first, true},
	} {
		s, ok := stat.Settling(row.first, row.last)
		if ok != row.ok || s.P < stat.WithinError && s.P != 0 || ok && !(s.P > stat.WithinError) {
			t.Errorf("%s: Settling = %+v, %v, want ok %v and nothing found", row.name, s, ok, row.ok)
		}
	}
}
