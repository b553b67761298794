package gate

import (
	"math"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
)

// needed is the number of requests that would likely show a pass; 0: unknown.
func needed(e *evidence.Run, l config.Limit, r ruling, f estimate.Figure) int64 {
	fewest := evidence.Fewest(e, l, r.limit, f)
	atBest := f.Needs(fewest)
	if r.cause != near {
		return atBest
	}
	if factor, ok := f.Longer(r.limit, fewest, e.Alpha); ok && factor > 1 {
		return max(atBest, int64(math.Ceil(factor*float64(f.Requests))))
	}
	return atBest
}
