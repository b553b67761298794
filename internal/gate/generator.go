package gate

import (
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Exhaustion reports requests that never left the generator's machine: they
// are no failures of the service, and their number hides what it would do.
func Exhaustion(e *evidence.Run) []verdict.Check {
	if !e.Generator.Exhausted {
		return nil
	}
	return []verdict.Check{{
		Subject: "generator", Because: reason.GeneratorOutOfPorts.Plain(),
	}}
}

// lateness warns of a generator that fell behind its own timetable.
func lateness(e *evidence.Run) []verdict.Check {
	g := e.Generator
	if !g.Behind() {
		return nil
	}
	return []verdict.Check{{
		Subject: "generator lag (p99)",
		Got:     verdict.Measured(unit.Of(g.Lag)),
		Limit:   verdict.Measured(unit.Of(g.Allowed)),
		Outcome: verdict.Warn, Shown: true,
		Because: reason.GeneratorLate.With(reason.Args{"lag": g.Lag}),
	}}
}

// overloaded warns of what the generator's process was short of.
func overloaded(e *evidence.Run) []verdict.Check {
	var checks []verdict.Check
	for _, s := range e.Generator.Overloads {
		checks = append(checks, verdict.Check{
			Subject: s.Subject, Got: verdict.Measured(s.Got), Limit: s.Limit,
			Outcome: verdict.Warn, Shown: true, Because: s.Because,
		})
	}
	return checks
}

// load asks whether the users did what was planned. What the generator took
// from them by being late is known exactly: the time by which their requests
// were late, of the time that they walked. A closed loop also slows down with
// the service; that is no fault of the run, and only worth a word when much is
// missing: what think times and answers explain is never the generator's.
func load(e *evidence.Run) []verdict.Check {
	if e.Result.Planned.Rate > 0 {
		return nil // nothing slows arrivals down: see dropped
	}
	var requested int64
	var steps evidence.Group
	for _, ep := range e.Endpoints {
		if !ep.Once.Any() {
			requested += e.Tally(evidence.Group{ep}, e.Window, estimate.Intended).Requests
			steps = append(steps, ep)
		}
	}
	expected := e.Expected(steps)
	made := reason.Args{"made": requested, "planned": int64(expected)}
	if expected <= 0 {
		made = reason.Args{"made": requested, "users": e.Result.Planned.Users}
	}
	sent := reason.RequestsMade.With(made)
	c := verdict.Check{Subject: "offered load", Requests: requested, Expected: expected}
	if offered := 1 - e.Generator.Lost; e.Generator.Flagged() && offered < evidence.OfferedLate {
		was, remedies := e.Generator.Blame()
		c.Got, c.Limit = verdict.Measured(evidence.Share(offered)),
			verdict.Measured(evidence.Share(evidence.OfferedLate))
		c.Because = reason.LoadLate.With(reason.Args{"made": c.Got.Quantity, "sent": sent, "was": was})
		c.Remedies = remedies
		return []verdict.Check{c}
	}
	if expected <= 0 || requested == 0 || float64(requested) >= evidence.OfferedSlow*expected || e.Unresponsive() ||
		len(e.EndedEarly()) > 0 {
		return nil // what a shard did not send to its end is neither the generator's nor the service's doing
	}
	return []verdict.Check{slowed(e, c, sent, evidence.Waiting(e, steps), evidence.Repeated(e, steps))}
}

// slowed completes the check of a load of which much was not made, by the share of their time
// that users spent waiting.
func slowed(e *evidence.Run, c verdict.Check, sent reason.Reason, waiting float64, repeats bool) verdict.Check {
	made := float64(c.Requests) / c.Expected
	c.Got, c.Limit = verdict.Measured(evidence.Share(made)), verdict.Measured(evidence.Share(evidence.OfferedSlow))
	c.Outcome, c.Shown = verdict.Warn, true
	args := reason.Args{"sent": sent, "made": c.Got.Quantity, "waiting": evidence.Share(waiting)}
	switch explained := made >= evidence.OfferedSlow*(1-waiting); {
	case explained:
		args["awaited"] = reason.WaitForAnswers.Plain()
		if repeats {
			args["awaited"] = reason.WaitForRepeats.Plain()
		}
		c.Because = reason.LoadUsersWaited.With(args)
	case e.Generator.Flagged():
		was, remedies := e.Generator.Blame()
		args["was"] = was
		c.Outcome, c.Shown, c.Remedies = verdict.Inconclusive, false, remedies
		c.Because = reason.LoadUnexplained.With(args)
	default:
		c.Because = reason.LoadStepsLeftOut.With(args)
	}
	return c
}
