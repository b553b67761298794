package stat_test

import (
	"math"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/stat"
)

// The rows that name docs/statistics.md hold its test vectors, section 10:
// six digits, computed apart from this code.
const vectors = "docs/statistics.md, section 10"

// digits is half a unit of the sixth printed place.
const digits = 0.5e-6 * 1.000001

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.9f, want %.6f", what, got, want)
	}
}

func counts(n float64, hits ...float64) []stat.Batch {
	batches := make([]stat.Batch, len(hits))
	for b, h := range hits {
		batches[b] = stat.Batch{N: n, Hits: h}
	}
	return batches
}

func TestRankBounds(t *testing.T) {
	none := math.NaN()
	for _, row := range []struct {
		source           string
		p, nstar, a      float64
		wantL, wantU     float64
		wantLok, wantUok bool
	}{
		{vectors, .95, 72, .05, 64.915942, 71.998009, true, true},
		{vectors, .95, 71, .05, 63.991585, none, true, false},
		{vectors, .95, 100, .05, 90.860372, 99.261587, true, true},
		{vectors, .95, 1000, .05, 936.586306, 963.558611, true, true},
		{vectors, .95, 250.5, .05, 231.327024, 244.759983, true, true},
		{vectors, .99, 368, .05, 360.682545, 367.995423, true, true},
		{vectors, .99, 1000, .05, 983.913115, 996.145128, true, true},
		{vectors, .5, 100, .05, 40.723422, 60.276578, true, true},
		{vectors, .95, 300, .0125, 275.350992, 294.053397, true, true},
		{vectors, .95, 200000, .05, 189809.041663, 190191.105886, true, true},
		{"one request tells nothing of a median", .5, 1, .05, none, none, false, false},
		{"no requests", .95, 0, .05, none, none, false, false},
		{"no such number", .95, math.NaN(), .05, none, none, false, false},
		{"no end of requests", .95, math.Inf(1), .05, none, none, false, false},
		{"the maximum is not a quantile", 1, 100, .05, none, none, false, false},
		{"no confidence", .95, 100, 1, none, none, false, false},
	} {
		l, u, lok, uok := stat.RankBounds(row.p, row.nstar, row.a)
		if lok != row.wantLok || uok != row.wantUok {
			t.Errorf("%s: RankBounds(%g, %g, %g) = %v, %v, want %v, %v",
				row.source, row.p, row.nstar, row.a, lok, uok, row.wantLok, row.wantUok)
			continue
		}
		if lok {
			near(t, "l", l, row.wantL, digits)
		}
		if uok {
			near(t, "u", u, row.wantU, digits)
		}
	}
}

func TestEffectiveOfGivenDeff(t *testing.T) {
	// nstar: n 1000, deff 2.5, B 20 -> 350.758120 (vectors). The batches below
	// have rho 0 and, with c the surplus of every other batch,
	// deff = 20/19 * 20 c^2 / (n s (1-s)), which is 2.5 for this c.
	const n, s = 1000.0, 0.5
	c := math.Sqrt(2.5 * n * s * (1 - s) * 19 / 400)
	batches := make([]stat.Batch, 20)
	for b := range batches {
		batches[b] = stat.Batch{N: 50, Hits: 25 + c*float64(1-2*(b%2))}
	}
	e := stat.Effective(batches, .05)
	near(t, "deff", e.Deff, 2.5, digits)
	near(t, "rho", e.Rho, 0, 0)
	near(t, "nstar", e.Effective, 350.758120, digits)
}

