package gate

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
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
		Subject: "generator",
		Reason: "the generator's machine ran out of file descriptors or local ports, so part of the load never " +
			"left it",
		Remedy: evidence.ExhaustedRemedy,
	}}
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
		if !ep.Start {
			requested += e.Tally(evidence.Group{ep}, e.Window, estimate.Intended).Requests
			steps = append(steps, ep)
		}
	}
	expected := e.Expected(steps)
	sent := fmt.Sprintf("%s of %s planned requests were made", unit.Grouped(requested), unit.Grouped(int64(expected)))
	if expected <= 0 {
		sent = fmt.Sprintf("%s were made, as many as %d users could",
			evidence.Requests(requested), e.Result.Planned.Users)
	}
	c := verdict.Check{Subject: "offered load", Requests: requested, Expected: expected}
	if offered := 1 - e.Generator.Lost; e.Generator.Flagged() && offered < evidence.OfferedLate {
		_, remedy := e.Generator.Blame()
		c.Got, c.Limit, c.Remedy = verdict.Measured(evidence.Share(offered)),
			verdict.Measured(evidence.Share(evidence.OfferedLate)), remedy
		c.Reason = fmt.Sprintf("the generator was so late that its users made only %s of their load: this is not the "+
			"load that was to be judged; %s",
			c.Got, sent)
		return []verdict.Check{c}
	}
	if expected <= 0 || requested == 0 || float64(requested) >= evidence.OfferedSlow*expected || e.Silenced() ||
		len(e.EndedEarly()) > 0 {
		return nil // what a shard did not send to its end is neither the generator's nor the service's doing
	}
	made := float64(requested) / expected
	c.Got, c.Limit = verdict.Measured(evidence.Share(made)), verdict.Measured(evidence.Share(evidence.OfferedSlow))
	c.Outcome, c.Shown = verdict.Warn, true
	waiting := evidence.Waiting(e, steps)
	awaited := "answers"
	if evidence.Repeated(e, steps) {
		awaited = "answers, and to repeat failed requests,"
	}
	c.Reason = fmt.Sprintf("%s (%s): users waited for %s for %s of their time, in which they make no other request",
		sent, c.Got, awaited, evidence.Share(waiting))
	c.Remedy = "look for slow endpoints; use more users for the planned load, or arrivals (rate), which do not wait"
	switch explained := made >= evidence.OfferedSlow*(1-waiting); {
	case explained:
	case e.Generator.Flagged():
		was, remedy := e.Generator.Blame()
		c.Outcome, c.Shown, c.Remedy = verdict.Inconclusive, false, remedy
		c.Reason = fmt.Sprintf("the generator was %s, and %s (%s), which waiting for answers does not explain (%s of "+
			"the users' time): this may not be the load that was to be judged",
			was, sent, c.Got, evidence.Share(waiting))
	default:
		c.Reason = fmt.Sprintf("%s (%s), and waiting for answers took only %s of the users' time: steps were left out",
			sent,
			c.Got, evidence.Share(waiting))
		c.Remedy = "look for steps whose \"when\" is false, or that were not sent because a step before them " +
			"captured nothing"
	}
	return []verdict.Check{c}
}
