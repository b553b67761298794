package client

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/loadgate/loadgate/internal/target"
)

// New returns a client for the base URL. The error says what is wrong with
// the configuration; it is a *HostError when the base URL's host, or that of
// its proxy, is not on the allow list. Nothing is sent or resolved.
func New(cfg Config) (*Client, error) {
	base, prefix, user, err := parseBase(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	allow, err := target.NewAllowList(cfg.Allow)
	if err != nil {
		return nil, err
	}
	c := &Client{
		base:        base,
		prefix:      prefix,
		agent:       cfg.UserAgent,
		allow:       allow,
		timeout:     cfg.Timeout,
		connect:     cfg.Connect,
		maxBody:     cfg.MaxBody,
		speaks:      cfg.HTTP,
		resolve:     cfg.Resolve,
		choose:      cfg.Proxy,
		connections: cfg.Connections,
		// Probing idle connections would cost three system calls a connect and
		// find nothing that the timeout does not.
		dialer: net.Dialer{KeepAlive: -1},
	}
	if err := c.check(&base); err != nil {
		return nil, err
	}
	if c.via, err = c.proxyTo(&base); err != nil {
		return nil, err
	}
	switch {
	case c.speaks == target.HTTP2 && !base.secure:
		return nil,
			errors.New("HTTP/2 without TLS is spoken only by prior knowledge; write http: h2c, or an https:// URL")
	case c.speaks == target.H2C && base.secure:
		return nil, errors.New("h2c is HTTP/2 without TLS; write http: 2, or an http:// URL")
	}
	if user != nil {
		c.basic = basic(user)
	}
	if c.agent == "" {
		c.agent = defaultUserAgent
	}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	if c.connect <= 0 {
		c.connect = min(c.timeout, defaultConnect)
	}
	if c.maxBody <= 0 {
		c.maxBody = defaultMaxBody
	}
	if c.resolve == nil {
		c.resolve = resolveSystem
	}
	if cfg.TLS != nil {
		c.tls = cfg.TLS.Clone()
	} else {
		c.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	c.tls.NextProtos = offers(c.speaks)
	c.wires.New = func() any { return newWire() }
	c.transport = newTransport()
	return c, nil
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

// basic is the credentials of a URL as a header has them.
func basic(user *url.Userinfo) string {
	password, _ := user.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password))
}

// Session returns a new virtual user: no connection, no cookie. It tries the
// addresses of a name in the resolver's order.
func (c *Client) Session() *Session { return &Session{client: c} }

// User returns a new virtual user as Session does, who begins with an address
// of his own: users with successive numbers take turns at the addresses of a
// family, whatever order the resolver answers in.
func (c *Client) User(nth uint64) *Session { return &Session{client: c, spread: true, nth: nth} }
