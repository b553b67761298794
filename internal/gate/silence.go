package gate

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Silence fails a run whose target stopped answering: that is an answer to the
// question of the load test, not a run that could not be made. Where the
// generator's machine had nothing left to call with, the silence may be its
// own.
func Silence(e *evidence.Run) []verdict.Check {
	if !e.Silenced() {
		return nil
	}
	c := verdict.Check{Subject: "target", Outcome: verdict.Fail, Shown: true}
	c.Remedy = evidence.SilenceRemedy
	perhaps := ""
	if e.Generator.Exhausted {
		c.Outcome, c.Shown = verdict.Inconclusive, false
		perhaps = "; the generator's machine may be the reason"
	}
	q, found := e.Quiet()
	c.Requests = q.Requests
	if !found {
		c.Reason = "stopped answering: the run was ended " + After(e) + perhaps
		return []verdict.Check{c}
	}
	said := "stopped answering at " + e.Wall(q.From)
	if q.Never {
		said = "never answered: silent from the start at " + e.Wall(0)
	}
	c.Reason = fmt.Sprintf("%s with %d users: %s without an answer in the last %s, most of them %s%s",
		said, e.Users(q.From), evidence.Requests(q.Requests), unit.Of(q.Length), q.Kind, perhaps)
	return []verdict.Check{c}
}
