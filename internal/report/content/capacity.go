package content

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// NewCapacityView words the levels of a search, in the order in which they were
// run, and their verdict. Figures and reports that show one run show the highest
// level that held, or where none did the lowest that broke.
func NewCapacityView(levels []*result.Result, v verdict.Verdict, o Options) View {
	rates := o.Config.Rates(levels[0].Profile)
	v = inUnit(v, rates)
	searched := verdict.NewLevels(v.Stages)
	shown, what := shownLevel(searched)
	r := levels[shown.Run-1]
	view := NewView(r, v, o)
	view.Title = Title(r.Name, r.Profile) + ", capacity"
	var requests int64
	for _, s := range v.Stages {
		requests += s.Requests
	}
	last := levels[len(levels)-1]
	took := last.Started.Add(last.Elapsed).Sub(levels[0].Started)
	load := levelOf(searched[0], shown.Open, rates)
	if top := searched[len(searched)-1]; len(searched) > 1 {
		load += " to " + levelOf(top, shown.Open, rates)
	}
	load += fmt.Sprintf(", %s in %s", unit.Counted(len(levels), "run"), Length(max(took, 0)))
	view.Facts = []Fact{
		{"load", load},
		{"requests", unit.Grouped(requests) + " measured"},
		{"figures", fmt.Sprintf("of %s, %s", wording.StageLoad(shown, rates), what)},
		{"run", fmt.Sprintf("%s UTC, seed %d", levels[0].Started.UTC().Format(time.DateTime), levels[0].Seed)},
	}
	if paces := pacesText(r.Planned.Groups); paces != "" {
		view.Facts = slices.Insert(view.Facts, 1, Fact{"pace", paces})
	}
	view.addHosts()
	view.addLeftOut()
	view.Level, view.meaning = shown.Checks, "highest load that passes – lowest that fails"
	view.Closing.causes = capacityCauses(v, searched, shown.Open, rates)
	return view
}

func levelOf(r verdict.Level, open bool, rates unit.Unit) string {
	return wording.LoadText(r.Load, open, rates)
}

// pacesText names the groups whose users are busier than in the file; empty where
// none are. Their number of users then says little: the throughput counts.
func pacesText(groups []result.Group) string {
	var paces []string
	for _, g := range groups {
		if g.Pace > 0 && g.Pace != 1 && g.Users > 0 {
			paces = append(paces, g.Name+" "+PaceText(g.Pace))
		}
	}
	if paces == nil {
		return ""
	}
	return "think times are divided: " + strings.Join(paces, ", ")
}

// shownLevel is the run whose figures are shown, and why.
func shownLevel(l verdict.Levels) (run verdict.Stage, what string) {
	if held, ok := l.Held(); ok {
		return held.Runs[len(held.Runs)-1], "the most that held"
	}
	if broken, ok := l.Broken(); ok {
		return broken.Runs[len(broken.Runs)-1], "the least that broke"
	}
	top := l[len(l)-1]
	return top.Runs[len(top.Runs)-1], "the most that was tried"
}

// capacityCauses say what holds and what breaks.
func capacityCauses(v verdict.Verdict, l verdict.Levels, open bool, rates unit.Unit) []cause {
	var causes []cause
	held, holds := l.Held()
	if holds {
		rate := held.Runs[len(held.Runs)-1].Rate
		causes = append(causes,
			cause{text: fmt.Sprintf("%s, with %s served", wording.Does(held.Load, open, rates, "holds"),
				unit.Amount(rate.Quantity))})
	}
	if broken, ok := l.Broken(); ok {
		var names []string
		for _, run := range broken.Runs {
			for _, c := range run.Checks {
				name := typeset.JoinNonEmpty(" ", c.Rule, c.Metric.Name())
				if c.AboutRun() {
					name = wording.Brief(c.Because)
				}
				if c.Outcome == verdict.Fail && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
		causes = append(causes, cause{text: wording.Does(broken.Load, open, rates, "breaks"), names: names})
	} else if holds {
		causes = append(causes, cause{text: "nothing that was tried breaks it"})
	}
	if limit := v.Checks[0].Limit; limit.OK && v.Outcome() != verdict.Pass && v.Outcome() != verdict.Warn {
		causes = append(causes, cause{text: wording.LoadText(limit.Value, open, rates) + " had to hold"})
	}
	if causes == nil {
		causes = append(causes, cause{"nothing was decided", []string{wording.Brief(v.Checks[0].Because)}})
	}
	return causes
}
