package gate

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// outages tells of stretches in which a part of the service failed. Those that
// break a limit on failures alone fail the run, in the row of that limit; here
// they say when, and what.
func outages(e *evidence.Run) []verdict.Check {
	if e.Unresponsive() {
		return nil // which says more
	}
	var checks []verdict.Check
	for _, o := range e.Outages {
		c := verdict.Check{Subject: "outage", Outcome: verdict.Warn, Shown: true, Requests: o.Requests}
		if !o.Lasts(e.Window.Slot) {
			c.Subject = "blip"
		}
		if outageBreaks(e, o) {
			c.Outcome = verdict.Fail
		}
		code := reason.Outage
		if !o.Lasts(e.Window.Slot) {
			code = reason.Blip
		}
		args := reason.Args{
			"when": e.StretchOf(o.From, o.To), "failed": o.Failed, "requests": o.Requests,
			"at": e.Wall(time.Duration(o.From) * e.Window.Slot),
		}
		if !o.Every {
			c.Endpoints = o.Group.Names()
			args["endpoints"] = c.Endpoints
		}
		c.Because = code.With(args)
		if f, ok := evidence.FirstFailure(e, o); ok {
			why := evidence.Explain(f)
			c.Also = []reason.Reason{reason.FirstAnswer.With(reason.Args{"label": evidence.Label(f), "why": why})}
			c.Remedies = []reason.Reason{c.Because, why}
		}
		checks = append(checks, c)
	}
	return checks
}

// outageBreaks says whether the outage alone breaks a limit of the file.
func outageBreaks(e *evidence.Run, o evidence.Outage) bool {
	for _, rule := range e.Config.Rules {
		if !rule.Applies(e.Result.Profile) {
			continue
		}
		for _, l := range rule.Limits {
			if !l.Metric.Share() || !l.HasFail {
				continue
			}
			f := estimate.Figure{Metric: l.Metric}
			for _, g := range limited(e, rule) {
				if e.Reaches(o, g, f.Turn(l.Fail)) {
					return true
				}
			}
		}
	}
	return false
}

// limited are the groups that each have to keep a rule's limit on failures, start
// steps left out.
func limited(e *evidence.Run, rule config.Rule) []evidence.Group {
	all := slices.DeleteFunc(e.Matching(rule), func(ep *result.Endpoint) bool { return ep.Once.Any() })
	var groups []evidence.Group
	if rule.Scope != config.Each && len(all) > 0 {
		groups = append(groups, all)
	}
	if rule.Scope != config.Combined {
		for _, ep := range all {
			groups = append(groups, evidence.Group{ep})
		}
	}
	return groups
}
