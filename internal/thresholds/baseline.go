package thresholds

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
)

// baseline builds the section.
func (b *builder) baseline(v *grammar.Value, pos mistake.Pos) config.Baseline {
	if v == nil {
		return config.Baseline{}
	}
	p95 := config.Regression{Metric: metric.P95, Most: grammar.MinRegression}
	usual := config.RegressionPolicy{Regressions: []config.Regression{p95}}
	return config.Baseline{
		On: true, Pos: pos,
		Last:          grammar.Or(v.Get("last"), grammar.DefaultLast),
		Branch:        grammar.Or(v.Get("branch"), ""),
		AnyHost:       grammar.Or(v.Get("host"), "") == "any",
		Confirm:       grammar.Or(v.Get("confirm"), true),
		MissingStrict: grammar.Or(v.Get("missing"), "") == "inconclusive",
		Policy:        policyOf(v, usual),
		Except:        b.exceptions(v.Get("except")),
	}
}

// policyOf reads a regression policy. What the part of the file leaves out is as in defaults.
func policyOf(v *grammar.Value, defaults config.RegressionPolicy) config.RegressionPolicy {
	if regressions := v.Get("max_regression"); regressions != nil {
		defaults.Regressions = nil
		for _, m := range regressions.Members() {
			which, _ := metric.Parse(m.Key)
			defaults.Regressions = append(defaults.Regressions,
				config.Regression{Metric: which, Most: grammar.Or(m.Value, grammar.MinRegression), Pos: m.Pos})
		}
	}
	defaults.Strict = grammar.Or(v.Get("strict"), defaults.Strict)
	return defaults
}

// rulePolicies reads the regression policy of every rule that has one.
func (b *builder) rulePolicies(root *grammar.Value) {
	for i, m := range root.Get("thresholds").Members() {
		v := m.Get("baseline")
		switch {
		case v == nil:
			continue
		case !b.config.Baseline.On && !b.Under("baseline"):
			b.Add(v.Pos, v.Path, "nothing is compared with earlier runs without a baseline section; write baseline: "+
				"{last: 20} at the top of the file")
		}
		own := config.RegressionPolicy{}
		if v.Kind == grammar.ObjectKind {
			own = policyOf(v, b.config.Baseline.Policy)
		}
		b.config.Rules[i].Policy = &own
	}
}
