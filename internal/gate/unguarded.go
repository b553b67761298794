package gate

import (
	"fmt"

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
	steps := group{}
	for _, ep := range free {
		if !ep.Start {
			steps = append(steps, ep)
		}
	}
	if len(steps) > 1 {
		if c, broken := e.mostFail(steps, "failures"); broken {
			return []Check{c}
		}
	}
	var checks []Check
	for _, ep := range free {
		if c, broken := e.mostFail(group{ep}, ep.Name); broken {
			checks = append(checks, c)
		} else if c, some := e.someFail(ep); some {
			checks = append(checks, c)
		}
	}
	return checks
}

func builtIn() config.Limit {
	return config.Limit{Metric: metric.FailureRate, Unit: unit.Ratio, Fail: builtInLimit, HasFail: true}
}

// mostFail is the built-in limit on the failures of a group.
func (e *evidence) mostFail(g group, subject string) (Check, bool) {
	f := e.shareFigure(promise{limit: builtIn()}, g)
	broken := f.low > builtInLimit
	if e.result.Planned.Smoke { // seconds have no interval
		broken = f.value > builtInLimit
	}
	if e.summed {
		broken = f.value > builtInLimit && f.value*float64(f.requests) >= enoughFailures
	}
	if !broken || e.generator.exhausted {
		return Check{}, false
	}
	d := diagnose(g)
	c := Check{
		Subject: subject, Endpoints: g.names(), Metric: metric.FailureRate, Outcome: Fail, Shown: true,
		Got: Measured(f.quantity(f.value)), Limit: Measured(share(builtInLimit)), Requests: f.requests,
		Expected: e.expected(g),
		Reason: fmt.Sprintf("%s of %s failed, and no rule judges failures%s",
			unit.Grouped(int64(f.value*float64(f.requests)+0.5)), requests(f.requests), d.after("; ")),
		Remedy: d.before("; ") + "success: 99.5% in a rule judges failures by a limit of your own",
	}
	c.Low, c.High = f.ends()
	return c, true
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

// guarded says whether a rule that is judged limits the endpoint's failures, or
// leaves the endpoint out of its limit on them: then the file has said so.
func (e *evidence) guarded(ep *result.Endpoint) bool {
	for _, rule := range e.config.Rules {
		if !rule.Applies(e.result.Profile) || !rule.Whole().Matches(ep.Name, ep.Start) {
			continue
		}
		for _, l := range rule.Limits {
			if l.Metric.Share() {
				return true
			}
		}
	}
	return false
}
