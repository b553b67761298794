package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// proxy is another machine through which an origin is reached. Requests to
// http origins are sent to it whole; for https and for HTTP/2 without TLS it is
// asked for a tunnel (CONNECT), through which it reads nothing and forwards
// all.
type proxy struct {
	origin        // secure: TLS to the proxy itself
	auth   string // value of Proxy-Authorization; "": none
}

// address is how the proxy is called in messages.
func (p *proxy) address() string { return net.JoinHostPort(p.host, strconv.Itoa(int(p.port))) }

// proxyTo chooses the proxy for an origin; nil: none. This machine is never
// reached through one. The error tells what to write instead.
func (c *Client) proxyTo(o *origin) (*proxy, error) {
	if c.choose == nil || o.loopback() {
		return nil, nil
	}
	target, err := url.Parse(o.at("/"))
	if err != nil {
		return nil, fmt.Errorf("choose a proxy for %s: %w", o.name, err)
	}
	u, err := c.choose(target)
	switch {
	case err != nil:
		return nil, fmt.Errorf("choose a proxy for %s: %w", o.name, err)
	case u == nil:
		return nil, nil
	case u.Scheme != "http" && u.Scheme != "https":
		return nil,
			fmt.Errorf("proxy %s: %s is not supported; write an http:// or https:// proxy, or take the target out "+
				"with NO_PROXY", u.Redacted(), u.Scheme)
	}
	at, ok := originOf(u)
	if !ok {
		return nil, fmt.Errorf("proxy %s: write http://HOST:PORT", u.Redacted())
	}
	p := &proxy{origin: at}
	if !c.allow.Host(p.host) {
		return nil, &HostError{Host: p.host, Proxy: p.address()}
	}
	if u.User != nil {
		p.auth = basic(u.User)
	}
	return p, nil
}

// loopback reports whether the origin is this machine by its name alone.
func (o *origin) loopback() bool {
	if o.socket != "" || o.host == "localhost" || strings.HasSuffix(o.host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(o.host)
	return err == nil && addr.Unmap().IsLoopback()
}

// forwards reports whether a hop's requests go to its proxy whole.
func (c *Client) forwards(h *hop) bool {
	return h.proxy != nil && !h.origin.secure && !c.carries2(&h.origin) && !h.upgrade
}

// through readies a connection to a proxy for an origin beyond it: TLS to the
// proxy, and a tunnel where one is needed. Faults name the proxy.
func (s *Session) through(ctx, inTime context.Context, cn *conn, h *hop, within limit) fault {
	c, p := s.client, h.proxy
	if err := cn.SetDeadline(within.at); err != nil {
		return p.named(wireFault(ctx, within, 0, err))
	}
	if p.secure {
		secured := tls.Client(cn.Conn, s.tlsToProxy(p))
		if err := secured.HandshakeContext(inTime); err != nil {
			return p.named(c.tlsFault(ctx, &p.origin, within, err))
		}
		cn.Conn = secured
	}
	if c.forwards(h) {
		return fault{}
	}
	// Nothing else watches the context while the tunnel is opened.
	stop := context.AfterFunc(ctx, func() { _ = cn.socket.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	f := c.tunnel(ctx, cn, h, within)
	cn.received, cn.sent = 0, 0 // the exchange's own bytes are counted, as inside TLS
	return p.named(f)
}

// tunnel asks a proxy to connect to the hop's origin.
func (c *Client) tunnel(ctx context.Context, cn *conn, h *hop, within limit) fault {
	w := c.wires.Get().(*wire)
	defer func() { c.wires.Put(w.release()) }()
	target := net.JoinHostPort(h.origin.host, strconv.Itoa(int(h.origin.port)))
	w.out = append(w.out[:0], "CONNECT "+target+" HTTP/1.1\r\n"...)
	w.out = appendField(w.out, "Host", target)
	w.out = appendField(w.out, "User-Agent", c.agent)
	if h.proxy.auth != "" {
		w.out = appendField(w.out, "Proxy-Authorization", h.proxy.auth)
	}
	w.out = append(w.out, "\r\n"...)
	if _, err := cn.Write(w.out); err != nil {
		return wireFault(ctx, within, 0, err)
	}
	var x Exchange
	a := answer{wire: w, conn: cn, x: &x, within: within}
	switch {
	case !a.readHead(ctx) && (a.fault.kind == metric.Body || a.fault.kind == metric.TooLarge):
		return fault{kind: metric.Refused, detail: a.fault.detail}
	case a.fault.bad():
		return a.fault
	case x.Status == 407:
		return fault{kind: metric.Refused, detail: "the proxy wants a user name and password"}
	case x.Status < 200 || x.Status > 299:
		return fault{kind: metric.Refused, detail: fmt.Sprintf("the proxy answers %d to CONNECT", x.Status)}
	}
	if early := w.unused(); len(early) > 0 {
		cn.Conn = &ahead{cn.Conn, bytes.Clone(early)}
	}
	return fault{}
}

// named says whose fault it was, unless it was this machine's or nobody's.
func (p *proxy) named(f fault) fault {
	if f.bad() && f.detail != Stopped && f.cause != metric.OwnMachine {
		f.detail = "proxy " + p.address() + ": " + f.detail
	}
	return f
}

// tlsToProxy is the TLS configuration towards a proxy. It trusts whom the
// target's trusts; but a check that is waived for the target, and a name or a
// certificate that is meant for it, are not for the proxy.
func (s *Session) tlsToProxy(p *proxy) *tls.Config {
	base := s.client.services[0].tls
	return &tls.Config{
		RootCAs: base.RootCAs, Time: base.Time, MinVersion: tls.VersionTLS12,
		ServerName: p.host, NextProtos: []string{"http/1.1"}, ClientSessionCache: s.sessions(),
	}
}

// ahead is a connection of which some bytes came too early: a server of HTTP/2
// may speak first, and its words come with the proxy's own.
type ahead struct {
	net.Conn
	early []byte
}

// Read reads the early bytes first.
func (c *ahead) Read(p []byte) (int, error) {
	if len(c.early) == 0 {
		return c.Conn.Read(p)
	}
	n := copy(p, c.early)
	c.early = c.early[n:]
	return n, nil
}
