package trace

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

// Placeholder is what an id takes the place of in a Link.
const Placeholder = "{trace_id}"

// Link leads to the page of a trace. The zero value leads nowhere.
type Link struct{ before, after string }

// longestLink bounds a link, in bytes.
const longestLink = 2000

// plainHost is an authority that no medium takes for anything else.
var plainHost = regexp.MustCompile(`^(?:[0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?$`)

// ParseLink reads an http or https address with one {trace_id} in it, behind the host. Errors say what to write
// instead and do not repeat the text, which may hold a password.
func ParseLink(text string) (Link, error) {
	before, after, found := strings.Cut(text, Placeholder)
	example, err := url.Parse(before + ID{}.String() + after)
	switch {
	case !found:
		return Link{}, errors.New("has no " + Placeholder + remedy)
	case strings.Contains(after, Placeholder):
		return Link{}, errors.New("has more than one " + Placeholder + remedy)
	case len(text) > longestLink:
		return Link{}, errors.New("is longer than 2000 bytes" + remedy)
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return Link{}, errors.New("has a space or a control character; write %20 for a space")
	case err != nil || example.Scheme != "http" && example.Scheme != "https" || example.Host == "":
		return Link{}, errors.New("is not an address that begins with http:// or https://" + remedy)
	case example.User != nil:
		return Link{}, errors.New("has a user or a password in it, which every report would show; leave them out")
	case !plainHost.MatchString(example.Host):
		return Link{}, errors.New("has a host that is not a name or an address" + remedy)
	}
	authority := strings.Index(before, "//") + len("//")
	path := strings.IndexAny(before[authority:], "/?#")
	if path < 0 {
		return Link{}, errors.New("has " + Placeholder + " in its host" + remedy)
	}
	path += authority
	return Link{before[:path] + escaped(before[path:]), escaped(after)}, nil
}

const remedy = "; write one such as https://tempo.example/trace/" + Placeholder

// escaped writes what may end or change a link in HTML, Markdown or a table as percent-encoded bytes.
func escaped(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if c > 0x7e || strings.IndexByte("\"'<>()[]{}|\\^`*", c) >= 0 {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// To is the address of a trace, of ASCII that is safe in HTML, Markdown and a line; "" where the link leads nowhere.
func (l Link) To(id ID) string {
	if l == (Link{}) {
		return ""
	}
	return l.before + id.String() + l.after
}
