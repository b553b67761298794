package stat_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/stat"
)

func TestChance(t *testing.T) {
	// docs/statistics.md, section 3, simulated apart from this code: the chance
	// that one endpoint is shown to pass its p95 at 20 batches.
	for _, row := range []struct {
		requests int64
		ratio    float64
		want     float64
	}{{82, .5, .40}, {82, .7, .18}, {200, .5, .97}, {200, .7, .83}, {300, .5, .99}, {300, .7, .96}, {300, .8, .71}} {
		if got := stat.Chance(.95, row.requests, 20, row.ratio, .05); math.Abs(got-row.want) > .04 {
			t.Errorf("Chance(p95 at %g of its limit, %d requests) = %.3f, want %.2f",
				row.ratio, row.requests, got, row.want)
		}
	}
	for _, row := range []struct {
		name      string
		p         float64
		requests  int64
		batches   int
		ratio     float64
		low, high float64
	}{
		{"on the limit", .95, 10000, 20, 1, 0, .05},
		{"beyond the limit", .95, 10000, 20, 1.3, 0, 1e-6},
		{"far inside", .99, 1e9, 20, .9, .999, 1},
		{"no latency at all", .95, 10000, 20, 0, 1, 1},
		{"too few requests", .99, 200, 20, .01, 0, 0},
		{"too few batches", .95, 10000, 5, .5, 0, 0},
		{"no requests", .95, 0, 20, .5, 0, 0},
		{"no ratio", .95, 100, 20, math.NaN(), 0, 0},
		{"no quantile", 1, 1000, 20, .5, 0, 0},
	} {
		if got := stat.Chance(row.p, row.requests, row.batches, row.ratio, .05); !(got >= row.low && got <= row.high) {
			t.Errorf("%s: Chance = %g, want in [%g, %g]", row.name, got, row.low, row.high)
		}
	}
}

func TestRateChance(t *testing.T) {
	for _, row := range []struct {
		name      string
		events    float64
		batches   int
		ratio     float64
		low, high float64
	}{
		{"on the floor", 3000, 20, 1, 0, .05},
		{"below the floor", 3000, 20, 1.2, 0, 0},
		// 3000 ± 55 events: a floor at 0.9 is 5.5 standard deviations away.
		{"well above", 3000, 20, .9, .98, 1},
		{"any rate reaches 0", 3000, 20, 0, 1, 1},
		{"no events", 0, 20, .5, 0, 0},
		{"no number of events", math.NaN(), 20, .5, 0, 0},
		{"too few batches", 3000, 5, .5, 0, 0},
	} {
		even := slices.Repeat([]float64{row.events / float64(row.batches)}, row.batches)
		got := stat.RateChance(even, row.ratio*even[0], .05)
		if !(got >= row.low && got <= row.high) {
			t.Errorf("%s: RateChance = %g, want in [%g, %g]", row.name, got, row.low, row.high)
		}
	}
	// A load of two levels has the same mean, and a spread in which a floor near it cannot be shown.
	uneven := append(slices.Repeat([]float64{30}, 10), slices.Repeat([]float64{270}, 10)...)
	if got := stat.RateChance(uneven, .9*150, .05); got > .05 {
		t.Errorf("two levels: RateChance = %g, want at most 0.05", got)
	}
	if got := stat.RateChance([]float64{1, 2, -1, 4, 5, 6}, 1, .05); got != 0 {
		t.Errorf("fewer events than none: RateChance = %g", got)
	}
}

func TestChanceNeverFallsWithRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]float64{.5, .9, .95, .99}).Draw(t, "p")
		n := rapid.Int64Range(1, 5000).Draw(t, "n")
		batches := rapid.IntRange(6, 20).Draw(t, "batches")
		near := rapid.Float64Range(0, 2).Draw(t, "near")
		far := rapid.Float64Range(0, near).Draw(t, "far")
		less, more := stat.Chance(p, n, batches, near, .05), stat.Chance(p, n, batches, far, .05)
		if !(0 <= less && less <= more && more <= 1+1e-12) {
			t.Fatalf("Chance at %g = %g, at %g = %g", near, less, far, more)
		}
		if again := stat.Chance(p, n, batches, near, .05); again != less {
			t.Fatalf("Chance = %g, then %g", less, again)
		}
	})
}

func BenchmarkChance(b *testing.B) {
	for b.Loop() {
		stat.Chance(.95, 300, 20, .7, .05)
	}
}

func TestCountChance(t *testing.T) {
	for _, tt := range []struct {
		expected float64
		atLeast  int64
		want     float64
	}{
		{736, 736, 0.5}, {1000, 736, 1}, {500, 736, 0}, {0, 1, 0}, {math.NaN(), 1, 0}, {0, 0, 1},
		{2, 1, 1 - math.Exp(-2)},
	} {
		if got := stat.CountChance(tt.expected, tt.atLeast); math.Abs(got-tt.want) > 0.02 {
			t.Errorf("CountChance(%v, %d) = %v, want about %v", tt.expected, tt.atLeast, got, tt.want)
		}
	}
}
