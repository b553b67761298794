package config

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
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

// minRegression is the smallest change that counts (statistics, section 4),
// and what is allowed where the file does not say.
const (
	minRegression = 0.05
	defaultLast   = 20
)

func baselineShape() *shape {
	fields := []field{
		{key: "last", shape: scalarOf(counts("20", 3, 1000)), doc: "How many of the newest earlier runs count.",
			def: fmt.Sprint(defaultLast), example: "last: 20"},
		{key: "branch", shape: scalarOf(nameText), doc: "The branch whose runs count.",
			def: "all", example: "branch: main"},
		{key: "host", shape: scalarOf(enum("same", "any")),
			doc: "Whose runs count: those against the same host, or against any, for environments that have a new " +
				"name each time. localhost, 127.0.0.1 and ::1 are one host.", def: "same", example: "host: any"},
		{key: "confirm", shape: scalarOf(flagText),
			doc: "Run once more when something looks slower, and fail only if both runs say so.",
			def: "true", example: "confirm: false"},
		{key: "missing", shape: scalarOf(enum("pass", "inconclusive")), doc: "What fewer than 3 earlier runs count " +
			"as; a pass comes with a note.", def: "pass", example: "missing: inconclusive"},
	}
	fields = append(fields, termFields("p95: "+percentText(minRegression), "false")...)
	return &shape{kind: objectKind, name: "baseline", fields: append(fields, field{
		key: "except", shape: exceptShape(), def: "none",
		example: "except: {endpoint: GET /api/report, reason: its data grows daily}",
		doc:     "Endpoints that are not compared, each with the reason.",
	})}
}

// ruleBaseline are the terms of a rule's endpoints.
func ruleBaseline() *shape {
	return choice("none or terms", scalarOf(enum("none")),
		&shape{kind: objectKind, name: "terms", fields: termFields("the file's", "the file's")})
}

func termFields(regression, strict string) []field {
	return []field{
		{key: "max_regression", shape: regressionShape(), doc: "How much worse a figure may become. p50, p95, p99 " +
			"and throughput are compared without an entry too, and at most warn then.",
			def: regression, example: "max_regression: {p95: 10%}"},
		{key: "strict", shape: scalarOf(flagText), doc: "Leave undecided what earlier runs are too noisy to show.",
			def: strict, example: "strict: true"},
	}
}

func regressionShape() *shape {
	s := &shape{kind: objectKind, name: "regression"}
	for _, m := range metric.Compared() {
		doc := "Highest rise."
		if m.Better() == metric.Higher {
			doc = "Deepest fall."
		}
		s.fields = append(s.fields, field{key: m.Name(), shape: scalarOf(changeText(m)),
			doc: doc, def: "none", example: m.Name() + ": 10%"})
	}
	return s
}

// changeText is a change of a metric: of a rate that falls less than all of
// it, of a latency that rises any number.
func changeText(m metric.Metric) *scalar {
	most := 10.0
	if m.Better() == metric.Higher {
		most = 0.9
	}
	return &scalar{name: "change", json: "string", unit: "%", example: "10%", pattern: whole(ratioPattern),
		parse: func(t string) (any, error) {
			share, err := unit.ParseChange(t)
			if err == nil && (share < minRegression || share > most) {
				err = fmt.Errorf("%s is out of range; write %s to %s", t, percentText(minRegression), percentText(most))
			}
			return share, err
		}}
}

func percentText(share float64) string { return unit.Quantity{Value: share, Unit: unit.Ratio}.String() }

// baseline builds the section.
func (b *builder) baseline(v *value, pos mistake.Pos) Baseline {
	if v == nil {
		return Baseline{}
	}
	usual := Terms{Regressions: []Regression{{Metric: metric.P95, Most: minRegression}}}
	return Baseline{
		On: true, Pos: pos,
		Last:          or(v.get("last"), defaultLast),
		Branch:        or(v.get("branch"), ""),
		AnyHost:       or(v.get("host"), "") == "any",
		Confirm:       or(v.get("confirm"), true),
		MissingStrict: or(v.get("missing"), "") == "inconclusive",
		Terms:         terms(v, usual),
		Except:        b.exceptions(v.get("except")),
	}
}

// terms are what a part of the file says, and what it leaves to others.
func terms(v *value, others Terms) Terms {
	if regressions := v.get("max_regression"); regressions != nil {
		others.Regressions = nil
		for _, m := range regressions.members() {
			which, _ := metric.Parse(m.key)
			others.Regressions = append(others.Regressions,
				Regression{Metric: which, Most: or(m.value, minRegression), Pos: m.pos})
		}
	}
	others.Strict = or(v.get("strict"), others.Strict)
	return others
}

// ruleTerms reads the terms of every rule that has some.
func (b *builder) ruleTerms(root *value) {
	for i, m := range root.get("thresholds").members() {
		v := m.get("baseline")
		switch {
		case v == nil:
			continue
		case !b.config.Baseline.On && !b.Under("baseline"):
			b.Add(v.pos, v.path, "nothing is compared with earlier runs without a baseline section; write baseline: "+
				"{last: 20} at the top of the file")
		}
		own := Terms{}
		if v.kind == objectKind {
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
func (b *builder) was(v *value, now string, start bool) string {
	was := v.get("was")
	switch {
	case was == nil:
		return ""
	case start:
		b.Add(was.pos, was.path, "a start step is not compared with earlier runs; leave was out")
	case was.text == now:
		b.Add(was.pos, was.path, "%q is its name already; leave was out", now)
	}
	return was.text
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
