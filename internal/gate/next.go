package gate

import (
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/verdict"
)

// next is what would decide an inconclusive verdict: what makes the run one that
// can be judged, or else the duration at which all of its limits would likely be
// decided, or what another limit needs.
func next(e *evidence.Run, v verdict.Verdict) string {
	if v.Outcome() != verdict.Inconclusive {
		return ""
	}
	longest, remedy, probe := time.Duration(0), "", ""
	for _, c := range v.Checks {
		switch {
		case c.Outcome != verdict.Inconclusive:
		case c.Rule == "" && c.Comparison == nil:
			return firstClause(c.Remedy)
		case c.Probed:
			probe = c.Remedy
		case c.Decides > 0:
			longest = max(longest, c.Decides)
		case remedy == "":
			remedy = c.Remedy
		}
	}
	if probe != "" { // a longer run would be disturbed as much
		return firstClause(probe)
	}
	if longest > 0 {
		return "run " + insteadOf(longest, e.Window.Start()+e.Window.Length) + " to decide"
	}
	return firstClause(remedy)
}

// firstClause is the first of what a remedy lists.
func firstClause(remedy string) string {
	if at := strings.IndexAny(remedy, ";,:"); at >= 0 {
		remedy = remedy[:at]
	}
	return strings.TrimSpace(remedy)
}
