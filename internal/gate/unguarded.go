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

// The limit on failures that holds where no rule has one: an endpoint, or a run,
// of which more than half of the requests fail is broken, whatever else the file
// asks for. Below it, a share from which latencies of the rest mean nothing, and
// one that deserves a word, are judgement: what people call critical and a
// warning sign.
const (
	builtInLimit   = 0.5
	unguardedShare = 0.05
	unguardedCount = 10
	unguardedWarn  = 0.01
)

// unguarded keeps fast errors from looking like speed: where the file limits
// latency and not failures, failed requests would leave every figure that is
// judged.
func unguarded(e *evidence) []Check {
	var free group
	for _, ep := range e.endpoints {
		if t := e.tally(group{ep}, e.where(group{ep}), intended); t.requests > 0 && !e.guarded(ep) {
			free = append(free, ep)
		}
	}
	if g := free.steps(); len(g) > 1 {
		if c, broken := e.mostFail(g, "failures"); broken {
			return []Check{c}
		}
	}
	checks := e.mostFailDespite()
	for _, ep := range free {
		checks = append(checks, e.unlimited(ep)...)
	}
	return checks
}

// unlimited is what the built-in limits find at an endpoint without one of the file.
func (e *evidence) unlimited(ep *result.Endpoint) []Check {
	if c, broken := e.mostFail(group{ep}, ep.Name); broken {
		return []Check{c}
	}
	if e.guards(ep).warned {
		return nil
	}
	if c, some := e.someFail(ep); some {
		return []Check{c}
	}
	return nil
}

// mostFailDespite is the built-in limit on a whole run with exceptions: they leave
// an endpoint out of the limits, and do not make a run good that mostly failed.
// Endpoints that a rule allows more failures than that are left to the rule.
func (e *evidence) mostFailDespite() []Check {
	var g, left group
	for _, ep := range e.endpoints {
		switch by := e.guards(ep); {
		case by.excepted && !by.limited:
			g, left = append(g, ep), append(left, ep)
		case !by.limited || by.most <= builtInLimit:
			g = append(g, ep)
		}
	}
	if len(left) == 0 {
		return nil
	}
	f, broken := e.mostly(g.steps())
	if !broken {
		return nil
	}
	return []Check{e.mostFailed(g.steps(), "failures", f,
		", those left out of the limits included: "+strings.Join(left.names(), ", "),
		"take steps that are known to fail out of the load until they are mended")}
}

func builtIn() config.Limit {
	return config.Limit{Metric: metric.FailureRate, Unit: unit.Ratio, Fail: builtInLimit, HasFail: true}
}

// mostFail is the built-in limit on the failures of a group that no rule judges.
func (e *evidence) mostFail(g group, subject string) (Check, bool) {
	f, broken := e.mostly(g)
	if !broken {
		return Check{}, false
	}
	why := ", and no rule judges failures"
	if slices.ContainsFunc(g, func(ep *result.Endpoint) bool { return e.guards(ep).warned }) {
		why = ", and the rule for failures only warns"
	}
	return e.mostFailed(g, subject, f, why, "success: 99.5% in a rule judges failures by a limit of your own"), true
}

// mostly is the share of a group's requests that failed, and whether that is
// beyond the built-in limit.
func (e *evidence) mostly(g group) (f figure, broken bool) {
	if len(g) == 0 || e.generator.exhausted {
		return figure{}, false
	}
	f = e.shareFigure(promise{limit: builtIn()}, g)
	switch {
	case e.summed:
		return f, f.value > builtInLimit && f.value*float64(f.requests) >= enoughFailures
	case e.result.Planned.Smoke: // seconds have no interval
		return f, f.value > builtInLimit
	}
	return f, f.low > builtInLimit
}

func (e *evidence) mostFailed(g group, subject string, f figure, why, remedy string) Check {
	d := diagnose(g)
	c := Check{
		Subject: subject, Endpoints: g.names(), Metric: metric.FailureRate, Outcome: Fail, Shown: true,
		Got: Measured(f.quantity(f.value)), Limit: Measured(share(builtInLimit)), Requests: f.requests,
		Expected: e.expected(g),
		Reason: fmt.Sprintf("%s of %s failed%s%s",
			unit.Grouped(int64(f.value*float64(f.requests)+0.5)), requests(f.requests), why, d.after("; ")),
		Remedy: d.before("; ") + remedy,
	}
	c.Low, c.High = f.ends()
	return c
}

// someFail is a share of failures that no rule speaks of, and that is too small
// for the built-in limit.
func (e *evidence) someFail(ep *result.Endpoint) (Check, bool) {
	g := group{ep}
	t := e.tally(g, e.where(g), intended)
	part := float64(t.failed) / float64(t.requests)
	d := diagnose(g)
	c := Check{
		Subject: ep.Name, Endpoints: g.names(), Requests: t.requests, Expected: e.expected(g),
		Reason: fmt.Sprintf("%s of %s failed, and no rule limits its failures%s", share(part), requests(t.requests),
			d.after("; ")),
		Remedy: d.before(", and ") + "add success: 99.5% to a rule that matches it",
	}
	switch {
	case part > unguardedShare && t.failed >= unguardedCount:
		return c, true
	case part > unguardedWarn:
		c.Outcome, c.Shown = Warn, true
		return c, true
	}
	return Check{}, false
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
func (e *evidence) guarded(ep *result.Endpoint) bool {
	by := e.guards(ep)
	return by.limited || by.excepted
}

func (e *evidence) guards(ep *result.Endpoint) guards {
	by := guards{most: 1}
	for _, rule := range e.config.Rules {
		if !rule.Applies(e.result.Profile) || !rule.Whole().Matches(ep.Name, ep.Start) {
			continue
		}
		for _, l := range rule.Limits {
			switch {
			case !l.Metric.Share():
			case !rule.Matches(ep.Name, ep.Start):
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
