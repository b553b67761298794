package client

import (
	"net"
	"time"

	"github.com/loadgate/loadgate/internal/client/socket"
)

// conn is one connection of a session, idle between two exchanges. It counts
// what passes.
type conn struct {
	net.Conn // the TLS connection or the socket itself
	socket   *socket.Conn
	http2    *http2 // nil: HTTP/1.1
	origin   origin
	tally    *tally // of its address; nil: not counted
	received int64
	sent     int64
	born     time.Time // when connecting began
}

func newConn(raw socket.Raw, o origin) *conn {
	s := socket.New(raw)
	return &conn{Conn: s, socket: s, origin: o}
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

// asked is a request under way and its outcome. It is part of the wire, so that a
// thinking user holds none.
type asked struct {
	socket.Asked
	sending *sending // of a long body, until finish
	unsent  bool     // the answer came before the end of the body
}

// ask sends a request and reads the first bytes of the answer. A long body is sent
// concurrently with reading: finish has to follow then. An idle connection is
// checked first.
func (c *conn) ask(a *asked, head, body, in []byte) {
	if c.Conn == net.Conn(c.socket) && len(body) == 0 {
		c.socket.Ask(&a.Asked, head, in)
		c.sent, c.received = c.sent+int64(a.Sent), c.received+int64(a.N)
	} else {
		a.Fit = !a.Idle || c.socket.Look()
	}
	if !a.Fit || a.Reading || a.Err != nil {
		return
	}
	if len(body) > 0 {
		a.sending = c.send(head, body)
		if a.N, a.Err = c.Read(in); a.N > 0 {
			a.Err = nil
		}
		a.Written = a.sending.end()
		return
	}
	if a.WriteErr == nil {
		_, a.WriteErr = c.Write(head[a.Sent:])
	}
	a.Written = time.Now()
	// A server may answer and close before it has read the whole request, so
	// a write that failed need not be the end.
	if a.N, a.Err = c.Read(in); a.N > 0 {
		a.Err = nil
	}
}

// drop closes the connection at once. Over TLS no farewell is said: it could
// block, and the server learns as much from the end of the stream.
func (c *conn) drop() { _ = c.socket.Close() }

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
	if c.http2 != nil && c.SetDeadline(time.Time{}) != nil { // which would end the reading that goes on
		c.drop()
		return
	}
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
