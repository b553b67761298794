package evidence

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// ExceptedFrom are the exceptions of a file that count in a profile, for rows that
// are there: of the rules that are asked, and of the comparison with earlier runs.
func ExceptedFrom(s *config.Config, profile string, rows []verdict.Row,
	asked func(config.Rule) bool, comparison bool) []verdict.Excepted {
	var all []verdict.Excepted
	add := func(rule, name string, x config.Exception) {
		at := slices.IndexFunc(all, func(o verdict.Excepted) bool { return o.Rule == rule && o.Pos == x.Pos })
		if at < 0 {
			at = len(all)
			all = append(all, verdict.Excepted{Rule: rule, Reason: x.Reason, Until: x.Day(), Pos: x.Pos})
		}
		if !slices.Contains(all[at].Endpoints, name) {
			all[at].Endpoints = append(all[at].Endpoints, name)
		}
	}
	for _, rule := range s.Rules {
		if !rule.Applies(profile) || !asked(rule) {
			continue
		}
		for _, row := range rows {
			if x, ok := rule.ExceptionOf(row.Name, row.Once.Any(), row.Transaction); ok && !x.Ended {
				add(rule.Name, row.Name, x)
			}
		}
	}
	if !comparison || !s.Baseline.On {
		return all
	}
	for _, row := range rows {
		if row.Once.Any() {
			continue
		}
		if _, x, rule := s.Compares(row.Name, row.Transaction, profile); x != nil && !x.Ended && rule == "" {
			add(verdict.BaselineRule, row.Name, *x)
		}
	}
	return all
}

// Excepted is ExceptedFrom for the rows of the run.
func Excepted(e *Run, asked func(config.Rule) bool, comparison bool) []verdict.Excepted {
	var rows []verdict.Row
	e.Rows(func(ep *result.Endpoint, transaction bool) {
		rows = append(rows, verdict.Row{Name: ep.Name, Once: ep.Once, Transaction: transaction})
	})
	return ExceptedFrom(e.Config, e.Result.Profile, rows, asked, comparison)
}

// Rows calls f with every endpoint and transaction.
func (e *Run) Rows(f func(ep *result.Endpoint, transaction bool)) {
	for _, ep := range e.Endpoints {
		f(ep, false)
	}
	for _, ep := range e.Transactions {
		f(ep, true)
	}
}

// Limiting reports whether a rule has limits.
func Limiting(r config.Rule) bool { return len(r.Limits) > 0 }

// Comparing reports whether a rule says how its endpoints are compared with earlier runs.
func Comparing(r config.Rule) bool { return r.Policy != nil }

// IdleExceptions warns of exceptions of a rule, empty for the baseline section, that match no
// endpoint of the result: perhaps another tool gave the endpoint another name. It is here and
// not in gate because the comparison with earlier runs has exceptions too, and so is Recall.
func IdleExceptions(e *Run, rule string, list []config.Exception) []verdict.Check {
	var checks []verdict.Check
	for _, x := range list {
		for _, pattern := range x.Patterns {
			if x.Ended || len(e.Matching(config.Rule{Patterns: []string{pattern}})) > 0 {
				continue
			}
			c := verdict.Check{
				Rule: rule, Pos: x.Pos, Subject: pattern, Outcome: verdict.Warn, Shown: true,
				Because: reason.ExceptionIdle.With(reason.Args{"pattern": pattern}),
			}
			var names []string
			e.Rows(func(ep *result.Endpoint, _ bool) { names = append(names, ep.Name) })
			if near, ok := expr.Nearest(pattern, names); ok {
				c.Remedies = []reason.Reason{reason.ExceptionNear.With(reason.Args{"near": near})}
			}
			checks = append(checks, c)
		}
	}
	return checks
}

// Recall names the exceptions that have ended, in the findings about their endpoints:
// otherwise a gate would start to fail on some day and not say why.
func Recall(checks []verdict.Check, hasEnded func(name string) (config.Exception, bool)) {
	for i := range checks {
		c := &checks[i]
		if c.Outcome == verdict.Pass {
			continue
		}
		var ended []reason.Reason
		for _, name := range c.Endpoints {
			if x, ok := hasEnded(name); ok {
				ended = append(ended, reason.ExceptionEnded.With(reason.Args{"endpoint": name, "day": x.Day(),
					"why": x.Reason}))
			}
		}
		if len(ended) == 0 {
			continue
		}
		c.Also = append(c.Also, ended...)
		c.Remedies = append(slices.Clip(c.Advice()), reason.ExceptionProlong.Plain())
	}
}

// EndedComparison is the ended exception of an endpoint, or transaction, from the
// comparison.
func EndedComparison(s *config.Config, profile string,
	transactions []string) func(name string) (config.Exception, bool) {
	return func(name string) (config.Exception, bool) {
		_, x, _ := s.Compares(name, slices.Contains(transactions, name), profile)
		if x == nil || !x.Ended {
			return config.Exception{}, false
		}
		return *x, true
	}
}
