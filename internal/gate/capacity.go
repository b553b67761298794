package gate

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// SearchEnd is why a search for the highest load that holds was ended.
type SearchEnd uint8

// The ends of a search.
const (
	SearchUntold SearchEnd = iota // nobody knows: its levels were found on a disk
	SearchCut                     // interrupted, or by an error
	SearchClosed                  // there is no level left to try
	SearchTimeUp
	SearchUnwell // the target was not ready again after a level
)

// CapacityInput is runs of one load at several levels.
type CapacityInput struct {
	Levels []*result.Result // in the order in which they were made
	Config *config.Config
	// AtLeast is the level that has to hold, in users or arrivals per second; 0:
	// any will do.
	AtLeast float64
	End     SearchEnd
}

// CapacityRule is what the search is called in the place of a rule.
const CapacityRule = "capacity"

// JudgeCapacity says which load the service carries: the highest level at which
// every limit of the file held, below the lowest at which one was broken. Like
// Judge it depends on nothing but its input. Fail: a level that has to hold
// broke, or none held; Inconclusive: neither is shown. The verdict's stages are
// the levels, ascending.
func JudgeCapacity(in CapacityInput) Verdict {
	v := Verdict{}
	if in.Config != nil {
		v.Undecided = in.Config.Judge.Inconclusive
	}
	if in.Config == nil || len(in.Levels) == 0 {
		v.Checks = []Check{{Subject: CapacityRule, Reason: "no level was run, or there is nothing to judge it by",
			Remedy: "let the search run"}}
		return v
	}
	var runs []Stage
	var makers []generator // of the runs
	for i, r := range in.Levels {
		e := gather(Input{Result: r, Config: in.Config})
		s := judgeLevel(e)
		makers = append(makers, e.generator)
		s.Run = i + 1
		after := r.Started.Sub(in.Levels[0].Started)
		s.From, s.Until = s.From+after, s.Until+after
		runs = append(runs, s)
	}
	l := NewLadder(runs)
	for _, rung := range l {
		v.Stages = append(v.Stages, rung.Runs...)
	}
	c := l.capacity(in)
	if notes := l.flagNotes(makers); len(notes) > 0 {
		c.Reason += "; " + strings.Join(notes, "; ")
		if c.Outcome == Pass {
			c.Outcome = Warn
		}
	}
	v.Checks = []Check{c}
	why := l[len(l)-1]
	if broken, ok := l.Broken(); ok {
		why = broken
	}
	worst := why.worst()
	e := gather(Input{Result: in.Levels[worst.Run-1], Config: in.Config})
	e.stages = v.Stages
	v.Causes, v.Excepted = e.diagnose(worst.Checks), e.excepted(limiting, false)
	return v
}

// capacity is the one check of a search.
func (l Ladder) capacity(in CapacityInput) Check {
	open := l[0].Runs[0].Open
	c := Check{Rule: CapacityRule, Subject: "users", Shown: true}
	of := unit.Count
	if open {
		c.Subject, of = "arrivals", unit.PerSecond
	}
	c.Metric = metric.OfReadings("", of, metric.Higher)
	amount := func(height float64) Value { return Measured(unit.Quantity{Value: height, Unit: of}) }
	held, holds := l.Held()
	broken, breaks := l.Broken()
	if holds {
		c.Got, c.Low = amount(held.Height), amount(held.Height)
		for _, run := range held.Runs {
			c.Requests += run.Requests
		}
	}
	if breaks {
		c.High = amount(broken.Height)
	}
	if in.AtLeast > 0 {
		c.Limit = amount(in.AtLeast)
	}
	switch {
	case holds && held.Height >= in.AtLeast:
		c.Outcome = Pass
	case breaks && (in.AtLeast == 0 || broken.Height <= in.AtLeast):
		c.Outcome = Fail
	default:
		c.Shown = false
	}
	c.Reason, c.Remedy = l.told(open)
	switch in.End {
	case SearchCut:
		c.Reason += "; the search was cut short"
		c.Remedy = cmp.Or(c.Remedy, "run it again to its end")
	case SearchTimeUp:
		c.Reason += "; the time for the search was up"
		if c.Remedy == "" || c.Outcome == Inconclusive {
			c.Remedy = "give it more: --within 30m"
		}
	case SearchUnwell:
		c.Reason += "; after that the service was not ready again"
		c.Remedy = "see why it does not recover from a load that it cannot carry: its log, its memory, its queue"
	case SearchUntold, SearchClosed:
		c.Remedy = cmp.Or(c.Remedy, "try more, with a higher --to, to find where it breaks")
	}
	return c
}

// told says what the levels show, and what to do about it; no remedy where
// nothing but the search itself ended it.
func (l Ladder) told(open bool) (reason, remedy string) {
	held, holds := l.Held()
	broken, breaks := l.Broken()
	var parts []string
	if holds {
		parts = append(parts, Does(held.Height, open, "hold"))
	}
	if between := l.between(held, broken, breaks); len(between) > 0 {
		var levels []string
		for _, r := range between {
			levels = append(levels, LevelText(r.Height, open))
		}
		why, advice := between[0].undecided()
		parts, remedy = append(parts, strings.Join(levels, ", ")+" undecided: "+why), advice
	} else if holds && !breaks {
		parts[0] += ", the most that was tried"
	}
	if breaks {
		first, _ := broken.worst().Broken()
		what := first.Rule + ": " + first.missed()
		if first.Rule == "" {
			what = "the " + first.Subject + ": " + first.Reason
		}
		said := Does(broken.Height, open, "break") + " " + what
		if !holds {
			said = "already " + said
		}
		parts, remedy = append(parts, said), cmp.Or(first.Remedy, "look at what the service waits for at that load")
	}
	return strings.Join(parts, "; "), remedy
}

// between is the levels above what held, all where nothing did, and below what
// broke, that did not hold.
func (l Ladder) between(held, broken Rung, breaks bool) []Rung {
	var some []Rung
	for _, r := range l {
		if r.Height > held.Height && (!breaks || r.Height < broken.Height) && r.Standing != Held {
			some = append(some, r)
		}
	}
	return some
}

// undecided is why a level is neither held nor broken: what kept the load from
// the service, if anything did, because that is what the search goes by.
func (r Rung) undecided() (reason, remedy string) {
	if c, unmade := r.worst().Unmade(); unmade {
		return c.Reason, c.Remedy
	}
	for _, c := range r.worst().Checks {
		if c.Outcome == Inconclusive {
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
