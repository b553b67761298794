package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/loadgate/loadgate/internal/client/addresses"
	"github.com/loadgate/loadgate/internal/client/socket"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
)

func resolveSystem(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// dial opens a connection to a hop's origin and times its phases into x. The
// connection's deadline is the exchange's.
func (s *Session) dial(ctx context.Context, h *hop, exchange limit, x *Exchange) (*conn, fault) {
	c, o := s.client, &h.origin
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

	raw, f := s.reach(ctx, inTime, h, within, &x.Phases)
	if f.bad() {
		return nil, f
	}
	x.Connects++
	cn := newConn(raw, *o)
	cn.born = now
	if h.proxy == nil && o.socket == "" && *o == c.services[0].origin {
		cn.tally = c.tallies.of(raw.RemoteAddr().String())
	}
	if f := s.ready(ctx, inTime, cn, h, within, &x.Phases); f.bad() {
		cn.drop()
		if cn.tally != nil && f.detail != Stopped {
			cn.tally.refused.Add(1)
		}
		return nil, f
	}
	if err := cn.SetDeadline(exchange.at); err != nil {
		cn.drop()
		return nil, wireFault(ctx, exchange, 0, err)
	}
	return cn, fault{}
}

// reach opens the bare connection to an origin or its proxy. inTime ends with
// ctx and at the limit.
func (s *Session) reach(ctx, inTime context.Context, h *hop, within limit, took *Phases) (socket.Raw, fault) {
	c, began, to := s.client, time.Now(), &h.origin
	if to.socket != "" {
		raw, err := c.dialSocket(inTime, to.socket)
		lap(&took.Connect, began)
		if err != nil {
			return nil, socketFault(ctx, to.socket, within, err)
		}
		return raw, fault{}
	}
	if h.proxy != nil {
		to = &h.proxy.origin
	}
	var f fault
	addrs, literal, err := c.addresses(inTime, to.host)
	if !literal {
		began = lap(&took.DNS, began)
	}
	if err != nil {
		f = resolveFault(ctx, to.host, within, err)
	} else {
		var raw socket.Raw
		if s.spread {
			addrs = addresses.Spread(addrs, s.nth)
		}
		count := h.proxy == nil && h.origin == c.services[0].origin
		raw, err = addresses.First(inTime, addrs, func(ctx context.Context, addr netip.Addr) (socket.Raw, error) {
			return c.dialAddress(ctx, addr, to.port, count)
		})
		lap(&took.Connect, began)
		if err == nil {
			return raw, fault{}
		}
		f = dialFault(ctx, within, err)
	}
	if h.proxy != nil {
		f = h.proxy.named(f)
	}
	return nil, f
}

// dialAddress connects to one address, and counts it if it fails there. One
// that was given up because another won is not counted.
//
// Note: DialTCP with no local address binds to a free port before it connects.
// Such a port is taken whatever it connects to, and with thousands of users
// the kernel searches for seconds to find the next.
func (c *Client) dialAddress(ctx context.Context, addr netip.Addr, port uint16, count bool) (socket.Raw, error) {
	to := netip.AddrPortFrom(addr.Unmap(), port).String()
	conn, err := c.dialer.DialContext(ctx, "tcp", to)
	if err != nil {
		if count && ctx.Err() != context.Canceled && !addresses.NoWay(err) {
			c.tallies.of(to).refused.Add(1)
		}
		return nil, err
	}
	return conn.(socket.Raw), nil // "tcp" gives a *net.TCPConn
}

// ready makes a bare connection one that carries HTTP: the way through a
// proxy, TLS, and what HTTP/2 needs.
func (s *Session) ready(ctx, inTime context.Context, cn *conn, h *hop, within limit, took *Phases) fault {
	c, o := s.client, &h.origin
	if h.proxy != nil {
		began := time.Now()
		f := s.through(ctx, inTime, cn, h, within)
		took.Connect += time.Since(began)
		if f.bad() {
			return f
		}
	}
	carries2 := c.carries2(o) && !h.upgrade
	if o.secure {
		began := time.Now()
		config := s.tlsFor(o)
		if h.upgrade {
			config.NextProtos = offers(target.HTTP1)
		}
		secured := tls.Client(cn.Conn, config)
		err := secured.HandshakeContext(inTime)
		lap(&took.TLS, began)
		if err != nil {
			return c.tlsFault(ctx, o, within, err)
		}
		cn.Conn = secured
		carries2 = secured.ConnectionState().NegotiatedProtocol == "h2"
		if c.at(o).speaks == target.HTTP2 && !carries2 && !h.upgrade {
			return fault{kind: metric.TLS, detail: noHTTP2}
		}
	}
	if !carries2 {
		return fault{}
	}
	if err := cn.SetDeadline(within.at); err != nil {
		return wireFault(ctx, within, 0, err)
	}
	switch err := c.startHTTP2(inTime, cn); {
	case errors.Is(err, errHTTP1):
		return spokeHTTP1
	case err != nil:
		return wireFault(ctx, within, 0, err)
	}
	return fault{}
}

// carries2 reports whether connections to an origin carry HTTP/2 by prior
// knowledge.
func (c *Client) carries2(o *origin) bool { return !o.secure && c.at(o).speaks == target.H2C }

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
