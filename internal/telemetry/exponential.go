package telemetry

import (
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
)

// scale makes each bucket 2^(1/128) times as wide as the one before, 0.54 %: bucket i holds (2^(i/128), 2^((i+1)/128)]
// seconds. OpenTelemetry calls it scale, Prometheus schema.
//
// Note: with scale 6 a percentile may be off by 1.09 %. Few requests lie around p95 of one endpoint in one run, so
// that this happens: of 20 endpoints one is more than 1 % off in every eighth run.
const scale = 7

// exponential is a distribution in buckets of scale.
type exponential struct {
	count   uint64
	sum     float64          // seconds
	buckets map[int32]uint64 // by number; none is of 0, since the lowest bucket of hist reaches up to 1 µs
}

// newExponential counts each bucket of hist in the bucket of its upper edge: that is the duration which loadgate
// takes for a percentile below the maximum, so that its percentile and the one which is read from here are in the
// same bucket. A count never moves to another bucket later, which a reader would take for a new start.
func newExponential(l *hist.Latency) exponential {
	x := exponential{count: uint64(l.Count()), sum: l.Seconds(), buckets: map[int32]uint64{}}
	l.EachUpper(func(high time.Duration, count int64) {
		x.buckets[indexOf(high)] += uint64(count)
	})
	return x
}

// indexOf is the bucket that holds a duration above 0.
func indexOf(d time.Duration) int32 {
	return int32(math.Ceil(math.Log2(d.Seconds())*(1<<scale))) - 1
}

// minus is what came since an earlier state of the same distribution.
func (x exponential) minus(earlier exponential) exponential {
	since := exponential{sum: max(0, x.sum-earlier.sum), buckets: map[int32]uint64{}}
	for i, n := range x.buckets {
		if before := earlier.buckets[i]; n > before {
			since.buckets[i] = n - before
			since.count += n - before
		}
	}
	return since
}

// dense returns the counts of all buckets from the lowest to the highest, and the number of the lowest.
func (x exponential) dense() (lowest int32, counts []uint64) {
	if len(x.buckets) == 0 {
		return 0, nil
	}
	lowest, highest := int32(math.MaxInt32), int32(math.MinInt32)
	for i := range x.buckets {
		lowest, highest = min(lowest, i), max(highest, i)
	}
	counts = make([]uint64, highest-lowest+1)
	for i, n := range x.buckets {
		counts[i-lowest] = n
	}
	return lowest, counts
}
