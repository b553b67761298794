// Package recorder is a proxy on this machine that keeps what passes through it: a forward proxy, and the
// address of one service. It sends what its clients send, once, and knows no file format.
package recorder

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Options are how a recorder works.
type Options struct {
	Address string         // host:port, which must be a loopback address; port 0: a free one
	Service *url.URL       // where requests to the recorder's own address go; nil: nowhere
	Roots   *x509.CertPool // who signs the certificates of services; nil: whom the system trusts
	Limits  Limits
}

// Recorder listens until it is closed. It is safe for concurrent use.
type Recorder struct {
	at        *net.TCPAddr
	tape      *tape
	forwarder *forwarder
	tunneller tunneller
	outer     *http.Server // of the listening address
	inner     *http.Server // of what comes in tunnels

	ctx    context.Context // ends by Close: it belongs to the recorder's own goroutines
	cancel context.CancelFunc
	mu     sync.Mutex
	closed bool
	all    sync.WaitGroup
}

// The times of connections of clients. Think times of a test are shorter than idle.
const (
	headWithin = 30 * time.Second
	idle       = 10 * time.Minute
)

// ErrNotLoopback says that an address can be reached from other machines.
var ErrNotLoopback = errors.New("it is not a loopback address")

// Listen begins to record.
func Listen(o Options) (*Recorder, error) {
	at, err := net.ResolveTCPAddr("tcp", o.Address)
	if err != nil {
		return nil, err
	}
	if !at.IP.IsLoopback() {
		return nil, ErrNotLoopback
	}
	a, err := newAuthority()
	if err != nil {
		return nil, err
	}
	listener, err := net.ListenTCP("tcp", at)
	if err != nil {
		return nil, err
	}
	at = listener.Addr().(*net.TCPAddr)
	r := &Recorder{at: at, tape: newTape(o.Limits)}
	r.forwarder = newForwarder(o.Service, at.Port, o.Roots, r.tape)
	r.tunneller = tunneller{a, r.tape, newHandover(at)}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	serve := func() *http.Server {
		return &http.Server{Handler: r, ReadHeaderTimeout: headWithin, IdleTimeout: idle, MaxHeaderBytes: largestHead,
			ErrorLog: quiet(), ConnContext: r.forwarder.connected,
			BaseContext: func(net.Listener) context.Context { return r.ctx }}
	}
	r.outer, r.inner = serve(), serve()
	r.all.Go(func() { _ = r.outer.Serve(listener) }) // they end by Close
	r.all.Go(func() { _ = r.inner.Serve(r.tunneller.tunnels) })
	return r, nil
}

// URL is the address that clients use as their proxy, or as that of the service.
func (r *Recorder) URL() string { return "http://" + r.at.String() }

// Certificate is what clients must trust to be recorded over TLS, in PEM. Its key is in memory alone.
func (r *Recorder) Certificate() []byte { return r.tunneller.authority.pem }

// Pin is the SHA-256 of the certificate's public key in base64, by which Chromium can trust it.
func (r *Recorder) Pin() string { return r.tunneller.authority.pin }

// lastWithin is how long requests in flight may take when the recorder ends.
const lastWithin = time.Second

// Close lets requests in flight come to their end, cuts off those that take longer, and is done when nothing of
// the recorder is left. It may be called again.
func (r *Recorder) Close() error {
	within, cancel := context.WithTimeout(context.Background(), lastWithin)
	defer cancel()
	for _, s := range []*http.Server{r.outer, r.inner} {
		_ = s.Shutdown(within) // those that are left are cut off below
	}
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.cancel()
	err := errors.Join(r.outer.Close(), r.inner.Close())
	r.all.Wait()
	r.forwarder.transport.CloseIdleConnections()
	if err != nil {
		return fmt.Errorf("close the recorder: %w", err)
	}
	return nil
}

// Recording is what has passed so far; after Close, all of it.
func (r *Recorder) Recording() *Recording { return r.tape.recording() }

// enter says that a request is handled; false: the recorder is closed.
func (r *Recorder) enter() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.all.Add(1)
	}
	return !r.closed
}

// ServeHTTP handles one request of a client.
func (r *Recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if !r.enter() {
		return
	}
	defer r.all.Done()
	if q.Method == http.MethodConnect {
		r.tunneller.take(r.ctx, w, q)
		return
	}
	r.forwarder.forward(w, q)
}
