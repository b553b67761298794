package regress

import (
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// levelChanges warns of levels of the p95 that rose for good within the earlier runs:
// each run alone was passed, and the runs before the rise are no longer what the
// next ones are compared with (statistics, section 7).
func levelChanges(e *evidence.Run, candidates []*candidate) []verdict.Check {
	byRun := map[int][]reason.Reason{}
	endpoints := map[int][]string{}
	oldest := 0 // of the runs that count
	if last := e.Config.Baseline.Last; last > 0 {
		oldest = max(0, len(e.Past.Runs)-last)
	}
	for _, r := range candidates {
		for _, ep := range r.endpoints {
			_, point := e.Past.SinceChange(ep.Name, r.transaction, metric.P95)
			if point == nil || point.Ratio() <= 1 || point.At < oldest {
				continue
			}
			quantity := func(v float64) unit.Quantity { return unit.Quantity{Value: v, Unit: unit.Duration} }
			byRun[point.At] = append(byRun[point.At], reason.LevelFrom.With(reason.Args{
				"endpoint": ep.Name, "before": quantity(point.Before), "after": quantity(point.After),
			}))
			endpoints[point.At] = append(endpoints[point.At], ep.Name)
		}
	}
	var checks []verdict.Check
	for at, run := range e.Past.Runs {
		if byRun[at] == nil {
			continue
		}
		args := reason.Args{"run": run.ID, "started": run.Started, "rises": byRun[at]}
		if commit := run.Origin.ShortCommit(); commit != "" {
			args["commit"] = commit
		}
		checks = append(checks, verdict.Check{
			Subject: "change of level", Endpoints: endpoints[at], Outcome: verdict.Warn, Shown: true,
			Because: reason.LevelRose.With(args),
		})
	}
	return checks
}
