package thresholds

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
)

// groupBuilder makes the kinds of virtual users.
type groupBuilder struct {
	*builder
	logins *grammar.Value
	begun  map[string]bool // logins that a group begins with
	before int             // mistakes that there were before those of groups
}

// group builds one kind of virtual user. Names come into scope as a user
// meets them: vars in order, then what start steps capture, then, for all
// steps, what any step of the group captures: it is nil until it was.
func (b groupBuilder) group(m grammar.Member) config.Group {
	v := m.Value
	wait, _ := waitOf(b.builder, v)
	g := config.Group{
		Name: m.Key, Weight: grammar.Or(v.Get("weight"), 1.0), Wait: wait, Pos: m.Pos,
		Order: map[string]config.Order{"": config.Sequence, "sequence": config.Sequence,
			"weighted": config.Weighted}[grammar.Or(v.Get("order"), "")],
	}
	names := &takenNames{builder: b.builder, by: map[string]string{}}
	scope := b.data
	for _, d := range b.config.Data {
		names.by[d.Name] = "a data source"
	}
	if b.hasSetup {
		names.by[config.SetupName] = "what setup captures"
	}
	for _, m := range v.Get("vars").Members() {
		value := b.tree(scope, m.Value)
		if !names.take(m, "a var of this group") {
			continue
		}
		source := string(m.Value.Canonical(nil))
		g.Vars = append(g.Vars, config.Var{Name: m.Key, Value: value, Pos: m.Pos, Source: source})
		scope = scope.With(m.Key, value.Type())
	}
	scope = b.guess(scope, v, "vars")
	start, items, end := b.start(v.Get("start")), v.Get("steps").List(), v.Get("end").List()
	steps := flat(items)
	names.apart(start, steps, end)
	everything := b.captures(b.captures(scope, start...), steps...)
	headers := b.headersAndAuth(everything, v)
	g.Headers = overlay(nil, headers)

	for _, item := range start {
		if b.Enough(b.before) {
			break
		}
		step := stepBuilder{b.builder, startStep, scope, everything, g.Order,
			overlay(b.config.Target.Headers, within(scope, headers)), nil, nil}
		if s := step.build(item); s != nil {
			g.Start = append(g.Start, *s)
		}
		scope = b.captures(scope, item)
	}
	step := stepBuilder{b.builder, walked, everything, everything, g.Order,
		overlay(b.config.Target.Headers, headers), nil, nil}
	for _, item := range items {
		if b.Enough(b.before) {
			break
		}
		step.within = b.transaction(item, g.Order)
		inside := step
		if step.within != nil {
			step.within.Each = inside.each(item)
		}
		g.Steps = append(g.Steps, parallelBuilder{inside, scope, steps}.item(item)...)
	}
	step.kind, step.within, step.widest = endStep, nil, b.captures(everything, end...)
	for _, item := range end {
		if b.Enough(b.before) {
			break
		}
		if s := step.build(item); s != nil {
			g.End = append(g.End, *s)
		}
		step.scope = b.captures(step.scope, item)
	}
	return g
}

// within keeps the headers that use only names of a scope. A login cannot send
// the token that it is about to capture.
func within(s *expr.Scope, headers []config.Header) []config.Header {
	var known []config.Header
	for _, h := range headers {
		if h.Value == nil {
			known = append(known, h)
		} else if t, err := s.Template(h.Value.String()); err == nil {
			h.Value = t
			known = append(known, h)
		}
	}
	return known
}

// takenNames keeps the names of one group distinct: a capture with the name of a var would
// change its value between uses.
type takenNames struct {
	*builder
	by map[string]string // what has the name
}

func (n *takenNames) take(m grammar.Member, as string) bool {
	if by, ok := n.by[m.Key]; ok {
		n.Add(m.Pos, m.Path, "%s is %s already; write another name", m.Key, by)
		return false
	}
	n.by[m.Key] = as
	return true
}

// apart refuses captures that take the name of something else. Several steps
// may capture the same name: the last one sent counts.
func (n *takenNames) apart(lists ...[]*grammar.Value) {
	for _, step := range slices.Concat(lists...) {
		for _, m := range captured(step) {
			if by, ok := n.by[m.Key]; ok {
				n.Add(m.Pos, m.Path, "%s is %s already; write another name", m.Key, by)
			}
		}
	}
}

// captures adds what steps capture to a scope.
func (b *builder) captures(s *expr.Scope, steps ...*grammar.Value) *expr.Scope {
	for _, step := range steps {
		for _, m := range captured(step) {
			s = s.With(m.Key, expr.Any)
		}
		s = b.guess(s, step, "capture")
	}
	return s
}

// start is the start steps of a group: its own, or those of a login. Each group
// builds the steps of a login anew, as if they were written in it: its vars,
// headers and captures are its names.
func (b groupBuilder) start(v *grammar.Value) []*grammar.Value {
	if v == nil || v.Kind != grammar.ScalarKind {
		return v.List()
	}
	names := make([]string, 0, len(b.logins.Members()))
	for _, m := range b.logins.Members() {
		if m.Key == v.Text {
			b.begun[m.Key] = true
			return m.Value.List()
		}
		names = append(names, m.Key)
	}
	if broken := b.logins == nil && b.Under("logins") || b.Under(grammar.Join("logins", v.Text)); !broken {
		b.AddMissing("login "+v.Text, v.Pos, v.Path, "no login is called %s; %s", mistake.Show(v.Text),
			mistake.Suggest(v.Text, names, "write its steps in a list, or one under logins"))
	}
	return nil
}

// idle refuses logins that no group begins with: their mistakes would go unnoticed.
func (b groupBuilder) idle() {
	for _, m := range b.logins.Members() {
		if !b.begun[m.Key] && !b.limits && !b.Under("users") {
			b.Add(m.Pos, m.Path, "no group begins with it; write start: %s in a group, or leave it out",
				mistake.Show(m.Key))
		}
	}
}
