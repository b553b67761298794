// Package scrape serves one page of metrics to who may read it on this machine. It does not know what is on it.
package scrape

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Page writes the page in the form that an Accept asks for, and gives begin its Content-Type first.
type Page func(accept string, begin func(contentType string) io.Writer) error

// Server listens at one address. Close ends it.
type Server struct {
	server   http.Server
	listener net.Listener
	group    sync.WaitGroup
}

// How long one reader may take.
const (
	headWithin  = 5 * time.Second
	writeWithin = 10 * time.Second
)

// CheckAddress says what is wrong with an address to listen at, such as 127.0.0.1:9464.
func CheckAddress(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "" || strings.TrimLeft(port, "0123456789") != "" || len(port) > 5 {
		return errors.New("it is no address to listen at; write one such as 127.0.0.1:9464")
	}
	if host == "" {
		return fmt.Errorf("it does not say for whom; write 127.0.0.1:%s for this machine alone, or 0.0.0.0:%s for "+
			"every network that it is in", port, port)
	}
	return nil
}

// Listen begins to serve the page at an address that CheckAddress accepts.
func Listen(ctx context.Context, address string, page Page) (*Server, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(address)
	s := &Server{listener: listener, server: http.Server{Handler: Handler(host, page),
		ReadHeaderTimeout: headWithin, WriteTimeout: writeWithin, IdleTimeout: time.Minute}}
	s.group.Go(func() { _ = s.server.Serve(listener) })
	return s, nil
}

// Address is where the server listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Close ends the server and waits for it.
func (s *Server) Close() {
	_ = s.server.Close()
	s.group.Wait()
}

// Handler serves the page at /metrics to those who ask for it by an address, or by the name that it listens at. A
// page in a browser that got this machine's address for its own name asks by that name, and is refused.
func Handler(listens string, page Page) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		err := page(strings.Join(r.Header.Values("Accept"), ","), func(contentType string) io.Writer {
			w.Header().Set("Content-Type", contentType)
			return w
		})
		if err != nil {
			http.Error(w, "the page could not be written", http.StatusInternalServerError)
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !known(r.Host, listens) {
			http.Error(w, "ask by the address of this machine, or by localhost", http.StatusForbidden)
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		mux.ServeHTTP(w, r)
	})
}

// known says whether the Host of a request is an address, localhost, or the name that the server listens at.
func known(host, listens string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return strings.EqualFold(name, "localhost") || strings.EqualFold(name, listens)
}
