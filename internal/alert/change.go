package alert

import (
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
)

// mostNamed is how many endpoints an alert names.
const mostNamed = 5

// slower is a series in which the level of an endpoint changed for the worse, for good, and has not come back since.
// What was accepted since is how it should be.
func (w Watch) slower(s series) (says reason.Reason, subjects []subject) {
	runs := baseline.Alike(s)
	newest := runs[len(runs)-1]
	accepted := -1
	for i, r := range runs {
		if mark, ok := r.Mark(); ok && mark.Accepted {
			accepted = i
		}
	}
	var endpoints []reason.Reason
	var last string
	for _, f := range w.figures(runs) {
		points := baseline.SeriesBeside(newest, runs, f.Endpoint, f.Transaction, w.Metric).ChangePoints()
		point, ok := w.worse(points, accepted)
		if !ok {
			continue
		}
		at := runs[point.At]
		amount := func(v float64) unit.Quantity { return unit.Quantity{Value: v, Unit: w.Metric.Unit()} }
		args := reason.Args{
			"endpoint": f.Endpoint, "before": amount(point.Before), "after": amount(point.After), "run": at.ID,
		}
		if at.Origin.Commit != "" {
			args["commit"] = at.Origin.ShortCommit()
		}
		endpoints = append(endpoints, reason.AlertEndpoint.With(args))
		subjects, last = append(subjects, subject{f.Endpoint, at.Started}), at.ID
	}
	if endpoints == nil {
		return reason.Reason{}, nil
	}
	args := reason.Args{"metric": w.Metric.Name(), "endpoints": endpoints[:min(len(endpoints), mostNamed)], "run": last}
	if more := len(endpoints) - mostNamed; more > 0 {
		args["more"] = more
	}
	return reason.AlertSlower.With(args), subjects
}

// figures are those that any of the runs has, each once: the newest may lack one, because all of its requests failed.
func (w Watch) figures(runs []baseline.Run) (all []baseline.Figure) {
	for _, r := range runs {
		for _, f := range r.Figures {
			if f.Metric == w.Metric && !slices.ContainsFunc(all, func(known baseline.Figure) bool {
				return known.Endpoint == f.Endpoint && known.Transaction == f.Transaction
			}) {
				all = append(all, f)
			}
		}
	}
	return all
}

// worse is the newest change for the worse from which the level has not come back, with the level of today.
func (w Watch) worse(points []baseline.ChangePoint, accepted int) (baseline.ChangePoint, bool) {
	for _, p := range slices.Backward(points) {
		if p.At <= accepted || !w.isWorse(p.Ratio()) {
			continue
		}
		p.After = points[len(points)-1].After
		return p, w.isWorse(p.Ratio())
	}
	return baseline.ChangePoint{}, false
}

func (w Watch) isWorse(ratio float64) bool {
	if w.Metric.Better() == metric.Higher {
		ratio = 1 / ratio
	}
	return !math.IsNaN(ratio) && ratio > 1 && ratio >= 1+w.Least
}
