package estimate

import (
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// EnoughFailures is how many failures prove that a limit on them is broken,
// however little of the run there is: a pass needs the time of an interval.
const EnoughFailures = 10

// Share is the share of failures among the requests of a tally, those that are forgiven left
// out of both.
func Share(m metric.Metric, t *Tally, forgiven func(Second) int64, alpha float64) Figure {
	seconds := t.BySecond(forgiven)
	n, failed := 0.0, 0.0
	for _, s := range seconds {
		n, failed = n+s.N, failed+s.Hits
	}
	f := shareOf(m, t, n, failed)
	if n == 0 {
		return f
	}
	low, high, worth := stat.FailureShare(seconds, alpha)
	if !f.Short && f.Filled >= stat.MinBatches {
		f.Low, f.High, f.Worth, f.Deff = low, high, worth.Effective, worth.Deff
		return f
	}
	f.Enough, f.Worth = false, 0
	if failed >= EnoughFailures {
		f.Low = low
	}
	return f
}

// GivenShare is a share that another tool counted: it has no interval.
func GivenShare(m metric.Metric, t *Tally, requests, failed int64) Figure {
	f := shareOf(m, t, float64(requests), float64(failed))
	if requests > 0 {
		f.Summed, f.Low, f.High = true, f.Value, f.Value
	}
	return f
}

func shareOf(m metric.Metric, t *Tally, n, failed float64) Figure {
	f := newFigure(m, unit.Ratio, t)
	f.Requests, f.Worth = int64(n), n
	f.Floor, f.Enough = stat.ShareFloor, n >= stat.ShareFloor
	if n > 0 {
		f.Value = failed / n
	}
	return f
}

// Latency is a percentile, the mean or the maximum of a tally's latencies.
func Latency(m metric.Metric, t *Tally, alpha float64) Figure {
	f := newFigure(m, unit.Duration, t)
	f.Requests = t.Latency.Count()
	f.Floor = latencyFloor(m, alpha)
	f.Worth, f.Filled = float64(f.Requests), 0
	for i := range t.parts {
		if t.parts[i].latency.Count() > 0 {
			f.Filled++
		}
	}
	switch q, ok := m.Quantile(); {
	case ok:
		f.quantile(q, t, alpha)
	case m.Whole() == metric.Mean:
		f.mean(t, alpha)
	default:
		longest, _ := t.Latency.Max()
		f.Value, f.Whole, f.Short = float64(longest), true, false
	}
	f.Enough = f.Worth >= float64(f.Floor)-1e-7
	return f
}

// Given is a latency as another tool computed it; false where it did not. Its ends are those
// of the tool's rounding. Length is the measured time.
func Given(m metric.Metric, s *result.Summary, length time.Duration, alpha float64) (Figure, bool) {
	f := Figure{
		Metric: m, unit: unit.Duration, Deff: 1, Parts: 1, Filled: 1,
		Short: true, Summed: true, Length: length,
		Requests: s.Latencies, Worth: float64(s.Latencies), Floor: latencyFloor(m, alpha),
	}
	f.Enough = f.Requests >= f.Floor
	var reading result.Reading
	ok := false
	switch q, quantile := m.Quantile(); {
	case m.OfFirstByte(): // no summary has them
	case quantile:
		reading, ok = s.Quantile(q)
	case m == metric.Mean && s.Mean != nil:
		reading, ok = *s.Mean, true
	case m == metric.Max && s.Max != nil:
		reading, ok = *s.Max, true
	}
	f.Value, f.Low, f.High = float64(reading.Value), float64(reading.Low), float64(reading.High)
	return f, ok
}

// Rate is the rate of a tally's successes, by the parts of its window, in the unit of a
// limit. Given says that another tool counted them: there is no interval.
func Rate(m metric.Metric, u unit.Unit, t *Tally, given bool, alpha float64) Figure {
	f := newFigure(m, u, t)
	f.Requests, f.Enough = t.Succeeded(), true
	f.Worth, f.Summed = float64(f.Requests), given
	sums, sizes := make([]float64, len(t.parts)), make([]float64, len(t.parts))
	for i := range t.parts {
		sums[i], sizes[i] = float64(t.parts[i].served), t.parts[i].seconds
	}
	f.ratio(sums, sizes, alpha)
	return f
}

// latencyFloor is the number of independent requests below which a latency is
// no evidence.
func latencyFloor(m metric.Metric, alpha float64) int64 {
	if p, ok := m.Quantile(); ok {
		return stat.FewestForQuantile(p, alpha)
	}
	if m.Whole() == metric.Mean {
		return stat.MeanFloor
	}
	return 1
}

// quantile is the value of rank ceil(q n), with the interval of
// stat.QuantileRanks: bounds take the outer edge of their bucket.
func (f *Figure) quantile(q float64, t *Tally, alpha float64) {
	value, _ := t.Latency.Quantile(q)
	f.Value = float64(value)
	if f.Short {
		return
	}
	worth := stat.Effective(t.batches(
		func(p *part) int64 { return p.latency.Count() },
		func(p *part) int64 { return p.latency.Above(value) },
	), alpha)
	f.Deff, f.Worth = worth.Deff, worth.Effective
	f.Above = func(limit float64) stat.Kept {
		return stat.Keeps(q, f.Value, limit, t.batches(
			func(p *part) int64 { return p.latency.Count() },
			func(p *part) int64 { return p.latency.Beyond(time.Duration(limit)) },
		), alpha)
	}
	ranks := stat.QuantileRanks(q, f.Requests, worth.Effective, alpha)
	if low, _, ok := t.Latency.Rank(ranks.Lower); ok {
		f.Low = float64(low)
	}
	if _, high, ok := t.Latency.Rank(ranks.Upper); ok {
		f.High = float64(high)
	}
}

// mean is the mean of all requests: the ratio of the summed latencies to the requests of the
// parts. Under stat.MeanFloor requests there is no interval, and requests that all fell into a
// few parts of the run are worth nothing, as in stat.Effective.
func (f *Figure) mean(t *Tally, alpha float64) {
	sums, sizes := make([]float64, len(t.parts)), make([]float64, len(t.parts))
	for i := range t.parts {
		if mean, ok := t.parts[i].latency.Mean(); ok {
			sizes[i] = float64(t.parts[i].latency.Count())
			sums[i] = float64(mean) * sizes[i]
		}
	}
	f.ratio(sums, sizes, alpha)
	if f.Requests < stat.MeanFloor {
		f.Low, f.High = math.NaN(), math.NaN()
	}
	if !f.Short && f.Filled < stat.MinBatches {
		f.Low, f.High, f.Worth = math.NaN(), math.NaN(), 0
	}
}

// ratio sets the value to m = sum y / sum n with the interval of a ratio by
// the parts of a run: stat.Rate over
//
//	r_b = m + B (y_b - m n_b) / sum n
//
// with y_b = sums[b], n_b = sizes[b] and B their number. The r_b have the mean
// m, and their variance over B is that of a ratio under cluster sampling
// (Cochran, Sampling Techniques, 3rd ed. 1977, section 2.11): parts of small
// size weigh little, empty ones nothing. For parts of equal size r_b is
// y_b / n_b.
func (f *Figure) ratio(sums, sizes []float64, alpha float64) {
	var sum, size float64
	for i := range sums {
		sum += sums[i]
		size += sizes[i]
	}
	if size == 0 {
		return
	}
	f.Value = sum / size
	if f.Summed {
		f.Low, f.High = f.Value, f.Value
	}
	if f.Short {
		return
	}
	perPart := make([]float64, len(sums))
	for i := range sums {
		perPart[i] = f.Value + float64(len(sums))*(sums[i]-f.Value*sizes[i])/size
	}
	// An r_b may be negative, which no rate is: a shift leaves their spread.
	shift := max(0, -slices.Min(perPart))
	for i := range perPart {
		perPart[i] += shift
	}
	if r, ok := stat.Rate(perPart, alpha); ok {
		half := r.High - r.Mean
		f.Low, f.High = max(0, f.Value-half), f.Value+half
	}
}
