package gate

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/verdict"
)

// share judges a limit on failures, or on success as a limit of 1 - success on
// failures. It holds for the rule's endpoints together, and any one of them
// that is proven to break it fails by itself: the many must not hide the one.
// Where all of them break it, those that fail more than the whole are named.
// "combine: true" judges only all of them, "each: true" each by itself.
func share(e *evidence.Run, p evidence.LimitCheck) []verdict.Check {
	if e.FailuresUntold(p.Group) {
		return []verdict.Check{shareOfTotal(e, p)}
	}
	var checks []verdict.Check
	var asked evidence.Group
	for _, ep := range p.Group {
		if g := (evidence.Group{ep}); e.Tally(g, e.Where(g), estimate.Intended).Requests > 0 {
			asked = append(asked, ep)
		} else {
			checks = append(checks, unmeasured(e, p, g))
		}
	}
	switch {
	case len(asked) == 0:
	case p.Rule.Scope == config.Each:
		for _, ep := range asked {
			checks = append(checks, shareCheck(e, p, ep.Name, evidence.Group{ep}))
		}
	default:
		whole, all := shareRuling(e, p, asked)
		checks = append(checks, check(e, p, p.Subject(asked), asked, all, whole))
		if p.Rule.Scope == config.ByMetric && len(asked) > 1 {
			alone := among(e, len(asked))
			checks = append(checks,
				breakers(e, p, asked, func(p evidence.LimitCheck, g evidence.Group) (ruling, estimate.Figure) {
					r, f := shareRuling(alone, p, g)
					// it fails as all do: the row of all says it
					if whole.outcome == verdict.Fail && !(f.Low > all.Value) {
						return ruling{}, f
					}
					return r, f
				}, func(p evidence.LimitCheck, g evidence.Group) (ruling,
					estimate.Figure) {
					return shareRuling(e, p, g)
				})...)
		}
	}
	return checks
}

// shareOfTotal judges endpoints of which another tool's file does not say how many
// requests failed by the file's own total. Unless it is the total that is to be
// judged, that can break the limit and not keep it: the many may hide the one.
func shareOfTotal(e *evidence.Run, p evidence.LimitCheck) verdict.Check {
	if _, told := e.TotalOf(p.Group); !told || p.Rule.Scope == config.Each {
		return lackingFailures(e, p)
	}
	c := shareCheck(e, p, p.Subject(p.Group), p.Group)
	if c.Outcome != verdict.Fail && p.Rule.Scope != config.Combined {
		return lackingFailures(e, p)
	}
	return c
}

func shareCheck(e *evidence.Run, p evidence.LimitCheck, subject string, g evidence.Group) verdict.Check {
	r, f := shareRuling(e, p, g)
	return check(e, p, subject, g, f, r)
}

// shareRuling judges a group and, when that fails on a machine that ran out
// of descriptors or ports, again without the connections that could not be
// made: they never reached the service.
func shareRuling(e *evidence.Run, p evidence.LimitCheck, g evidence.Group) (ruling, estimate.Figure) {
	f := e.ShareFigure(p, g)
	r := looked(e, decide(e, p.Limit, f), func(strict *evidence.Run) ruling {
		return decide(strict, p.Limit, strict.ShareFigure(p, g))
	})
	if r.outcome != verdict.Fail && p.Limit.HasFail && !g.Starts() {
		if o, ok := e.OutageIn(g, f.Turn(p.Limit.Fail)); ok {
			r = ruling{outcome: verdict.Fail, limit: p.Limit.Fail, shown: true,
				cause: outaged, stretch: e.StretchOf(o.From, o.To)}
		}
	}
	if r.outcome == verdict.Fail && e.Generator.Exhausted {
		if rest := decide(e, p.Limit,
			e.ShareOf(p, g, func(s estimate.Second) int64 { return s.Refused })); rest.outcome != verdict.Fail {
			r = ruling{outcome: verdict.Inconclusive, limit: r.limit, cause: exhausted}
		}
	}
	return r, f
}
