package capacity

import (
	"slices"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// processorLimits is why an autoscaler should not go by processor time: it was not what broke.
func (s search) processorLimits() []reason.Reason {
	broke, breaks := s.first()
	if !breaks {
		return []reason.Reason{reason.ScalingCPUUnbroken.Plain()}
	}
	if s.processorBroke(broke) {
		return nil
	}
	broken, _ := s.levels.Broken()
	args := reason.Args{"broken": verdict.LoadOf(broken.Load, broken.Runs[0].Open), "subject": broke.Subject}
	if broke.Rule != "" {
		args["rule"] = broke.Rule
	}
	return []reason.Reason{reason.ScalingNotCPU.With(args)}
}

// processor is what a replica uses of processors at the highest level that held, or that nobody read it.
func (s search) processor() (used verdict.Value, by verdict.ScaledBy, refused []reason.Reason) {
	held, holds := s.levels.Held()
	if !holds {
		return used, by, nil // another refusal says so
	}
	for _, run := range held.Runs {
		mean, of, ok := processorOf(s.runs[run.Run-1])
		if !ok {
			return verdict.Value{}, by, []reason.Reason{reason.ScalingCPUUnread.With(
				reason.Args{"held": verdict.LoadOf(held.Load, run.Open), "replicas": s.count})}
		}
		if !used.OK || mean.Value < used.Value {
			used, by = mean, of
		}
	}
	return used, by, nil
}

// processorBroke says whether processor time is what broke: its gauge, or a process that fills the one core that it
// can use.
func (s search) processorBroke(broke verdict.Check) bool {
	if g := s.gauge(broke); g != nil {
		return g.Read == "cpu" &&
			(g.From == metric.FromProcess || g.From == metric.FromCgroup || g.From == metric.FromHost)
	}
	return slices.ContainsFunc(s.causes, func(c verdict.Cause) bool {
		return c.Because.Code == reason.ProcessFillsCore && c.Size.OK && c.Size.Value >= evidence.Majority
	})
}

// processorOf is the mean use of the first process or control group whose processor time was read: in
// processors, or as a share of what the group may use.
func processorOf(r *result.Result) (mean verdict.Value, by verdict.ScaledBy, ok bool) {
	for i := range r.Resources {
		g := &r.Resources[i]
		cores := float64(r.Origin.Runner.Cores)
		if g.Read != "cpu" || g.Unit != unit.Ratio || g.From != metric.FromProcess && g.From != metric.FromCgroup ||
			g.From == metric.FromProcess && cores == 0 {
			continue
		}
		sum, count := 0.0, 0
		for _, reading := range g.Readings {
			if reading.Measured() && reading.At >= r.Planned.WarmUp {
				sum, count = sum+*reading.Value, count+1
			}
		}
		if count < evidence.FewestReadings || !(sum > 0) {
			continue
		}
		if g.From == metric.FromCgroup {
			return ratio(sum / float64(count)), verdict.ByUsedLimit, true
		}
		return verdict.Measured(unit.Quantity{Value: sum / float64(count) * cores}), verdict.ByCores, true
	}
	return mean, by, false
}
