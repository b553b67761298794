package verdict

import "github.com/loadgate/loadgate/internal/reason"

// Cause is why a run went as it did: what was measured, and what to look at
// next. It changes no outcome.
type Cause struct {
	// Because is what the cause is, with what was measured; Also is further evidence.
	Because reason.Reason
	Also    []reason.Reason
	// Remedies are where to look next, where that is not what the code of Because says by itself.
	Remedies  []reason.Reason
	Endpoints []string // that it is about; nil: all, or none
	// Size is the share of the excess that it explains (docs/why.md), in [0,1], and
	// Of what that is the excess of. Not OK: it is an observation, of which nobody
	// knows what it explains.
	Size Value
	Of   Excess
}

// Facts are what was measured of the cause, the most important first.
func (c Cause) Facts() []reason.Reason { return facts(c.Because, c.Also) }

// Advice is where to look next, each in the advice of its code.
func (c Cause) Advice() []reason.Reason { return advice(c.Because, c.Remedies) }

// Excess is what a run has too much of.
type Excess uint8

// The excesses.
const (
	OfNothing Excess = iota
	OfSlow           // requests above the limits
	OfFailed         // failures
)

// Reason is the excess as what is said of it; the zero value of nothing.
func (x Excess) Reason() reason.Reason {
	switch x {
	case OfSlow:
		return reason.OfRequestsSlow.Plain()
	case OfFailed:
		return reason.OfRequestsFailed.Plain()
	}
	return reason.Reason{}
}
