package stat_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/stat"
)

func TestChanges(t *testing.T) {
	values := []float64{182, 190, 176, 201, 188, 185, 179, 195,
		183, 192, 186, 420, 181, 189, 184, 231, 240, 226, 238, 229, 244, 233, 236, 228, 241, 235, 230, 239}
	nan := math.NaN()
	ramp := make([]float64, 30) // 1 % a run: differences without spread
	for i := range ramp {
		ramp[i] = .01 * float64(i)
	}
	for _, row := range []struct {
		name   string
		y      []float64
		index  []int
		levels []float64 // medians around each
	}{
		{vectors, logs(values...), []int{15}, []float64{185, 235}},
		{"a run without a value keeps the places", slices.Insert(logs(values...), 3, nan, math.Inf(-1)),
			[]int{17}, []float64{185, 235}},
		{"the same in another unit", logs(append(slices.Clone(values[15:]), values[:15]...)...),
			[]int{13}, []float64{235, 185}},
		{"nineteen runs", logs(values[9:]...), nil, nil},
		{"always the same", repeat(40, 18.42), nil, nil},
		{"below 5 %", append(repeat(20, 5), repeat(20, 5.04)...), nil, nil},
		{"nothing", nil, nil, nil},
		{"one outlier", append(append(repeat(20, 5), 9), repeat(20, 5)...), nil, nil},
		{"an outlier at the end", append(repeat(20, 5), 9), nil, nil},
		{"beyond float64", []float64{1e308, -1e308, 1e308, -1e308, 1e308, -1e308, 1e308, -1e308,
			1e308, -1e308, 1e308, -1e308, 1e308, -1e308, 1e308, -1e308, 1e308, -1e308, 1e308, -1e308}, nil, nil},
	} {
		got := stat.Changes(row.y)
		if len(got) != len(row.index) {
			t.Errorf("%s: Changes = %+v, want %v", row.name, got, row.index)
			continue
		}
		for i, c := range got {
			if c.Index != row.index[i] {
				t.Errorf("%s: Changes = %+v, want %v", row.name, got, row.index)
			}
			near(t, row.name+": before", math.Exp(c.Before), row.levels[i], .5)
			near(t, row.name+": after", math.Exp(c.After), row.levels[i+1], .5)
			near(t, row.name+": ratio", c.Ratio, math.Exp(c.After-c.Before), 1e-12)
		}
	}
}

func TestChangesDoNotDependOnUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(0, 1), rapid.Float64Range(2, 3)), 0, 60).Draw(t, "y")
		moved := slices.Clone(y)
		for i := range moved {
			moved[i] += 4
		}
		a, b := stat.Changes(y), stat.Changes(moved)
		if len(a) != len(b) {
			t.Fatalf("Changes = %+v, in another unit %+v", a, b)
		}
		for i := range a {
			last := 0
			if i > 0 {
				last = a[i-1].Index
			}
			if a[i].Index != b[i].Index || math.Abs(a[i].Ratio-1) < stat.MinChange ||
				a[i].Index < last || a[i].Index > len(y)-3 {
				t.Fatalf("Changes = %+v, in another unit %+v", a, b)
			}
		}
	})
}
