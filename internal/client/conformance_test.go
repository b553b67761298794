package client_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
)

// misbehaviour is a server that does wrong, and how an exchange with it ends.
type misbehaviour struct {
	name    string
	script  func(net.Conn, *bufio.Reader, int)
	failure metric.Failure
	detail  string // alternatives between bars
	status  int
}

// manners is a way to reach a server that misbehaves. A client of another
// protocol adds its own.
type manners struct {
	name  string
	open  func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session
	again bool // the request goes out on an idle connection, so it may go out twice
	soft  bool // a reset does not come through as one
	asks  bool // for the user first, by Digest
}

func allManners(t *testing.T) []manners {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.StartTLS()
	t.Cleanup(secure.Close)
	overTLS := func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) client.Config {
		cfg.BaseURL = strings.Replace(listen(t, func(c net.Conn, _ *bufio.Reader, nth int) {
			if over := tlsConn(c, &tls.Config{Certificates: secure.TLS.Certificates}); over != nil {
				script(over, bufio.NewReader(over), nth)
				_ = over.Close()
			}
		}), "http", "https", 1)
		cfg.TLS = secure.Client().Transport.(*http.Transport).TLSClientConfig
		return cfg
	}
	overTCP := func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) client.Config {
		cfg.BaseURL = listen(t, script)
		return cfg
	}
	return []manners{
		{"plain", func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			cfg.BaseURL = listen(t, script)
			return session(t, cfg)
		}, false, false, false},
		{"TLS", func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			return session(t, overTLS(t, script, cfg))
		}, false, false, false},
		{"unix socket", func(t *testing.T, script func(net.Conn, *bufio.Reader, int),
			cfg client.Config) *client.Session {
			return session(t, overSocket(listenSocket(t, script), cfg))
		}, false, true, false},
		{"proxy", func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			cfg.BaseURL = listen(t, script)
			return session(t, throughProxy(startProxy(t, nil), cfg))
		}, false, true, false},
		{"tunnel", func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			return session(t, throughProxy(startProxy(t, nil), overTLS(t, script, cfg)))
		}, false, true, false},
		{"idle", func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			cfg.BaseURL = listen(t, func(c net.Conn, r *bufio.Reader, nth int) {
				if nth == 0 && request(r) {
					_, _ = io.WriteString(c, okEmpty)
				}
				script(c, r, nth)
			})
			s := session(t, cfg)
			do(t, s, &client.Request{Timeout: 5 * time.Second})
			return s
		}, true, false, false},
		{"Digest", func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			cfg.BaseURL = listen(t, func(c net.Conn, r *bufio.Reader, nth int) {
				if nth == 0 && request(r) {
					_, _ = io.WriteString(c, challengeEmpty)
				}
				script(c, r, nth)
			})
			return session(t, cfg)
		}, true, false, true},
		keeping(target.Connections{Keep: target.KeepRequest}, "each request", overTCP),
		keeping(target.Connections{Keep: target.KeepRound}, "round over TLS", overTLS),
		keeping(target.Connections{MaxAge: 1}, "old", overTCP),
		pooled("pool", overTCP, answerHTTP1),
		pooled("pool over TLS", overTLS, answerHTTP1),
	}
}

// reach serves a script and says how it is reached.
type reach func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) client.Config

// keeping reaches a server that misbehaves on the second connection: the policy allows no second request on the first.
func keeping(policy target.Connections, name string, over reach) manners {
	return keepingAfter(policy, name, over, func(c net.Conn, r *bufio.Reader) {
		if request(r) {
			_, _ = io.WriteString(c, okEmpty)
		}
	})
}

// keeping2 does so over HTTP/2.
func keeping2(policy target.Connections, name string, over reach) manners {
	return keepingAfter(policy, name, over, func(c net.Conn, r *bufio.Reader) {
		f := open(c, r)
		f.head(f.request(), true, ":status", "200")
	})
}

func keepingAfter(policy target.Connections, name string, over reach, first func(net.Conn, *bufio.Reader)) manners {
	return manners{name: name,
		open: func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			cfg.Connections = policy
			s := session(t, over(t, func(c net.Conn, r *bufio.Reader, nth int) {
				if nth > 0 {
					script(c, r, nth)
					return
				}
				first(c, r)
				_, _ = io.Copy(io.Discard, r) // until the client closes it
			}, cfg))
			do(t, s, &client.Request{Timeout: 5 * time.Second})
			s.EndRound()
			return s
		}}
}

