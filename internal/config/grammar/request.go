package grammar

import (
	"fmt"
	"net/textproto"
	"slices"
	"strings"
)

// RequestLine is a request as written: POST /api/items?page=${ n }.
type RequestLine struct {
	Method, Path string
	Offset       int // of the path in the text, in bytes
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
	return RequestLine{method, path, len(text) - len(path)}, nil
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

// parseHeaderName keeps a name as it is written: case makes no difference to HTTP,
// but it does to some old services.
func parseHeaderName(text string) (any, error) {
	switch canonical := textproto.CanonicalMIMEHeaderKey(text); canonical {
	case "Content-Length", "Transfer-Encoding", "Connection", "Upgrade":
		return nil, fmt.Errorf("%s is written by loadgate itself; leave it out", canonical)
	}
	return text, nil
}

const methods = `GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS`
