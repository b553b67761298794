package gate

import (
	"fmt"
	"math"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
)

// failures holds the share of failed requests of B against that of A: answers
// that fail fast would look like speed. What counts is the difference of the
// shares, pair by pair, by the same test as for latencies; half a percent is
// the least that is worth a finding.
func (d *duel) failures() []Check {
	const least = 0.005
	cohorts := []cohort{{subject: "all requests", names: d.names}}
	for _, name := range d.names {
		cohorts = append(cohorts, cohort{subject: name, names: []string{name}})
	}
	var checks []Check
	ps := make([]float64, 0, len(cohorts))
	means := make([][2]float64, 0, len(cohorts))
	for _, p := range cohorts {
		var differences []float64
		var shares [2]float64
		for _, pair := range d.pairs {
			var share [2]float64
			for side, e := range pair {
				g := p.of(e)
				if t := e.tally(g, e.where(g), intended); t.requests > 0 {
					share[side] = float64(t.failed) / float64(t.requests)
				}
				shares[side] += share[side] / float64(len(d.pairs))
			}
			differences = append(differences, share[1]-share[0])
		}
		paired, _ := stat.Pairs(differences)
		ps, means = append(ps, paired.P), append(means, shares)
	}
	adjusted := stat.Holm(ps)
	for i, p := range cohorts {
		a, b := means[i][0], means[i][1]
		c := Check{
			Rule: pairsRule, Subject: p.subject, Endpoints: p.names,
			Metric: metric.FailureRate, Got: Measured(share(b)), Outcome: Pass, Shown: true,
			Comparison: &Comparison{Kind: OtherSide, Base: Measured(share(a)),
				Runs: len(d.pairs), Change: math.NaN(), Gated: true},
		}
		if adjusted[i] < stat.FamilyError && b-a >= least {
			c.Outcome = Fail
			c.Reason = fmt.Sprintf("%s of B failed, and %s of A", share(b), share(a))
			c.Remedy = diagnose(p.of(d.pairs[len(d.pairs)-1][1])).remedy
		}
		if i == 0 || c.Outcome != Pass {
			checks = append(checks, c)
		}
	}
	return checks
}
