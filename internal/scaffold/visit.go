package scaffold

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// visit is one group while its steps are made.
type visit struct {
	api   *api
	group *group
	known map[string]string // variables that steps capture, by what they are of: the path of a collection
	made  map[*operation]*step
	steps []*step
}

// add makes a step of an operation, behind those that it needs; nil while it is
// being made: it cannot need itself.
func (v *visit) add(op *operation) *step {
	if s, ok := v.made[op]; ok { // it was needed before
		return s
	}
	v.made[op] = nil
	if op.method == "GET" { // what lists things finds one that was made
		if post := v.api.find("POST", strings.TrimSuffix(op.path, "/")); post != nil &&
			post.tag == op.tag && post != v.api.login {
			v.add(post)
		}
	}
	s := &step{method: op.method}
	m := &maker{visit: v, step: s, writes: writes(op.method)}
	s.path = op.path // until its values are known
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
	s.hold(m.aim.refuse(op.method))
	_, asks, _ := strings.Cut(s.path, "?")
	s.hold(harm(op.method, op.path, asks, op.OperationID))
	if word := told(m.writes, op.Summary, op.Description); word != "" && op.method != "DELETE" {
		s.hold(fmt.Sprintf("its description says %q", word))
	}
	s.hold(commanded(s.content()))
	if listsIDs(s.content()) {
		s.hold(aim{foreign: []string{"the ids that its body lists"}}.refuse(op.method))
	}
	if !s.off {
		s.lookAll(concerns(s.method, s.path, s.content()))
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

// placeholders are a path with {name} for each variable and {id} for other expressions.
func placeholders(path string) string {
	return expression.ReplaceAllStringFunc(path, func(e string) string {
		if m := expression.FindStringSubmatch(e); variableID.MatchString(m[1]) {
			return "{" + m[1] + "}"
		}
		return "{id}"
	})
}

// hasExpression says whether something of a template is an expression.
func hasExpression(text string) bool {
	return expression.MatchString(strings.ReplaceAll(text, "$${", ""))
}

// hole is a part of a path that stands for a value.
var hole = regexp.MustCompile(`\{([^{}]+)\}`)

// path is the path of an operation with its values.
func (v *visit) path(op *operation, m *maker) string {
	own := !m.writes && v.ownPath(op)
	var out strings.Builder
	rest, done := op.path, 0
	for {
		at := hole.FindStringSubmatchIndex(rest)
		if at == nil {
			return out.String() + escapedPath(rest)
		}
		out.WriteString(escapedPath(rest[:at[0]]))
		collection := strings.TrimSuffix(op.path[:done+at[0]], "/")
		out.WriteString(v.parameter(op, collection, rest[at[2]:at[3]], own, m))
		rest, done = rest[at[1]:], done+at[1]
	}
}

// ownPath says whether all that the path of a request names is made by the
// group: what it made is what it reads.
func (v *visit) ownPath(op *operation) bool {
	all := hole.FindAllStringSubmatchIndex(op.path, -1)
	for _, at := range all {
		collection := strings.TrimSuffix(op.path[:at[0]], "/")
		post := v.api.find("POST", collection)
		if post == nil || post.tag != v.group.name && !v.api.deleted(collection) {
			return false
		}
		if _, ok := v.created(collection, op.path[at[2]:at[3]]); !ok {
			return false
		}
	}
	return len(all) > 0
}

// queryEscape is a text as a value of a query, in which an address of mail may be
// read.
func queryEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%40", "@") }

func escapedPath(s string) string { return escaped((&url.URL{Path: s}).EscapedPath()) }

// parameter is the value of a part of a path below a collection.
func (v *visit) parameter(op *operation, collection, name string, own bool, m *maker) string {
	var p *openapi3.Parameter
	for _, ref := range op.parameters {
		if ref.Value != nil && ref.Value.In == "path" && ref.Value.Name == name {
			p = ref.Value
			break
		}
	}
	if m.writes || own {
		if id, ok := v.created(collection, name); ok {
			m.aim.own = true
			return variableText(id)
		}
		m.aim.addForeign(name)
	} else if id, ok := v.listed(collection, name); ok {
		return variableText(id)
	}
	if p == nil {
		m.step.hold(name + " is not described")
		return "{" + name + "}"
	}
	before := collection[strings.LastIndex(collection, "/")+1:]
	if example, ok := exampleOf(p.Example, p.Examples); ok && redacted(before, plainText(example)) {
		m.unshown(variableFor(name), name)
		return v.api.draft.secretFor(name)
	} else if t, secret := m.instead(name, "", example); ok && secret {
		return inURL(t, url.PathEscape)
	} else if ok && m.writes {
		return escaped(url.PathEscape(plainText(example)))
	} else if ok {
		m.step.look(fmt.Sprintf("is %s %s there? It is the description's example", name, plainText(example)))
		return escaped(url.PathEscape(plainText(example)))
	}
	if p.Schema == nil || p.Schema.Value == nil {
		m.step.hold(name + " has no schema")
		return "{" + name + "}"
	}
	t, sure := m.text(name, p.Schema)
	if m.writes {
		return inURL(t, url.PathEscape) // it is a comment
	}
	if s := v.api.chosen(p.Schema.Value, 0); s != nil && (s.Example != nil || len(s.Examples) > 0) {
		m.step.look(fmt.Sprintf("is %s %s there? It is the description's example", name, t))
	} else if !sure {
		m.step.look(fmt.Sprintf("which %s are there?", name))
		m.step.off = m.step.off || !strings.HasPrefix(t, "${ int(")
	}
	return inURL(t, url.PathEscape)
}

// look adds what a person must look at, once.
func (s *step) look(what string) {
	if !slices.Contains(s.looks, what) {
		s.looks = append(s.looks, what)
	}
}

// lookAll adds several.
func (s *step) lookAll(what []string) {
	for _, one := range what {
		s.look(one)
	}
}

// hold makes a step a comment, for a reason.
func (s *step) hold(why string) {
	if why != "" && !slices.Contains(s.looks, why) {
		s.off = true
		s.looks = append(s.looks, why)
	}
}

// inURL is a template as a part of an address: what is no expression is
// escaped.
func inURL(t string, escape func(string) string) string {
	var out strings.Builder
	for t != "" {
		begin := strings.Index(t, "${")
		if begin > 0 && t[begin-1] == '$' { // a dollar and a brace as they are
			out.WriteString(escape(t[:begin-1]) + escape("${"))
			t = t[begin+2:]
			continue
		}
		end := -1
		if begin >= 0 {
			end = endOf(t[begin:])
		}
		if end < 0 {
			out.WriteString(escape(t))
			break
		}
		out.WriteString(escape(t[:begin]) + t[begin:begin+end])
		t = t[begin+end:]
	}
	return out.String()
}

// endOf is where the expression at the beginning of a template ends; -1: it does
// not. Braces in its texts do not end it.
func endOf(t string) int {
	quote := false
	for i := 2; i < len(t); i++ {
		switch {
		case quote && t[i] == '\\':
			i++
		case t[i] == '"':
			quote = !quote
		case t[i] == '}' && !quote:
			return i + 1
		}
	}
	return -1
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
		if part, name, ok := v.composed(p, m); ok {
			if part != "" {
				parts, names = append(parts, part), append(names, name)
			}
			continue
		}
		t, sure := "", false
		if example, ok := exampleOf(p.Example, p.Examples); ok {
			if t, sure = m.instead(p.Name, "", example); !sure {
				t, sure = escaped(queryEscape(plainText(example))), true
				m.own(p.Name, t)
			} else {
				t = inURL(t, queryEscape)
			}
		} else if p.Schema != nil {
			t, sure = m.text(p.Name, p.Schema)
			t = inURL(t, queryEscape)
		}
		if !sure {
			m.step.looks = append(m.step.looks, "is "+p.Name+" right?")
		}
		parts = append(parts, escaped(url.QueryEscape(p.Name))+"="+t)
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
		if p == nil || p.In != "header" || !p.Required || p.Schema == nil || !isHeaderName(p.Name) {
			continue
		}
		if strings.EqualFold(p.Name, "Authorization") {
			continue // secure gives it to the whole group
		}
		m.sender = true
		t, sure := m.text(p.Name, p.Schema)
		if example, ok := exampleOf(p.Example, p.Examples); ok {
			if t, sure = m.instead(p.Name, "", example); !sure {
				t, sure = escaped(oneLine(plainText(example))), true
				m.own(p.Name, t)
			}
		}
		m.sender = false
		if !sure {
			m.step.looks = append(m.step.looks, "is "+p.Name+" right?")
		}
		m.step.headers = append(m.step.headers, pair{p.Name, t})
	}
}

// headerName is what a header may be called.
var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// body is what an operation sends, as JSON where that is possible.
func (v *visit) body(content openapi3.Content, m *maker) {
	for _, kind := range []struct{ mime, key string }{{"application/json", "json"},
		{"application/x-www-form-urlencoded", "form"}} {
		media := mediaOf(content, kind.mime)
		if media == nil {
			continue
		}
		if example, ok := exampleOf(media.Example, media.Examples); ok {
			m.step.body = &body{kind.key, m.given("", example, media.Schema)}
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
		kinds := slices.Sorted(maps.Keys(content))
		m.step.off = true
		m.step.looks = append(m.step.looks, "its body is "+strings.Join(kinds, " or ")+
			": write text, file or multipart")
	}
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

// isHeaderName says whether a text can be the name of a header.
func isHeaderName(text string) bool { return headerName.MatchString(text) }
