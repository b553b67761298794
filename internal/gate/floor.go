package gate

import (
	"math"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/stat"
)

// needed is the number of requests that would likely show a pass; 0: unknown.
func (e *evidence) needed(l config.Limit, r ruling, f figure) int64 {
	fewest := e.fewest(l, r.limit, f)
	atBest := f.needs(fewest)
	if r.cause != near {
		return atBest
	}
	if factor, ok := f.longer(r.limit, fewest, e.alpha); ok && factor > 1 {
		return max(atBest, int64(math.Ceil(factor*float64(f.requests))))
	}
	return atBest
}

func (e *evidence) fewest(l config.Limit, limit float64, f figure) int64 {
	l.Fail, l.HasFail = limit, true
	return l.Fewest(max(f.parts, stat.MinBatches), e.alpha)
}
