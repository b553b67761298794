package importer

import (
	"net/url"
	"regexp"
	"strings"
)

// Names gives requests the names that rules speak of: those of a file's
// endpoints, and patterns of a command line. The zero value knows none.
type Names struct {
	known map[string]bool
	rules []nameRule
}

type nameRule struct {
	name  string
	match *regexp.Regexp
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
	n := Names{known: map[string]bool{}}
	for _, p := range patterns {
		n.rules = append(n.rules, nameRule{p, matcher(p, anything, `.*`)})
	}
	for _, e := range endpoints {
		if n.known[e] {
			continue
		}
		n.known[e] = true
		if onePart.MatchString(e) {
			n.rules = append(n.rules, nameRule{e, matcher(e, onePart, `[^/?&=]+`)})
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

// asked is what a name is found by.
type asked struct{ label, method, address string }

// kept is Names with the names that it found: patterns are slow, and requests
// are of few addresses.
type kept struct {
	names Names
	found map[asked]string
}

func (k *kept) of(label, method, address string) string {
	key := asked{label, method, address}
	name, ok := k.found[key]
	if !ok {
		name = k.names.of(label, method, address)
		if len(k.found) < mostKept {
			key = asked{strings.Clone(label), strings.Clone(method), strings.Clone(address)} // of a line that will be another
			k.found[key] = strings.Clone(name)
		}
	}
	return name
}

// of is the name of a request: of the label that its tool gave it, where that is
// no address, else of its method and address.
func (n Names) of(label, method, address string) string {
	candidates := []string{label}
	if method != "" && label != "" {
		candidates = append(candidates, method+" "+label)
	}
	target := label
	if address != "" {
		target = address
	}
	path := pathOf(target)
	if method != "" {
		path = method + " " + path
	}
	candidates = append(candidates, path)
	for _, c := range candidates {
		if name, ok := n.find(c); ok {
			return name
		}
	}
	if method == "" && strings.HasPrefix(path, "/") {
		if name, ok := n.anyMethod(path); ok {
			return name
		}
	}
	if label != "" && label != address && !strings.Contains(label, "://") {
		if method != "" && strings.HasPrefix(label, "/") {
			return method + " " + label
		}
		return label
	}
	return path
}

// find is the name that a text has, or fits.
func (n Names) find(text string) (string, bool) {
	if n.known[text] {
		return text, true
	}
	for _, r := range n.rules {
		if r.match.MatchString(text) {
			return r.name, true
		}
	}
	return "", false
}

// anyMethod is the name of a path whose method the tool does not tell; false
// where several could be meant.
func (n Names) anyMethod(path string) (string, bool) {
	found := map[string]bool{}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} {
		if name, ok := n.find(method + " " + path); ok {
			found[name] = true
		}
	}
	for name := range found {
		return name, len(found) == 1
	}
	return "", false
}

// pathOf is the path and query of an address, or the text itself.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path
}
