// Package verdict is what a judgement says: checks with their evidence, stages, causes and
// what is left out, and the outcome that they come to. It judges nothing and words nothing
// that the report does not print.
package verdict

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
	"slices"
	"time"
)

// Outcome is how one check ended. The zero value is Inconclusive: a forgotten
// assignment cannot pass.
type Outcome uint8

// The outcomes. Their severity is not their order here; see Worse.
const (
	Inconclusive Outcome = iota
	Pass
	Warn
	Fail
)

// String is the outcome's name in every output.
func (o Outcome) String() string {
	return [...]string{"INCONCLUSIVE", "PASS", "WARN", "FAIL"}[o&3]
}

// MarshalText writes the name in lower case.
func (o Outcome) MarshalText() ([]byte, error) {
	return []byte([...]string{"inconclusive", "pass", "warn", "fail"}[o&3]), nil
}

// Worse returns the more severe of two outcomes: Pass < Warn < Inconclusive <
// Fail.
func (o Outcome) Worse(other Outcome) Outcome {
	severity := [...]int{Inconclusive: 2, Pass: 0, Warn: 1, Fail: 3}
	if severity[other&3] > severity[o&3] {
		return other
	}
	return o
}

// Value is a quantity that may not have been measured. The zero value was
// not.
type Value struct {
	unit.Quantity
	OK bool
}

// Measured returns a quantity that was measured.
func Measured(q unit.Quantity) Value { return Value{q, true} }

// Check is one finding with its evidence.
type Check struct {
	// Rule is the rule's name in thresholds.yaml; empty for health checks,
	// which ask whether the run can be judged at all.
	Rule string
	Pos  config.Pos // the limit's line, for annotations; zero for health checks
	// Subject is what was judged: an endpoint, several together, or the run.
	Subject string
	// Endpoints lists the endpoints behind Subject.
	Endpoints []string
	Metric    metric.Metric
	Got       Value
	// Low and High are the ends of the interval at the judge's confidence;
	// not OK where the evidence gives none.
	Low, High Value
	// Limit is the limit that decided: the fail limit, or the warn limit where
	// only that one was missed or set.
	Limit    Value
	Requests int64   // that the figure rests on
	Needed   int64   // requests that would have been enough to show a pass; 0: unknown or enough
	Expected float64 // requests the plan expected; 0: unknown
	Outcome  Outcome
	Reason   string // one sentence; empty for a plain pass
	Remedy   string // what to do about it; empty where nothing is to be done
	// Above is how many requests exceeded the limit, where these and not the
	// interval show that it is kept; nil: they did not decide.
	Above *Above
	// OfArrivals marks a percentile of arrivals: what users who kept their pace
	// would have waited (docs/statistics.md). It has no interval.
	OfArrivals bool
	// Probed marks an inconclusive check whose limit is broken only in the seconds
	// in which loadgate's own probe was read.
	Probed bool
	// Decides is how long a run would likely decide an inconclusive check, its
	// warm-up included; 0: unknown, or no length would.
	Decides time.Duration
	// Firm marks an inconclusive check that judge.inconclusive does not soften:
	// there is nothing that could be a pass.
	Firm bool
	// Given marks a value that another tool computed: Low and High are the ends of
	// what its rounding hides, not of an interval.
	Given bool
	Shown bool // false for a pass or warning by value that the interval does not show
	// Resource is set for what is judged of a gauge: no endpoint, and Readings in
	// the place of Requests.
	Resource bool
	Readings int
	// Comparison is what the value was compared with where that was measured too;
	// nil: a limit of the file, or nothing.
	Comparison *Comparison
}

// Above is the requests that exceeded a limit which they keep by a wide margin.
type Above struct {
	Count int64
	High  float64 // upper end of the interval of their share, in [0,1]
}

// Verdict is every check of a run, health first, then in the order of the
// file.
type Verdict struct {
	Checks []Check
	// Stages are the levels of a load in stages, each judged alone. What they
	// come to is told in the Checks; they change no outcome themselves.
	Stages []Stage
	// Causes are why the run went as it did. They change no outcome.
	Causes []Cause
	// Smoke marks the verdict on a smoke run: failures alone were judged.
	Smoke bool
	// Excepted is what the file leaves out of its rules, in their order.
	Excepted []Excepted
	// Next is what would decide an inconclusive verdict, in a few words; empty: it
	// is decided, or nobody knows.
	Next string
	// Undecided is what the file wants an inconclusive verdict to count as.
	Undecided config.Undecided
}

// Outcome is the worst check; Inconclusive if there are none.
func (v Verdict) Outcome() Outcome {
	if len(v.Checks) == 0 {
		return Inconclusive
	}
	worst := Pass
	for _, c := range v.Checks {
		worst = worst.Worse(c.Outcome)
	}
	return worst
}

// Final is Outcome after judge.inconclusive has been applied; it decides the
// exit code.
func (v Verdict) Final() Outcome {
	outcome := v.Outcome()
	firm := func(c Check) bool { return c.Firm && c.Outcome == Inconclusive }
	if outcome != Inconclusive || v.Undecided != config.UndecidedFails && slices.ContainsFunc(v.Checks, firm) {
		return outcome
	}
	switch v.Undecided {
	case config.UndecidedFails:
		return Fail
	case config.UndecidedWarns:
		return Warn
	case config.UndecidedPasses:
		return Pass
	}
	return Inconclusive
}
