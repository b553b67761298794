package verdictjson

import "github.com/loadgate/loadgate/internal/verdict"

// comparisonOf is a comparison for scripts; nil where there is none.
func comparisonOf(c verdict.Check) *comparison {
	k := c.Comparison
	if k == nil {
		return nil
	}
	against := "earlier_runs"
	if k.Kind == verdict.OtherSide {
		against = "other_side"
	}
	return &comparison{
		Against: against, Base: AmountOf(k.Base), Runs: k.Runs, Low: AmountOf(k.Low), High: AmountOf(k.High),
		Detectable: known(k.Detectable), Confirmation: AmountOf(k.Again), Gated: k.Gated,
		Change: finite(k.Change), // what all endpoints share has no base
	}
}

// comparison is what a value was compared with where that was measured
// too: earlier runs, or side A of pairs.
type comparison struct {
	Against string   `json:"against"` // earlier_runs or other_side
	Base    *Amount  `json:"base"`    // the geometric mean of earlier runs, or side A
	Runs    int      `json:"runs"`    // or pairs
	Change  *float64 `json:"change"`  // value over base, minus 1
	// Low and High are where a run of unchanged code is expected; of pairs, the interval of the ratio.
	Low          *Amount  `json:"low"`
	High         *Amount  `json:"high"`
	Detectable   *float64 `json:"detectable"`   // the smallest rise that one run would show
	Confirmation *Amount  `json:"confirmation"` // the value of the second run
	Gated        bool     `json:"gated"`        // false: it can at most warn
}
