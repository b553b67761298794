package thresholds

import (
	"errors"
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/endpoint"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
)

// report adds a mistake of an expression at its place inside a scalar. base
// is where the compiled text begins in it. An unknown name is none where a part of
// the file is unreadable, since that may declare it.
func (b *builder) report(v *grammar.Value, base int, err error) {
	e, ok := errors.AsType[*expr.Error](err)
	if !ok {
		b.Add(v.Pos, v.Path, "%v%s", err, v.Hint)
		return
	}
	pos := v.At(base + e.Offset)
	switch {
	case e.Unknown != "" && b.Lost(), e.Variable != "" && (b.emptyEnv() || b.Under("env_file")):
	case b.explained[e.Unknown] != "":
		b.Add(pos, v.Path, "%s", b.explained[e.Unknown])
	case e.Unknown != "":
		b.AddMissing("name "+e.Unknown, pos, v.Path, "%s%s", e.Message, v.Hint)
	case e.Variable != "":
		b.AddMissing("env "+e.Variable, pos, v.Path, "%s%s", e.Message, v.Hint)
	default:
		b.Add(pos, v.Path, "%s%s", e.Message, v.Hint)
	}
}

// template compiles text with ${ } in it; nil when it is absent or wrong.
func (b *builder) template(s *expr.Scope, v *grammar.Value) *expr.Template {
	if v == nil {
		return nil
	}
	t, err := s.Template(v.Text)
	if err != nil {
		b.report(v, 0, err)
		return nil
	}
	return t
}

// path compiles the path of a request.
func (b *builder) path(s *expr.Scope, v *grammar.Value, line grammar.RequestLine) *expr.Template {
	t, err := s.Template(line.Path)
	if err != nil {
		b.report(v, line.Offset, err)
		return nil
	}
	if err := endpoint.CheckPath(t); err != nil {
		b.Add(v.Pos, v.Path, "%v", err)
		return nil
	}
	return t
}

// condition compiles an expression that must be true or false.
func (b *builder) condition(s *expr.Scope, v *grammar.Value) *expr.Program {
	if v == nil {
		return nil
	}
	p, err := s.CompileBool(v.Text)
	if err != nil {
		b.report(v, 0, err)
		return nil
	}
	return p
}

// when compiles a condition that is asked before there is an answer.
func (b *builder) when(s *expr.Scope, v *grammar.Value) *expr.Program {
	if v == nil {
		return nil
	}
	p, err := s.CompileBool(v.Text)
	if err == nil {
		return p
	}
	if _, later := s.WithResponse().CompileBool(v.Text); later == nil {
		b.Add(v.Pos, v.Path, "when is asked before the request is sent: there is no status, body or headers; use a "+
			"capture of an earlier step, or write expect")
		return nil
	}
	b.report(v, 0, err)
	return nil
}

// tree compiles any JSON with ${ } in its strings.
func (b *builder) tree(s *expr.Scope, v *grammar.Value) *expr.Value {
	switch v.Kind {
	case grammar.ObjectKind:
		members := make([]expr.Member, len(v.Fields))
		for i, m := range v.Fields {
			members[i] = expr.Member{Key: m.Key, Value: b.tree(s, m.Value)}
		}
		return expr.Object(members)
	case grammar.ListKind:
		items := make([]*expr.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = b.tree(s, item)
		}
		return expr.Array(items)
	}
	if _, ok := v.Data.(string); !ok {
		return expr.Const(v.Data)
	}
	t := b.template(s, v)
	if t == nil {
		return expr.Const(nil) // reported; the rest of the tree is still read
	}
	return expr.TextValue(t)
}

// headers compiles the headers of one place in the file.
func (b *builder) headers(s *expr.Scope, v *grammar.Value) []config.Header {
	var headers []config.Header
	for _, m := range v.Members() {
		name, _ := m.Data.(string)
		if slices.ContainsFunc(headers, func(h config.Header) bool { return h.Is(name) }) {
			b.Add(m.Pos, m.Path, "%s is here twice: upper and lower case make no difference; keep one", name)
			continue
		}
		t := b.template(s, m.Value)
		if t == nil {
			continue
		}
		if err := checkHeaderValue(t.String()); err != nil {
			b.Add(m.Value.Pos, m.Path, "%v", err)
			continue
		}
		if text, ok := t.Static(); ok {
			if err := checkHeaderValue(text); err != nil {
				b.Add(m.Value.Pos, m.Path, "%v", err)
				continue
			}
		}
		headers = append(headers, config.Header{Name: name, Value: t})
	}
	return headers
}

// overlay merges headers into those of a wider scope: the nearest of a name wins, at
// the position of the one that it replaces. One without a Value removes a wider one.
func overlay(wide, near []config.Header) []config.Header {
	merged := slices.Clone(wide)
	for _, h := range near {
		i := slices.IndexFunc(merged, func(w config.Header) bool { return w.Is(h.Name) })
		switch {
		case i >= 0 && h.Value == nil:
			merged = slices.Delete(merged, i, i+1)
		case i >= 0:
			merged[i] = h
		case h.Value != nil:
			merged = append(merged, h)
		}
	}
	return merged
}

// constant is a template that must be known when the file is read.
func (b *builder) constant(v *grammar.Value) (string, bool) { return b.fixed(b.shared, v) }

// fixed is constant in a scope of its own.
func (b *builder) fixed(s *expr.Scope, v *grammar.Value) (string, bool) {
	t := b.template(s, v)
	if t == nil {
		return "", false
	}
	text, ok := t.Static()
	if !ok {
		b.Add(v.Pos, v.Path, "changes from request to request; write a fixed text, or env()")
	}
	return text, ok
}

// checkHeaderValue refuses what would end a header line.
func checkHeaderValue(text string) error {
	for _, r := range text {
		if r < ' ' && r != '\t' || r == 0x7f {
			return fmt.Errorf("the header value holds %q; write it on one line, without control characters", r)
		}
	}
	return nil
}
