package scaffold

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// body is what a request sent, without secrets.
func (s *session) body(st *step, e *entryHAR) {
	p := e.Request.PostData
	kind, _, _ := strings.Cut(strings.ToLower(p.MimeType), ";")
	switch {
	case strings.HasSuffix(kind, "json") && gjson.Valid(p.Text):
		st.body = &body{"json", s.tree("", gjson.Parse(p.Text), st, 0)}
	case kind == "application/x-www-form-urlencoded":
		form := object()
		for _, f := range formOf(p.Text, p.Params) {
			if !slices.Contains(names(form), f.Name) { // a form has a name once here
				set(form, f.Name, s.shown(f.Name, f.Value, st))
			}
		}
		if len(form.Content) > 0 {
			st.body = &body{"form", form}
		}
	case strings.HasPrefix(kind, "multipart/"):
		st.off = true
		st.looks = append(st.looks, "its body was a file or several parts: write multipart")
	default:
		if speaks(p.Text) || opens(p.Text) || slices.ContainsFunc(strings.Fields(p.Text), opens) {
			st.off = true
			st.looks = append(st.looks, "its body may hold a secret and is not here: write text")
			return
		}
		if m := idInText.FindString(p.Text); m != "" {
			s.aim.foreign = append(s.aim.foreign, "an id in its body")
		}
		st.body = &body{"text", literal(p.Text)}
		if kind != "" && kind != "text/plain" {
			st.headers = append(st.headers, pair{"Content-Type", escaped(oneLine(p.MimeType))})
		}
	}
}

// idInText is an id in XML or another text.
var idInText = regexp.MustCompile(`(?i)[a-z_]*id("|')?\s*[>=:]\s*("|')?[0-9a-f-]+|[?&/]id=`)

func formOf(text string, params []namedHAR) []namedHAR {
	if len(params) > 0 && text == "" {
		return params
	}
	var found []namedHAR
	for _, part := range strings.Split(text, "&") {
		key, v, _ := strings.Cut(part, "=")
		k, err := url.QueryUnescape(key)
		u, err2 := url.QueryUnescape(v)
		if err == nil && err2 == nil && k != "" {
			found = append(found, namedHAR{k, u})
		}
	}
	return found
}

// tree is a JSON value as it stands in the file.
func (s *session) tree(key string, v gjson.Result, st *step, depth int) *value {
	switch {
	case depth > 30:
		return scalar("!!null", "null")
	case v.IsObject():
		m := object()
		v.ForEach(func(k, child gjson.Result) bool {
			switch {
			case slices.Contains(names(m), k.Str):
			case holdsSecrets.MatchString(key) && child.Type == gjson.String && child.Str != "" &&
				!whoSends.MatchString(k.Str) && !isSecret(k.Str, child.Str):
				set(m, k.Str, s.masked(key+"_"+k.Str, st))
			default:
				set(m, k.Str, s.tree(k.Str, child, st, depth+1))
			}
			return true
		})
		return m
	case v.IsArray():
		l := list()
		for _, child := range v.Array() {
			l.Content = append(l.Content, s.tree(key, child, st, depth+1))
		}
		return l
	case v.Type == gjson.String:
		return s.shown(key, v.Str, st)
	case v.Type == gjson.Number && secretNumber(key):
		return s.shown(key, v.Raw, st)
	case v.Type == gjson.Number:
		if isID(key) {
			if id, ok := s.captured(v.Raw, key); ok {
				s.refer(key, false)
				return text("${ " + id + " }")
			}
		}
		if namesThing(key) {
			s.aim.foreign = append(s.aim.foreign, oneLine(key))
		}
		if strings.ContainsAny(v.Raw, ".eE") {
			return scalar("!!float", v.Raw)
		}
		return scalar("!!int", v.Raw)
	case v.Type == gjson.True || v.Type == gjson.False:
		return truth(v.Bool())
	}
	return scalar("!!null", "null")
}

// names are those of a map.
func names(m *value) []string {
	var all []string
	for i := 0; i < len(m.Content); i += 2 {
		all = append(all, m.Content[i].Value)
	}
	return all
}

// shown is a text of a body: captured, masked, or as it was.
func (s *session) shown(key, v string, st *step) *value {
	if id, ok := s.captured(v, key); ok {
		s.refer(key, false)
		return text("${ " + id + " }")
	}
	if v != "" && namesThing(key) && !secretHeader.MatchString(key) {
		s.aim.foreign = append(s.aim.foreign, oneLine(key))
		if aUUID.MatchString(v) || hexOnly.MatchString(v) {
			return literal(v)
		}
	}
	if template, names := withoutInline(v, func(name string) string {
		return s.draft.secret(variableFor(name), changeMe)
	}); names != nil && !opens(template) {
		for _, name := range names {
			s.redact(st, name)
		}
		st.secret = true
		return text(template)
	}
	if v != "" && isSecret(key, v) {
		return s.masked(key, st)
	}
	return literal(v)
}

// whoSends is a name within credentials that says who somebody is.
var whoSends = regexp.MustCompile(`(?i)^(u|uid|user|user[_-]?name|login|e?mail|name|type|kind|method|` +
	`provider|realm|grant_?type)$`)

// masked is the variable of the environment in the place of a secret.
func (s *session) masked(key string, st *step) *value {
	s.redact(st, key)
	st.secret = true
	return text(s.draft.secret(variableFor(key), changeMe))
}
