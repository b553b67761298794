package config

import (
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
)

// requestLine is a request as written: POST /api/items?page=${ n }.
type requestLine struct {
	method, path string
	offset       int // of the path in the text, in bytes
}

func parseRequest(text string) (any, error) {
	known := strings.Split(methods, "|")
	method, rest, found := strings.Cut(text, " ")
	path := strings.TrimLeft(rest, " ")
	switch {
	case !slices.Contains(known, method) && strings.HasPrefix(method, "/"):
		return nil, fmt.Errorf("%q has no method; write GET %s", text, text)
	case !slices.Contains(known, method) && slices.Contains(known, strings.ToUpper(method)):
		return nil, fmt.Errorf("unknown method %q; write %s", method, strings.ToUpper(method))
	case !slices.Contains(known, method):
		return nil, fmt.Errorf("unknown method %q; write one of: %s", method, strings.Join(known, ", "))
	case !found || path == "":
		return nil, fmt.Errorf("%q has no path; write %s /path", text, method)
	}
	if _, err := parsePath(path); err != nil {
		return nil, err
	}
	return requestLine{method, path, len(text) - len(path)}, nil
}

func parsePath(text string) (any, error) {
	switch {
	case strings.Contains(text, "://"), strings.HasPrefix(text, "//"):
		return nil, fmt.Errorf("%q is a URL; write the path alone: the host is target.url's", text)
	case !strings.HasPrefix(text, "/"):
		return nil, fmt.Errorf("the path %q does not begin with a slash; write /%s", text, text)
	}
	return text, nil
}

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

// parseHeaderName keeps a name as it is written: case makes no difference to HTTP,
// but it does to some old services.
func parseHeaderName(text string) (any, error) {
	switch canonical := textproto.CanonicalMIMEHeaderKey(text); canonical {
	case "Content-Length", "Transfer-Encoding", "Connection", "Upgrade":
		return nil, fmt.Errorf("%s is written by loadgate itself; leave it out", canonical)
	}
	return text, nil
}

// is says whether a header has a name, in any case.
func (h Header) is(name string) bool { return strings.EqualFold(h.Name, name) }

// checkHeaderValue refuses what would end a header line.
func checkHeaderValue(text string) error {
	for _, r := range text {
		if r < ' ' && r != '\t' || r == 0x7f {
			return fmt.Errorf("the header value holds %q; write it on one line, without control characters", r)
		}
	}
	return nil
}
