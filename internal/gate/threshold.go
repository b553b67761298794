package gate

import (
	"math"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// limits judges every limit that holds in the result's profile, in the order
// of the file.
func limits(e *evidence.Run) []verdict.Check {
	var checks []verdict.Check
	for _, rule := range e.Config.Rules {
		if !rule.Applies(e.Result.Profile) {
			continue
		}
		if evidence.Limiting(rule) {
			checks = append(checks, exceptions(e, rule)...)
		}
		checks = append(checks, judge(e, rule)...)
	}
	return append(checks, ofUsers(e, limits)...)
}

// ofUsers asks a question of each set of groups that a rule is about, as if their users were the only ones.
func ofUsers(e *evidence.Run, ask func(*evidence.Run) []verdict.Check) (checks []verdict.Check) {
	var asked []string
	for _, rule := range e.ByUsers {
		name := strings.Join(rule.Users, ", ")
		if !rule.Applies(e.Result.Profile) || slices.Contains(asked, name) {
			continue
		}
		asked = append(asked, name)
		own := ask(evidence.OfUsers(e, rule.Users))
		labelChecks(own, metric.Place{Users: name})
		checks = append(checks, own...)
	}
	return checks
}

// unruled says that no limit holds in the profile, and which rules are about loads that the run should have had.
func unruled(e *evidence.Run) []verdict.Check {
	var checks []verdict.Check
	for _, rule := range e.Absentees {
		checks = append(checks, verdict.Check{Rule: rule.Name, Pos: rule.Pos, Subject: strings.Join(rule.Loads, ", "),
			Because: reason.NoSuchLoad.With(reason.Args{"loads": rule.Loads})})
	}
	limits := func(r config.Rule) bool { return r.Applies(e.Result.Profile) && evidence.Limiting(r) }
	if len(checks) == 0 && !slices.ContainsFunc(slices.Concat(e.Config.Rules, e.ByUsers), limits) {
		checks = append(checks, verdict.Check{
			Subject: "run",
			Because: reason.NoRuleApplies.With(reason.Args{"profile": e.Result.Profile}),
		})
	}
	return checks
}

// missingRemedy is what can be done where no endpoint has a rule's name.
func missingRemedy(e *evidence.Run) []reason.Reason {
	if e.Result.Source.Foreign() {
		return []reason.Reason{reason.NameInFile.Plain()}
	}
	return []reason.Reason{reason.JudgeWithItsFile.Plain()}
}

// judge judges one rule. A pattern without an endpoint is no pass of the rest:
// it comes from judging a result by a file other than the one it was run with.
func judge(e *evidence.Run, rule config.Rule) []verdict.Check {
	var checks []verdict.Check
	for _, pattern := range rule.Patterns {
		if len(e.Matching(config.Rule{Patterns: []string{pattern}})) > 0 {
			continue
		}
		checks = append(checks, verdict.Check{
			Rule: rule.Name, Pos: rule.Pos, Subject: pattern,
			Because:  reason.PatternUnmatched.With(reason.Args{"pattern": pattern}),
			Remedies: missingRemedy(e),
		})
	}
	p := evidence.LimitCheck{Rule: rule, Group: e.Matching(rule)}
	if len(p.Group) == 0 {
		return checks
	}
	for _, limit := range rule.Limits {
		p.Limit = limit
		p.Limit.Unit = evidence.WrittenUnit(limit)
		switch {
		case limit.Metric.Share():
			checks = append(checks, share(e, p)...)
		case limit.Metric == metric.Throughput:
			checks = append(checks, throughput(e, p)...)
		default:
			checks = append(checks, latency(e, p)...)
		}
	}
	evidence.Recall(checks, endedException(e, rule))
	return checks
}

// breakers are the members of a group that break the limit by themselves, as their own intervals
// prove, whatever the outcome of the group. find decides whether one does; tell makes the ruling
// that is reported.
func breakers(e *evidence.Run, p evidence.LimitCheck, g evidence.Group,
	find, tell func(evidence.LimitCheck, evidence.Group) (ruling, estimate.Figure)) []verdict.Check {
	if !p.Limit.HasFail {
		return nil
	}
	var checks []verdict.Check
	for _, ep := range g {
		alone := evidence.Group{ep}
		if r, _ := find(p, alone); r.outcome != verdict.Fail || !r.shown {
			continue
		}
		r, f := tell(p, alone)
		checks = append(checks, check(e, p, ep.Name, alone, f, r))
	}
	return checks
}

// among is the same evidence for one of n findings of which any one fails the
// run: each gets its part of alpha (Bonferroni).
func among(e *evidence.Run, n int) *evidence.Run {
	one := *e
	one.Alpha /= float64(n)
	if e.Strict != nil {
		strict := *e.Strict
		strict.Alpha /= float64(n)
		one.Strict = &strict
	}
	return &one
}

// check writes a ruling down.
func check(e *evidence.Run, p evidence.LimitCheck, subject string,
	g evidence.Group, f estimate.Figure, r ruling) verdict.Check {
	c := verdict.Check{
		Rule: p.Rule.Name, Pos: p.Limit.Pos, Subject: subject, Endpoints: g.Names(), Scope: scopeOf(g),
		Metric:   p.Limit.Metric,
		Got:      verdict.Measured(f.Quantity(f.Value)),
		Limit:    verdict.Measured(unit.Quantity{Value: r.limit, Unit: p.Limit.Unit}),
		Requests: f.Requests, Expected: e.Expected(g),
		Outcome: r.outcome, Shown: r.shown, Given: f.Summed, Probed: r.cause == watchedOver,
	}
	c.Low, c.High = f.Ends()
	switch {
	case r.cause == frozen || r.cause == waiting || r.cause == watchedOver && !math.IsNaN(f.Arrivals):
		c.Got, c.Low, c.High, c.OfArrivals = verdict.Measured(f.Quantity(f.Arrivals)),
			verdict.Value{}, verdict.Value{}, true
	case r.outcome == verdict.Pass && r.shown && f.ByRequestsAbove(r.limit):
		kept := f.Above(r.limit)
		c.Above = &verdict.Above{Count: int64(kept.Above), High: kept.High}
	}
	if n := needed(e, p.Limit, r, f); n > f.Requests {
		c.Needed = n
	}
	b := explained(e, p, g, f, r)
	c.Because, c.Also, c.Remedies = b.reason, b.also, b.remedies
	if !brokeOff(e, g).Given() {
		c.Decides = decides(e, p, f, r)
	}
	return c
}

func scopeOf(g evidence.Group) verdict.Scope {
	if len(g) > 1 {
		return verdict.Together
	}
	return verdict.Alone
}

// unmeasured is the check of a limit on endpoints that have nothing to judge:
// nobody asked them, or every request failed.
func unmeasured(e *evidence.Run, p evidence.LimitCheck, g evidence.Group) verdict.Check {
	c := verdict.Check{
		Rule: p.Rule.Name, Pos: p.Limit.Pos, Subject: p.Subject(g), Endpoints: g.Names(), Scope: scopeOf(g),
		Metric: p.Limit.Metric, Limit: verdict.Measured(unit.Quantity{Value: p.Limit.First(), Unit: p.Limit.Unit}),
		Expected: e.Expected(g),
	}
	t := e.Tally(g, e.Where(g), estimate.Intended)
	if t.Requests > 0 {
		d := evidence.Diagnose(g)
		c.Because = reason.AllFailed.With(reason.Args{"requests": t.Requests, "metric": p.Limit.Metric.Name()})
		c.Also, c.Remedies = d.Facts(), d.Remedies()
		return c
	}
	c.Because, c.Remedies = reason.NothingMeasured.Plain(), []reason.Reason{unaskedRemedy(e, g).Plain()}
	return c
}

// unaskedRemedy is what to do about endpoints that nobody asked.
func unaskedRemedy(e *evidence.Run, g evidence.Group) reason.Code {
	switch expected := e.Expected(g); {
	case e.Window.Length <= 0:
		return reason.OutlastWarmUp
	case expected >= 1:
		return reason.StepsBefore
	case !knows(e, g[0]):
		return reason.OtherLoad
	}
	return byLoad(e, reason.AskMoreUsers, reason.AskHigherRate)
}

// knows says whether the endpoint is the document's, not only the file's.
func knows(e *evidence.Run, ep *result.Endpoint) bool {
	for _, list := range [][]result.Endpoint{e.Result.Endpoints, e.Result.Transactions} {
		for i := range list {
			if &list[i] == ep {
				return true
			}
		}
	}
	return false
}
