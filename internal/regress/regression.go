// Package regress compares runs with runs: one with earlier ones, two builds in pairs of
// slices, two results side by side. It also makes the few figures that later runs are
// compared with.
package regress

import (
	"fmt"
	"math"
	"slices"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
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
		return []verdict.Check{missingPast(e, 0, reason.EndedUncompared.Plain())}
	default:
		return nil
	}
	if len(e.Past.Runs) < baseline.Fewest {
		return []verdict.Check{missingPast(e, len(e.Past.Runs), tooFew(e))}
	}
	checks, shifts := slices.Concat(edits(e), hosts(e), evidence.IdleExceptions(e, "", b.Except)), []verdict.Check(nil)
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
	args := reason.Args{"runs": runs, "changes": changes[:min(len(changes), mostEdits)]}
	if more := len(changes) - mostEdits; more > 0 {
		args["more"] = more
	}
	return []verdict.Check{{
		Pos: e.Config.Baseline.Pos, Subject: "earlier runs", Outcome: verdict.Pass, Shown: true,
		Comparison: &verdict.Comparison{Runs: runs, Change: math.NaN()},
		Because:    reason.EarlierEdited.With(args),
	}}
}

// hosts says that earlier runs went to other hosts, which have other machines.
func hosts(e *evidence.Run) []verdict.Check {
	runs, hosts := e.Past.OtherHosts()
	if runs == 0 {
		return nil
	}
	return []verdict.Check{{
		Pos: e.Config.Baseline.Pos, Subject: "earlier runs", Outcome: verdict.Pass, Shown: true,
		Comparison: &verdict.Comparison{Runs: runs, Change: math.NaN()},
		Because:    reason.EarlierHosts.With(reason.Args{"runs": runs, "hosts": hosts, "of": e.Past.Counting()}),
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
	terms := []config.RegressionPolicy{e.Config.Baseline.Policy}
	for _, rule := range e.Config.Rules {
		if rule.Policy != nil && rule.Applies(e.Result.Profile) {
			terms = append(terms, *rule.Policy)
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

// missingPast says that there is too little to compare with.
func missingPast(e *evidence.Run, runs int, why reason.Reason) verdict.Check {
	c := verdict.Check{
		Pos: e.Config.Baseline.Pos, Subject: "earlier runs",
		Comparison: &verdict.Comparison{Runs: runs, Change: math.NaN(), Gated: true},
		Because:    why,
	}
	if !e.Config.Baseline.MissingStrict {
		c.Outcome = verdict.Pass
	}
	return c
}

// tooFew is how many earlier runs there are, and which do not count.
func tooFew(e *evidence.Run) reason.Reason {
	args := reason.Args{"runs": len(e.Past.Runs), "needed": baseline.Fewest}
	var left []reason.Reason
	for _, l := range e.Past.Left {
		left = append(left, reason.EarlierLeftOut.With(reason.Args{"runs": l.Runs, "why": l.Why.Plain()}))
	}
	if len(left) > 0 {
		args["left"] = left
	}
	return reason.EarlierTooFew.With(args)
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
		c := missingPast(e, 0, reason.EarlierValues.With(reason.Args{
			"needed": baseline.Fewest, "metric": m.Name(), "endpoints": unknown.Names(),
		}))
		c.Subject, c.Endpoints, c.Metric = fmt.Sprintf("%d of %d endpoints", len(unknown), all), unknown.Names(), m
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
			c.Outcome, c.Because = verdict.Warn, reason.WorseWithAll.Plain()
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
		Remedies: checks[doubts[0]].Remedies,
		Comparison: &verdict.Comparison{Runs: k.Runs, Change: math.NaN(), Gated: true, Doubtful: k.Doubtful,
			Suspicious: k.Suspicious},
	}
	var names []string
	for _, i := range doubts {
		checks[i].Outcome = verdict.Pass
		checks[i].Because, checks[i].Also, checks[i].Remedies = reason.Reason{}, nil, nil
		all.Endpoints = append(all.Endpoints, checks[i].Endpoints...)
		names = append(names, checks[i].Subject)
	}
	all.Subject = fmt.Sprintf("%d of %d endpoints", len(all.Endpoints), endpoints)
	why := doubtful(e)
	if lag, _ := lagged(e); d == excusedDoubt {
		why = excusable(all.Metric, lag)
	}
	all.Because = reason.ManyWorse.With(reason.Args{"why": why, "endpoints": names})
	return append(checks, all)
}

// finding is an endpoint's own part of a trial; mute: all new runs together have
// nothing to say.
func (r *candidate) finding(at int, t trial, c stat.History) finding {
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
	f := r.finding(at, t, r.history)
	if !f.all.OK {
		return verdict.Check{}, false, certain
	}
	m := r.figure.Metric
	base := back(m, evidence.Mean(r.history.Past))
	quantity := func(v float64) verdict.Value { return verdict.Measured(r.figure.Quantity(v)) }
	k := &verdict.Comparison{
		Base: quantity(base), Runs: f.all.Runs, Change: back(m, evidence.Mean(r.history.New))/base - 1,
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
