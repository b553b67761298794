package target

import (
	"net/url"
	"strings"
)

// Public is the URL of a service without credentials and query, fit to be shown; "" if it
// is not a URL.
func Public(service string) string {
	if _, _, ok := SocketURL(service); ok {
		return service // it has no place for them
	}
	u, err := url.Parse(service)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// PublicOf is the URL of one request to a service, given its path and query, as Public
// shows it: a colon ends a socket's path.
func PublicOf(service, path string) string {
	if _, prefix, ok := SocketURL(service); ok && prefix == "" && strings.HasPrefix(service, socketScheme+"/") {
		return Public(service) + ":" + path
	}
	return Public(service) + path
}
