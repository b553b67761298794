package thresholds

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/endpoint"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
)

// stepKind says when a step is sent: walked is on the way of a user, and the others once.
type stepKind string

const (
	walked       stepKind = ""
	startStep    stepKind = "start"
	endStep      stepKind = "end"
	setupStep    stepKind = "setup"
	teardownStep stepKind = "teardown"
)

// stepBuilder makes the steps of one list.
type stepBuilder struct {
	*builder
	kind    stepKind
	scope   *expr.Scope
	widest  *expr.Scope // with what later steps capture
	order   config.Order
	headers []config.Header // of target and group, or of another host
	within  *config.Transaction
	looped  *grammar.Value // each of the transaction; nil: it has none
}

func (b stepBuilder) build(v *grammar.Value) *config.Step {
	asked := v
	if v.Kind == grammar.ObjectKind {
		asked = v.Get("request")
	}
	each := b.each(v)
	answered := b.scope.WithResponse()
	own := b.headersAndAuth(b.scope, v)
	line := grammar.Or(asked, grammar.RequestLine{})
	if line.Host != "" {
		b.headers = hostBuilder{b.builder}.headersFor(b, asked, line)
	}
	s := &config.Step{
		Once:        metric.Once{Start: b.kind == startStep, End: b.kind == endStep},
		Transaction: b.within,
		Times:       grammar.Or(v.Get("times"), 1),
		Weight:      grammar.Or(v.Get("weight"), 1.0),
		Headers:     overlay(b.headers, own),
		When:        b.when(b.scope, v.Get("when")),
		Expect:      b.condition(answered, v.Get("expect")),
		Follow:      grammar.Or(v.Get("follow"), false),
		Secret:      grammar.Or(v.Get("secret"), false),
		NoTry:       !grammar.Or(v.Get("try"), true),
		Timeout:     b.timeoutOf(v),
		Poll:        b.poll(answered, v),
		Each:        each,
		Retry:       b.retry(v),
		Pos:         v.Pos,
	}
	if wait, ok := waitOf(b.builder, v); ok {
		s.Wait = &wait
	}
	operation := b.body(s, own, v)
	for _, m := range v.Get("capture").Members() {
		s.Capture = append(s.Capture, b.capture(answered, m))
	}
	switch weight := v.Get("weight"); {
	case b.kind != walked:
		b.single(v, b.kind)
	case b.within == nil:
		b.repetition(v, b.order)
	case weight != nil:
		b.Add(weight.Pos, weight.Path, "all steps of a transaction are done; write weight beside transaction:")
	}
	if asked == nil {
		return nil
	}
	s.Method, s.Host, s.Path = line.Method, line.Host, b.path(b.scope, asked, line)
	if s.Path == nil {
		return nil
	}
	plain := endpoint.Name(s.Method, s.Host, s.Path)
	if v.Get("graphql") != nil {
		plain = b.graphQLName(s.Method, plain, operation, asked)
	}
	b.written[s.Pos] = written{v.Path, plain}
	s.Endpoint = grammar.Or(v.Get("name"), plain)
	s.Was = b.was(v, s.Endpoint, b.kind)
	b.stream(s, v)
	b.talk(s, answered, v)
	return s
}

func (b stepBuilder) capture(s *expr.Scope, m grammar.Member) config.Capture {
	from, keep := m.Value, true
	if m.Kind == grammar.ObjectKind {
		from, keep = m.Value.Get("from"), grammar.Or(m.Value.Get("keep"), true)
	}
	c := config.Capture{Name: m.Key, Forget: !keep, Pos: m.Pos}
	if from == nil {
		return c // the grammar has reported it
	}
	p, err := s.Compile(from.Text)
	if err != nil {
		b.report(from, 0, err)
	}
	c.Value = p
	return c
}

func (b stepBuilder) retry(v *grammar.Value) config.Retry {
	own := v.Get("retry")
	switch {
	case v.Get("until") != nil:
		return config.Retry{}
	case own == nil && b.kind != walked && b.kind != setupStep:
		return config.OnceRetry // unlike setup, which may have made something that would be made again
	case own == nil || own.Kind != grammar.ObjectKind: // off
		return config.Retry{}
	}
	return config.Retry{Times: grammar.Or(own.Get("times"), config.OnceRetry.Times),
		Wait: grammar.Or(own.Get("wait"), config.OnceRetry.Wait)}
}
