package config

import (
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
)

// First is the value that is judged first: the fail limit, or the warn limit
// where it stands alone.
func (l Limit) First() float64 {
	if l.HasFail {
		return l.Fail
	}
	return l.Warn
}

// Fewest is the number of requests with which a run can show at best that the
// limit holds: independent of each other, in that many batches, at confidence
// 1-alpha, and without a failure where the limit is on failures. 0 where the
// number decides nothing (throughput, max); math.MaxInt64 where no number is
// enough: too few batches for an interval, or a limit that allows no failure.
func (l Limit) Fewest(batches int, alpha float64) int64 {
	if q, ok := l.Metric.Quantile(); ok {
		return stat.RealRequests(float64(stat.FewestForQuantile(q, alpha)), batches, alpha)
	}
	switch {
	case l.Metric.Whole() == metric.Max || l.Metric == metric.Throughput:
		return 0
	case l.Metric.Whole() == metric.Mean:
		return stat.MeanFloor
	case !l.HasFail:
		return stat.ShareFloor
	case l.Metric == metric.Success:
		return stat.FewestForShare(1-l.Fail, alpha)
	}
	return stat.FewestForShare(l.Fail, alpha)
}
