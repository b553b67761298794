package gate

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// latency judges a limit on response times. Only successes have one: a
// failure is quick or slow for reasons of its own, and the limits on failures
// speak of it.
//
// The limit holds for each endpoint. Those whose requests are too few to show
// a pass alone are judged together, and each of them can still fail alone;
// "each: true" leaves them alone, "combine: true" judges all of them as one.
func (e *evidence) latency(p promise) []Check {
	var served group
	summed, others := summarised(p.group)
	checks := e.summedLatency(p, summed)
	for _, ep := range others {
		if g := (group{ep}); e.tally(g, e.where(g), intended).latency.Count() > 0 {
			served = append(served, ep)
		} else {
			checks = append(checks, e.unmeasured(p, g))
		}
	}
	large, small := e.split(p, served)
	for _, ep := range large {
		checks = append(checks, e.latencyCheck(p, ep.Name, group{ep}))
	}
	if len(small) == 0 {
		return checks
	}
	rest := len(small) > 1 && p.rule.Scope != config.Combined
	subject := p.subject(small)
	if rest && len(checks) > 0 { // else there are no others beside them
		subject = "rest of " + subject
	}
	checks = append(checks, e.latencyCheck(p, subject, small))
	if rest {
		checks = append(checks, e.breakers(p, small, e.latencyRuling, e.latencyRuling)...)
	}
	return checks
}

// split parts the endpoints that are judged alone from those that are judged
// together: by the rule's scope, or else those whose requests could show a
// pass alone from those whose could not. A rest that still could not takes in
// the endpoint that tells least of the others, until it can. How much an
// endpoint tells does not depend on the limit, so the limit does not decide
// who is judged with whom.
func (e *evidence) split(p promise, served group) (alone, together group) {
	switch p.rule.Scope {
	case config.Each:
		return served, nil
	case config.Combined:
		return nil, served
	}
	tells := map[*result.Endpoint]figure{}
	for _, ep := range served {
		tells[ep] = e.latencyFigure(p, group{ep})
		if e.sufficient(tells[ep]) {
			alone = append(alone, ep)
		} else {
			together = append(together, ep)
		}
	}
	slices.SortStableFunc(alone, func(a, b *result.Endpoint) int { return cmp.Compare(tells[a].worth, tells[b].worth) })
	for len(together) > 0 && len(alone) > 0 && !e.sufficient(e.latencyFigure(p, together)) {
		together, alone = append(together, alone[0]), alone[1:]
	}
	slices.SortFunc(alone, byName)
	slices.SortFunc(together, byName)
	return alone, together
}

// sufficient says whether a figure could show a pass at all. Values alone are
// compared with plain counts: what correlation costs is the interval's to say.
func (e *evidence) sufficient(f figure) bool {
	if e.config.Judge.Point {
		return f.requests >= f.floor
	}
	return f.enough
}

// latencyFloor is the number of independent requests below which a latency is
// no evidence.
func latencyFloor(m metric.Metric, alpha float64) int64 {
	if p, ok := m.Quantile(); ok {
		return stat.FewestForQuantile(p, alpha)
	}
	if m == metric.Mean {
		return stat.MeanFloor
	}
	return 1
}

func (e *evidence) latencyCheck(p promise, subject string, g group) Check {
	ruling, f := e.latencyRuling(p, g)
	return e.check(p, subject, g, f, ruling)
}

// latencyRuling judges a group from the intended start and, when that fails,
// again from the actual send: time that a request spent waiting for the
// generator is no fault of the service. Nor is time in which the kernel held
// the generator still; neither clock sees that, so such seconds are left out
// where there are any, and the rest has to fail as well. So are the seconds in which
// loadgate's own probe blocked the service. Of a generator that was overrun no
// latency fails at all.
func (e *evidence) latencyRuling(p promise, g group) (ruling, figure) {
	f := e.latencyFigure(p, g)
	r := e.looked(e.decide(p.limit, f), func(strict *evidence) ruling {
		return strict.decide(p.limit, strict.latencyFigure(p, g))
	})
	unlooked := func() Outcome { return e.decide(p.limit, e.latencyOf(p, g, unwatched)).outcome }
	if r.outcome == Fail {
		switch fromSend := e.decide(p.limit, e.latencyOf(p, g, sent)); {
		case fromSend.outcome != Fail || e.generator.overrun():
			r = ruling{outcome: Inconclusive, limit: r.limit, cause: late}
		case len(e.generator.held) > 0 && e.decide(p.limit, e.latencyOf(p, g, free)).outcome != Fail:
			r = ruling{outcome: Inconclusive, limit: r.limit, cause: heldBack}
		case len(e.looks) > 0 && unlooked() != Fail:
			r = ruling{outcome: Inconclusive, limit: r.limit, cause: watchedOver}
		}
	}
	if r.cause == unproven && len(e.looks) > 0 && unlooked() == Pass {
		r.cause = watchedOver
	}
	return e.arrivedRuling(p, g, r, f)
}

