package recording

import (
	"math"
	"mime"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"
	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// body is what a request sent, without secrets, by what it is: a browser's fetch
// calls JSON and forms text/plain.
func (s *session) body(st *draft.Step, e *entry) {
	p := e.Request.Body
	kind, _, _ := strings.Cut(strings.ToLower(p.MimeType), ";")
	kind = strings.TrimSpace(kind)
	if action := soapAction(p.MimeType); harm.WritingWord(action) != "" {
		st.CommentOut("its Content-Type says " + naming.Line(action))
	}
	text := strings.TrimPrefix(p.Text, "\ufeff")
	switch {
	case strings.HasPrefix(kind, "multipart/") || multipart.MatchString(text):
		st.Commented = true
		st.Looks = append(st.Looks, "its body was a file or several parts: write multipart")
	case isJSON(text) && !strings.Contains(kind, "ndjson") || kind != "application/x-ndjson" &&
		strings.HasSuffix(kind, "json") && gjson.Valid(text):
		s.json(st, kind, text)
	case kind == "application/x-www-form-urlencoded" && jsonLines(text) == nil || text != "" && isForm(text):
		s.form(st, kind, text, p.Params)
	default:
		s.text(st, kind, text)
	}
	if st.Body != nil && p.MimeType != "" && !draft.HasHeader(st.Headers, "Content-Type") &&
		!strings.HasPrefix(kind, contentTypes[st.Body.Key]) {
		st.Headers = append(st.Headers,
			draft.Pair{Name: "Content-Type", Text: template.Escape(naming.Line(p.MimeType))})
	}
}

var (
	// multipart is the beginning of a body of several parts.
	multipart = regexp.MustCompile(`(?i)^\s*--\S+\r?\ncontent-disposition:`)
	// contentTypes are the content types that the ways of the file to write a body have.
	contentTypes = map[string]string{
		"json": "application/json", "form": "application/x-www-form-urlencoded", "text": "text/plain",
	}
)

func (s *session) json(st *draft.Step, kind, text string) {
	s.content = content(text)
	if isDeep(gjson.Parse(text), 0) { // what is so deep is not looked at
		s.omitBody(st)
		return
	}
	before := len(st.Looks)
	tree := s.jsonValue("", gjson.Parse(text), st)
	switch {
	case !s.hasSecretName(tree) && numbersFit(gjson.Parse(text)):
		st.Body = &draft.Body{Key: "json", Content: tree}
	case len(st.Looks) == before && !st.Secret && !hasExpression(tree) && !s.hasSecretName(tree):
		s.verbatim(st, kind, text, "application/json")
	default:
		s.omitBody(st)
	}
}

// deepest is how deep JSON of the file may be nested.
const deepest = 30

func isDeep(v gjson.Result, depth int) (deep bool) {
	if depth > deepest {
		return true
	}
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(_, child gjson.Result) bool {
			deep = isDeep(child, depth+1)
			return !deep
		})
	}
	return deep
}

func (s *session) form(st *draft.Step, kind, text string, params []NameValue) {
	form := node.Map()
	fields := formOf(text, params)
	s.content = formContent(fields)
	before, plain := len(st.Looks), true
	seen, repeated, again := map[string]bool{}, node.List(), []string(nil)
	for _, f := range fields {
		v := s.textValue(f.Name, f.Value, st)
		if seen[f.Name] { // a form of the file has a name once
			repeated.Content, again = append(repeated.Content, v), append(again, f.Name)
			if naming.NamesThing(strings.TrimSuffix(f.Name, "[]")) {
				s.target.AddForeign(naming.Line(f.Name))
			}
		} else {
			seen[f.Name] = true
			node.Set(form, f.Name, v)
		}
		plain = plain && len(f.Name) <= longestName && !strings.ContainsFunc(f.Name, unicode.IsControl)
	}
	switch {
	case len(form.Content) == 0:
	case s.hasSecretName(form), secrets.AsksToLogIn(st.Path) && slices.ContainsFunc(fields, hasNoName):
		s.omitBody(st)
	case plain && again == nil:
		st.Body = &draft.Body{Key: "form", Content: form}
	case len(st.Looks) == before && !st.Secret && !hasExpression(form) && !hasExpression(repeated) && text != "":
		s.verbatim(st, kind, text, contentTypes["form"])
	case plain:
		st.Body = &draft.Body{Key: "form", Content: form}
		for _, name := range again {
			st.Look(naming.Line(name) + " was sent several times: only the first is here")
		}
	default:
		s.omitBody(st)
	}
}

