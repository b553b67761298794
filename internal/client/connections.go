package client

import (
	"time"

	"github.com/loadgate/loadgate/internal/target"
)

// old reports whether a connection may carry no other request at a time.
func old(p *target.Connections, c *conn, now time.Time) bool {
	return p.MaxAge > 0 && now.Sub(c.born) >= p.MaxAge
}

// takeIdle is the idle connection to an origin; nil if there is none that may be used.
func (s *Session) takeIdle(o *origin) *conn {
	c := s.idle.take(o)
	if c != nil && s.client.connections.MaxAge > 0 && old(&s.client.connections, c, time.Now()) {
		c.drop()
		return nil
	}
	return c
}

// keeps reports whether a connection is kept for another request, after an answer that permits it.
func (s *Session) keeps(c *conn) bool {
	p := &s.client.connections
	return p.Keep != target.KeepRequest && (p.MaxAge == 0 || !old(p, c, time.Now()))
}

// EndRound says that a round of the user is over: with target.KeepRound its connections are closed, else nothing
// happens. Cookies, TLS sessions and answers to challenges stay.
func (s *Session) EndRound() {
	if s.client.connections.Keep == target.KeepRound {
		s.idle.close()
		s.eachBeside((*Session).EndRound)
	}
}
