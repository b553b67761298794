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
	"github.com/loadgate/loadgate/internal/unit"
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
		Reason: fmt.Sprintf("not compared with earlier runs: there are %d, and a comparison needs %d", runs, baseline.Fewest) + e.leftOut(),
		Remedy: remedy,
	}
	if !e.spec.Baseline.MissingStrict {
		c.Outcome = Pass
	}
	return c
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

// rival is an endpoint, or transaction, that is held against its own past.
type rival struct {
	endpoint *result.Endpoint
	joint    bool
	figure   figure
	terms    spec.Regression
	gated    bool
	strict   bool
	again    float64 // the confirmation run's value; NaN: there is none
	course   stat.Course
}

// rivals are the endpoints with a value of the metric, by name, transactions
// behind.
func (e *evidence) rivals(m metric.Metric) []*rival {
	var rivals []*rival
	add := func(ep *result.Endpoint, joint bool) {
		terms := e.spec.TermsOf(ep.Name, joint, e.result.Profile)
		f, ok := e.comparedFigure(group{ep}, m)
		if len(terms.Regressions) == 0 || !ok {
			return
		}
		r := &rival{endpoint: ep, joint: joint, figure: f, strict: terms.Strict, again: math.NaN(),
			terms: spec.Regression{Metric: m, Most: stat.MinEffect - 1, Pos: e.spec.Baseline.Pos}}
		if at := slices.IndexFunc(terms.Regressions, func(t spec.Regression) bool { return t.Metric == m }); at >= 0 {
			r.terms.Most, r.gated = terms.Regressions[at].Most, true
			r.terms.Pos = cmp.Or(terms.Regressions[at].Pos, r.terms.Pos)
		}
		series, _ := e.past.Course(ep.Name, joint, m)
		r.course = stat.Course{Past: worse(m, series.Values), PastErr: series.Errs}
		r.course.New, r.course.NewErr = append(r.course.New, worse(m, []float64{math.Log(f.value)})...), append(r.course.NewErr, orNaN(f.errorOfLog(e.alpha)))
		if e.second != nil {
			again, ok := e.second.comparedFigure(group{e.second.find(ep.Name, joint)}, m)
			if !ok {
				return
			}
			r.again = again.value
			r.course.New, r.course.NewErr = append(r.course.New, worse(m, []float64{math.Log(again.value)})...), append(r.course.NewErr, orNaN(again.errorOfLog(e.alpha)))
		}
		rivals = append(rivals, r)
	}
	for _, ep := range e.endpoints {
		if !ep.Start {
			add(ep, false)
		}
	}
	for _, ep := range e.joint {
		add(ep, true)
	}
	return rivals
}

// find is an endpoint, or transaction, by its name; one without a request where
// there is none.
func (e *evidence) find(name string, joint bool) *result.Endpoint {
	list := e.endpoints
	if joint {
		list = e.joint
	}
	for _, ep := range list {
		if ep.Name == name && !ep.Start {
			return ep
		}
	}
	return &result.Endpoint{Name: name}
}

// worse turns logarithms so that more is worse.
func worse(m metric.Metric, logs []float64) []float64 {
	if m.Better() == metric.Lower {
		return logs
	}
	turned := make([]float64, len(logs))
	for i, v := range logs {
		turned[i] = -v
	}
	return turned
}

func orNaN(v float64) float64 {
	if v == 0 {
		return math.NaN()
	}
	return v
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
	if len(unknown) > 0 {
		c := e.missingPast(0, "record a few more runs that pass: loadgate run --record")
		c.Subject, c.Endpoints, c.Metric = fmt.Sprintf("%d of %d endpoints", len(unknown), len(rivals)), unknown.names(), m
		c.Reason = fmt.Sprintf("fewer than %d earlier runs, since the last change of level, have a %s of: %s",
			baseline.Fewest, m.Name(), strings.Join(unknown.names(), ", "))
		checks = append(checks, c)
	}
	return checks
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
	k.Suspicious = k.Gated && suspicious && e.second == nil && !e.broken && e.spec.Baseline.Confirm
	switch {
	case suspicious && k.Gated && e.broken:
		c.Outcome, c.Shown = Inconclusive, false
		c.Reason = e.slower(*c, terms) + "; the run that was to confirm it did not come to its end"
		c.Remedy = "run it again"
	case regressed && !k.Gated:
		c.Outcome, c.Reason = Warn, e.slower(*c, terms)+"; the file does not limit it"
	case regressed && e.heldUp():
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

// heldUp says whether the generator, and not the service, may have been
// slower.
func (e *evidence) heldUp() bool {
	bad := func(g generator) bool { return g.late() || g.overrun() }
	return bad(e.generator) && (e.second == nil || bad(e.second.generator))
}

// slower words a change for the worse.
func (e *evidence) slower(c Check, terms spec.Regression) string {
	k := c.Comparison
	side := "above"
	if k.Change < 0 {
		side = "below"
	}
	if !c.Got.OK {
		return fmt.Sprintf("the %s of all endpoints together is %s %s that of %d earlier runs, and %s is allowed: the machine, or a cause that they share",
			c.Metric.Name(), rise(math.Abs(k.Change)), side, k.Runs, rise(terms.Most))
	}
	text := fmt.Sprintf("%s is %s", c.Metric.Name(), c.Got)
	if k.Again.OK {
		text += fmt.Sprintf(", and %s in the confirmation run", k.Again)
	}
	return text + fmt.Sprintf(": %s %s the %s of %d earlier runs, and %s is allowed; unchanged code would take %s to %s",
		rise(math.Abs(k.Change)), side, k.Base, k.Runs, rise(terms.Most), k.Low, k.High)
}

// doubt words why something suspicious is no failure.
func (e *evidence) doubt(k *Comparison) string {
	if e.second != nil {
		return "; the confirmation run did not confirm it"
	}
	return "; one run does not prove it"
}

func (e *evidence) regressionRemedy(c *Check) string {
	if !c.Got.OK {
		return "earlier runs cannot tell a slow machine from a slow change: compare both builds on one machine with loadgate ab"
	}
	newest := e.past.Runs[len(e.past.Runs)-1]
	since := "the last run that passed"
	if commit := newest.Origin.Commit; commit != "" {
		since = "commit " + abbreviated(commit)
	}
	return "look at what changed since " + since + "; if it is meant to be so: loadgate baseline accept"
}

// abbreviated is enough of a commit to find it.
func abbreviated(commit string) string { return commit[:min(len(commit), 10)] }

// allowed is the change of a metric's value that its terms allow.
func allowed(m metric.Metric, most float64) float64 {
	if m.Better() == metric.Higher {
		return -most
	}
	return most
}

func rise(share float64) string {
	return unit.Quantity{Value: math.Round(1000*share) / 1000, Unit: unit.Ratio}.String()
}

// back is the value of a logarithm that was turned so that more is worse.
func back(m metric.Metric, log float64) float64 { return math.Exp(worse(m, []float64{log})[0]) }

// mean is that of the numbers among the values; NaN without any.
func mean(values []float64) float64 {
	sum, n := 0.0, 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}