func (e *evidence) latencyFigure(p promise, g group) figure { return e.latencyOf(p, g, intended) }

func (e *evidence) latencyOf(p promise, g group, c clock) figure {
	if summed, _ := summarised(g); len(summed) > 0 {
		f := figure{}
		if s, ok := e.joined(summed); ok {
			f, _ = e.summedFigure(p, s)
		}
		return f
	}
	t := e.tally(g, e.where(g), c)
	f := newFigure(p.limit.Metric, unit.Duration, t)
	f.requests, f.starts = t.latency.Count(), g.starts()
	f.floor = latencyFloor(f.metric, e.alpha)
	f.worth, f.filled = float64(f.requests), 0
	for i := range t.parts {
		if t.parts[i].latency.Count() > 0 {
			f.filled++
		}
	}
	switch q, ok := f.metric.Quantile(); {
	case ok:
		f.quantile(q, t, e.alpha)
	case f.metric == metric.Mean:
		f.mean(t, e.alpha)
	default:
		longest, _ := t.latency.Max()
		f.value, f.whole, f.short = float64(longest), true, false
	}
	f.enough = f.worth >= float64(f.floor)-1e-7
	return f
}

// quantile is the value of rank ceil(q n), with the interval of
// stat.QuantileRanks: bounds take the outer edge of their bucket.
func (f *figure) quantile(q float64, t *tally, alpha float64) {
	value, _ := t.latency.Quantile(q)
	f.value = float64(value)
	if f.short {
		return
	}
	worth := stat.Effective(t.batches(
		func(p *part) int64 { return p.latency.Count() },
		func(p *part) int64 { return p.latency.Above(value) },
	), alpha)
	f.deff, f.worth = worth.Deff, worth.Effective
	f.above = func(limit float64) stat.Kept {
		return stat.Keeps(q, f.value, limit, t.batches(
			func(p *part) int64 { return p.latency.Count() },
			func(p *part) int64 { return p.latency.Beyond(time.Duration(limit)) },
		), alpha)
	}
	ranks := stat.QuantileRanks(q, f.requests, worth.Effective, alpha)
	if low, _, ok := t.latency.Rank(ranks.Lower); ok {
		f.low = float64(low)
	}
	if _, high, ok := t.latency.Rank(ranks.Upper); ok {
		f.high = float64(high)
	}
}

// mean is the mean of all requests, m = sum y / sum n, with the interval of a
// ratio by batch means: stat.Rate over
//
//	r_b = m + B (y_b - m n_b) / sum n
//
// with y_b the summed latencies of part b, n_b its requests and B the parts.
// The r_b have the mean m, and their variance over B is that of a ratio under
// cluster sampling (Cochran, Sampling Techniques, 3rd ed. 1977, section 2.11),
// so that parts with few requests weigh little and empty ones nothing.
// Under stat.MeanFloor requests there is no interval, and where all of them fell
// into a corner of the run they are worth nothing, as in stat.Effective.
func (f *figure) mean(t *tally, alpha float64) {
	sums, sizes := make([]float64, len(t.parts)), make([]float64, len(t.parts))
	for i := range t.parts {
		if mean, ok := t.parts[i].latency.Mean(); ok {
			sizes[i] = float64(t.parts[i].latency.Count())
			sums[i] = float64(mean) * sizes[i]
		}
	}
	f.ratio(sums, sizes, alpha)
	if f.requests < stat.MeanFloor {
		f.low, f.high = math.NaN(), math.NaN()
	}
	if !f.short && f.filled < stat.MinBatches {
		f.low, f.high, f.worth = math.NaN(), math.NaN(), 0
	}
}
