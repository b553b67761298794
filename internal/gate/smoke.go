package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// A smoke run lasts seconds: it shows whether the service answers as the file
// expects, and nothing of how fast it is. Failures are judged by their share, as
// it is: there is no interval in so short a time.
var smokeRules = []func(*evidence) []Check{
	unreadable,
	standstills,
	empty,
	ending,
	untimed,
	shards,
	silence,
	outages,
	exhaustion,
	addresses,
	unsent,
	unasked,
	smokeFailures,
	smokeLimits,
}

// judgeSmoke is the verdict on a smoke run.
func (e *evidence) judgeSmoke() Verdict {
	v := Verdict{Undecided: e.config.Judge.Inconclusive, Smoke: true}
	for _, rule := range smokeRules {
		v.Checks = append(v.Checks, rule(e)...)
	}
	v.Next = e.next(v)
	if v.Outcome() == Fail {
		v.Causes = e.diagnose(v.Checks)
	}
	v.Excepted = e.excepted(onFailures, false)
	return v
}

// onFailures says whether a rule limits failures.
func onFailures(r config.Rule) bool {
	return slices.ContainsFunc(r.Limits, func(l config.Limit) bool { return l.Metric.Share() })
}

// unasked are the endpoints that no request came to, and the transactions with a
// limit on failures that nobody ended: of those a smoke run says nothing.
func unasked(e *evidence) []Check {
	var never group
	excepted, some := e.excepted(onFailures, false), false
	e.rows(func(ep *result.Endpoint, transaction bool) {
		limited := func(r config.Rule) bool {
			return onFailures(r) && r.Applies(e.result.Profile) && r.MatchesTransaction(ep.Name)
		}
		left := slices.ContainsFunc(excepted, func(x Excepted) bool { return slices.Contains(x.Endpoints, ep.Name) })
		switch g := (group{ep}); {
		case e.tally(g, e.where(g), intended).requests > 0:
			some = true
		case !left && (!transaction || slices.ContainsFunc(e.config.Rules, limited)):
			never = append(never, ep)
		}
	})
	if len(never) == 0 || !some { // of nothing at all, empty tells
		return nil
	}
	return []Check{{
		Subject: "not asked", Endpoints: never.names(),
		Reason: fmt.Sprintf("no request came to %s in %s: %s",
			unit.Counted(len(never), "endpoint"), unit.Of(e.window.Length),
			strings.Join(never.names(), ", ")),
		Remedy: "see what keeps their steps back: loadgate try; or run without --smoke, which takes longer",
	}}
}

// smokeFailures judges the endpoints whose failures no rule limits by the limit
// that is built in: more than half of the requests of none may fail.
func smokeFailures(e *evidence) []Check {
	checks := e.mostFailDespite()
	var free group
	for _, ep := range e.endpoints {
		g := group{ep}
		if t := e.tally(g, e.where(g), intended); t.requests == 0 || e.guarded(ep) {
			continue
		}
		free = append(free, ep)
		checks = append(checks, e.unlimited(ep)...)
	}
	if len(free) > 0 && len(checks) == 0 {
		f := e.shareFigure(promise{limit: builtIn()}, free)
		checks = append(checks, Check{
			Subject: "failures", Endpoints: free.names(), Metric: metric.FailureRate, Outcome: Pass,
			Got: Measured(f.quantity(f.value)), Limit: Measured(share(builtInLimit)), Requests: f.requests,
		})
	}
	return checks
}

// smokeLimits judges the limits on failures.
func smokeLimits(e *evidence) []Check {
	var all []Check
	for _, rule := range e.config.Rules {
		if !rule.Applies(e.result.Profile) || !onFailures(rule) {
			continue
		}
		checks, p := e.exceptions(rule), promise{rule: rule, group: e.matching(rule)}
		for _, limit := range rule.Limits {
			if p.limit = limit; limit.Metric.Share() && len(p.group) > 0 {
				p.limit.Unit = writtenUnit(limit)
				checks = append(checks, e.smokeShares(p)...)
			}
		}
		recall(checks, e.endedOf(rule))
		all = append(all, checks...)
	}
	return all
}

// smokeShares judges a limit on failures: of all endpoints of the rule together,
// unless it asks for each; and an endpoint of which most requests fail fails by
// itself, for many others would hide so few.
func (e *evidence) smokeShares(p promise) []Check {
	var asked group
	for _, ep := range p.group {
		if g := (group{ep}); e.tally(g, e.where(g), intended).requests > 0 {
			asked = append(asked, ep)
		}
	}
	if len(asked) == 0 {
		return []Check{e.unmeasured(p, p.group)}
	}
	var checks []Check
	if p.rule.Scope == config.Each {
		for _, ep := range asked {
			checks = append(checks, e.smokeShare(p, ep.Name, group{ep}))
		}
		return checks
	}
	all := e.smokeShare(p, p.subject(asked), asked)
	checks = append(checks, all)
	// the row of all says it
	if p.rule.Scope == config.Combined || len(asked) == 1 || e.failedShare(asked) > builtInLimit {
		return checks
	}
	for _, ep := range asked {
		g := group{ep}
		if alone := e.smokeShare(p, ep.Name, g); alone.Outcome == Fail && e.failedShare(g) > builtInLimit {
			checks = append(checks, alone)
		}
	}
	return checks
}

// failedShare is the share of failures of a group, in [0,1].
func (e *evidence) failedShare(g group) float64 {
	return e.shareOf(promise{limit: builtIn()}, g, e.ownFailures).value
}

// smokeShare judges the share of failures of a group by its value.
func (e *evidence) smokeShare(p promise, subject string, g group) Check {
	f := e.shareOf(p, g, e.ownFailures)
	c := Check{
		Rule: p.rule.Name, Pos: p.limit.Pos, Subject: subject, Endpoints: g.names(), Metric: p.limit.Metric,
		Got: Measured(f.quantity(f.value)), Limit: Measured(unit.Quantity{Value: p.limit.First(), Unit: p.limit.Unit}),
		Requests: f.requests, Expected: e.expected(g),
	}
	d := diagnose(g)
	switch {
	case f.requests == 0: // its machine refused all of them
		c.Reason, c.Remedy = "no request reached the service", exhaustedRemedy
	case p.limit.HasFail && !f.keeps(p.limit.Fail):
		c.Outcome, c.Limit.Value = Fail, p.limit.Fail
	case p.limit.HasWarn && !f.keeps(p.limit.Warn):
		c.Outcome, c.Limit.Value = Warn, p.limit.Warn
	default:
		c.Outcome, c.Reason = Pass, "judged by its value: so short a run has no interval"
	}
	if c.Outcome == Fail || c.Outcome == Warn {
		c.Reason = fmt.Sprintf("%s of %s failed%s", unit.Grouped(int64(f.value*float64(f.requests)+0.5)),
			requests(f.requests), d.after("; "))
		c.Remedy = d.remedy
	}
	return c
}
