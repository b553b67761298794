package evidence

import (
	"slices"

	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/result"
)

// Summarised are the endpoints of which another tool kept figures only, parted
// from those with requests.
func Summarised(g Group) (summed, others Group) {
	for _, ep := range g {
		if ep.Summary != nil {
			summed = append(summed, ep)
		} else {
			others = append(others, ep)
		}
	}
	return summed, others
}

// Joined is the summaries of a group in one: added up, or what the tool computed of
// all its requests where the group is all of its endpoints. False where the tool
// did not keep what that takes.
func (e *Run) Joined(g Group) (*result.Summary, bool) {
	if len(g) == 1 {
		return g[0].Summary, true
	}
	if all, _ := Summarised(e.Endpoints); e.Result.Summary != nil && len(g) == len(all) {
		return e.Result.Summary, true
	}
	all := make([]*result.Summary, len(g))
	for i, ep := range g {
		all[i] = ep.Summary
	}
	return result.Join(all...)
}

// SummedFigure is a latency as the tool gave it; false where it did not.
func (e *Run) SummedFigure(p LimitCheck, s *result.Summary) (estimate.Figure, bool) {
	return estimate.Given(p.Limit.Metric, s, e.Window.Length, e.Alpha)
}

// FailuresUntold says whether another tool's file does not tell which requests
// of a group failed.
func (e *Run) FailuresUntold(g Group) bool {
	return !e.Result.Source.Failures.Known() ||
		slices.ContainsFunc(g, func(ep *result.Endpoint) bool { return ep.Summary != nil && ep.Summary.Failed == nil })
}

// TotalOf is what another tool counted of all requests, where the group is all of
// its endpoints; false where it did not, or not how many failed.
func (e *Run) TotalOf(g Group) (*result.Summary, bool) {
	all, _ := Summarised(e.Endpoints)
	total := e.Result.Summary
	return total, len(g) == len(all) && e.Result.Source.Failures.Known() && total != nil && total.Failed != nil
}
