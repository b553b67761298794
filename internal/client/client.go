// Package client makes one HTTP exchange at a time for one virtual user,
// times it by phase and says how it ended. It does not know what the answer
// should have been.
//
// It speaks HTTP/1.1 and, by net/http, HTTP/2 over connections of its own: no
// shared pool, no silent repetition beyond the one that a browser makes too (see
// Session).
// Nothing is dialled that is not on the allow list (see HostError).
package client

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/target"
)

// What a Config says when it says nothing.
const (
	defaultTimeout   = 10 * time.Second
	defaultConnect   = 5 * time.Second
	defaultMaxBody   = 10 << 20
	defaultUserAgent = "loadgate"
)

// Config is what all users of a run share. BaseURL is the only field without
// a default.
type Config struct {
	// BaseURL is absolute, http or https, without query or fragment. Its path
	// stands before every target; its user and password become a Basic
	// Authorization header, sent to this origin unless a request has its own.
	// For a service on a unix socket it is http+unix:///run/app.sock, with
	// :/path after it if need be (see target.SocketURL); the service sees the Host
	// localhost.
	BaseURL string

	// Hosts are further places to which requests may go (see Request.Host), in the caller's order. Each
	// has a scheme, host and port of its own.
	Hosts []Host

	// Allow lists host names (in any case), IP addresses and CIDR prefixes, all
	// without a port, and unix sockets as unix:/run/app.sock. A dial is allowed when the
	// host as written is on the list:
	// a name by itself, a literal address by itself or by a prefix. Once the
	// list names any address or prefix, a name is moreover dialled only at those
	// of its addresses that are on the list; a list of names alone trusts the
	// resolver for them. The empty list allows nothing.
	Allow []string

	// HTTP is what is spoken. ProtocolAuto: over https what the server chooses
	// of HTTP/2 and HTTP/1.1, else HTTP/1.1. HTTP1: nothing else. HTTP2, of an https
	// base URL: only that; a server without it is a failure of kind TLS. H2C, of an
	// http or http+unix one: HTTP/2 without TLS and without asking. Where a redirect
	// changes between http and https, HTTP2 and H2C hold for their own side
	// and ProtocolAuto for the other.
	HTTP target.Protocol

	// Connections is how long users keep theirs; the zero value: as long as the servers do.
	Connections target.Connections

	Timeout   time.Duration // whole exchange, redirects and a second sending included; 0: 10 s
	Connect   time.Duration // one connect, with name resolution and TLS; 0: the smaller of Timeout and 5 s
	MaxBody   int64         // bytes of one answer's body, as sent and as decoded; 0: 10 MiB
	UserAgent string        // "": loadgate

	// Resolve finds the addresses of a host name, in the order in which a Session
	// tries them (see User); nil: the system's resolver. It is asked before every dial of a
	// name, as most HTTP libraries do, and nothing is cached. Called concurrently.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)

	// Proxy chooses the proxy for a URL; nil, or a nil answer: none. It is asked
	// once for the base URL and once for each redirect to another origin, never
	// for this machine's own names and addresses. The answer is an http or https
	// URL; its user and password go out as Proxy-Authorization. The proxy's host
	// must be on the allow list too. Called concurrently. What a name resolves to is seen by the proxy
	// alone then: addresses on the list are compared with the proxy's.
	Proxy func(*url.URL) (*url.URL, error)

	// TLS is that of the base URL, and of every place that is no host; nil: the system's roots. It is cloned; the
	// server's name and a cache of sessions for each user are filled in.
	TLS *tls.Config
}

// Host is one more place that requests go to. BaseURL, HTTP and TLS are as those of Config.
type Host struct {
	BaseURL string
	HTTP    target.Protocol
	TLS     *tls.Config
}

// Client makes the sessions of one run. Safe for concurrent use.
type Client struct {
	services    []service // that of the base URL, and those of the hosts
	agent       string
	allow       target.AllowList
	timeout     time.Duration
	connect     time.Duration
	maxBody     int64
	resolve     func(ctx context.Context, host string) ([]netip.Addr, error)
	choose      func(*url.URL) (*url.URL, error)
	connections target.Connections
	dialer      net.Dialer
	wires       sync.Pool // of *wire
	tallies     tallies
	pools       *pools // nil: sessions share no connections

	transport *http.Transport // of connections that carry HTTP/2
}

// at is the service of an origin: for one that a redirect led to and that is none, that of the base URL, whose TLS and
// version of HTTP hold for it.
func (c *Client) at(o *origin) *service {
	for i := range c.services {
		if c.services[i].origin == *o {
			return &c.services[i]
		}
	}
	return &c.services[0]
}
