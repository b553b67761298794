// Package request brings the requests that a script of another load tool sends to steps of a
// draft: no secret gets into them, those that harm are comments, endpoints have names that
// thresholds.yaml takes. It does not know which tool the script is for.
package request

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// Step is the step of a request, which belongs to no list yet. What it captures may be added until
// Judge is called.
func (g *Group) Step(r Request) *draft.Step {
	st := &draft.Step{Method: r.Method}
	r.Path, r.Pattern = g.path(st, r.Path, r.Pattern)
	r.Query = g.query(st, r.Path, r.Query)
	st.Path = r.Path + queryText(r.Query)
	if !HoldsSecret(r.Name) {
		st.Name = naming.Line(r.Name)
	}
	if st.Name == "" && template.HasExpression(st.Path) && !template.VariablesOnly(st.Path) {
		st.Name = naming.Line(r.Method + " " + r.Pattern + queryPattern(r.Query))
	}
	g.headers(st, r.Headers)
	if r.Body != nil {
		st.Body = g.body(st, *r.Body)
	}
	if !naming.IsMethod(st.Method) {
		st.CommentOut(fmt.Sprintf("thresholds.yaml has no method %s", naming.Line(st.Method)))
	}
	g.sent[st] = r
	return st
}

// path is the path of a request: one that begins with a slash, without secrets; and its pattern.
func (g *Group) path(st *draft.Step, path, pattern string) (string, string) {
	path = "/" + strings.TrimLeft(path, "/") // two slashes would begin a host
	path = template.InURL(path, escapePath)
	parts, words := strings.Split(path, "/"), strings.Split(pattern, "/")
	if len(words) != len(parts) {
		words = strings.Split(template.Placeholders(path), "/")
	}
	for i, part := range parts {
		switch {
		case i == 0:
		case !strings.Contains(part, "${") && (secrets.InPath(parts[i-1], part) || secrets.IsFeed(parts[:i+1])),
			strings.Contains(part, "${") && isSecret("", part, false):
			parts[i], words[i] = g.secret(st, naming.Singular(words[i-1])+"_id", part), "{id}"
		}
	}
	return strings.Join(parts, "/"), strings.Join(words, "/")
}

// HoldsSecret says whether a name of a request holds a secret by its form.
func HoldsSecret(name string) bool {
	words := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" /?&=", r) })
	return secrets.InValue(name) || slices.ContainsFunc(words, secrets.InValue)
}

// NamesSecret says whether the name of a header may be a secret itself; look is called where it is.
func NamesSecret(look func(string), header string) bool {
	if !secrets.IsName(header) {
		return false
	}
	look("left out: a header whose name may be a secret")
	return true
}

// escapePath is a text as a part of a path; what is escaped already stays.
func escapePath(s string) string {
	if plain, err := url.PathUnescape(s); err == nil && plain != s {
		return template.Escape(s)
	}
	return template.EscapePath(s)
}

// query is a query without secrets.
func (g *Group) query(st *draft.Step, path string, query []draft.Pair) (all []draft.Pair) {
	for _, p := range query {
		if secrets.InValue(p.Name) || secrets.IsName(p.Name) {
			st.Look("left out: a name of its query, which may be a secret")
			continue
		}
		if isSecret(p.Name, p.Text, asksToLogIn(path)) {
			p.Text = g.secret(st, p.Name, p.Text)
		}
		all = append(all, p)
	}
	return all
}

func queryText(query []draft.Pair) string {
	var parts []string
	for _, p := range query {
		parts = append(parts, template.Escape(template.EscapeQuery(p.Name))+"="+template.InURL(p.Text, escapeValue))
	}
	if parts == nil {
		return ""
	}
	return "?" + strings.Join(parts, "&")
}

func escapeValue(s string) string { return template.Escape(template.EscapeQuery(s)) }

// ownHeader are headers that loadgate writes itself.
var ownHeader = regexp.MustCompile(`(?i)^(host|connection|content-length|transfer-encoding|accept-encoding|` +
	`keep-alive|te|upgrade|expect|cookie)$`)

func (g *Group) headers(st *draft.Step, headers []draft.Pair) {
	for _, h := range headers {
		if NamesSecret(st.Look, h.Name) {
			continue
		}
		text := g.Header(st.Look, h)
		switch {
		case !naming.IsHeader(h.Name) || draft.HasHeader(st.Headers, h.Name):
			st.Look("left out: header " + naming.Line(h.Name) + ", which is no name of a header or there twice")
		case strings.EqualFold(h.Name, "cookie"):
			st.Look("left out: header Cookie: what the service sets is sent back by itself")
		case ownHeader.MatchString(h.Name):
		default:
			st.Headers = append(st.Headers, draft.Pair{Name: h.Name, Text: text})
		}
	}
}

// queryPattern is a query with {name} for the values that are expressions.
func queryPattern(query []draft.Pair) string {
	var parts []string
	for _, p := range query {
		v := p.Text
		if template.HasExpression(v) {
			v = "{" + p.Name + "}"
		}
		parts = append(parts, p.Name+"="+v)
	}
	if parts == nil {
		return ""
	}
	return "?" + strings.Join(parts, "&")
}

// Split is an address below the service as its path and its query.
func Split(address string) (path string, query []draft.Pair) {
	address, _, _ = strings.Cut(address, "#")
	var held []string
	marked := expressions.ReplaceAllStringFunc(address, func(e string) string {
		held = append(held, e)
		return fmt.Sprintf("\x00%d\x00", len(held)-1)
	})
	restored := func(t string) string {
		for i, e := range held {
			t = strings.ReplaceAll(t, fmt.Sprintf("\x00%d\x00", i), e)
		}
		return t
	}
	path, rest, _ := strings.Cut(marked, "?")
	for _, part := range strings.FieldsFunc(rest, func(r rune) bool { return r == '&' }) {
		name, v, _ := strings.Cut(part, "=")
		query = append(query, draft.Pair{Name: restored(unescaped(name)), Text: restored(unescaped(v))})
	}
	return restored(path), query
}

// unescaped is a part of a query as it was before it was escaped. A lone % stays, and what would become an expression.
func unescaped(text string) string {
	plain, err := url.QueryUnescape(text)
	if err == nil && strings.Count(plain, "${") == strings.Count(text, "${") {
		return plain
	}
	return text
}
