// Package stat holds the formulas of the gate, each with its source. It takes
// and returns plain numbers and knows nothing of requests, rules or files.
//
// Every interval is two-sided and of confidence 1-alpha, with alpha in (0,1),
// 0.05 by default. Where a formula has nothing to say (no data, too few parts
// of a run, numbers that cannot be counts) the answer is that there is no
// bound, never a narrow one. The functions are pure: safe for concurrent use,
// and the same arguments always give the same answer.
package stat

import "math"

// tolerance keeps the rounding of the incomplete beta function, about 1e-9 of
// a rank, from moving a bound by a whole rank.
const tolerance = 1e-7

// confidence says whether alpha is the complement of a confidence level.
func confidence(alpha float64) bool { return alpha > 0 && alpha < 1 }

// number says whether v is neither NaN nor infinite.
func number(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Floors of evidence that no formula gives: below MeanFloor requests the mean
// of anything as skewed as a latency says nothing, below ShareFloor a share
// does not.
const (
	MeanFloor  = 30
	ShareFloor = 100
)
