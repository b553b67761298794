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
	return strings.Join(texts(c.Facts()), "; ")
}

// Remedy is what to do about a check; empty where nothing is to be done.
func Remedy(c verdict.Check) string {
	return strings.Join(todos(c.Advice()), "; ")
}

// CauseTitle is a cause in a few words.
func CauseTitle(c verdict.Cause) string { return Title(c.Because) }

// CauseEvidence is what was measured of a cause.
func CauseEvidence(c verdict.Cause) string {
	parts := texts(c.Facts())
	if c.Size.OK {
		parts = append(parts, fill("it explains {share} of the {excess}",
			reason.Args{"share": c.Size.Quantity, "excess": c.Of.Reason()}))
	}
	return strings.Join(parts, "; ")
}

// CauseNext is where to look next.
func CauseNext(c verdict.Cause) string {
	return strings.Join(todos(c.Advice()), "; ")
}

// LoadText is a load in words: a number of users, or a rate of arrivals.
func LoadText(load float64, open bool) string { return Text(verdict.LoadOf(load, open)) }

// StageLoad is the load of a stage.
func StageLoad(s verdict.Stage) string { return LoadText(s.Load(), s.Open) }

// Does is a load and what it does: "20 users hold", "50/s holds".
func Does(load float64, open bool, verb string) string { return does(verdict.LoadOf(load, open), verb) }
