package verdict

import (
	"time"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
)

// Check is one finding with its evidence.
type Check struct {
	// Rule is the rule's name in thresholds.yaml; empty for health checks,
	// which ask whether the run can be judged at all.
	Rule string
	Pos  mistake.Pos // the limit's line, for annotations; zero for health checks
	// Load is that of several which was judged, and Subject and Endpoints have its name too; "": the run as a whole.
	Load string
	// Subject is what was judged: an endpoint, several together, or the run.
	Subject string
	// Endpoints lists the endpoints behind Subject, and Scope says how they are judged.
	Endpoints []string
	Scope     Scope
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
	// Because is why; the zero value for a plain pass. Also are further facts. Remedies are what
	// to do, where that is not what the code of Because says by itself.
	Because  reason.Reason
	Also     []reason.Reason
	Remedies []reason.Reason
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

// Code is the stable name of why the check came out as it did: that of Because, or else, of a
// pass, that its limit is kept. Unexplained: the judge gave no reason where there must be one.
func (c Check) Code() reason.Code {
	byValue := !c.AboutRun() && !c.Shown && !c.Given
	switch {
	case c.Because.Given():
		return c.Because.Code
	case byValue && (c.Outcome == Pass || c.Outcome == Warn):
		return reason.HoldsByValue
	case c.Outcome == Pass:
		return reason.Kept
	}
	return reason.Unexplained
}

// Facts are all reasons of the check, the one that decided first.
func (c Check) Facts() []reason.Reason { return facts(c.Because, c.Also) }

// Advice is what to do about the check, each in the advice of its code.
func (c Check) Advice() []reason.Reason { return advice(c.Because, c.Remedies) }

func facts(because reason.Reason, also []reason.Reason) []reason.Reason {
	return append([]reason.Reason{because}, also...)
}

func advice(because reason.Reason, remedies []reason.Reason) []reason.Reason {
	if len(remedies) > 0 {
		return remedies
	}
	return []reason.Reason{because}
}

// Scope says whether the endpoints of a check are judged as one. The zero value: the check is
// of one endpoint, or of none.
type Scope uint8

// The scopes.
const (
	Alone    Scope = iota
	Together       // several endpoints are judged as one
	Rest           // the endpoints that are not judged alone are judged as one
)

// AboutRun says whether the check is about the run itself, and not a limit of the file.
func (c Check) AboutRun() bool { return c.Rule == "" }

// Above is the requests that exceeded a limit which they keep by a wide margin.
type Above struct {
	Count int64
	High  float64 // upper end of the interval of their share, in [0,1]
}

// Value is a quantity that may not have been measured. The zero value was
// not.
type Value struct {
	unit.Quantity
	OK bool
}

// Measured returns a quantity that was measured.
func Measured(q unit.Quantity) Value { return Value{q, true} }

// worst is the outcome of the worst check; Inconclusive if there are none.
func worst(checks []Check) Outcome {
	if len(checks) == 0 {
		return Inconclusive
	}
	outcome := Pass
	for _, c := range checks {
		outcome = outcome.Worse(c.Outcome)
	}
	return outcome
}
