package hist_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/hist"
)

func of(durations ...time.Duration) *hist.Latency {
	l := new(hist.Latency)
	for _, d := range durations {
		l.Record(d)
	}
	return l
}

// anyDuration draws what a clock can yield and more: nothing, less than
// nothing, the scales of real answers, and beyond the range.
func anyDuration() *rapid.Generator[time.Duration] {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(0, int64(time.Millisecond)).Draw(t, "us"))
		}),
		rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(0, int64(time.Second)).Draw(t, "ms"))
		}),
		rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(0, int64(2*hist.Longest)).Draw(t, "min"))
		}),
		rapid.Custom(func(t *rapid.T) time.Duration { return time.Duration(rapid.Int64().Draw(t, "any")) }),
		rapid.SampledFrom([]time.Duration{0, 1, time.Microsecond - 1, time.Microsecond, 2048 * time.Microsecond,
			hist.Longest - 1, hist.Longest, hist.Longest + 1, math.MaxInt64, math.MinInt64}),
	)
}

func anyDurations() *rapid.Generator[[]time.Duration] { return rapid.SliceOfN(anyDuration(), 0, 60) }

// play is how far above a recorded duration its bucket may end: one
// microsecond or 0.1 % of it.
func play(d time.Duration) time.Duration { return max(time.Microsecond, d/1000) }

func TestZeroValueIsEmpty(t *testing.T) {
	var empty hist.Latency
	var absent *hist.Latency
	for name, l := range map[string]*hist.Latency{"zero": &empty, "nil": absent} {
		_, okQ := l.Quantile(.5)
		_, _, okR := l.Rank(1)
		if l.Count() != 0 || okQ || okR || l.Above(0) != 0 || l.Sparse() != nil {
			t.Errorf("%s: Count %d, Quantile %v, Rank %v, Above %d, Sparse %v",
				name, l.Count(), okQ, okR, l.Above(0), l.Sparse())
		}
		_, okMin := l.Min()
		_, okMax := l.Max()
		_, okMean := l.Mean()
		if okMin || okMax || okMean {
			t.Errorf("%s: Min, Max, Mean are %v, %v, %v, want none", name, okMin, okMax, okMean)
		}
		l.Each(func(low time.Duration, count int64) { t.Errorf("%s: Each(%v, %d)", name, low, count) })
	}
}

func TestRanksAgainstSortedDurations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		durations := anyDurations().Draw(t, "durations")
		l := of(durations...)
		for i, d := range durations {
			durations[i] = max(d, 0) // negative ones count as zero
		}
		slices.Sort(durations)
		n := int64(len(durations))
		if l.Count() != n {
			t.Fatalf("Count = %d, want %d", l.Count(), n)
		}
		if n == 0 {
			return
		}
		least, _ := l.Min()
		most, _ := l.Max()
		if least != durations[0] || most != durations[n-1] {
			t.Fatalf("Min, Max = %v, %v, want %v, %v", least, most, durations[0], durations[n-1])
		}
		if mean, _ := l.Mean(); mean < least || mean > most {
			t.Fatalf("Mean = %v outside %v ... %v", mean, least, most)
		}
		for r := int64(1); r <= n; r++ {
			want := durations[r-1]
			low, high, ok := l.Rank(r)
			if !ok || !(least <= low && low <= want && want <= high && high <= most) {
				t.Fatalf("Rank(%d) = %v ... %v, %v, want around %v in %v ... %v", r, low, high, ok, want, least, most)
			}
			if want < hist.Longest-hist.Longest/1000 && high > want+play(want) {
				t.Fatalf("Rank(%d) = %v, more than %v above %v", r, high, play(want), want)
			}
		}
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		_, high, _ := l.Rank(hist.Rank(q, n))
		if got, ok := l.Quantile(q); !ok || got != high {
			t.Fatalf("Quantile(%g) = %v, %v, want %v", q, got, ok, high)
		}
		for _, r := range []int64{math.MinInt64, -1, 0, n + 1, math.MaxInt64} {
			if low, high, ok := l.Rank(r); ok {
				t.Fatalf("Rank(%d) of %d = %v ... %v, want none", r, n, low, high)
			}
		}
	})
}

func TestBeyondCountsAgainstTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		durations := anyDurations().Draw(t, "durations")
		limit := anyDuration().Draw(t, "limit")
		l := of(durations...)
		above := int64(0)
		for _, d := range durations {
			if d > limit {
				above++
			}
		}
		got := l.Beyond(limit)
		reached := min(limit, hist.Longest) // one bucket holds all that is longer
		if got < above || got > l.Above(reached-reached/500-2*time.Microsecond) ||
			longest(durations) <= limit && got != 0 {
			t.Fatalf("Beyond(%v) of %v = %d, want %d and what shares the bucket of the limit",
				limit, durations, got, above)
		}
	})
}

func longest(durations []time.Duration) time.Duration {
	return slices.Max(append([]time.Duration{0}, durations...))
}

func TestAboveCountsWholeBuckets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		durations := anyDurations().Draw(t, "durations")
		l := of(durations...)
		// The durations above a quantile are those of higher ranks, but for the
		// ones that share its bucket.
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		value, ok := l.Quantile(q)
		if !ok {
			return
		}
		var above int64
		for r := int64(1); r <= l.Count(); r++ {
			if low, _, _ := l.Rank(r); low > value {
				above++
			}
		}
		if got := l.Above(value); got != above || got > l.Count()-hist.Rank(q, l.Count()) {
			t.Fatalf("Above(%v) = %d, want %d", value, got, above)
		}
	})
}

func TestRank(t *testing.T) {
	for _, row := range []struct {
		q    float64
		n    int64
		want int64
	}{
		{0, 10, 1}, {.5, 10, 5}, {.51, 10, 6}, {1, 10, 10}, {.95, 600, 570}, {.5, 1, 1}, {.95, 1, 1}, {.95, 0, 1},
		{.07, 100, 7}, // 7.000000000000001 in floating point
		{.999, 1000, 999}, {.95, 20, 19}, {.95, 21, 20},
	} {
		if got := hist.Rank(row.q, row.n); got != row.want {
			t.Errorf("Rank(%g, %d) = %d, want %d", row.q, row.n, got, row.want)
		}
	}
	l := of(time.Second)
	for _, q := range []float64{-.1, 1.1, math.NaN(), math.Inf(1)} {
		if got, ok := l.Quantile(q); ok {
			t.Errorf("Quantile(%g) = %v, want none", q, got)
		}
	}
}

// The generator and the figures are those of docs/statistics.md, section 10,
// "Quantile", in microseconds; a histogram may return up to 0.1 % more.
func TestQuantileVectors(t *testing.T) {
	var l hist.Latency
	for i := range 600 {
		v := (i * 7919) % 1009
		x := 50000 + v*v/10
		if i/30%4 == 0 {
			x += 20000
		}
		l.Record(time.Duration(x) * time.Microsecond)
	}
	for _, row := range []struct {
		rank  int64
		exact int64 // microseconds
	}{{570, 147022}, {557, 142929}, {583, 151002}, {300, 81289}, {273, 77352}, {328, 86120}} {
		low, high, ok := l.Rank(row.rank)
		exact := time.Duration(row.exact) * time.Microsecond
		if !ok || low > exact || high < exact || high > exact+exact/1000 || low < exact-exact/1000 {
			t.Errorf("Rank(%d) = %v ... %v, %v, want %v within 0.1 %%", row.rank, low, high, ok, exact)
		}
	}
	if got, _ := l.Quantile(.95); got.Truncate(time.Microsecond) != 147071*time.Microsecond {
		t.Errorf("Quantile(0.95) = %v, want 147.071ms, as the library's own histogram", got)
	}
	if got, _ := l.Mean(); got != 53375566*time.Microsecond/600 {
		t.Errorf("Mean = %v, want %v", got, 53375566*time.Microsecond/600)
	}
}

func TestBeyondTheRange(t *testing.T) {
	for _, row := range []struct {
		name      string
		durations []time.Duration
		q         float64
		want      time.Duration
	}{
		{"zero", []time.Duration{0}, .5, 0},
		{"negative", []time.Duration{-time.Hour}, .5, 0},
		{"less than a microsecond", []time.Duration{300}, .5, 300},
		{"ten minutes", []time.Duration{hist.Longest}, .5, hist.Longest},
		{"longer: the exact maximum", []time.Duration{11 * time.Minute}, .5, 11 * time.Minute},
		{"longer, with shorter ones before", []time.Duration{1, 2, 3, 20 * time.Minute}, 1, 20 * time.Minute},
		{"several longer ones are not told apart, and never flattered",
			[]time.Duration{1, 11 * time.Minute, 12 * time.Minute, time.Hour}, .5, time.Hour},
	} {
		l := of(row.durations...)
		if got, ok := l.Quantile(row.q); !ok || got != row.want {
			t.Errorf("%s: Quantile(%g) = %v, %v, want %v", row.name, row.q, got, ok, row.want)
		}
	}
}

