package regress

import (
	"math"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/verdict"
)

// failures holds the share of failed requests of B against that of A: answers
// that fail fast would look like speed. What counts is the difference of the
// shares, pair by pair, by the same test as for latencies; half a percent is
// the least that is worth a finding.
func (d *duel) failures() []verdict.Check {
	const least = 0.005
	cohorts := []cohort{{subject: "all requests", names: d.names}}
	for _, name := range d.names {
		cohorts = append(cohorts, cohort{subject: name, names: []string{name}})
	}
	var checks []verdict.Check
	ps := make([]float64, 0, len(cohorts))
	means := make([][2]float64, 0, len(cohorts))
	for _, p := range cohorts {
		var differences []float64
		var shares [2]float64
		for _, pair := range d.pairs {
			var share [2]float64
			for side, e := range pair {
				g := p.of(e)
				if t := e.Tally(g, e.Where(g), estimate.Intended); t.Requests > 0 {
					share[side] = float64(t.Failed) / float64(t.Requests)
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
		c := verdict.Check{
			Rule: pairsRule, Subject: p.subject, Endpoints: p.names,
			Metric: metric.FailureRate, Got: verdict.Measured(evidence.Share(b)), Outcome: verdict.Pass, Shown: true,
			Comparison: &verdict.Comparison{Kind: verdict.OtherSide, Base: verdict.Measured(evidence.Share(a)),
				Runs: len(d.pairs), Change: math.NaN(), Gated: true},
		}
		if adjusted[i] < stat.FamilyError && b-a >= least {
			c.Outcome = verdict.Fail
			c.Because = reason.FailsMoreThanA.With(reason.Args{
				"share": c.Got.Quantity, "base": c.Comparison.Base.Quantity,
			})
			c.Remedies = evidence.Diagnose(p.of(d.pairs[len(d.pairs)-1][1])).Remedies()
		}
		if i == 0 || c.Outcome != verdict.Pass {
			checks = append(checks, c)
		}
	}
	return checks
}
