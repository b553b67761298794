package written

import (
	"net/url"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/harm"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// path gives the step its path with its query, and its name.
func (s *Session) path(r *Request) {
	path, query := cut(r.Path, "?")
	query, _ = cut(query, "#")
	path, _ = cut(path, "#")
	parts := split(path, "/")
	if len(parts) > 0 && len(parts[0]) == 0 {
		parts = parts[1:]
	}
	plain := make([]string, len(parts))
	for i, part := range parts {
		plain[i] = pattern(part)
	}
	s.step.Path = "/" + strings.Join(plain, "/") // until its values are known
	written, named := make([]string, len(parts)), make([]string, len(parts))
	for i, part := range parts {
		written[i], named[i] = s.part(part, plain, i)
	}
	queryText, queryName := s.query(query)
	s.step.Path = "/" + strings.Join(written, "/") + queryText
	name := s.step.Method + " /" + strings.Join(named, "/") + queryName
	switch {
	case r.Named && strings.TrimSpace(r.Title) != "" && !secrets.InValue(r.Title):
		s.step.Name = naming.Line(r.Title)
	case name != s.step.Endpoint() || strings.Contains(s.step.Path, "${ ") && !template.VariablesOnly(s.step.Path):
		s.step.Name = naming.Line(name)
	}
}

// part is a part of a path as a template, and in the name of the endpoint.
func (s *Session) part(part Text, plain []string, i int) (written, named string) {
	before := ""
	if i > 0 {
		before = plain[i-1]
	}
	of := naming.Singular(before) + "_id"
	if raw, known := part.Literal(); known {
		bare, err := url.PathUnescape(raw)
		if err != nil {
			bare = raw
		}
		switch {
		case secrets.InPath(before, bare), bare != "" && secrets.IsFeed(plain[:i+1]):
			s.target.AddForeign(of)
			variable := s.Draft.SecretOf(of, bare)
			s.askFor(variable, of)
			return s.Draft.Secret(variable), "{id}"
		case naming.IsIDPart(bare):
			s.target.AddForeign(naming.Line(bare))
		case harm.Writes(s.step.Method) && harm.NamesForeign(plain, i, false):
			s.target.AddForeign(naming.Line(bare))
		}
		return template.Escape(inAddress(raw)), inAddress(raw)
	}
	for _, p := range part {
		if p.Answer != nil {
			s.noteCaptured(p.Answer, of, true)
		} else if p.Literal == "" {
			s.target.AddForeign(of)
		}
	}
	written = s.text(part, of, func(text string) string { return template.Escape(inAddress(text)) })
	if template.VariablesOnly(written) {
		return written, template.Placeholders(written)
	}
	return written, "{id}"
}

// query is a query as a template, and in the name of the endpoint.
func (s *Session) query(query Text) (written, named string) {
	if len(query) == 0 {
		return "", ""
	}
	var all, names []string
	for _, pair := range split(query, "&") {
		key, v := cut(pair, "=")
		name, known := key.Literal()
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if secrets.IsName(name) {
			s.step.CommentOut("a name in its query may be a secret: write it")
			continue
		}
		switch raw, plain := v.Literal(); {
		case !known:
			text := s.text(pair, "query", func(text string) string { return template.Escape(inAddress(text)) })
			all, names = append(all, text), append(names, "{query}")
		case len(v) == 0:
			all, names = append(all, template.Escape(inAddress(name))), append(names, inAddress(name))
		case plain:
			if bare, err := url.QueryUnescape(raw); err == nil {
				raw = bare
			}
			text := template.InURL(s.literal(name, raw), template.EscapeQuery)
			all = append(all, template.Escape(inAddress(name))+"="+text)
			names = append(names, inAddress(name)+"="+template.Placeholders(text))
		default:
			text := s.value(name, v)
			all = append(all, template.Escape(inAddress(name))+"="+template.InURL(text, inAddress))
			names = append(names, inAddress(name)+"={"+name+"}")
		}
	}
	return "?" + strings.Join(all, "&"), "?" + strings.Join(names, "&")
}

// inAddress is a text as an address may have it: what is not allowed there is escaped, and
// escapes stay what they are.
func inAddress(text string) string {
	var out strings.Builder
	for i, r := range text {
		switch {
		case r == '%' && i+2 < len(text) && isHexDigit(text[i+1]) && isHexDigit(text[i+2]):
			out.WriteRune(r)
		case r <= ' ' || r > '~' || strings.ContainsRune(`%"<>\^{}|`+"`", r):
			out.WriteString(url.PathEscape(string(r)))
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

func isHexDigit(b byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", b) >= 0 }

// cut is a text before and after the first of a mark in what is known of it.
func cut(t Text, mark string) (before, after Text) {
	for i, p := range t {
		if one, other, has := strings.Cut(p.Literal, mark); has {
			before = append(slices.Clone(t[:i]), Plain(one)...)
			return before, append(Plain(other), t[i+1:]...)
		}
	}
	return t, nil
}

// split is a text between a mark in what is known of it.
func split(t Text, mark string) (all []Text) {
	var part Text
	for _, p := range t {
		if p.Literal == "" {
			part = append(part, p)
			continue
		}
		pieces := strings.Split(p.Literal, mark)
		for i, piece := range pieces {
			if i > 0 {
				all, part = append(all, part), nil
			}
			part = append(part, Plain(piece)...)
		}
	}
	return append(all, part)
}
