package draft

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loadgate/loadgate/internal/expr"
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
	login      *operation // nil: none was found
	left       []string   // what is no load, in words
	seen       int        // schemas that were looked at
}

// OpenAPI drafts a file from a description in OpenAPI 3.0 or 3.1, as JSON or
// YAML. Nothing that it refers to outside of itself is read. Requests are
// grouped by tag; ids of paths come from answers of requests before them where
// the description shows how, else from its examples. A request whose path nobody
// can know from the description is a comment in the file.
func OpenAPI(src []byte, o Options) (*Draft, error) {
	doc, err := openapi3.NewLoader().LoadFromData(src)
	if err != nil {
		return nil, fmt.Errorf("read OpenAPI: %w", err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.") {
		return nil, fmt.Errorf("read OpenAPI: openapi is %q: only versions 3.0 and 3.1 are known", doc.OpenAPI)
	}
	a := &api{draft: &Draft{origin: "OpenAPI", url: "http://localhost:8000"}, doc: doc}
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
		d.looks = append(d.looks, "left out: "+strings.Join(a.left, ", "))
	}
	if slices.ContainsFunc(a.operations, func(op *operation) bool { return op.method != "GET" }) {
		d.looks = append(d.looks, "some requests write: load a service whose data may change")
	}
	d.guesses()
	return d.finish(o)
}

// server is where the service is, as its description says; a path alone is
// below where the description was found.
func (a *api) server(o Options) {
	if len(a.doc.Servers) == 0 {
		return
	}
	u, err := url.Parse(a.doc.Servers[0].URL)
	switch {
	case err != nil || strings.ContainsAny(a.doc.Servers[0].URL, "{}"):
		return
	case u.Host != "" && o.URL == "":
		a.draft.url = u.String()
	case u.Path != "" && u.Path != "/":
		if base, err := url.Parse(cmp.Or(o.URL, a.draft.url)); err == nil && strings.Trim(base.Path, "/") == "" {
			base.Path = "/" + strings.Trim(u.Path, "/")
			a.draft.url = base.String()
		}
	}
}

