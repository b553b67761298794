package recorder

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/target"
)

// UserHeader is the header of requests that names the kind of user who sends them. It is not sent on.
const UserHeader = "X-Loadgate-User"

// keys of contexts.
type (
	clientKey  struct{} // a client, of its connection
	passingKey struct{} // a passing, of its request
)

// caller is a connection of a client.
type caller struct {
	conn   net.Conn
	number int64
	tunnel *url.URL // scheme and host that it leads to; nil: it is no tunnel
}

// forwarder sends requests to where they belong, and keeps what passes. It is safe for concurrent use.
type forwarder struct {
	service   *url.URL // where requests to the recorder's own address go; nil: nowhere
	port      int      // of the recorder
	tape      *tape
	proxy     *httputil.ReverseProxy
	transport *http.Transport
	clients   atomic.Int64 // connections so far
}

func newForwarder(service *url.URL, port int, roots *x509.CertPool, t *tape) *forwarder {
	f := &forwarder{service: service, port: port, tape: t}
	f.transport = &http.Transport{
		DialContext: (&net.Dialer{Timeout: dialWithin}).DialContext,
		// Answers are passed on as they are packed.
		DisableCompression: true, MaxIdleConnsPerHost: 256, IdleConnTimeout: idleService,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    shakeWithin,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: largestHead,
	}
	f.proxy = &httputil.ReverseProxy{Rewrite: rewrite, Transport: f.transport, FlushInterval: -1,
		ModifyResponse: f.answered, ErrorHandler: f.failed, ErrorLog: quiet()}
	return f
}

// quiet drops what net/http complains of: what clients and services send is not our user's business.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// The times of connections, and the largest head.
const (
	dialWithin  = 10 * time.Second
	shakeWithin = 30 * time.Second
	// Services close idle connections after 2 to 5 s, and a request on a connection that is closed fails.
	idleService = 2 * time.Second
	largestHead = 256 << 10
)

// connected notes which connection a request comes from.
func (f *forwarder) connected(ctx context.Context, c net.Conn) context.Context {
	from := caller{conn: c, number: f.clients.Add(1)}
	if t, ok := c.(*tunnelled); ok {
		from.tunnel = t.to
	}
	return context.WithValue(ctx, clientKey{}, from)
}

// forward sends a request to where it belongs.
func (f *forwarder) forward(w http.ResponseWriter, q *http.Request) {
	from, _ := q.Context().Value(clientKey{}).(caller)
	to, own, err := f.destination(q, from)
	if err != nil {
		http.Error(w, "loadgate record: "+err.Error(), http.StatusBadRequest)
		return
	}
	if q.Header.Get("Upgrade") != "" { // the server does not know of a connection that became another protocol
		defer context.AfterFunc(q.Context(), func() { _ = from.conn.Close() })()
	}
	user := q.Header.Get(UserHeader)
	q.Header.Del(UserHeader)
	p := f.tape.begin(q, user, from.number, addressOf(to, q, own), to.Host)
	if q.Body != nil && q.Body != http.NoBody {
		q.Body = sent{q.Body, p}
	}
	defer p.ends(false) // if nothing else has ended it
	ctx := context.WithValue(q.Context(), passingKey{}, route{p, to, own})
	f.proxy.ServeHTTP(w, q.WithContext(ctx))
}

// route is where an exchange goes.
type route struct {
	passing *passing
	to      *url.URL // scheme, host and, of the service, what its paths begin with
	own     bool     // it came to the recorder's own address
}

// destination is where a request goes; own: it came to the recorder's own address.
func (f *forwarder) destination(q *http.Request, from caller) (to *url.URL, own bool, err error) {
	switch {
	case from.tunnel != nil:
		return from.tunnel, false, nil
	case q.URL.IsAbs() && !f.isOwn(q.URL):
		if q.URL.Scheme != "http" && q.URL.Scheme != "https" || q.URL.Host == "" {
			return nil, false, errors.New("only http and https are sent on")
		}
		return &url.URL{Scheme: q.URL.Scheme, Host: q.URL.Host}, false, nil
	case f.service == nil:
		return nil, false, errors.New("this is a proxy; give --host URL to send requests to its own address on")
	case !target.IsLoopback(hostOf(q.Host)):
		// A page of the web whose name was made to lead to this machine.
		return nil, false, errors.New("requests to it have the name of this machine, such as localhost")
	}
	return f.service, true, nil
}

