package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Kolmogorov's distance between so many draws and the distribution stays below the level of 1 in 10,000, for each way
// of drawing: by counting up, by rejection, and from the other side.
func TestDraws(t *testing.T) {
	const draws = 20000
	const critical = 2.23 // sqrt(-ln(0.0001/2) / 2)
	type law interface{ CDF(float64) float64 }
	for name, of := range map[string]struct {
		law  law
		draw func(chance) float64
	}{
		"poisson 0.3":    {distuv.Poisson{Lambda: .3}, func(c chance) float64 { return c.poisson(.3) }},
		"poisson 9.9":    {distuv.Poisson{Lambda: 9.9}, func(c chance) float64 { return c.poisson(9.9) }},
		"poisson 10":     {distuv.Poisson{Lambda: 10}, func(c chance) float64 { return c.poisson(10) }},
		"poisson 50000":  {distuv.Poisson{Lambda: 5e4}, func(c chance) float64 { return c.poisson(5e4) }},
		"binomial few":   {distuv.Binomial{N: 40, P: .1}, func(c chance) float64 { return c.binomial(40, .1) }},
		"binomial 120":   {distuv.Binomial{N: 300, P: .4}, func(c chance) float64 { return c.binomial(300, .4) }},
		"binomial large": {distuv.Binomial{N: 1e6, P: .02}, func(c chance) float64 { return c.binomial(1e6, .02) }},
		"binomial above": {distuv.Binomial{N: 2000, P: .9}, func(c chance) float64 { return c.binomial(2000, .9) }},
	} {
		t.Run(name, func(t *testing.T) {
			c := chance{rand.New(rand.NewPCG(3, 7))}
			seen := map[float64]int{}
			lowest, highest := math.Inf(1), math.Inf(-1)
			for range draws {
				k := of.draw(c)
				seen[k]++
				lowest, highest = min(lowest, k), max(highest, k)
			}
			below, distance := 0, 0.0
			for k := lowest; k <= highest; k++ {
				below += seen[k]
				distance = max(distance, math.Abs(float64(below)/draws-of.law.CDF(k)))
			}
			if scaled := distance * math.Sqrt(draws); scaled > critical {
				t.Errorf("the distance is %.2f, above %.2f", scaled, critical)
			}
		})
	}
}

// What a handbook says of the distributions is what another library computes.
func TestDistributions(t *testing.T) {
	check := func(name string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-9*(1+math.Abs(want))) {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	for _, q := range []float64{1e-6, .025, .3, .5, .95, .999} {
		check(fmt.Sprint("normal ", q), normal(q), distuv.UnitNormal.Quantile(q))
		for _, df := range []float64{1, 4.5, 29, 400} {
			of := distuv.StudentsT{Sigma: 1, Nu: df}
			check(fmt.Sprint("student ", df, q), student(df).quantile(q), of.Quantile(q))
			check(fmt.Sprint("beta ", df, q), betaQuantile(df, 3, q), distuv.Beta{Alpha: df, Beta: 3}.Quantile(q))
		}
	}
	for _, v := range []float64{-4, -.1, 0, 2, 7} {
		check(fmt.Sprint("normal above ", v), normalAbove(v), distuv.UnitNormal.Survival(v))
		check(fmt.Sprint("student above ", v), student(6).above(v), distuv.StudentsT{Sigma: 1, Nu: 6}.Survival(v))
	}
	for k := range int64(10) {
		binomial, poisson := distuv.Binomial{N: 10, P: .3}, distuv.Poisson{Lambda: 4}
		check(fmt.Sprint("at most ", k), binomialAtMost(k, 10, .3), binomial.CDF(float64(k)))
		check(fmt.Sprint("at least ", k+1), binomialAtLeast(k+1, 10, .3), binomial.Survival(float64(k)))
		check(fmt.Sprint("events ", k), poissonAtLeast(float64(k), 4), poisson.Survival(float64(k)-1))
	}
}
