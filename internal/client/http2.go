package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sync/atomic"
	"time"

	"github.com/loadgate/loadgate/internal/client/answerhead"
	"github.com/loadgate/loadgate/internal/client/socket"
	"github.com/loadgate/loadgate/internal/metric"
)

// Of net/http only HTTP/2 is used: connections are dialled, secured, bounded in
// time, kept and dropped as those of HTTP/1.1 are, and handed over one by one.
// net/http reads in a separate goroutine as long as a connection lives, which each
// user of HTTP/2 pays for in memory.

// http2 is a connection that carries HTTP/2.
type http2 struct {
	*http.ClientConn
	link *link
}

// link is a connection in net/http's hands, which reads and writes it at the
// same time.
type link struct {
	net.Conn       // TLS, or the socket
	socket         *socket.Conn
	received, sent atomic.Int64
	http1          atomic.Bool // the first words were those of HTTP/1.1
}

// Read counts what it reads.
func (l *link) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if l.received.Add(int64(n)) == int64(n) && bytes.HasPrefix(p[:n], []byte("HTTP/1.")) {
		// net/http would tell only if a request was under way by then.
		l.http1.Store(true)
	}
	return n, err
}

// Write counts what it writes.
func (l *link) Write(p []byte) (int, error) {
	n, err := l.Conn.Write(p)
	l.sent.Add(int64(n))
	return n, err
}

// Close is a drop: over TLS no farewell is said.
func (l *link) Close() error { return l.socket.Close() }

// handover is the key of the context's value by which a connection reaches
// net/http.
type handover struct{}

// newTransport makes HTTP/2 connections of what is handed over. TLS is over
// and done before, so that the bytes can be counted inside it: to net/http
// every connection is one without.
func newTransport() *http.Transport {
	var only http.Protocols
	only.SetUnencryptedHTTP2(true)
	return &http.Transport{
		Protocols: &only,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return ctx.Value(handover{}).(*link), nil
		},
		DisableCompression:     true, // bodies are decoded only when they are wanted
		MaxResponseHeaderBytes: largeHead,
	}
}

// startHTTP2 makes a connection one of HTTP/2. Its deadline must be set. The
// server may have answered already, and net/http have closed the connection for
// it; errHTTP1 says so where it was HTTP/1.1.
func (c *Client) startHTTP2(ctx context.Context, cn *conn) error {
	l := &link{Conn: cn.Conn, socket: cn.socket}
	cc, err := c.transport.NewClientConn(context.WithValue(ctx, handover{}, l), "http", "handed.over:80")
	switch {
	case l.http1.Load():
		return errHTTP1
	case err != nil:
		return err
	}
	cn.http2 = &http2{cc, l}
	return nil
}

// errHTTP1 is the error of a server that answers in HTTP/1.1.
var errHTTP1 = errors.New("answered in HTTP/1.1")

// usable reports whether the server has left the connection open and takes
// requests on it.
func (h *http2) usable() bool { return h.Err() == nil && h.Available() > 0 }

// moments is when things happened to a request; goroutines of net/http tell.
type moments struct {
	began        time.Time
	wrote, first atomic.Int64 // ns since began; 0: not yet
	interim      atomic.Int32
}

var errInterim = errors.New("too many interim answers")

func (m *moments) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		WroteRequest:         func(httptrace.WroteRequestInfo) { m.wrote.Store(int64(time.Since(m.began))) },
		GotFirstResponseByte: func() { m.first.CompareAndSwap(0, max(1, int64(time.Since(m.began)))) },
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			if m.interim.Add(1) > maxInterim {
				return errInterim
			}
			return nil
		},
	}
}

// roundTrip sends a request over HTTP/2 and reads the answer. Deadline and
// context end it by ending the connection.
func (a *answer) roundTrip(ctx context.Context, req *http.Request) {
	x, h := a.x, a.conn.http2
	if a.idle && !h.usable() {
		a.unfit = true
		return
	}
	m := &moments{began: time.Now()}
	res, err := h.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, m.trace())))
	defer a.conn.countHTTP2()
	if body, ok := req.Body.(*upload); ok {
		defer body.Close()
	}
	first := m.first.Load()
	x.Phases.FirstByte = time.Duration(max(0, first-m.wrote.Load()))
	if err != nil {
		a.conn.countHTTP2()
		a.fault, a.lost = a.http2Fault(ctx, m, err)
		a.lost = a.lost && first == 0
		a.reusable = a.fault.kind != metric.Timeout && h.usable()
		return
	}
	if a.takeHead(res); !a.fault.bad() {
		a.listen(ctx, a.wants)
	}
	if !a.fault.bad() {
		a.readStream(ctx, m, res)
	}
	x.Done = time.Now()
	if a.total > 0 {
		x.Phases.Body = x.Done.Sub(m.began) - time.Duration(first)
	}
	a.untilEvent(m.began.Add(time.Duration(first)))
	if a.whole && !a.fault.bad() {
		a.finish()
	}
	// The server may have more to say on this stream, but not on the next.
	_ = res.Body.Close()
	a.reusable = a.fault.kind != metric.Timeout && !a.cut() && h.usable()
}

// takeHead moves a head to where that of HTTP/1.1 would be.
func (a *answer) takeHead(res *http.Response) {
	x := a.x
	if res.StatusCode < 100 || res.StatusCode > 999 {
		a.fault = fault{kind: metric.Body,
			detail: fmt.Sprintf("the answer's status is %d, which HTTP does not have", res.StatusCode)}
		return
	}
	if x.head == nil {
		x.head = new(answerhead.Head)
	}
	x.head.Set(res.StatusCode, res.Header)
	x.takeHead(ProtoHTTP2)
	a.headRead = true
}

// readStream reads the body to its end and keeps as much as is wanted.
func (a *answer) readStream(ctx context.Context, m *moments, res *http.Response) {
	if a.whole = a.events == nil && a.wantsWhole(); a.bodiless() {
		return // whatever length the head announces
	}
	if a.events != nil {
		a.readEvents(ctx, m, res)
		return
	}
	if res.ContentLength > a.most {
		a.fault = tooLarge(a.most)
		return
	}
	for {
		p := a.space()
		n, err := res.Body.Read(p)
		if a.whole {
			a.x.buffer = a.x.buffer[:len(a.x.buffer)+n]
		}
		if a.took(p[:n]) != nil {
			return
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			a.conn.countHTTP2()
			a.fault = a.streamFault(ctx, m, res.ContentLength, err)
			return
		}
	}
}

// readEvents reads a stream over HTTP/2 to its end.
func (a *answer) readEvents(ctx context.Context, m *moments, res *http.Response) {
	var err error
	for err == nil {
		p := a.space()
		var n int
		n, err = res.Body.Read(p)
		if over := a.took(p[:n]); over != nil {
			err = over
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if a.heard(err) {
		a.conn.countHTTP2()
		a.fault = a.streamFault(ctx, m, res.ContentLength, err)
	}
}

// countHTTP2 brings the connection's counts up to date.
func (c *conn) countHTTP2() {
	c.received, c.sent = c.http2.link.received.Load(), c.http2.link.sent.Load()
}
