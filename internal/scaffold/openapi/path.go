package openapi

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// path is the path of an operation with its values.
func (v *groupBuilder) path(op *operation, m *stepBuilder) string {
	own := !m.writes && v.ownPath(op)
	var out strings.Builder
	rest, done := op.path, 0
	for {
		at := naming.Placeholder.FindStringSubmatchIndex(rest)
		if at == nil {
			return out.String() + template.EscapePath(rest)
		}
		out.WriteString(template.EscapePath(rest[:at[0]]))
		collection := strings.TrimSuffix(op.path[:done+at[0]], "/")
		out.WriteString(v.parameter(op, collection, rest[at[2]:at[3]], own, m))
		rest, done = rest[at[1]:], done+at[1]
	}
}

// ownPath says whether all that the path of a request names is made by the
// group: what it made is what it reads.
func (v *groupBuilder) ownPath(op *operation) bool {
	all := naming.Placeholder.FindAllStringSubmatchIndex(op.path, -1)
	for _, at := range all {
		collection := strings.TrimSuffix(op.path[:at[0]], "/")
		post := v.api.operationAt("POST", collection)
		if post == nil || post.tag != v.group.Name && !v.api.canDelete(collection) {
			return false
		}
		if _, ok := v.createdID(collection, op.path[at[2]:at[3]]); !ok {
			return false
		}
	}
	return len(all) > 0
}

// parameter is the value of a part of a path below a collection.
func (v *groupBuilder) parameter(op *operation, collection, name string, own bool, m *stepBuilder) string {
	var p *openapi3.Parameter
	for _, ref := range op.parameters {
		if ref.Value != nil && ref.Value.In == "path" && ref.Value.Name == name {
			p = ref.Value
			break
		}
	}
	if m.writes || own {
		if id, ok := v.createdID(collection, name); ok {
			m.target.Own = true
			return template.Variable(id)
		}
		m.target.AddForeign(name)
	} else if id, ok := v.listedID(collection, name); ok {
		return template.Variable(id)
	}
	if p == nil {
		m.step.CommentOut(name + " is not described")
		return "{" + name + "}"
	}
	before := collection[strings.LastIndex(collection, "/")+1:]
	if example, ok := exampleOf(p.Example, p.Examples); ok && secrets.InPath(before, exampleText(example)) {
		m.askFor(draft.VariableFor(name), name)
		return v.api.draft.SecretFor(name)
	} else if t, secret := m.secret(name, "", example); ok && secret {
		return template.InURL(t, url.PathEscape)
	} else if ok && m.writes {
		return template.Escape(url.PathEscape(exampleText(example)))
	} else if ok {
		m.step.Look(fmt.Sprintf("is %s %s there? It is the description's example", name, exampleText(example)))
		return template.Escape(url.PathEscape(exampleText(example)))
	}
	if p.Schema == nil || p.Schema.Value == nil {
		m.step.CommentOut(name + " has no schema")
		return "{" + name + "}"
	}
	t, sure := m.text(name, p.Schema)
	if m.writes {
		return template.InURL(t, url.PathEscape) // it is a comment
	}
	if s := v.api.resolve(p.Schema.Value, 0); s != nil && (s.Example != nil || len(s.Examples) > 0) {
		m.step.Look(fmt.Sprintf("is %s %s there? It is the description's example", name, t))
	} else if !sure {
		m.step.Look(fmt.Sprintf("which %s are there?", name))
		m.step.Commented = m.step.Commented || !strings.HasPrefix(t, "${ int(")
	}
	return template.InURL(t, url.PathEscape)
}
