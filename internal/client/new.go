package client

import (
	"crypto/tls"
	"errors"
	"net"

	"github.com/loadgate/loadgate/internal/target"
)

// New returns a client for the base URL and the hosts. The error says what is wrong with
// the configuration; it is a *HostError when the host of one of the URLs, or that of
// its proxy, is not on the allow list. Nothing is sent or resolved.
func New(cfg Config) (*Client, error) {
	allow, err := target.NewAllowList(cfg.Allow)
	if err != nil {
		return nil, err
	}
	c := &Client{
		agent:       cfg.UserAgent,
		allow:       allow,
		timeout:     cfg.Timeout,
		connect:     cfg.Connect,
		maxBody:     cfg.MaxBody,
		resolve:     cfg.Resolve,
		choose:      cfg.Proxy,
		connections: cfg.Connections,
		// Probing idle connections would cost three system calls a connect and
		// find nothing that the timeout does not.
		dialer: net.Dialer{KeepAlive: -1},
	}
	for _, host := range append([]Host{{cfg.BaseURL, cfg.HTTP, cfg.TLS}}, cfg.Hosts...) {
		s, err := c.newService(host)
		if err != nil {
			return nil, err
		}
		c.services = append(c.services, s)
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
	c.wires.New = func() any { return newWire() }
	c.transport = newTransport()
	if most := cfg.Connections.Pool; most > 0 {
		c.pools = newPools(most)
	}
	return c, nil
}

// newService makes one from its base URL. It needs the client's allow list and proxies.
func (c *Client) newService(of Host) (service, error) {
	base, prefix, user, err := parseBase(of.BaseURL)
	if err != nil {
		return service{}, err
	}
	s := service{origin: base, prefix: prefix, speaks: of.HTTP}
	if err := c.check(&base); err != nil {
		return service{}, err
	}
	if s.via, err = c.proxyTo(&base); err != nil {
		return service{}, err
	}
	switch {
	case s.speaks == target.HTTP2 && !base.secure:
		return service{},
			errors.New("HTTP/2 without TLS is spoken only by prior knowledge; write http: h2c, or an https:// URL")
	case s.speaks == target.H2C && base.secure:
		return service{}, errors.New("h2c is HTTP/2 without TLS; write http: 2, or an http:// URL")
	}
	if user != nil {
		s.basic = basic(user)
	}
	if of.TLS != nil {
		s.tls = of.TLS.Clone()
	} else {
		s.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	s.tls.NextProtos = offers(s.speaks)
	return s, nil
}

// Session returns a new virtual user: no connection, no cookie. It tries the
// addresses of a name in the resolver's order.
func (c *Client) Session() *Session { return &Session{client: c} }

// User returns a new virtual user as Session does, who begins with an address
// of his own: users with successive numbers take turns at the addresses of a
// family, whatever order the resolver answers in.
func (c *Client) User(nth uint64) *Session { return &Session{client: c, spread: true, nth: nth} }
