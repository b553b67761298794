package gate

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/diagnose"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// A smoke run lasts seconds: it shows whether the service answers as the file
// expects, and nothing of how fast it is. Failures are judged by their share, as
// it is: there is no interval in so short a time. These rules follow those of other
// runs that are marked for it.
var smokeRules = []func(*evidence.Run) []verdict.Check{unasked, smokeFailures, smokeLimits}

// judgeSmoke is the verdict on a smoke run, with the checks that other runs have too.
func judgeSmoke(e *evidence.Run, checks []verdict.Check) verdict.Verdict {
	v := verdict.Verdict{Undecided: e.Config.Judge.Inconclusive, Smoke: true, Checks: checks}
	for _, ask := range smokeRules {
		v.Checks = append(v.Checks, ask(e)...)
	}
	v.Next = next(e, v)
	if v.Outcome() == verdict.Fail {
		v.Causes = diagnose.Diagnose(e, v.Checks)
	}
	v.Excepted = evidence.Excepted(e, onFailures, false)
	return v
}

// onFailures says whether a rule limits failures.
func onFailures(r config.Rule) bool {
	return slices.ContainsFunc(r.Limits, func(l config.Limit) bool { return l.Metric.Share() })
}

// unasked are the endpoints that no request came to, and the transactions with a
// limit on failures that nobody ended: of those a smoke run says nothing.
func unasked(e *evidence.Run) []verdict.Check {
	var never evidence.Group
	excepted, some := evidence.Excepted(e, onFailures, false), false
	e.Rows(func(ep *result.Endpoint, transaction bool) {
		limited := func(r config.Rule) bool {
			return onFailures(r) && r.Applies(e.Result.Profile) && r.MatchesTransaction(ep.Name)
		}
		left := slices.ContainsFunc(excepted,
			func(x verdict.Excepted) bool { return slices.Contains(x.Endpoints, ep.Name) })
		switch g := (evidence.Group{ep}); {
		case e.Tally(g, e.Where(g), estimate.Intended).Requests > 0:
			some = true
		case !left && (!transaction || slices.ContainsFunc(e.Config.Rules, limited)):
			never = append(never, ep)
		}
	})
	if len(never) == 0 || !some { // of nothing at all, empty tells
		return nil
	}
	return []verdict.Check{{
		Subject: "not asked", Endpoints: never.Names(),
		Because: reason.EndpointsUnasked.With(reason.Args{
			"count": len(never), "measured": e.Window.Length, "endpoints": never.Names(),
		}),
	}}
}

// smokeFailures judges the endpoints whose failures no rule limits by the limit
// that is built in: more than half of the requests of none may fail.
func smokeFailures(e *evidence.Run) []verdict.Check {
	checks := mostFailDespite(e)
	var free evidence.Group
	for _, ep := range e.Endpoints {
		g := evidence.Group{ep}
		if t := e.Tally(g, e.Where(g), estimate.Intended); t.Requests == 0 || guarded(e, ep) {
			continue
		}
		free = append(free, ep)
		checks = append(checks, unlimited(e, ep)...)
	}
	if len(free) > 0 && len(checks) == 0 {
		f := e.ShareFigure(evidence.LimitCheck{Limit: builtIn()}, free)
		checks = append(checks, verdict.Check{
			Subject: "failures", Endpoints: free.Names(), Metric: metric.FailureRate, Outcome: verdict.Pass,
			Got: verdict.Measured(f.Quantity(f.Value)), Limit: verdict.Measured(evidence.Share(builtInLimit)),
			Requests: f.Requests,
		})
	}
	return checks
}

// smokeLimits judges the limits on failures.
func smokeLimits(e *evidence.Run) []verdict.Check {
	var all []verdict.Check
	for _, rule := range e.Config.Rules {
		if !rule.Applies(e.Result.Profile) || !onFailures(rule) {
			continue
		}
		checks, p := exceptions(e, rule), evidence.LimitCheck{Rule: rule, Group: e.Matching(rule)}
		for _, limit := range rule.Limits {
			if p.Limit = limit; limit.Metric.Share() && len(p.Group) > 0 {
				p.Limit.Unit = evidence.WrittenUnit(limit)
				checks = append(checks, smokeShares(e, p)...)
			}
		}
		evidence.Recall(checks, endedException(e, rule))
		all = append(all, checks...)
	}
	return append(all, ofUsers(e, smokeLimits)...)
}

// smokeShares judges a limit on failures: of all endpoints of the rule together,
// unless it asks for each; and an endpoint of which most requests fail fails by
// itself, for many others would hide so few.
func smokeShares(e *evidence.Run, p evidence.LimitCheck) []verdict.Check {
	var asked evidence.Group
	for _, ep := range p.Group {
		if g := (evidence.Group{ep}); e.Tally(g, e.Where(g), estimate.Intended).Requests > 0 {
			asked = append(asked, ep)
		}
	}
	if len(asked) == 0 {
		return []verdict.Check{unmeasured(e, p, p.Group)}
	}
	var checks []verdict.Check
	if p.Rule.Scope == config.Each {
		for _, ep := range asked {
			checks = append(checks, smokeShare(e, p, ep.Name, evidence.Group{ep}))
		}
		return checks
	}
	all := smokeShare(e, p, p.Subject(asked), asked)
	checks = append(checks, all)
	// the row of all says it
	if p.Rule.Scope == config.Combined || len(asked) == 1 || failedShare(e, asked) > builtInLimit {
		return checks
	}
	for _, ep := range asked {
		g := evidence.Group{ep}
		if alone := smokeShare(e, p, ep.Name, g); alone.Outcome == verdict.Fail && failedShare(e, g) > builtInLimit {
			checks = append(checks, alone)
		}
	}
	return checks
}

// failedShare is the share of failures of a group, in [0,1].
func failedShare(e *evidence.Run, g evidence.Group) float64 {
	return e.ShareOf(evidence.LimitCheck{Limit: builtIn()}, g, e.OwnFailures).Value
}

// smokeShare judges the share of failures of a group by its value.
func smokeShare(e *evidence.Run, p evidence.LimitCheck, subject string, g evidence.Group) verdict.Check {
	f := e.ShareOf(p, g, e.OwnFailures)
	c := verdict.Check{
		Rule: p.Rule.Name, Pos: p.Limit.Pos, Subject: subject, Endpoints: g.Names(), Scope: scopeOf(g),
		Metric:   p.Limit.Metric,
		Got:      verdict.Measured(f.Quantity(f.Value)),
		Limit:    verdict.Measured(unit.Quantity{Value: p.Limit.First(), Unit: p.Limit.Unit}),
		Requests: f.Requests, Expected: e.Expected(g),
	}
	d := evidence.Diagnose(g)
	switch {
	case f.Requests == 0: // its machine refused all of them
		c.Because = reason.NothingArrived.Plain()
	case p.Limit.HasFail && !f.Keeps(p.Limit.Fail):
		c.Outcome, c.Limit.Value = verdict.Fail, p.Limit.Fail
	case p.Limit.HasWarn && !f.Keeps(p.Limit.Warn):
		c.Outcome, c.Limit.Value = verdict.Warn, p.Limit.Warn
	default:
		c.Outcome, c.Because = verdict.Pass, reason.JudgedByValue.Plain()
	}
	if c.Outcome == verdict.Fail || c.Outcome == verdict.Warn {
		c.Because = reason.RequestsFailed.With(reason.Args{
			"failed": int64(f.Value*float64(f.Requests) + 0.5), "requests": f.Requests,
		})
		c.Also, c.Remedies = d.Facts(), d.Remedies()
	}
	return c
}
