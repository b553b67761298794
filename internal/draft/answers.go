package draft

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
	if id, ok := v.known[collection]; ok {
		return id, true
	}
	if v.api.deleted(collection) { // another user may delete what is listed
		if id, ok := v.created(collection); ok {
			return id, true
		}
	}
	op := v.api.find("GET", collection)
	if op == nil || len(hole.FindAllString(collection, -1)) > 0 && v.api.nested(v, collection) == nil {
		return v.created(collection)
	}
	where, ok := v.api.itemID(v.api.answerOf(op), name, collection)
	if !ok {
		return v.created(collection)
	}
	s := v.add(op)
	if s == nil || s.off {
		return v.created(collection)
	}
	id := v.variable(collection)
	s.capture = append(s.capture, pair{id, where})
	v.known[collection] = id
	return id, true
}

// created is the variable that holds the id of something that this group made.
func (v *visit) created(collection string) (string, bool) {
	key := "POST " + collection
	if id, ok := v.known[key]; ok {
		return id, true
	}
	op := v.api.find("POST", collection)
	if op == nil || op == v.api.login {
		return "", false
	}
	where, ok := ownID(v.api.answerOf(op))
	if !ok {
		return "", false
	}
	s := v.add(op)
	if s == nil || s.off {
		return "", false
	}
	id := v.variable(collection)
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

// nested is the list of a collection that lies below something else, when that
// something's id is known to the group.
func (a *api) nested(v *visit, collection string) *operation {
	before, _, _ := strings.Cut(collection, "/{")
	if _, ok := v.known[before]; !ok {
		return nil
	}
	return a.find("GET", collection)
}

// variable is a name for the id of something in a collection.
func (v *visit) variable(collection string) string {
	last := ""
	for _, part := range strings.Split(collection, "/") {
		if part != "" && !strings.HasPrefix(part, "{") {
			last = part
		}
	}
	return unused(singular(last)+"_id", func(name string) bool {
		for _, id := range v.known {
			if id == name {
				return true
			}
		}
		return false
	})
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

// ownID is the expression for the id of what an answer is of.
func ownID(answer *openapi3.Schema) (string, bool) {
	if answer == nil {
		return "", false
	}
	id, ok := idOf(answer, "id", "")
	return "body." + id, ok
}

// idOf is the property of an object that a path of a name is made with.
func idOf(s *openapi3.Schema, name, collection string) (string, bool) {
	if s == nil {
		return "", false
	}
	for _, candidate := range []string{name, "id", singular(collection[strings.LastIndex(collection, "/")+1:]) + "_id", "_id", "uuid", "slug"} {
		ref, ok := s.Properties[candidate]
		if ok && ref.Value != nil && expr.ValidName(candidate) && !is(ref.Value, "array") && !is(ref.Value, "object") {
			return candidate, true
		}
	}
	return "", false
}
