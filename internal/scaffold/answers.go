package scaffold

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/expr"
)

// listed is the variable that holds the id of something in a collection: of one
// that its list answers with, else of one that this group made.
func (v *visit) listed(collection, name string) (string, bool) {
	if id, ok := v.known[collection+" "+name]; ok {
		return id, true
	}
	nested := len(hole.FindAllString(collection, -1)) > 0
	otherwise := func() (string, bool) {
		if nested { // what it lies in was not made by this group
			return "", false
		}
		return v.created(collection, name)
	}
	if !nested && v.api.deleted(collection) { // another user may delete what is listed
		if id, ok := v.created(collection, name); ok {
			return id, true
		}
	}
	op := v.api.find("GET", collection)
	if op == nil || nested && !v.inside(collection) {
		return otherwise()
	}
	where, ok := v.api.itemID(v.api.answerOf(op), name, collection)
	if !ok {
		return otherwise()
	}
	s := v.add(op)
	if s == nil || s.off {
		return otherwise()
	}
	id := v.variable(collection, name)
	s.capture = append(s.capture, pair{id, where})
	v.known[collection+" "+name] = id
	return id, true
}

// created is the variable that holds the id of something that this group made.
func (v *visit) created(collection, name string) (string, bool) {
	key := "POST " + collection + " " + name
	if id, ok := v.known[key]; ok {
		return id, true
	}
	op := v.api.find("POST", collection)
	if op == nil || op == v.api.login {
		return "", false
	}
	where, ok := ownID(v.api.answerOf(op), name, collection)
	if !ok {
		return "", false
	}
	s := v.add(op)
	if s == nil || s.off {
		return "", false
	}
	if at := slices.IndexFunc(s.capture, func(c pair) bool { return c.text == where }); at >= 0 {
		v.known[key] = s.capture[at].name
		return s.capture[at].name, true
	}
	id := v.variable(collection, name)
	s.capture = append(s.capture, pair{id, where})
	v.known[key] = id
	return id, true
}

// find is an operation by its method and path; nil: there is none.
func (a *api) find(method, path string) *operation {
	for _, op := range a.operations {
		if op.method == method && strings.TrimSuffix(op.path, "/") == path {
			return op
		}
	}
	return nil
}

// deleted says whether things of a collection can be deleted.
func (a *api) deleted(collection string) bool {
	return slices.ContainsFunc(a.operations, func(op *operation) bool {
		rest, ok := strings.CutPrefix(op.path, collection+"/{")
		return ok && op.method == "DELETE" && strings.HasSuffix(rest, "}") && !strings.Contains(rest, "/")
	})
}

// inside says whether the group knows an id from a list for what a collection
// lies in.
func (v *visit) inside(collection string) bool {
	before, after, _ := strings.Cut(collection, "/{")
	name, _, _ := strings.Cut(after, "}")
	_, ok := v.known[before+" "+name]
	return ok
}

// variable is a name for what finds something in a collection.
func (v *visit) variable(collection, name string) string {
	last := ""
	for _, part := range strings.Split(collection, "/") {
		if part != "" && !strings.HasPrefix(part, "{") {
			last = part
		}
	}
	base := singular(last) + "_id"
	if !findsByID(name, collection) {
		base = name // a username says more than user_id
	}
	return unused(base, func(name string) bool {
		for _, id := range v.known {
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
	last := strings.ToLower(singular(collection[strings.LastIndex(collection, "/")+1:]))
	return isAnyID(name) || strings.ToLower(name) == last || name == "slug" || name == "key"
}

// unused is a name that is valid, and not taken yet.
func unused(base string, taken func(string) bool) string {
	base = regexp.MustCompile(`[^A-Za-z0-9_]+`).ReplaceAllString(base, "_")
	if !expr.ValidName(base) {
		base = "id_" + base
	}
	name := base
	for i := 2; taken(name) || expr.Reserved(name) || !expr.ValidName(name); i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	return name
}

// singular is one of several, as English forms it most often.
func singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies") && len(word) > 4:
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"):
		return word[:len(word)-2]
	case strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && len(word) > 2:
		return word[:len(word)-1]
	}
	return word
}

// answerOf is the schema of an operation's good answer; nil: it is not told.
func (a *api) answerOf(op *operation) *openapi3.Schema {
	if op.Responses == nil {
		return nil
	}
	for _, status := range []string{"200", "201", "202", "2XX", "default"} {
		ref := op.Responses.Value(status)
		if ref == nil || ref.Value == nil {
			continue
		}
		if media := mediaOf(ref.Value.Content, "application/json"); media != nil && media.Schema != nil {
			return a.chosen(media.Schema.Value, 0)
		}
	}
	return nil
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
		id, ok := idOf(a.chosen(list.Items.Value, 0), name, collection)
		return "pick(" + where + ")." + id, ok
	}
	if is(answer, "array") {
		return pick(answer, "body")
	}
	for _, property := range slices.Sorted(maps.Keys(answer.Properties)) {
		if s := answer.Properties[property].Value; s != nil && is(s, "array") && expr.ValidName(property) {
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
		singular(collection[strings.LastIndex(collection, "/")+1:])} {
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
	of := singular(collection[strings.LastIndex(collection, "/")+1:])
	candidates := []string{name}
	if findsByID(name, collection) {
		candidates = append(candidates, "id", of+"_id", of+"Id", "_id", "uuid", "slug")
	}
	for _, candidate := range candidates {
		ref, ok := s.Properties[candidate]
		if ok && ref.Value != nil && expr.ValidName(candidate) && !is(ref.Value, "array") && !is(ref.Value, "object") {
			return candidate, true
		}
	}
	return "", false
}
