package gate

import (
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// freezes tells of stretches in which nothing was answered. A limit on latency
// that they break fails in its own row.
func freezes(e *evidence.Run) []verdict.Check {
	if e.Unresponsive() {
		return nil // which says more
	}
	var checks []verdict.Check
	for _, f := range evidence.JoinFreezes(e.Freezes) {
		if f.Longest < evidence.WorthTelling || f.Probed { // the probe has its own line
			continue
		}
		c := verdict.Check{Subject: "frozen", Outcome: verdict.Warn, Shown: true, Requests: f.Waited}
		length := max(f.Longest, time.Duration(f.To-f.From)*e.Window.Slot)
		c.Because = f.Reason(e)
		c.Because.Code = reason.ServiceFroze
		c.Because.Args["share"] = evidence.Share(min(1, float64(length)/float64(e.Window.Length)))
		if !f.Every {
			c.Endpoints = f.Group.Names()
			c.Because.Args["endpoints"] = c.Endpoints
		}
		checks = append(checks, c)
	}
	return checks
}
