package verdict

// Cause is why a run went as it did: what was measured, and what to look at
// next. It changes no outcome.
type Cause struct {
	Title     string // a few words
	Evidence  string // what was measured; never without figures
	Next      string
	Endpoints []string // that it is about; nil: all, or none
	// Size is the share of the excess that it explains (docs/why.md), in [0,1], and
	// Of what that is the excess of. Not OK: it is an observation, of which nobody
	// knows what it explains.
	Size Value
	Of   Excess
}

// Excess is what a run has too much of, in words; empty: nothing.
type Excess string
