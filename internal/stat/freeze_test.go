package stat_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/stat"
)

// frozen is 20 users with a cycle of 0.2 s, of whom each waited once for 8 s.
var frozen = []stat.Wait{{Latency: .001, Count: 2960, Cycle: .2}, {Latency: 8, Count: 20, Cycle: .2}}

func TestArrivalsVector(t *testing.T) {
	above, all := stat.ArrivalsAbove(frozen, 1)
	if above != 700 || all != 3760 {
		t.Errorf("%g of %g arrivals are above 1 s, want 700 of 3760", above, all)
	}
	q, ok := stat.ArrivalsQuantile(frozen, .95)
	if !ok || math.Abs(q-6.2) > 1e-6 {
		t.Errorf("p95 of arrivals = %g (%v), want 6.2", q, ok)
	}
}

// TestArrivalsOneByOne writes every arrival down and counts.
func TestArrivalsOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var waits []stat.Wait
		var each []float64
		for range rapid.IntRange(1, 6).Draw(t, "waits") {
			// Sixteenths are exact in float64.
			x := float64(rapid.IntRange(0, 200).Draw(t, "latency")) / 16
			c := float64(rapid.IntRange(0, 40).Draw(t, "cycle")) / 16
			n := rapid.IntRange(1, 5).Draw(t, "count")
			waits = append(waits, stat.Wait{Latency: x, Count: float64(n), Cycle: c})
			for range n {
				each = append(each, x)
				for y := x - c; c > 0 && y > 0; y -= c {
					each = append(each, y)
				}
			}
		}
		limit := float64(rapid.IntRange(0, 200).Draw(t, "limit")) / 16
		want := 0.0
		for _, x := range each {
			if x > limit {
				want++
			}
		}
		if above, all := stat.ArrivalsAbove(waits, limit); above != want || all != float64(len(each)) {
			t.Fatalf("%g of %g above %g, want %g of %d", above, all, limit, want, len(each))
		}
		p := rapid.Float64Range(.01, .99).Draw(t, "p")
		slices.Sort(each)
		rank := int(math.Ceil(p*float64(len(each)) - 1e-7))
		if q, ok := stat.ArrivalsQuantile(waits, p); !ok || math.Abs(q-each[rank-1]) > 1e-6 {
			t.Fatalf("quantile %g of %v = %g (%v), want %g", p, each, q, ok, each[rank-1])
		}
	})
}

func TestArrivalsOfNothing(t *testing.T) {
	for _, waits := range [][]stat.Wait{nil, {{Latency: 1, Count: 0}}, {{Latency: math.Inf(1), Count: 1}}} {
		if q, ok := stat.ArrivalsQuantile(waits, .95); ok {
			t.Errorf("quantile of %v = %g, want none", waits, q)
		}
	}
}

func TestIdle(t *testing.T) {
	for _, row := range []struct {
		name    string
		answers []float64
		want    []stat.Stretch
	}{
		{"nothing", nil, nil},
		{"busy", []float64{10, 9, 11, 10}, nil},
		{"two still seconds", []float64{10, 0, .1, 11, 10}, []stat.Stretch{{From: 1, To: 3, Hits: .1}}},
		{"a fiftieth is not still", []float64{10, .2, 10, 10}, nil},
		{"twice", []float64{0, 10, 10, 10, 0, 0}, []stat.Stretch{{From: 0, To: 1}, {From: 4, To: 6}}},
		{"too rare to tell", []float64{4, 4, 0, 4, 4}, nil},
	} {
		if got := stat.Idle(row.answers); !slices.Equal(got, row.want) {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}
