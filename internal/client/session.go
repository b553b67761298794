package client

import (
	"crypto/tls"
	"time"

	"github.com/loadgate/loadgate/internal/client/cookies"
)

// Session is one virtual user: one connection to each origin it visits, or those of a pool (see
// Connections), its cookies and its TLS sessions. Not safe for concurrent use; different sessions are independent.
//
// Servers close idle connections (uvicorn after 5 s), and think times are
// longer. Before a request goes out on an idle connection the session looks
// whether the server has closed it, and reconnects if so. A close that crosses
// the request on its way shows as a connection that breaks before one byte of
// the answer came; then the request is sent once more on a new connection.
// Neither is a failure, as it is none for a user of a browser; Connects and
// Retries count them. Nothing is ever sent twice on a connection made for it.
type Session struct {
	client  *Client
	spread  bool   // over the addresses of a name
	joined  bool   // it counts in the pool of its client
	nth     uint64 // decides with which address it begins
	idle    idle
	cookies cookies.Jar
	answers answers                // to challenges of Digest authentication
	tickets tls.ClientSessionCache // nil until the first connection over TLS
	watch   watch
	joint   *joint // with the user's further connections; nil: it has none
}

// Close closes the session's connections and forgets its context. Cookies,
// TLS sessions and answers to challenges stay; a later Do connects anew.
func (s *Session) Close() {
	s.idle.close()
	s.watch.leave()
	s.eachBeside((*Session).Close)
	if s.joined {
		s.joined = false
		s.client.pools.leave()
	}
}

// Cookie is the value of the cookie that the service last set under a name,
// wherever it is sent to; "" when there is none, or it was taken back.
func (s *Session) Cookie(name string) string {
	defer s.letGo()
	return s.hold().cookies.Value(name)
}

// cookieHeader is the value of the Cookie header for a hop; "" for none.
func (s *Session) cookieHeader(h *hop) string {
	defer s.letGo()
	of := s.hold()
	if of.cookies.Empty() {
		return ""
	}
	u := h.url()
	if u == nil {
		return ""
	}
	return of.cookies.Header(u)
}

// keepCookies keeps what the answer to a hop sets.
func (s *Session) keepCookies(h *hop, x *Exchange) {
	if !x.head.Cookies {
		return
	}
	if u := h.url(); u != nil {
		s.hold().cookies.Set(u, x.head.All("set-cookie"), time.Now())
		s.letGo()
	}
}
