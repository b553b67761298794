package scaffold

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// maker makes values of a step from their schemas.
type maker struct {
	visit *visit
	step  *step
	nodes int // made so far

	writes bool // the step may change something
	sender bool // what is made is a header, which may say who sends
	aim    aim
}

// Bounds of what is made of a schema: those that refer to themselves end.
const (
	deepest  = 6
	mostKeys = 40
	mostOf   = 5   // items of a list
	mostMade = 300 // values of one request
)

// is says whether a schema is of a type, by its name or its keys.
func is(s *openapi3.Schema, kind string) bool {
	if s.Type != nil && len(*s.Type) > 0 {
		return s.Type.Includes(kind)
	}
	switch kind {
	case "object":
		return len(s.Properties) > 0
	case "array":
		return s.Items != nil
	}
	return false
}

// text is a value as a template, for a path, query or header. sure is false
// where the description does not say what the service knows.
func (m *maker) text(name string, ref *openapi3.SchemaRef) (text string, sure bool) {
	s := m.visit.api.chosen(ref.Value, 0)
	if s == nil {
		return "loadgate", false
	}
	v := m.value(name, ref, 0)
	if len(v.Content) > 0 {
		v = v.Content[0] // one of a list
	}
	narrow := s.Min != nil && s.Max != nil && *s.Max-*s.Min <= 10_000
	return v.Value, given(s) || narrow || is(s, "boolean") || s.Format == "date" || s.Format == "date-time"
}

// given says whether a schema names values.
func given(s *openapi3.Schema) bool {
	return s.Example != nil || len(s.Examples) > 0 || len(s.Enum) > 0 || s.Const != nil || s.Default != nil
}

// value is one value that fits a schema: what the description gives, else drawn
// anew for each request.
func (m *maker) value(name string, ref *openapi3.SchemaRef, depth int) *value {
	v := m.make(name, ref, depth)
	if len(v.Content) == 0 {
		m.own(name, v.Value)
	}
	return v
}

func (m *maker) make(name string, ref *openapi3.SchemaRef, depth int) *value {
	m.nodes++
	var s *openapi3.Schema
	if ref != nil {
		s = m.visit.api.chosen(ref.Value, 0)
	}
	if s == nil {
		return object()
	}
	if id, ok := m.reference(name, s); ok {
		return text(variableText(id))
	}
	if m.writes && userName.MatchString(name) && is(s, "string") &&
		s.Format != "email" && !strings.Contains(strings.ToLower(name), "mail") {
		return text("loadgate${ seq() }") // an example may be somebody
	}
	if example := first(append([]any{s.Example}, append(slices.Clone(s.Examples), s.Default)...)...); len(s.Enum) == 0 {
		if t, ok := m.instead(name, s.Format, example); ok {
			return text(t)
		}
	}
	for _, one := range append([]any{s.Const}, s.Enum...) { // a choice of one may pay, too
		if plain, ok := one.(string); ok && pays(plain) {
			t, _ := m.instead(name, s.Format, plain)
			return text(t)
		}
	}
	switch values := known(s.Enum); {
	case s.Example != nil:
		return m.given(name, s.Example, &openapi3.SchemaRef{Value: s})
	case len(s.Examples) > 0:
		return m.given(name, s.Examples[0], &openapi3.SchemaRef{Value: s})
	case s.Const != nil:
		return constant(s.Const)
	case len(values) == 1:
		return constant(values[0])
	case len(values) > 1 && written(values) != "":
		return text("${ pick(" + written(values) + ") }")
	case s.Default != nil:
		return constant(s.Default)
	}
	switch {
	case is(s, "object"):
		return m.object(s, depth)
	case is(s, "array"):
		return m.list(name, s, depth)
	case is(s, "integer"):
		return whole(name, s)
	case is(s, "number"):
		low, high := bounds(s, 1, 100)
		return text(fmt.Sprintf("${ float(%s, %s) }", decimal(low), decimal(high)))
	case is(s, "boolean"):
		return text("${ chance(0.5) }")
	case is(s, "string"):
		return m.words(name, s)
	}
	return literal("loadgate")
}

// reference is the variable for what a name such as tutor_id is of, where the
// service lists such things.
func (m *maker) reference(name string, s *openapi3.Schema) (string, bool) {
	of, ok := strings.CutSuffix(strings.ToLower(name), "_id")
	if !ok {
		of, ok = strings.CutSuffix(name, "Id")
		of = strings.ToLower(of)
	}
	if !ok || of == "" || is(s, "array") || is(s, "object") {
		return "", false
	}
	method := "GET"
	if m.writes {
		method = "POST" // what it writes to must be its group's
	}
	for _, op := range m.visit.api.operations {
		at := strings.LastIndex(strings.TrimSuffix(op.path, "/"), "/")
		if op.method == method && !strings.Contains(op.path, "{") &&
			singular(strings.ToLower(strings.TrimSuffix(op.path, "/")[at+1:])) == of {
			collection := strings.TrimSuffix(op.path, "/")
			if m.writes {
				id, ok := m.visit.created(collection, "id")
				m.aim.own = m.aim.own || ok
				return id, ok
			}
			return m.visit.listed(collection, "id")
		}
	}
	return "", false
}

