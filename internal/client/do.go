package client

import (
	"context"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// Do makes one exchange and writes how it went into x, which it empties first.
// It ends by the request's timeout at the latest, redirects and a second
// sending included, and soon after ctx ends: then the failure is a Timeout with
// Stopped as its detail, and the connection is closed.
func (s *Session) Do(ctx context.Context, req *Request, x *Exchange) {
	x.reset()
	req.Events.begin()
	x.Sent = time.Now()
	timeout := req.Timeout
	if timeout <= 0 {
		timeout = s.client.timeout
	}
	var f fault
	if req.Prepared.text(s.client) == nil {
		f = req.check()
	}
	switch {
	case f.bad():
	case ctx.Err() != nil:
		f = fault{kind: metric.Timeout, detail: Stopped}
	default:
		w := s.client.wires.Get().(*wire)
		f = s.walk(ctx, req, limit{x.Sent.Add(timeout), timeout}, x, w)
		s.client.wires.Put(w.release())
	}
	if f.bad() {
		x.Failure, x.Cause, x.Detail = f.kind, f.cause, f.detail
		x.Body = nil
	}
	if f.bad() || x.Done.IsZero() {
		x.Done = time.Now()
	}
}

// walk makes the caller's request and, if wanted, those that redirects ask
// for.
func (s *Session) walk(ctx context.Context, req *Request, within limit, x *Exchange, w *wire) fault {
	h := &w.hop
	to := &s.client.services[req.Host]
	*h = hop{} // in place, as answers are
	h.origin, h.proxy, h.prefix = to.origin, to.via, to.prefix
	h.target, h.method, h.body = req.Target, req.Method, req.Body
	if h.method == "" {
		h.method = "GET"
	}
	var been []string // where redirects led
	for {
		if req.Digest != nil {
			s.authorize(req, h)
		}
		var f fault
		if s.client.pools == nil {
			f = s.visit(ctx, req, within, x, w)
		} else {
			f = s.visitShared(ctx, req, within, x, w)
		}
		if f.forbidden && h.redirected {
			return fault{kind: metric.Redirect, cause: metric.RedirectForbidden,
				detail: "redirects to a host that is not allowed: " + f.detail}
		}
		if h.challenged && !f.bad() {
			h.challenged = false
			x.Hops++
			x.nextHop()
			continue
		}
		if f.bad() || !req.Follow || !isRedirect(x.Status) || x.Location == "" {
			return f
		}
		if len(been) == maxHops {
			return tooManyHops(been)
		}
		if f := s.client.follow(h, x); f.bad() {
			return f
		}
		h.answered = 0
		been = append(been, h.method+" "+h.origin.at(h.target))
		x.Hops++
		x.nextHop()
	}
}

// visitShared is visit over a connection of the pool. For the time of the hop the connection is the session's own.
func (s *Session) visitShared(ctx context.Context, req *Request, within limit, x *Exchange, w *wire) fault {
	p, o := s.client.pools, w.hop.origin
	if !s.joined {
		s.joined = true
		p.join()
	}
	c, f := p.take(ctx, &o, within)
	if f.bad() {
		return f
	}
	if c != nil {
		s.idle.conns = append(s.idle.conns, c)
	}
	f = s.visit(ctx, req, within, x, w)
	p.give(&o, s.idle.take(&o))
	return f
}

// visit makes one hop: on the idle connection if there is a fit one, else on a
// new one, and once more if the idle one broke before an answer.
func (s *Session) visit(ctx context.Context, req *Request, within limit, x *Exchange, w *wire) fault {
	h := &w.hop
	if c := s.takeIdle(&h.origin); c != nil {
		if c.SetDeadline(within.at) != nil {
			c.drop()
		} else if f, again := s.send(ctx, c, true, req, within, x, w); !again {
			return f
		}
		if req.Digest != nil && w.answer.lost {
			s.authorize(req, h) // the server may have seen the count
		}
	}
	c, f := s.dial(ctx, h, within, x)
	if f.bad() {
		return f
	}
	f, _ = s.send(ctx, c, false, req, within, x, w)
	return f
}

// send writes the hop's request and reads its answer, then keeps or closes the
// connection. again: an idle connection was unfit, or it broke before one byte
// of the answer came.
func (s *Session) send(ctx context.Context, c *conn, idle bool,
	req *Request, within limit, x *Exchange, w *wire) (f fault, again bool) {
	h := &w.hop
	received, sent := c.received, c.sent
	s.watch.begin(ctx, c)

	w.renew()
	a := &w.answer
	*a = answer{} // in place: a literal with the fields would be built on every user's stack first
	a.wire, a.conn, a.x, a.idle, a.toHead, a.within, a.start = w, c, x, idle, h.method == "HEAD", within, received
	a.keep, a.most, a.wants, a.watch = req.KeepBody, s.client.maxBody, req.Events, &s.watch
	if ctx.Err() != nil { // it ended before it was watched
		a.fault = fault{kind: metric.Timeout, detail: Stopped}
	} else if c.http2 != nil {
		a.roundTrip(ctx, s.request(w, req, h))
	} else {
		head, body := s.message(w, req, h)
		a.exchange(ctx, head, body)
	}

	s.watch.end()
	x.Received += c.received - received
	x.SentBytes += c.sent - sent
	if a.headRead {
		s.keepCookies(h, x)
	}
	if req.Digest != nil && x.Status == 401 && !a.fault.bad() {
		h.challenged = s.takeChallenge(req, h, x)
	}
	if a.reusable && !endsConnection(req.Header) && s.keeps(c) {
		s.idle.put(c)
	} else {
		c.drop()
	}
	again = idle && (a.unfit || a.lost)
	if c.tally != nil && !again && a.fault.detail != Stopped {
		c.tally.count(a.fault.bad() || x.Status >= 400 && !h.challenged)
	}
	if a.lost && idle {
		x.Retries++
	}
	return a.fault, again
}
