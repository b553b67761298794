package htmlpage

import (
	"net/url"
	"regexp"
)

// Href is where a link leads. The zero value leads nowhere: what it belongs to is text alone. Only Beside and Web
// make one, so that no text of a stranger becomes an address that runs something.
type Href struct{ to string }

// besidePath is a path relative to the page, with a section of it or alone. It has no colon, and so no scheme, and
// does not begin with a slash, and so names no host.
var besidePath = regexp.MustCompile(
	`^(?:(?:\.\./)*(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*|(?:\.\./)+)?(?:#[A-Za-z0-9._,-]+)?$`)

// Beside leads to a page beside this one, such as ../index.html, to a folder above, such as ../, or to a section,
// such as #runs. It is the zero value for every other text.
func Beside(path string) Href {
	if !besidePath.MatchString(path) {
		return Href{}
	}
	return Href{path}
}

// Web leads to an address of the web: http or https, a host, and no credentials. It is the zero value for every
// other text.
func Web(address string) Href {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return Href{}
	}
	return Href{u.String()}
}

// String is the address; empty: it leads nowhere.
func (h Href) String() string { return h.to }

// MarshalText writes the address.
func (h Href) MarshalText() ([]byte, error) { return []byte(h.to), nil }

// Link is a text that leads somewhere.
type Link struct {
	Text string
	Href Href
}