// pooled reaches a server that misbehaves on a connection that another user of a pool has used before.
func pooled(name string, over reach, answer func(net.Conn, *bufio.Reader)) manners {
	return manners{name: name, again: true,
		open: func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			cfg.Connections.Pool = 1
			all := users(t, 2, over(t, func(c net.Conn, r *bufio.Reader, nth int) {
				if nth == 0 {
					answer(c, r)
				}
				script(c, r, nth)
			}, cfg))
			do(t, all[1], &client.Request{Timeout: 5 * time.Second})
			return all[0]
		}}
}

func answerHTTP1(c net.Conn, r *bufio.Reader) {
	if request(r) {
		_, _ = io.WriteString(c, okEmpty)
	}
}

func answerHTTP2(c net.Conn, r *bufio.Reader) {
	f := open(c, r)
	f.head(f.request(), true, ":status", "200")
}

// tlsConn is the server's side of TLS over a connection; nil: no handshake.
func tlsConn(c net.Conn, config *tls.Config) net.Conn {
	over := tls.Server(c, config)
	if over.Handshake() != nil {
		return nil
	}
	return over
}

// over2Manners are the ways to a server that speaks HTTP/2.
func over2Manners(t *testing.T) []manners {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.StartTLS()
	t.Cleanup(secure.Close)
	secured := &tls.Config{Certificates: secure.TLS.Certificates, NextProtos: []string{"h2"}}
	overTLS := func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) client.Config {
		cfg.BaseURL = strings.Replace(listen(t, func(c net.Conn, _ *bufio.Reader, nth int) {
			if over := tlsConn(c, secured); over != nil {
				script(over, bufio.NewReader(over), nth)
				_ = over.Close()
			}
		}), "http", "https", 1)
		cfg.TLS = secure.Client().Transport.(*http.Transport).TLSClientConfig
		return cfg
	}
	overTCP := func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) client.Config {
		cfg.BaseURL, cfg.HTTP = listen(t, script), target.H2C
		return cfg
	}
	return []manners{
		{"h2c", func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			cfg.BaseURL, cfg.HTTP = listen(t, script), target.H2C
			return session(t, cfg)
		}, false, false, false},
		{"TLS", func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			return session(t, overTLS(t, script, cfg))
		}, false, false, false},
		{"idle", func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			cfg.HTTP = target.H2C
			cfg.BaseURL = listen(t, func(c net.Conn, r *bufio.Reader, nth int) {
				if nth == 0 {
					f := open(c, r)
					f.head(f.request(), true, ":status", "200")
				}
				script(c, r, nth)
			})
			s := session(t, cfg)
			do(t, s, &client.Request{Timeout: 5 * time.Second})
			return s
		}, true, false, false},
		{"Digest", func(t *testing.T, script func(net.Conn, *bufio.Reader, int), cfg client.Config) *client.Session {
			cfg.HTTP = target.H2C
			cfg.BaseURL = listen(t, func(c net.Conn, r *bufio.Reader, nth int) {
				if nth == 0 {
					f := open(c, r)
					f.head(f.request(), true, ":status", "401", "www-authenticate", "Digest nonce=n")
				}
				script(c, r, nth)
			})
			return session(t, cfg)
		}, true, false, true},
		keeping2(target.Connections{Keep: target.KeepRequest}, "each request over TLS", overTLS),
		keeping2(target.Connections{Keep: target.KeepRound}, "round", overTCP),
		keeping2(target.Connections{MaxAge: 1}, "old over TLS", overTLS),
		pooled("pool", overTCP, answerHTTP2),
		pooled("pool over TLS", overTLS, answerHTTP2),
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, m := range allManners(t) {
		t.Run(m.name, func(t *testing.T) {
			for _, tt := range misbehaviours() {
				t.Run(tt.name, func(t *testing.T) {
					t.Parallel()
					conform(t, &m, &tt)
				})
			}
		})
	}
}

func TestConformanceOverHTTP2(t *testing.T) {
	t.Parallel()
	for _, m := range over2Manners(t) {
		t.Run(m.name, func(t *testing.T) {
			for _, tt := range http2Misbehaviours() {
				t.Run(tt.name, func(t *testing.T) {
					t.Parallel()
					conform(t, &m, &tt)
				})
			}
		})
	}
}