func TestQuantiles(t *testing.T) {
	// i = 0..599, v = (i*7919) mod 1009, x = 50000 + floor(v^2/10) + (20000 if
	// floor(i/30) mod 4 = 0), second floor(i/2), T 300, B 20.
	const requests = 600
	values := make([]int, requests)
	sum := 0
	for i := range values {
		v := (i * 7919) % 1009
		values[i] = 50000 + v*v/10
		if i/30%4 == 0 {
			values[i] += 20000
		}
		sum += values[i]
	}
	if first := [6]int(values[:6]); sum != 53375566 || first != [6]int{70000, 143273, 119420, 100250, 85760, 75953} {
		t.Fatalf("values are %v..., sum %d; the generator of this test is wrong", first, sum)
	}
	if got := stat.Batches(300 * time.Second); got != 20 {
		t.Fatalf("Batches(300s) = %d, want 20", got)
	}
	sorted := sortedCopy(values)

	for _, row := range []struct {
		source            string
		p                 float64
		q                 int
		hits              []float64 // nil: not given
		deff, nstar, l, u float64
		lower, upper      int64
		low, high         int
		rawLow, rawHigh   int // with deff 1
	}{
		{vectors, .95, 147022, []float64{4, 1, 1, 1, 3, 1, 0, 0, 3, 1, 1, 1, 4, 1, 1, 0, 4, 1, 1, 1},
			1.218837, 431.671641, 401.317295, 419.000253, 557, 583, 142929, 151002, 143444, 150400},
		{vectors, .5, 81289, nil, 1.122807, 468.590927, 213.592555, 255.998372, 273, 328, 77352, 86120, 77562, 85840},
	} {
		if got := sorted[int(math.Ceil(row.p*requests-1e-7))-1]; got != row.q {
			t.Fatalf("%s: p%g = %d, want %d", row.source, row.p*100, got, row.q)
		}
		batches := make([]stat.Batch, 20)
		for i, x := range values {
			b := &batches[i/2*20/300]
			b.N++
			if x > row.q {
				b.Hits++
			}
		}
		for b, want := range row.hits {
			near(t, "e", batches[b].Hits, want, 0)
		}
		e := stat.Effective(batches, .05)
		near(t, "deff", e.Deff, row.deff, digits)
		near(t, "nstar", e.Effective, row.nstar, digits)
		l, u, lok, uok := stat.RankBounds(row.p, e.Effective, .05)
		if !lok || !uok {
			t.Fatalf("%s: RankBounds(%g) has no bounds", row.source, row.p)
		}
		near(t, "l", l, row.l, digits)
		near(t, "u", u, row.u, digits)
		ranks := stat.QuantileRanks(row.p, requests, e.Effective, .05)
		if want := (stat.Ranks{Lower: row.lower, Upper: row.upper}); ranks != want {
			t.Errorf("%s: QuantileRanks(%g) = %v, want %v", row.source, row.p, ranks, want)
		}
		if low, high := sorted[ranks.Lower-1], sorted[ranks.Upper-1]; low != row.low || high != row.high {
			t.Errorf("%s: p%g is in %d ... %d, want %d ... %d", row.source, row.p*100, low, high, row.low, row.high)
		}
		raw := stat.QuantileRanks(row.p, requests, independent(requests).Effective, .05)
		if low, high := sorted[raw.Lower-1], sorted[raw.Upper-1]; low != row.rawLow || high != row.rawHigh {
			t.Errorf("%s: uncorrected p%g is in %d ... %d, want %d ... %d",
				row.source, row.p*100, low, high, row.rawLow, row.rawHigh)
		}
	}
}

// independent is the evidence of n requests without correlation, for figures
// that the vectors give uncorrected.
func independent(n float64) stat.Evidence { return stat.Evidence{N: n, Deff: 1, Effective: n} }

