package config

import (
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
)

// Baseline says whether and how a run is compared with earlier ones. The zero
// value asks for no comparison.
type Baseline struct {
	On bool // the file has the section
	// Last is how many of the newest earlier runs count at most.
	Last int
	// Branch is the one whose runs count; empty: all.
	Branch string
	// AnyHost counts runs against other hosts too, such as preview environments.
	AnyHost bool
	// Confirm makes a second run where the first looks like a regression.
	Confirm bool
	// MissingStrict leaves a run undecided that has too few earlier runs to be
	// compared with, which is else passed over with a note.
	MissingStrict bool
	// Terms are those of endpoints of which no rule says otherwise.
	Terms  Terms
	Except []Exception
	Pos    mistake.Pos
}

// Terms are how much worse than earlier runs an endpoint may become.
type Terms struct {
	Regressions []Regression // file order; empty: the endpoint is not compared
	// Strict leaves an endpoint undecided whose earlier runs scatter too much to
	// show the regression that the terms speak of.
	Strict bool
}

// Regression is how much worse one metric may become.
type Regression struct {
	Metric metric.Metric
	Most   float64     // of the value of earlier runs, above 0: 0.1 allows 10 %
	Pos    mistake.Pos // zero for what the file leaves to the default
}

// baseline builds the section.
func (b *builder) baseline(v *grammar.Value, pos mistake.Pos) Baseline {
	if v == nil {
		return Baseline{}
	}
	usual := Terms{Regressions: []Regression{{Metric: metric.P95, Most: grammar.MinRegression}}}
	return Baseline{
		On: true, Pos: pos,
		Last:          grammar.Or(v.Get("last"), grammar.DefaultLast),
		Branch:        grammar.Or(v.Get("branch"), ""),
		AnyHost:       grammar.Or(v.Get("host"), "") == "any",
		Confirm:       grammar.Or(v.Get("confirm"), true),
		MissingStrict: grammar.Or(v.Get("missing"), "") == "inconclusive",
		Terms:         terms(v, usual),
		Except:        b.exceptions(v.Get("except")),
	}
}

// terms are what a part of the file says, and what it leaves to others.
func terms(v *grammar.Value, others Terms) Terms {
	if regressions := v.Get("max_regression"); regressions != nil {
		others.Regressions = nil
		for _, m := range regressions.Members() {
			which, _ := metric.Parse(m.Key)
			others.Regressions = append(others.Regressions,
				Regression{Metric: which, Most: grammar.Or(m.Value, grammar.MinRegression), Pos: m.Pos})
		}
	}
	others.Strict = grammar.Or(v.Get("strict"), others.Strict)
	return others
}

// ruleTerms reads the terms of every rule that has some.
func (b *builder) ruleTerms(root *grammar.Value) {
	for i, m := range root.Get("thresholds").Members() {
		v := m.Get("baseline")
		switch {
		case v == nil:
			continue
		case !b.config.Baseline.On && !b.Under("baseline"):
			b.Add(v.Pos, v.Path, "nothing is compared with earlier runs without a baseline section; write baseline: "+
				"{last: 20} at the top of the file")
		}
		own := Terms{}
		if v.Kind == grammar.ObjectKind {
			own = terms(v, b.config.Baseline.Terms)
		}
		b.config.Rules[i].Terms = &own
	}
}

// TermsOf says how an endpoint, or transaction, of a profile is compared with
// earlier runs: as the last rule that speaks of it says, else as the baseline
// section does.
func (s *Config) TermsOf(endpoint string, transaction bool, profile string) Terms {
	found, _, _ := s.Compares(endpoint, transaction, profile)
	return found
}

// Compares is TermsOf with the exception that the endpoint has there, if it has
// one, and the rule of that, empty for the baseline section. Of an exception that
// counts there are no terms; one that has ended changes none. Whoever leaves an
// endpoint out of a rule that loosens the comparison does not ask for a stricter
// one: it is compared by no other terms, unless a later rule speaks of it.
func (s *Config) Compares(endpoint string, transaction bool, profile string) (found Terms, e *Exception, rule string) {
	found = s.Baseline.Terms
	take := func(terms Terms, list []Exception, by string) {
		found, e, rule = terms, nil, by
		if one, ok := exceptionOf(list, endpoint, false, transaction); ok {
			if e = &one; !one.Ended {
				found = Terms{}
			}
		}
	}
	take(s.Baseline.Terms, s.Baseline.Except, "")
	for _, r := range s.Rules {
		if r.Terms == nil || !r.Applies(profile) || !matches(r.Patterns, endpoint, false, transaction) {
			continue
		}
		if none := len(r.Terms.Regressions) == 0; none && !r.speaks(endpoint, false, transaction) {
			continue // left out of what is not compared
		}
		take(*r.Terms, r.Except, r.Name)
	}
	return found, e, rule
}

// was reads the earlier name of what is compared with earlier runs.
func (b *builder) was(v *grammar.Value, now string, start bool) string {
	was := v.Get("was")
	switch {
	case was == nil:
		return ""
	case start:
		b.Add(was.Pos, was.Path, "a start step is not compared with earlier runs; leave was out")
	case was.Text == now:
		b.Add(was.Pos, was.Path, "%q is its name already; leave was out", now)
	}
	return was.Text
}

// renamed refuses earlier names that cannot be: of what is there still, of two
// at once, or two of one.
func (b *builder) renamed() {
	endpoints, transactions := map[string]bool{}, map[string]bool{}
	b.config.steps(func(s Step) { endpoints[s.Endpoint] = endpoints[s.Endpoint] || !s.Start })
	for _, t := range b.config.Transactions {
		transactions[t.Name] = true
	}
	ofEndpoint, ofTransaction := earlierNames{b, endpoints, map[string]string{}, map[string]string{}},
		earlierNames{b, transactions, map[string]string{}, map[string]string{}}
	b.config.steps(func(s Step) { ofEndpoint.take(s.Pos, s.path, s.Endpoint, s.Was) })
	for _, t := range b.config.Transactions {
		ofTransaction.take(t.Pos, t.path, t.Name, t.Was)
	}
}

// earlierNames are the names that were, and who has them now.
type earlierNames struct {
	*builder
	known   map[string]bool
	of, now map[string]string // the earlier name of each, and the present one
}

func (e earlierNames) take(pos mistake.Pos, path, now, was string) {
	if was == "" || was == now {
		return // told already
	}
	switch {
	case e.known[was]:
		e.Add(pos, path, "was: %q is there still; leave was out, or give that one another name", was)
	case e.of[now] != "" && e.of[now] != was:
		e.Add(pos, path, "was: %q was %q already; write one of them", now, e.of[now])
	case e.now[was] != "" && e.now[was] != now:
		e.Add(pos, path, "was: %q is %q now; write it once", was, e.now[was])
	}
	e.of[now], e.now[was] = was, now
}
