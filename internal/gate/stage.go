package gate

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/estimate"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// stagesOf judges every stage that the run came to, as if it were all there is.
// What of a stage lies in the warm-up is left out, unless that is all of it.
func stagesOf(e *evidence.Run) []verdict.Stage {
	var stages []verdict.Stage
	for _, planned := range e.Result.Planned.Stages {
		slot := e.Window.Slot
		first := int((planned.From + slot - 1) / slot)
		end := min(planned.Until, e.Result.Until()) / slot * slot
		warm := end <= e.Window.Start()
		if !warm {
			first = max(first, e.Window.First)
		}
		w := estimate.Parted(result.NewWindow(slot, first, end))
		if w.Slots == 0 {
			continue
		}
		w.Apart = true
		s := Stage(e, planned, w)
		s.WarmUp = warm
		stages = append(stages, s)
	}
	return stages
}

// Stage judges one level of a load in a window of the run.
func Stage(e *evidence.Run, planned result.Stage, w estimate.Window) verdict.Stage {
	alone := e.Stretch(w)
	s := verdict.Stage{Stage: planned, Open: e.Result.Planned.Rate > 0}
	var served int64
	var latency hist.Latency
	for _, ep := range alone.Endpoints {
		t := alone.Tally(evidence.Group{ep}, w, estimate.Intended)
		s.Requests, s.Failed = s.Requests+t.Requests, s.Failed+t.Failed
		served += t.Succeeded()
		latency.Merge(&t.Latency)
	}
	s.Rate = verdict.Measured(unit.Quantity{Value: float64(served) / w.Length.Seconds(), Unit: unit.PerSecond})
	all := alone.Tally(alone.Endpoints, w, estimate.Intended)
	s.RateLow, _ = estimate.Rate(metric.Throughput, unit.PerSecond, all, e.Result.Summarised(), e.Alpha).Ends()
	if mean, ok := latency.Mean(); ok {
		s.Mean = verdict.Measured(unit.Of(mean))
	}
	s.P50, s.P95 = quantileOf(&latency, 0.5), quantileOf(&latency, 0.95)
	// A level that was not made was not held.
	alone.Generator.Arrivals = alone.Arrived()
	s.Checks = append(dropped(alone), stageLimits(e, alone)...)
	return s
}

// stageLimits judges the limits in a stage. Alone is the run in the stage.
func stageLimits(e, alone *evidence.Run) (checks []verdict.Check) {
	for _, rule := range e.Config.Rules {
		if !rule.Applies(e.Result.Profile) {
			continue
		}
		rule.Patterns = slices.DeleteFunc(slices.Clone(rule.Patterns), func(pattern string) bool {
			return e.Matching(config.Rule{Patterns: []string{pattern}}).Starts()
		})
		rule.Limits = slices.DeleteFunc(slices.Clone(rule.Limits),
			func(l config.Limit) bool { return l.Metric == metric.Throughput })
		if len(rule.Limits) > 0 {
			checks = append(checks, judge(alone, rule)...)
		}
	}
	return append(checks, ofUsers(e, func(own *evidence.Run) []verdict.Check {
		return stageLimits(own, own.Stretch(alone.Window))
	})...)
}

func quantileOf(l *hist.Latency, q float64) verdict.Value {
	d, ok := l.Quantile(q)
	return verdict.Value{Quantity: unit.Of(d), OK: ok}
}

// breaking tells where a load in stages breaks a limit. It is a warning: the
// verdict is on the whole run, and what a stage did to it is in there.
func breaking(e *evidence.Run) []verdict.Check {
	before := reason.NoStageHeld.Plain()
	for _, s := range e.Stages {
		if s.WarmUp {
			continue
		}
		broken, ok := s.Broken()
		if !ok {
			if s.Outcome() != verdict.Inconclusive {
				before = reason.LimitsHeld.With(loadOf(s))
			}
			continue
		}
		args := loadOf(s)
		args["rule"], args["missed"], args["before"] = broken.Rule, broken.MissedBy(), before
		return []verdict.Check{{
			Subject: "breaking point", Outcome: verdict.Warn, Shown: true, Requests: s.Requests,
			Because: reason.BreakingPoint.With(args),
		}}
	}
	return nil
}

// loadOf is a stage's users, or its arrivals per second.
func loadOf(s verdict.Stage) reason.Args { return verdict.LoadOf(s.Load(), s.Open).Args }
