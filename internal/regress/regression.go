// Package regress compares runs with runs: one with earlier ones, two builds in pairs of
// slices, two results side by side. It also makes the few figures that later runs are
// compared with.
package regress

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// reported are the metrics that are compared whether the file names them or
// not; those it does not name can at most warn.
func reported() []metric.Metric {
	p50, _ := metric.Parse("p50")
	p99, _ := metric.Parse("p99")
	return []metric.Metric{metric.P95, p50, p99, metric.Throughput}
}

// Compare compares a run that came to its end with earlier ones, if the file asks
// for it: statistics, section 4.2.
func Compare(e *evidence.Run) []verdict.Check {
	b := e.Config.Baseline
	// A shard alone is not the load that earlier runs were made with.
	if !b.On || e.Past == nil || len(e.Missing()) > 0 {
		return nil
	}
	switch e.Result.End {
	case result.Complete:
	case result.Stopped: // else judge.stop_on_pass would quietly end all comparisons
		c := missingPast(e, 0, "let runs come to their end: judge.stop_on_pass and judge.stop_on_fail decide that")
		c.Reason = "not compared: the run was ended early, and only whole runs are compared"
		return []verdict.Check{c}
	default:
		return nil
	}
	if len(e.Past.Runs) < baseline.Fewest {
		return []verdict.Check{missingPast(e, len(e.Past.Runs), pastRemedy(e))}
	}
	checks, shifts := append(edits(e), evidence.Idle(e, "", b.Except)...), []verdict.Check(nil)
	for _, m := range comparedMetrics(e) {
		candidates := candidatesOf(e, m)
		if checks = append(checks, against(e, m, candidates)...); m == metric.P95 {
			shifts = levelChanges(e, candidates)
		}
	}
	evidence.Recall(checks, evidence.EndedComparison(e.Config,
		e.Result.Profile, evidence.Group(e.Transactions).Names()))
	return append(checks, shifts...)
}

// mostEdits is how many changes of a file a line names.
const mostEdits = 6

// edits says that earlier runs were made with a file that was edited since, and
// what is different.
func edits(e *evidence.Run) []verdict.Check {
	runs, changes := e.Past.Edits()
	if runs == 0 {
		return nil
	}
	slices.Sort(changes)
	what := strings.Join(changes[:min(len(changes), mostEdits)], ", ")
	if more := len(changes) - mostEdits; more > 0 {
		what += fmt.Sprintf(" and %d more", more)
	}
	if what == "" {
		what = "each request is sent about as often"
	}
	return []verdict.Check{{
		Pos: e.Config.Baseline.Pos, Subject: "earlier runs", Outcome: verdict.Pass, Shown: true,
		Comparison: &verdict.Comparison{Runs: runs, Change: math.NaN()},
		Reason:     fmt.Sprintf("compared with %s of an edited scenario: %s", unit.Counted(runs, "run"), what),
	}}
}

// comparedMetrics are those that the file names, then the others that are
// told.
func comparedMetrics(e *evidence.Run) []metric.Metric {
	var metrics []metric.Metric
	add := func(m metric.Metric) {
		if !slices.Contains(metrics, m) {
			metrics = append(metrics, m)
		}
	}
	terms := []config.Terms{e.Config.Baseline.Terms}
	for _, rule := range e.Config.Rules {
		if rule.Terms != nil && rule.Applies(e.Result.Profile) {
			terms = append(terms, *rule.Terms)
		}
	}
	for _, t := range terms {
		for _, r := range t.Regressions {
			add(r.Metric)
		}
	}
	for _, m := range reported() {
		add(m)
	}
	return metrics
}

// missingPast says that there are too few earlier runs.
func missingPast(e *evidence.Run, runs int, remedy string) verdict.Check {
	c := verdict.Check{
		Pos: e.Config.Baseline.Pos, Subject: "earlier runs",
		Comparison: &verdict.Comparison{Runs: runs, Change: math.NaN(), Gated: true},
		Reason: fmt.Sprintf("not compared: there %s, and a comparison needs %d", are(runs), baseline.Fewest) +
			leftOut(e),
		Remedy: remedy,
	}
	if !e.Config.Baseline.MissingStrict {
		c.Outcome = verdict.Pass
	}
	return c
}