// isOwn says whether an address is the recorder's own: sent on it would come back.
func (f *forwarder) isOwn(u *url.URL) bool {
	return u.Port() == fmt.Sprint(f.port) && target.IsLoopback(u.Hostname())
}

// hostOf is a host without its port.
func hostOf(host string) string { return (&url.URL{Host: host}).Hostname() }

// addressOf is where a request is sent, in full.
func addressOf(to *url.URL, q *http.Request, own bool) string {
	u := *to
	u.RawQuery = q.URL.RawQuery
	path := q.URL.EscapedPath()
	if own {
		path = strings.TrimSuffix(to.EscapedPath(), "/") + "/" + strings.TrimPrefix(path, "/")
	}
	u.Path, u.RawPath = "", ""
	address := u.String()
	before, query, _ := strings.Cut(address, "?")
	if query != "" {
		query = "?" + query
	}
	return before + path + query
}

// rewrite makes the request that is sent on: as it came, without what belongs to its connection.
func rewrite(p *httputil.ProxyRequest) {
	at := p.In.Context().Value(passingKey{}).(route)
	p.Out.URL.RawQuery = p.In.URL.RawQuery // also what Go does not read
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values := p.In.Header.Values(name); values != nil {
			p.Out.Header[name] = values
		}
	}
	if !at.own {
		p.Out.URL.Scheme, p.Out.URL.Host = at.to.Scheme, at.to.Host
		return
	}
	query := p.Out.URL.RawQuery
	p.SetURL(at.to)
	p.Out.URL.RawQuery = query
	// The service knows its own name alone.
	here, there := "http://"+p.In.Host, at.to.Scheme+"://"+at.to.Host
	for _, name := range []string{"Origin", "Referer"} {
		if rest, ok := strings.CutPrefix(p.Out.Header.Get(name), here); ok && (rest == "" || rest[0] == '/') {
			p.Out.Header.Set(name, there+rest)
		}
	}
}

// answered keeps the answer while it is passed on.
func (f *forwarder) answered(a *http.Response) error {
	at := a.Request.Context().Value(passingKey{}).(route)
	if a.StatusCode == http.StatusSwitchingProtocols || isStream(a.Header.Get("Content-Type")) {
		at.passing.forget()
		f.tape.count(f.tape.streams, at.to.Host)
		return nil
	}
	at.passing.begins(a)
	a.Body = &received{ReadCloser: a.Body, p: at.passing}
	if at.own {
		comeBack(a, at.to)
	}
	return nil
}

// isStream says whether an answer of a type is one of events, which does not end.
func isStream(kind string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(kind)), "text/event-stream")
}

// comeBack lets the client of an answer of the service stay with the recorder: redirects lead to it, and cookies
// are its own.
func comeBack(a *http.Response, service *url.URL) {
	u, err := url.Parse(a.Header.Get("Location"))
	if err == nil && u.Scheme == service.Scheme && u.Host == service.Host {
		u.Scheme, u.Host = "", ""
		a.Header.Set("Location", u.String())
	}
	for i, cookie := range a.Header["Set-Cookie"] {
		parts := strings.Split(cookie, ";")
		kept := parts[:1]
		for _, part := range parts[1:] {
			name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), "=")
			if name != "domain" && name != "secure" {
				kept = append(kept, part)
			}
		}
		a.Header["Set-Cookie"][i] = strings.Join(kept, ";")
	}
}

// failed answers a request that the service did not answer.
func (f *forwarder) failed(w http.ResponseWriter, q *http.Request, err error) {
	at := q.Context().Value(passingKey{}).(route)
	at.passing.ends(false)
	if errors.Is(err, context.Canceled) { // the client has gone
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	f.tape.count(f.tape.unreached, at.to.Host)
	http.Error(w, "loadgate record: "+safetext.Quoted(at.to.Host, 100)+" did not answer: "+
		safetext.Quoted(err.Error(), 300), http.StatusBadGateway)
}
