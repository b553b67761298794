package regress

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// cohort is one endpoint, or those that are too rare to be compared alone.
type cohort struct {
	subject     string
	names       []string
	transaction bool
	terms       config.Regression
	gated       bool
	paired      stat.Paired
	value       [2]float64 // geometric means of the sides
	least       int64      // requests of the thinnest slice
}

// of is the group of a cohort in a slice.
func (p cohort) of(e *evidence.Run) evidence.Group {
	var g evidence.Group
	for _, name := range p.names {
		g = append(g, e.Find(name, p.transaction))
	}
	return g
}

// enough is how many requests a slice needs for a metric: for a percentile,
// five beyond it.
func enough(m metric.Metric) int64 {
	if q, ok := m.Quantile(); ok {
		return int64(math.Ceil(5/(1-q) - 1e-7))
	}
	return stat.MeanFloor
}

// cohorts are who is compared by a metric: endpoints with enough requests in
// every slice alone, the others together.
func (d *duel) cohorts(m metric.Metric) []cohort {
	var cohorts []cohort
	var rare cohort
	for i, name := range slices.Concat(d.names, d.transactions) {
		p := cohort{subject: name, names: []string{name}, transaction: i >= len(d.names)}
		terms := d.config.PolicyOf(name, p.transaction, d.profile)
		if d.config.Baseline.On && len(terms.Regressions) == 0 {
			continue
		}
		p.terms, p.gated = regressionOf(terms, m, d.config.Baseline)
		// A rare transaction is told, not taken in: its requests are the endpoints'.
		if p.transaction || d.least(p, m) >= enough(m) {
			cohorts = append(cohorts, p)
		} else {
			rare.take(p)
		}
	}
	if n := len(rare.names); n > 0 {
		switch {
		case n > 1 && len(cohorts) > 0:
			rare.subject = fmt.Sprintf("the other %d together", n)
		case n > 1:
			rare.subject = fmt.Sprintf("%d endpoints together", n)
		}
		cohorts = append(cohorts, rare)
	}
	for i := range cohorts {
		cohorts[i].least = d.least(cohorts[i], m)
	}
	return cohorts
}

// take takes another cohort in: the strictest of their terms hold.
func (p *cohort) take(o cohort) {
	if len(p.names) == 0 || o.gated && (!p.gated || o.terms.Most < p.terms.Most) {
		p.terms, p.gated = o.terms, o.gated
	}
	p.subject, p.names = o.subject, append(p.names, o.names...)
}

// regressionOf is how much worse a metric may become: the smallest change that
// counts where the terms do not say. Without a file that says, the p95 is what
// fails.
func regressionOf(terms config.RegressionPolicy, m metric.Metric, b config.Baseline) (r config.Regression, gated bool) {
	r = config.Regression{Metric: m, Most: stat.MinEffect - 1, Pos: b.Pos}
	for _, own := range terms.Regressions {
		if own.Metric == m {
			r.Most, gated = own.Most, true
			if own.Pos != (mistake.Pos{}) {
				r.Pos = own.Pos
			}
		}
	}
	return r, gated || !b.On && m == metric.P95
}

// least is the number of requests of a cohort's thinnest slice.
func (d *duel) least(p cohort, m metric.Metric) int64 {
	least := int64(math.MaxInt64)
	for _, pair := range d.pairs {
		for _, e := range pair {
			f, _ := comparedFigure(e, p.of(e), m)
			least = min(least, f.Requests)
		}
	}
	return least
}

