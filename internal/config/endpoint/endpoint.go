// Package endpoint is what requests are counted under: names made of methods and paths, what of them is one
// resource, and patterns of names. It sends nothing.
package endpoint

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
)

// CheckPath refuses characters that would break the request line, or that
// never reach the server, in the parts of a path that stand as written.
func CheckPath(t *expr.Template) error {
	text, at := t.String(), 0
	for _, hole := range append(t.Holes(), expr.Hole{Start: len(text), End: len(text)}) {
		for _, r := range text[at:hole.Start] {
			switch {
			case r == '#':
				return fmt.Errorf("the path holds a #, which is never sent; write %%23 or leave it out")
			case r <= ' ' || r >= 0x7f || strings.ContainsRune("\"<>\\^`", r):
				return fmt.Errorf("the path holds %q; write it as %s", r, percent(r))
			}
		}
		at = hole.End
	}
	return nil
}

// percent writes a character as it goes into a URL.
func percent(r rune) string {
	var b strings.Builder
	for _, c := range []byte(string(r)) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// Name is the row that a request is counted in when it has no name of
// its own: method, host if it is not the target, and path as written, each ${ x } as {x}, and each longer
// expression as {id}, {id2} and so on. It never depends on data.
func Name(method, host string, path *expr.Template) string {
	var b strings.Builder
	b.WriteString(method + " ")
	if host != "" {
		b.WriteString(host + ":")
	}
	text, at, long := path.String(), 0, 0
	holes := path.Holes()
	taken := map[string]bool{}
	for _, hole := range holes {
		taken[hole.Name] = true
	}
	for _, hole := range holes {
		b.WriteString(Unescape(text[at:hole.Start]))
		at = hole.End
		name := hole.Name
		for name == "" {
			long++
			candidate := "id"
			if long > 1 {
				candidate = fmt.Sprintf("id%d", long)
			}
			if !taken[candidate] {
				name = candidate
			}
		}
		b.WriteString("{" + name + "}")
	}
	b.WriteString(Unescape(text[at:]))
	return b.String()
}

// Unescape reads the literal part of a template: $${ is the text ${.
func Unescape(literal string) string { return strings.ReplaceAll(literal, "$${", "${") }

// Resource is an endpoint's method and path without query, without the
// names of its holes and without an operation of GraphQL.
func Resource(plain string) string {
	plain = strings.Join(strings.SplitN(plain, " ", 3)[:2], " ")
	plain, _, _ = strings.Cut(plain, "?")
	var b strings.Builder
	depth := 0
	for _, r := range plain {
		switch {
		case r == '{':
			depth++
		case r == '}':
			depth = max(0, depth-1)
			b.WriteString("{}")
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Matches matches text against a pattern in which only * is special. Endpoint
// names hold ? [ ] { } as plain characters, so path.Match does not fit.
func Matches(pattern, text string) bool {
	first, parts, starred := strings.Cut(pattern, "*")
	if !starred {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, first)
	for ok {
		part, more, between := strings.Cut(parts, "*")
		if !between {
			return strings.HasSuffix(rest, part)
		}
		_, rest, ok = strings.Cut(rest, part)
		parts = more
	}
	return false
}
