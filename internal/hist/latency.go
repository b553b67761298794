// Package hist knows distributions of durations: it counts them in buckets of
// three significant digits, merges them without loss and finds ranks in them.
// It does not know what was timed, and it computes no interval.
package hist

import (
	"math"
	"math/bits"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Range and precision are constants of this package, so that any two
// distributions merge. A duration is counted in whole microseconds; three
// significant digits keep the width of a bucket at one microsecond or below
// 0.1 % of its value, whichever is more.
const (
	resolution = time.Microsecond
	// Longest is the largest duration with a bucket. Longer ones count in that
	// bucket; their exact maximum is kept.
	Longest = 10 * time.Minute
	figures = 3
)

// Latency is a distribution of durations. The zero value is empty and ready.
// Its memory grows with the number of different buckets, not with the count.
// It is not safe for concurrent use.
type Latency struct {
	buckets  *hdr.PackedHistogram
	min, max time.Duration // exact
	sum      uint64        // exact, in nanoseconds; stops at 584 years of waiting
}

// Record counts one duration; a negative one counts as zero.
func (l *Latency) Record(d time.Duration) {
	d = max(d, 0)
	l.widen(d, d, uint64(d))
	l.put(bucket(d), 1)
}

// widen takes in the extremes and the sum of durations that put is about to
// count.
func (l *Latency) widen(lowest, highest time.Duration, sum uint64) {
	if l.Count() == 0 || lowest < l.min {
		l.min = lowest
	}
	l.max = max(l.max, highest)
	l.sum = sumOf(l.sum, sum)
}

// put counts n durations in a bucket.
func (l *Latency) put(value, n int64) {
	if l.buckets == nil {
		l.buckets = newBuckets()
	}
	// The value is in range, so this cannot fail but by counting past 2^63.
	if err := l.buckets.RecordValues(value, n); err != nil {
		panic("hist: " + err.Error())
	}
}

func newBuckets() *hdr.PackedHistogram {
	return hdr.NewPacked(1, int64(Longest/resolution), figures)
}

// Merge adds everything that other holds. It is commutative and associative
// and loses no count; other is not changed and may be nil.
func (l *Latency) Merge(other *Latency) {
	if other.Count() == 0 {
		return
	}
	l.widen(other.min, other.max, other.sum)
	if l.buckets == nil {
		l.buckets = newBuckets()
	}
	if dropped := l.buckets.Merge(other.buckets); dropped != 0 {
		panic("hist: buckets of one geometry did not merge")
	}
}

// Count is the number of durations recorded.
func (l *Latency) Count() int64 {
	if l == nil || l.buckets == nil {
		return 0
	}
	return l.buckets.TotalCount()
}

// Min is the exact smallest duration; false when empty.
func (l *Latency) Min() (time.Duration, bool) { return l.exact(func() time.Duration { return l.min }) }

// Max is the exact largest duration; false when empty.
func (l *Latency) Max() (time.Duration, bool) { return l.exact(func() time.Duration { return l.max }) }

// Mean is the arithmetic mean of the exact durations, rounded down to the
// nanosecond; false when empty. Durations of more than 584 years together are
// beyond it: the mean is too small then.
func (l *Latency) Mean() (time.Duration, bool) {
	return l.exact(func() time.Duration { return max(l.min, time.Duration(l.sum/uint64(l.Count()))) })
}

// Seconds is the sum of the exact durations, in seconds; 0 when empty.
func (l *Latency) Seconds() float64 {
	if l == nil {
		return 0
	}
	return float64(l.sum) / float64(time.Second)
}

func (l *Latency) exact(value func() time.Duration) (time.Duration, bool) {
	if l.Count() == 0 {
		return 0, false
	}
	return value(), true
}

// Quantile returns the duration of rank ceil(q*Count), for q in [0,1]: the
// upper edge of its bucket, never above the exact maximum, never below the
// recorded value and at most 1 µs or 0.1 % above it. False when empty or when
// q is outside [0,1].
func (l *Latency) Quantile(q float64) (time.Duration, bool) {
	if !(q >= 0 && q <= 1) {
		return 0, false
	}
	_, high, ok := l.Rank(Rank(q, l.Count()))
	return high, ok
}

// Rank is the rank of quantile q among n values, r = ceil(q*n), at least 1.
// A product that is whole but for rounding is not rounded up.
func Rank(q float64, n int64) int64 {
	return max(1, int64(math.Ceil(q*float64(n)-1e-7)))
}

// Rank returns the edges of the bucket that holds the r-th smallest duration,
// counted from 1 and kept within the exact minimum and maximum: low for lower
// bounds, high for values and upper bounds. In the bucket of Longest, which has
// no upper edge, high is the exact maximum. False when r is not in [1, Count].
func (l *Latency) Rank(r int64) (low, high time.Duration, ok bool) {
	if r < 1 || r > l.Count() {
		return 0, 0, false
	}
	var seen int64
	l.each(func(value, count int64) bool {
		if seen += count; seen < r {
			return true
		}
		low, high = max(edge(value), l.min), l.top(value)
		return false
	})
	return low, high, true
}

// top is the longest duration that the bucket with a lower edge can hold here:
// its upper edge, kept within the exact maximum. The bucket of Longest has no
// upper edge.
func (l *Latency) top(value int64) time.Duration {
	if value == bucket(Longest) {
		return l.max
	}
	return min(edge(value+width(value))-1, l.max)
}

// Above counts the durations in buckets that lie wholly above d's bucket.
func (l *Latency) Above(d time.Duration) int64 {
	var above int64
	l.each(func(value, count int64) bool {
		if edge(value) > d {
			above += count
		}
		return true
	})
	return above
}

// Beyond counts the durations in buckets that reach above d: those of d's own
// bucket too, unless all that were recorded are at most d.
func (l *Latency) Beyond(d time.Duration) int64 {
	var beyond int64
	l.each(func(value, count int64) bool {
		if l.top(value) > d {
			beyond += count
		}
		return true
	})
	return beyond
}

// Each calls visit with the lower edge of each bucket, shortest first, and
// the number of durations in it.
func (l *Latency) Each(visit func(low time.Duration, count int64)) {
	l.each(func(value, count int64) bool {
		visit(edge(value), count)
		return true
	})
}

// EachUpper calls visit with the upper edge of each bucket, shortest first, and the number of
// durations in it. The edge depends on the bucket alone: unlike that of Rank it is not kept
// within the maximum, so it stays what it was when longer durations come.
func (l *Latency) EachUpper(visit func(high time.Duration, count int64)) {
	l.each(func(value, count int64) bool {
		visit(edge(value+width(value))-1, count)
		return true
	})
}

func (l *Latency) each(visit func(value, count int64) bool) {
	if l != nil && l.buckets != nil {
		l.buckets.ForEachBucket(func(value, count int64) bool { return visit(floor(value), count) })
	}
}

func edge(value int64) time.Duration { return time.Duration(value) * resolution }

// bucket is the lower edge, in microseconds, of the bucket that counts d.
func bucket(d time.Duration) int64 { return floor(int64(min(d, Longest) / resolution)) }

// floor is the smallest number of microseconds in value's bucket.
func floor(value int64) int64 { return value &^ (width(value) - 1) }

// width is the number of microseconds that share value's bucket.
func width(value int64) int64 { return 1 << shift(value) }

// HDR histograms of three digits keep 2,048 steps per power of two, and only the
// upper half lies above the power before: halfSteps is the bits of 1,024.
const halfSteps = 10

// shift is how often value is halved until it is below 2,048.
func shift(value int64) int { return max(0, bits.Len64(uint64(value))-halfSteps-1) }

// numberOf counts the buckets below that of a value, in microseconds: without a
// gap from one width to the next.
func numberOf(value int64) int64 {
	n := shift(value)
	return int64(n)<<halfSteps + value>>n
}

// valueOf is the lower edge, in microseconds, of the bucket of a number.
func valueOf(number int64) int64 {
	n := max(0, number>>halfSteps-1)
	return (number - n<<halfSteps) << n
}

// sumOf is a+b, at most 2^64-1. Stopping there keeps it commutative and
// associative.
func sumOf(a, b uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return sum
}

// product is n times d, at most 2^64-1. Neither is negative.
func product(d time.Duration, n int64) uint64 {
	high, low := bits.Mul64(uint64(d), uint64(n))
	if high != 0 {
		return math.MaxUint64
	}
	return low
}
