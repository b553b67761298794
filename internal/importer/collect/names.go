package collect

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/importer/charset"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// AllRequests names the requests of a file that tells none of them apart.
const AllRequests = "all requests"

// OtherRequests names the requests of which a tool says how many they were, all
// together, and that are of none of the endpoints that it tells apart.
const OtherRequests = "other requests"

// Names gives requests the names that rules speak of: those of a file's
// endpoints, and patterns of a command line. The zero value knows none.
type Names struct {
	exact map[string]bool
	rules []nameRule
}

type nameRule struct {
	name    string
	match   *regexp.Regexp
	pattern bool // of a command line: it makes one of all that fit
}

// What stands for anything in a pattern, and for one part in a name.
var (
	anything = regexp.MustCompile(`\*`)
	onePart  = regexp.MustCompile(`\{[^{}]*\}`)
)

// NewNames takes names such as "GET /api/tutors/{id}", in which a part in braces
// stands for one segment or value, and patterns, in which * stands for anything.
// The first that fits counts, patterns before names.
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

// matcher fits what is a name but for its holes, which wild fills.
func matcher(name string, hole *regexp.Regexp, wild string) *regexp.Regexp {
	parts := hole.Split(name, -1)
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile("^" + strings.Join(parts, wild) + "$")
}

// mostKept is how many names are kept: more are addresses that nobody named,
// and end the reading soon.
const mostKept = 10_000

// nameKey is what a name is found by.
type nameKey struct{ label, method, address string }

// endpointName is the name of a request, and what parts it from others of that name:
// the host of the address that it was made of, or the method of a label. Both
// are empty where a pattern of the command line gave the name.
type endpointName struct{ name, site, method string }

// distinct is the name with what parts it from others.
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

// distinctNames gives each its name: alone where no other has it, else with its host or
// method, so that two are never counted as one.
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

// nameCache is Names with the names that it found: patterns are slow, and requests
// are of few addresses.
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
			// of a line that will be another
			key = nameKey{strings.Clone(label), strings.Clone(method), strings.Clone(address)}
			name = endpointName{strings.Clone(name.name), strings.Clone(name.site), strings.Clone(name.method)}
			k.found[key] = name
		}
	}
	return name
}

// of is the name of a request: of the label that its tool gave it, where that is
// no address, else of its method and address.
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

// ofLabel is a name that the tool gave, to requests of a method.
func ofLabel(name, method string) endpointName {
	if strings.HasPrefix(name, method+" ") {
		return endpointName{name: name}
	}
	return endpointName{name: name, method: method}
}

// find is the name that a text has, or fits, and whether that is a pattern of
// the command line.
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

// anyMethod is the name of a path whose method the tool does not tell; false
// where several could be meant.
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

// pathOf is the path and query of an address, or the text itself, and the scheme
// and host where it has them.
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
