package client

import (
	"net"
	"time"
)

// conn is one connection of a session, idle between two exchanges. It counts
// what passes.
type conn struct {
	net.Conn // the TLS connection or the TCP connection itself
	tcp      *net.TCPConn
	looker   *looker
	origin   origin
	received int64
	sent     int64
}

func newConn(tcp *net.TCPConn, o origin) *conn {
	return &conn{Conn: tcp, tcp: tcp, looker: newLooker(tcp), origin: o}
}

// Read counts what it reads.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received += int64(n)
	return n, err
}

// Write counts what it writes.
func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.sent += int64(n)
	return n, err
}

// fit reports whether the idle connection may carry another request, and
// gives it the deadline of that request.
func (c *conn) fit(deadline time.Time) bool {
	return c.SetDeadline(deadline) == nil && c.looker.look()
}

// drop closes the connection at once. Over TLS no farewell is said: it could
// block, and the server learns as much from the end of the stream.
func (c *conn) drop() { _ = c.tcp.Close() }

// keptConns is how many idle connections a session keeps: its own origin and
// a few that redirects lead to.
const keptConns = 4

// idle holds a session's idle connections, the latest at the end, at most one
// for each origin.
type idle struct {
	conns []*conn
}

// take removes and returns the connection to an origin; nil if there is none.
func (p *idle) take(o *origin) *conn {
	for i, c := range p.conns {
		if c.origin == *o {
			last := copy(p.conns[i:], p.conns[i+1:]) + i
			p.conns[last] = nil
			p.conns = p.conns[:last]
			return c
		}
	}
	return nil
}

// put keeps a connection, and closes the one longest unused when there are
// too many.
func (p *idle) put(c *conn) {
	if len(p.conns) == keptConns {
		p.conns[0].drop()
		p.conns = p.conns[:copy(p.conns, p.conns[1:])]
	}
	p.conns = append(p.conns, c)
}

func (p *idle) close() {
	for _, c := range p.conns {
		c.drop()
	}
	p.conns = nil
}
