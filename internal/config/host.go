package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"
)

// CheckAllowed says what is wrong with an entry of an allow list, nil for none.
func CheckAllowed(entry string) error {
	_, err := parseAllow(entry)
	return err
}

// parseAllow checks one entry of an allow list.
func parseAllow(text string) (any, error) {
	if _, ok, err := socketEntry(text); ok || err != nil {
		return text, err
	}
	if socket, _, ok := SocketURL(text); ok {
		return nil, fmt.Errorf("%q is a URL; write the socket alone: unix:%s", text, socket)
	}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return text, checkPrefix(prefix)
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

// address is the URL of the service under load, taken apart.
type address struct {
	text   string // without a trailing slash
	host   string // without the port; "" for a socket
	socket string // the whole path of a unix socket; "" for a host
	secure bool   // over TLS
}

// parseTarget reads the URL of the service under load.
func parseTarget(text string) (address, error) {
	if scheme, rest, _ := strings.Cut(text, ":"); slices.Contains([]string{"unix", "http+unix", "https+unix"}, scheme) {
		return parseSocket(text, scheme, rest)
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return address{}, fmt.Errorf("%q is not a URL; write one like http://localhost:8000", text)
	case u.Scheme != "http" && u.Scheme != "https":
		return address{}, fmt.Errorf("%q has no http:// or https://; write http://localhost:8000", text)
	case u.Hostname() == "":
		return address{}, fmt.Errorf("%q has no host; write one like http://localhost:8000", text)
	case u.User != nil:
		return address{}, fmt.Errorf("the URL holds a user name or password; write auth: {basic: {username: …, " +
			"password: …}} under target instead")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return address{}, fmt.Errorf("%q has a query or fragment; write it in the steps", text)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return address{text: u.String(), host: u.Hostname(), secure: u.Scheme == "https"}, nil
}

// parseSocket reads the URL of a service that listens on a unix socket. What
// is written stays as it is.
func parseSocket(text, scheme, rest string) (address, error) {
	socket, _, ok := SocketURL(text)
	switch {
	case scheme == "https+unix":
		return address{},
			fmt.Errorf("%q asks for TLS on a unix socket, which is not spoken; write http+unix:///run/app.sock", text)
	case scheme == "unix":
		return address{}, fmt.Errorf("%q has no http+unix://; write http+unix:///%s", text, strings.TrimLeft(rest, "/"))
	case strings.ContainsAny(text, "?#"):
		return address{}, fmt.Errorf("%q has a query or fragment; write it in the steps", text)
	case !ok:
		return address{}, fmt.Errorf("%q names no unix socket by its whole path; write one like "+
			"http+unix:///run/app.sock, or http+unix:///run/app.sock:/prefix", text)
	}
	return address{text: strings.TrimRight(text, "/:"), socket: socket}, nil
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
	if !path.IsAbs(socket) || path.Clean(socket) == "/" || strings.ContainsFunc(socket, unicode.IsControl) ||
		prefix != "" && prefix[0] != '/' {
		return "", "", false
	}
	// The prefix goes into request lines: it is escaped as that of a host is.
	u, err := url.Parse("http://host" + prefix)
	if err != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", "", false
	}
	return path.Clean(socket), strings.TrimRight(u.EscapedPath(), "/"), true
}

// socketScheme begins the URL of a service that listens on a unix socket.
const socketScheme = "http+unix://"
