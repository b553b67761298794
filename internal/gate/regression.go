package gate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/spec"
	"github.com/loadgate/loadgate/internal/stat"
)

// baselineRule is what the comparison with earlier runs is called among the
// rules of the file.
const baselineRule = "baseline"

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
	b := e.spec.Baseline
	if !b.On || e.past == nil || e.result.End != result.Complete {
		return nil
	}
	if len(e.past.Runs) < baseline.Fewest {
		return []Check{e.missingPast(len(e.past.Runs), e.pastRemedy())}
	}
	var checks []Check
	for _, m := range e.comparedMetrics() {
		checks = append(checks, e.against(m)...)
	}
	return append(checks, e.shifts()...)
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
	terms := []spec.Terms{e.spec.Baseline.Terms}
	for _, rule := range e.spec.Rules {
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
		Pos: e.spec.Baseline.Pos, Subject: "earlier runs", Comparison: &Comparison{Runs: runs, Change: math.NaN(), Gated: true},
		Reason: fmt.Sprintf("not compared: there %s, and a comparison needs %d", are(runs), baseline.Fewest) + e.leftOut(),
		Remedy: remedy,
	}
	if !e.spec.Baseline.MissingStrict {
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

func (e *evidence) pastRemedy() string { return "record runs that passed: loadgate run --record" }

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
func (e *evidence) against(m metric.Metric) []Check {
	rivals := e.rivals(m)
	t := trialOf(rivals)
	var checks []Check
	if t.all.Global.OK {
		checks = append(checks, e.commonCheck(m, rivals, t))
	}
	var unknown group
	for i, r := range rivals {
		if t.all.Local[i].OK {
			checks = append(checks, e.pastCheck(r, i, t))
		} else if r.gated {
			unknown = append(unknown, r.endpoint)
		}
	}
	checks = tell(checks, len(rivals))
	if len(unknown) > 0 {
		c := e.missingPast(0, "record a few more runs that pass: loadgate run --record")
		c.Subject, c.Endpoints, c.Metric = fmt.Sprintf("%d of %d endpoints", len(unknown), len(rivals)), unknown.names(), m
		c.Reason = fmt.Sprintf("not compared: fewer than %d earlier runs since the last change of level, or not all new ones, have a %s of %s",
			baseline.Fewest, m.Name(), strings.Join(unknown.names(), ", "))
		checks = append(checks, c)
	}
	return checks
}

// manyDoubts is how many endpoints that looked slower, and were not proven so,
// are one finding: then it was the machine that had a bad moment.
const manyDoubts = 3

// tell folds doubts about many endpoints into one.
func tell(checks []Check, endpoints int) []Check {
	var doubts []int
	for i, c := range checks {
		if c.Comparison.Gated && c.Outcome == Warn && len(c.Endpoints) == 1 {
			doubts = append(doubts, i)
		}
	}
	if len(doubts) < manyDoubts {
		return checks
	}
	k := *checks[doubts[0]].Comparison
	all := Check{
		Rule: baselineRule, Pos: checks[doubts[0]].Pos, Metric: checks[doubts[0]].Metric, Outcome: Warn, Shown: true,
		Subject: fmt.Sprintf("%d of %d endpoints", len(doubts), endpoints), Remedy: checks[doubts[0]].Remedy,
		Comparison: &Comparison{Runs: k.Runs, Change: math.NaN(), Gated: true, Suspicious: k.Suspicious},
	}
	for _, i := range doubts {
		checks[i].Outcome, checks[i].Reason, checks[i].Remedy = Pass, "", ""
		all.Endpoints = append(all.Endpoints, checks[i].Subject)
	}
	why := "one run does not prove it"
	if checks[doubts[0]].Comparison.Again.OK {
		why = "the confirmation run did not confirm it"
	}
	all.Reason = fmt.Sprintf("slower than in earlier runs, but %s: %s", why, strings.Join(all.Endpoints, ", "))
	return append(checks, all)
}

// trial is one metric of all endpoints beside their past: the first run alone,
// and all new runs together. They are the same where there is no confirmation.
type trial struct{ first, all stat.Comparison }

func trialOf(rivals []*rival) trial {
	first, all := make([]stat.Course, len(rivals)), make([]stat.Course, len(rivals))
	for i, r := range rivals {
		first[i], all[i] = r.course, r.course
		first[i].New, first[i].NewErr = r.course.New[:1], r.course.NewErr[:1]
	}
	t := trial{first: stat.AgainstPast(first)}
	if t.all = t.first; len(rivals) > 0 && len(rivals[0].course.New) > 1 {
		t.all = stat.AgainstPast(all)
	}
	return t
}

// pastCheck writes down what came of an endpoint, by its own part of the
// change: what all endpoints share is for commonCheck to tell.
func (e *evidence) pastCheck(r *rival, at int, t trial) Check {
	m, shift := r.figure.metric, t.all.Local[at]
	base := back(m, mean(r.course.Past))
	quantity := func(v float64) Value { return Measured(r.figure.quantity(v)) }
	k := &Comparison{
		Base: quantity(base), Runs: shift.Runs, Change: back(m, mean(r.course.New))/base - 1,
		Low: quantity(back(m, shift.Low)), High: quantity(back(m, shift.High)),
		Detectable: shift.Detectable, Gated: r.gated,
	}
	if m.Better() == metric.Higher {
		k.Low, k.High = k.High, k.Low
	}
	if !math.IsNaN(r.again) {
		k.Again = quantity(r.again)
	}
	c := Check{
		Rule: baselineRule, Pos: r.terms.Pos, Subject: r.endpoint.Name, Endpoints: []string{r.endpoint.Name}, Metric: m,
		Got: quantity(r.figure.value), Requests: r.figure.requests, Comparison: k,
	}
	c.Low, c.High = r.figure.ends()
	c.Limit = quantity(base * (1 + allowed(m, r.terms.Most)))
	e.rule(&c, r.terms, r.strict, shift, t.first.Local[at], t)
	return c
}

// commonCheck writes down what all endpoints have in common.
func (e *evidence) commonCheck(m metric.Metric, rivals []*rival, t trial) Check {
	terms := spec.Regression{Metric: m, Most: stat.MinEffect - 1, Pos: e.spec.Baseline.Pos}
	gated := false
	for _, r := range e.spec.Baseline.Terms.Regressions {
		if r.Metric == m {
			terms, gated = r, true
			terms.Pos = cmp.Or(terms.Pos, e.spec.Baseline.Pos)
		}
	}
	shift := t.all.Global
	c := Check{
		Rule: baselineRule, Pos: terms.Pos, Subject: fmt.Sprintf("all %d endpoints", len(rivals)), Metric: m,
		Comparison: &Comparison{
			Runs: shift.Runs, Change: back(m, shift.Effect) - 1, Detectable: shift.Detectable, Gated: gated,
		},
	}
	for _, r := range rivals {
		c.Endpoints = append(c.Endpoints, r.endpoint.Name)
	}
	e.rule(&c, terms, e.spec.Baseline.Terms.Strict, shift, t.first.Global, t)
	return c
}

// rule decides about a comparison: statistics, section 4.2. Without a
// confirmation the first run decides by the same levels: that is the rule of
// confirm: false, and what is left where no second run can be made.
func (e *evidence) rule(c *Check, terms spec.Regression, strict bool, shift, first stat.Shift, t trial) {
	k := c.Comparison
	c.Outcome, c.Shown = Pass, true
	regressed := t.all.Regressed(shift, terms.Most)
	suspicious := t.first.Suspicious(first) && first.Effect >= math.Log(stat.MinEffect)
	k.Suspicious = k.Gated && suspicious && e.second == nil && e.unconfirmed == "" && e.spec.Baseline.Confirm
	switch {
	case suspicious && k.Gated && e.unconfirmed != "":
		c.Outcome, c.Shown = Inconclusive, false
		c.Reason = e.slower(*c, terms) + "; the run that was to confirm it " + e.unconfirmed
		c.Remedy = "run it again"
	case regressed && !k.Gated:
		c.Outcome, c.Reason = Warn, e.slower(*c, terms)+"; the file does not limit it"
	case regressed && e.second == nil && e.generator.unfit():
		was, remedy := e.generator.blame()
		c.Outcome, c.Shown = Inconclusive, false
		c.Reason, c.Remedy = e.slower(*c, terms)+", but the generator was "+was+" and may be the reason", remedy+", and run again"
	case regressed:
		c.Outcome, c.Reason = Fail, e.slower(*c, terms)
		c.Remedy = e.regressionRemedy(c)
	case suspicious && k.Gated:
		c.Outcome, c.Reason = Warn, e.slower(*c, terms)+e.doubt(k)
		c.Remedy = "look at it if the next runs say so too"
	case strict && k.Gated && shift.Detectable > terms.Most:
		c.Outcome, c.Shown = Inconclusive, false
		c.Reason = fmt.Sprintf("earlier runs scatter too much: only a rise of %s would show, and %s is allowed", rise(shift.Detectable), rise(terms.Most))
		c.Remedy = "compare two builds on one machine instead: loadgate ab; or run longer, or leave out strict"
	}
}
