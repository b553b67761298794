package draft

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// idLike is a part of a path that is one of many.
var idLike = regexp.MustCompile(`^([0-9]+|[0-9a-fA-F-]{32,36}|[0-9a-fA-F]{16,}|[A-Za-z0-9_-]{20,})$`)

// path is the path of a request with captured ids, and its name where ids
// stand in it that no answer had.
func (s *session) path(e *entryHAR) (path, name string) {
	parts := strings.Split("/"+strings.TrimLeft(e.url.EscapedPath(), "/"), "/") // two slashes would begin a host
	named := slices.Clone(parts)
	loose := false
	for i, part := range parts {
		raw, err := url.PathUnescape(part)
		if err != nil {
			continue
		}
		before := ""
		if i > 0 {
			before = parts[i-1]
		}
		switch id, ok := s.captured(raw, singular(before)+"_id"); {
		case ok:
			parts[i] = "${ " + id + " }"
			named[i] = "{" + id + "}"
		case idLike.MatchString(raw):
			parts[i], named[i], loose = escaped(url.PathEscape(raw)), "{id}", true
		default:
			parts[i] = escaped(url.PathEscape(raw))
		}
	}
	path = strings.Join(parts, "/")
	query, nameOfQuery := s.query(e)
	if loose {
		name = oneLine(e.Request.Method + " " + strings.Join(named, "/") + nameOfQuery)
	}
	return path + query, name
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
			parts = append(parts, escaped(url.QueryEscape(plainKey))+"=${ "+id+" }")
		case isSecret(plainKey, raw):
			parts = append(parts, escaped(url.QueryEscape(plainKey))+"="+s.draft.secret(variableFor(plainKey), changeMe))
		default:
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
		if secretIn.MatchString(p.Text) {
			st.off = true
			st.looks = append(st.looks, "its body may hold a secret and is not here: write text")
			return
		}
		st.body = &body{"text", literal(p.Text)}
		if kind != "" && kind != "text/plain" {
			st.headers = append(st.headers, pair{"Content-Type", escaped(oneLine(p.MimeType))})
		}
	}
}

// secretIn is a text that speaks of a password or token.
var secretIn = regexp.MustCompile(`(?i)passw|secret|token|api_?key|credential|eyJ[A-Za-z0-9_-]{8}`)

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
				return text("${ " + id + " }")
			}
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
		return text("${ " + id + " }")
	}
	if isSecret(key, v) {
		s.redact(st, key)
		st.secret = true
		return text(s.draft.secret(variableFor(key), changeMe))
	}
	return literal(v)
}
