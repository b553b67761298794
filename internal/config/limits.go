package config

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// Rule is a named set of limits for some endpoints.
type Rule struct {
	Name     string
	Patterns []string
	Profiles []string // empty: all
	Loads    []string // of profiles with several; empty: all loads
	Users    []string // groups whose requests it is about; empty: all together
	Scope    Scope
	// OfRequests judges percentiles by the requests that were made, and not by
	// what users would have waited who came at their pace all the time.
	OfRequests bool
	Limits     []Limit           // file order; none in a rule that has Policy only
	Policy     *RegressionPolicy // nil: says nothing about earlier runs
	Except     []Exception
	Pos        mistake.Pos
}

// Applies says whether the rule is judged in the profile.
func (r Rule) Applies(profile string) bool {
	for _, name := range r.Profiles {
		if name == profile {
			return true
		}
	}
	return len(r.Profiles) == 0
}

// About says whether the rule is about the requests of a group.
func (r Rule) About(group string) bool { return len(r.Users) == 0 || slices.Contains(r.Users, group) }

// MatchesTransaction says whether the rule applies to a transaction: by its whole
// name only, and not to an exception that counts.
func (r Rule) MatchesTransaction(name string) bool { return r.applies(name, false, true) }

// Matches says whether the rule applies to an endpoint. Only * is special in a
// pattern: it matches any text. A step that a user sends once is matched only by its
// exact name, never by a pattern with a *. The rule does not apply to an exception that counts.
func (r Rule) Matches(endpoint string, once bool) bool { return r.applies(endpoint, once, false) }

// ExceptionOf is the rule's exception for a name that its patterns match: of several,
// one that counts rather than one that has ended; false: there is none.
func (r Rule) ExceptionOf(name string, once, transaction bool) (Exception, bool) {
	if !Matches(r.Patterns, name, once, transaction) {
		return Exception{}, false
	}
	return ExceptionOf(r.Except, name, once, transaction)
}

// Whole is the rule without its exceptions.
func (r Rule) Whole() Rule {
	r.Except = nil
	return r
}

// applies says whether the rule applies to an endpoint or transaction.
func (r Rule) applies(name string, once, transaction bool) bool {
	if !Matches(r.Patterns, name, once, transaction) {
		return false
	}
	e, ok := ExceptionOf(r.Except, name, once, transaction)
	return !ok || e.Ended
}

// Scope says whether a limit holds for each endpoint or for all together.
type Scope uint8

// The scopes. The zero value leaves it to the metric: latencies hold for each
// endpoint, shares and throughput for the rule's endpoints together.
const (
	ByMetric Scope = iota
	Combined
	Each
)

// Limit is the bound of one metric. Values are in the base of the metric's unit (unit.Quantity).
type Limit struct {
	Metric  metric.Metric
	Fail    float64
	HasFail bool
	Warn    float64
	HasWarn bool
	Unit    unit.Unit // as written: 500/min is judged per second and printed per minute
	Pos     mistake.Pos
}

// Judge says how undecided limits count.
type Judge struct {
	Confidence   float64 // two-sided, in (0,1); default 0.95
	Point        bool    // decide: point: compare values only
	NearStrict   bool    // near: inconclusive: "holds, not shown" is not a pass
	Inconclusive Undecided
	Extend       float64 // at most this many times the measured time, 1 to 10; 1: never
	StopOnFail   bool    // end a run early when a limit is broken beyond doubt; Decode: true unless the file says no
	StopOnPass   bool    // end a run early when every limit is shown to hold
}

// Undecided says what an inconclusive verdict does to the exit code. The zero
// value is exit code 3.
type Undecided uint8

// The choices of judge.inconclusive.
const (
	UndecidedStays Undecided = iota
	UndecidedFails
	UndecidedWarns
	UndecidedPasses
)
