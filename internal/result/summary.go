package result

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
)

// Summary is what another tool computed of an endpoint whose requests it did
// not keep one by one. Such an endpoint has no slots: there is no time in it.
type Summary struct {
	Requests int64  `json:"requests"`         // failures included
	Failed   *int64 `json:"failed,omitempty"` // nil: not known
	// Latencies is how many requests the times below are of; 0 where there are
	// times: not known.
	Latencies int64 `json:"latencies"`
	// Quantiles are those that the tool gave, ascending.
	Quantiles []Quantile `json:"quantiles,omitempty"`
	// Buckets are counts of latencies, ascending by value; they add up to
	// Latencies. Nil: only the quantiles are known.
	Buckets []Bucket `json:"buckets,omitempty"`
	Min     *Reading `json:"min,omitempty"` // nil: not known
	Max     *Reading `json:"max,omitempty"`
	Mean    *Reading `json:"mean,omitempty"`
}

// Reading is a time as a tool gave it, and between which two the true one lies:
// tools round, and count in buckets.
type Reading struct {
	Value time.Duration `json:"ns"`
	Low   time.Duration `json:"low_ns"`
	High  time.Duration `json:"high_ns"`
}

// Quantile is the time that a part of the latencies, Q in [0,1], does not
// exceed.
type Quantile struct {
	Q float64 `json:"q"`
	Reading
}

// Bucket is a number of latencies that the tool counts as one.
type Bucket struct {
	Reading
	Count int64 `json:"count"`
}

// Exactly is a reading that was not rounded.
func Exactly(d time.Duration) Reading { return Reading{d, d, d} }

// sameQuantile is how close two quantiles are that mean the same one.
const sameQuantile = 1e-9

// Quantile is the latency of rank ceil(q n), q in [0,1]: as the tool gave it, or
// of the bucket that holds the rank. False: neither is there.
func (s *Summary) Quantile(q float64) (Reading, bool) {
	for _, given := range s.Quantiles {
		if math.Abs(given.Q-q) < sameQuantile {
			return given.Reading, true
		}
	}
	if len(s.Buckets) == 0 || !(q >= 0 && q <= 1) {
		return Reading{}, false
	}
	rank := hist.Rank(q, s.Latencies)
	return Reading{
		s.ranked(rank, func(r Reading) time.Duration { return r.Value }),
		s.ranked(rank, func(r Reading) time.Duration { return r.Low }),
		s.ranked(rank, func(r Reading) time.Duration { return r.High }),
	}, true
}

// ranked is an edge of the bucket in which a rank lies. Buckets of several tools
// or files may overlap, so each kind of edge has its own order.
func (s *Summary) ranked(rank int64, edge func(Reading) time.Duration) time.Duration {
	sorted := slices.SortedFunc(slices.Values(s.Buckets),
		func(a, b Bucket) int { return cmp.Compare(edge(a.Reading), edge(b.Reading)) })
	for _, b := range sorted {
		if rank -= b.Count; rank <= 0 {
			return edge(b.Reading)
		}
	}
	return edge(sorted[len(sorted)-1].Reading)
}

// Join adds summaries up. False: percentiles cannot be joined, and one of them
// has no buckets.
func Join(all ...*Summary) (*Summary, bool) {
	var sum Summary
	for _, s := range all {
		if (s.Latencies > 0 || len(s.Quantiles) > 0) && s.Buckets == nil {
			return nil, false
		}
		sum.Requests, sum.Latencies = sum.Requests+s.Requests, sum.Latencies+s.Latencies
		sum.Buckets = append(sum.Buckets, s.Buckets...)
		sum.Min = extreme(sum.Min, s.Min, func(a, b time.Duration) time.Duration { return min(a, b) })
		sum.Max = extreme(sum.Max, s.Max, func(a, b time.Duration) time.Duration { return max(a, b) })
	}
	slices.SortStableFunc(sum.Buckets, func(a, b Bucket) int { return cmp.Compare(a.Value, b.Value) })
	sum.Mean, sum.Failed = meanOf(all, sum.Latencies), failedOf(all)
	return &sum, true
}

// extreme is the lesser or the greater of two readings; nil where both are.
func extreme(a, b *Reading, of func(a, b time.Duration) time.Duration) *Reading {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	return &Reading{of(a.Value, b.Value), of(a.Low, b.Low), of(a.High, b.High)}
}

// meanOf is the mean of all n latencies; nil where one summary has none.
func meanOf(all []*Summary, n int64) *Reading {
	var value, low, high float64
	for _, s := range all {
		switch part := float64(s.Latencies) / float64(n); {
		case s.Latencies == 0:
		case s.Mean == nil:
			return nil
		default:
			value, low, high = value+part*float64(s.Mean.Value),
				low+part*float64(s.Mean.Low), high+part*float64(s.Mean.High)
		}
	}
	if n == 0 {
		return nil
	}
	return &Reading{time.Duration(value), time.Duration(low), time.Duration(high)}
}

// failedOf counts the failures of all; nil where one does not know its own.
func failedOf(all []*Summary) *int64 {
	var sum int64
	for _, s := range all {
		if s.Failed == nil {
			return nil
		}
		sum += *s.Failed
	}
	return &sum
}

// Failures is how many requests failed; 0 where that is not known.
func (s *Summary) Failures() int64 {
	if s.Failed == nil {
		return 0
	}
	return *s.Failed
}

// Summarised says whether endpoints have figures of another tool in place of
// requests.
func (r *Result) Summarised() bool {
	return slices.ContainsFunc(r.Endpoints, func(e Endpoint) bool { return e.Summary != nil })
}

func (s *Summary) check() error {
	if s == nil {
		return nil
	}
	if !countable(s.Requests) || !countable(s.Failures()) || s.Failures() > s.Requests ||
		!countable(s.Latencies) || s.Latencies > s.Requests {
		return fmt.Errorf("summary: %d failed and %d latencies of %d requests", s.Failures(), s.Latencies, s.Requests)
	}
	for i, q := range s.Quantiles {
		if !(q.Q >= 0 && q.Q <= 1) || i > 0 && q.Q <= s.Quantiles[i-1].Q || !q.possible() {
			return fmt.Errorf("summary: quantile %g is out of order, or a time that cannot be", q.Q)
		}
	}
	var all int64
	for i, b := range s.Buckets {
		if !countable(b.Count) || !b.possible() || i > 0 && b.Value < s.Buckets[i-1].Value {
			return fmt.Errorf("summary: the bucket of %s is out of order, or cannot be", b.Value)
		}
		if all += b.Count; all > s.Latencies {
			break // it would overflow in the end
		}
	}
	if s.Buckets != nil && all != s.Latencies {
		return fmt.Errorf("summary: %d latencies in buckets, of %d", all, s.Latencies)
	}
	for _, r := range []*Reading{s.Min, s.Max, s.Mean} {
		if r != nil && !r.possible() {
			return fmt.Errorf("summary: a time of %s cannot be", r.Value)
		}
	}
	return nil
}

func (r Reading) possible() bool {
	return possible(r.Low) && possible(r.High) && r.Low <= r.Value && r.Value <= r.High
}
