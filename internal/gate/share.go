package gate

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// share judges a limit on failures, or on success as a limit of 1 - success on
// failures. It holds for the rule's endpoints together, and any one of them
// that is proven to break it fails by itself: the many must not hide the one.
// Where all of them break it, those that fail more than the whole are named.
// "combine: true" judges only all of them, "each: true" each by itself.
func (e *evidence) share(p promise) []Check {
	if e.failuresUntold(p.group) {
		return []Check{e.shareOfTotal(p)}
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
	case p.rule.Scope == config.Each:
		for _, ep := range asked {
			checks = append(checks, e.shareCheck(p, ep.Name, group{ep}))
		}
	default:
		whole, all := e.shareRuling(p, asked)
		checks = append(checks, e.check(p, p.subject(asked), asked, all, whole))
		if p.rule.Scope == config.ByMetric && len(asked) > 1 {
			alone := e.among(len(asked))
			checks = append(checks, e.breakers(p, asked, func(p promise, g group) (ruling, figure) {
				r, f := alone.shareRuling(p, g)
				if whole.outcome == Fail && !(f.low > all.value) { // it fails as all do: the row of all says it
					return ruling{}, f
				}
				return r, f
			}, e.shareRuling)...)
		}
	}
	return checks
}

// shareOfTotal judges endpoints of which another tool's file does not say how many
// requests failed by the file's own total. Unless it is the total that is to be
// judged, that can break the limit and not keep it: the many may hide the one.
func (e *evidence) shareOfTotal(p promise) Check {
	if _, told := e.totalOf(p.group); !told || p.rule.Scope == config.Each {
		return e.lackingFailures(p)
	}
	c := e.shareCheck(p, p.subject(p.group), p.group)
	if c.Outcome != Fail && p.rule.Scope != config.Combined {
		return e.lackingFailures(p)
	}
	return c
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
	if r.outcome != Fail && p.limit.HasFail && !g.starts() {
		if o, ok := e.outageIn(g, f.turn(p.limit.Fail)); ok {
			r = ruling{outcome: Fail, limit: p.limit.Fail, shown: true,
				cause: outaged, stretch: e.stretchText(o.from, o.to)}
		}
	}
	if r.outcome == Fail && e.generator.exhausted {
		if rest := e.decide(p.limit, e.shareOf(p, g, func(s second) int64 { return s.refused })); rest.outcome != Fail {
			r = ruling{outcome: Inconclusive, limit: r.limit, cause: exhausted}
		}
	}
	return r, f
}

func (e *evidence) shareFigure(p promise, g group) figure {
	return e.shareOf(p, g, func(second) int64 { return 0 })
}

// enoughFailures is how many failures prove that a limit on them is broken,
// however little of the run there is: a pass needs the time of an interval.
const enoughFailures = 10

// shareOf is the share of failures among a group's requests, those that are
// forgiven left out of both.
func (e *evidence) shareOf(p promise, g group, forgiven func(second) int64) figure {
	t := e.tally(g, e.where(g), intended)
	f := newFigure(p.limit.Metric, unit.Ratio, t)
	n, failed := float64(t.requests), float64(t.failed)
	seconds := t.bySecond(forgiven)
	if all, told := e.totalOf(g); told && e.failuresUntold(g) {
		n, failed = float64(all.Requests), float64(all.Failures())
	}
	if !e.summed {
		n, failed = 0, 0
		for _, s := range seconds {
			n, failed = n+s.N, failed+s.Hits
		}
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
	low, high, worth := stat.FailureShare(seconds, e.alpha)
	if !f.short && f.filled >= stat.MinBatches {
		f.low, f.high, f.worth, f.deff = low, high, worth.Effective, worth.Deff
		return f
	}
	f.enough, f.worth = false, 0
	if failed >= enoughFailures {
		f.low = low
	}
	return f
}
