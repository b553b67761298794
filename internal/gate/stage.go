package gate

import (
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// Stage is what happened at one level of a load in stages, and what the limits
// make of it alone: a breaking point shows as the first that fails. Start steps
// are left out, which belong to the way from one level to the next, and so are
// floors under throughput: a low level does not offer what they ask for.
type Stage struct {
	result.Stage
	Run      int  // of a search: which of its runs it is, from 1; 0: a stage of a run
	Open     bool // a level of arrivals, not of users
	WarmUp   bool // lies in the warm-up, which counts for no limit
	Requests int64
	Failed   int64
	Rate     Value // successes per second
	Mean     Value // latency of all successes, whichever their endpoint
	P50      Value
	P95      Value
	Checks   []Check // of its arrivals and the limits, in this stage alone
}

// Outcome is the worst check; Inconclusive if there are none.
func (s Stage) Outcome() Outcome { return Verdict{Checks: s.Checks}.Outcome() }

// Broken is the first limit that the stage is shown to break.
func (s Stage) Broken() (Check, bool) {
	for _, c := range s.Checks {
		if c.Outcome == Fail {
			return c, true
		}
	}
	return Check{}, false
}

// Level is the stage's load in words.
func (s Stage) Level() string { return LevelText(s.Height(), s.Open) }

// Height is the stage's users, or arrivals per second.
func (s Stage) Height() float64 {
	if s.Open {
		return s.Stage.Rate
	}
	return float64(s.Users)
}

// LevelText is so many users, or arrivals per second, in words.
func LevelText(height float64, open bool) string {
	if open {
		return unit.Quantity{Value: height, Unit: unit.PerSecond}.String()
	}
	return unit.Counted(int(height), "user")
}

// Does is a level and what it does: "20 users hold", "50/s holds".
func Does(height float64, open bool, verb string) string {
	if open || height == 1 {
		verb += "s"
	}
	return LevelText(height, open) + " " + verb
}

// stagesOf judges every stage that the run came to, as if it were all there is.
// What of a stage lies in the warm-up is left out, unless that is all of it.
func (e *evidence) stagesOf() []Stage {
	var stages []Stage
	for _, planned := range e.result.Planned.Stages {
		slot := e.window.Slot
		first := int((planned.From + slot - 1) / slot)
		end := min(planned.Until, e.result.Until()) / slot * slot
		warm := end <= e.window.start()
		if !warm {
			first = max(first, e.window.First)
		}
		w := parted(result.NewWindow(slot, first, end))
		if w.Slots == 0 {
			continue
		}
		w.apart = true
		s := e.stage(planned, w)
		s.WarmUp = warm
		stages = append(stages, s)
	}
	return stages
}

func (e *evidence) stage(planned result.Stage, w window) Stage {
	alone := *e
	if w != e.window { // what a stretch of the whole run did to it shows in its own seconds
		alone.outages, alone.freezes = nil, nil
	}
	alone.window, alone.strict, alone.tallies = w, nil, map[tallyKey]*tally{}
	alone.endpoints = slices.DeleteFunc(slices.Clone(e.endpoints), func(ep *result.Endpoint) bool { return ep.Start })
	s := Stage{Stage: planned, Open: e.result.Planned.Rate > 0}
	var served int64
	var latency hist.Latency
	for _, ep := range alone.endpoints {
		t := alone.tally(group{ep}, w, intended)
		s.Requests, s.Failed = s.Requests+t.requests, s.Failed+t.failed
		served += t.succeeded()
		latency.Merge(&t.latency)
	}
	s.Rate = Measured(unit.Quantity{Value: float64(served) / w.Length.Seconds(), Unit: unit.PerSecond})
	if mean, ok := latency.Mean(); ok {
		s.Mean = Measured(unit.Of(mean))
	}
	s.P50, s.P95 = quantileOf(&latency, 0.5), quantileOf(&latency, 0.95)
	// A level that was not made was not held.
	alone.generator.arrivals = alone.arrived()
	s.Checks = dropped(&alone)
	for _, rule := range e.config.Rules {
		if !rule.Applies(e.result.Profile) {
			continue
		}
		rule.Patterns = slices.DeleteFunc(slices.Clone(rule.Patterns), func(pattern string) bool {
			return e.matching(config.Rule{Patterns: []string{pattern}}).starts()
		})
		rule.Limits = slices.DeleteFunc(slices.Clone(rule.Limits),
			func(l config.Limit) bool { return l.Metric == metric.Throughput })
		if len(rule.Limits) > 0 {
			s.Checks = append(s.Checks, alone.judge(rule)...)
		}
	}
	return s
}

func quantileOf(l *hist.Latency, q float64) Value {
	d, ok := l.Quantile(q)
	return Value{unit.Of(d), ok}
}

// missed says by how much a limit was missed.
func (c Check) missed() string {
	if c.Metric.Name() == "" {
		return fmt.Sprintf("%s is %s, limit %s", c.Subject, c.Got, c.Limit)
	}
	return fmt.Sprintf("%s %s of %s, limit %s", c.Subject, c.Metric.Name(), c.Got, c.Limit)
}

// breaking tells where a load in stages breaks a limit. It is a warning: the
// verdict is on the whole run, and what a stage did to it is in there.
func breaking(e *evidence) []Check {
	held := ""
	for _, s := range e.stages {
		if s.WarmUp {
			continue
		}
		broken, ok := s.Broken()
		if !ok {
			if s.Outcome() != Inconclusive {
				held = s.Level()
			}
			continue
		}
		before := "no stage before it was shown to hold"
		if held != "" {
			before = "the limits held at " + held
		}
		return []Check{{
			Subject: "breaking point", Outcome: Warn, Shown: true, Requests: s.Requests,
			Reason: fmt.Sprintf("%s breaks at %s: %s; %s", broken.Rule, s.Level(), broken.missed(), before),
			Remedy: "look at what the service waits for at that load; the stages below the table show how it got there",
		}}
	}
	return nil
}
