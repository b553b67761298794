package openapi

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// add makes a step of an operation, behind those that it needs; nil while it is
// being made: it cannot need itself.
func (v *groupBuilder) add(op *operation) *draft.Step {
	if s, ok := v.made[op]; ok { // it was needed before
		return s
	}
	v.made[op] = nil
	if op.method == "GET" { // what lists things finds one that was made
		if post := v.api.operationAt("POST", strings.TrimSuffix(op.path, "/")); post != nil &&
			post.tag == op.tag && post != v.api.login {
			v.add(post)
		}
	}
	s := &draft.Step{Method: op.method}
	m := &stepBuilder{group: v, step: s, writes: harm.Writes(op.method), bounded: map[string]bool{}}
	s.Path = op.path // until its values are known
	path := v.path(op, m)
	query, names := v.query(op, m)
	s.Path = path + query
	if name := op.path + names; strings.Contains(name, "{") && !template.VariablesOnly(s.Path) {
		s.Name = op.method + " " + naming.Line(name)
	}
	v.headers(op, m)
	if op.RequestBody != nil && op.RequestBody.Value != nil {
		v.body(op.RequestBody.Value.Content, m)
	}
	_, asks, _ := strings.Cut(s.Path, "?")
	m.addReferences(op, asks)
	s.CommentOut(m.target.Refuse(op.method))
	s.CommentOut(harm.Request(op.method, op.path, asks, op.OperationID))
	if word := harm.Description(m.writes, op.Summary, op.Description); word != "" && op.method != "DELETE" {
		s.CommentOut(fmt.Sprintf("its description says %q", word))
	}
	if !s.Commented {
		s.CommentOut(m.target.RefuseDeed(op.method, op.path, op.OperationID, op.Summary, op.Description))
	}
	s.CommentOut(harm.Body(s.Content()))
	if harm.ListsIDs(s.Content()) {
		s.CommentOut(harm.Target{Foreign: []string{"the ids that its body lists"}}.Refuse(op.method))
	}
	if !s.Commented {
		s.LookAll(harm.Concerns(s.Method, s.Path, s.Content()))
	}
	v.made[op] = s
	v.steps = append(v.steps, s)
	return s
}

// addReferences notes what the query and the body refer to.
func (m *stepBuilder) addReferences(op *operation, query string) {
	if !m.writes {
		return
	}
	t := m.group.api.things
	t.Made = func(_, value string) bool { return m.group.isMade(value) }
	t.Bounded = func(name string) bool { return m.bounded[name] }
	asked := node.Map()
	for _, part := range strings.Split(query, "&") {
		if key, v, has := strings.Cut(part, "="); has {
			node.Set(asked, key, node.Text(v))
		}
	}
	m.target.AddReferences(t, op.path, asked)
	m.target.AddReferences(t, op.path, m.step.Content())
}

// ignoredHeader are headers that a description cannot set: OpenAPI ignores the first three as
// parameters, and the client makes the others. The security of a group has its Authorization.
var ignoredHeader = regexp.MustCompile(`(?i)^(authorization|accept|content-type|content-length|host|` +
	`transfer-encoding|connection|upgrade)$`)

func (v *groupBuilder) headers(op *operation, m *stepBuilder) {
	for _, ref := range op.parameters {
		p := ref.Value
		if p == nil || p.In != "header" || !p.Required || p.Schema == nil || !naming.IsHeader(p.Name) {
			continue
		}
		if ignoredHeader.MatchString(p.Name) {
			continue
		}
		m.sender = true
		t, sure := "", false
		if example, ok := exampleOf(p.Example, p.Examples); !ok {
			t, sure = m.text(p.Name, p.Schema)
		} else if t, sure = m.secret(p.Name, "", example); !sure {
			t, sure = template.Escape(naming.Line(exampleText(example))), true
			m.noteID(p.Name, t)
		}
		m.sender = false
		if !sure {
			m.step.Looks = append(m.step.Looks, "is "+p.Name+" right?")
		}
		m.step.Headers = append(m.step.Headers, draft.Pair{Name: p.Name, Text: t})
	}
}

// body is what an operation sends, as JSON where that is possible.
func (v *groupBuilder) body(content openapi3.Content, m *stepBuilder) {
	for _, kind := range []struct{ mime, key string }{{"application/json", "json"},
		{"application/x-www-form-urlencoded", "form"}} {
		media := mediaOf(content, kind.mime)
		if media == nil {
			continue
		}
		if example, ok := exampleOf(media.Example, media.Examples); ok {
			m.step.Body = &draft.Body{Key: kind.key, Content: m.example("", example, media.Schema)}
		} else if media.Schema != nil {
			m.step.Body = &draft.Body{Key: kind.key, Content: m.value("body", media.Schema, 0)}
		}
		if kind.key == "form" && m.step.Body != nil && m.step.Body.Content.Kind != node.Map().Kind {
			m.step.Body = nil
		}
		if m.step.Body != nil {
			return
		}
	}
	if len(content) > 0 {
		kinds := slices.Sorted(maps.Keys(content))
		m.step.Commented = true
		m.step.Looks = append(m.step.Looks, "its body is "+strings.Join(kinds, " or ")+
			": write text, file or multipart")
	}
}
