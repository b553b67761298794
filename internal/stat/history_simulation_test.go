package stat_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gonum "gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/loadgate/loadgate/internal/stat"
)

const (
	endpoints  = 20
	earlier    = 10
	regression = .10 // that is allowed
)

// runs is how runs of the same code differ.
type runs struct {
	name     string
	cv       float64
	common   float64 // share of the variance that all endpoints of a run have together
	slow     float64 // share of runs on a machine that is 30 % slower
	clean    float64 // most wrong fails of the long form, in percent
	power    float64 // fewest finds of one endpoint at x1.5, in percent
	naiveLow float64 // fewest wrong fails of the naive rule, in percent
}

var histories = []runs{
	{name: "CV 3 %, 60 % common", cv: .03, common: .6, clean: 1.5, power: 95},
	{name: "CV 8 %, independent", cv: .08, clean: 1.5, power: 80, naiveLow: 80},
	{name: "CV 8 %, 60 % common", cv: .08, common: .6, clean: 1.5, power: 90, naiveLow: 35},
	{name: "the same, 5 % of runs on a slow machine", cv: .08,
		common: .6, slow: .05, clean: 3, power: 90, naiveLow: 35},
	{name: "CV 15 %, 60 % common", cv: .15, common: .6, clean: 1.5, power: 50, naiveLow: 55},
}

// run draws the logarithms of the values of all endpoints in a run. Their
// levels lie between 20 ms and 1 s.
func (h runs) run(r *rand.Rand) []float64 {
	machine := h.cv * math.Sqrt(h.common) * r.NormFloat64()
	if r.Float64() < h.slow {
		machine += math.Log(1.3)
	}
	y := make([]float64, endpoints)
	for e := range y {
		level := math.Log(.02) + math.Log(50)*float64(e)/(endpoints-1)
		y[e] = level + machine + h.cv*math.Sqrt(1-h.common)*r.NormFloat64()
	}
	return y
}

// judge decides about each endpoint, and what all share, as a gate does: whether
// a first run looks slower, and whether with a second, drawn only then, it is a
// regression. It counts where both say so.
type judge func(histories []stat.History) (suspicious, regressed []bool)

// asBuilt is the judge of this package.
func asBuilt(histories []stat.History) (suspicious, regressed []bool) {
	c := stat.AgainstPast(histories)
	for _, s := range append(c.Local, c.Global) {
		suspicious = append(suspicious, c.Suspicious(s) && s.Effect >= math.Log(stat.MinEffect))
		regressed = append(regressed, c.Regressed(s, regression))
	}
	return suspicious, regressed
}

// byPlainMedian is the judge that was not taken: g is the median of the values
// themselves, without the levels of the endpoints (ADR 23).
func byPlainMedian(histories []stat.History) (suspicious, regressed []bool) {
	N, k := len(histories[0].Past), len(histories[0].New)
	local := make([][]float64, len(histories))
	for e, c := range histories {
		local[e] = slices.Concat(c.Past, c.New)
	}
	g := make([]float64, N+k)
	for i := range g {
		var values []float64
		for e := range local {
			values = append(values, local[e][i])
		}
		slices.Sort(values)
		g[i] = (values[(len(values)-1)/2] + values[len(values)/2]) / 2
	}
	s0 := 0.0
	for e := range local {
		for i := range g {
			local[e][i] -= g[i]
		}
		s0 += gonum.Variance(local[e][:N], nil) / float64(len(local))
	}
	test := func(y []float64, s2, df float64) (effect, p, last float64) {
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
		mean := gonum.Mean(y[:N], nil)
		effect = gonum.Mean(y[N:], nil) - mean
		p = t.Survival(effect / math.Sqrt(s2*(1/float64(k)+1/float64(N))))
		return effect, p, t.Survival((y[N+k-1] - mean) / math.Sqrt(s2*(1+1/float64(N))))
	}
	effects, p, lasts := make([]float64, len(local)), make([]float64, len(local)), make([]float64, len(local))
	free := float64(N - 1)
	for e, y := range local {
		effects[e], p[e], lasts[e] = test(y, (4*s0+free*gonum.Variance(y[:N], nil))/(4+free), 4+free)
	}
	effect, all, last := test(g, gonum.Variance(g[:N], nil), free)
	effects, p, lasts = append(effects, effect), append(stat.Holm(p), all), append(lasts, last)
	for e := range p {
		suspicious = append(suspicious, p[e] < stat.SuspectError/2 && effects[e] >= math.Log(stat.MinEffect))
		regressed = append(regressed, p[e] < stat.FamilyError/2 &&
			lasts[e] < stat.LastError && effects[e] >= math.Log(1+regression))
	}
	return suspicious, regressed
}

