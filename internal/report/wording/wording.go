// Package wording puts reasons into words: for each code a template of what it says and of what
// to do. All prose of checks and causes is made here, and nothing reads it again.
package wording

import (
	"strings"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
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

// LoadText is a load in words: a number of users, or arrivals, whose rate is in a unit.
func LoadText(load float64, open bool, rates unit.Unit) string {
	return Text(loadIn(load, open, rates))
}

// StageLoad is the load of a stage.
func StageLoad(s verdict.Stage, rates unit.Unit) string { return LoadText(s.Load(), s.Open, rates) }

// Does is a load and what it does: "20 users hold", "50/s holds".
func Does(load float64, open bool, rates unit.Unit, verb string) string {
	return does(loadIn(load, open, rates), verb)
}

func loadIn(load float64, open bool, rates unit.Unit) reason.Reason {
	r := verdict.LoadOf(load, open)
	if rate, ok := r.Args["rate"].(unit.Quantity); ok {
		r.Args["rate"] = rate.In(rates)
	}
	return r
}
