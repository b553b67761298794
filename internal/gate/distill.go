package gate

import (
	"math"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/spec"
	"github.com/loadgate/loadgate/internal/stat"
)

// Distill takes from a run what later ones are held against: the compared
// metrics of every endpoint and transaction that was measured, with the
// standard errors of their logarithms at a confidence of 95 %. Start steps are
// left out: they are sent as users come, not as the load goes on. So is a
// percentile of so few requests that it is their maximum. Verdict is the name
// of the outcome that decided the exit code.
func Distill(r *result.Result, v Verdict) baseline.Run {
	run := baseline.Of(r)
	name, _ := v.Final().MarshalText()
	run.Verdict = string(name)
	run.Figures = gather(Input{Result: r, Spec: &spec.Spec{}}).compared()
	return run
}

// compared are the figures of a run that runs are compared by.
func (e *evidence) compared() []baseline.Figure {
	var figures []baseline.Figure
	add := func(ep *result.Endpoint, joint bool) {
		for _, m := range metric.Compared() {
			f, ok := e.comparedFigure(group{ep}, m)
			if !ok {
				continue
			}
			figures = append(figures, baseline.Figure{
				Endpoint: ep.Name, Joint: joint, Metric: m, Value: f.value, Err: f.errorOfLog(distilled), Requests: f.requests,
			})
		}
	}
	for _, ep := range e.endpoints {
		if !ep.Start {
			add(ep, false)
		}
	}
	for _, ep := range e.joint {
		add(ep, true)
	}
	return figures
}

// comparedFigure is a metric of a group; false where there is nothing that
// could be compared.
func (e *evidence) comparedFigure(g group, m metric.Metric) (figure, bool) {
	p := promise{limit: spec.Limit{Metric: m, Unit: m.Unit()}}
	var f figure
	if m == metric.Throughput {
		f = e.rateFigure(p, g, e.tally(g, e.whereRate(g), intended))
	} else {
		f = e.latencyFigure(p, g)
	}
	q, ok := m.Quantile()
	whole := ok && float64(f.requests)*(1-q) < 1
	return f, f.value > 0 && !math.IsInf(f.value, 0) && !whole
}

// distilled is alpha of the intervals behind what is kept of a run: it does not
// depend on the file that the run was judged by.
const distilled = 0.05

// errorOfLog is the standard error of the value's natural logarithm, from its
// interval at alpha; 0: unknown, because an end of it is missing.
func (f figure) errorOfLog(alpha float64) float64 {
	return stat.ErrorOfLog(f.low, f.high, f.parts, alpha)
}
