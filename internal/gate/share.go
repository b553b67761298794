package gate

import (
	"github.com/loadgate/loadgate/internal/spec"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// share judges a limit on failures, or on success as a limit of 1 - success on
// failures. It holds for the rule's endpoints together, and any one of them
// that is proven to break it fails by itself: the many must not hide the one.
// "combine: true" judges only all of them, "each: true" each by itself.
func (e *evidence) share(p promise) []Check {
	if e.failuresUntold(p.group) {
		return []Check{e.lackingFailures(p)}
	}
	var checks []Check
	var asked group
	for _, ep := range p.group {
		if g := (group{ep}); e.tally(g, e.where(g), intended).requests > 0 {
			asked = append(asked, ep)
		} else {
			checks = append(checks, e.unmeasured(p, g))
		}
	}
	switch {
	case len(asked) == 0:
	case p.rule.Scope == spec.Each:
		for _, ep := range asked {
			checks = append(checks, e.shareCheck(p, ep.Name, group{ep}))
		}
	default:
		checks = append(checks, e.shareCheck(p, p.subject(asked), asked))
		if p.rule.Scope == spec.ByMetric && len(asked) > 1 {
			checks = append(checks, e.breakers(p, asked, e.shareRuling)...)
		}
	}
	return checks
}

func (e *evidence) shareCheck(p promise, subject string, g group) Check {
	r, f := e.shareRuling(p, g)
	return e.check(p, subject, g, f, r)
}

// shareRuling judges a group and, when that fails on a machine that ran out
// of descriptors or ports, again without the connections that could not be
// made: they never reached the service.
func (e *evidence) shareRuling(p promise, g group) (ruling, figure) {
	f := e.shareFigure(p, g)
	r := e.looked(e.decide(p.limit, f), func(strict *evidence) ruling {
		return strict.decide(p.limit, strict.shareFigure(p, g))
	})
	if r.outcome == Fail && e.generator.exhausted {
		if rest := e.decide(p.limit, e.shareOf(p, g, func(p *part) int64 { return p.refused })); rest.outcome != Fail {
			r = ruling{outcome: Inconclusive, limit: r.limit, cause: exhausted}
		}
	}
	return r, f
}

func (e *evidence) shareFigure(p promise, g group) figure {
	return e.shareOf(p, g, func(*part) int64 { return 0 })
}

// shareOf is the share of failures among a group's requests, those that are
// forgiven left out of both.
func (e *evidence) shareOf(p promise, g group, forgiven func(*part) int64) figure {
	t := e.tally(g, e.where(g), intended)
	f := newFigure(p.limit.Metric, unit.Ratio, t)
	batches := t.batches(
		func(p *part) int64 { return p.requests - forgiven(p) },
		func(p *part) int64 { return p.failed - forgiven(p) },
	)
	var n, failed float64
	for _, b := range batches {
		n += b.N
		failed += b.Hits
	}
	f.requests, f.worth, f.starts = int64(n), n, g.starts()
	f.floor, f.enough = stat.ShareFloor, n >= stat.ShareFloor
	if n == 0 {
		return f
	}
	f.value = failed / n
	if e.summed {
		f.summed, f.low, f.high = true, f.value, f.value
		return f
	}
	if f.short {
		return f
	}
	low, high, worth := stat.Share(batches, e.alpha)
	f.worth = worth.Effective
	if worth.Deff > 0 {
		f.deff = worth.Deff
	}
	if worth.Effective > 0 {
		f.low, f.high = low, high
	} else {
		f.enough = false
	}
	return f
}
