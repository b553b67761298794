package collect

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/importer/charset"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// AllRequests is the endpoint of a file that does not name endpoints.
const AllRequests = "all requests"

// OtherRequests is the endpoint of requests that a tool counts among all, and in none of
// the endpoints that it names.
const OtherRequests = "other requests"

// Names finds the endpoint of a request: by the names in thresholds.yaml, and by patterns
// of a command line. The zero value has neither, and keeps the tool's own names.
type Names struct {
	exact map[string]bool
	rules []nameRule
}

type nameRule struct {
	name    string
	match   *regexp.Regexp
	pattern bool // of a command line: all that match are one endpoint
}

// The wildcards of a pattern, and of a name.
var (
	anything = regexp.MustCompile(`\*`)
	onePart  = regexp.MustCompile(`\{[^{}]*\}`)
)

// NewNames returns names from endpoints such as "GET /api/tutors/{id}", where a part in
// braces matches one segment or value, and from patterns, where * matches anything. A
// name that is written without braces matches first, then patterns, then the other names.
func NewNames(patterns, endpoints []string) Names {
	n := Names{exact: map[string]bool{}}
	for _, p := range patterns {
		n.rules = append(n.rules, nameRule{p, matcher(p, anything, `.*`), true})
	}
	for _, e := range endpoints {
		if n.exact[e] {
			continue
		}
		n.exact[e] = true
		if onePart.MatchString(e) {
			n.rules = append(n.rules, nameRule{e, matcher(e, onePart, `[^/?&=]+`), false})
		}
	}
	return n
}

// matcher matches a name whose holes are replaced by an expression.
func matcher(name string, hole *regexp.Regexp, wild string) *regexp.Regexp {
	parts := hole.Split(name, -1)
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile("^" + strings.Join(parts, wild) + "$")
}

// mostKept limits the cache: more are addresses without names, and end the reading soon.
const mostKept = 10_000

// nameKey is what a file says of a request.
type nameKey struct{ label, method, address string }

// endpointName is the name of an endpoint, and what distinguishes it from others of that
// name: the host of the address, or the method of a label. Both are empty if a pattern of
// the command line gave the name.
type endpointName struct{ name, site, method string }

// distinct is the name with its host or method.
func (n endpointName) distinct() string {
	switch method, path, ok := strings.Cut(n.name, " "); {
	case n.site != "" && ok && strings.HasPrefix(path, "/"):
		return method + " " + n.site + path
	case n.site != "" && strings.HasPrefix(n.name, "/"):
		return n.site + n.name
	case n.site != "":
		return n.name + " at " + n.site
	case n.method != "":
		return n.method + " " + n.name
	}
	return n.name
}

// distinctNames returns the name of each, with its host or method where another has the
// same, so that two are never counted as one.
func distinctNames(all []endpointName) []string {
	shared := map[string]int{}
	for _, n := range all {
		shared[n.name]++
	}
	names := make([]string, len(all))
	for i, n := range all {
		names[i] = n.name
		if shared[n.name] > 1 {
			names[i] = n.distinct()
		}
	}
	return names
}

// nameCache remembers the names that it found: patterns are slow, and a file has few
// addresses.
type nameCache struct {
	names Names
	found map[nameKey]endpointName
}

func (k *nameCache) of(label, method, address string) endpointName {
	key := nameKey{label, method, address}
	name, ok := k.found[key]
	if !ok {
		name = k.names.of(charset.Readable(label), charset.Readable(method), charset.Readable(address))
		if len(k.found) < mostKept {
			// their line will be overwritten
			key = nameKey{strings.Clone(label), strings.Clone(method), strings.Clone(address)}
			name = endpointName{strings.Clone(name.name), strings.Clone(name.site), strings.Clone(name.method)}
			k.found[key] = name
		}
	}
	return name
}

// of is the endpoint of a request: by the label that its tool gave it, if that is not an
// address, else by its method and address.
func (n Names) of(label, method, address string) endpointName {
	target := label
	if address != "" {
		target = address
	}
	path, site := pathOf(target)
	full := site + path
	if method != "" {
		path, full = method+" "+path, method+" "+full
	}
	labelled := label != "" && label != address && !strings.Contains(label, "://")
	labels := []string{label}
	if method != "" && label != "" {
		labels = append(labels, method+" "+label)
	}
	for _, c := range append(labels, full, path) {
		name, pattern, ok := n.find(c)
		switch {
		case !ok:
			continue
		case pattern:
			return endpointName{name: name}
		case labelled && (c == label || c == method+" "+label):
			return ofLabel(name, method)
		}
		return endpointName{name: name, site: site}
	}
	if method == "" && strings.HasPrefix(path, "/") {
		if name, ok := n.anyMethod(path); ok {
			return endpointName{name: name, site: site}
		}
	}
	if labelled {
		if method != "" && strings.HasPrefix(label, "/") {
			return endpointName{name: method + " " + label}
		}
		return ofLabel(label, method)
	}
	return endpointName{name: path, site: site}
}

// ofLabel is the endpoint of requests with a method to which the tool gave a name.
func ofLabel(name, method string) endpointName {
	if strings.HasPrefix(name, method+" ") {
		return endpointName{name: name}
	}
	return endpointName{name: name, method: method}
}

// find returns the name that matches a text, and whether a pattern of the command line
// gave it.
func (n Names) find(text string) (name string, pattern, ok bool) {
	if n.exact[text] {
		return text, false, true
	}
	for _, r := range n.rules {
		if r.match.MatchString(text) {
			return r.name, r.pattern, true
		}
	}
	return "", false, false
}

// anyMethod is the name of a path without its method, which the tool does not write; false
// if several match.
func (n Names) anyMethod(path string) (string, bool) {
	found := map[string]bool{}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} {
		if name, _, ok := n.find(method + " " + path); ok {
			found[name] = true
		}
	}
	for name := range textfile.ByKey(found) {
		return name, len(found) == 1
	}
	return "", false
}

// pathOf splits an address into path and query, and scheme and host. A text that is not an
// address is the path.
func pathOf(address string) (path, site string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address, ""
	}
	path = u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path, u.Scheme + "://" + u.Host
}
