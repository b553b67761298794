package openapi

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// listedID is the variable that holds the id of something in a collection: of one
// that its list answers with, else of one that this group made.
func (v *groupBuilder) listedID(collection, name string) (string, bool) {
	if id, ok := v.variables[collection+" "+name]; ok {
		return id, true
	}
	nested := len(naming.Placeholder.FindAllString(collection, -1)) > 0
	otherwise := func() (string, bool) {
		if nested { // what it lies in was not made by this group
			return "", false
		}
		return v.createdID(collection, name)
	}
	if !nested && v.api.canDelete(collection) { // another user may delete what is listed
		if id, ok := v.createdID(collection, name); ok {
			return id, true
		}
	}
	op := v.api.operationAt("GET", collection)
	if op == nil || nested && !v.knowsParent(collection) {
		return otherwise()
	}
	where, ok := v.api.itemID(v.api.answerOf(op), name, collection)
	if !ok {
		return otherwise()
	}
	s := v.add(op)
	if s == nil || s.Commented {
		return otherwise()
	}
	id := v.variableName(collection, name)
	s.Captures = append(s.Captures, draft.Pair{Name: id, Text: where})
	v.variables[collection+" "+name] = id
	return id, true
}

// createdID is the variable that holds the id of something that this group made.
func (v *groupBuilder) createdID(collection, name string) (string, bool) {
	key := "POST " + collection + " " + name
	if id, ok := v.variables[key]; ok {
		return id, true
	}
	op := v.api.operationAt("POST", collection)
	if op == nil || op == v.api.login {
		return "", false
	}
	where, ok := ownID(v.api.answerOf(op), name, collection)
	if !ok {
		return "", false
	}
	s := v.add(op)
	if s == nil || s.Commented {
		return "", false
	}
	if at := slices.IndexFunc(s.Captures, func(c draft.Pair) bool { return c.Text == where }); at >= 0 {
		v.variables[key] = s.Captures[at].Name
		return s.Captures[at].Name, true
	}
	id := v.variableName(collection, name)
	s.Captures = append(s.Captures, draft.Pair{Name: id, Text: where})
	v.variables[key] = id
	return id, true
}

// knowsParent says whether the group knows an id from a list for what a collection
// lies in.
func (v *groupBuilder) knowsParent(collection string) bool {
	before, after, _ := strings.Cut(collection, "/{")
	name, _, _ := strings.Cut(after, "}")
	_, ok := v.variables[before+" "+name]
	return ok
}

// variableName is a name for what finds something in a collection.
func (v *groupBuilder) variableName(collection, name string) string {
	last := ""
	for _, part := range strings.Split(collection, "/") {
		if part != "" && !strings.HasPrefix(part, "{") {
			last = part
		}
	}
	base := naming.Singular(last) + "_id"
	if !findsByID(name, collection) {
		base = name // a username says more than user_id
	}
	return draft.UnusedName(base, func(name string) bool {
		for _, id := range v.variables {
			if id == name {
				return true
			}
		}
		return name == "token"
	})
}

// findsByID says whether a hole of a path is an id: by its name, or because it is
// called as what it finds.
func findsByID(name, collection string) bool {
	last := strings.ToLower(naming.Singular(collection[strings.LastIndex(collection, "/")+1:]))
	return naming.IsAnyID(name) || strings.ToLower(name) == last || name == "slug" || name == "key"
}

// itemID is the expression for the id of one item of a list that is the answer,
// or in it.
func (a *api) itemID(answer *openapi3.Schema, name, collection string) (string, bool) {
	if answer == nil {
		return "", false
	}
	pick := func(list *openapi3.Schema, where string) (string, bool) {
		if list.Items == nil || list.Items.Value == nil {
			return "", false
		}
		id, ok := idOf(a.resolve(list.Items.Value, 0), name, collection)
		return "pick(" + where + ")." + id, ok
	}
	if hasType(answer, "array") {
		return pick(answer, "body")
	}
	for _, property := range slices.Sorted(maps.Keys(answer.Properties)) {
		if s := answer.Properties[property].Value; s != nil && hasType(s, "array") && expr.ValidName(property) {
			if where, ok := pick(s, "body."+property); ok {
				return where, true
			}
		}
	}
	return "", false
}

// ownID is the expression for the id of what an answer is of, or what it wraps.
func ownID(answer *openapi3.Schema, name, collection string) (string, bool) {
	if answer == nil {
		return "", false
	}
	if id, ok := idOf(answer, name, collection); ok {
		return "body." + id, true
	}
	for _, wrap := range []string{"data", "result", "item",
		naming.Singular(collection[strings.LastIndex(collection, "/")+1:])} {
		ref, ok := answer.Properties[wrap]
		if !ok || ref.Value == nil || !expr.ValidName(wrap) {
			continue
		}
		if id, ok := idOf(ref.Value, name, collection); ok {
			return "body." + wrap + "." + id, true
		}
	}
	return "", false
}

// idOf is the property of an object that a path of a name is made with: a
// username is no id.
func idOf(s *openapi3.Schema, name, collection string) (string, bool) {
	if s == nil {
		return "", false
	}
	of := naming.Singular(collection[strings.LastIndex(collection, "/")+1:])
	candidates := []string{name}
	if findsByID(name, collection) {
		candidates = append(candidates, "id", of+"_id", of+"Id", "_id", "uuid", "slug")
	}
	for _, candidate := range candidates {
		ref, ok := s.Properties[candidate]
		if ok && ref.Value != nil && expr.ValidName(candidate) &&
			!hasType(ref.Value, "array") && !hasType(ref.Value, "object") {
			return candidate, true
		}
	}
	return "", false
}

// reference is the variable for what a name such as tutor_id is of, where the
// service lists such things.
func (m *stepBuilder) reference(name string, s *openapi3.Schema) (string, bool) {
	of, ok := strings.CutSuffix(strings.ToLower(name), "_id")
	if !ok {
		of, ok = strings.CutSuffix(name, "Id")
		of = strings.ToLower(of)
	}
	if !ok && m.writes && !m.sender && !harm.IsQuantity(name) && (hasType(s, "integer") || s.Format == "uuid") {
		of, ok = strings.ToLower(name), true // an item may be the id of an item
	}
	if !ok || of == "" || hasType(s, "array") || hasType(s, "object") {
		return "", false
	}
	method := "GET"
	if m.writes {
		method = "POST" // what it writes to must be its group's
	}
	for _, op := range m.group.api.operations {
		at := strings.LastIndex(strings.TrimSuffix(op.path, "/"), "/")
		if op.method == method && !strings.Contains(op.path, "{") &&
			naming.Singular(strings.ToLower(strings.TrimSuffix(op.path, "/")[at+1:])) == of {
			collection := strings.TrimSuffix(op.path, "/")
			if m.writes {
				id, ok := m.group.createdID(collection, "id")
				m.target.Own = m.target.Own || ok
				return id, ok
			}
			return m.group.listedID(collection, "id")
		}
	}
	return "", false
}
