package client

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/client/answerhead"
	"github.com/loadgate/loadgate/internal/client/digest"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/trace"
)

// Field is one request header.
type Field struct{ Name, Value string }

// Request is what to send. Target is path and query as they go on the wire,
// below the base URL's own path; it begins with a slash. It is not normalised:
// only bytes that no request line can carry (space, controls, non-ASCII) are
// percent-encoded. Do neither changes nor keeps a Request.
type Request struct {
	Method   string        // "": GET
	Host     int           // where it goes: 0: to the base URL; n: to the nth of Config.Hosts
	Target   string        // "": /
	Header   []Field       // in this order; Content-Length and Transfer-Encoding are the client's own and left out
	Body     []byte        // nil: none
	Follow   bool          // follow redirects to allowed hosts, at most 10
	KeepBody bool          // keep the answer's body for the caller
	Timeout  time.Duration // 0: the client's
	Prepared *Prepared     // for a request that is always the same; nil: written out each time
	// Trace is sent as a traceparent with the request, when it is sent again and along its redirects; zero: none is.
	// Header has none then.
	Trace trace.Context
	// Digest answers challenges of Digest authentication by the origin that it goes to, and by no other; nil: none. A
	// 401 with one makes the client send the request once more, which is a hop, and the user's later requests with the
	// same credentials carry an answer from the start. Neither Header's Authorization nor the base URL's user is sent
	// then.
	Digest *digest.Credentials
	// Events reads the answer as a stream of events; nil: it is none.
	Events *Events
}

// hop is one request of an exchange: the caller's, or what a redirect made of
// it.
type hop struct {
	origin     origin
	proxy      *proxy // nil: none
	prefix     string // stands before target
	target     string
	method     string
	body       []byte
	bare       bool // the body was dropped by a redirect: so are the headers about it
	redirected bool // not the caller's own request
	foreign    bool // another origin than the caller's: it sees no credentials

	authorization string // of Digest; "": none
	answered      int    // challenges since the last redirect
	challenged    bool   // the answer is a challenge that the next sending answers

	upgrade bool // it begins a WebSocket: HTTP/1.1, through a tunnel where there is a proxy
}

// url is the hop's URL; nil if it has none that net/url can read.
func (h *hop) url() *url.URL {
	u, err := url.Parse(h.origin.at(h.prefix + string(appendTarget(nil, h.target))))
	if err != nil {
		// A target such as /%zz goes out as it is; for cookies its host will do.
		u, err = url.Parse(h.origin.at("/"))
	}
	if err != nil {
		return nil
	}
	return u
}

// check finds what cannot be written as HTTP. Such text comes from a step's
// expressions, so the failure is theirs and nothing is sent.
func (r *Request) check() fault {
	if r.Method != "" && !isToken(r.Method) {
		return fault{kind: metric.Expression,
			detail: fmt.Sprintf("method %q is not an HTTP method; nothing was sent", r.Method)}
	}
	if r.Target != "" && r.Target[0] != '/' {
		return fault{kind: metric.Expression,
			detail: fmt.Sprintf("path %q does not begin with a slash; nothing was sent", r.Target)}
	}
	for _, f := range r.Header {
		if !isToken(f.Name) {
			return fault{kind: metric.Expression,
				detail: fmt.Sprintf("header name %q has characters that HTTP forbids; nothing was sent", f.Name)}
		}
		if strings.ContainsAny(f.Value, "\r\n\x00") {
			return fault{kind: metric.Expression,
				detail: fmt.Sprintf("header %s has a line break in its value; nothing was sent", f.Name)}
		}
	}
	return fault{}
}

// isToken reports whether text is a token.
func isToken(text string) bool {
	for i := range len(text) {
		if !answerhead.IsTokenByte(text[i]) {
			return false
		}
	}
	return text != ""
}

