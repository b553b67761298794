// Package wording puts reasons into words: for each code a template of what it says and of what
// to do. All prose of checks and causes is made here, and nothing reads it again.
package wording

import (
	"strings"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Reason is why a check came out as it did, in one sentence; empty for a plain pass.
func Reason(c verdict.Check) string {
	return strings.Join(texts(append([]reason.Reason{c.Because}, c.Also...)), "; ")
}

// Remedy is what to do about a check; empty where nothing is to be done.
func Remedy(c verdict.Check) string {
	if len(c.Remedies) > 0 {
		return strings.Join(todos(c.Remedies), "; ")
	}
	return Todo(c.Because)
}

// CauseTitle is a cause in a few words.
func CauseTitle(c verdict.Cause) string {
	return Title(c.Because)
}

// CauseEvidence is what was measured of a cause.
func CauseEvidence(c verdict.Cause) string {
	parts := texts(append([]reason.Reason{c.Because}, c.Also...))
	if c.Size.OK {
		parts = append(parts, fill("it explains {share} of the {excess}",
			reason.Args{"share": c.Size.Quantity, "excess": c.Of.Reason()}))
	}
	return strings.Join(parts, "; ")
}

// CauseNext is where to look next.
func CauseNext(c verdict.Cause) string {
	if len(c.Remedies) > 0 {
		return strings.Join(todos(c.Remedies), "; ")
	}
	return Todo(c.Because)
}

// LoadText is so many users, or arrivals per second.
func LoadText(load float64, open bool) string { return Text(verdict.LoadOf(load, open)) }

// StageLoad is the load of a stage.
func StageLoad(s verdict.Stage) string { return LoadText(s.Load(), s.Open) }

// Does is a load and what it does: "20 users hold", "50/s holds".
func Does(load float64, open bool, verb string) string { return does(verdict.LoadOf(load, open), verb) }
