package client

import (
	"crypto/tls"
)

// tlsFor is the TLS configuration towards an origin. A user takes up the TLS
// session of an earlier connection, as browsers do, and never another user's: a
// new user costs the server a whole handshake.
func (s *Session) tlsFor(o *origin) *tls.Config {
	config := s.client.at(o).tls.Clone()
	if config.ServerName == "" {
		config.ServerName = o.host
	}
	if config.ClientSessionCache == nil {
		config.ClientSessionCache = s.sessions()
	}
	return config
}

// sessions are the user's TLS sessions.
func (s *Session) sessions() tls.ClientSessionCache {
	if s.client.pools != nil {
		return s.client.pools.tickets
	}
	if s.tickets == nil {
		s.tickets = tls.NewLRUClientSessionCache(keptConns)
	}
	return s.tickets
}
