package gate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// BaselineRule is what the comparison with earlier runs is called among the
// rules of the file.
const BaselineRule = "baseline"

// reported are the metrics that are compared whether the file names them or
// not; those it does not name can at most warn.
func reported() []metric.Metric {
	p50, _ := metric.Parse("p50")
	p99, _ := metric.Parse("p99")
	return []metric.Metric{metric.P95, p50, p99, metric.Throughput}
}

// regressions holds a run that came to its end against earlier ones, where the
// file asks for it: statistics, section 4.2.
func regressions(e *evidence) []Check {
	b := e.config.Baseline
	// A shard alone is not the load that earlier runs were made with.
	if !b.On || e.past == nil || len(e.missing()) > 0 {
		return nil
	}
	switch e.result.End {
	case result.Complete:
	case result.Stopped: // else judge.stop_on_pass would quietly end all comparisons
		c := e.missingPast(0, "let runs come to their end: judge.stop_on_pass and judge.stop_on_fail decide that")
		c.Reason = "not compared: the run was ended early, and only whole runs are compared"
		return []Check{c}
	default:
		return nil
	}
	if len(e.past.Runs) < baseline.Fewest {
		return []Check{e.missingPast(len(e.past.Runs), e.pastRemedy())}
	}
	checks, shifts := append(e.edits(), e.idle("", b.Except)...), []Check(nil)
	for _, m := range e.comparedMetrics() {
		candidates := e.candidates(m)
		if checks = append(checks, e.against(m, candidates)...); m == metric.P95 {
			shifts = e.shifts(candidates)
		}
	}
	recall(checks, endedComparison(e.config, e.result.Profile, group(e.transactions).names()))
	return append(checks, shifts...)
}

// mostEdits is how many changes of a file a line names.
const mostEdits = 6

// edits says that earlier runs were made with a file that was edited since, and
// what is different.
func (e *evidence) edits() []Check {
	runs, changes := e.past.Edits()
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
	return []Check{{
		Pos: e.config.Baseline.Pos, Subject: "earlier runs", Outcome: Pass, Shown: true,
		Comparison: &Comparison{Runs: runs, Change: math.NaN()},
		Reason:     fmt.Sprintf("compared with %s of an edited scenario: %s", unit.Counted(runs, "run"), what),
	}}
}

