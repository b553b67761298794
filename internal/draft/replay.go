package draft

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// idLike is a part of a path that is one of many, by its form.
var idLike = regexp.MustCompile(`^([0-9]+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{24,28}|[0-9a-fA-F]{16,})$`)

// isIDPart says whether a part of a path is an id: a number, or chance in it.
// Words with lines between them are none.
func isIDPart(part string) bool {
	if idLike.MatchString(part) {
		return strings.ContainsAny(part, "0123456789")
	}
	for _, word := range anAlnum.FindAllString(part, -1) {
		if len(word) >= 10 && drawn(word) || len(word) >= 6 && strings.ContainsAny(word, "0123456789") && strings.Trim(word, "0123456789") == "" {
			return true
		}
	}
	return false
}

// path gives a step the path of a request with captured ids, and its name where
// ids are in it that no answer had.
func (s *session) path(st *step, e *entryHAR) {
	parts := strings.Split("/"+strings.TrimLeft(e.url.EscapedPath(), "/"), "/") // two slashes would begin a host
	named := slices.Clone(parts)
	hidden := false
	for i, part := range parts {
		raw, err := url.PathUnescape(part)
		if err != nil {
			continue
		}
		if bare, rest, ok := strings.Cut(raw, ";"); ok && secretHeader.MatchString(rest) { // ;jsessionid=
			raw = bare
			named[i] = escaped(url.PathEscape(raw))
		}
		before := ""
		if i > 0 {
			before = parts[i-1]
		}
		switch id, ok := s.captured(raw, singular(before)+"_id"); {
		case ok:
			parts[i] = "${ " + id + " }"
			named[i] = "{" + id + "}"
			s.refer(id, true)
		case redacted(raw):
			parts[i], named[i], hidden = s.draft.secret(variableFor(singular(before)+"_id"), changeMe), "{id}", true
			s.redact(st, singular(before)+"_id")
			s.aim.foreign = append(s.aim.foreign, singular(before)+"_id")
		case isIDPart(raw):
			parts[i], named[i] = escaped(url.PathEscape(raw)), "{id}"
			st.loose = append(st.loose, loose{i, raw})
			s.aim.foreign = append(s.aim.foreign, oneLine(raw))
		default:
			parts[i] = escaped(url.PathEscape(raw))
		}
	}
	query, nameOfQuery := s.query(e)
	st.path = strings.Join(parts, "/") + query
	if len(st.loose) > 0 || hidden {
		st.name = oneLine(e.Request.Method + " " + strings.Join(named, "/") + nameOfQuery)
	}
}

// refer notes what the captured value is of: something that was made, or there.
func (s *session) refer(key string, inPath bool) {
	switch {
	case s.hit.noun != "":
		s.aim.own = true
	case inPath || namesThing(key) || namesThing(s.hit.key):
		s.aim.foreign = append(s.aim.foreign, key)
	}
}

func (s *session) query(e *entryHAR) (query, name string) {
	if e.url.RawQuery == "" {
		return "", ""
	}
	var parts []string
	for _, part := range strings.Split(e.url.RawQuery, "&") {
		key, v, has := strings.Cut(part, "=")
		raw, err := url.QueryUnescape(v)
		plainKey, keyErr := url.QueryUnescape(key)
		if err != nil || keyErr != nil {
			continue
		}
		switch id, ok := s.captured(raw, plainKey); {
		case !has:
			parts = append(parts, escaped(url.QueryEscape(plainKey)))
		case ok:
			s.refer(plainKey, false)
			parts = append(parts, escaped(url.QueryEscape(plainKey))+"=${ "+id+" }")
		case isSecret(plainKey, raw):
			parts = append(parts, escaped(url.QueryEscape(plainKey))+"="+s.draft.secret(variableFor(plainKey), changeMe))
		default:
			if namesThing(plainKey) {
				s.aim.foreign = append(s.aim.foreign, oneLine(plainKey))
			}
			parts = append(parts, escaped(url.QueryEscape(plainKey))+"="+escaped(url.QueryEscape(raw)))
		}
	}
	query = "?" + strings.Join(parts, "&")
	return query, regexp.MustCompile(`\$\{[^}]*\}`).ReplaceAllString(query, "{}")
}

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
		if secretIn.MatchString(p.Text) || opens(p.Text) || slices.ContainsFunc(strings.Fields(p.Text), opens) {
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
			if !slices.Contains(names(m), k.Str) {
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
	if v != "" && isSecret(key, v) {
		s.redact(st, key)
		st.secret = true
		return text(s.draft.secret(variableFor(key), changeMe))
	}
	return literal(v)
}
