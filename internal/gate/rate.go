package gate

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// throughput judges a floor under the rate of successful requests: a service
// that refuses quickly has no throughput. A second counts what ended in it, so
// that what began in the warm-up makes up for what ends in the drain, which is
// left out.
//
// The floor holds for the rule's endpoints together, "each: true" for each. A
// floor missed while the generator was late is not compared with the service,
// nor is one that was missed by a part of the shards: their rates add up.
func (e *evidence) throughput(p promise) []Check {
	if p.rule.Scope != config.Each {
		return []Check{e.throughputCheck(p, p.subject(p.group), p.group)}
	}
	var checks []Check
	for _, ep := range p.group {
		checks = append(checks, e.throughputCheck(p, ep.Name, group{ep}))
	}
	return checks
}

func (e *evidence) throughputCheck(p promise, subject string, g group) Check {
	t := e.tally(g, e.whereRate(g), intended)
	if t.requests == 0 {
		c := e.unmeasured(p, g)
		c.Subject = subject
		return c
	}
	if e.failuresUntold(g) { // of a service that refuses quickly
		return e.lackingFailures(p)
	}
	if e.summed && e.window.Length <= 0 {
		return e.lacking(p, g, e.result.Source.Tool+"'s file does not say how long the run took",
			e.adviceOr("take the limit on throughput out of the rule"))
	}
	f := e.rateFigure(p, g, t)
	r := e.looked(e.decide(p.limit, f), func(strict *evidence) ruling {
		return strict.decide(p.limit, strict.rateFigure(p, g, t))
	})
	if e.generator.flagged() && (r.cause == crossed || r.cause == unproven) {
		r = ruling{outcome: Inconclusive, limit: r.limit, cause: late}
	}
	if !f.keeps(r.limit) && len(e.missing()) > 0 {
		r = ruling{outcome: Inconclusive, limit: r.limit, cause: partial}
	}
	return e.check(p, subject, g, f, r)
}

// rateFigure is the rate of a group's successes, by the parts of the run.
func (e *evidence) rateFigure(p promise, g group, t *tally) figure {
	f := newFigure(p.limit.Metric, p.limit.Unit, t)
	f.requests, f.enough, f.starts = t.succeeded(), true, g.starts()
	f.worth, f.summed = float64(f.requests), e.summed
	sums, sizes := make([]float64, len(t.parts)), make([]float64, len(t.parts))
	for i := range t.parts {
		sums[i], sizes[i] = float64(t.parts[i].served), t.parts[i].seconds
	}
	f.ratio(sums, sizes, e.alpha)
	return f
}

// ratio sets the value to m = sum y / sum n with the interval of a ratio by
// the parts of a run: stat.Rate over
//
//	r_b = m + B (y_b - m n_b) / sum n
//
// with y_b = sums[b], n_b = sizes[b] and B their number. The r_b have the mean
// m, and their variance over B is that of a ratio under cluster sampling
// (Cochran, Sampling Techniques, 3rd ed. 1977, section 2.11): parts of small
// size weigh little, empty ones nothing. For parts of equal size r_b is
// y_b / n_b.
func (f *figure) ratio(sums, sizes []float64, alpha float64) {
	var sum, size float64
	for i := range sums {
		sum += sums[i]
		size += sizes[i]
	}
	if size == 0 {
		return
	}
	f.value = sum / size
	if f.summed {
		f.low, f.high = f.value, f.value
	}
	if f.short {
		return
	}
	perPart := make([]float64, len(sums))
	for i := range sums {
		perPart[i] = f.value + float64(len(sums))*(sums[i]-f.value*sizes[i])/size
	}
	// An r_b may be negative, which no rate is: a shift leaves their spread.
	shift := max(0, -slices.Min(perPart))
	for i := range perPart {
		perPart[i] += shift
	}
	if r, ok := stat.Rate(perPart, alpha); ok {
		half := r.High - r.Mean
		f.low, f.high = max(0, f.value-half), f.value+half
	}
}

// writtenUnit is the unit that a limit was written in, or the metric's own where
// the limit does not say.
func writtenUnit(l config.Limit) unit.Unit {
	if l.Unit == unit.Count {
		return l.Metric.Unit()
	}
	return l.Unit
}
