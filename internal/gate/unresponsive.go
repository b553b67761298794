package gate

import (
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Unresponsive fails a run whose target stopped answering: that is an answer to the
// question of the load test, not a run that could not be made. Where the
// generator's machine had nothing left to call with, the silence may be its
// own.
func Unresponsive(e *evidence.Run) []verdict.Check {
	if !e.Unresponsive() {
		return nil
	}
	c := verdict.Check{Subject: "target", Outcome: verdict.Fail, Shown: true}
	if e.Generator.Exhausted {
		c.Outcome, c.Shown = verdict.Inconclusive, false
		c.Also = []reason.Reason{reason.GeneratorPerhaps.Plain()}
	}
	q, found := e.Unanswered()
	c.Requests = q.Requests
	if !found {
		c.Because = reason.TargetStopped.With(After(e))
		return []verdict.Check{c}
	}
	args := reason.Args{
		"at": e.Wall(q.From), "users": e.Users(q.From), "requests": q.Requests, "length": q.Length,
		"kind": q.Kind.String(),
	}
	if q.Never {
		args["start"] = e.Wall(0)
	}
	c.Because = reason.TargetSilent.With(args)
	return []verdict.Check{c}
}
