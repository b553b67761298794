package gate

import (
	"math"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// newRuns are the runs that are compared with the past: the first, with its
// confirmation where there is one. A first run whose generator was late is no
// evidence beside a confirmation whose generator was not.
func (e *evidence) newRuns() []*evidence {
	switch {
	case e.second == nil:
		return []*evidence{e}
	case e.generator.unfit() && (!e.generator.excusable() || !e.second.generator.unfit()):
		return []*evidence{e.second}
	}
	return []*evidence{e, e.second}
}

// candidate is an endpoint, or transaction, that is compared with its own past; or
// several endpoints that are too rare to be compared alone.
type candidate struct {
	subject     string
	endpoints   group
	transaction bool
	figure      figure
	terms       config.Regression
	gated       bool
	strict      bool
	again       float64 // the confirmation run's value; NaN: it is not used
	course      stat.Course
	// sure is the same with what the lag of late generators leaves of the new
	// values: see excuse. It is course where no generator was late.
	sure stat.Course
}

// candidates are the endpoints with a value of the metric, or with a past of it, by
// name, rare ones together behind them, and then transactions.
func (e *evidence) candidates(m metric.Metric) []*candidate {
	var candidates, whole []*candidate
	for _, ep := range e.endpoints {
		if !ep.Start {
			if r := e.candidate(ep, false, m); r != nil {
				candidates = append(candidates, r)
			}
		}
	}
	for _, ep := range e.transactions {
		if r := e.candidate(ep, true, m); r != nil {
			whole = append(whole, r)
		}
	}
	return append(pooled(candidates), whole...)
}

// candidate is an endpoint beside its past; nil where nothing has a value, or nothing
// is to be compared. One that has lost its value is to be told of.
func (e *evidence) candidate(ep *result.Endpoint, transaction bool, m metric.Metric) *candidate {
	terms := e.config.TermsOf(ep.Name, transaction, e.result.Profile)
	if len(terms.Regressions) == 0 {
		return nil
	}
	r := &candidate{subject: ep.Name, endpoints: group{ep}, transaction: transaction,
		strict: terms.Strict, again: math.NaN()}
	r.terms, r.gated = regressionOf(terms, m, e.config.Baseline)
	series, _ := e.past.Course(ep.Name, transaction, m)
	r.course = stat.Course{Past: worse(m, series.Values), PastErr: series.Errs}
	measured := known(series.Values) >= baseline.Fewest
	for i, run := range e.newRuns() {
		f, ok := run.comparedFigure(group{run.find(ep.Name, transaction)}, m)
		value, err := math.NaN(), math.NaN()
		if ok {
			value, err = math.Log(f.value), orNaN(f.errorOfLog(run.alpha))
			measured = true
		}
		r.course.New = append(r.course.New, worse(m, []float64{value})...)
		r.course.NewErr = append(r.course.NewErr, err)
		if i == 0 {
			r.figure = f
		} else if ok {
			r.again = f.value
		}
	}
	if !measured {
		return nil
	}
	r.sure = e.excuse(r, series, m)
	return r
}

// find is an endpoint, or transaction, by its name; one without a request where
// there is none.
func (e *evidence) find(name string, transaction bool) *result.Endpoint {
	list := e.endpoints
	if transaction {
		list = e.transactions
	}
	for _, ep := range list {
		if ep.Name == name && !ep.Start {
			return ep
		}
	}
	return &result.Endpoint{Name: name}
}

// worse turns logarithms so that more is worse.
func worse(m metric.Metric, logs []float64) []float64 {
	if m.Better() == metric.Lower {
		return logs
	}
	turned := make([]float64, len(logs))
	for i, v := range logs {
		turned[i] = -v
	}
	return turned
}

func orNaN(v float64) float64 {
	if v == 0 {
		return math.NaN()
	}
	return v
}

// allowed is the change of a metric's value that its terms allow.
func allowed(m metric.Metric, most float64) float64 {
	if m.Better() == metric.Higher {
		return -most
	}
	return most
}

func rise(share float64) string {
	return unit.Quantity{Value: math.Round(1000*share) / 1000, Unit: unit.Ratio}.String()
}

// back is the value of a logarithm that was turned so that more is worse.
func back(m metric.Metric, log float64) float64 { return math.Exp(worse(m, []float64{log})[0]) }

// known is how many of the values are numbers.
func known(values []float64) int {
	n := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}

// mean is that of the numbers among the values; NaN without any.
func mean(values []float64) float64 {
	sum, n := 0.0, 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}
