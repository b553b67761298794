package live

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
)

// Options are how a page is served.
type Options struct {
	Address string   // host:port; port 0: a free one
	Names   []string // of hosts that browsers may use, beside those of this machine
	Page    *Page
	// Forms are what a form of the page does, by its name: it gets the values and says what the outcome is. An
	// error is shown beside the form. Nil: the page is read-only.
	Forms map[string]func(ctx context.Context, values map[string]string) (string, error)
	// Files are what a browser can download, by address, such as /result.json.
	Files []File
	// Pages are further addresses, for those who have the key, by their patterns as http.ServeMux has them.
	Pages map[string]http.Handler
}

// File is something to download.
type File struct {
	Name string // the address after the slash, and the file's name
	Type string // of its content
	// Write writes the file. ErrNone: there is none yet.
	Write func(w io.Writer) error
}

// ErrNone says that there is no such file yet.
var ErrNone = errors.New("there is none yet")

// Server serves a page until it is closed.
type Server struct {
	page     *Page
	guard    *guard
	policy   string
	listener net.Listener
	server   *http.Server
	print    string // of the certificate; empty: without TLS
	done     sync.WaitGroup
	stop     context.CancelFunc
}

// Listen begins to serve. An address that other machines reach is served over TLS, with a certificate made
// for this one server.
func Listen(o Options) (*Server, error) {
	policy, err := htmlpage.LivePolicy()
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", o.Address)
	if err != nil {
		return nil, err
	}
	at := l.Addr().(*net.TCPAddr)
	host, _, _ := net.SplitHostPort(o.Address)
	names := o.Names
	if host != "" && !at.IP.IsUnspecified() {
		names = append([]string{host}, names...)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{page: o.Page, policy: policy, listener: l, stop: stop,
		guard: newGuard(names, fmt.Sprint(at.Port), !at.IP.IsLoopback())}
	s.server = &http.Server{Handler: s.handler(ctx, o), ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	if s.guard.secure {
		certificate, print, err := certificateFor(names)
		if err != nil {
			return nil, errors.Join(err, l.Close())
		}
		s.print = print
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS13,
			NextProtos: []string{"http/1.1"}})
	}
	s.done.Go(func() { _ = s.server.Serve(l) }) // it ends by Close
	return s, nil
}

// URL is the address with the key, to be printed.
func (s *Server) URL() string {
	scheme, at := "http", s.listener.Addr().(*net.TCPAddr)
	host := at.IP.String()
	if s.guard.secure {
		scheme = "https"
	}
	switch {
	case len(s.guard.names) > 0:
		host = s.guard.names[0]
	case at.IP.IsUnspecified():
		host = "localhost" // the only name that it has
	}
	return fmt.Sprintf("%s://%s/#key=%s", scheme, net.JoinHostPort(host, fmt.Sprint(at.Port)), s.guard.key)
}

// Fingerprint is the SHA-256 of the server's certificate; empty: it has none.
func (s *Server) Fingerprint() string { return s.print }

// Close tells browsers that the page has ended, and stops within three seconds.
func (s *Server) Close() error {
	s.page.end()
	within, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	err := s.server.Shutdown(within)
	s.stop()
	if err != nil {
		err = s.server.Close()
	}
	s.done.Wait()
	return err
}

// handler is all addresses of the server.
func (s *Server) handler(ctx context.Context, o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.root)
	mux.HandleFunc("POST /key", s.takeKey)
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) { s.events(ctx, w, r) })
	mux.HandleFunc("GET /since", s.since)
	for _, f := range o.Files {
		mux.HandleFunc("GET /"+f.Name, f.serve)
	}
	for pattern, h := range o.Pages {
		mux.Handle(pattern, h)
	}
	for name, do := range o.Forms {
		mux.HandleFunc("POST /api/"+name, func(w http.ResponseWriter, r *http.Request) { submit(w, r, do) })
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", s.policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		// Without the key a browser gets the page that asks for it, and hands it over.
		open := r.URL.Path == "/" || r.URL.Path == "/key"
		if status, why := s.guard.refused(r, open); status != 0 {
			http.Error(w, why, status)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// root is the page, or for a browser without the key the page that hands it over.
func (s *Server) root(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if !s.guard.has(r) {
		w.Header().Set("Content-Security-Policy", htmlpage.KeyPolicy())
		_ = htmlpage.WriteKey(w, "/key")
		return
	}
	d, at := s.page.snapshot()
	_ = htmlpage.WriteLive(w, d, htmlpage.Live{At: at, Events: "/events", Since: "/since"})
}

func (s *Server) takeKey(w http.ResponseWriter, r *http.Request) {
	key, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 100))
	if err != nil || !s.guard.admit(w, string(key)) {
		http.Error(w, "that is not the key", http.StatusForbidden)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// since is all that changed after a state.
func (s *Server) since(w http.ResponseWriter, r *http.Request) {
	u, _, _, _, err := s.page.since(r.URL.Query().Get("at"))
	if err != nil {
		http.Error(w, "the page cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(u)
}

// The times of a stream: a browser that does not take an update for that long is cut off, and comes again; one
// that nothing was sent to for a while gets a comment, so that a lost one is noticed.
const (
	writeWithin = 5 * time.Second
	quietFor    = 15 * time.Second
)

// events sends each change as it comes. A browser that is slow gets the newest state of what it missed.
func (s *Server) events(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	leave, ok := s.page.view()
	if !ok {
		http.Error(w, "too many viewers", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	out := newStream(w, r)
	at := r.Header.Get("Last-Event-ID")
	if at == "" {
		at = r.URL.Query().Get("at")
	}
	quiet := time.NewTimer(quietFor)
	defer quiet.Stop()
	for first := true; ; first = false {
		u, changed, next, over, err := s.page.since(at)
		if err != nil {
			return
		}
		switch {
		case changed:
			e, err := s.page.events.of(at, u)
			if err != nil || out.send(e) != nil {
				return
			}
			at = u.At
		case first: // so that the browser knows that it is connected
			if out.send(s.page.events.alive()) != nil {
				return
			}
		}
		if over {
			out.end(s.page.events.end())
			return
		}
		quiet.Reset(quietFor)
		select {
		case <-next:
		case <-quiet.C:
			if out.send(s.page.events.alive()) != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-ctx.Done():
			return
		}
	}
}

// mostForm bounds what a form sends, in bytes.
const mostForm = 64 << 10

// submit does what a form asks for. The answer is one text, which the page shows as text.
func submit(w http.ResponseWriter, r *http.Request, do func(context.Context, map[string]string) (string, error)) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	values := map[string]string{}
	for name := range r.PostForm {
		values[name] = r.PostForm.Get(name)
	}
	said, err := do(r.Context(), values)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	_, _ = io.WriteString(w, said)
}

// serve answers with the file. It is written whole before the first byte is sent: one that cannot be is no half
// of one.
func (f File) serve(w http.ResponseWriter, _ *http.Request) {
	var whole strings.Builder
	switch err := f.Write(&whole); {
	case errors.Is(err, ErrNone):
		http.Error(w, "there is no "+f.Name+" yet", http.StatusNotFound)
		return
	case err != nil:
		http.Error(w, f.Name+" cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", f.Type)
	if !strings.HasPrefix(f.Type, "text/html") {
		w.Header().Set("Content-Disposition", `attachment; filename="`+f.Name+`"`)
	} else {
		w.Header().Set("Content-Security-Policy", htmlpage.HeaderPolicy)
	}
	_, _ = io.WriteString(w, whole.String())
}
