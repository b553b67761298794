package gate

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// latency judges a limit on response times. Only successes have one: a
// failure is quick or slow for reasons of its own, and the limits on failures
// speak of it.
//
// The limit holds for each endpoint. Those whose requests are too few to show
// a pass alone are judged together, and each of them can still fail alone;
// "each: true" leaves them alone, "combine: true" judges all of them as one.
func latency(e *evidence.Run, p evidence.LimitCheck) []verdict.Check {
	var served evidence.Group
	summed, others := evidence.Summarised(p.Group)
	checks := summedLatency(e, p, summed)
	for _, ep := range others {
		switch g := (evidence.Group{ep}); {
		case e.Tally(g, e.Where(g), estimate.Intended).Latency.Count() == 0:
			checks = append(checks, unmeasured(e, p, g))
		case !timed(e, p, g):
			checks = append(checks, withoutFirstBytes(e, p, g))
		default:
			served = append(served, ep)
		}
	}
	large, small := split(e, p, served)
	for _, ep := range large {
		checks = append(checks, latencyCheck(e, p, ep.Name, evidence.Group{ep}))
	}
	if len(small) == 0 {
		return checks
	}
	pooled := len(small) > 1 && p.Rule.Scope != config.Combined
	subject := p.Subject(small)
	rest := pooled && len(checks) > 0
	if rest {
		subject = estimate.Together(p.Rule.Name, len(small), rest)
	}
	all := latencyCheck(e, p, subject, small)
	if rest {
		all.Scope = verdict.Rest
	}
	checks = append(checks, all)
	if pooled {
		latency := func(p evidence.LimitCheck, g evidence.Group) (ruling,
			estimate.Figure) {
			return latencyRuling(e, p, g)
		}
		checks = append(checks, breakers(e, p, small, latency, latency)...)
	}
	return checks
}

// split parts the endpoints that are judged alone from those that are judged
// together: by the rule's scope, or else by what each tells (estimate.Split).
func split(e *evidence.Run, p evidence.LimitCheck, served evidence.Group) (alone, together evidence.Group) {
	switch p.Rule.Scope {
	case config.Each:
		return served, nil
	case config.Combined:
		return nil, served
	}
	figure := func(g ...*result.Endpoint) estimate.Figure { return e.LatencyFigure(p, evidence.Group(g)) }
	alone, together = estimate.Split(served, func(ep *result.Endpoint) float64 { return figure(ep).Worth },
		func(g []*result.Endpoint) bool { return sufficient(e, figure(g...)) })
	slices.SortFunc(alone, evidence.ByName)
	slices.SortFunc(together, evidence.ByName)
	return alone, together
}

// sufficient says whether a figure could show a pass at all. Values alone are
// compared with plain counts: what correlation costs is the interval's to say.
func sufficient(e *evidence.Run, f estimate.Figure) bool {
	if e.Config.Judge.Point {
		return f.Requests >= f.Floor
	}
	return f.Enough
}

func latencyCheck(e *evidence.Run, p evidence.LimitCheck, subject string, g evidence.Group) verdict.Check {
	ruling, f := latencyRuling(e, p, g)
	return check(e, p, subject, g, f, ruling)
}

// latencyRuling judges a group from the intended start and, when that fails,
// again from the actual send: time that a request spent waiting for the
// generator is no fault of the service. Nor is time in which the kernel held
// the generator still; neither clock sees that, so such seconds are left out
// where there are any, and the rest has to fail as well. So are the seconds in which
// loadgate's own probe blocked the service. Of a generator that was overrun no
// latency fails at all.
func latencyRuling(e *evidence.Run, p evidence.LimitCheck, g evidence.Group) (ruling, estimate.Figure) {
	f := e.LatencyFigure(p, g)
	r := looked(e, decide(e, p.Limit, f), func(strict *evidence.Run) ruling {
		return decide(strict, p.Limit, strict.LatencyFigure(p, g))
	})
	unlooked := func() verdict.Outcome { return decide(e, p.Limit, e.LatencyOf(p, g, estimate.Unwatched)).outcome }
	if r.outcome == verdict.Fail {
		switch fromSend := decide(e, p.Limit, e.LatencyOf(p, g, estimate.Sent)); {
		case fromSend.outcome != verdict.Fail || e.Generator.Overrun():
			r = ruling{outcome: verdict.Inconclusive, limit: r.limit, cause: late}
		case len(e.Generator.Held) > 0 && decide(e, p.Limit, e.LatencyOf(p, g, estimate.Free)).outcome != verdict.Fail:
			r = ruling{outcome: verdict.Inconclusive, limit: r.limit, cause: heldBack}
		case len(e.Looks) > 0 && unlooked() != verdict.Fail:
			r = ruling{outcome: verdict.Inconclusive, limit: r.limit, cause: watchedOver}
		}
	}
	if r.cause == unproven && len(e.Looks) > 0 && unlooked() == verdict.Pass {
		r.cause = watchedOver
	}
	return arrivedRuling(e, p, g, r, f)
}
