// Package capacity judges the levels of a search for the highest load that a service carries.
package capacity

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/diagnose"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
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
}

// Rule is the name of the search where checks name their rule.
const Rule = "capacity"

// Judge says which load the service carries: the highest level at which
// every limit of the file held, below the lowest at which one was broken. Like
// Judge it depends on nothing but its input. Fail: a level that has to hold
// broke, or none held; Inconclusive: neither is shown. The verdict's stages are
// the levels, ascending.
func Judge(in Input) verdict.Verdict {
	v := verdict.Verdict{}
	if in.Config != nil {
		v.Undecided = in.Config.Judge.Inconclusive
	}
	if in.Config == nil || len(in.Levels) == 0 {
		v.Checks = []verdict.Check{{Subject: Rule,
			Reason: "no level was run, or there is nothing to judge it by",
			Remedy: "let the search run"}}
		return v
	}
	var runs []verdict.Stage
	var makers []evidence.Generator // of the runs
	for i, r := range in.Levels {
		e := evidence.Gather(evidence.Input{Result: r, Config: in.Config})
		s := judgeLevel(e)
		makers = append(makers, e.Generator)
		s.Run = i + 1
		after := r.Started.Sub(in.Levels[0].Started)
		s.From, s.Until = s.From+after, s.Until+after
		runs = append(runs, s)
	}
	l := verdict.NewLevels(runs)
	for _, level := range l {
		v.Stages = append(v.Stages, level.Runs...)
	}
	c := capacity(l, in)
	if notes := flagNotes(l, makers); len(notes) > 0 {
		c.Reason += "; " + strings.Join(notes, "; ")
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
	return v
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
	c.Reason, c.Remedy = told(l, open)
	switch in.End {
	case SearchCut:
		c.Reason += "; the search was cut short"
		c.Remedy = cmp.Or(c.Remedy, "run it again to its end")
	case SearchTimeUp:
		c.Reason += "; the time for the search was up"
		if c.Remedy == "" || c.Outcome == verdict.Inconclusive {
			c.Remedy = "give it more: --within 30m"
		}
	case SearchUnwell:
		c.Reason += "; after that the service was not ready again"
		c.Remedy = "see why it does not recover from a load that it cannot carry: its log, its memory, its queue"
	case SearchUnknown, SearchClosed:
		c.Remedy = cmp.Or(c.Remedy, "try more, with a higher --to, to find where it breaks")
	}
	return c
}

// told says what the levels show, and what to do about it; no remedy where
// nothing but the search itself ended it.
func told(l verdict.Levels, open bool) (reason, remedy string) {
	held, holds := l.Held()
	broken, breaks := l.Broken()
	var parts []string
	if holds {
		parts = append(parts, verdict.Does(held.Load, open, "hold"))
	}
	if between := betweenLevels(l, held, broken, breaks); len(between) > 0 {
		var levels []string
		for _, r := range between {
			levels = append(levels, verdict.LoadText(r.Load, open))
		}
		why, advice := undecided(between[0])
		parts, remedy = append(parts, strings.Join(levels, ", ")+" undecided: "+why), advice
	} else if holds && !breaks {
		parts[0] += ", the most that was tried"
	}
	if breaks {
		first, _ := broken.Worst().Broken()
		what := first.Rule + ": " + first.Missed()
		if first.Rule == "" {
			what = "the " + first.Subject + ": " + first.Reason
		}
		said := verdict.Does(broken.Load, open, "break") + " " + what
		if !holds {
			said = "already " + said
		}
		parts, remedy = append(parts, said), cmp.Or(first.Remedy, "look at what the service waits for at that load")
	}
	return strings.Join(parts, "; "), remedy
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

// undecided is why a level is neither held nor broken: what kept the load from
// the service, if anything did, because that is what the search goes by.
func undecided(r verdict.Level) (reason, remedy string) {
	if c, unmade := r.Worst().Unmade(); unmade {
		return c.Reason, c.Remedy
	}
	for _, c := range r.Worst().Checks {
		if c.Outcome == verdict.Inconclusive {
			reason, remedy = c.Reason, c.Remedy
			if c.Rule != "" {
				reason = fmt.Sprintf("%s: %s: %s", c.Rule, c.Subject, c.Reason)
			}
			if c.Rule != "" && c.Requests > 0 {
				remedy = "give each level more time: --step 2m" // of more users another level would come
			}
			return reason, remedy
		}
	}
	return "", ""
}
