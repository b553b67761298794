package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// mostOperations is how many requests a draft may have.
const mostOperations = 1000

// operation is one method of one path.
type operation struct {
	method, path string
	tag          string
	*openapi3.Operation
	parameters openapi3.Parameters // those of the path too
}

// api is an OpenAPI document and the draft that is made from it.
type api struct {
	draft      *draft.Draft
	doc        *openapi3.T
	operations []*operation
	login      *operation                  // nil: none was found
	leftOut    []string                    // what is no load, in words
	things     harm.Things                 // that the paths name
	seen       int                         // schemas that were looked at
	names      map[*openapi3.Schema]string // of schemas that have one; nil: not looked up yet
}

var (
	// Paths that are not what users ask for.
	healthPath = regexp.MustCompile(
		`(?i)^(/api|/v\d+)?/(health|healthz|ready|readyz|live|livez|ping|up|status|health/(live|ready))/?$`)
	toolPath = regexp.MustCompile(`(?i)^/(metrics|openapi\.(json|yaml)|docs|redoc|swagger.*)(/.*)?$`)
)

// collect gathers the operations of the service, without those that are no load.
func (a *api) collect() error {
	if a.doc.Paths == nil {
		return errors.New("read OpenAPI: there are no paths in it")
	}
	for path, item := range a.doc.Paths.Map() {
		for method, op := range item.Operations() {
			x := &operation{method: method, path: "/" + strings.TrimLeft(path, "/"), Operation: op}
			x.parameters = append(x.parameters, op.Parameters...)
			for _, ref := range item.Parameters { // those of the operation override them
				if ref.Value != nil && op.Parameters.GetByInAndName(ref.Value.In, ref.Value.Name) == nil {
					x.parameters = append(x.parameters, ref)
				}
			}
			x.tag = tagOf(x)
			a.things.AddPath(x.path)
			a.operations = append(a.operations, x)
		}
	}
	slices.SortFunc(a.operations, func(x, y *operation) int {
		return cmp.Or(
			cmp.Compare(strings.Count(x.path, "{"), strings.Count(y.path, "{")),
			strings.Compare(x.path, y.path),
			cmp.Compare(slices.Index(draft.Methods, x.method), slices.Index(draft.Methods, y.method)),
		)
	})
	kept := a.operations[:0]
	for _, op := range a.operations {
		switch {
		case op.method == "GET" && healthPath.MatchString(op.path):
			a.draft.Ready = cmp.Or(a.draft.Ready, op.path)
		case op.Deprecated:
			a.leftOut = append(a.leftOut, op.method+" "+op.path+" (deprecated)")
		case toolPath.MatchString(op.path) || op.method == "OPTIONS" || !slices.Contains(draft.Methods, op.method):
			a.leftOut = append(a.leftOut, op.method+" "+op.path)
		case len(kept) == mostOperations:
			return fmt.Errorf("read OpenAPI: more than %d requests: cut the description down to what users do",
				mostOperations)
		default:
			kept = append(kept, op)
		}
	}
	a.operations = kept
	return nil
}

// tagOf is the group of an operation: its first tag, else the first part of its
// path that is no version.
func tagOf(op *operation) string {
	if len(op.Tags) > 0 && strings.TrimSpace(op.Tags[0]) != "" {
		return naming.Line(strings.TrimSpace(op.Tags[0]))
	}
	for _, part := range strings.Split(op.path, "/") {
		if part != "" && part != "api" && !regexp.MustCompile(`^v\d+$`).MatchString(part) &&
			!strings.HasPrefix(part, "{") {
			return part
		}
	}
	return "users"
}

// operationAt is an operation by its method and path; nil: there is none.
func (a *api) operationAt(method, path string) *operation {
	for _, op := range a.operations {
		if op.method == method && strings.TrimSuffix(op.path, "/") == path {
			return op
		}
	}
	return nil
}

// canDelete says whether things of a collection can be deleted.
func (a *api) canDelete(collection string) bool {
	return slices.ContainsFunc(a.operations, func(op *operation) bool {
		rest, ok := strings.CutPrefix(op.path, collection+"/{")
		return ok && op.method == "DELETE" && strings.HasSuffix(rest, "}") && !strings.Contains(rest, "/")
	})
}

// schemes are the security schemes of the description, by name.
func (a *api) schemes() map[string]*openapi3.SecurityScheme {
	found := map[string]*openapi3.SecurityScheme{}
	if a.doc.Components == nil {
		return found
	}
	for name, ref := range a.doc.Components.SecuritySchemes {
		if ref != nil && ref.Value != nil {
			found[name] = ref.Value
		}
	}
	return found
}

// mediaOf is the content of a type, or else of one that serves for it; nil: none.
func mediaOf(content openapi3.Content, mime string) *openapi3.MediaType {
	var alike *openapi3.MediaType
	for _, name := range slices.Sorted(maps.Keys(content)) {
		kind, _, _ := strings.Cut(name, ";")
		switch {
		case kind == mime:
			return content[name]
		case alike == nil && mime == "application/json" && (strings.HasSuffix(kind, "+json") || kind == "*/*"):
			alike = content[name]
		}
	}
	return alike
}

// exampleOf is an example that the description gives.
func exampleOf(one any, several openapi3.Examples) (any, bool) {
	if one != nil {
		return one, true
	}
	for _, name := range slices.Sorted(maps.Keys(several)) {
		if ref := several[name]; ref != nil && ref.Value != nil && ref.Value.Value != nil {
			return ref.Value.Value, true
		}
	}
	return nil, false
}
