package client

import (
	"bytes"
	"sync/atomic"
)

// Prepared keeps a request as it goes on the wire, from its first sending on,
// so that a request that is always the same is checked and written out once.
// All requests that name a Prepared have the same Method, Target, Header and
// Body; one with a Trace or a Digest is written out all the same. The zero value is ready.
// Safe for concurrent use by sessions of one client; those of another find
// nothing in it.
type Prepared struct {
	kept atomic.Pointer[prepared]
}

// prepared is never changed.
type prepared struct {
	client *Client // whose base URL and user agent are in the text
	text   []byte  // head, and body when it goes out with the head
}

// text is the request as kept for a client; nil: there is none.
func (p *Prepared) text(c *Client) []byte {
	if p == nil {
		return nil
	}
	if kept := p.kept.Load(); kept != nil && kept.client == c {
		return kept.text
	}
	return nil
}

// message is what a hop sends: its head, and apart from it a body that is too
// long to be copied.
func (s *Session) message(w *wire, req *Request, h *hop) (head, body []byte) {
	if len(h.body) > oneWrite {
		body = h.body
	}
	cookies := s.cookieHeader(h)
	same := req.Prepared != nil && cookies == "" && !h.redirected && !req.Trace.Sampled() && req.Digest == nil
	if same {
		if text := req.Prepared.text(s.client); text != nil {
			return text, body
		}
	}
	w.out = s.client.appendHead(w.out[:0], h, req, cookies)
	if body == nil {
		w.out = append(w.out, h.body...)
	}
	if same {
		req.Prepared.kept.Store(&prepared{client: s.client, text: bytes.Clone(w.out)})
	}
	return w.out, body
}
