package client

import "time"

// Keep is how long a user keeps its connections.
type Keep uint8

// The zero value is KeepUser.
const (
	// KeepUser: from request to request, as long as the servers do.
	KeepUser Keep = iota
	// KeepRound: until the end of the user's round; see Session.EndRound.
	KeepRound
	// KeepRequest: not at all. Each sending has a connection of its own, those of redirects and of answers to
	// challenges too, and says so over HTTP/1.1 (Connection: close).
	KeepRequest
)

// Connections is the policy for the connections of all users. With any of them a user has at most one connection to an
// origin, shares it with nobody, and takes up its earlier TLS sessions. The zero value keeps connections as long as the
// servers do.
type Connections struct {
	Keep Keep
	// MaxAge is how old a connection may be that carries another request, from the beginning of connecting on; 0: any
	// age. An older one is closed after its answer, or before the user's next request. It ends no request.
	MaxAge time.Duration
}

// old reports whether a connection may carry no other request at a time.
func (p *Connections) old(c *conn, now time.Time) bool {
	return p.MaxAge > 0 && now.Sub(c.born) >= p.MaxAge
}

// takeIdle is the idle connection to an origin; nil if there is none that may be used.
func (s *Session) takeIdle(o *origin) *conn {
	c := s.idle.take(o)
	if c != nil && s.client.connections.MaxAge > 0 && s.client.connections.old(c, time.Now()) {
		c.drop()
		return nil
	}
	return c
}

// keeps reports whether a connection is kept for another request, after an answer that permits it.
func (s *Session) keeps(c *conn) bool {
	p := &s.client.connections
	return p.Keep != KeepRequest && (p.MaxAge == 0 || !p.old(c, time.Now()))
}

// EndRound says that a round of the user is over: with KeepRound its connections are closed, else nothing happens.
// Cookies, TLS sessions and answers to challenges stay.
func (s *Session) EndRound() {
	if s.client.connections.Keep == KeepRound {
		s.idle.close()
	}
}