func TestShare(t *testing.T) {
	bursts := counts(50, 0, 0, 1, 0, 0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0)
	const unknown = -1
	for _, row := range []struct {
		source           string
		batches          []stat.Batch
		deff, without    float64 // with and without the factor of rho
		nstar, low, high float64
	}{
		{vectors, bursts, 3.826752, 2.414115, 229.148697, .001852, .034658},
		{vectors + ", 0 of 1000", counts(50, make([]float64, 20)...), 1, 1, 1000, 0, .003682},
		{vectors + ", 1000 of 1000", counts(50, repeat(20, 50)...), 1, 1, 1000, .996318, 1},
		{"no batches", nil, 0, unknown, 0, 0, 1},
		{"no requests", counts(0, make([]float64, 20)...), 0, unknown, 0, 0, 1},
		{"one batch", counts(5000, 0), 0, unknown, 0, 0, 1},
		{"five batches", counts(5000, 1, 2, 3, 2, 1), 0, unknown, 0, 0, 1},
		{"all requests in one of 20 batches", append(counts(5000, 3), counts(0, make([]float64, 19)...)...),
			0, unknown, 0, 0, 1},
		{"more failures than requests", counts(1, repeat(20, 2)...), 0, unknown, 0, 0, 1},
		{"fewer than no failures", counts(1, repeat(20, -1)...), 0, unknown, 0, 0, 1},
		{"requests without number", counts(math.Inf(1), repeat(20, 1)...), 0, unknown, 0, 0, 1},
		{"failures without number", counts(9, repeat(20, math.NaN())...), 0, unknown, 0, 0, 1},
		{"Clopper and Pearson: P(X >= 20) = P(X <= 20) = .025 of 1000, the same share in every batch",
			counts(50, repeat(20, 1)...), 0, 0, 1000, .012258, .030720},
	} {
		low, high, e := stat.Share(row.batches, .05)
		near(t, row.source+": low", low, row.low, digits)
		near(t, row.source+": high", high, row.high, digits)
		near(t, row.source+": deff", e.Deff, row.deff, digits)
		near(t, row.source+": nstar", e.Effective, row.nstar, digits)
		if row.without != unknown {
			near(t, row.source+": deff without rho", e.Deff*(1-e.Rho)/(1+e.Rho), row.without, digits)
		}
	}
	// 11 of 1000, independent: .005504 ... .019597 (vectors).
	low, high := stat.ShareBounds(11, independent(1000), .05)
	near(t, "uncorrected low", low, .005504, digits)
	near(t, "uncorrected high", high, .019597, digits)
}

func TestRate(t *testing.T) {
	for _, row := range []struct {
		source   string
		perBatch []float64
		want     stat.Interval
	}{
		{vectors, []float64{8.2, 8.4, 8.1, 8.6, 8.5, 8.3, 7.9,
			8.0, 8.2, 8.4, 8.6, 8.7, 8.5, 8.3, 8.1, 8.2, 8.4, 8.3, 8.0, 8.2},
			stat.Interval{Mean: 8.295, Low: 8.135104, High: 8.454896, Rho: .418334}},
		{"the same rate in every batch", repeat(20, 8), stat.Interval{Mean: 8, Low: 8, High: 8}},
		{"nothing happened", repeat(20, 0), stat.Interval{}},
		// mean 1, sd sqrt 2, t_{.975,1} = 12.706205: half 12.706205.
		{"a rate is not negative", []float64{0, 2}, stat.Interval{Mean: 1, Low: 0, High: 13.706205}},
	} {
		got, ok := stat.Rate(row.perBatch, .05)
		if !ok {
			t.Errorf("%s: Rate(%v) is not ok", row.source, row.perBatch)
		}
		near(t, row.source+": mean", got.Mean, row.want.Mean, digits)
		near(t, row.source+": low", got.Low, row.want.Low, digits)
		near(t, row.source+": high", got.High, row.want.High, digits)
		near(t, row.source+": rho", got.Rho, row.want.Rho, digits)
	}
	for name, perBatch := range map[string][]float64{
		"no batches": nil, "one batch": {8.2}, "a negative rate": {8, -1, 8},
		"not a number": {8, math.NaN()}, "no end": {8, math.Inf(1)},
	} {
		if got, ok := stat.Rate(perBatch, .05); ok {
			t.Errorf("%s: Rate(%v) = %v, want none", name, perBatch, got)
		}
	}
	if got, ok := stat.Rate([]float64{1, 2, 3}, 0); ok {
		t.Errorf("Rate(alpha 0) = %v, want none", got)
	}
}