// known are the values of an enum that are not null.
func known(values []any) []any {
	return slices.DeleteFunc(slices.Clone(values), func(v any) bool { return v == nil })
}

// written is values as arguments of an expression; empty where they are no
// texts and numbers.
func written(values []any) string {
	var out []string
	for _, v := range values {
		switch v := v.(type) {
		case string:
			out = append(out, quoted(v))
		case float64:
			out = append(out, decimal(v))
		default:
			return ""
		}
	}
	return strings.Join(out, ", ")
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// bounds are the least and greatest value of a number, or what may stand for
// them.
func bounds(s *openapi3.Schema, low, span float64) (float64, float64) {
	if s.Min != nil {
		low = *s.Min
	} else if s.Max != nil && *s.Max < low {
		low = *s.Max - span
	}
	step := 0.0
	if is(s, "integer") {
		step = 1
	} else {
		step = span / 100
	}
	switch b := s.ExclusiveMin; {
	case b.Value != nil:
		low = *b.Value + step
	case b.Bool != nil && *b.Bool:
		low += step
	}
	high := low + span - step
	if s.Max != nil {
		high = min(high, *s.Max)
	}
	switch b := s.ExclusiveMax; {
	case b.Value != nil:
		high = min(high, *b.Value-step)
	case b.Bool != nil && *b.Bool && s.Max != nil:
		high = min(high, *s.Max-step)
	}
	return low, max(low, high)
}

// whole is a whole number; of ids a small one, which is likely to be there.
func whole(name string, s *openapi3.Schema) *value {
	span := 100.0
	if isID(name) {
		span = 10
	}
	low, high := bounds(s, 1, span)
	low, high = math.Ceil(low), math.Floor(high)
	if s.MultipleOf != nil && *s.MultipleOf > 1 {
		return number(math.Ceil(low / *s.MultipleOf) * *s.MultipleOf)
	}
	if low >= high {
		return number(low)
	}
	return text(fmt.Sprintf("${ int(%s, %s) }", decimal(low), decimal(high)))
}

var idName = regexp.MustCompile(`(?i)(^|_)id$|Id$`)

func isID(name string) bool { return idName.MatchString(name) }

// words is a text of a format, or of a length.
func (m *maker) words(name string, s *openapi3.Schema) *value {
	lower := strings.ToLower(name)
	switch {
	case s.Format == "date-time":
		return text("${ now() }")
	case s.Format == "date":
		return text("${ string(now())[0:10] }")
	case s.Format == "uuid":
		return text("${ uuid() }")
	case s.Format == "uri" || s.Format == "url":
		return text("https://example.com/")
	case s.Format == "ipv4":
		return text("192.0.2.1")
	case s.Format == "email" || strings.Contains(lower, "email"):
		return text("user${ seq() }@example.com")
	case aPassword.MatchString(name) || s.Format == "password" || secretNamed(name):
		variable := "LOADGATE_PASSWORD"
		if !aPassword.MatchString(name) && s.Format != "password" {
			variable = variableFor(name)
		}
		m.step.look("set " + variable)
		return text(m.visit.api.draft.secret(variable))
	case strings.Contains(lower, "username"):
		return text("loadgate${ seq() }")
	}
	if m.writes && isSecretHeader(name) {
		m.step.hold(name + " is not known")
	}
	if s.Pattern != "" {
		m.step.looks = append(m.step.looks, fmt.Sprintf("%s has to match %s", name, s.Pattern))
	}
	word := "loadgate"
	for uint64(len(word)) < s.MinLength && len(word) < 10_000 {
		word += " loadgate"
	}
	if s.MaxLength != nil && uint64(len(word)) > *s.MaxLength {
		word = word[:*s.MaxLength]
	}
	return literal(word)
}

func (m *maker) object(s *openapi3.Schema, depth int) *value {
	out := object()
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
			if !required && m.writes && namesThing(name) {
				continue // the service gives it, or it is of somebody else
			}
			set(out, name, m.value(name, p, depth+1))
		}
	}
	return out
}

func (m *maker) list(name string, s *openapi3.Schema, depth int) *value {
	out := list()
	if depth > deepest || m.nodes > mostMade {
		return out
	}
	for range min(max(s.MinItems, 1), mostOf) {
		out.Content = append(out.Content, m.value(singular(name), s.Items, depth+1))
	}
	return out
}
