package baseline

import (
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/metric"
)

// Series is one figure in run after run.
type Series struct {
	Values []float64 // natural logarithms, one a run; NaN: the run has none
	Errs   []float64 // their standard errors; NaN: unknown
	Sent   []float64 // logarithms of the same value from the actual send; NaN: unknown
}

// SeriesBeside follows a figure of a run through older ones: under the name that
// the endpoint had there, and only where its load may be compared. It includes
// what no run is compared with.
func SeriesBeside(newest Run, older []Run, endpoint string, transaction bool, m metric.Metric) Series {
	return follow(older, newest.counterparts(endpoint, transaction, m), false)
}

// follow takes a figure from run after run; sure leaves out what is not compared.
func follow(runs []Run, find func(Run) (key, float64, bool), sure bool) Series {
	var s Series
	at := 0 // mostly a figure stands where it stood in the run before
	for _, r := range runs {
		value, err, sent := math.NaN(), math.NaN(), math.NaN()
		want, more, ok := find(r)
		if at = r.find(want, at); at >= 0 && ok && !(sure && r.Figures[at].Unsure && !r.accepted()) {
			value = math.Log(r.Figures[at].Value) + more
			if e := r.Figures[at].Err; e > 0 {
				err = e
			}
			if v := r.Figures[at].Sent; v > 0 {
				sent = math.Log(v)
			}
		}
		s.Values, s.Errs, s.Sent = append(s.Values, value), append(s.Errs, err), append(s.Sent, sent)
	}
	return s
}

// known are the values that are there, and their places.
func (s Series) known() (values []float64, at []int) {
	for i, v := range s.Values {
		if !math.IsNaN(v) {
			values, at = append(values, v), append(at, i)
		}
	}
	return values, at
}

// counterparts returns a function that names a figure of the run as an older run has it; false where
// the two cannot be compared. The number is the logarithm of the factor by which the planned rate
// has changed since, to be added to a throughput; 0 for other metrics.
func (r Run) counterparts(endpoint string, transaction bool, m metric.Metric) func(Run) (key, float64, bool) {
	return func(older Run) (key, float64, bool) {
		name, rate, ok := r.counterpart(older, endpoint, transaction)
		if m != metric.Throughput {
			rate = 1
		}
		return key{name, transaction, m}, math.Log(rate), ok
	}
}

// key names a figure of a run.
type key struct {
	endpoint    string
	transaction bool
	metric      metric.Metric
}

// find is where a figure stands, looked for first where it is likely; -1:
// nowhere.
func (r Run) find(want key, likely int) int {
	is := func(f Figure) bool { return key{f.Endpoint, f.Transaction, f.Metric} == want }
	if likely >= 0 && likely < len(r.Figures) && is(r.Figures[likely]) {
		return likely
	}
	return slices.IndexFunc(r.Figures, is)
}

// Figure finds a figure of a run; false if it has none.
func (r Run) Figure(endpoint string, transaction bool, m metric.Metric) (Figure, bool) {
	at := r.find(key{endpoint, transaction, m}, 0)
	if at < 0 {
		return Figure{}, false
	}
	return r.Figures[at], true
}

// Series is a figure of the new run in all runs of the past; NaN where the two are
// not to be compared, as before an accepted run in which the figure changed.
func (p *Past) Series(endpoint string, transaction bool, m metric.Metric) Series {
	s := follow(p.Runs, p.run.counterparts(endpoint, transaction, m), true)
	s.cut(s.accepted(p.Runs))
	return s
}