// comparedMetrics are those that the file names, then the others that are
// told.
func (e *evidence) comparedMetrics() []metric.Metric {
	var metrics []metric.Metric
	add := func(m metric.Metric) {
		if !slices.Contains(metrics, m) {
			metrics = append(metrics, m)
		}
	}
	terms := []config.Terms{e.config.Baseline.Terms}
	for _, rule := range e.config.Rules {
		if rule.Terms != nil && rule.Applies(e.result.Profile) {
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
func (e *evidence) missingPast(runs int, remedy string) Check {
	c := Check{
		Pos: e.config.Baseline.Pos, Subject: "earlier runs",
		Comparison: &Comparison{Runs: runs, Change: math.NaN(), Gated: true},
		Reason: fmt.Sprintf("not compared: there %s, and a comparison needs %d", are(runs), baseline.Fewest) +
			e.leftOut(),
		Remedy: remedy,
	}
	if !e.config.Baseline.MissingStrict {
		c.Outcome = Pass
	}
	return c
}

func are(n int) string {
	if n == 1 {
		return "is 1"
	}
	return fmt.Sprintf("are %d", n)
}

func (e *evidence) pastRemedy() string { return "record more runs: loadgate run --record" }

// leftOut tells of runs that do not count.
func (e *evidence) leftOut() string {
	var parts []string
	for _, l := range e.past.Left {
		parts = append(parts, fmt.Sprintf("%d %s", l.Runs, l.Why))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (not counted: " + strings.Join(parts, ", ") + ")"
}

// against holds one metric of all endpoints against earlier runs.
func (e *evidence) against(m metric.Metric, candidates []*candidate) []Check {
	t := trialOf(candidates, nil)
	var checks []Check
	if t.all.Global.OK {
		checks = append(checks, e.commonCheck(m, candidates, t))
	}
	var unknown group
	open := map[doubt][]int{}
	for i, r := range candidates {
		c, known, d := e.pastCheck(r, i, t, candidates)
		switch {
		case known:
			open[d] = append(open[d], len(checks))
			checks = append(checks, c)
		case r.gated:
			unknown = append(unknown, r.endpoints...)
		}
	}
	if t.all.Global.OK && checks[0].Outcome == Fail {
		roseTogether(checks[1:])
	}
	all := 0
	for _, r := range candidates {
		all += len(r.endpoints)
	}
	for _, d := range []doubt{unconfirmedDoubt, excusedDoubt} {
		checks = e.tell(checks, open[d], all, d)
	}
	if len(unknown) > 0 {
		c := e.missingPast(0, "record a few more runs: loadgate run --record")
		c.Subject, c.Endpoints, c.Metric = fmt.Sprintf("%d of %d endpoints", len(unknown), all), unknown.names(), m
		c.Reason = fmt.Sprintf("not compared: fewer than %d earlier runs since the last change of level, or not all "+
			"new ones, have a %s of %s",
			baseline.Fewest, m.Name(), strings.Join(unknown.names(), ", "))
		checks = append(checks, c)
	}
	return checks
}

// roseTogether marks the endpoints that became worse by more than is allowed,
// with all others: that fails as one finding, and none of them is a pass.
func roseTogether(checks []Check) {
	for i := range checks {
		c := &checks[i]
		worse := c.Got.Value > c.Limit.Value
		if c.Metric.Better() == metric.Higher {
			worse = c.Got.Value < c.Limit.Value
		}
		if c.Outcome == Pass && c.Comparison.Gated && c.Got.OK && c.Limit.OK && worse {
			c.Outcome = Warn
			c.Reason = "it is worse by more than is allowed, as all endpoints together are: that fails in their row"
			c.Remedy = "see the row of all endpoints"
		}
	}
}

// manyDoubts is how many endpoints that looked slower, and were not proven so,
// are one finding: then it was the machine that had a bad moment.
const manyDoubts = 3

// tell folds doubts about many endpoints, the checks at these indices, into one.
func (e *evidence) tell(checks []Check, doubts []int, endpoints int, d doubt) []Check {
	if len(doubts) < manyDoubts {
		return checks
	}
	k := *checks[doubts[0]].Comparison
	all := Check{
		Rule: BaselineRule, Pos: checks[doubts[0]].Pos, Metric: checks[doubts[0]].Metric, Outcome: Warn, Shown: true,
		Remedy: checks[doubts[0]].Remedy,
		Comparison: &Comparison{Runs: k.Runs, Change: math.NaN(), Gated: true, Doubtful: k.Doubtful,
			Suspicious: k.Suspicious},
	}
	var names []string
	for _, i := range doubts {
		checks[i].Outcome, checks[i].Reason, checks[i].Remedy = Pass, "", ""
		all.Endpoints = append(all.Endpoints, checks[i].Endpoints...)
		names = append(names, checks[i].Subject)
	}
	all.Subject = fmt.Sprintf("%d of %d endpoints", len(all.Endpoints), endpoints)
	why := e.doubt()
	if lag, _ := e.lagged(); d == excusedDoubt {
		why = fmt.Sprintf("the generator was late by up to %s, which may explain up to %s",
			unit.Of(lag), unit.Of(stat.LagWeight*lag))
	}
	all.Reason = fmt.Sprintf("slower than in earlier runs, but %s: %s", why, strings.Join(names, ", "))
	return append(checks, all)
}

// trial is one metric of all endpoints beside their past: the first run alone,
// and all new runs together. They are the same where there is no confirmation.
type trial struct{ first, all stat.Comparison }

// trialOf takes the courses as they were measured, but of those candidates what the
// lag of late generators leaves.
func trialOf(candidates []*candidate, sure func(*candidate) bool) trial {
	first, all := make([]stat.Course, len(candidates)), make([]stat.Course, len(candidates))
	for i, r := range candidates {
		c := r.course
		if sure != nil && sure(r) {
			c = r.sure
		}
		first[i], all[i] = c, c
		first[i].New, first[i].NewErr = c.New[:1], c.NewErr[:1]
	}
	t := trial{first: stat.AgainstPast(first)}
	if t.all = t.first; len(candidates) > 0 && len(candidates[0].course.New) > 1 {
		t.all = stat.AgainstPast(all)
	}
	return t
}

// finding is an endpoint's own part of a trial; mute: all new runs together have
// nothing to say.
func (r *candidate) finding(at int, t trial, c stat.Course) finding {
	f := finding{terms: r.terms, strict: r.strict, all: t.all.Local[at], first: t.first.Local[at]}
	if f.mute = !f.all.OK; f.mute {
		f.all = f.first
	}
	past := mean(c.Past)
	f.grown, f.grownFirst = mean(c.New)-past, c.New[0]-past
	return f
}

// pastCheck writes down what came of an endpoint, by its own part of the
// change: what all endpoints share is for commonCheck to tell. Known is false
// where there is nothing to compare it with.
func (e *evidence) pastCheck(r *candidate, at int, t trial, candidates []*candidate) (c Check, known bool, d doubt) {
	f := r.finding(at, t, r.course)
	if !f.all.OK {
		return Check{}, false, certain
	}
	m := r.figure.metric
	base := back(m, mean(r.course.Past))
	quantity := func(v float64) Value { return Measured(r.figure.quantity(v)) }
	k := &Comparison{
		Base: quantity(base), Runs: f.all.Runs, Change: back(m, mean(r.course.New))/base - 1,
		Low: quantity(back(m, f.all.Low)), High: quantity(back(m, f.all.High)),
		Detectable: change(m, f.all.Detectable), Gated: r.gated,
	}
	if m.Better() == metric.Higher {
		k.Low, k.High = k.High, k.Low
	}
	if r.gated {
		k.Finer = e.finer(r, f.all)
	}
	if !math.IsNaN(r.again) {
		k.Again = quantity(r.again)
	}
	c = Check{
		Rule: BaselineRule, Pos: r.terms.Pos, Subject: r.subject, Endpoints: r.endpoints.names(), Metric: m,
		Got: quantity(r.figure.value), Requests: r.figure.requests, Comparison: k,
	}
	c.Low, c.High = r.figure.ends()
	c.Limit = quantity(base * (1 + allowed(m, r.terms.Most)))
	d = e.rule(&c, f, t, func() (finding, trial) {
		// The others stay as they were measured: less lag in all of them would make
		// this one's part larger.
		t := trialOf(candidates, func(other *candidate) bool { return other == r })
		return r.finding(at, t, r.sure), t
	})
	return c, !f.mute || c.Outcome == Inconclusive, d
}

// commonCheck writes down what all endpoints have in common, by the strictest
// of their terms.
func (e *evidence) commonCheck(m metric.Metric, candidates []*candidate, t trial) Check {
	of := func(t trial) finding {
		all, first := t.all.Global, t.first.Global
		return finding{all: all, first: first, grown: all.Effect, grownFirst: first.Effect}
	}
	f := of(t)
	f.terms = config.Regression{Metric: m, Most: stat.MinEffect - 1, Pos: e.config.Baseline.Pos}
	k := &Comparison{Runs: f.all.Runs, Change: back(m, f.all.Effect) - 1, Detectable: change(m, f.all.Detectable)}
	c := Check{Rule: BaselineRule, Metric: m, Comparison: k}
	for _, r := range candidates {
		c.Endpoints = append(c.Endpoints, r.endpoints.names()...)
		if !r.gated {
			continue
		}
		if f.strict = f.strict || r.strict; !k.Gated || r.terms.Most < f.terms.Most {
			f.terms, k.Gated = r.terms, true
		}
	}
	c.Subject, c.Pos = fmt.Sprintf("all %d endpoints", len(c.Endpoints)), f.terms.Pos
	e.rule(&c, f, t, func() (finding, trial) {
		t := trialOf(candidates, func(*candidate) bool { return true })
		return of(t), t
	})
	return c
}
