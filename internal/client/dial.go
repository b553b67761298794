package client

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/spec"
)

func resolveSystem(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// dial opens a connection to an origin and times its phases into x. The
// connection's deadline is the exchange's.
func (s *Session) dial(ctx context.Context, o *origin, exchange limit, x *Exchange) (*conn, fault) {
	c := s.client
	if err := c.check(o); err != nil {
		return nil, fault{kind: metric.DNS, detail: err.Error(), forbidden: true}
	}
	now := time.Now()
	within := limit{now.Add(c.connect), c.connect}
	if exchange.at.Before(within.at) {
		within = exchange
	}
	inTime, cancel := context.WithDeadline(ctx, within.at)
	defer cancel()

	raw, f := c.reach(ctx, inTime, o, within, &x.Phases)
	if f.bad() {
		return nil, f
	}
	x.Connects++
	cn := newConn(raw, *o)
	carries2 := c.speaks == spec.H2C
	if o.secure {
		began := time.Now()
		secured := tls.Client(cn.socket, s.tlsFor(o))
		err := secured.HandshakeContext(inTime)
		lap(&x.Phases.TLS, began)
		if err != nil {
			cn.drop()
			return nil, c.tlsFault(ctx, within, err)
		}
		cn.Conn = secured
		carries2 = secured.ConnectionState().NegotiatedProtocol == "h2"
		if c.speaks == spec.HTTP2 && !carries2 {
			cn.drop()
			return nil, fault{kind: metric.TLS, detail: noHTTP2}
		}
	}
	if err := cn.SetDeadline(exchange.at); err != nil {
		cn.drop()
		return nil, wireFault(ctx, exchange, 0, err)
	}
	if carries2 {
		if err := c.startHTTP2(inTime, cn); err != nil {
			cn.drop()
			return nil, wireFault(ctx, exchange, 0, err)
		}
	}
	return cn, fault{}
}

// reach opens the bare connection. inTime ends with ctx and at the limit.
func (c *Client) reach(ctx, inTime context.Context, o *origin, within limit, took *Phases) (rawConn, fault) {
	began := time.Now()
	if o.socket != "" {
		raw, err := c.dialSocket(inTime, o.socket)
		lap(&took.Connect, began)
		if err != nil {
			return nil, socketFault(ctx, o.socket, within, err)
		}
		return raw, fault{}
	}
	addrs, literal, err := c.addresses(inTime, o.host)
	if !literal {
		began = lap(&took.DNS, began)
	}
	if err != nil {
		return nil, resolveFault(ctx, o.host, within, err)
	}
	raw, err := c.dialFirst(inTime, addrs, o.port)
	lap(&took.Connect, began)
	if err != nil {
		return nil, dialFault(ctx, within, err)
	}
	return raw, fault{}
}

// tlsFor is the TLS configuration towards an origin. A user takes up the TLS
// session of an earlier connection, as browsers do, and never another user's: a
// new user costs the server a whole handshake.
func (s *Session) tlsFor(o *origin) *tls.Config {
	if s.tickets == nil {
		s.tickets = tls.NewLRUClientSessionCache(keptConns)
	}
	config := s.client.tls.Clone()
	if config.ServerName == "" {
		config.ServerName = o.host
	}
	if config.ClientSessionCache == nil {
		config.ClientSessionCache = s.tickets
	}
	return config
}

// addresses are those of a host that may be dialled, in the order in which
// they are tried. literal: the host is an address itself, already checked.
func (c *Client) addresses(ctx context.Context, host string) (addrs []netip.Addr, literal bool, err error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr.Unmap()}, true, nil
	}
	addrs, err = c.resolve(ctx, host)
	if err == nil && len(addrs) == 0 {
		err = &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	if err != nil {
		return nil, false, err
	}
	addrs, err = c.filter(host, addrs)
	return addrs, false, err
}