// The memory that an answer takes is bounded by what the client allows, not by
// what the server sends. Not parallel: the count is the whole process's.
func TestConformanceInBoundedMemory(t *testing.T) {
	plain, h2c := allManners(t)[0], over2Manners(t)[0]
	for _, tt := range misbehaviours() {
		inBoundedMemory(t, &plain, &tt, 1<<20)
	}
	for _, tt := range http2Misbehaviours() {
		inBoundedMemory(t, &h2c, &tt, 6<<20) // as much as the window of a stream lets through
	}
}

func inBoundedMemory(t *testing.T, m *manners, tt *misbehaviour, most uint64) {
	if tt.failure == metric.Timeout {
		return // they send little, and take long
	}
	t.Run(m.name+" "+tt.name, func(t *testing.T) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		conform(t, m, tt)
		runtime.ReadMemStats(&after)
		// The servers' part and the decoders' tables are in it too.
		if took := after.TotalAlloc - before.TotalAlloc; took > most {
			t.Errorf("%d bytes allocated, want at most %d", took, most)
		}
	})
}

// conform makes one exchange with a server that misbehaves.
func conform(t *testing.T, m *manners, tt *misbehaviour) {
	timeout := 5 * time.Second
	if tt.failure == metric.Timeout {
		timeout = 500 * time.Millisecond
	}
	s := m.open(t, tt.script, client.Config{Timeout: timeout, MaxBody: 10_000})
	var x client.Exchange
	req := client.Request{Method: "POST", Body: []byte("{}"), KeepBody: true}
	connects := 1
	if m.asks {
		req.Digest, connects = &ann, 2
	}
	s.Do(t.Context(), &req, &x)
	if m.asks && x.Hops != 1 {
		t.Errorf("%d hops, want 1", x.Hops)
	}
	switch reset := strings.Contains(tt.detail, "connection reset"); {
	case m.soft && reset && (x.Failure == metric.Reset || x.Failure == metric.Body) && x.Status == tt.status:
	case m.soft && reset && x.Failure == metric.OK && x.Received > 0: // a close where a close ends the body
	default:
		if x.Failure != tt.failure || x.Status != tt.status {
			t.Errorf("Do = %v (%s), status %d, want %v, status %d",
				x.Failure, x.Detail, x.Status, tt.failure, tt.status)
		}
		if !slices.Contains(strings.Split(tt.detail, "|"), x.Detail) {
			t.Errorf("Detail = %q, want %q", x.Detail, tt.detail)
		}
	}
	if x.Body != nil && x.Failure != metric.OK {
		t.Errorf("%d bytes of body of a failure, want none", len(x.Body))
	}
	if !m.again && (x.Connects != 1 || x.Retries != 0) || x.Connects > connects || x.Retries > 1 {
		t.Errorf("%d connects, %d retries; want 1, 0", x.Connects, x.Retries)
	}
	if took := x.Done.Sub(x.Sent); took < 0 || took > timeout+5*time.Second {
		t.Errorf("took %v with a timeout of %v", took, timeout)
	}
}

// rst closes a connection so that the other side sees a reset, if the
// connection can tell.
func rst(c net.Conn) {
	if over, ok := c.(*tls.Conn); ok {
		c = over.NetConn()
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

// thenReset sends bytes to the first request and resets the connection once
// they have been read.
func thenReset(text string) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		if request(r) {
			_, _ = io.WriteString(c, text)
			rst(c)
		}
	}
}

// thenSilence sends bytes to the first request and nothing more until the
// client gives up.
func thenSilence(text string) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		if request(r) {
			_, _ = io.WriteString(c, text)
			_, _ = r.ReadByte()
		}
	}
}

// endless sends a beginning, then the same piece until the client gives up.
func endless(begin, piece string) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		if !request(r) {
			return
		}
		_, err := io.WriteString(c, begin)
		pieces := bytes.Repeat([]byte(piece), 1+1000/len(piece))
		for err == nil {
			_, err = c.Write(pieces)
		}
	}
}

// drips sends a byte at a time for as long as the client waits.
func drips(begin, piece string) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		if !request(r) {
			return
		}
		_, err := io.WriteString(c, begin)
		for err == nil {
			<-time.After(20 * time.Millisecond) // the client's deadline is the kernel's: no bubble can hold it
			_, err = io.WriteString(c, piece)
		}
	}
}