// The library's own geometry decides which durations share a bucket; this
// package computes the edges itself, and both must agree.
func TestGeometryIsTheLibrarys(t *testing.T) {
	dense := hdr.New(1, int64(hist.Longest/time.Microsecond), 3)
	rapid.Check(t, func(t *rapid.T) {
		longest := int64(hist.Longest / time.Microsecond)
		value := rapid.OneOf(rapid.Int64Range(0, 5000), rapid.Int64Range(0, longest),
			rapid.SampledFrom([]int64{2047, 2048, 4095, 4096, longest})).Draw(t, "value")
		l := of(0, time.Duration(value)*time.Microsecond, 2*hist.Longest)
		low, high, _ := l.Rank(2)
		first, last := int64(low/time.Microsecond), int64(high/time.Microsecond)
		if !dense.ValuesAreEquivalent(first, value) || first > 0 && dense.ValuesAreEquivalent(first-1, value) {
			t.Fatalf("%d: the bucket begins at %d", value, first)
		}
		if dense.ValuesAreEquivalent(value, longest) {
			return // the last bucket ends at the exact maximum
		}
		if !dense.ValuesAreEquivalent(last, value) || dense.ValuesAreEquivalent(last+1, value) {
			t.Fatalf("%d: the bucket ends at %d", value, last)
		}
	})
}

// same says whether two distributions give the same answers.
func same(a, b *hist.Latency) bool {
	type bucket struct {
		low   time.Duration
		count int64
	}
	buckets := func(l *hist.Latency) (all []bucket) {
		l.Each(func(low time.Duration, count int64) { all = append(all, bucket{low, count}) })
		return all
	}
	minA, okA := a.Min()
	minB, okB := b.Min()
	maxA, _ := a.Max()
	maxB, _ := b.Max()
	meanA, _ := a.Mean()
	meanB, _ := b.Mean()
	return a.Count() == b.Count() && okA == okB && minA == minB && maxA == maxB && meanA == meanB &&
		slices.Equal(buckets(a), buckets(b))
}

func merged(parts ...*hist.Latency) *hist.Latency {
	l := new(hist.Latency)
	for _, p := range parts {
		l.Merge(p)
	}
	return l
}

func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y, z := anyDurations().Draw(t, "x"), anyDurations().Draw(t, "y"), anyDurations().Draw(t, "z")
		a, b, c := of(x...), of(y...), of(z...)
		if got, want := merged(a, b, c).Count(), int64(len(x)+len(y)+len(z)); got != want {
			t.Fatalf("Merge counts %d, want %d", got, want)
		}
		if !same(merged(a, b), merged(b, a)) {
			t.Fatal("Merge is not commutative")
		}
		if !same(merged(merged(a, b), c), merged(a, merged(b, c))) {
			t.Fatal("Merge is not associative")
		}
		if !same(merged(a, nil, new(hist.Latency)), a) {
			t.Fatal("the empty distribution is not the identity of Merge")
		}
		if !same(merged(a, b, c), of(slices.Concat(x, y, z)...)) {
			t.Fatal("merging parts is not recording everything in one")
		}
		if !same(a, of(x...)) || !same(b, of(y...)) {
			t.Fatal("Merge changed what it was given")
		}
	})
}

func lognormal(n int) []time.Duration {
	r := rand.New(rand.NewPCG(1, 2))
	durations := make([]time.Duration, n)
	for i := range durations {
		durations[i] = time.Duration(math.Exp(r.NormFloat64()/2) * float64(80*time.Millisecond))
	}
	return durations
}

func BenchmarkRecord(b *testing.B) {
	durations := lognormal(4096)
	var l hist.Latency
	i := 0
	for b.Loop() {
		l.Record(durations[i%len(durations)])
		i++
	}
}

func BenchmarkMerge(b *testing.B) {
	slot := of(lognormal(50)...)
	var l hist.Latency
	for b.Loop() {
		l.Merge(slot)
	}
}

func BenchmarkQuantile(b *testing.B) {
	l := of(lognormal(10000)...)
	for b.Loop() {
		l.Quantile(.95)
	}
}
