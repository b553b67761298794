package spec

import (
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"strings"
)

// parseAllow checks one entry of an allow list.
func parseAllow(text string) (any, error) {
	if _, err := netip.ParsePrefix(text); err == nil {
		return text, nil
	}
	if _, err := netip.ParseAddr(text); err == nil {
		return text, nil
	}
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return nil, fmt.Errorf("%q is a URL; write the host alone: %s", text, u.Hostname())
	}
	if name, port, ok := strings.Cut(text, ":"); ok && strings.Trim(port, "0123456789") == "" {
		return nil, fmt.Errorf("%q has a port; write the host alone: %s", text, name)
	}
	if strings.Contains(text, "*") {
		return nil, fmt.Errorf("%q has a *; write each host name, address or CIDR prefix", text)
	}
	if text == "" || strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return nil, fmt.Errorf("%q is not a host; write a host name, an address or a prefix such as 10.0.0.0/8", text)
	}
	return text, nil
}

// parseTarget reads the URL of the service under load. It comes back without
// a trailing slash.
func parseTarget(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q is not a URL; write one like http://localhost:8000", text)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q has no http:// or https://; write http://localhost:8000", text)
	case u.Hostname() == "":
		return nil, fmt.Errorf("%q has no host; write one like http://localhost:8000", text)
	case u.User != nil:
		return nil, fmt.Errorf("the URL holds a user name or password; write an Authorization header instead")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("%q has a query or fragment; write it in the steps", text)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// SocketURL takes a URL such as http+unix:///run/app.sock:/api apart: the whole
// path of the socket, and the path before every request's own, which may be
// missing. The socket may be percent-encoded as a host is,
// http+unix://%2Frun%2Fapp.sock/api, as other tools write it. False: it is no
// such URL.
func SocketURL(text string) (socket, prefix string, ok bool) {
	rest, ok := strings.CutPrefix(text, socketScheme)
	if !ok {
		return "", "", false
	}
	if strings.HasPrefix(rest, "/") {
		socket, prefix, _ = strings.Cut(rest, ":")
	} else {
		host, after, _ := strings.Cut(rest, "/")
		decoded, err := url.PathUnescape(host)
		if err != nil {
			return "", "", false
		}
		socket, prefix = decoded, "/"+after
	}
	prefix = strings.TrimRight(prefix, "/")
	if !path.IsAbs(socket) || path.Clean(socket) == "/" || prefix != "" && prefix[0] != '/' || strings.ContainsAny(prefix, "?#") {
		return "", "", false
	}
	return path.Clean(socket), prefix, true
}

// socketScheme begins the URL of a service that listens on a unix socket.
const socketScheme = "http+unix://"
