package gate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/spec"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/unit"
)

// PairsInput is slices of one load on two targets, in pairs: A[i] and B[i] were
// run one after the other. B is judged, A is what it is held against.
type PairsInput struct {
	A, B []*result.Result
	Spec *spec.Spec
}

// pairsRule is what the comparison is called in place of a rule.
const pairsRule = "B against A"

// JudgePairs is the verdict on side B: statistics, section 4.1. Like Judge it
// depends on nothing but its input, and what was not measured is Inconclusive.
// Limits of the file are not asked: they are no promises about a few seconds.
func JudgePairs(in PairsInput) Verdict {
	v := Verdict{}
	if in.Spec != nil {
		v.Undecided = in.Spec.Judge.Inconclusive
	}
	if in.Spec == nil || len(in.A) == 0 || len(in.B) == 0 {
		v.Checks = []Check{{Subject: "pairs", Reason: "there is no pair of slices, or nothing to judge it by", Remedy: "let both sides run"}}
		return v
	}
	d := newDuel(in)
	v.Checks = append(v.Checks, d.health()...)
	if len(d.pairs) < stat.MinPairs {
		v.Checks = append(v.Checks, Check{
			Subject: "pairs", Reason: fmt.Sprintf("%d whole pairs of slices, and a comparison needs %d", len(d.pairs), stat.MinPairs),
			Remedy: "run more pairs: --pairs 10",
		})
		return v
	}
	v.Checks = append(v.Checks, d.failures()...)
	for _, m := range reported() {
		v.Checks = append(v.Checks, d.compare(m)...)
	}
	return v
}

// duel is the pairs laid out for judging.
type duel struct {
	spec    *spec.Spec
	profile string
	all     [2][]*evidence // of every slice, by side
	pairs   [][2]*evidence // whole ones
	names   []string       // of endpoints, start steps left out
	joint   []string       // of transactions
}

func newDuel(in PairsInput) *duel {
	d := &duel{spec: in.Spec, profile: in.A[0].Profile}
	for side, runs := range [2][]*result.Result{in.A, in.B} {
		for _, r := range runs {
			d.all[side] = append(d.all[side], gather(Input{Result: r, Spec: in.Spec}))
		}
	}
	for i := range min(len(in.A), len(in.B)) {
		if in.A[i].End == result.Complete && in.B[i].End == result.Complete {
			d.pairs = append(d.pairs, [2]*evidence{d.all[0][i], d.all[1][i]})
		}
	}
	first := d.all[0][0]
	for _, ep := range first.endpoints {
		if !ep.Start {
			d.names = append(d.names, ep.Name)
		}
	}
	for _, ep := range first.joint {
		d.joint = append(d.joint, ep.Name)
	}
	return d
}

// health says what is to be known of the slices before they are compared.
func (d *duel) health() []Check {
	var checks []Check
	for side, name := range [2]string{"A", "B"} {
		late, strained := 0, ""
		for i, e := range d.all[side] {
			if len(e.damaged) > 0 {
				checks = append(checks, unreadable(e)...)
			}
			switch e.result.End {
			case result.Complete:
			case result.Lost:
				c := Check{
					Subject: "side " + name, Remedy: "see why it went away: its log, its memory, its restarts",
					Reason: fmt.Sprintf("stopped answering in slice %d, %s after it began", i+1, unit.Of(e.result.Elapsed)),
				}
				if side == 1 {
					c.Outcome, c.Shown = Fail, true
				}
				checks = append(checks, c)
			default:
				checks = append(checks, Check{
					Subject: "side " + name, Reason: fmt.Sprintf("slice %d was %s: judged on the pairs before it", i+1, ended(e.result.End)),
					Remedy: "run it again to its end",
				})
			}
			if e.generator.unfit() {
				late++
				was, _ := e.generator.blame()
				strained = was
			}
		}
		if late > 0 {
			checks = append(checks, Check{
				Subject: "generator on side " + name, Outcome: Warn, Shown: true,
				Reason: fmt.Sprintf("the generator was %s in %d of %d slices", strained, late, len(d.all[side])),
				Remedy: lateRemedy,
			})
		}
	}
	return checks
}

func ended(e result.End) string {
	if e == result.Interrupted {
		return "interrupted"
	}
	return "cut short"
}

// overrun says whether the generator was at its end in more than half of the
// slices, so that no difference is the service's for sure.
func (d *duel) overrun() bool {
	n := 0
	for _, pair := range d.pairs {
		for _, e := range pair {
			if e.generator.overrun() {
				n++
			}
		}
	}
	return n > len(d.pairs)
}

