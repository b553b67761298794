package verdict

import "github.com/loadgate/loadgate/internal/reason"

// Cause is why a run went as it did: what was measured, and what to look at
// next. It changes no outcome.
type Cause struct {
	Title    string // a few words
	Evidence string // what was measured; never without figures
	Next     string
	// Because is what the cause is, with the title, the evidence and the advice of its code; Also
	// is further evidence, and Remedies are advice in the place of the code's own.
	Because   reason.Reason
	Also      []reason.Reason
	Remedies  []reason.Reason
	Endpoints []string // that it is about; nil: all, or none
	// Size is the share of the excess that it explains (docs/why.md), in [0,1], and
	// Of what that is the excess of. Not OK: it is an observation, of which nobody
	// knows what it explains.
	Size Value
	Of   Excess
}

// Excess is what a run has too much of, in words; empty: nothing.
type Excess string
