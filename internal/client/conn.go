package client

import (
	"net"
	"syscall"
	"time"
)

// conn is one connection of a session, idle between two exchanges. It counts
// what passes.
type conn struct {
	net.Conn // the TLS connection or the socket itself
	socket   *socket
	http2    *http2 // nil: HTTP/1.1
	origin   origin
	tally    *tally // of its address; nil: not counted
	received int64
	sent     int64
}

// rawConn is what a socket is made of: *net.TCPConn or *net.UnixConn.
type rawConn interface {
	net.Conn
	syscall.Conn
}

func newConn(raw rawConn, o origin) *conn {
	s := newSocket(raw)
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
	idle     bool      // look before sending
	fit      bool      // it looked well, or needed no look; else nothing was sent
	reading  bool      // all was sent in the first go
	sent     int       // bytes
	written  time.Time // when the last byte was sent
	n        int       // bytes of the answer
	writeErr error
	err      error    // of reading; nil when n > 0
	sending  *sending // of a long body, until finish
	unsent   bool     // the answer came before the end of the body
}

// ask sends a request and reads the first bytes of the answer. A long body is sent
// concurrently with reading: finish has to follow then. An idle connection is
// checked first.
func (c *conn) ask(a *asked, head, body, in []byte) {
	if c.Conn == net.Conn(c.socket) && len(body) == 0 {
		c.socket.ask(a, head, in)
		c.sent, c.received = c.sent+int64(a.sent), c.received+int64(a.n)
	} else {
		a.fit = !a.idle || c.socket.look()
	}
	if !a.fit || a.reading || a.err != nil {
		return
	}
	if len(body) > 0 {
		a.sending = c.send(head, body)
		if a.n, a.err = c.Read(in); a.n > 0 {
			a.err = nil
		}
		a.written = a.sending.end()
		return
	}
	if a.writeErr == nil {
		_, a.writeErr = c.Write(head[a.sent:])
	}
	a.written = time.Now()
	// A server may answer and close before it has read the whole request, so
	// a write that failed need not be the end.
	if a.n, a.err = c.Read(in); a.n > 0 {
		a.err = nil
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