// hasNoName says whether a field of a form is a value without a name.
func hasNoName(f NameValue) bool { return f.Value == "" && !secrets.NamesUser(f.Name) }

// longestName is how long a name of a form may be in the file, in bytes.
const longestName = 500

func (s *session) text(st *draft.Step, kind, text string) {
	s.content = content(text)
	if secrets.Mentioned(text) || secrets.InValue(text) || slices.ContainsFunc(strings.Fields(text), secrets.InValue) ||
		s.hasSecret(st, s.content) {
		s.omitBody(st)
		return
	}
	if m := idInText.FindString(text); m != "" {
		s.target.AddForeign("an id in its body")
	}
	s.verbatim(st, kind, text, "")
}

// verbatim writes a body as the text that it was.
func (s *session) verbatim(st *draft.Step, kind, text, otherwise string) {
	st.Body = &draft.Body{Key: "text", Content: node.Literal(text)}
	if kind == "" && otherwise != "" {
		st.Headers = append(st.Headers, draft.Pair{Name: "Content-Type", Text: otherwise})
	}
}

// omitBody leaves out a body that may hold a secret, or that no file can hold as it was.
func (s *session) omitBody(st *draft.Step) {
	st.Body = nil
	st.CommentOut("its body may hold a secret, or what no file can hold, and is left out: write text")
}

// hasSecretName says whether a name of a body is a secret, as where JSON was sent as a form.
func (s *session) hasSecretName(v *node.Value) bool {
	for name, c := range node.Children("", v) {
		if v.Kind == yaml.MappingNode &&
			(secrets.IsName(name) || strings.ContainsAny(name, "{}\"<>=:; ") && secrets.Mentioned(name)) {
			return true
		}
		if s.hasSecretName(c) {
			return true
		}
	}
	return false
}

// hasSecret says whether a value of a text, such as a line of JSON, is a secret.
func (s *session) hasSecret(st *draft.Step, v *node.Value) bool {
	login := secrets.AsksToLogIn(st.Path)
	var walk func(key string, v *node.Value) bool
	walk = func(key string, v *node.Value) bool {
		if len(v.Content) == 0 {
			return v.Value != "" && (secrets.Is(key, v.Value) || key != "" && login && secrets.AtLogin(key, v.Value))
		}
		for name, c := range node.Children(key, v) {
			if walk(name, c) {
				return true
			}
		}
		return false
	}
	return login && len(v.Content) == 0 || walk("", v)
}

// hasExpression says whether something of a tree is an expression.
func hasExpression(v *node.Value) bool {
	if v.Kind == yaml.ScalarNode {
		return template.HasExpression(v.Value)
	}
	return slices.ContainsFunc(v.Content, hasExpression)
}

// numbersFit says whether a file can hold the numbers of a JSON value as they are.
func numbersFit(v gjson.Result) (ok bool) {
	ok = true
	switch {
	case v.IsObject() || v.IsArray():
		v.ForEach(func(_, child gjson.Result) bool {
			ok = numbersFit(child)
			return ok
		})
	case v.Type == gjson.Number && strings.ContainsAny(v.Raw, ".eE"):
		f, err := strconv.ParseFloat(v.Raw, 64)
		return err == nil && !math.IsInf(f, 0)
	case v.Type == gjson.Number:
		if _, err := strconv.ParseInt(v.Raw, 10, 64); err != nil {
			_, err = strconv.ParseUint(v.Raw, 10, 64)
			return err == nil
		}
	}
	return ok
}

// idInText is an id in XML or another text.
var idInText = regexp.MustCompile(`(?i)[a-z_]*id("|')?\s*[>=:]\s*("|')?[0-9a-f-]+|[?&/]id=`)

// soapAction is the action that a content type of SOAP says.
func soapAction(contentType string) string {
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		if _, after, ok := strings.Cut(contentType, "action="); ok {
			return after
		}
	}
	return parameters["action"]
}
