package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

const (
	mostKeys = 40
	mostOf   = 5   // items of a list
	mostMade = 300 // values of one request
	// smallBound is an upper bound that a description gives to quantities, and not to ids.
	smallBound = 1000
)

// text is a value as a template, for a path, query or header. sure is false
// where the description does not say what the service knows.
func (m *stepBuilder) text(name string, ref *openapi3.SchemaRef) (text string, sure bool) {
	s := m.group.api.resolve(ref.Value, 0)
	if s == nil {
		return "loadgate", false
	}
	v := m.value(name, ref, 0)
	if len(v.Content) > 0 {
		v = v.Content[0] // one of a list
	}
	narrow := s.Min != nil && s.Max != nil && *s.Max-*s.Min <= 10_000
	return v.Value, hasValue(s) || narrow || hasType(s, "boolean") || s.Format == "date" || s.Format == "date-time"
}

// value is one value that fits a schema: what the description gives, else drawn
// anew for each request.
func (m *stepBuilder) value(name string, ref *openapi3.SchemaRef, depth int) *node.Value {
	v := m.draw(name, ref, depth)
	if len(v.Content) == 0 {
		m.noteID(name, v.Value)
	}
	return v
}

func (m *stepBuilder) draw(name string, ref *openapi3.SchemaRef, depth int) *node.Value {
	m.nodes++
	var s *openapi3.Schema
	if ref != nil {
		s = m.group.api.resolve(ref.Value, 0)
	}
	if s == nil {
		return node.Map()
	}
	if id, ok := m.reference(name, s); ok {
		return node.Text(template.Variable(id))
	}
	if m.writes && userName.MatchString(name) && hasType(s, "string") &&
		s.Format != "email" && !strings.Contains(strings.ToLower(name), "mail") {
		return node.Text("loadgate${ seq() }") // an example may be somebody
	}
	if example := firstNotNil(append([]any{s.Example}, append(slices.Clone(s.Examples), s.Default)...)...); len(
		s.Enum) == 0 {
		if t, ok := m.secret(name, s.Format, example); ok {
			return node.Text(t)
		}
	}
	for _, one := range append([]any{s.Const}, s.Enum...) { // a choice of one may pay, too
		if plain, ok := one.(string); ok && secrets.IsPayment(plain) {
			t, _ := m.secret(name, s.Format, plain)
			return node.Text(t)
		}
	}
	switch values := notNull(s.Enum); {
	case s.Example != nil:
		return m.example(name, s.Example, &openapi3.SchemaRef{Value: s})
	case len(s.Examples) > 0:
		return m.example(name, s.Examples[0], &openapi3.SchemaRef{Value: s})
	case s.Const != nil:
		return constant(s.Const)
	case len(values) == 1:
		return constant(values[0])
	case len(values) > 1 && arguments(values) != "":
		return node.Text("${ pick(" + arguments(values) + ") }")
	case s.Default != nil:
		return constant(s.Default)
	}
	switch {
	case hasType(s, "object"):
		return m.object(s, depth)
	case hasType(s, "array"):
		return m.list(name, s, depth)
	case hasType(s, "integer"):
		if s.Max != nil && *s.Max <= smallBound && m.bounded != nil {
			m.bounded[name] = true
		}
		return integer(name, s)
	case hasType(s, "number"):
		return number(s)
	case hasType(s, "boolean"):
		return node.Text("${ chance(0.5) }")
	case hasType(s, "string"):
		return m.words(name, s)
	}
	return node.Literal("loadgate")
}

// words is a text of a format, or of a length.
func (m *stepBuilder) words(name string, s *openapi3.Schema) *node.Value {
	lower := strings.ToLower(name)
	switch {
	case s.Format == "date-time":
		return node.Text("${ now() }")
	case s.Format == "date":
		return node.Text("${ string(now())[0:10] }")
	case s.Format == "uuid":
		return node.Text("${ uuid() }")
	case s.Format == "uri" || s.Format == "url":
		return node.Text("https://example.com/")
	case s.Format == "ipv4":
		return node.Text("192.0.2.1")
	case s.Format == "email" || strings.Contains(lower, "email"):
		return node.Text("user${ seq() }@example.com")
	case ownPassword.MatchString(name) || s.Format == "password" || secrets.InName(name):
		variable := "LOADGATE_PASSWORD"
		if !ownPassword.MatchString(name) && s.Format != "password" {
			variable = draft.VariableFor(name)
		}
		m.step.Look("set " + variable)
		return node.Text(m.group.api.draft.Secret(variable))
	case strings.Contains(lower, "username"):
		return node.Text("loadgate${ seq() }")
	}
	if m.writes && secrets.IsHeader(name) {
		m.step.CommentOut(name + " is not known")
	}
	if s.Pattern != "" {
		m.step.Looks = append(m.step.Looks, fmt.Sprintf("%s has to match %s", name, s.Pattern))
	}
	word := "loadgate"
	for uint64(len(word)) < s.MinLength && len(word) < 10_000 {
		word += " loadgate"
	}
	if s.MaxLength != nil && uint64(len(word)) > *s.MaxLength {
		word = word[:*s.MaxLength]
	}
	return node.Literal(word)
}

func (m *stepBuilder) object(s *openapi3.Schema, depth int) *node.Value {
	out := node.Map()
	if depth > deepest || m.nodes > mostMade {
		return out
	}
	names := slices.Sorted(maps.Keys(s.Properties))
	for _, required := range []bool{true, false} {
		if !required && len(out.Content) > 0 {
			break // what is optional may stay away, unless there is nothing else
		}
		for _, name := range names {
			p := s.Properties[name]
			if p.Value == nil || p.Value.ReadOnly || m.nodes > mostMade ||
				required != slices.Contains(s.Required, name) || len(out.Content) >= 2*mostKeys {
				continue
			}
			if !required && m.writes && naming.NamesThing(name) {
				continue // the service gives it, or it is of somebody else
			}
			node.Set(out, name, m.value(name, p, depth+1))
		}
	}
	return out
}

func (m *stepBuilder) list(name string, s *openapi3.Schema, depth int) *node.Value {
	out := node.List()
	if depth > deepest || m.nodes > mostMade {
		return out
	}
	for range min(max(s.MinItems, 1), mostOf) {
		out.Content = append(out.Content, m.value(naming.Singular(name), s.Items, depth+1))
	}
	return out
}
