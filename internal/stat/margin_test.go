package stat_test

import (
	"math"
	"slices"
	"testing"

	"github.com/loadgate/loadgate/internal/stat"
)

// only is n numbers that are 0 but for some.
func only(n int, some map[int]float64) []float64 {
	all := make([]float64, n)
	for i, v := range some {
		all[i] = v
	}
	return all
}

func TestKeepsVectors(t *testing.T) {
	const limit, value = 100, 50
	for _, row := range []struct {
		name             string
		batches          []stat.Batch
		deff, rho, nstar float64
		low, high        float64
		shown            bool
	}{
		{"none above", counts(25, only(8, nil)...), 1, 0, 200, 0, .018275, true},
		{"fewer, none above", counts(16, only(8, nil)...), 1, 0, 128, 0, .028408, true},
		{"one above", counts(25, only(8, map[int]float64{2: 1})...), 1.005025, 0, 136.717774, .000029, .036081, true},
		{"three in one part", counts(25, only(8, map[int]float64{2: 3})...),
			3.045685, 0, 45.114575, .000082, .105648, false},
		{"five of 200", counts(25, 1, 0, 1, 0, 1, 0, 1, 1), .439560, 0, 200, .008166, .057374, false},
		{"a burst over two parts", counts(325, 0, 0, 12, 9, 0, 0, 0, 0),
			16.238900, .270695, 109.998978, .000137, .047895,
			true},
		{"a burst in one part", counts(325, 0, 0, 60, 0, 0, 0, 0, 0), 61.417323, 0, 29.084016, .000121, .159353, false},
		{"evenly", counts(325, 9, 5, 12, 8, 4, 7, 11, 6), 1.048033, 0, 1704.395113, .017139, .032254, true},
		{"two seconds of 100", counts(50, only(20, map[int]float64{9: 7, 10: 4})...),
			12.324090, .367218, 71.152946, .000115, .070717, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			k := stat.Keeps(.95, value, limit, row.batches, .05)
			low, _, _ := stat.Share(row.batches, .05)
			near(t, "deff", k.Evidence.Deff, row.deff, digits)
			near(t, "rho", k.Evidence.Rho, row.rho, digits)
			near(t, "nstar", k.Evidence.Effective, row.nstar, digits)
			near(t, "low", low, row.low, digits)
			near(t, "high", k.High, row.high, digits)
			if k.Shown != row.shown {
				t.Errorf("Shown = %v, want %v", k.Shown, row.shown)
			}
		})
	}
}

func TestKeepsNeedsAllThree(t *testing.T) {
	plenty, burst := counts(325, only(8, nil)...), counts(325, only(8, map[int]float64{2: 60})...)
	for _, row := range []struct {
		name          string
		value, limit  float64
		batches       []stat.Batch
		shown, likely bool
	}{
		{"half of the limit", 50, 100, plenty, true, true},
		{"a little more than half", 50.001, 100, plenty, false, true},
		{"two thirds", 66.6, 100, plenty, false, true},
		{"more than two thirds", 66.7, 100, plenty, false, false},
		{"a burst", 50, 100, burst, false, true},
		{"enough requests", 50, 100, counts(105.0/8, only(8, nil)...), true, true},
		{"one request short", 50, 100, counts(13, only(8, nil)...), false, false},
		{"five parts of eight", 50, 100, append(counts(500, 0, 0, 0, 0, 0), counts(0, 0, 0, 0)...), false, false},
		{"too short", 50, 100, counts(500, 0, 0, 0, 0, 0), false, false},
		{"no value", 0, 100, plenty, false, false},
		{"no counts", 50, 100, []stat.Batch{{N: 1, Hits: 2}}, false, false},
	} {
		k := stat.Keeps(.95, row.value, row.limit, row.batches, .05)
		if k.Shown != row.shown || k.Likely != row.likely {
			t.Errorf("%s: shown %v, likely %v, want %v, %v", row.name, k.Shown, k.Likely, row.shown, row.likely)
		}
	}
}

func TestFewestRealRequests(t *testing.T) {
	for _, row := range []struct {
		p       float64
		batches int
		want    int64
	}{{.95, 6, 124}, {.95, 8, 105}, {.95, 12, 91}, {.95, 20, 82}, {.99, 8, 536}, {.99, 20, 420}} {
		got := stat.RealRequests(float64(stat.FewestForQuantile(row.p, .05)), row.batches, .05)
		if got != row.want {
			t.Errorf("p%g with %d batches: %d, want %d", 100*row.p, row.batches, got, row.want)
		}
	}
}

