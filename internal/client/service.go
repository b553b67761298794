package client

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"strings"

	"github.com/loadgate/loadgate/internal/target"
)

// service is a place that requests go to: that of the base URL, or a host. It is not changed.
type service struct {
	origin origin
	via    *proxy // nil: none
	prefix string // the base URL's path, without a slash at its end
	basic  string // value of the Authorization header from the base URL; "" without user
	speaks target.Protocol
	tls    *tls.Config
}

// URLError is a base URL that cannot be one. Wrong follows the name of the URL in a sentence, and quotes no password.
type URLError struct{ Wrong string }

// Error names it the base URL.
func (e *URLError) Error() string { return "base URL " + e.Wrong }

func wrongURL(format string, args ...any) error { return &URLError{fmt.Sprintf(format, args...)} }

// parseBase takes a base URL apart. The path comes without a slash at its end.
func parseBase(text string) (base origin, prefix string, user *url.Userinfo, err error) {
	if strings.HasPrefix(text, "http+unix:") {
		socket, prefix, ok := target.SocketURL(text)
		if !ok {
			return origin{}, "", nil,
				wrongURL("%q: write http+unix:///run/app.sock, with :/path after it if need be", text)
		}
		return socketOrigin(socket), prefix, nil, nil
	}
	u, err := url.Parse(text)
	if err != nil {
		// The error would quote parts of the address, and with them a password.
		return origin{}, "", nil, wrongURL("cannot be read; write http://HOST or https://HOST, " +
			"and other characters than letters and digits of a password as %%XX")
	}
	base, ok := originOf(u)
	if !ok {
		return origin{}, "", nil,
			wrongURL("%q: write http://HOST or https://HOST, with a port from 1 to 65535 if need be",
				u.Redacted())
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return origin{}, "", nil,
			wrongURL("%q: leave out the query and the fragment; they belong to a request", u.Redacted())
	}
	return base, strings.TrimRight(u.EscapedPath(), "/"), u.User, nil
}

// offers is what a TLS handshake offers by ALPN.
func offers(p target.Protocol) []string {
	switch p {
	case target.HTTP1:
		return []string{"http/1.1"}
	case target.HTTP2:
		return []string{"h2"}
	}
	return []string{"h2", "http/1.1"}
}
