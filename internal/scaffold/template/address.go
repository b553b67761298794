package template

import (
	"net/url"
	"strings"
)

// InURL is a template as a part of an address: what is not an expression is
// escaped.
func InURL(t string, escape func(string) string) string {
	var out strings.Builder
	for t != "" {
		begin := strings.Index(t, "${")
		if begin > 0 && t[begin-1] == '$' { // a dollar and a brace as they are
			out.WriteString(escape(t[:begin-1]) + escape("${"))
			t = t[begin+2:]
			continue
		}
		end := -1
		if begin >= 0 {
			end = expressionEnd(t[begin:])
		}
		if end < 0 {
			out.WriteString(escape(t))
			break
		}
		out.WriteString(escape(t[:begin]) + t[begin:begin+end])
		t = t[begin+end:]
	}
	return out.String()
}

// expressionEnd is where the expression at the beginning of a template ends; -1: it does
// not. Braces in its texts do not end it.
func expressionEnd(t string) int {
	quote := false
	for i := 2; i < len(t); i++ {
		switch {
		case quote && t[i] == '\\':
			i++
		case t[i] == '"':
			quote = !quote
		case t[i] == '}' && !quote:
			return i + 1
		}
	}
	return -1
}

// EscapeQuery is a text as a value of a query, in which an address of mail may be
// read.
func EscapeQuery(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%40", "@") }

func EscapePath(s string) string { return Escape((&url.URL{Path: s}).EscapedPath()) }
