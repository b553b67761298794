package evidence

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// Promise is one limit of one rule and the endpoints that it speaks of.
type Promise struct {
	Rule  config.Rule
	Limit config.Limit
	Group Group
}

// Subject names a group of the rule that is judged together.
func (p Promise) Subject(g Group) string {
	if len(g) == 1 {
		return g[0].Name
	}
	return fmt.Sprintf("%s (%d endpoints)", p.Rule.Name, len(g))
}

func (e *Run) Matching(rule config.Rule) Group {
	var g Group
	for _, ep := range e.Endpoints {
		if rule.Matches(ep.Name, ep.Start) {
			g = append(g, ep)
		}
	}
	for _, ep := range e.Transactions {
		if rule.MatchesTransaction(ep.Name) {
			g = append(g, ep)
		}
	}
	return g
}

func (e *Run) ShareFigure(p Promise, g Group) Figure {
	return e.ShareOf(p, g, func(Second) int64 { return 0 })
}

// EnoughFailures is how many failures prove that a limit on them is broken,
// however little of the run there is: a pass needs the time of an interval.
const EnoughFailures = 10

// ShareOf is the share of failures among a group's requests, those that are
// forgiven left out of both.
func (e *Run) ShareOf(p Promise, g Group, forgiven func(Second) int64) Figure {
	t := e.Tally(g, e.Where(g), Intended)
	f := newFigure(p.Limit.Metric, unit.Ratio, t)
	n, failed := float64(t.Requests), float64(t.Failed)
	seconds := t.bySecond(forgiven)
	if all, told := e.TotalOf(g); told && e.FailuresUntold(g) {
		n, failed = float64(all.Requests), float64(all.Failures())
	}
	if !e.Summed {
		n, failed = 0, 0
		for _, s := range seconds {
			n, failed = n+s.N, failed+s.Hits
		}
	}
	f.Requests, f.Worth, f.Starts = int64(n), n, g.Starts()
	f.Floor, f.Enough = stat.ShareFloor, n >= stat.ShareFloor
	if n == 0 {
		return f
	}
	f.Value = failed / n
	if e.Summed {
		f.Summed, f.Low, f.High = true, f.Value, f.Value
		return f
	}
	low, high, worth := stat.FailureShare(seconds, e.Alpha)
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

// latencyFloor is the number of independent requests below which a latency is
// no evidence.
func latencyFloor(m metric.Metric, alpha float64) int64 {
	if p, ok := m.Quantile(); ok {
		return stat.FewestForQuantile(p, alpha)
	}
	if m == metric.Mean {
		return stat.MeanFloor
	}
	return 1
}

func (e *Run) LatencyFigure(p Promise, g Group) Figure { return e.LatencyOf(p, g, Intended) }

func (e *Run) LatencyOf(p Promise, g Group, c clock) Figure {
	if summed, _ := Summarised(g); len(summed) > 0 {
		f := Figure{}
		if s, ok := e.Joined(summed); ok {
			f, _ = e.SummedFigure(p, s)
		}
		return f
	}
	t := e.Tally(g, e.Where(g), c)
	f := newFigure(p.Limit.Metric, unit.Duration, t)
	f.Requests, f.Starts = t.Latency.Count(), g.Starts()
	f.Floor = latencyFloor(f.Metric, e.Alpha)
	f.Worth, f.Filled = float64(f.Requests), 0
	for i := range t.parts {
		if t.parts[i].latency.Count() > 0 {
			f.Filled++
		}
	}
	switch q, ok := f.Metric.Quantile(); {
	case ok:
		f.quantile(q, t, e.Alpha)
	case f.Metric == metric.Mean:
		f.mean(t, e.Alpha)
	default:
		longest, _ := t.Latency.Max()
		f.Value, f.Whole, f.Short = float64(longest), true, false
	}
	f.Enough = f.Worth >= float64(f.Floor)-1e-7
	return f
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

// mean is the mean of all requests, m = sum y / sum n, with the interval of a
// ratio by batch means: stat.Rate over
//
//	r_b = m + B (y_b - m n_b) / sum n
//
// with y_b the summed latencies of part b, n_b its requests and B the parts.
// The r_b have the mean m, and their variance over B is that of a ratio under
// cluster sampling (Cochran, Sampling Techniques, 3rd ed. 1977, section 2.11),
// so that parts with few requests weigh little and empty ones nothing.
// Under stat.MeanFloor requests there is no interval, and where all of them fell
// into a corner of the run they are worth nothing, as in stat.Effective.
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

// RateFigure is the rate of a group's successes, by the parts of the run.
func (e *Run) RateFigure(p Promise, g Group, t *Tally) Figure {
	f := newFigure(p.Limit.Metric, p.Limit.Unit, t)
	f.Requests, f.Enough, f.Starts = t.Succeeded(), true, g.Starts()
	f.Worth, f.Summed = float64(f.Requests), e.Summed
	sums, sizes := make([]float64, len(t.parts)), make([]float64, len(t.parts))
	for i := range t.parts {
		sums[i], sizes[i] = float64(t.parts[i].served), t.parts[i].seconds
	}
	f.ratio(sums, sizes, e.Alpha)
	return f
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

// WrittenUnit is the unit that a limit was written in, or the metric's own where
// the limit does not say.
func WrittenUnit(l config.Limit) unit.Unit {
	if l.Unit == unit.Count {
		return l.Metric.Unit()
	}
	return l.Unit
}