// party is one endpoint, or those that are too rare to be compared alone.
type party struct {
	subject string
	names   []string
	joint   bool
	terms   spec.Regression
	gated   bool
	paired  stat.Paired
	value   [2]float64 // geometric means of the sides
	least   int64      // requests of the thinnest slice
}

// of is the group of a party in a slice.
func (p party) of(e *evidence) group {
	var g group
	for _, name := range p.names {
		g = append(g, e.find(name, p.joint))
	}
	return g
}

// enough is how many requests a slice needs for a metric: for a percentile,
// five beyond it.
func enough(m metric.Metric) float64 {
	if q, ok := m.Quantile(); ok {
		return 5 / (1 - q)
	}
	return stat.MeanFloor
}

// parties are who is compared by a metric: endpoints with enough requests in
// every slice alone, the others together.
func (d *duel) parties(m metric.Metric) []party {
	var parties []party
	var rare []string
	for i, name := range slices.Concat(d.names, d.joint) {
		p := party{subject: name, names: []string{name}, joint: i >= len(d.names)}
		terms := d.spec.TermsOf(name, p.joint, d.profile)
		if d.spec.Baseline.On && len(terms.Regressions) == 0 {
			continue
		}
		p.terms, p.gated = regressionOf(terms, m, d.spec.Baseline)
		if float64(d.least(p, m)) >= enough(m)-1e-7 {
			parties = append(parties, p)
		} else if !p.joint {
			rare = append(rare, name)
		}
	}
	if len(rare) > 0 {
		p := party{subject: fmt.Sprintf("the other %d together", len(rare)), names: rare}
		if len(rare) == 1 {
			p.subject = rare[0]
		}
		p.terms, p.gated = regressionOf(d.spec.Baseline.Terms, m, d.spec.Baseline)
		parties = append(parties, p)
	}
	for i := range parties {
		parties[i].least = d.least(parties[i], m)
	}
	return parties
}

// regressionOf is how much worse a metric may become: the smallest change that
// counts where the terms do not say. Without a file that says, the p95 is what
// fails.
func regressionOf(terms spec.Terms, m metric.Metric, b spec.Baseline) (r spec.Regression, gated bool) {
	r = spec.Regression{Metric: m, Most: stat.MinEffect - 1, Pos: b.Pos}
	for _, own := range terms.Regressions {
		if own.Metric == m {
			r.Most, gated = own.Most, true
			if own.Pos != (spec.Pos{}) {
				r.Pos = own.Pos
			}
		}
	}
	return r, gated || !b.On && m == metric.P95
}

// least is the number of requests of a party's thinnest slice.
func (d *duel) least(p party, m metric.Metric) int64 {
	least := int64(math.MaxInt64)
	for _, pair := range d.pairs {
		for _, e := range pair {
			f, _ := e.comparedFigure(p.of(e), m)
			least = min(least, f.requests)
		}
	}
	return least
}

// compare holds one metric of B against that of A.
func (d *duel) compare(m metric.Metric) []Check {
	var checks []Check
	var judged []party
	for _, p := range d.parties(m) {
		ok := float64(p.least) >= enough(m)-1e-7
		if ok {
			p, ok = d.pair(p, m)
		}
		switch {
		case ok:
			judged = append(judged, p)
		case p.gated:
			checks = append(checks, Check{
				Rule: pairsRule, Pos: p.terms.Pos, Subject: p.subject, Endpoints: p.names, Metric: m, Needed: int64(enough(m)), Requests: p.least,
				Comparison: &Comparison{Kind: OtherSide, Runs: len(d.pairs), Change: math.NaN(), Gated: true},
				Reason: fmt.Sprintf("too few requests: %d in the thinnest slice, and %s needs %d in each: %s",
					p.least, m.Name(), int64(enough(m)), strings.Join(p.names, ", ")),
				Remedy: "make slices longer (--slice), use more users, or a higher pace",
			})
		}
	}
	ps := make([]float64, len(judged))
	for i, p := range judged {
		ps[i] = p.paired.P
	}
	adjusted := stat.Holm(ps)
	for i, p := range judged {
		checks = append(checks, d.pairCheck(p, m, adjusted[i]))
	}
	return checks
}

// pair fills in the log ratios of a party; false where a slice has no value.
func (d *duel) pair(p party, m metric.Metric) (party, bool) {
	var ratios []float64
	var sums [2]float64
	for _, pair := range d.pairs {
		var logs [2]float64
		for side, e := range pair {
			f, ok := e.comparedFigure(p.of(e), m)
			if !ok {
				return p, false
			}
			logs[side] = math.Log(f.value)
			sums[side] += logs[side]
		}
		ratios = append(ratios, worse(m, []float64{logs[1] - logs[0]})[0])
	}
	for side := range sums {
		p.value[side] = math.Exp(sums[side] / float64(len(d.pairs)))
	}
	var ok bool
	p.paired, ok = stat.Pairs(ratios)
	return p, ok
}

