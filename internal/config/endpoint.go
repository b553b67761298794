package config

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
)

// checkLiteral refuses characters that would break the request line, or that
// never reach the server, in the parts of a path that stand as written.
func checkLiteral(t *expr.Template) error {
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

// endpointName is the row that a request is counted in when it has no name of
// its own: method and path as written, each ${ x } as {x}, and each longer
// expression as {id}, {id2} and so on. It never depends on data.
func endpointName(method string, path *expr.Template) string {
	var b strings.Builder
	b.WriteString(method + " ")
	text, at, long := path.String(), 0, 0
	holes := path.Holes()
	taken := map[string]bool{}
	for _, hole := range holes {
		taken[hole.Name] = true
	}
	for _, hole := range holes {
		b.WriteString(unescape(text[at:hole.Start]))
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
	b.WriteString(unescape(text[at:]))
	return b.String()
}

// unescape reads the literal part of a template: $${ is the text ${.
func unescape(literal string) string { return strings.ReplaceAll(literal, "$${", "${") }
