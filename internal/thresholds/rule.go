package thresholds

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// ruleBuilder makes the limits of the file.
type ruleBuilder struct{ *builder }

// rule builds one of them.
func (b ruleBuilder) rule(m grammar.Member) config.Rule {
	v := m.Value
	r := config.Rule{Name: m.Key, Patterns: v.Get("endpoints").Texts(), Profiles: v.Get("profiles").Texts(),
		Loads: v.Get("loads").Texts(), Users: v.Get("users").Texts(), Pos: m.Pos}
	r.OfRequests = grammar.Or(v.Get("of"), "") == "requests"
	r.Except = b.exceptions(v.Get("except"))
	combine, each := grammar.Or(v.Get("combine"), false), grammar.Or(v.Get("each"), false)
	switch {
	case combine && each:
		b.Add(v.Get("each").Pos, v.Get("each").Path, "combine and each exclude each other; keep one")
	case combine:
		r.Scope = config.Combined
	case each:
		r.Scope = config.Each
	}
	for _, limit := range v.Members() {
		b.limit(&r, limit)
	}
	if len(r.Limits) == 0 && v.Get("baseline") == nil && !b.Under(v.Path) {
		b.Add(m.Pos, v.Path, "has no limit; write one, such as p95: 200ms")
	}
	b.contradictions(r, v)
	return r
}

// limit adds the limit of one key to a rule; keys that are no metrics are
// left alone.
func (b ruleBuilder) limit(r *config.Rule, m grammar.Member) {
	switch m.Key {
	case "endpoints", "except", "profiles", "loads", "users", "combine", "each", "of", "baseline":
		return
	}
	which, ok := metric.Parse(m.Key)
	if !ok {
		b.Add(m.Pos, m.Path, "%s is not a percentile; write one between p0 and p100, such as p95 or p99.9", m.Key)
		return
	}
	for _, other := range r.Limits {
		if other.Metric == which {
			b.Add(m.Pos, m.Path, "%s has a limit already in line %d; keep one", which.Name(), other.Pos.Line)
			return
		}
	}
	l := config.Limit{Metric: which, Pos: m.Pos}
	fail, warn := m.Value, (*grammar.Value)(nil)
	if m.Kind == grammar.ObjectKind {
		fail, warn = m.Get("fail"), m.Get("warn")
	}
	if fail != nil {
		limit := grammar.Or(fail, grammar.Bound{})
		l.Fail, l.Unit, l.HasFail = limit.Value, limit.Unit, true
	}
	if warn != nil {
		limit := grammar.Or(warn, grammar.Bound{})
		l.Warn, l.HasWarn = limit.Value, true
		if !l.HasFail {
			l.Unit = limit.Unit
		}
	}
	if l.HasWarn && l.HasFail && !better(which, l.Warn, l.Fail) {
		side := "below"
		if which.Better() == metric.Higher {
			side = "above"
		}
		b.Add(warn.Pos, warn.Path, "warn at %s would never be heard before fail at %s; write a warn %s it",
			warn.Text, fail.Text, side)
	}
	r.Limits = append(r.Limits, l)
	if !which.Share() || b.Under(m.Path) {
		return
	}
	if l.HasFail {
		b.loose(which, l.Fail, fail)
	}
	if l.HasWarn {
		b.loose(which, l.Warn, warn)
	}
}

// loose warns of a share that lets most requests fail: nearly always it was meant as a
// part of one and has a percent sign by mistake.
func (b ruleBuilder) loose(m metric.Metric, share float64, written *grammar.Value) {
	failing, meant, likely := share, 1-share, true
	if m.Better() == metric.Higher {
		failing, meant = 1-share, share*100
		likely = meant > mostFailing && meant <= 1
	}
	if failing <= mostFailing {
		return
	}
	percent := func(share float64) string { return unit.Quantity{Value: share, Unit: unit.Ratio}.String() }
	text := fmt.Sprintf("%s lets %s of the requests fail", written.Text, percent(failing))
	if likely {
		text += "; did you mean " + percent(meant) + "?"
	}
	b.warn(written, "%s", text)
}

// mostFailing is the share of failures above which a limit says next to nothing.
const mostFailing = 0.5

// better says whether a value is on the good side of another.
func better(m metric.Metric, a, b float64) bool {
	if m.Better() == metric.Higher {
		return a > b
	}
	return a < b
}

// contradictions compares the limits of one rule with each other.
func (b ruleBuilder) contradictions(r config.Rule, v *grammar.Value) {
	for i, a := range r.Limits {
		for _, c := range r.Limits[:i] {
			low, high := c, a
			if rank(low.Metric) > rank(high.Metric) {
				low, high = high, low
			}
			at, key := a.Pos, grammar.Join(v.Path, a.Metric.Name())
			switch {
			case low.Metric.OfFirstByte() == high.Metric.OfFirstByte() && rank(low.Metric) > 0 &&
				rank(high.Metric) > rank(low.Metric) && low.HasFail && high.HasFail && low.Fail > high.Fail:
				b.Add(at, key, "%s may be %s but %s only %s, and %s is never above %s; write a %s below it",
					low.Metric.Name(), unit.Quantity{Value: low.Fail, Unit: unit.Duration},
					high.Metric.Name(), unit.Quantity{Value: high.Fail, Unit: unit.Duration},
					low.Metric.Name(), high.Metric.Name(), low.Metric.Name())
			case a.Metric.Share() && c.Metric.Share() && a.HasFail && c.HasFail && differ(a.Fail, 1-c.Fail):
				b.Add(at, key, "success and failure_rate are one figure and ask for different values; keep one")
			}
		}
	}
}

// rank orders the metrics that can never cross: percentiles by their
// quantile, and the maximum. Others are 0.
func rank(m metric.Metric) float64 {
	if m.Whole() == metric.Max {
		return 1
	}
	q, _ := m.Quantile()
	return q
}

// differ compares shares as people write them, to a billionth.
func differ(a, b float64) bool { return a-b > 1e-9 || b-a > 1e-9 }