// appendHead writes the request's head, RFC 9112.
func (c *Client) appendHead(out []byte, h *hop, req *Request, cookies string) []byte {
	header := req.Header
	out = append(out, h.method...)
	out = append(out, ' ')
	forward := h.proxy != nil && c.forwards(h)
	if forward {
		out = append(out, "http://"...)
		out = append(out, h.origin.name...)
	}
	out = append(out, h.prefix...)
	out = appendTarget(out, h.target)
	out = append(out, " HTTP/1.1\r\n"...)

	alone := c.connections.Keep == target.KeepRequest && !h.upgrade
	var host, agent, authorized bool
	for i := range header {
		f := &header[i]
		switch {
		case strings.EqualFold(f.Name, "Host"):
			if h.foreign {
				continue // it named the first origin
			}
			host = true
		case strings.EqualFold(f.Name, "User-Agent"):
			agent = true
		case strings.EqualFold(f.Name, "Authorization"):
			if h.foreign || req.Digest != nil {
				continue
			}
			authorized = true
		case strings.EqualFold(f.Name, "Cookie"):
			if h.foreign {
				continue
			}
			if cookies != "" {
				// One header for the caller's cookies and the jar's, as servers expect.
				out = appendField(out, f.Name, f.Value+"; "+cookies)
				cookies = ""
				continue
			}
		case strings.EqualFold(f.Name, "Content-Length"), strings.EqualFold(f.Name, "Transfer-Encoding"):
			continue
		case alone && strings.EqualFold(f.Name, "Connection"):
			continue
		case h.bare && len(f.Name) > 8 && strings.EqualFold(f.Name[:8], "Content-"):
			continue
		}
		out = appendField(out, f.Name, f.Value)
	}
	if req.Trace.Sampled() {
		out = append(out, trace.Header+": "...)
		out = append(req.Trace.AppendHeader(out), "\r\n"...)
	}
	if !host {
		out = appendField(out, "Host", h.origin.name)
	}
	if !agent {
		out = appendField(out, "User-Agent", c.agent)
	}
	switch {
	case h.authorization != "":
		out = appendField(out, "Authorization", h.authorization)
	case !authorized && !h.foreign && c.services[req.Host].basic != "" && req.Digest == nil:
		out = appendField(out, "Authorization", c.services[req.Host].basic)
	}
	if cookies != "" {
		out = appendField(out, "Cookie", cookies)
	}
	if forward && h.proxy.auth != "" {
		out = appendField(out, "Proxy-Authorization", h.proxy.auth)
	}
	if alone {
		out = appendField(out, "Connection", "close")
	}
	if h.body != nil || (!h.bare && meansBody(h.method)) {
		out = append(out, "Content-Length: "...)
		out = strconv.AppendInt(out, int64(len(h.body)), 10)
		out = append(out, "\r\n"...)
	}
	return append(out, "\r\n"...)
}

func appendField(out []byte, name, value string) []byte {
	out = append(out, name...)
	out = append(out, ": "...)
	out = append(out, value...)
	return append(out, "\r\n"...)
}

// appendTarget writes the target as it is, but for the bytes that would end
// or break the request line.
func appendTarget(out []byte, target string) []byte {
	if target == "" {
		return append(out, '/')
	}
	start := len(out)
	out = append(out, target...)
	if !slices.ContainsFunc(out[start:], offTarget) {
		return out
	}
	const hex = "0123456789ABCDEF"
	out = out[:start]
	for i := range len(target) {
		if b := target[i]; offTarget(b) {
			out = append(out, '%', hex[b>>4], hex[b&15])
		} else {
			out = append(out, b)
		}
	}
	return out
}

func offTarget(b byte) bool { return b <= ' ' || b >= 0x7f }

// meansBody reports whether servers expect a Content-Length of this method
// even when there is no body.
func meansBody(method string) bool {
	return method == "POST" || method == "PUT" || method == "PATCH"
}

// endsConnection reports whether the caller asks for the connection to be
// closed after the answer.
func endsConnection(header []Field) bool {
	for i := range header {
		if strings.EqualFold(header[i].Name, "Connection") && strings.EqualFold(header[i].Value, "close") {
			return true
		}
	}
	return false
}
