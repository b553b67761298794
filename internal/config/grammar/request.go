package grammar

import (
	"cmp"
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"
)

// RequestLine is a request as written: POST /api/items?page=${ n }, or POST auth:/token.
type RequestLine struct {
	Method, Path string
	Host         string // of hosts; "": the target
	Offset       int    // of the path in the text, in bytes
}

func parseRequest(text string) (any, error) {
	method, rest, found := strings.Cut(text, " ")
	path := strings.TrimLeft(rest, " ")
	switch {
	case strings.HasPrefix(method, "/"):
		return nil, fmt.Errorf("%q has no method; write GET %s", text, text)
	case !isMethod.MatchString(method) && isMethod.MatchString(strings.ToUpper(method)):
		upper := strings.ToUpper(method)
		return nil, fmt.Errorf("unknown method %q; write %s", method, cmp.Or(misspelt(upper), upper))
	case !isMethod.MatchString(method):
		return nil, fmt.Errorf("unknown method %q; write %s, or another one in capitals", method,
			strings.Join(usual, ", "))
	case method == "CONNECT":
		return nil, errors.New("CONNECT asks for a tunnel, and loadgate sends requests; write another method")
	case misspelt(method) != "":
		return nil, fmt.Errorf("unknown method %q; did you mean %s?", method, misspelt(method))
	case !found || path == "":
		return nil, fmt.Errorf("%q has no path; write %s /path", text, method)
	}
	host := ""
	if before, rest, ok := strings.Cut(path, ":"); ok && isHost.MatchString(before) && !strings.HasPrefix(rest, "//") {
		host, path = before, rest
	}
	if _, err := parsePath(path); err != nil {
		return nil, err
	}
	return RequestLine{method, path, host, len(text) - len(path)}, nil
}

// hostPattern are the names of hosts.
const hostPattern = `[A-Za-z][A-Za-z0-9_-]*`

var isHost = wholeText(hostPattern)

func parsePath(text string) (any, error) {
	switch {
	case strings.Contains(text, "://"), strings.HasPrefix(text, "//"):
		return nil, fmt.Errorf("%q is a URL; write the path alone, for the host of target.url, or auth:/path for the "+
			"host auth under hosts", text)
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

// methodPattern are the methods that may be written: any in capitals, since services have their own.
const methodPattern = `[A-Z][A-Z0-9_-]{0,30}`

var isMethod = wholeText(methodPattern)

// usual are the methods that people mean by one that is nearly the same.
var usual = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

// registered are other methods that are not taken for a slip of the usual ones.
var registered = []string{"COPY", "LOCK", "MOVE", "PROPPATCH", "PURGE", "QUERY", "REPORT", "SEARCH", "TRACE", "BIND"}

// misspelt is the usual method that somebody meant; empty: it is one of its own.
func misspelt(method string) string {
	if slices.Contains(usual, method) || slices.Contains(registered, method) {
		return ""
	}
	letters := func(text string) []rune { return slices.Sorted(slices.Values([]rune(text))) }
	for _, word := range usual {
		if slices.Equal(letters(word), letters(method)) || oneLetterMore(word, method) || oneLetterMore(method, word) {
			return word
		}
	}
	return ""
}

// oneLetterMore says whether a word is another with one letter added.
func oneLetterMore(long, short string) bool {
	if len(long) != len(short)+1 {
		return false
	}
	for i := range short {
		if long[i] != short[i] {
			return long[i+1:] == short[i:]
		}
	}
	return true
}
