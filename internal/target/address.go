// Package target says which services a run may load and how they are addressed: URLs of
// hosts and unix sockets, the allow list, and the version of HTTP. It knows nothing of
// thresholds.yaml and dials nothing.
package target

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Address is the URL of the service under load, taken apart. The zero value is not an address.
type Address struct {
	Text   string // without a trailing slash
	Host   string // without the port; "" for a socket
	Socket string // the whole path of a unix socket; "" for a host
	Secure bool   // over TLS
}

// Parse reads the URL of the service under load: http, https, or http+unix (SocketURL),
// without credentials, query and fragment. The error says what to write instead.
func Parse(text string) (Address, error) {
	if scheme, rest, _ := strings.Cut(text, ":"); slices.Contains([]string{"unix", "http+unix", "https+unix"}, scheme) {
		return parseSocket(text, scheme, rest)
	}
	u, err := url.Parse(text)
	shown := WithoutCredentials(text)
	switch {
	case err != nil:
		return Address{}, fmt.Errorf("%q is not a URL; write one like http://localhost:8000", shown)
	case u.Scheme != "http" && u.Scheme != "https":
		return Address{}, fmt.Errorf("%q has no http:// or https://; write http://localhost:8000", shown)
	case u.Hostname() == "":
		return Address{}, fmt.Errorf("%q has no host; write one like http://localhost:8000", shown)
	case strings.Contains(u.Hostname(), "*"):
		return Address{}, fmt.Errorf("%q has a * in its host; write the one host that gets the load", shown)
	case u.User != nil:
		return Address{}, fmt.Errorf("the URL holds a user name or password; write auth: {basic: {username: …, " +
			"password: …}} under target instead")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return Address{}, fmt.Errorf("%q has a query or fragment; write it in the steps", text)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return Address{Text: u.String(), Host: u.Hostname(), Secure: u.Scheme == "https"}, nil
}

// Same says whether two addresses are one service: of the same scheme, host and port, or the same socket.
func (a Address) Same(b Address) bool {
	return a.Secure == b.Secure && a.Socket == b.Socket && strings.EqualFold(a.Host, b.Host) && a.port() == b.port()
}

// port is that of the URL, or of its scheme.
func (a Address) port() string {
	u, err := url.Parse(a.Text)
	switch {
	case err == nil && u.Port() != "":
		return u.Port()
	case a.Secure:
		return "443"
	}
	return "80"
}

// WithoutCredentials is a URL, valid or not, as a message may show it: a log must not get the
// password that was written before an @.
func WithoutCredentials(text string) string {
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return text
	}
	scheme := ""
	if before, _, ok := strings.Cut(text[:at], "://"); ok {
		scheme = before + "://"
	}
	return scheme + "***" + text[at:]
}

// parseSocket reads the URL of a service that listens on a unix socket. What
// is written stays as it is.
func parseSocket(text, scheme, rest string) (Address, error) {
	socket, _, ok := SocketURL(text)
	switch {
	case scheme == "https+unix":
		return Address{},
			fmt.Errorf("%q asks for TLS on a unix socket, which is not spoken; write http+unix:///run/app.sock", text)
	case scheme == "unix":
		return Address{}, fmt.Errorf("%q has no http+unix://; write http+unix:///%s", text, strings.TrimLeft(rest, "/"))
	case strings.ContainsAny(text, "?#"):
		return Address{}, fmt.Errorf("%q has a query or fragment; write it in the steps", text)
	case !ok:
		return Address{}, fmt.Errorf("%q names no unix socket by its whole path; write one like "+
			"http+unix:///run/app.sock, or http+unix:///run/app.sock:/prefix", text)
	}
	return Address{Text: strings.TrimRight(text, "/:"), Socket: socket}, nil
}

// EntryOf is the entry of an allow list for the service at a URL: its host, or its unix
// socket; "" if the URL is not one that Parse reads.
func EntryOf(url string) string {
	switch u, err := Parse(url); {
	case err != nil:
		return ""
	case u.Socket != "":
		return socketPrefix + u.Socket
	default:
		return u.Host
	}
}