func TestEffectiveForShare(t *testing.T) {
	for _, row := range []struct{ share, limit, want float64 }{
		{0, .05, 72}, {.005, .05, 90}, {.01, .05, 114}, {.02, .05, 204}, {.03, .05, 460}, {.04, .05, 1837},
		{0, .01, 368}, {.001, .01, 458}, {.002, .01, 584}, {.004, .01, 1050}, {.006, .01, 2378},
	} {
		if got, ok := stat.EffectiveForShare(row.share, row.limit, .05); !ok || math.Abs(got-row.want) > 1 {
			t.Errorf("share %g, limit %g: %g (%v), want %g", row.share, row.limit, got, ok, row.want)
		}
	}
	for _, row := range []struct{ share, limit, alpha float64 }{{.05, .05, .05}, {.06, .05, .05}, {0, 0, .05}, {0, .05,
		0}} {
		if n, ok := stat.EffectiveForShare(row.share, row.limit, row.alpha); ok {
			t.Errorf("share %g, limit %g, alpha %g: %g, want none", row.share, row.limit, row.alpha, n)
		}
	}
}

func TestFailureShareVectors(t *testing.T) {
	clustered := only(40, map[int]float64{33: 2})
	for i := 0; i < 40; i += 2 {
		clustered[i] = 1
	}
	for _, i := range []int{7, 11, 19, 27} {
		clustered[i] = 1
	}
	forMany := func(from, to int, each float64) map[int]float64 {
		some := map[int]float64{}
		for i := from; i < to; i++ {
			some[i] = each
		}
		return some
	}
	at := func(each float64, slots ...int) map[int]float64 {
		some := map[int]float64{}
		for _, i := range slots {
			some[i] = each
		}
		return some
	}
	const limit = .005
	for _, row := range []struct {
		name               string
		seconds            []stat.Batch
		share, deff, nstar float64
		low, high          float64
		judgement          stat.Judgement
	}{
		{"none", counts(65, only(40, nil)...), 0, 1, 2600, 0, .001418, stat.Within},
		{"one second", counts(65, only(40, map[int]float64{20: 65})...), .025, 5, 520, .013377, .042371, stat.Beyond},
		{"15 s of a third", counts(65, only(40, forMany(25, 40, 19))...),
			.109615, 5, 520, .084085, .139680, stat.Beyond},
		{"one second of 300", counts(65, only(300, map[int]float64{20: 65})...), .003333, 5, 3900, .001776, .005693,
			stat.Undecided},
		{"3 s of 300", counts(9, only(300, forMany(100, 103, 9))...), .01, 5, 540, .003434, .022503, stat.Undecided},
		{"two clusters", counts(65, only(40, map[int]float64{3: 4, 20: 5})...),
			.003462, 4.457024, 583.348942, .000426, .012382, stat.Undecided},
		{"seven clusters", counts(65, only(40, at(4, 1, 4, 9, 13, 22, 30, 37))...),
			.010769, 3.421462, 759.909091, .004714, .020956, stat.Undecided},
		{"one by one", counts(65, clustered...), .01, 1, 2600, .006542, .014618, stat.Beyond},
		{"few requests, a second", counts(5, only(40, map[int]float64{9: 5})...), .025, 5, 40, .000633, .131586,
			stat.Undecided},
		{"few requests, 3 s", counts(5, only(40, forMany(9, 12, 5))...), .075, 5, 40, .015742, .203865, stat.Beyond},
	} {
		t.Run(row.name, func(t *testing.T) {
			low, high, e := stat.FailureShare(row.seconds, .05)
			failed := 0.0
			for _, s := range row.seconds {
				failed += s.Hits
			}
			near(t, "share", failed/e.N, row.share, digits)
			near(t, "deff", e.Deff, row.deff, digits)
			near(t, "nstar", e.Effective, row.nstar, digits)
			near(t, "low", low, row.low, digits)
			near(t, "high", high, row.high, digits)
			if got := stat.AgainstShare(low, high, limit); got != row.judgement {
				t.Errorf("against %g: %v, want %v", limit, got, row.judgement)
			}
		})
	}
	if low, high, e := stat.FailureShare(nil, .05); low != 0 || high != 1 || e.Effective != 0 {
		t.Errorf("nothing: %g to %g, worth %g, want the whole of [0,1] and nothing", low, high, e.Effective)
	}
}

func TestStretches(t *testing.T) {
	full := func(hits ...float64) []stat.Batch { return counts(10, hits...) }
	gap := stat.Batch{}
	for _, row := range []struct {
		name    string
		seconds []stat.Batch
		want    []stat.Stretch
	}{
		{"nothing", nil, nil},
		{"no failure", full(0, 0, 0), nil},
		{"fewer than half", full(4, 4, 4), nil},
		{"half", full(0, 5, 5, 0), []stat.Stretch{{From: 1, To: 3, N: 20, Hits: 10}}},
		{"two", full(10, 0, 5, 5, 0),
			[]stat.Stretch{{From: 0, To: 1, N: 10, Hits: 10}, {From: 2, To: 4, N: 20, Hits: 10}}},
		{"over seconds without a request", []stat.Batch{gap, {10, 9}, gap, gap, {10, 8}, gap},
			[]stat.Stretch{{From: 1, To: 5, N: 20, Hits: 17}}},
		{"to the end", full(0, 0, 10, 10), []stat.Stretch{{From: 2, To: 4, N: 20, Hits: 20}}},
	} {
		got := stat.Stretches(row.seconds)
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}
