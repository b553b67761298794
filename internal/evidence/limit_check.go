package evidence

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// LimitCheck is one limit of one rule, and the endpoints that it applies to.
type LimitCheck struct {
	Rule  config.Rule
	Limit config.Limit
	Group Group
}

// Subject names a group of the rule that is judged together.
func (p LimitCheck) Subject(g Group) string {
	if len(g) == 1 {
		return g[0].Name
	}
	return estimate.Together(p.Rule.Name, len(g), false)
}

// Matching are the endpoints and transactions of a rule.
func (e *Run) Matching(rule config.Rule) Group {
	var g Group
	for _, ep := range e.Endpoints {
		if rule.Matches(ep.Name, ep.Once.Any()) {
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

// ShareFigure is the share of failures among a group's requests.
func (e *Run) ShareFigure(p LimitCheck, g Group) estimate.Figure {
	return e.ShareOf(p, g, func(estimate.Second) int64 { return 0 })
}

// ShareOf is the same without what is forgiven.
func (e *Run) ShareOf(p LimitCheck, g Group, forgiven func(estimate.Second) int64) estimate.Figure {
	t := e.Tally(g, e.Where(g), estimate.Intended)
	var f estimate.Figure
	switch all, known := e.TotalOf(g); {
	case !e.Summed:
		f = estimate.Share(p.Limit.Metric, t, forgiven, e.Alpha)
	case known && e.FailuresUntold(g):
		f = estimate.GivenShare(p.Limit.Metric, t, all.Requests, all.Failures())
	default:
		f = estimate.GivenShare(p.Limit.Metric, t, t.Requests, t.Failed)
	}
	f.Starts = g.Starts()
	return f
}

// LatencyFigure is a latency of a group from the intended start.
func (e *Run) LatencyFigure(p LimitCheck, g Group) estimate.Figure {
	return e.LatencyOf(p, g, estimate.Intended)
}

// LatencyOf is the same by another clock.
func (e *Run) LatencyOf(p LimitCheck, g Group, c estimate.Clock) estimate.Figure {
	if summed, _ := Summarised(g); len(summed) > 0 {
		f := estimate.Figure{}
		if s, ok := e.Joined(summed); ok {
			f, _ = e.SummedFigure(p, s)
		}
		return f
	}
	f := estimate.Latency(p.Limit.Metric, e.Tally(g, e.Where(g), c.For(p.Limit.Metric)), e.Alpha)
	f.Starts = g.Starts()
	return f
}

// RateFigure is the rate of a group's successes in the unit of the limit.
func (e *Run) RateFigure(p LimitCheck, g Group, t *estimate.Tally) estimate.Figure {
	f := estimate.Rate(p.Limit.Metric, p.Limit.Unit, t, e.Summed, e.Alpha)
	f.Starts = g.Starts()
	return f
}

// Fewest is the fewest requests with which a limit of the rule could be shown to hold, by as
// many parts as the figure has.
func Fewest(e *Run, l config.Limit, limit float64, f estimate.Figure) int64 {
	l.Fail, l.HasFail = limit, true
	return l.Fewest(max(f.Parts, stat.MinBatches), e.Alpha)
}

// WrittenUnit is the unit that a limit was written in, or the metric's own where
// the limit does not say.
func WrittenUnit(l config.Limit) unit.Unit {
	if l.Unit == unit.Count {
		return l.Metric.Unit()
	}
	return l.Unit
}
