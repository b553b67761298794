package recording

import (
	"net/url"
	"regexp"
	"strings"
)

// lonePercent is a % that begins no escaped byte. The browser sends it as it is.
var lonePercent = regexp.MustCompile(`%([0-9A-Fa-f]{0,1}(?:[^0-9A-Fa-f]|$))`)

// parseAddress reads an address. Browsers send a lone % in a path as it is, and url.Parse refuses it.
func parseAddress(text string) (*url.URL, error) {
	text, _, _ = strings.Cut(text, "#") // a fragment is never sent
	u, err := url.Parse(text)
	if err == nil {
		return u, nil
	}
	path, query, asked := strings.Cut(text, "?")
	for lonePercent.MatchString(path) {
		path = lonePercent.ReplaceAllString(path, "%25$1")
	}
	if asked {
		path += "?" + query
	}
	return url.Parse(path)
}
