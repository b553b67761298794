// Package demo serves a small TutorMax: the endpoints of a tutoring platform
// over tables in memory, with switches that make it slow, failing, freezing or
// leaking. It is what load tests are tried on without a service of
// one's own. It knows nothing of the load test: not its file, not its limits.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// grace is how long Close lets running requests end.
const grace = 2 * time.Second

// Server is a running service. Its methods are safe for concurrent use.
type Server struct {
	url  string
	load *clock
	stop context.CancelFunc
	done chan struct{} // closed when nothing of the server runs any more
	err  error         // set before done is closed
	all  sync.WaitGroup
}

// Listen binds a TCP address and serves on it. "host:port" binds that host, a
// port alone (":8000") or an empty address loopback only; port 0 takes a free
// one. It returns once connections are accepted. The server ends when ctx does,
// or by Close. Errors are bad options and an address that cannot be bound.
func Listen(ctx context.Context, address string, o Options) (*Server, error) {
	if address == "" {
		address = ":0"
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: write host:port, such as 127.0.0.1:8000", address)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", net.JoinHostPort(host, port), unbound(err))
	}
	return Serve(ctx, listener, o)
}

// unbound says in plain words why an address cannot be bound.
func unbound(err error) error {
	var unknown *net.DNSError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return errors.New("another program listens there; write another port, or 0 for a free one")
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return errors.New("this machine does not have that address; write 127.0.0.1, or 0.0.0.0 for all that it has")
	case errors.Is(err, syscall.EACCES):
		return errors.New("this user may not listen there; write a port above 1023")
	case errors.As(err, &unknown):
		return fmt.Errorf("the name %s is unknown; write 127.0.0.1, or 0.0.0.0 for all addresses of this machine",
			unknown.Name)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// Serve is Listen with a listener of the caller's, which it closes in any case.
func Serve(ctx context.Context, listener net.Listener, o Options) (*Server, error) {
	err := o.check()
	var handler *service
	if err == nil {
		handler, err = newService(&o)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start demo: %w", err), listener.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	s := &Server{url: "http://" + dialable(listener.Addr()), load: handler.clock, stop: stop, done: make(chan struct{})}
	s.all.Go(func() {
		defer close(s.done)
		defer stop()
		s.err = s.serve(ctx, listener, handler, o.KeepAlive)
	})
	return s, nil
}

// serve answers requests until ctx ends or the listener breaks, and returns
// when every connection is closed.
func (s *Server) serve(ctx context.Context, listener net.Listener, handler *service, idle time.Duration) error {
	if idle == 0 {
		idle = 2 * time.Minute
	}
	// Requests outlive ctx for as long as grace lets them.
	requests, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var open sync.WaitGroup // connections; net/http does not wait for those it cuts off
	web := &http.Server{
		Handler:           http.MaxBytesHandler(handler, maxBody),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      10 * time.Minute,
		IdleTimeout:       idle,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // a client that breaks off is no news
		BaseContext:       func(net.Listener) context.Context { return requests },
		ConnState: func(conn net.Conn, state http.ConnState) {
			handler.outage.track(conn, state)
			switch state {
			case http.StateNew:
				open.Add(1)
			case http.StateClosed, http.StateHijacked:
				open.Done()
			}
		},
	}
	served := make(chan error, 1)
	s.all.Go(func() { served <- web.Serve(outageListener{listener, &handler.outage}) })
	if handler.outage.span != (Span{}) {
		s.all.Go(func() { handler.outage.strike(ctx) })
	}
	var failed error
	select {
	case failed = <-served:
	case <-ctx.Done():
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		_ = web.Shutdown(limited) // what is left is cut off below
		cancel()
		<-served
	}
	// Connections first: a handler whose context ends writes nothing, which on
	// an open connection would go out as an empty 200.
	failed = errors.Join(failed, web.Close())
	cut()
	open.Wait()
	return failed
}

// URL is where the service answers: http, host and port, no slash at the end.
// A server on all addresses gives its loopback one.
func (s *Server) URL() string { return s.url }

// Begin marks the beginning of the load, from which the times of the options
// count. A second call changes nothing.
func (s *Server) Begin() { s.load.begin() }

// Wait blocks until the server has ended, and says why if not by Close or its
// context.
func (s *Server) Wait() error {
	<-s.done
	s.all.Wait()
	return s.err
}

// Close lets running requests end, for at most 2 s, cuts off the rest and
// returns when no goroutine of the server is left. It may be called again.
func (s *Server) Close() error {
	s.stop()
	return s.Wait()
}

func dialable(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return address.String()
	}
	return (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: tcp.Port}).String()
}
