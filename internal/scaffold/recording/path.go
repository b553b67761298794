package recording

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// path gives a step the path of a request with captured ids, and its name where
// ids are in it that no answer had. What is no id is as it was recorded.
func (s *session) path(st *draft.Step, e *entry) {
	parts := strings.Split("/"+strings.TrimLeft(e.url.EscapedPath(), "/"), "/") // two slashes would begin a host
	plain, named := slices.Clone(parts), slices.Clone(parts)
	hidden := false
	for i, part := range parts {
		bare, matrix, _ := strings.Cut(part, ";")
		raw, err := url.PathUnescape(bare)
		if err != nil {
			continue
		}
		before := ""
		if i > 0 {
			before, _, _ = strings.Cut(plain[i-1], ";")
		}
		of := naming.Singular(before) + "_id"
		switch id, ok := s.capture(raw, of); {
		case ok:
			s.capturedBelow[strings.Join(parts[:i], "/")] = true
			parts[i] = template.Variable(id)
			named[i] = "{" + id + "}"
			s.noteCaptured(of, true)
		case secrets.InPath(before, raw), secrets.IsFeed(plain[:i+1]):
			parts[i], named[i], hidden = s.secretOf(s.draft.SecretOf(of, raw), of, st), "{id}", true
			s.target.AddForeign(of)
		case s.variety.path[i] != nil:
			parts[i], named[i], hidden = pick(st, s.variety.path[i], "id"), "{id}", true
			s.target.AddForeign(naming.Line(raw))
		case naming.IsIDPart(raw):
			parts[i], named[i] = template.Escape(bare), "{id}"
			s.recorded[st] = append(s.recorded[st], recordedID{i, raw})
			s.target.AddForeign(naming.Line(raw))
		default:
			parts[i], named[i] = template.Escape(bare), bare
			if name, ids := idsWithin(raw); ids != nil {
				named[i], hidden = name, true
				s.askIfThere(st, ids...)
				s.target.AddForeign(naming.Line(ids[0]))
			} else if harm.Writes(st.Method) && harm.NamesForeign(plain,
				i, s.capturedBelow[strings.Join(parts[:i], "/")]) {
				s.target.AddForeign(naming.Line(raw))
			}
		}
		if matrix != "" {
			kept, name := s.matrix(st, matrix)
			parts[i], named[i], hidden = parts[i]+kept, named[i]+name, hidden || kept != name
		}
	}
	query, nameOfQuery, ids := s.query(st, e)
	st.Path = strings.Join(parts, "/") + query
	if len(s.recorded[st]) > 0 || hidden || ids {
		st.Name = naming.Line(e.Request.Method + " " + strings.Join(named, "/") + nameOfQuery)
	}
}

// matrix are the parameters of a part of a path, and their name. Those of a session
// are left out: cookies say the same.
func (s *session) matrix(st *draft.Step, text string) (kept, name string) {
	for _, p := range strings.Split(text, ";") {
		key, v, has := strings.Cut(p, "=")
		raw, err := url.PathUnescape(v)
		plain, keyErr := url.PathUnescape(key)
		switch {
		case err != nil || keyErr != nil:
		case secrets.Is(plain, raw) || secrets.InValue(plain):
			s.group.Look("left out: " + naming.Line(plain) + " in a path, which may hold a session")
		case has && (naming.NamesThing(plain) || naming.IsIDPart(raw) && !counting.MatchString(plain)):
			s.askIfThere(st, raw)
			s.target.AddForeign(naming.Line(plain))
			kept, name = kept+";"+template.Escape(p), name+";"+template.Escape(key)+"={id}"
		default:
			kept, name = kept+";"+template.Escape(p), name+";"+template.Escape(p)
		}
	}
	return kept, name
}

var (
	// keyInParentheses is the key of a thing in parentheses, as OData writes it.
	keyInParentheses = regexp.MustCompile(`\(([^()]+)\)`)
	// asWritten are signs that a path may hold as they are.
	asWritten = strings.NewReplacer("%28", "(", "%29", ")", "%27", "'", "%2C", ",")
)

// idsWithin is the name of a part of a path with ids that are only a part of it, and
// the ids; nil: there is none.
func idsWithin(raw string) (name string, ids []string) {
	switch at := keyInParentheses.FindAllStringSubmatchIndex(raw, -1); {
	case personalAddress.MatchString(raw):
		return "{id}", []string{raw}
	case wordAndNumber.MatchString(raw) && len(raw) >= 5:
		return "{id}", []string{raw}
	case at != nil:
		last := 0
		var out strings.Builder
		for _, m := range at {
			ids = append(ids, raw[m[2]:m[3]])
			out.WriteString(asWritten.Replace(url.PathEscape(raw[last:m[2]])) + "{id}")
			last = m[3]
		}
		return out.String() + asWritten.Replace(url.PathEscape(raw[last:])), ids
	}
	return "", nil
}
