package gate

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/verdict"
)

// freezes tells of stretches in which nothing was answered. A limit on latency
// that they break fails in its own row.
func freezes(e *evidence.Run) []verdict.Check {
	if e.Silenced() {
		return nil // which says more
	}
	var checks []verdict.Check
	for _, f := range e.Freezes {
		if f.Longest < evidence.WorthTelling || f.Probed { // the probe has its own line
			continue
		}
		c := verdict.Check{Subject: "frozen", Outcome: verdict.Warn, Shown: true, Requests: f.Waited}
		what := "no endpoint answered"
		if !f.Every {
			c.Endpoints = f.Group.Names()
			what = evidence.Named(c.Endpoints) + " did not answer"
		}
		length := max(f.Longest, time.Duration(f.To-f.From)*e.Window.Slot)
		c.Reason = fmt.Sprintf("%s: %s; %s in %s of the measured time", f.Span(e), f.Who(e), what, evidence.Share(min(1,
			float64(length)/float64(e.Window.Length))))
		c.Remedy = "look for what stopped the service: a lock, a blocked event loop, a garbage collection, a paused " +
			"container, a dependency that hung"
		checks = append(checks, c)
	}
	return checks
}