// grown is by how much an endpoint itself is slower, with what all share.
func grown(c stat.History) float64 { return gonum.Mean(c.New, nil) - gonum.Mean(c.Past, nil) }

// outcome counts what became of histories.
type outcome struct{ naive, repeated, failed int }

// simulate draws histories and new runs in which so many endpoints, endpoint 7
// first, are slower by factor.
func (h runs) simulate(r *rand.Rand, n, slower int, factor float64, judge judge) outcome {
	var o outcome
	fresh := func() []float64 {
		y := h.run(r)
		for e := range slower {
			y[(7+e)%endpoints] += math.Log(factor)
		}
		return y
	}
	for range n {
		histories := make([]stat.History, endpoints)
		for range earlier {
			for e, y := range h.run(r) {
				histories[e].Past = append(histories[e].Past, y)
			}
		}
		add := func() {
			for e, y := range fresh() {
				histories[e].New = append(histories[e].New, y)
			}
		}
		add()
		naive := false
		for _, c := range histories {
			sum := 0.0
			for _, y := range c.Past {
				sum += math.Exp(y) / earlier
			}
			naive = naive || math.Exp(c.New[0]) > 1.1*sum
		}
		o.naive += count(naive)
		suspicious, _ := judge(histories)
		for e, c := range histories {
			suspicious[e] = suspicious[e] && grown(c) >= math.Log(stat.MinEffect)
		}
		if !slices.Contains(suspicious, true) {
			continue
		}
		o.repeated++
		add()
		_, regressed := judge(histories)
		for e, c := range histories {
			regressed[e] = regressed[e] && grown(c) >= math.Log(1+regression)
		}
		both := false
		for i := range regressed {
			both = both || suspicious[i] && regressed[i]
		}
		o.failed += count(both)
	}
	return o
}

func TestSimulationOfHistory(t *testing.T) {
	var rows, other [][]string
	for i, h := range histories {
		fewest := 2.0 // repetitions, in percent
		seed := uint64(100 + 10*i)
		full, some := times(40, 3000), times(12, 1000)
		if !*long {
			h.clean, fewest = 8, 0 // 3 of 40
		}
		clean := h.simulate(chance(seed), full, 0, 1, asBuilt)
		one3 := h.simulate(chance(seed+1), some, 1, 1.3, asBuilt)
		one5 := h.simulate(chance(seed+2), some, 1, 1.5, asBuilt)
		all := h.simulate(chance(seed+3), some, endpoints, 1.3, asBuilt)
		rows = append(rows, []string{h.name,
			share(t, h.name+": clean failed", clean.failed, full, 0, h.clean),
			share(t, h.name+": repeated", clean.repeated, full, fewest, 40),
			share(t, h.name+": clean failed naively", clean.naive, full, h.naiveLow, 100),
			share(t, h.name+": x1.3", one3.failed, some, 5, 100),
			share(t, h.name+": x1.5", one5.failed, some, h.power, 100),
			share(t, h.name+": all x1.3", all.failed, some, 20, 100)})
		if !*long {
			continue
		}
		clean = h.simulate(chance(seed), full, 0, 1, byPlainMedian)
		one3 = h.simulate(chance(seed+1), some, 1, 1.3, byPlainMedian)
		one5 = h.simulate(chance(seed+2), some, 1, 1.5, byPlainMedian)
		all = h.simulate(chance(seed+3), some, endpoints, 1.3, byPlainMedian)
		other = append(other, []string{h.name,
			share(t, "clean", clean.failed, full, 0, 100), share(t, "repeated", clean.repeated, full, 0, 100),
			share(t, "x1.3", one3.failed, some, 0, 100), share(t, "x1.5", one5.failed, some, 0, 100),
			share(t, "all", all.failed, some, 0, 100)})
	}
	table("20 endpoints, 10 earlier runs | clean runs failed | repeated | failed by \"> 1.1 × mean\" | one endpoint "+
		"×1.3 found | ×1.5 | all ×1.3", rows)
	table("g as the plain median (ADR 23) | clean runs failed | repeated | one endpoint ×1.3 found | ×1.5 | all ×1.3",
		other)
}