// compare holds one metric of B against that of A.
func (d *duel) compare(m metric.Metric) []verdict.Check {
	var checks []verdict.Check
	var judged []cohort
	for _, p := range d.cohorts(m) {
		ok := p.least >= enough(m)
		if ok {
			p, ok = d.pair(p, m)
		}
		switch {
		case ok:
			judged = append(judged, p)
		case p.gated:
			checks = append(checks, verdict.Check{
				Rule: pairsRule, Pos: p.terms.Pos, Subject: p.subject,
				Endpoints: p.names, Metric: m, Needed: enough(m), Requests: p.least,
				Comparison: &verdict.Comparison{Kind: verdict.OtherSide,
					Runs: len(d.pairs), Change: math.NaN(), Gated: true},
				Because: reason.SliceTooFew.With(reason.Args{
					"requests": p.least, "metric": m.Name(), "needed": enough(m), "endpoints": p.names,
				}),
			})
		}
	}
	ps := make([]float64, len(judged))
	for i, p := range judged {
		ps[i] = p.paired.P
	}
	adjusted := stat.Holm(ps)
	for i, p := range judged {
		checks = append(checks, d.pairCheck(p, m, adjusted[i]))
	}
	return checks
}

// pair fills in the log ratios of a cohort; false where a slice has no value.
func (d *duel) pair(p cohort, m metric.Metric) (cohort, bool) {
	var ratios []float64
	var sums [2]float64
	for _, pair := range d.pairs {
		var logs [2]float64
		for side, e := range pair {
			f, ok := comparedFigure(e, p.of(e), m)
			if !ok {
				return p, false
			}
			logs[side] = math.Log(f.Value)
			sums[side] += logs[side]
		}
		ratios = append(ratios, worse(m, []float64{logs[1] - logs[0]})[0])
	}
	for side := range sums {
		p.value[side] = math.Exp(sums[side] / float64(len(d.pairs)))
	}
	var ok bool
	p.paired, ok = stat.Pairs(ratios)
	return p, ok
}

// pairCheck decides about one cohort.
func (d *duel) pairCheck(p cohort, m metric.Metric, adjusted float64) verdict.Check {
	quantity := func(v float64) verdict.Value { return verdict.Measured(unit.Quantity{Value: v, Unit: m.Unit()}) }
	low, high := p.paired.Low, p.paired.High
	if m.Better() == metric.Higher {
		low, high = 1/high, 1/low
	}
	c := verdict.Check{
		Rule: pairsRule, Pos: p.terms.Pos, Subject: p.subject,
		Endpoints: p.names, Metric: m, Got: quantity(p.value[1]), Requests: p.least,
		Limit: quantity(p.value[0] * (1 + allowed(m, p.terms.Most))), Outcome: verdict.Pass, Shown: true,
		Comparison: &verdict.Comparison{
			Kind: verdict.OtherSide, Base: quantity(p.value[0]), Runs: len(d.pairs), Change: p.value[1]/p.value[0] - 1,
			Low: ratioValue(low), High: ratioValue(high), Gated: p.gated,
		},
	}
	larger := p.paired.Ratio >= max(stat.MinEffect, 1+excess(m, p.terms.Most))
	args := reason.Args{"metric": m.Name(), "value": c.Got.Quantity, "base": c.Comparison.Base.Quantity}
	maps.Copy(args, worsened(m, c.Comparison.Change))
	if p.gated {
		args["allowed"] = p.terms.Most
	}
	proven := adjusted < stat.FamilyError
	remedies, overrun := d.overrun()
	switch {
	case !larger || p.paired.P >= stat.PairWarn && (!proven || !p.gated):
		return c
	case proven && p.gated && overrun:
		c.Outcome, c.Shown = verdict.Inconclusive, false
		c.Also, c.Remedies = []reason.Reason{reason.GeneratorAtEnd.Plain()}, remedies
	case proven && p.gated:
		c.Outcome, c.Remedies = verdict.Fail, []reason.Reason{reason.LookAtSideB.Plain()}
	case proven:
		c.Outcome, c.Also = verdict.Warn, []reason.Reason{reason.ChangeUnlimited.Plain()}
	default:
		c.Outcome, c.Also = verdict.Warn, []reason.Reason{reason.PairsUnproven.Plain()}
		c.Remedies = c.Also
	}
	c.Because = reason.WorseThanA.With(args)
	return c
}

func ratioValue(v float64) verdict.Value {
	return verdict.Measured(unit.Quantity{Value: v, Unit: unit.Count})
}
