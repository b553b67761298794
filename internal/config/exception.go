package config

import (
	"time"

	"github.com/loadgate/loadgate/internal/config/endpoint"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// Exception leaves endpoints out of a rule, or out of the comparison with
// earlier runs. They are sent and measured all the same.
type Exception struct {
	Patterns []string // as those of a rule
	Reason   string   // one line; never empty after Decode
	Until    time.Time
	// Ended says that Until has come, by Options.Now: the rule holds for the
	// endpoints again.
	Ended bool
	Pos   mistake.Pos // of the first pattern
}

// Day is the day from which on an exception counts no longer, as the file has
// it; empty: it has no end.
func (e Exception) Day() string {
	if e.Until.IsZero() {
		return ""
	}
	return e.Until.Format(time.DateOnly)
}

// Matches says whether one of the patterns equals or matches the name. Only * is
// special: it matches any text. Start steps and transactions are matched by their
// whole name only.
func Matches(patterns []string, name string, once, transaction bool) bool {
	for _, pattern := range patterns {
		if pattern == name || !once && !transaction && endpoint.Matches(pattern, name) {
			return true
		}
	}
	return false
}

// ExceptionOf is the exception of an endpoint or transaction: of several, one that
// counts rather than one that has ended; false: there is none.
func ExceptionOf(list []Exception, name string, once, transaction bool) (found Exception, ok bool) {
	for _, e := range list {
		if Matches(e.Patterns, name, once, transaction) && (!ok || found.Ended && !e.Ended) {
			found, ok = e, true
		}
	}
	return found, ok
}