// Paths that are not what users ask for.
var (
	healthPath = regexp.MustCompile(`(?i)^(/api|/v\d+)?/(health|healthz|ready|readyz|live|livez|ping|up|status|health/(live|ready))/?$`)
	toolPath   = regexp.MustCompile(`(?i)^/(metrics|openapi\.(json|yaml)|docs|redoc|swagger.*)(/.*)?$`)
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
			return fmt.Errorf("read OpenAPI: more than %d requests: cut the description down to what users do", mostOperations)
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
		if part != "" && part != "api" && !regexp.MustCompile(`^v\d+$`).MatchString(part) && !strings.HasPrefix(part, "{") {
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

// visit is one group while its steps are made.
type visit struct {
	api   *api
	group *group
	known map[string]string // variables that steps capture, by what they are of: the path of a collection
	made  map[*operation]*step
	steps []*step
}

func (a *api) group(tag string) {
	v := &visit{api: a, group: &group{name: tag, wait: "1s..5s"}, known: map[string]string{}, made: map[*operation]*step{}}
	for _, op := range a.operations {
		if op.tag == tag && op != a.login {
			v.add(op)
		}
	}
	v.group.steps = v.steps
	if len(v.steps) == 0 {
		return
	}
	a.secure(v.group, slices.DeleteFunc(slices.Clone(a.operations), func(op *operation) bool { return op.tag != tag || op == a.login }))
	a.draft.groups = append(a.draft.groups, v.group)
}

// add makes a step of an operation, behind those that it needs; nil while it is
// being made: it cannot need itself.
func (v *visit) add(op *operation) *step {
	if s, ok := v.made[op]; ok { // it was needed before
		return s
	}
	v.made[op] = nil
	if op.method == "GET" { // what lists things finds one that was made
		if post := v.api.find("POST", strings.TrimSuffix(op.path, "/")); post != nil && post.tag == op.tag && post != v.api.login {
			v.add(post)
		}
	}
	s := &step{method: op.method}
	m := &maker{visit: v, step: s}
	path := v.path(op, m)
	query, names := v.query(op, m)
	s.path = path + query
	if name := op.path + names; strings.Contains(name, "{") && !capturedOnly(s.path) {
		s.name = op.method + " " + oneLine(name)
	}
	v.headers(op, m)
	if op.RequestBody != nil && op.RequestBody.Value != nil {
		v.body(op.RequestBody.Value.Content, m)
	}
	v.made[op] = s
	v.steps = append(v.steps, s)
	return s
}

var (
	expression = regexp.MustCompile(`\$\{ (.*?) \}`)
	variableID = regexp.MustCompile(`^[a-z_0-9]+$`)
)

// capturedOnly says whether the values of a path are variables, whose names
// name the endpoint.
func capturedOnly(path string) bool {
	all := expression.FindAllStringSubmatch(path, -1)
	for _, m := range all {
		if !variableID.MatchString(m[1]) {
			return false
		}
	}
	return len(all) > 0
}

// hole is a part of a path that stands for a value.
var hole = regexp.MustCompile(`\{([^{}]+)\}`)

// path is the path of an operation with its values.
func (v *visit) path(op *operation, m *maker) string {
	var out strings.Builder
	rest := op.path
	for {
		at := hole.FindStringSubmatchIndex(rest)
		if at == nil {
			return out.String() + escapedPath(rest)
		}
		out.WriteString(escapedPath(rest[:at[0]]))
		before, _, _ := strings.Cut(op.path, rest[at[0]:at[1]])
		out.WriteString(v.parameter(op, strings.TrimSuffix(before, "/"), rest[at[2]:at[3]], m))
		rest = rest[at[1]:]
	}
}

func escapedPath(s string) string { return escaped((&url.URL{Path: s}).EscapedPath()) }

// parameter is the value of a part of a path below a collection.
func (v *visit) parameter(op *operation, collection, name string, m *maker) string {
	var p *openapi3.Parameter
	for _, ref := range op.parameters {
		if ref.Value != nil && ref.Value.In == "path" && ref.Value.Name == name {
			p = ref.Value
			break
		}
	}
	if op.method == "DELETE" { // what others read must stay
		if id, ok := v.created(collection); ok {
			return "${ " + id + " }"
		}
		m.step.off = true
		m.step.looks = append(m.step.looks, "it deletes, and nothing that this group made")
	}
	if id, ok := v.listed(collection, name); ok {
		return "${ " + id + " }"
	}
	if p == nil {
		m.step.off = true
		m.step.looks = append(m.step.looks, name+" is not described")
		return "{" + name + "}"
	}
	if example, ok := exampleOf(p.Example, p.Examples); ok {
		return url.PathEscape(plainText(example))
	}
	if p.Schema == nil || p.Schema.Value == nil {
		m.step.off = true
		m.step.looks = append(m.step.looks, name+" has no schema")
		return "{" + name + "}"
	}
	t, sure := m.text(name, p.Schema)
	if !sure {
		m.step.looks = append(m.step.looks, fmt.Sprintf("which %s are there?", name))
		m.step.off = m.step.off || !strings.HasPrefix(t, "${ int(")
	}
	return inURL(t, url.PathEscape)
}

// inURL is a template as a part of an address: what is no expression is
// escaped.
func inURL(t string, escape func(string) string) string {
	if strings.HasPrefix(t, "${ ") {
		return t
	}
	return escape(strings.ReplaceAll(t, "$${", "${"))
}

// query is what has to be asked, and how that is named: parameters that are
// optional are left out.
func (v *visit) query(op *operation, m *maker) (query, name string) {
	var parts, names []string
	for _, ref := range op.parameters {
		p := ref.Value
		if p == nil || p.In != "query" || !p.Required {
			continue
		}
		t, sure := "", false
		if example, ok := exampleOf(p.Example, p.Examples); ok {
			t, sure = url.QueryEscape(plainText(example)), true
		} else if p.Schema != nil {
			t, sure = m.text(p.Name, p.Schema)
			t = inURL(t, url.QueryEscape)
		}
		if !sure {
			m.step.looks = append(m.step.looks, "is "+p.Name+" right?")
		}
		parts = append(parts, url.QueryEscape(p.Name)+"="+t)
		names = append(names, url.QueryEscape(p.Name)+"={"+p.Name+"}")
	}
	if parts == nil {
		return "", ""
	}
	return "?" + strings.Join(parts, "&"), "?" + strings.Join(names, "&")
}

func (v *visit) headers(op *operation, m *maker) {
	for _, ref := range op.parameters {
		p := ref.Value
		if p == nil || p.In != "header" || !p.Required || p.Schema == nil || strings.EqualFold(p.Name, "Authorization") || !headerName.MatchString(p.Name) {
			continue
		}
		t, sure := m.text(p.Name, p.Schema)
		if !sure {
			m.step.looks = append(m.step.looks, "is "+p.Name+" right?")
		}
		m.step.headers = append(m.step.headers, pair{p.Name, t})
	}
}

var headerName = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// body is what an operation sends, as JSON where that is possible.
func (v *visit) body(content openapi3.Content, m *maker) {
	for _, kind := range []struct{ mime, key string }{{"application/json", "json"}, {"application/x-www-form-urlencoded", "form"}} {
		media := mediaOf(content, kind.mime)
		if media == nil {
			continue
		}
		if example, ok := exampleOf(media.Example, media.Examples); ok {
			m.step.body = &body{kind.key, constant(example)}
		} else if media.Schema != nil {
			m.step.body = &body{kind.key, m.value("body", media.Schema, 0)}
		}
		if kind.key == "form" && m.step.body != nil && m.step.body.content.Kind != object().Kind {
			m.step.body = nil
		}
		if m.step.body != nil {
			return
		}
	}
	if len(content) > 0 {
		kinds := make([]string, 0, len(content))
		for mime := range content {
			kinds = append(kinds, mime)
		}
		slices.Sort(kinds)
		m.step.off = true
		m.step.looks = append(m.step.looks, "its body is "+strings.Join(kinds, " or ")+": write text, file or multipart")
	}
}

func mediaOf(content openapi3.Content, mime string) *openapi3.MediaType {
	for name, media := range content {
		kind, _, _ := strings.Cut(name, ";")
		if kind == mime || mime == "application/json" && (strings.HasSuffix(kind, "+json") || kind == "*/*") {
			return media
		}
	}
	return nil
}

// exampleOf is an example that the description gives.
func exampleOf(one any, several openapi3.Examples) (any, bool) {
	if one != nil {
		return one, true
	}
	names := make([]string, 0, len(several))
	for name := range several {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if ref := several[name]; ref != nil && ref.Value != nil && ref.Value.Value != nil {
			return ref.Value.Value, true
		}
	}
	return nil, false
}

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
	names := make([]string, 0, len(answer.Properties))
	for name := range answer.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, property := range names {
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
