package scaffold

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// own notes an id that is sent, as a template or a value, where the step writes
// and its group made nothing that has it. One that is drawn anew finds nothing.
func (m *maker) own(name, value string) {
	if m.sender && namesSender(name) || clientID.MatchString(name) && isLogin(m.step.path) {
		return
	}
	if m.writes && namesThing(name) && !strings.Contains(value, "uuid()") && !m.visit.isMade(value) {
		m.aim.addForeign(name)
	}
}

// clientID is what a program shows where it asks for a token.
var clientID = regexp.MustCompile(`(?i)^client[_-]?id$`)

// isMade says whether a template is a variable for what this group made.
func (v *visit) isMade(text string) bool {
	for key, id := range v.known {
		if strings.HasPrefix(key, "POST ") && text == variableText(id) {
			return true
		}
	}
	return false
}

// given is an example of a description, without the ids in it that may stay
// away.
func (m *maker) given(name string, example any, ref *openapi3.SchemaRef) *value {
	switch e := example.(type) {
	case map[string]any:
		var required []string
		if ref != nil && ref.Value != nil {
			required = m.visit.api.chosen(ref.Value, 0).Required
		}
		out := object()
		for _, key := range slices.Sorted(maps.Keys(e)) {
			may := ref != nil && !slices.Contains(required, key)
			format := ""
			if ref != nil && ref.Value != nil {
				if p := m.visit.api.chosen(ref.Value, 0).Properties[key]; p != nil && p.Value != nil {
					format = p.Value.Format
				}
			}
			if may && m.writes && namesThing(key) {
				continue
			} else if t, ok := m.instead(key, format, e[key]); ok {
				set(out, key, text(t))
				continue
			}
			set(out, key, m.given(key, e[key], nil))
		}
		return out
	case []any:
		out := list()
		for _, item := range e {
			out.Content = append(out.Content, m.given(name, item, nil))
		}
		return out
	}
	if t, ok := m.instead(name, "", example); ok {
		return text(t)
	}
	v := constant(example)
	m.own(name, v.Value)
	return v
}

// instead is what stands for an example that opens a door: a variable of the
// environment, which a look names.
func (m *maker) instead(name, format string, example any) (text string, ok bool) {
	d := m.visit.api.draft
	var plain string
	switch v := example.(type) {
	case string:
		plain = v
	case float64, int:
		if plain = plainText(v); !opensNumber(name, plain) && format != "password" {
			return "", false
		}
	}
	number := false
	if _, is := example.(string); !is && plain != "" {
		number = true
	}
	if plain == "" || !number && format != "password" && !isSecret(name, plain) {
		masked, names := withoutInline(plain,
			func(name string) string { return d.secretFor(name) })
		for _, name := range names {
			m.unshown(variableFor(name), name)
		}
		return masked, names != nil
	}
	variable := variableFor(name)
	if format == "password" || aPassword.MatchString(name) {
		variable = "LOADGATE_PASSWORD"
	}
	m.unshown(variable, name)
	return d.secret(variable), true
}

func (m *maker) unshown(variable, name string) {
	m.step.look(fmt.Sprintf("set %s: the example of %s is not here", variable, oneLine(name)))
}

// aPassword is the name of a user's own password.
var aPassword = regexp.MustCompile(`(?i)^(user|login|j)?[_-]?(pass|pwd|psw|pw|pass(word|wd|wort)|kennwort|mdp)$`)

// constant is a value of a description, in which nothing is an expression.
func constant(v any) *value {
	switch v := v.(type) {
	case nil:
		return scalar("!!null", "null")
	case bool:
		return truth(v)
	case float64:
		return number(v)
	case int:
		return number(float64(v))
	case int64:
		return number(float64(v))
	case string:
		return literal(v)
	case []any:
		out := list()
		for _, item := range v {
			out.Content = append(out.Content, constant(item))
		}
		return out
	case map[string]any:
		out := object()
		for _, name := range slices.Sorted(maps.Keys(v)) {
			set(out, name, constant(v[name]))
		}
		return out
	}
	return literal(fmt.Sprint(v))
}

// plainText is an example as it stands in an address.
func plainText(v any) string {
	if f, ok := v.(float64); ok {
		return decimal(f)
	}
	return fmt.Sprint(v)
}
