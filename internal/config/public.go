package config

import (
	"net/url"
	"strings"
)

// Public is the target's URL without credentials and query, fit to be shown.
func (t Target) Public() string {
	if _, _, ok := SocketURL(t.URL); ok {
		return t.URL // it has no place for them
	}
	u, err := url.Parse(t.URL)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// PublicOf is the URL of one request, its path and query given, as Public shows
// it: a colon ends a socket's path.
func (t Target) PublicOf(target string) string {
	if _, prefix, ok := SocketURL(t.URL); ok && prefix == "" && strings.HasPrefix(t.URL, socketScheme+"/") {
		return t.Public() + ":" + target
	}
	return t.Public() + target
}
