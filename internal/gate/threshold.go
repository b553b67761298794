package gate

import (
	"fmt"
	"math"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// promise is one limit of one rule and the endpoints that it speaks of.
type promise struct {
	rule  config.Rule
	limit config.Limit
	group group
}

// subject names a group of the rule that is judged together.
func (p promise) subject(g group) string {
	if len(g) == 1 {
		return g[0].Name
	}
	return fmt.Sprintf("%s (%d endpoints)", p.rule.Name, len(g))
}

// limits judges every limit that holds in the result's profile, in the order
// of the file.
func limits(e *evidence) []Check {
	var checks []Check
	applied := false
	for _, rule := range e.config.Rules {
		if !rule.Applies(e.result.Profile) {
			continue
		}
		applied = applied || limiting(rule)
		if limiting(rule) {
			checks = append(checks, e.exceptions(rule)...)
		}
		checks = append(checks, e.judge(rule)...)
	}
	if !applied {
		checks = append(checks, Check{
			Subject: "run",
			Reason:  fmt.Sprintf("no rule of the file holds in profile %q, so nothing was judged", e.result.Profile),
			Remedy:  "add a rule under thresholds:, or take the profile off the list of one",
		})
	}
	return checks
}

// missingRemedy is what can be done where no endpoint has a rule's name.
func (e *evidence) missingRemedy() string {
	if e.result.Source.Foreign() {
		return "write the name that the file has, or give it one with --name; --all lists those that it has"
	}
	return "judge it with the thresholds.yaml it was run with, or run it again"
}

// judge judges one rule. A pattern without an endpoint is no pass of the rest:
// it comes from judging a result by a file other than the one it was run with.
func (e *evidence) judge(rule config.Rule) []Check {
	var checks []Check
	for _, pattern := range rule.Patterns {
		if len(e.matching(config.Rule{Patterns: []string{pattern}})) > 0 {
			continue
		}
		checks = append(checks, Check{
			Rule: rule.Name, Pos: rule.Pos, Subject: pattern,
			Reason: fmt.Sprintf("no endpoint of this result matches %q", pattern),
			Remedy: e.missingRemedy(),
		})
	}
	p := promise{rule: rule, group: e.matching(rule)}
	if len(p.group) == 0 {
		return checks
	}
	for _, limit := range rule.Limits {
		p.limit = limit
		p.limit.Unit = writtenUnit(limit)
		switch {
		case limit.Metric.Share():
			checks = append(checks, e.share(p)...)
		case limit.Metric == metric.Throughput:
			checks = append(checks, e.throughput(p)...)
		default:
			checks = append(checks, e.latency(p)...)
		}
	}
	recall(checks, e.endedOf(rule))
	return checks
}

func (e *evidence) matching(rule config.Rule) group {
	var g group
	for _, ep := range e.endpoints {
		if rule.Matches(ep.Name, ep.Start) {
			g = append(g, ep)
		}
	}
	for _, ep := range e.transactions {
		if rule.MatchesTransaction(ep.Name) {
			g = append(g, ep)
		}
	}
	return g
}

// breakers are the members of a group that break the limit alone, proven by
// their own intervals whatever the group comes to: to find decides, and to tell
// is how the finding is written down.
func (e *evidence) breakers(p promise, g group, find, tell func(promise, group) (ruling, figure)) []Check {
	if !p.limit.HasFail {
		return nil
	}
	var checks []Check
	for _, ep := range g {
		alone := group{ep}
		if r, _ := find(p, alone); r.outcome != Fail || !r.shown {
			continue
		}
		r, f := tell(p, alone)
		checks = append(checks, e.check(p, ep.Name, alone, f, r))
	}
	return checks
}

// among is the same evidence for one of n findings of which any one fails the
// run: each gets its part of alpha (Bonferroni).
func (e *evidence) among(n int) *evidence {
	one := *e
	one.alpha /= float64(n)
	if e.strict != nil {
		strict := *e.strict
		strict.alpha /= float64(n)
		one.strict = &strict
	}
	return &one
}

// check writes a ruling down.
func (e *evidence) check(p promise, subject string, g group, f figure, r ruling) Check {
	c := Check{
		Rule: p.rule.Name, Pos: p.limit.Pos, Subject: subject, Endpoints: g.names(), Metric: p.limit.Metric,
		Got:      Measured(f.quantity(f.value)),
		Limit:    Measured(unit.Quantity{Value: r.limit, Unit: p.limit.Unit}),
		Requests: f.requests, Expected: e.expected(g),
		Outcome: r.outcome, Shown: r.shown, Given: f.summed, Probed: r.cause == watchedOver,
	}
	c.Low, c.High = f.ends()
	switch {
	case r.cause == frozen || r.cause == waiting || r.cause == watchedOver && !math.IsNaN(f.arrivals):
		c.Got, c.Low, c.High, c.OfArrivals = Measured(f.quantity(f.arrivals)), Value{}, Value{}, true
	case r.outcome == Pass && r.shown && f.byRequestsAbove(r.limit):
		kept := f.above(r.limit)
		c.Above = &Above{Count: int64(kept.Above), High: kept.High}
	}
	if n := e.needed(p.limit, r, f); n > f.requests {
		c.Needed = n
	}
	c.Reason, c.Remedy = e.words(p, g, f, r)
	if broke, _ := e.brokeOff(g); broke == "" {
		c.Decides = e.decides(p, f, r)
	}
	return c
}

// unmeasured is the check of a limit on endpoints that have nothing to judge:
// nobody asked them, or every request failed.
func (e *evidence) unmeasured(p promise, g group) Check {
	c := Check{
		Rule: p.rule.Name, Pos: p.limit.Pos, Subject: p.subject(g), Endpoints: g.names(), Metric: p.limit.Metric,
		Limit: Measured(unit.Quantity{Value: p.limit.First(), Unit: p.limit.Unit}), Expected: e.expected(g),
	}
	t := e.tally(g, e.where(g), intended)
	if t.requests > 0 {
		d := diagnose(g)
		c.Reason = fmt.Sprintf("all %s failed, so there is no %s to judge%s",
			requests(t.requests), p.limit.Metric.Name(), d.after("; "))
		c.Remedy = d.remedy
		return c
	}
	c.Reason, c.Remedy = "no request was measured", e.unaskedRemedy(g)
	return c
}

// unaskedRemedy is what to do about endpoints that nobody asked.
func (e *evidence) unaskedRemedy(g group) string {
	switch expected := e.expected(g); {
	case e.window.Length <= 0:
		return "let the run outlast its warm-up"
	case expected >= 1:
		return "look at the steps before it: a failed step or a false \"when\" leaves it out"
	case !e.knows(g[0]):
		return "run it with this file: the result comes from a load without this endpoint"
	}
	return "run longer, " + e.byLoad("use more users", "raise the rate") + ", or give its group more weight"
}

// knows says whether the endpoint is the document's, not only the file's.
func (e *evidence) knows(ep *result.Endpoint) bool {
	for _, list := range [][]result.Endpoint{e.result.Endpoints, e.result.Transactions} {
		for i := range list {
			if &list[i] == ep {
				return true
			}
		}
	}
	return false
}
