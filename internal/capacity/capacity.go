// Package capacity judges the levels of a search for the highest load that a service carries.
package capacity

import (
	"math"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/diagnose"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// SearchEnd is why a search for the highest load that holds was ended.
type SearchEnd uint8

// The ends of a search.
const (
	SearchUnknown SearchEnd = iota // nobody knows: its levels were found on a disk
	SearchCut                      // interrupted, or by an error
	SearchClosed                   // there is no level left to try
	SearchTimeUp
	SearchUnwell // the target was not ready again after a level
)

// Input is runs of one load at several levels.
type Input struct {
	Levels []*result.Result // in the order in which they were made
	Config *config.Config
	// AtLeast is the load that the service has to carry, in users or arrivals per second;
	// 0: any will do.
	AtLeast float64
	End     SearchEnd
	// Replicas asks how many of them to run; nil: nobody does.
	Replicas *Replicas
}

// Rule is the name of the search where checks name their rule.
const Rule = "capacity"

// Judge says which load the service carries: the highest level at which
// every limit of the file held, below the lowest at which one was broken. It
// depends on nothing but its input. Fail: a level that has to hold
// broke, or none held; Inconclusive: neither is shown. The verdict's stages are
// the levels, ascending.
func Judge(in Input) verdict.Verdict {
	v := verdict.Verdict{}
	if in.Config != nil {
		v.Undecided = in.Config.Judge.Inconclusive
	}
	if in.Config == nil || len(in.Levels) == 0 {
		v.Checks = []verdict.Check{{Subject: Rule, Because: reason.LevelsMissing.Plain()}}
		return v
	}
	l, makers := levels(in.Levels, in.Config)
	for _, level := range l {
		v.Stages = append(v.Stages, level.Runs...)
	}
	c := capacity(l, in)
	if notes := flagNotes(l, makers); len(notes) > 0 {
		c.Also = append(c.Also, notes...)
		if c.Outcome == verdict.Pass {
			c.Outcome = verdict.Warn
		}
	}
	v.Checks = []verdict.Check{c}
	why := l[len(l)-1]
	if broken, ok := l.Broken(); ok {
		why = broken
	}
	worst := why.Worst()
	e := evidence.Gather(evidence.Input{Result: in.Levels[worst.Run-1], Config: in.Config})
	e.Stages = v.Stages
	v.Causes, v.Excepted = diagnose.Diagnose(e, worst.Checks), evidence.Excepted(e, evidence.Limiting, false)
	if in.Replicas != nil {
		v.Scaling = in.scaling(l, v.Causes)
	}
	return v
}

// levels judges the runs of a search; the generators are those of the runs, by their numbers.
func levels(results []*result.Result, c *config.Config) (verdict.Levels, []evidence.Generator) {
	var runs []verdict.Stage
	var makers []evidence.Generator
	for i, r := range results {
		e := evidence.Gather(evidence.Input{Result: r, Config: c})
		s := judgeLevel(e)
		makers = append(makers, e.Generator)
		s.Run = i + 1
		after := r.Started.Sub(results[0].Started)
		s.From, s.Until = s.From+after, s.Until+after
		runs = append(runs, s)
	}
	return verdict.NewLevels(runs), makers
}

// scaling is what the search, and those with other numbers of replicas, say of replicas.
func (in Input) scaling(l verdict.Levels, causes []verdict.Cause) *verdict.Scaling {
	s := search{in.Replicas.Count, in.Levels, l, causes}
	var others []search
	for _, other := range in.Replicas.Others {
		l, _ := levels(other.Levels, in.Config)
		others = append(others, search{count: other.Count, runs: other.Levels, levels: l})
	}
	a := in.Replicas.advise(s, others)
	if a.Needed > 0 && a.Needed <= math.MaxInt32 { // an int32 of Kubernetes
		a.Objects = objects(a, in.Levels[0].Name)
	}
	return a
}

// capacity is the one check of a search.
func capacity(l verdict.Levels, in Input) verdict.Check {
	open := l[0].Runs[0].Open
	c := verdict.Check{Rule: Rule, Subject: "users", Shown: true}
	of := unit.Count
	if open {
		c.Subject, of = "arrivals", unit.PerSecond
	}
	c.Metric = metric.OfReadings("", of, metric.Higher)
	amount := func(load float64) verdict.Value { return verdict.Measured(unit.Quantity{Value: load, Unit: of}) }
	held, holds := l.Held()
	broken, breaks := l.Broken()
	if holds {
		c.Got, c.Low = amount(held.Load), amount(held.Load)
		for _, run := range held.Runs {
			c.Requests += run.Requests
		}
	}
	if breaks {
		c.High = amount(broken.Load)
	}
	if in.AtLeast > 0 {
		c.Limit = amount(in.AtLeast)
	}
	switch {
	case holds && held.Load >= in.AtLeast:
		c.Outcome = verdict.Pass
	case breaks && (in.AtLeast == 0 || broken.Load <= in.AtLeast):
		c.Outcome = verdict.Fail
	default:
		c.Shown = false
	}
	found, advice := conclusions(l, open)
	switch in.End {
	case SearchCut:
		cut := reason.SearchCut.Plain()
		found = append(found, cut)
		if len(advice) == 0 {
			advice = []reason.Reason{cut}
		}
	case SearchTimeUp:
		up := reason.SearchTimeUp.Plain()
		found = append(found, up)
		if len(advice) == 0 || c.Outcome == verdict.Inconclusive {
			advice = []reason.Reason{up}
		}
	case SearchUnwell:
		unwell := reason.SearchUnwell.Plain()
		found, advice = append(found, unwell), []reason.Reason{unwell}
	case SearchUnknown, SearchClosed:
		if len(advice) == 0 {
			advice = []reason.Reason{reason.SearchHigher.Plain()}
		}
	}
	c.Because, c.Also, c.Remedies = found[0], found[1:], advice
	return c
}

// conclusions are what the levels show, the most important first and at least one, and what to
// do about it; no advice where nothing but the search itself ended it.
func conclusions(l verdict.Levels, open bool) (found, advice []reason.Reason) {
	held, holds := l.Held()
	broken, breaks := l.Broken()
	between := betweenLevels(l, held, broken, breaks)
	loads := reason.Args{}
	if holds {
		loads["held"] = verdict.LoadOf(held.Load, open)
	}
	if breaks {
		loads["broken"] = verdict.LoadOf(broken.Load, open)
	}
	switch {
	case holds && breaks:
		found = append(found, reason.CapacityFound.With(loads))
	case holds && len(between) > 0:
		found = append(found, reason.CapacityOpen.With(loads))
	case holds:
		found = append(found, reason.CapacityNotReached.With(loads))
	}
	if len(between) > 0 {
		var args reason.Args
		args, advice = undecided(between[0])
		var levels []reason.Reason
		for _, r := range between {
			levels = append(levels, verdict.LoadOf(r.Load, open))
		}
		args["levels"] = levels
		code := reason.LevelsUndecided
		if !holds && !breaks {
			code = reason.CapacityUndecided
		}
		found = append(found, code.With(args))
	}
	if !holds && !breaks && len(between) == 0 { // levels without any load
		found = append(found, reason.CapacityUndecided.With(reason.Args{
			"levels": []reason.Reason{verdict.LoadOf(l[0].Load, open)},
		}))
	}
	if breaks {
		first, _ := broken.Worst().Broken()
		args := reason.Args{"broken": loads["broken"], "subject": first.Subject, "why": first.Facts()}
		advice = first.Advice()
		if first.Rule != "" {
			args["rule"], args["why"] = first.Rule, first.MissedBy()
			if len(first.Remedies) == 0 {
				advice = []reason.Reason{reason.LookAtLoad.Plain()}
			}
		}
		if holds {
			found = append(found, reason.LevelBreaks.With(args))
		} else {
			found = append([]reason.Reason{reason.CapacityNone.With(args)}, found...)
		}
	}
	return found, advice
}

// betweenLevels is the levels above what held, all where nothing did, and below what
// broke, that did not hold.
func betweenLevels(l verdict.Levels, held, broken verdict.Level, breaks bool) []verdict.Level {
	var some []verdict.Level
	for _, r := range l {
		if r.Load > held.Load && (!breaks || r.Load < broken.Load) && r.Standing != verdict.Held {
			some = append(some, r)
		}
	}
	return some
}

// undecided is why a level is neither held nor broken, as arguments, and what to do about it:
// what kept the load from the service, if anything did, because that is what the search goes
// by.
func undecided(r verdict.Level) (args reason.Args, advice []reason.Reason) {
	if c, unmade := r.Worst().Unmade(); unmade {
		args = reason.Args{"why": c.Facts()}
		if c.Because.Code == reason.RateLimiter {
			args["cause"] = c.Because
		}
		return args, c.Advice()
	}
	for _, c := range r.Worst().Checks {
		if c.Outcome != verdict.Inconclusive {
			continue
		}
		args, advice = reason.Args{"why": c.Facts()}, c.Advice()
		if c.Rule != "" {
			args["rule"], args["subject"] = c.Rule, c.Subject
		}
		if c.Rule != "" && c.Requests > 0 { // of more users another level would come
			advice = []reason.Reason{reason.LongerLevels.Plain()}
		}
		return args, advice
	}
	return reason.Args{}, nil
}