// pairCheck decides about one party.
func (d *duel) pairCheck(p party, m metric.Metric, adjusted float64) Check {
	quantity := func(v float64) Value { return Measured(unit.Quantity{Value: v, Unit: m.Unit()}) }
	low, high := p.paired.Low, p.paired.High
	if m.Better() == metric.Higher {
		low, high = 1/high, 1/low
	}
	c := Check{
		Rule: pairsRule, Pos: p.terms.Pos, Subject: p.subject, Endpoints: p.names, Metric: m, Got: quantity(p.value[1]), Requests: p.least,
		Limit: quantity(p.value[0] * (1 + allowed(m, p.terms.Most))), Outcome: Pass, Shown: true,
		Comparison: &Comparison{
			Kind: OtherSide, Base: quantity(p.value[0]), Runs: len(d.pairs), Change: p.value[1]/p.value[0] - 1,
			Low: ratioValue(low), High: ratioValue(high), Gated: p.gated,
		},
	}
	larger := p.paired.Ratio >= max(stat.MinEffect, 1+p.terms.Most)
	side := "above"
	if m.Better() == metric.Higher {
		side = "below"
	}
	words := fmt.Sprintf("%s of B is %s, %s %s the %s of A, and %s is allowed", m.Name(), c.Got,
		rise(math.Abs(c.Comparison.Change)), side, c.Comparison.Base, rise(p.terms.Most))
	switch {
	case adjusted < stat.FamilyError && larger && p.gated && d.overrun():
		c.Outcome, c.Shown = Inconclusive, false
		c.Reason, c.Remedy = words+", but the generator was at its end in most slices", lateRemedy
	case adjusted < stat.FamilyError && larger && p.gated:
		c.Outcome, c.Reason = Fail, words
		c.Remedy = "look at what B does more than A: queries, calls, locks; the machine was the same"
	case p.paired.P < 0.05 && larger:
		c.Outcome, c.Reason = Warn, words+"; that is likely, and not proven"
		c.Remedy = "run more pairs (--pairs), or longer slices (--slice)"
		if adjusted < stat.FamilyError {
			c.Reason, c.Remedy = words+"; the file does not limit it", ""
		}
	}
	return c
}

// failures holds the share of failed requests of B against that of A: answers
// that fail fast would look like speed. What counts is the difference of the
// shares, pair by pair, by the same test as for latencies; half a percent is
// the least that is worth a finding.
func (d *duel) failures() []Check {
	const least = 0.005
	parties := []party{{subject: "all requests", names: d.names}}
	for _, name := range d.names {
		parties = append(parties, party{subject: name, names: []string{name}})
	}
	var checks []Check
	ps := make([]float64, 0, len(parties))
	means := make([][2]float64, 0, len(parties))
	for _, p := range parties {
		var differences []float64
		var shares [2]float64
		for _, pair := range d.pairs {
			var share [2]float64
			for side, e := range pair {
				g := p.of(e)
				if t := e.tally(g, e.where(g), intended); t.requests > 0 {
					share[side] = float64(t.failed) / float64(t.requests)
				}
				shares[side] += share[side] / float64(len(d.pairs))
			}
			differences = append(differences, share[1]-share[0])
		}
		paired, _ := stat.Pairs(differences)
		ps, means = append(ps, paired.P), append(means, shares)
	}
	adjusted := stat.Holm(ps)
	for i, p := range parties {
		a, b := means[i][0], means[i][1]
		c := Check{
			Rule: pairsRule, Subject: p.subject, Endpoints: p.names, Metric: metric.FailureRate, Got: Measured(share(b)), Outcome: Pass, Shown: true,
			Comparison: &Comparison{Kind: OtherSide, Base: Measured(share(a)), Runs: len(d.pairs), Change: math.NaN(), Gated: true},
		}
		if adjusted[i] < stat.FamilyError && b-a >= least {
			c.Outcome = Fail
			c.Reason = fmt.Sprintf("%s of B failed, and %s of A", share(b), share(a))
			c.Remedy = diagnose(p.of(d.pairs[len(d.pairs)-1][1])).remedy
		}
		if i == 0 || c.Outcome != Pass {
			checks = append(checks, c)
		}
	}
	return checks
}

func ratioValue(v float64) Value { return Measured(unit.Quantity{Value: v, Unit: unit.Count}) }
