package scaffold

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
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

// api is an OpenAPI document and what becomes of it.
type api struct {
	draft      *Draft
	doc        *openapi3.T
	operations []*operation
	login      *operation                  // nil: none was found
	left       []string                    // what is no load, in words
	seen       int                         // schemas that were looked at
	names      map[*openapi3.Schema]string // of schemas that have one; nil: not looked up yet
}

// OpenAPI drafts a file from a description in OpenAPI 3.0 or 3.1 or Swagger 2.0,
// as JSON or YAML. Nothing that it refers to outside of itself is read. Requests are
// grouped by tag; ids of paths come from answers of requests before them where
// the description shows how, else from its examples. A request whose path nobody
// can know from the description is a comment in the file.
func OpenAPI(src []byte, o Options) (*Draft, error) {
	doc, err := load(src)
	if err != nil {
		return nil, fmt.Errorf("read OpenAPI: %w", err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.") {
		return nil, fmt.Errorf("read OpenAPI: openapi is %q: only versions 2.0 (Swagger), 3.0 and 3.1 are known",
			doc.OpenAPI)
	}
	a := &api{draft: &Draft{origin: "OpenAPI", url: cmp.Or(o.URL, "http://localhost:8000")}, doc: doc}
	if doc.Info != nil {
		a.draft.name = doc.Info.Title
		a.draft.origin = strings.TrimSpace("the OpenAPI description of " + doc.Info.Title)
	}
	a.server(o)
	if err := a.collect(); err != nil {
		return nil, err
	}
	a.findLogin()
	for _, tag := range a.tags() {
		a.group(tag)
	}
	d := a.draft
	if a.left != nil {
		d.addLook("left out: " + strings.Join(a.left, ", "))
	}
	if slices.ContainsFunc(a.operations, func(op *operation) bool { return op.method != "GET" }) {
		d.addLook("some requests write: load a service whose data may change")
	}
	d.guesses()
	return d.finish(o)
}

// server is where the service is, as its description says, with the defaults of
// its variables; a path alone is below where the description was found.
func (a *api) server(o Options) {
	if len(a.doc.Servers) == 0 || a.doc.Servers[0] == nil {
		return
	}
	address, filled := filledIn(a.doc.Servers[0])
	u, err := url.Parse(address)
	if err != nil || strings.ContainsAny(address, "{}") {
		if o.URL == "" {
			a.draft.addLook("the description's server " + oneLine(address) + " is no address: is target.url right?")
		}
		return
	}
	switch {
	case u.Host != "" && o.URL == "":
		a.draft.url = u.String()
	case u.Path != "" && u.Path != "/":
		if base, err := url.Parse(a.draft.url); err == nil && strings.Trim(base.Path, "/") == "" {
			base.Path = "/" + strings.Trim(u.Path, "/")
			a.draft.url = base.String()
		}
	}
	if filled != nil && (o.URL == "" || u.Path != "") {
		a.draft.addLook("target.url has the defaults of the description's server: " + strings.Join(filled, ", "))
	}
}

// filledIn is the address of a server with the defaults of its variables, which
// are named; of one without a default its first value.
func filledIn(s *openapi3.Server) (address string, filled []string) {
	address = s.URL
	for _, name := range slices.Sorted(maps.Keys(s.Variables)) {
		v := s.Variables[name]
		if v == nil || !strings.Contains(address, "{"+name+"}") {
			continue
		}
		value := v.Default
		if value == "" && len(v.Enum) > 0 {
			value = v.Enum[0]
		}
		if value == "" {
			continue
		}
		address = strings.ReplaceAll(address, "{"+name+"}", value)
		filled = append(filled, oneLine(name+" "+value))
	}
	return address, filled
}

// Paths that are not what users ask for.
var (
	healthPath = regexp.MustCompile(
		`(?i)^(/api|/v\d+)?/(health|healthz|ready|readyz|live|livez|ping|up|status|health/(live|ready))/?$`)
	toolPath = regexp.MustCompile(`(?i)^/(metrics|openapi\.(json|yaml)|docs|redoc|swagger.*)(/.*)?$`)
)

// collect takes in what can be asked of the service.
func (a *api) collect() error {
	if a.doc.Paths == nil {
		return errors.New("read OpenAPI: there are no paths in it")
	}
	for path, item := range a.doc.Paths.Map() {
		for method, op := range item.Operations() {
			x := &operation{method: method, path: "/" + strings.TrimLeft(path, "/"), Operation: op}
			x.parameters = append(append(x.parameters, op.Parameters...), item.Parameters...)
			x.tag = tagOf(x)
			a.operations = append(a.operations, x)
		}
	}
	slices.SortFunc(a.operations, func(x, y *operation) int {
		return cmp.Or(
			cmp.Compare(strings.Count(x.path, "{"), strings.Count(y.path, "{")),
			strings.Compare(x.path, y.path),
			cmp.Compare(slices.Index(methods, x.method), slices.Index(methods, y.method)),
		)
	})
	kept := a.operations[:0]
	for _, op := range a.operations {
		switch {
		case op.method == "GET" && healthPath.MatchString(op.path):
			a.draft.ready = cmp.Or(a.draft.ready, op.path)
		case op.Deprecated:
			a.left = append(a.left, op.method+" "+op.path+" (deprecated)")
		case toolPath.MatchString(op.path) || op.method == "OPTIONS" || !slices.Contains(methods, op.method):
			a.left = append(a.left, op.method+" "+op.path)
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
		return oneLine(strings.TrimSpace(op.Tags[0]))
	}
	for _, part := range strings.Split(op.path, "/") {
		if part != "" && part != "api" && !regexp.MustCompile(`^v\d+$`).MatchString(part) &&
			!strings.HasPrefix(part, "{") {
			return part
		}
	}
	return "users"
}

func (a *api) tags() []string {
	var tags []string
	for _, op := range a.operations {
		if !slices.Contains(tags, op.tag) {
			tags = append(tags, op.tag)
		}
	}
	slices.Sort(tags)
	return tags
}

func (a *api) group(tag string) {
	v := &visit{api: a, group: &group{name: tag, wait: "1s..5s"},
		known: map[string]string{}, made: map[*operation]*step{}}
	for _, op := range a.operations {
		if op.tag == tag && op != a.login {
			v.add(op)
		}
	}
	v.group.steps = inOrder(v.steps)
	if len(v.steps) == 0 {
		return
	}
	a.secure(v.group, slices.DeleteFunc(slices.Clone(a.operations),
		func(op *operation) bool { return op.tag != tag || op == a.login }))
	a.draft.groups = append(a.draft.groups, v.group)
}

// inOrder are steps with those that delete at the end, the innermost first: what
// was deleted cannot be read.
func inOrder(steps []*step) []*step {
	deletes := func(s *step) int {
		if s.method != "DELETE" {
			return 0
		}
		return 1000 - strings.Count(s.path, "/")
	}
	slices.SortStableFunc(steps, func(a, b *step) int { return cmp.Compare(deletes(a), deletes(b)) })
	return steps
}
