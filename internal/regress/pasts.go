package regress

import (
	"math"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
)

// newRuns are the runs that are compared with the past: the first, with its
// confirmation where there is one. A first run whose generator was late is no
// evidence beside a confirmation whose generator was not.
func newRuns(e *evidence.Run) []*evidence.Run {
	switch {
	case e.Second == nil:
		return []*evidence.Run{e}
	case e.Generator.Unfit() && (!e.Generator.Excusable() || !e.Second.Generator.Unfit()):
		return []*evidence.Run{e.Second}
	}
	return []*evidence.Run{e, e.Second}
}

// candidatesOf are the endpoints with a value of the metric, or with a past of it, by
// name, rare ones together behind them, and then transactions.
func candidatesOf(e *evidence.Run, m metric.Metric) []*candidate {
	var candidates, whole []*candidate
	for _, ep := range e.Endpoints {
		if !ep.Once.Any() {
			if r := candidateOf(e, ep, false, m); r != nil {
				candidates = append(candidates, r)
			}
		}
	}
	for _, ep := range e.Transactions {
		if r := candidateOf(e, ep, true, m); r != nil {
			whole = append(whole, r)
		}
	}
	return append(pooled(candidates), whole...)
}

// candidateOf is an endpoint beside its past; nil where nothing has a value, or nothing
// is to be compared. One that has lost its value is to be told of.
func candidateOf(e *evidence.Run, ep *result.Endpoint, transaction bool, m metric.Metric) *candidate {
	terms := e.Config.PolicyOf(ep.Name, transaction, e.Result.Profile)
	if len(terms.Regressions) == 0 {
		return nil
	}
	r := &candidate{subject: ep.Name, endpoints: evidence.Group{ep}, transaction: transaction,
		strict: terms.Strict, again: math.NaN()}
	r.terms, r.gated = regressionOf(terms, m, e.Config.Baseline)
	series, _ := e.Past.SinceChange(ep.Name, transaction, m)
	r.history = stat.History{Past: worse(m, series.Values), PastErr: series.Errs}
	measured := evidence.Known(series.Values) >= baseline.Fewest
	for i, run := range newRuns(e) {
		f, ok := comparedFigure(run, evidence.Group{run.Find(ep.Name, transaction)}, m)
		value, err := math.NaN(), math.NaN()
		if ok {
			value, err = math.Log(f.Value), orNaN(errorOfLog(f, run.Alpha))
			measured = true
		}
		r.history.New = append(r.history.New, worse(m, []float64{value})...)
		r.history.NewErr = append(r.history.NewErr, err)
		if i == 0 {
			r.figure = f
		} else if ok {
			r.again = f.Value
		}
	}
	if !measured {
		return nil
	}
	r.sure = excuse(e, r, series, m)
	return r
}
