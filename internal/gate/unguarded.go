package gate

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// The limits on failures where no rule has one. An endpoint, or a run, is broken if more than
// half of its requests fail. From unguardedShare on, the latencies of the others mean nothing;
// from unguardedWarn on there is a warning. These two are judgement, not theory.
const (
	builtInLimit   = 0.5
	unguardedShare = 0.05
	unguardedCount = 10
	unguardedWarn  = 0.01
)

// unguarded keeps fast errors from looking like speed: where the file limits
// latency and not failures, failed requests would leave every figure that is
// judged.
func unguarded(e *evidence.Run) []verdict.Check {
	var free evidence.Group
	for _, ep := range e.Endpoints {
		if t := e.Tally(evidence.Group{ep}, e.Where(evidence.Group{ep}), estimate.Intended); t.Requests > 0 &&
			!guarded(e, ep) {
			free = append(free, ep)
		}
	}
	if g := free.Steps(); len(g) > 1 {
		if c, broken := mostFail(e, g, "failures"); broken {
			return []verdict.Check{c}
		}
	}
	checks := mostFailDespite(e)
	for _, ep := range free {
		checks = append(checks, unlimited(e, ep)...)
	}
	return checks
}

// unlimited is what the built-in limits find at an endpoint without one of the file.
func unlimited(e *evidence.Run, ep *result.Endpoint) []verdict.Check {
	if c, broken := mostFail(e, evidence.Group{ep}, ep.Name); broken {
		return []verdict.Check{c}
	}
	if guardsOf(e, ep).warned {
		return nil
	}
	if c, some := someFail(e, ep); some {
		return []verdict.Check{c}
	}
	return nil
}

// mostFailDespite is the built-in limit on a whole run with exceptions: they leave
// an endpoint out of the limits, and do not make a run good that mostly failed.
// Endpoints that a rule allows more failures than that are left to the rule.
func mostFailDespite(e *evidence.Run) []verdict.Check {
	var g, left evidence.Group
	for _, ep := range e.Endpoints {
		switch by := guardsOf(e, ep); {
		case by.excepted && !by.limited:
			g, left = append(g, ep), append(left, ep)
		case !by.limited || by.most <= builtInLimit:
			g = append(g, ep)
		}
	}
	if len(left) == 0 {
		return nil
	}
	f, broken := mostly(e, g.Steps())
	if !broken {
		return nil
	}
	return []verdict.Check{mostFailed(e, g.Steps(), "failures", f,
		reason.ExceptedIncluded.With(reason.Args{"endpoints": left.Names()}), reason.LeaveOutFailing.Plain())}
}

func builtIn() config.Limit {
	return config.Limit{Metric: metric.FailureRate, Unit: unit.Ratio, Fail: builtInLimit, HasFail: true}
}

// mostFail is the built-in limit on the failures of a group that no rule judges.
func mostFail(e *evidence.Run, g evidence.Group, subject string) (verdict.Check, bool) {
	f, broken := mostly(e, g)
	if !broken {
		return verdict.Check{}, false
	}
	why := reason.NoRuleForFailures
	if slices.ContainsFunc(g, func(ep *result.Endpoint) bool { return guardsOf(e, ep).warned }) {
		why = reason.RuleOnlyWarns
	}
	return mostFailed(e, g, subject, f, why.Plain(), reason.LimitFailures.Plain()), true
}

// mostly is the share of a group's requests that failed, and whether that is
// beyond the built-in limit.
func mostly(e *evidence.Run, g evidence.Group) (f estimate.Figure, broken bool) {
	if len(g) == 0 || e.Generator.Exhausted {
		return estimate.Figure{}, false
	}
	f = e.ShareFigure(evidence.LimitCheck{Limit: builtIn()}, g)
	switch {
	case e.Summed:
		return f, f.Value > builtInLimit && f.Value*float64(f.Requests) >= estimate.EnoughFailures
	case e.Result.Planned.Smoke: // seconds have no interval
		return f, f.Value > builtInLimit
	}
	return f, f.Low > builtInLimit
}

func mostFailed(e *evidence.Run, g evidence.Group, subject string,
	f estimate.Figure, why, remedy reason.Reason) verdict.Check {
	d := evidence.Diagnose(g)
	c := verdict.Check{
		Subject: subject, Endpoints: g.Names(), Metric: metric.FailureRate, Outcome: verdict.Fail, Shown: true,
		Got: verdict.Measured(f.Quantity(f.Value)), Limit: verdict.Measured(evidence.Share(builtInLimit)),
		Requests: f.Requests,
		Expected: e.Expected(g),
		Because: reason.FailuresMost.With(reason.Args{
			"failed": int64(f.Value*float64(f.Requests) + 0.5), "requests": f.Requests, "why": why,
		}),
		Also: d.Facts(), Remedies: append(d.Remedies(), remedy),
	}
	c.Low, c.High = f.Ends()
	return c
}

// someFail is a share of failures that no rule speaks of, and that is too small
// for the built-in limit.
func someFail(e *evidence.Run, ep *result.Endpoint) (verdict.Check, bool) {
	g := evidence.Group{ep}
	t := e.Tally(g, e.Where(g), estimate.Intended)
	part := float64(t.Failed) / float64(t.Requests)
	d := evidence.Diagnose(g)
	c := verdict.Check{
		Subject: ep.Name, Endpoints: g.Names(), Requests: t.Requests, Expected: e.Expected(g),
		Because:  reason.FailuresUnlimited.With(reason.Args{"share": evidence.Share(part), "requests": t.Requests}),
		Also:     d.Facts(),
		Remedies: append(d.Remedies(), reason.LimitFailures.With(reason.Args{"endpoint": ep.Name})),
	}
	switch {
	case part > unguardedShare && t.Failed >= unguardedCount:
		return c, true
	case part > unguardedWarn:
		c.Outcome, c.Shown = verdict.Warn, true
		return c, true
	}
	return verdict.Check{}, false
}

// guards is what the rules of a run say of an endpoint's failures.
type guards struct {
	limited  bool    // a limit on them fails the run
	warned   bool    // one only warns
	excepted bool    // a rule leaves the endpoint out of its limit
	most     float64 // the largest share of failures, in [0,1], that all limits let pass
}

// guarded says whether a rule limits the endpoint's failures, or leaves the endpoint
// out of its limit on them: then the file has said so.
func guarded(e *evidence.Run, ep *result.Endpoint) bool {
	by := guardsOf(e, ep)
	return by.limited || by.excepted
}

func guardsOf(e *evidence.Run, ep *result.Endpoint) guards {
	by := guards{most: 1}
	for _, rule := range slices.Concat(e.Config.Rules, e.ByUsers) {
		if !rule.Applies(e.Result.Profile) || !rule.Whole().Matches(ep.Name, ep.Once.Any()) {
			continue
		}
		for _, l := range rule.Limits {
			switch {
			case !l.Metric.Share():
			case !rule.Matches(ep.Name, ep.Once.Any()):
				by.excepted = true
			case !l.HasFail:
				by.warned = true
			default:
				by.limited = true
				by.most = min(by.most, failing(l))
			}
		}
	}
	return by
}

// failing is the largest share of failures, in [0,1], that a limit on shares lets
// pass.
func failing(l config.Limit) float64 {
	if l.Metric == metric.FailureRate {
		return l.Fail
	}
	return 1 - l.Fail
}
