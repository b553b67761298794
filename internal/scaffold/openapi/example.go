package openapi

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// example is an example of a description, without the ids in it that may stay
// away.
func (m *stepBuilder) example(name string, example any, ref *openapi3.SchemaRef) *node.Value {
	switch e := example.(type) {
	case map[string]any:
		var required []string
		if ref != nil && ref.Value != nil {
			required = m.group.api.resolve(ref.Value, 0).Required
		}
		out := node.Map()
		for _, key := range slices.Sorted(maps.Keys(e)) {
			may := ref != nil && !slices.Contains(required, key)
			format := ""
			if ref != nil && ref.Value != nil {
				if p := m.group.api.resolve(ref.Value, 0).Properties[key]; p != nil && p.Value != nil {
					format = p.Value.Format
				}
			}
			if may && m.writes && naming.NamesThing(key) {
				continue
			} else if t, ok := m.secret(key, format, e[key]); ok {
				node.Set(out, key, node.Text(t))
				continue
			}
			node.Set(out, key, m.example(key, e[key], nil))
		}
		return out
	case []any:
		out := node.List()
		for _, item := range e {
			out.Content = append(out.Content, m.example(name, item, nil))
		}
		return out
	}
	if t, ok := m.secret(name, "", example); ok {
		return node.Text(t)
	}
	v := constant(example)
	m.noteID(name, v.Value)
	return v
}

// secret is what replaces an example that is a secret: a variable of the
// environment, which a line with look: names.
func (m *stepBuilder) secret(name, format string, example any) (text string, ok bool) {
	d := m.group.api.draft
	var plain string
	switch v := example.(type) {
	case string:
		plain = v
	case float64, int:
		if plain = exampleText(v); !secrets.IsNumber(name, plain) && format != "password" {
			return "", false
		}
	}
	number := false
	if _, is := example.(string); !is && plain != "" {
		number = true
	}
	if plain == "" || !number && format != "password" && !secrets.Is(name, plain) {
		masked, names := secrets.Mask(plain,
			func(name, _ string) string { return d.SecretFor(name) })
		for _, name := range names {
			m.askFor(draft.VariableFor(name), name)
		}
		return masked, names != nil
	}
	variable := draft.VariableFor(name)
	if format == "password" || ownPassword.MatchString(name) {
		variable = "LOADGATE_PASSWORD"
	}
	m.askFor(variable, name)
	return d.Secret(variable), true
}

// ownPassword is the name of a user's own password.
var ownPassword = regexp.MustCompile(`(?i)^(user|login|j)?[_-]?(pass|pwd|psw|pw|pass(word|wd|wort)|kennwort|mdp)$`)

// constant is a value of a description, in which nothing is an expression.
func constant(v any) *node.Value {
	switch v := v.(type) {
	case nil:
		return node.Scalar("!!null", "null")
	case bool:
		return node.Bool(v)
	case float64:
		return node.Number(v)
	case int:
		return node.Number(float64(v))
	case int64:
		return node.Number(float64(v))
	case string:
		return node.Literal(v)
	case []any:
		out := node.List()
		for _, item := range v {
			out.Content = append(out.Content, constant(item))
		}
		return out
	case map[string]any:
		out := node.Map()
		for _, name := range slices.Sorted(maps.Keys(v)) {
			node.Set(out, name, constant(v[name]))
		}
		return out
	}
	return node.Literal(fmt.Sprint(v))
}

// exampleText is an example as an address has it.
func exampleText(v any) string {
	if f, ok := v.(float64); ok {
		return node.Decimal(f)
	}
	return fmt.Sprint(v)
}
