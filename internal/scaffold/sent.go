package scaffold

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"
	"gopkg.in/yaml.v3"
)

// body is what a request sent, without secrets, by what it is: a browser's fetch
// calls JSON and forms text/plain.
func (s *session) body(st *step, e *entryHAR) {
	p := e.Request.PostData
	kind, _, _ := strings.Cut(strings.ToLower(p.MimeType), ";")
	kind = strings.TrimSpace(kind)
	if action := actionOf(p.MimeType); writingWord(action) != "" {
		st.hold("its Content-Type says " + oneLine(action))
	}
	text := strings.TrimPrefix(p.Text, "\ufeff")
	switch {
	case strings.HasPrefix(kind, "multipart/") || parts.MatchString(text):
		st.off = true
		st.looks = append(st.looks, "its body was a file or several parts: write multipart")
	case isJSON(text) && !strings.Contains(kind, "ndjson") || kind != "application/x-ndjson" &&
		strings.HasSuffix(kind, "json") && gjson.Valid(text):
		s.json(st, kind, text)
	case kind == "application/x-www-form-urlencoded" && jsonLines(text) == nil || text != "" && isForm(text):
		s.form(st, kind, text, p.Params)
	default:
		s.text(st, kind, text)
	}
	if st.body != nil && p.MimeType != "" && !hasHeader(st.headers, "Content-Type") && !strings.HasPrefix(kind, usual[st.body.key]) {
		st.headers = append(st.headers, pair{"Content-Type", escaped(oneLine(p.MimeType))})
	}
}

// parts is the beginning of a body of several parts.
var parts = regexp.MustCompile(`(?i)^\s*--\S+\r?\ncontent-disposition:`)

// usual are the content types that the ways of the file to write a body have.
var usual = map[string]string{
	"json": "application/json", "form": "application/x-www-form-urlencoded", "text": "text/plain",
}

func (s *session) json(st *step, kind, text string) {
	s.content = said(text)
	before := len(st.looks)
	tree := s.tree("", gjson.Parse(text), st, 0)
	switch {
	case !s.hides(tree) && fits(gjson.Parse(text)):
		st.body = &body{"json", tree}
	case len(st.looks) == before && !st.secret && !replaced(tree) && !s.hides(tree):
		s.verbatim(st, kind, text, "application/json")
	default:
		s.omit(st)
	}
}

func (s *session) form(st *step, kind, text string, params []namedHAR) {
	form := object()
	fields := formOf(text, params)
	s.content = saidForm(fields)
	before, plain := len(st.looks), true
	for _, f := range fields {
		if !slices.Contains(names(form), f.Name) { // a form has a name once here
			set(form, f.Name, s.shown(f.Name, f.Value, st))
		}
		plain = plain && len(f.Name) <= longestName && !strings.ContainsFunc(f.Name, unicode.IsControl)
	}
	switch {
	case len(form.Content) == 0:
	case s.hides(form), asksFor(st.path) && slices.ContainsFunc(fields, alone):
		s.omit(st)
	case plain:
		st.body = &body{"form", form}
	case len(st.looks) == before && !st.secret && !replaced(form) && text != "":
		s.verbatim(st, kind, text, usual["form"])
	default:
		s.omit(st)
	}
}

// alone says whether a field of a form is a value without a name.
func alone(f namedHAR) bool { return f.Value == "" && !namesUser(f.Name) }

// longestName is how long a name of a form may be in the file, in bytes.
const longestName = 500

func (s *session) text(st *step, kind, text string) {
	s.content = said(text)
	if speaks(text) || opens(text) || slices.ContainsFunc(strings.Fields(text), opens) || s.tells(st, s.content) {
		s.omit(st)
		return
	}
	if m := idInText.FindString(text); m != "" {
		s.aim.addForeign("an id in its body")
	}
	s.verbatim(st, kind, text, "")
}

// verbatim writes a body as the text that it was.
func (s *session) verbatim(st *step, kind, text, otherwise string) {
	st.body = &body{"text", literal(text)}
	if kind == "" && otherwise != "" {
		st.headers = append(st.headers, pair{"Content-Type", otherwise})
	}
}

// omit leaves out a body that may hold a secret, or that no file can hold as it was.
func (s *session) omit(st *step) {
	st.body = nil
	st.hold("its body may hold a secret, or what no file can hold, and is not here: write text")
}

// hides says whether a name of a body is a secret, as where JSON was sent as a form.
func (s *session) hides(v *value) bool {
	for name, c := range children("", v) {
		if v.Kind == yaml.MappingNode &&
			(nameOpens(name) || strings.ContainsAny(name, "{}\"<>=:; ") && speaks(name)) {
			return true
		}
		if s.hides(c) {
			return true
		}
	}
	return false
}

// nameOpens says whether a name is a secret itself: many names change between small and
// capital letters, few have digits all over.
func nameOpens(name string) bool {
	digits := len(regexp.MustCompile(`[0-9]+`).FindAllString(name, -1))
	return aToken.MatchString(name) || aKey.MatchString(name) || pays(name) || shows(name) || digits > 1 && opens(name)
}

// tells says whether a value of a text, such as a line of JSON, is a secret.
func (s *session) tells(st *step, v *value) bool {
	login := asksFor(st.path)
	var walk func(key string, v *value) bool
	walk = func(key string, v *value) bool {
		if len(v.Content) == 0 {
			return v.Value != "" && (isSecret(key, v.Value) || key != "" && login && entrance(key, v.Value))
		}
		for name, c := range children(key, v) {
			if walk(name, c) {
				return true
			}
		}
		return false
	}
	return login && len(v.Content) == 0 || walk("", v)
}

// replaced says whether something of a tree is an expression.
func replaced(v *value) bool {
	if v.Kind == yaml.ScalarNode {
		return hasExpression(v.Value)
	}
	return slices.ContainsFunc(v.Content, replaced)
}

// fits says whether a file can hold the numbers of a JSON value as they are.
func fits(v gjson.Result) (ok bool) {
	ok = true
	switch {
	case v.IsObject() || v.IsArray():
		v.ForEach(func(_, child gjson.Result) bool {
			ok = fits(child)
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
