package client

import (
	"bytes"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// request is what a hop sends over HTTP/2: what it would send over HTTP/1.1,
// without the headers that are about a connection, which HTTP/2 forbids.
func (s *Session) request(w *wire, req *Request, h *hop) *http.Request {
	w.out = s.client.appendHead(w.out[:0], h, req, s.cookieHeader(h))
	line, rest, _ := strings.Cut(string(w.out), "\r\n")
	r := &http.Request{Method: h.method, ContentLength: int64(len(h.body)), Header: http.Header{}, ProtoMajor: 2}
	for field := range strings.SplitSeq(rest, "\r\n") {
		name, value, _ := strings.Cut(field, ": ")
		switch {
		case name == "" || ofConnection(name):
		case strings.EqualFold(name, "Host"):
			r.Host = value
		default:
			r.Header.Add(name, value)
		}
	}
	target := strings.TrimSuffix(line[len(h.method)+1:], " HTTP/1.1")
	r.URL = &url.URL{Scheme: "http", Host: h.origin.name, Opaque: target}
	if h.origin.secure {
		r.URL.Scheme = "https"
	}
	if strings.HasPrefix(target, "//") {
		// Alone it would be taken for a host.
		r.URL.Opaque = "//" + r.Host + target
	}
	if len(h.body) > 0 {
		r.Body = &upload{rest: bytes.NewReader(h.body)}
	}
	return r
}

// ofConnection reports whether a header is about the connection, RFC 9113
// section 8.2.2.
func ofConnection(name string) bool {
	switch strings.ToLower(name) {
	case "connection", "keep-alive", "proxy-connection", "transfer-encoding",
		"upgrade", "http2-settings", "content-length":
		return true
	}
	return false
}

// upload is a request's body as net/http reads it. After Close nothing reads
// the caller's bytes any more.
type upload struct {
	mu   sync.Mutex
	rest *bytes.Reader // nil: closed
}

// Read reads what is left.
func (u *upload) Read(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.rest == nil {
		return 0, net.ErrClosed
	}
	return u.rest.Read(p)
}

// Close lets go of the bytes.
func (u *upload) Close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.rest = nil
	return nil
}