// Ten pairs of slices of 500 requests, in which the p95 of independent
// requests is drawn as what it is, the 475th of 500 uniform numbers. All
// endpoints share a machine whose level (8 %) remembers 0.95 of a slice before.
func TestSimulationOfPairs(t *testing.T) {
	const requests = 500
	fails := func(r *rand.Rand, factor float64) bool {
		rank := distuv.Beta{Alpha: .95 * requests, Beta: .05*requests + 1, Src: r}
		level, d := .08*r.NormFloat64(), make([][]float64, endpoints)
		for j := range stat.GoodPairs {
			value := make([][]float64, 2) // of A and of B
			for slice := range 2 {
				level = .95*level + .08*math.Sqrt(1-.95*.95)*r.NormFloat64()
				build := (j + slice) % 2
				for e := range endpoints {
					y := level + ownSD*distuv.UnitNormal.Quantile(rank.Rand())
					if build == 1 && e == 0 {
						y += math.Log(factor)
					}
					value[build] = append(value[build], y)
				}
			}
			for e := range d {
				d[e] = append(d[e], value[1][e]-value[0][e])
			}
		}
		ratios, p := make([]float64, endpoints), make([]float64, endpoints)
		for e := range d {
			pairs, _ := stat.Pairs(d[e])
			ratios[e], p[e] = pairs.Ratio, pairs.P
		}
		for e, adjusted := range stat.Holm(p) {
			if adjusted < stat.FamilyError && ratios[e] >= stat.MinEffect {
				return true
			}
		}
		return false
	}
	var rows [][]string
	for i, row := range []struct {
		name      string
		factor    float64
		low, high float64
	}{{"the same build twice", 1, 0, 3}, {"one endpoint 11 % slower", 1.11, 20, 100},
		{"one endpoint 16 % slower", 1.16, 70, 100}} {
		r, n, failed := chance(uint64(200+i)), times(60, 3000), 0
		for range n {
			failed += count(fails(r, row.factor))
		}
		rows = append(rows, []string{row.name, share(t, row.name, failed, n, row.low, row.high)})
	}
	table("A/B, 10 pairs of 500-request slices, 20 endpoints | failed", rows)
}

func TestSimulationOfChanges(t *testing.T) {
	const cv = .08
	series := func(r *rand.Rand, n int, correlation, shift float64, shifted int) []float64 {
		y, state := make([]float64, n), r.NormFloat64()
		for i := range y {
			state = correlation*state + math.Sqrt(1-correlation*correlation)*r.NormFloat64()
			y[i] = cv * state
			if i >= n-shifted {
				y[i] += shift * cv
			}
		}
		return y
	}
	var rows [][]string
	for i, row := range []struct {
		name               string
		n                  int
		correlation, shift float64
		shifted            int
		low, high          float64
	}{
		{"20 runs", 20, 0, 0, 0, 0, 15},
		{"40 runs", 40, 0, 0, 0, 0, 12},
		{"100 runs", 100, 0, 0, 0, 0, 12},
		{"40 runs, neighbours correlate 0.3", 40, .3, 0, 0, 0, 35},
		{"40 runs, the last 4 higher by 3 sd", 40, 0, 3, 4, 40, 100},
		{"40 runs, the last 3 higher by 5 sd", 40, 0, 5, 3, 60, 100},
	} {
		r, n, reported := chance(uint64(300+i)), times(200, 4000), 0
		for range n {
			reported += count(len(stat.Changes(series(r, row.n, row.correlation, row.shift, row.shifted))) > 0)
		}
		rows = append(rows, []string{row.name, share(t, row.name, reported, n, row.low, row.high)})
	}
	table("runs with a CV of 8 % | series with a change reported", rows)
}
