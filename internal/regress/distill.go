package regress

import (
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Distill takes from a run what later ones are compared with: the compared
// metrics of every endpoint and transaction that was measured, with the
// standard errors of their logarithms at a confidence of 95 %. Start steps are
// left out: they are sent as users come, not as the load goes on. So is a
// percentile of so few requests that it is their maximum. Verdict is the name
// of the outcome that decided the exit code, Base what the run is worth as a
// baseline. Why is what speaks against it, for Run.Why in words; the zero value: nothing.
func Distill(r *result.Result, v verdict.Verdict) (run baseline.Run, why reason.Reason) {
	run = baseline.Of(r)
	name, _ := v.Final().MarshalText()
	run.Verdict = string(name)
	e := evidence.Gather(evidence.Input{Result: r, Config: &config.Config{}})
	if len(r.Planned.Loads) == 0 {
		run.Figures = compared(e)
	}
	for i, l := range r.Planned.Loads {
		own := compared(evidence.Gather(evidence.Input{Result: r.Alone(i), Config: &config.Config{}}))
		for j := range own {
			own[j].Endpoint = metric.Place{Load: l.Planned.Load}.Label(own[j].Endpoint)
		}
		run.Figures = append(run.Figures, own...)
	}
	run.Base, why = baseOf(e, v, run.Figures)
	unsure := undecided(v)
	for i := range run.Figures {
		run.Figures[i].Unsure = slices.Contains(unsure, run.Figures[i].Endpoint)
	}
	return run, why
}

// A run is no baseline where its generator's lag is larger than the median p95 of
// its endpoints, as a part of it, and made that p95 larger by more than a quarter
// of what it is from the send, and by more than leastMoved: then it tells more of
// the generator than of the service. A lag that is large and rare leaves a quick
// service's p95 as it is, and milliseconds more are what a busy machine does to
// every run of a service that takes as few: such runs scatter, and their spread is
// what later ones are compared by.
const (
	lateBase   = 1.0
	movedBase  = 1.25
	leastMoved = 5 * time.Millisecond
)

// baseOf says whether a run can be a baseline, and what speaks against it. That
// there were too few earlier runs to compare it with, or that a row is too thin to
// be decided, does not: then no run would ever be the first.
func baseOf(e *evidence.Run, v verdict.Verdict, figures []baseline.Figure) (base baseline.Base, why reason.Reason) {
	switch {
	case e.Result.Planned.Smoke:
		return baseline.Unjudged, reason.NoBaselineSmoke.Plain()
	case len(v.Checks) == 0:
		return baseline.Unjudged, reason.NoBaselineNothing.Plain()
	}
	for _, c := range v.Checks {
		if c.Outcome == verdict.Fail {
			return baseline.Failed, reason.NoBaselineFailed.With(reason.Args{"what": namely(c)})
		}
	}
	for _, c := range v.Checks {
		ofRun := c.Rule == "" && c.Comparison == nil && len(c.Endpoints) == 0
		if c.Outcome == verdict.Inconclusive && ofRun && (c.Firm || !lenient(v)) {
			return baseline.Unjudged, reason.NoBaselineUnjudged.With(reason.Args{"what": namely(c)})
		}
	}
	g := e.Generator
	if g.Overrun() || g.Exhausted {
		was, _ := g.Blame()
		return baseline.Late, reason.NoBaselineGenerator.With(reason.Args{"was": was})
	}
	usual, moved := typical(figures, metric.P95)
	by := time.Duration(usual - usual/moved)
	if g.Late() && usual > 0 && float64(g.Lag) > lateBase*usual && moved > movedBase && by > leastMoved {
		return baseline.Late, reason.NoBaselineLate.With(reason.Args{
			"lag": g.Lag, "median": unit.Quantity{Value: usual, Unit: unit.Duration},
		})
	}
	return baseline.Fit, reason.Reason{}
}

// namely names a check.
func namely(c verdict.Check) reason.Reason {
	args := reason.Args{"metric": c.Metric.Name(), "subject": c.Subject}
	switch {
	case c.Rule == "":
		return reason.CheckOf.With(reason.Args{"subject": c.Subject})
	case c.Resource:
		return reason.CheckOf.With(reason.Args{"subject": c.Rule})
	case c.Comparison != nil && c.Comparison.Kind == verdict.EarlierRuns:
		return reason.CheckOfComparison.With(args)
	}
	args["rule"] = c.Rule
	return reason.CheckOf.With(args)
}

// undecided are the endpoints and transactions whose latency, or whose failures
// where no rule limits them, could not be judged: they are no baseline. What is
// undecided only for want of earlier runs is, unless it looks slower; and a file
// that lets pass what is undecided lets it pass here too. Runs are not compared by the time to the first byte.
func undecided(v verdict.Verdict) []string {
	var names []string
	for _, c := range v.Checks {
		limit, share := c.Rule != "" && c.Comparison == nil, c.Metric.Share() || c.Metric.OfFirstByte() ||
			c.Metric == metric.Throughput
		switch {
		case c.Outcome != verdict.Inconclusive, limit && (share || lenient(v)), c.Comparison != nil &&
			!c.Comparison.Doubtful:
		default:
			names = append(names, c.Endpoints...)
		}
	}
	return names
}

// lenient says whether the file lets pass what is undecided.
func lenient(v verdict.Verdict) bool {
	return v.Undecided == config.UndecidedPasses || v.Undecided == config.UndecidedWarns
}

// typical is the median of a metric's figures of endpoints, and of how many times
// it is what it is from the send; 0 without any.
func typical(figures []baseline.Figure, m metric.Metric) (value, moved float64) {
	var values, ratios []float64
	for _, f := range figures {
		if f.Metric == m && !f.Transaction && f.Sent > 0 {
			values, ratios = append(values, f.Value), append(ratios, f.Value/f.Sent)
		}
	}
	value, _ = stat.Median(values)
	moved, _ = stat.Median(ratios)
	return value, moved
}

// compared are the figures of a run that runs are compared by.
func compared(e *evidence.Run) []baseline.Figure {
	var figures []baseline.Figure
	add := func(ep *result.Endpoint, transaction bool) {
		for _, m := range metric.Compared() {
			f, ok := comparedFigure(e, evidence.Group{ep}, m)
			if !ok {
				continue
			}
			figures = append(figures, baseline.Figure{
				Endpoint: ep.Name, Transaction: transaction, Metric: m,
				Value: f.Value, Err: errorOfLog(f, distilled), Requests: f.Requests,
				Sent: fromSend(e, evidence.Group{ep}, m),
			})
		}
	}
	for _, ep := range e.Endpoints {
		if !ep.Once.Any() {
			add(ep, false)
		}
	}
	for _, ep := range e.Transactions {
		add(ep, true)
	}
	return figures
}

// comparedFigure is a metric of a group; false where there is nothing that
// could be compared.
func comparedFigure(e *evidence.Run, g evidence.Group, m metric.Metric) (estimate.Figure, bool) {
	p := evidence.LimitCheck{Limit: config.Limit{Metric: m, Unit: m.Unit()}}
	var f estimate.Figure
	if m == metric.Throughput {
		f = e.RateFigure(p, g, e.Tally(g, e.WhereRate(g), estimate.Intended))
	} else {
		f = e.LatencyFigure(p, g)
	}
	q, ok := m.Quantile()
	whole := ok && float64(f.Requests)*(1-q) < 1
	return f, f.Value > 0 && !math.IsInf(f.Value, 0) && !whole
}

// fromSend is a latency of a group from the actual send; 0: the metric is none,
// or there is nothing of it.
func fromSend(e *evidence.Run, g evidence.Group, m metric.Metric) float64 {
	if m == metric.Throughput || e.Summed {
		return 0
	}
	return e.LatencyOf(evidence.LimitCheck{Limit: config.Limit{Metric: m, Unit: m.Unit()}}, g, estimate.Sent).Value
}

// distilled is alpha of the intervals behind what is kept of a run: it does not
// depend on the file that the run was judged by.
const distilled = 0.05

// errorOfLog is the standard error of the value's natural logarithm, from its
// interval at alpha; 0: unknown, because an end of it is missing.
func errorOfLog(f estimate.Figure, alpha float64) float64 {
	return stat.ErrorOfLog(f.Low, f.High, f.Parts, alpha)
}
