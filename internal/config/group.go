package config

import (
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/expr"
)

// group builds one kind of virtual user. Names come into scope as a user
// meets them: vars in order, then what start steps capture, then, for all
// steps, what any step of the group captures: it is nil until it was.
func (b *builder) group(m member) Group {
	v := m.value
	wait := or(v.get("wait"), extent{})
	g := Group{
		Name: m.key, Weight: or(v.get("weight"), 1.0), WaitMin: wait.Low, WaitMax: wait.High, Pos: m.pos,
		Order: map[string]Order{"": Sequence, "sequence": Sequence, "weighted": Weighted}[or(v.get("order"), "")],
	}
	own := &named{builder: b, by: map[string]string{}}
	scope := b.data
	for _, d := range b.config.Data {
		own.by[d.Name] = "a data source"
	}
	for _, m := range v.get("vars").members() {
		value := b.tree(scope, m.value)
		if !own.take(m, "a var of this group") {
			continue
		}
		g.Vars = append(g.Vars, Var{Name: m.key, Value: value, Pos: m.pos, source: string(m.value.canonical(nil))})
		scope = scope.With(m.key, value.Type())
	}
	start, items := b.start(v.get("start")), v.get("steps").list()
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
		for _, inner := range flat([]*value{item}) {
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

func (n *named) take(m member, as string) bool {
	if by, ok := n.by[m.key]; ok {
		n.Add(m.pos, m.path, "%s is %s already; write another name", m.key, by)
		return false
	}
	n.by[m.key] = as
	return true
}

// apart refuses captures that take the name of something else. Several steps
// may capture the same name: the last one sent counts.
func (n *named) apart(lists ...[]*value) {
	for _, step := range slices.Concat(lists...) {
		for _, m := range step.get("capture").members() {
			if by, ok := n.by[m.key]; ok {
				n.Add(m.pos, m.path, "%s is %s already; write another name", m.key, by)
			}
		}
	}
}

// captures adds what steps capture to a scope.
func captures(s *expr.Scope, steps ...*value) *expr.Scope {
	for _, step := range steps {
		for _, m := range step.get("capture").members() {
			s = s.With(m.key, expr.Any)
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

func (b stepBuilder) build(v *value, start bool) *Step {
	asked := v
	if v.kind == objectKind {
		asked = v.get("request")
	}
	answered := b.scope.WithResponse()
	own := b.own(b.scope, v)
	s := &Step{
		Start: start, Transaction: b.within,
		Times:   or(v.get("times"), 1),
		Weight:  or(v.get("weight"), 1.0),
		Headers: overlay(b.headers, own),
		When:    b.when(b.scope, v.get("when")),
		Expect:  b.condition(answered, v.get("expect")),
		Follow:  or(v.get("follow"), false),
		Secret:  or(v.get("secret"), false),
		NoTry:   !or(v.get("try"), true),
		Timeout: b.timeoutOf(v),
		Retry:   b.retry(v, start),
		Pos:     v.pos,
		path:    v.path,
	}
	b.body(s, own, v)
	for _, m := range v.get("capture").members() {
		s.Capture = append(s.Capture, b.capture(answered, m))
	}
	switch weight := v.get("weight"); {
	case start:
		b.once(v)
	case b.within == nil:
		b.repetition(v, b.order)
	case weight != nil:
		b.Add(weight.pos, weight.path, "all steps of a transaction are done; write weight beside transaction:")
	}
	if asked == nil {
		return nil
	}
	line := or(asked, requestLine{})
	s.Method, s.Path = line.method, b.path(b.scope, asked, line)
	if s.Path == nil {
		return nil
	}
	s.plain = endpointName(s.Method, s.Path)
	s.Endpoint = or(v.get("name"), s.plain)
	s.Was = b.was(v, s.Endpoint, start)
	return s
}

func (b stepBuilder) capture(s *expr.Scope, m member) Capture {
	from, keep := m.value, true
	if m.kind == objectKind {
		from, keep = m.value.get("from"), or(m.value.get("keep"), true)
	}
	c := Capture{Name: m.key, Forget: !keep, Pos: m.pos}
	if from == nil {
		return c // which the grammar has told
	}
	p, err := s.Compile(from.text)
	if err != nil {
		b.report(from, 0, err)
	}
	c.Value = p
	return c
}

// startRetry is how a start step is tried again where the file does not say: a
// user whose login fails once would be lost for the rest of the run.
var startRetry = Retry{Times: 3, Wait: time.Second}

func (b stepBuilder) retry(v *value, start bool) Retry {
	own := v.get("retry")
	switch {
	case own == nil && start:
		return startRetry
	case own == nil || own.kind != objectKind: // off
		return Retry{}
	}
	return Retry{Times: or(own.get("times"), startRetry.Times), Wait: or(own.get("wait"), startRetry.Wait)}
}

// once refuses numbers for start steps.
func (b *builder) once(v *value) {
	for _, key := range []string{"times", "weight"} {
		if k := v.get(key); k != nil {
			b.Add(k.pos, k.path, "a start step is sent once; leave %s out", key)
		}
	}
}

// repetition refuses numbers that the order of the group does not read.
func (b *builder) repetition(v *value, order Order) {
	times, weight := v.get("times"), v.get("weight")
	switch {
	case order == Weighted && times != nil:
		b.Add(times.pos, times.path, "times belongs to order: sequence; write weight here")
	case order == Sequence && weight != nil:
		b.Add(weight.pos, weight.path,
			"weight belongs to order: weighted; write times here, or order: weighted in the group")
	}
}
