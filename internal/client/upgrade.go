package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/client/websocket"
	"github.com/loadgate/loadgate/internal/metric"
)

// Open makes the exchange that begins a WebSocket, over HTTP/1.1 on a connection of its own, and writes how it went
// into x as Do does. The method, the body and what else is about an answer of req are not asked: it is a GET, no
// redirect is followed and no challenge is answered. Nil: there is no WebSocket, because the exchange failed or the
// server answered with another status than 101. Until and leave end the WebSocket, not the exchange; see Socket.
func (s *Session) Open(ctx context.Context, req *Request, x *Exchange, until context.Context, leave time.Time) *Socket {
	x.reset()
	x.Sent = time.Now()
	timeout := req.Timeout
	if timeout <= 0 {
		timeout = s.client.timeout
	}
	f := req.check()
	if ctx.Err() != nil && !f.bad() {
		f = fault{kind: metric.Timeout, detail: Stopped}
	}
	var c *conn
	if !f.bad() {
		w := s.client.wires.Get().(*wire)
		c, f = s.upgrade(ctx, req, limit{x.Sent.Add(timeout), timeout}, x, w)
		s.client.wires.Put(w.release())
	}
	x.Done = time.Now()
	if f.bad() {
		x.Failure, x.Cause, x.Detail = f.kind, f.cause, f.detail
	}
	if c == nil {
		return nil
	}
	k := &Socket{session: s, conn: c, x: x, ctx: ctx, until: until, leave: leave, timeout: timeout,
		reader: websocket.Reader{Most: s.client.maxBody}}
	s.watch.begin(until, c)
	return k
}

// upgrade asks the server for a WebSocket; nil: it gave none.
func (s *Session) upgrade(ctx context.Context, req *Request, within limit, x *Exchange, w *wire) (*conn, fault) {
	h, to := &w.hop, &s.client.services[req.Host]
	*h = hop{origin: to.origin, proxy: to.via, prefix: to.prefix, target: req.Target, method: "GET", upgrade: true}
	c, f := s.dial(ctx, h, within, x)
	if f.bad() {
		return nil, f
	}
	var nonce [16]byte
	_, _ = rand.Read(nonce[:]) // it never fails
	key := base64.StdEncoding.EncodeToString(nonce[:])
	asked := *req
	asked.Digest, asked.Prepared = nil, nil
	asked.Header = append(slices.Clip(req.Header), Field{"Connection", "Upgrade"}, Field{"Upgrade", "websocket"},
		Field{"Sec-WebSocket-Version", "13"}, Field{"Sec-WebSocket-Key", key})
	s.watch.begin(ctx, c)
	w.renew()
	a := &w.answer
	*a = answer{wire: w, conn: c, x: x, within: within, most: s.client.maxBody}
	if ctx.Err() != nil { // it ended before it was watched
		a.fault = fault{kind: metric.Timeout, detail: Stopped}
	} else {
		w.out = s.client.appendHead(w.out[:0], h, &asked, s.cookieHeader(h))
		a.handshake(ctx, key)
	}
	s.watch.end()
	x.Received, x.SentBytes = c.received, c.sent
	if a.headRead {
		s.keepCookies(h, x)
	}
	if c.tally != nil && a.fault.detail != Stopped {
		c.tally.count(a.fault.bad() || x.Status >= 400)
	}
	if a.fault.bad() || x.Status != 101 {
		c.drop()
		return nil, a.fault
	}
	if early := w.unused(); len(early) > 0 {
		c.received -= int64(len(early)) // they are read again
		c.Conn = &ahead{c.Conn, bytes.Clone(early)}
	}
	return c, fault{}
}

// handshake sends the request in the wire and reads the head of its answer.
func (a *answer) handshake(ctx context.Context, key string) {
	_, err := a.conn.Write(a.wire.out)
	if err != nil {
		a.fault = wireFault(ctx, a.within, 0, err)
		return
	}
	written := time.Now()
	if !a.readHead(ctx) {
		return
	}
	a.headRead = true
	lap(&a.x.Phases.FirstByte, written)
	h := a.x.head
	switch {
	case a.x.Status != 101:
	case !bytes.EqualFold(h.Get("upgrade"), []byte("websocket")),
		string(h.Get("sec-websocket-accept")) != websocket.Accept(key):
		a.fault = fault{kind: metric.Body, detail: "the answer is a 101, and not that of a WebSocket to its key"}
	case len(h.Get("sec-websocket-extensions")) > 0:
		a.fault = fault{kind: metric.Body, detail: "the server chose an extension of WebSockets that was not offered"}
	}
}
