package config

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
)

// group builds one kind of virtual user. Names come into scope as a user
// meets them: vars in order, then what start steps capture, then, for all
// steps, what any step of the group captures: it is nil until it was.
func (b *builder) group(m grammar.Member) Group {
	v := m.Value
	wait := grammar.Or(v.Get("wait"), grammar.Extent{})
	g := Group{
		Name: m.Key, Weight: grammar.Or(v.Get("weight"), 1.0), WaitMin: wait.Low, WaitMax: wait.High, Pos: m.Pos,
		Order: map[string]Order{"": Sequence, "sequence": Sequence,
			"weighted": Weighted}[grammar.Or(v.Get("order"), "")],
	}
	own := &named{builder: b, by: map[string]string{}}
	scope := b.data
	for _, d := range b.config.Data {
		own.by[d.Name] = "a data source"
	}
	for _, m := range v.Get("vars").Members() {
		value := b.tree(scope, m.Value)
		if !own.take(m, "a var of this group") {
			continue
		}
		g.Vars = append(g.Vars, Var{Name: m.Key, Value: value, Pos: m.Pos, source: string(m.Value.Canonical(nil))})
		scope = scope.With(m.Key, value.Type())
	}
	start, items := b.start(v.Get("start")), v.Get("steps").List()
	steps := flat(items)
	own.apart(start, steps)
	everything := captures(captures(scope, start...), steps...)
	headers := b.own(everything, v)
	g.Headers = overlay(nil, headers)

	for _, item := range start {
		if b.Enough(b.before) {
			break
		}
		step := stepBuilder{b, scope, g.Order, overlay(b.config.Target.Headers, within(scope, headers)), nil}
		if s := step.build(item, true); s != nil {
			g.Start = append(g.Start, *s)
		}
		scope = captures(scope, item)
	}
	step := stepBuilder{b, everything, g.Order, overlay(b.config.Target.Headers, headers), nil}
	for _, item := range items {
		if b.Enough(b.before) {
			break
		}
		step.within = b.transaction(item, g.Order)
		for _, inner := range flat([]*grammar.Value{item}) {
			if s := step.build(inner, false); s != nil {
				g.Steps = append(g.Steps, *s)
			}
		}
	}
	return g
}

// within keeps the headers that use only names of a scope. A login cannot send
// the token that it is about to capture.
func within(s *expr.Scope, headers []Header) []Header {
	var known []Header
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

// named keeps the names of one group apart: a capture in the place of a var
// would make a value change under those who use it.
type named struct {
	*builder
	by map[string]string // what has the name
}

func (n *named) take(m grammar.Member, as string) bool {
	if by, ok := n.by[m.Key]; ok {
		n.Add(m.Pos, m.Path, "%s is %s already; write another name", m.Key, by)
		return false
	}
	n.by[m.Key] = as
	return true
}

// apart refuses captures that take the name of something else. Several steps
// may capture the same name: the last one sent counts.
func (n *named) apart(lists ...[]*grammar.Value) {
	for _, step := range slices.Concat(lists...) {
		for _, m := range step.Get("capture").Members() {
			if by, ok := n.by[m.Key]; ok {
				n.Add(m.Pos, m.Path, "%s is %s already; write another name", m.Key, by)
			}
		}
	}
}

// captures adds what steps capture to a scope.
func captures(s *expr.Scope, steps ...*grammar.Value) *expr.Scope {
	for _, step := range steps {
		for _, m := range step.Get("capture").Members() {
			s = s.With(m.Key, expr.Any)
		}
	}
	return s
}

// stepBuilder makes the steps of one list.
type stepBuilder struct {
	*builder
	scope   *expr.Scope
	order   Order
	headers []Header // of target and group
	within  *Transaction
}

func (b stepBuilder) build(v *grammar.Value, start bool) *Step {
	asked := v
	if v.Kind == grammar.ObjectKind {
		asked = v.Get("request")
	}
	answered := b.scope.WithResponse()
	own := b.own(b.scope, v)
	s := &Step{
		Start: start, Transaction: b.within,
		Times:   grammar.Or(v.Get("times"), 1),
		Weight:  grammar.Or(v.Get("weight"), 1.0),
		Headers: overlay(b.headers, own),
		When:    b.when(b.scope, v.Get("when")),
		Expect:  b.condition(answered, v.Get("expect")),
		Follow:  grammar.Or(v.Get("follow"), false),
		Secret:  grammar.Or(v.Get("secret"), false),
		NoTry:   !grammar.Or(v.Get("try"), true),
		Timeout: b.timeoutOf(v),
		Retry:   b.retry(v, start),
		Pos:     v.Pos,
		path:    v.Path,
	}
	b.body(s, own, v)
	for _, m := range v.Get("capture").Members() {
		s.Capture = append(s.Capture, b.capture(answered, m))
	}
	switch weight := v.Get("weight"); {
	case start:
		b.once(v)
	case b.within == nil:
		b.repetition(v, b.order)
	case weight != nil:
		b.Add(weight.Pos, weight.Path, "all steps of a transaction are done; write weight beside transaction:")
	}
	if asked == nil {
		return nil
	}
	line := grammar.Or(asked, grammar.RequestLine{})
	s.Method, s.Path = line.Method, b.path(b.scope, asked, line)
	if s.Path == nil {
		return nil
	}
	s.plain = endpointName(s.Method, s.Path)
	s.Endpoint = grammar.Or(v.Get("name"), s.plain)
	s.Was = b.was(v, s.Endpoint, start)
	return s
}

func (b stepBuilder) capture(s *expr.Scope, m grammar.Member) Capture {
	from, keep := m.Value, true
	if m.Kind == grammar.ObjectKind {
		from, keep = m.Value.Get("from"), grammar.Or(m.Value.Get("keep"), true)
	}
	c := Capture{Name: m.Key, Forget: !keep, Pos: m.Pos}
	if from == nil {
		return c // which the grammar has told
	}
	p, err := s.Compile(from.Text)
	if err != nil {
		b.report(from, 0, err)
	}
	c.Value = p
	return c
}

// startRetry is how a start step is tried again where the file does not say: a
// user whose login fails once would be lost for the rest of the run.
var startRetry = Retry{Times: 3, Wait: time.Second}

func (b stepBuilder) retry(v *grammar.Value, start bool) Retry {
	own := v.Get("retry")
	switch {
	case own == nil && start:
		return startRetry
	case own == nil || own.Kind != grammar.ObjectKind: // off
		return Retry{}
	}
	return Retry{Times: grammar.Or(own.Get("times"), startRetry.Times),
		Wait: grammar.Or(own.Get("wait"), startRetry.Wait)}
}

// once refuses numbers for start steps.
func (b *builder) once(v *grammar.Value) {
	for _, key := range []string{"times", "weight"} {
		if k := v.Get(key); k != nil {
			b.Add(k.Pos, k.Path, "a start step is sent once; leave %s out", key)
		}
	}
}

// repetition refuses numbers that the order of the group does not read.
func (b *builder) repetition(v *grammar.Value, order Order) {
	times, weight := v.Get("times"), v.Get("weight")
	switch {
	case order == Weighted && times != nil:
		b.Add(times.Pos, times.Path, "times belongs to order: sequence; write weight here")
	case order == Sequence && weight != nil:
		b.Add(weight.Pos, weight.Path,
			"weight belongs to order: weighted; write times here, or order: weighted in the group")
	}
}
