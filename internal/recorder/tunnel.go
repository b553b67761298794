package recorder

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// tunneller takes connections that clients want to other hosts: what comes in them, over TLS or not, is handled
// as requests to those hosts.
type tunneller struct {
	authority *authority
	tape      *tape
	tunnels   *handover
}

// take takes one. It is cut off when living ends.
func (t tunneller) take(living context.Context, w http.ResponseWriter, q *http.Request) {
	host, port, err := net.SplitHostPort(q.Host)
	if number, wrong := strconv.ParseUint(port, 10, 16); err != nil || wrong != nil || number == 0 || !isHost(host) {
		http.Error(w, "loadgate record: write the host as example.com:443", http.StatusBadRequest)
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "loadgate record: a connection within another is not possible", http.StatusBadRequest)
		return
	}
	stop := context.AfterFunc(living, func() { _ = conn.Close() })
	inner, secure, err := t.accept(living, conn, buffered.Reader, host)
	stop()
	if err != nil {
		if failed := (*net.OpError)(nil); errors.As(err, &failed) && failed.Op == "remote error" {
			t.tape.count(t.tape.distrusted, host)
		}
		_ = conn.Close() // it is of no use any more
		return
	}
	to := &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
	usual := "80"
	if secure {
		to.Scheme, usual = "https", "443"
	}
	if to.Host == net.JoinHostPort(host, usual) {
		if to.Host = host; net.ParseIP(host).To4() == nil && net.ParseIP(host) != nil {
			to.Host = "[" + host + "]"
		}
	}
	t.tunnels.hand(&tunnelled{Conn: inner, to: to})
}

// accept tells the client that its tunnel is there, and takes what comes in it out of TLS.
func (t tunneller) accept(living context.Context, conn net.Conn, in *bufio.Reader, host string) (
	inner net.Conn, secure bool, err error) {
	if err := conn.SetDeadline(time.Now().Add(shakeWithin)); err != nil {
		return nil, false, err
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return nil, false, err
	}
	first, err := in.Peek(1)
	if err != nil {
		return nil, false, err
	}
	inner = &begun{conn, in}
	if secure = first[0] == 0x16; secure { // the first byte of TLS
		over := tls.Server(inner, &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
			GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
				if hello.ServerName != "" && isHost(hello.ServerName) {
					return t.authority.certificateFor(hello.ServerName)
				}
				return t.authority.certificateFor(host)
			}})
		if err := over.HandshakeContext(living); err != nil {
			return nil, true, err
		}
		inner = over
	}
	return inner, secure, conn.SetDeadline(time.Time{})
}

// begun is a connection of which something has been read already.
type begun struct {
	net.Conn
	in *bufio.Reader
}

// Read reads what has been read already first.
func (b *begun) Read(p []byte) (int, error) { return b.in.Read(p) }

// tunnelled is a connection that leads to another host.
type tunnelled struct {
	net.Conn
	to *url.URL
}

// handover hands tunnels to the server of what comes in them, as its listener.
type handover struct {
	at     net.Addr
	conns  chan net.Conn // from hand to Accept; never closed
	closed chan struct{}
	once   sync.Once
}

func newHandover(at net.Addr) *handover {
	return &handover{at: at, conns: make(chan net.Conn), closed: make(chan struct{})}
}

// hand gives a connection to the server, or closes it where that has ended.
func (h *handover) hand(c net.Conn) {
	select {
	case h.conns <- c:
	case <-h.closed:
		_ = c.Close() // nobody reads from it
	}
}

// Accept is the next tunnel.
func (h *handover) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listening.
func (h *handover) Close() error {
	h.once.Do(func() { close(h.closed) })
	return nil
}

// Addr is the address of the recorder.
func (h *handover) Addr() net.Addr { return h.at }