// Student's quantiles and the normal one are seen through the half-width of a
// rate and the price of few batches.
func TestStudentAndNormal(t *testing.T) {
	for _, row := range []struct {
		source string
		alpha  float64
		df     int
		want   float64
	}{
		{vectors, .05, 19, 2.093024},
		{vectors, .05, 9, 2.262157},
		{vectors, .02, 9, 2.821438},
		{vectors, .02, 13, 2.650309},
	} {
		// Rates 10 and 12 in turn: sd^2 = B/(B-1), rho 0, so the half-width is
		// t / sqrt(B-1).
		perBatch := make([]float64, row.df+1)
		for b := range perBatch {
			perBatch[b] = 10 + 2*float64(b%2)
		}
		got, ok := stat.Rate(perBatch, row.alpha)
		if !ok {
			t.Fatalf("Rate(%v) is not ok", perBatch)
		}
		near(t, "t", (got.High-got.Mean)*math.Sqrt(float64(row.df)), row.want, digits)
	}
	// z_.975 = 1.959964: with s = 1 and deff 1, nstar = n (z/t)^2.
	e := stat.Effective(counts(50, repeat(20, 50)...), .05)
	near(t, "z", math.Sqrt(e.Effective/1000)*2.0930240544, 1.959964, digits)
}

func TestFewest(t *testing.T) {
	for _, row := range []struct {
		p    float64
		want int64
	}{{.5, 6}, {.9, 36}, {.95, 72}, {.99, 368}, {.999, 3688}, {0, math.MaxInt64},
		{1, math.MaxInt64}, {math.NaN(), math.MaxInt64}} {
		got := stat.FewestForQuantile(row.p, .05)
		if got != row.want {
			t.Errorf("FewestForQuantile(%g, 0.05) = %d, want %d (docs/statistics.md, section 2)", row.p, got, row.want)
		}
		if row.want == math.MaxInt64 {
			continue
		}
		if r := stat.QuantileRanks(row.p, got, float64(got), .05); r.Upper == 0 {
			t.Errorf("QuantileRanks(%g, %d) has no upper rank", row.p, got)
		}
		if r := stat.QuantileRanks(row.p, got-1, float64(got-1), .05); r.Upper != 0 {
			t.Errorf("QuantileRanks(%g, %d) = %v, want no upper rank", row.p, got-1, r)
		}
	}
	for _, row := range []struct {
		limit float64
		want  int64
	}{{.01, 368}, {.005, 736}, {1 - .995, 736}, {.001, 3688}, {0, math.MaxInt64},
		{1, math.MaxInt64}, {-1, math.MaxInt64}} {
		got := stat.FewestForShare(row.limit, .05)
		if got != row.want {
			t.Errorf("FewestForShare(%g, 0.05) = %d, want %d (docs/statistics.md, section 2)", row.limit, got, row.want)
		}
		if row.want == math.MaxInt64 {
			continue
		}
		if _, high := stat.ShareBounds(0, independent(float64(got)), .05); high >= row.limit {
			t.Errorf("0 of %d is below %g, want below %g", got, high, row.limit)
		}
		if _, high := stat.ShareBounds(0, independent(float64(got-1)), .05); high < row.limit {
			t.Errorf("0 of %d is below %g already", got-1, high)
		}
	}
}

func TestRealRequests(t *testing.T) {
	for _, row := range []struct {
		effective float64
		batches   int
		want      int64
	}{
		{72, 20, 82}, {100, 20, 114}, {100, 12, 126}, {100, 6, 172}, {0, 20, 0},
		{72, 5, math.MaxInt64}, {72, 0, math.MaxInt64}, {math.NaN(), 20, math.MaxInt64},
	} {
		if got := stat.RealRequests(row.effective, row.batches, .05); got != row.want {
			t.Errorf("RealRequests(%g, %d, 0.05) = %d, want %d (docs/statistics.md, section 2)",
				row.effective, row.batches, got, row.want)
		}
	}
}

func TestBatches(t *testing.T) {
	for _, row := range []struct {
		measured time.Duration
		want     int
	}{
		{0, 0}, {-time.Hour, 0}, {29999 * time.Millisecond, 5},
		{30 * time.Second, 6}, {99 * time.Second, 19}, {100 * time.Second, 20}, {24 * time.Hour, 20},
	} {
		if got := stat.Batches(row.measured); got != row.want {
			t.Errorf("Batches(%v) = %d, want %d", row.measured, got, row.want)
		}
	}
}
