// Package verdict is what a judgement says: checks with their evidence, stages, causes and
// what is left out, and the outcome that they come to. It judges nothing and words nothing.
package verdict

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/reason"
)

// Verdict is every check of a run, health first, then in the order of the
// file.
type Verdict struct {
	Checks []Check
	// Stages are the levels of a load in stages, each judged alone. What they
	// come to is in the Checks; they change no outcome themselves.
	Stages []Stage
	// Causes are why the run went as it did. They change no outcome.
	Causes []Cause
	// Smoke marks the verdict on a smoke run: failures alone were judged.
	Smoke bool
	// Excepted is what the file leaves out of its rules, in their order.
	Excepted []Excepted
	// Next is what would decide an inconclusive verdict, in the advice of its code; the zero
	// value: it is decided, or nobody knows.
	Next reason.Reason
	// Scaling is what a search says of replicas; nil: it was not asked.
	Scaling *Scaling
	// Undecided is what the file wants an inconclusive verdict to count as.
	Undecided config.Undecided
}

// Outcome is the worst check; Inconclusive if there are none.
func (v Verdict) Outcome() Outcome { return worst(v.Checks) }

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

// Comparison is what a Check held a value against that was measured too:
// earlier runs, or the other side of pairs of slices. Check.Got is then the
// value of the new run, or of side B.
type Comparison struct {
	Kind Against
	// Base is the geometric mean of the earlier runs, or of side A; Runs is how
	// many runs, or pairs, it rests on.
	Base Value
	Runs int
	// Change is by how much Got is above Base, as a share of it: 0.2 is 20 % more.
	// With a confirmation, the mean of both runs is. NaN: there is no base.
	Change float64
	// Low and High are, for earlier runs, the values between which 95 % of the
	// runs of unchanged code are expected; for pairs, the ends of the 95 % interval
	// of the ratio of B to A. Not OK where they are not known.
	Low, High Value
	// Detectable is the smallest change for the worse, as a share, that one run
	// would show with a power of 95 %: a rise, of throughput a fall; 0: unknown.
	Detectable float64
	// Finer says what to do to find a smaller change, in the advice of its code; the zero
	// value where what is allowed would show, or nothing is known.
	Finer reason.Reason
	// Again is the value of the confirmation run; not OK where there was none.
	Again Value
	// Gated says whether the metric can fail; else it is there to be told, and at
	// most warns.
	Gated bool
	// Doubtful says that the values look slower, whether that is proven or not.
	Doubtful bool
	// Suspicious says that a second run should be made before this is believed.
	Suspicious bool
}

// Against says what a value was compared with.
type Against uint8

// What values are compared with.
const (
	EarlierRuns Against = iota
	OtherSide
)

// Suspicious says whether the verdict asks for a confirmation run: something
// looks slower than in earlier runs, and nothing else fails already.
func (v Verdict) Suspicious() bool {
	suspicious := false
	for _, c := range v.Checks {
		if c.Comparison != nil && c.Comparison.Suspicious {
			suspicious = true
			continue
		}
		if c.Outcome == Fail {
			return false
		}
	}
	return suspicious
}
