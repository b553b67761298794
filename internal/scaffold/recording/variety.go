package recording

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
	"github.com/loadgate/loadgate/internal/unit"
)

// variety is what differs between requests that are one step: its values are drawn from those that were
// recorded. The zero value is none.
type variety struct {
	path   map[int][]string    // by the part
	query  map[string][]string // by the name
	values map[string]bool     // all of them
}

const (
	// Bounds of what is drawn from.
	mostDrawn    = 50
	longestDrawn = 200
)

// varietyOf is what differs between requests of one shape. Secrets and addresses of people are not drawn from.
func varietyOf(same []*entry) variety {
	v := variety{path: map[int][]string{}, query: map[string][]string{}, values: map[string]bool{}}
	for _, e := range same {
		before := ""
		for i, part := range strings.Split("/"+strings.TrimLeft(e.url.EscapedPath(), "/"), "/") {
			raw, err := url.PathUnescape(part)
			if err == nil && isAnID(raw) && !secrets.InPath(before, raw) {
				v.path[i] = drawn(v.path[i], raw)
			}
			before = part
		}
		if e.url.RawQuery == "" {
			continue
		}
		for _, pair := range strings.Split(e.url.RawQuery, "&") {
			key, value, has := strings.Cut(pair, "=")
			name, raw := unescaped(key), unescaped(value)
			if has && !secrets.Is(name, raw) && !secrets.AsksToLogIn(e.url.Path) {
				v.query[name] = drawn(v.query[name], raw)
			}
		}
	}
	for i, values := range v.path {
		v.path[i] = v.several(values)
	}
	for name, values := range v.query {
		v.query[name] = v.several(values)
	}
	return v
}

// drawn adds a value to those that are drawn from.
func drawn(values []string, raw string) []string {
	if raw == "" || len(values) >= mostDrawn || len(raw) > longestDrawn || !utf8.ValidString(raw) ||
		strings.ContainsFunc(raw, func(r rune) bool { return !unicode.IsPrint(r) }) ||
		personalAddress.MatchString(raw) || secrets.InValue(raw) || slices.Contains(values, raw) {
		return values
	}
	return append(values, raw)
}

// several are values, if they are several.
func (v variety) several(values []string) []string {
	if len(values) < 2 {
		return nil
	}
	for _, raw := range values {
		v.values[raw] = true
	}
	return values
}

// pick is the expression that draws one of some values. A person is asked whether they are there.
func pick(st *draft.Step, values []string, what string) string {
	arguments := make([]string, len(values))
	for i, v := range values {
		arguments[i] = template.Quote(v)
	}
	st.Look(fmt.Sprintf("one of the %s that were recorded is drawn: are they there?", unit.Counted(len(values), what)))
	return "${ pick(" + strings.Join(arguments, ", ") + ") }"
}
