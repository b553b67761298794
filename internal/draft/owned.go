package draft

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// own notes an id that is sent, as a template or a value, where the step writes
// and its group made nothing that has it. One that is drawn anew finds nothing.
func (m *maker) own(name, value string) {
	if m.sender && senders.MatchString(name) || clientID.MatchString(name) && loginPath.MatchString(m.step.path) {
		return
	}
	if m.writes && namesThing(name) && !strings.Contains(value, "uuid()") && !m.visit.isMade(value) {
		m.aim.foreign = append(m.aim.foreign, name)
	}
}

// clientID is what a program shows where it asks for a token.
var clientID = regexp.MustCompile(`(?i)^client[_-]?id$`)

// isMade says whether a template is a variable for what this group made.
func (v *visit) isMade(template string) bool {
	for key, id := range v.known {
		if strings.HasPrefix(key, "POST ") && template == "${ "+id+" }" {
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
			if _, plain := e[key].(string); may && m.writes && namesThing(key) {
				continue
			} else if plain && secretName.MatchString(key) {
				set(out, key, text(m.visit.api.draft.secret("LOADGATE_PASSWORD", changeMe)))
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
	v := constant(example)
	m.own(name, v.Value)
	return v
}