func are(n int) string {
	if n == 1 {
		return "is 1"
	}
	return fmt.Sprintf("are %d", n)
}

func pastRemedy(e *evidence.Run) string { return "record more runs: loadgate run --record" }

// leftOut tells of runs that do not count.
func leftOut(e *evidence.Run) string {
	var parts []string
	for _, l := range e.Past.Left {
		parts = append(parts, fmt.Sprintf("%d %s", l.Runs, l.Why))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (not counted: " + strings.Join(parts, ", ") + ")"
}

// against holds one metric of all endpoints against earlier runs.
func against(e *evidence.Run, m metric.Metric, candidates []*candidate) []verdict.Check {
	t := trialOf(candidates, nil)
	var checks []verdict.Check
	if t.all.Global.OK {
		checks = append(checks, commonCheck(e, m, candidates, t))
	}
	var unknown evidence.Group
	open := map[doubt][]int{}
	for i, r := range candidates {
		c, known, d := pastCheck(e, r, i, t, candidates)
		switch {
		case known:
			open[d] = append(open[d], len(checks))
			checks = append(checks, c)
		case r.gated:
			unknown = append(unknown, r.endpoints...)
		}
	}
	if t.all.Global.OK && checks[0].Outcome == verdict.Fail {
		roseTogether(checks[1:])
	}
	all := 0
	for _, r := range candidates {
		all += len(r.endpoints)
	}
	for _, d := range []doubt{unconfirmedDoubt, excusedDoubt} {
		checks = tell(e, checks, open[d], all, d)
	}
	if len(unknown) > 0 {
		c := missingPast(e, 0, "record a few more runs: loadgate run --record")
		c.Subject, c.Endpoints, c.Metric = fmt.Sprintf("%d of %d endpoints", len(unknown), all), unknown.Names(), m
		c.Reason = fmt.Sprintf("not compared: fewer than %d earlier runs since the last change of level, or not all "+
			"new ones, have a %s of %s",
			baseline.Fewest, m.Name(), strings.Join(unknown.Names(), ", "))
		checks = append(checks, c)
	}
	return checks
}

// roseTogether marks the endpoints that became worse by more than is allowed,
// with all others: that fails as one finding, and none of them is a pass.
func roseTogether(checks []verdict.Check) {
	for i := range checks {
		c := &checks[i]
		worse := c.Got.Value > c.Limit.Value
		if c.Metric.Better() == metric.Higher {
			worse = c.Got.Value < c.Limit.Value
		}
		if c.Outcome == verdict.Pass && c.Comparison.Gated && c.Got.OK && c.Limit.OK && worse {
			c.Outcome = verdict.Warn
			c.Reason = "it is worse by more than is allowed, as all endpoints together are: that fails in their row"
			c.Remedy = "see the row of all endpoints"
		}
	}
}

// manyDoubts is how many endpoints that looked slower, and were not proven so,
// are one finding: then it was the machine that had a bad moment.
const manyDoubts = 3

// tell folds doubts about many endpoints, the checks at these indices, into one.
func tell(e *evidence.Run, checks []verdict.Check, doubts []int, endpoints int, d doubt) []verdict.Check {
	if len(doubts) < manyDoubts {
		return checks
	}
	k := *checks[doubts[0]].Comparison
	all := verdict.Check{
		Rule: verdict.BaselineRule, Pos: checks[doubts[0]].Pos,
		Metric: checks[doubts[0]].Metric, Outcome: verdict.Warn, Shown: true,
		Remedy: checks[doubts[0]].Remedy,
		Comparison: &verdict.Comparison{Runs: k.Runs, Change: math.NaN(), Gated: true, Doubtful: k.Doubtful,
			Suspicious: k.Suspicious},
	}
	var names []string
	for _, i := range doubts {
		checks[i].Outcome, checks[i].Reason, checks[i].Remedy = verdict.Pass, "", ""
		all.Endpoints = append(all.Endpoints, checks[i].Endpoints...)
		names = append(names, checks[i].Subject)
	}
	all.Subject = fmt.Sprintf("%d of %d endpoints", len(all.Endpoints), endpoints)
	why := doubtText(e)
	if lag, _ := lagged(e); d == excusedDoubt {
		why = fmt.Sprintf("the generator was late by up to %s, which may explain up to %s",
			unit.Of(lag), unit.Of(stat.LagWeight*lag))
	}
	all.Reason = fmt.Sprintf("slower than in earlier runs, but %s: %s", why, strings.Join(names, ", "))
	return append(checks, all)
}

// finding is an endpoint's own part of a trial; mute: all new runs together have
// nothing to say.
func (r *candidate) finding(at int, t trial, c stat.Course) finding {
	f := finding{terms: r.terms, strict: r.strict, all: t.all.Local[at], first: t.first.Local[at]}
	if f.mute = !f.all.OK; f.mute {
		f.all = f.first
	}
	past := evidence.Mean(c.Past)
	f.grown, f.grownFirst = evidence.Mean(c.New)-past, c.New[0]-past
	return f
}

// pastCheck writes down what came of an endpoint, by its own part of the
// change: what all endpoints share is for commonCheck to tell. Known is false
// where there is nothing to compare it with.
func pastCheck(e *evidence.Run, r *candidate, at int, t trial,
	candidates []*candidate) (c verdict.Check, known bool, d doubt) {
	f := r.finding(at, t, r.course)
	if !f.all.OK {
		return verdict.Check{}, false, certain
	}
	m := r.figure.Metric
	base := back(m, evidence.Mean(r.course.Past))
	quantity := func(v float64) verdict.Value { return verdict.Measured(r.figure.Quantity(v)) }
	k := &verdict.Comparison{
		Base: quantity(base), Runs: f.all.Runs, Change: back(m, evidence.Mean(r.course.New))/base - 1,
		Low: quantity(back(m, f.all.Low)), High: quantity(back(m, f.all.High)),
		Detectable: change(m, f.all.Detectable), Gated: r.gated,
	}
	if m.Better() == metric.Higher {
		k.Low, k.High = k.High, k.Low
	}
	if r.gated {
		k.Finer = finer(e, r, f.all)
	}
	if !math.IsNaN(r.again) {
		k.Again = quantity(r.again)
	}
	c = verdict.Check{
		Rule: verdict.BaselineRule, Pos: r.terms.Pos, Subject: r.subject, Endpoints: r.endpoints.Names(), Metric: m,
		Got: quantity(r.figure.Value), Requests: r.figure.Requests, Comparison: k,
	}
	c.Low, c.High = r.figure.Ends()
	c.Limit = quantity(base * (1 + allowed(m, r.terms.Most)))
	d = rule(e, &c, f, t, func() (finding, trial) {
		// The others stay as they were measured: less lag in all of them would make
		// this one's part larger.
		t := trialOf(candidates, func(other *candidate) bool { return other == r })
		return r.finding(at, t, r.sure), t
	})
	return c, !f.mute || c.Outcome == verdict.Inconclusive, d
}

// commonCheck writes down what all endpoints have in common, by the strictest
// of their terms.
func commonCheck(e *evidence.Run, m metric.Metric, candidates []*candidate, t trial) verdict.Check {
	of := func(t trial) finding {
		all, first := t.all.Global, t.first.Global
		return finding{all: all, first: first, grown: all.Effect, grownFirst: first.Effect}
	}
	f := of(t)
	f.terms = config.Regression{Metric: m, Most: stat.MinEffect - 1, Pos: e.Config.Baseline.Pos}
	k := &verdict.Comparison{Runs: f.all.Runs, Change: back(m, f.all.Effect) - 1,
		Detectable: change(m, f.all.Detectable)}
	c := verdict.Check{Rule: verdict.BaselineRule, Metric: m, Comparison: k}
	for _, r := range candidates {
		c.Endpoints = append(c.Endpoints, r.endpoints.Names()...)
		if !r.gated {
			continue
		}
		if f.strict = f.strict || r.strict; !k.Gated || r.terms.Most < f.terms.Most {
			f.terms, k.Gated = r.terms, true
		}
	}
	c.Subject, c.Pos = fmt.Sprintf("all %d endpoints", len(c.Endpoints)), f.terms.Pos
	rule(e, &c, f, t, func() (finding, trial) {
		t := trialOf(candidates, func(*candidate) bool { return true })
		return of(t), t
	})
	return c
}
