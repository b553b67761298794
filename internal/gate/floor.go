package gate

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/spec"
	"github.com/loadgate/loadgate/internal/stat"
)

// needed is the number of requests that would likely show a pass; 0: unknown.
func (e *evidence) needed(l spec.Limit, r ruling, f figure) int64 {
	fewest := e.fewest(l, r.limit, f)
	atBest := f.needs(fewest)
	if r.cause != near {
		return atBest
	}
	if factor, ok := f.longer(r.limit, fewest); ok && factor > 1 {
		return max(atBest, int64(math.Ceil(factor*float64(f.requests))))
	}
	return atBest
}

func (e *evidence) fewest(l spec.Limit, limit float64, f figure) int64 {
	l.Fail, l.HasFail = limit, true
	return fewest(l, max(f.parts, stat.MinBatches), e.alpha)
}

// Fewest is the number of requests, at best, with which a run of that measured
// time can show that the limit holds: independent of each other, and without a
// failure where the limit is on failures. 0: the number decides nothing
// (throughput, max). False where no number is enough: the time is too short
// for intervals, or the limit allows no failure at all.
func Fewest(l spec.Limit, j spec.Judge, measured time.Duration) (requests int64, ok bool) {
	alpha := 0.05
	if j.Confidence > 0 && j.Confidence < 1 {
		alpha = 1 - j.Confidence
	}
	n := fewest(l, stat.Batches(measured), alpha)
	return n, n < math.MaxInt64
}

func fewest(l spec.Limit, parts int, alpha float64) int64 {
	if q, ok := l.Metric.Quantile(); ok {
		return stat.RealRequests(float64(stat.FewestForQuantile(q, alpha)), parts, alpha)
	}
	switch {
	case l.Metric == metric.Max || l.Metric == metric.Throughput:
		return 0
	case l.Metric == metric.Mean:
		return meanFloor
	case !l.HasFail:
		return shareFloor
	case l.Metric == metric.Success:
		return stat.FewestForShare(1-l.Fail, alpha)
	}
	return stat.FewestForShare(l.Fail, alpha)
}
