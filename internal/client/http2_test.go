package client_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/http2"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
)

// way is how a handler is served and reached.
type way struct {
	name  string
	proto string
	serve func(t testing.TB, handler http.HandlerFunc) client.Config
}

// ways are all of them, HTTP/1.1 first.
func ways() []way {
	return []way{
		{"HTTP/1.1", client.ProtoHTTP1, func(t testing.TB, handler http.HandlerFunc) client.Config {
			srv := httptest.NewServer(handler)
			t.Cleanup(srv.Close)
			return client.Config{BaseURL: srv.URL}
		}},
		{"HTTP/1.1 over TLS", client.ProtoHTTP1, func(t testing.TB, handler http.HandlerFunc) client.Config {
			srv := httptest.NewTLSServer(handler)
			t.Cleanup(srv.Close)
			return client.Config{BaseURL: srv.URL, TLS: srv.Client().Transport.(*http.Transport).TLSClientConfig}
		}},
		{"HTTP/2 as the server chooses", client.ProtoHTTP2, func(t testing.TB, handler http.HandlerFunc) client.Config {
			return http2Server(t, handler, nil)
		}},
		{"HTTP/2", client.ProtoHTTP2, func(t testing.TB, handler http.HandlerFunc) client.Config {
			cfg := http2Server(t, handler, nil)
			cfg.HTTP = target.HTTP2
			return cfg
		}},
		{"h2c", client.ProtoHTTP2, func(t testing.TB, handler http.HandlerFunc) client.Config {
			return client.Config{BaseURL: h2cServer(t, handler).URL, HTTP: target.H2C}
		}},
		{"h2c over a socket", client.ProtoHTTP2, func(t testing.TB, handler http.HandlerFunc) client.Config {
			srv := httptest.NewUnstartedServer(handler)
			path := socketPath(t)
			l, err := net.Listen("unix", path)
			if err != nil {
				t.Fatal(err)
			}
			srv.Listener.Close()
			srv.Listener = l
			startH2C(t, srv)
			return overSocket(path, client.Config{HTTP: target.H2C})
		}},
	}
}

// over2 are the ways of HTTP/2.
func over2() []way { return ways()[3:5] }

func http2Server(t testing.TB, handler http.Handler, change func(*httptest.Server)) client.Config {
	srv := httptest.NewUnstartedServer(handler)
	srv.Config.ErrorLog = quiet()
	srv.EnableHTTP2 = true
	if change != nil {
		change(srv)
	}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return client.Config{BaseURL: srv.URL, TLS: srv.Client().Transport.(*http.Transport).TLSClientConfig}
}

func h2cServer(t testing.TB, handler http.Handler) *httptest.Server {
	srv := httptest.NewUnstartedServer(handler)
	startH2C(t, srv)
	return srv
}

func startH2C(t testing.TB, srv *httptest.Server) {
	srv.Config.Protocols = new(http.Protocols)
	srv.Config.Protocols.SetUnencryptedHTTP2(true)
	srv.Start()
	t.Cleanup(srv.Close)
}

func TestDoSpeaksWhatIsAsked(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			s := session(t, w.serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Seen", r.Proto)
				w.Header()["X-Many"] = []string{"1", "2"}
				w.Header().Set("Trailer", "X-Trailer")
				_, _ = io.Copy(w, r.Body)
				w.Header().Set("X-Trailer", "late")
			}))
			var received, sent int64
			for nth := range 3 {
				x := do(t, s, &client.Request{Method: "POST", Target: "/x", Body: []byte("hello"), KeepBody: true})
				if x.Status != 200 || x.Proto != w.proto || x.Header("x-seen") != w.proto ||
					string(x.Body) != "hello" || x.Header("X-Many") != "1" {
					t.Errorf("Do = %d %s %q, seen %q", x.Status, x.Proto, x.Body, x.Header("X-Seen"))
				}
				if want := map[bool]int{true: 1}[nth == 0]; x.Connects != want || x.Retries != 0 {
					t.Errorf("%d connects, %d retries; want %d, 0", x.Connects, x.Retries, want)
				}
				// An answer of HTTP/2 may begin before its request is noted as written.
				overtook := x.Phases.FirstByte == 0 && x.Proto == client.ProtoHTTP2
				if x.Phases.FirstByte <= 0 && !overtook || x.Phases.FirstByte > x.Done.Sub(x.Sent) {
					t.Errorf("first byte after %v of %v", x.Phases.FirstByte, x.Done.Sub(x.Sent))
				}
				received, sent = received+x.Received, sent+x.SentBytes
			}
			if received < 3*5 || sent < 3*5 || received > 3000 || sent > 3000 {
				t.Errorf("%d bytes received, %d sent", received, sent)
			}
		})
	}
}

func TestHTTP2SendsWhatHTTP1Sends(t *testing.T) {
	t.Parallel()
	handler := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var names []string
		for _, name := range []string{"A", "B", "Authorization",
			"User-Agent", "Accept-Encoding", "Cookie", "Connection", "Content-Length", "Content-Type"} {
			names = append(names, fmt.Sprintf("%s=%q", name, r.Header[name]))
		}
		fmt.Fprintf(w, "%s %s host=%s length=%d body=%d\n%s", r.Method, r.RequestURI,
			strings.Map(func(c rune) rune {
				if c >= '0' && c <= '9' {
					return -1
				}
				return c
			}, r.Host), r.ContentLength, len(body), strings.Join(names, "\n"))
	}
	requests := []client.Request{
		{},
		{Target: "/a//../b/./%2f?x=1&x=%zz#y"},
		{Target: "//a"},
		{Target: "/a b/ü"},
		{Method: "DELETE", Header: []client.Field{{Name: "a", Value: "1"},
			{Name: "A", Value: "2"}, {Name: "b", Value: ""}}},
		{Method: "POST"},
		{Method: "PUT", Body: []byte{}},
		{Method: "GET", Body: []byte("odd")},
		{Method: "POST", Body: make([]byte, 300_000),
			Header: []client.Field{{Name: "content-type", Value: "x/y"}, {Name: "Content-Length", Value: "7"}}},
		{Header: []client.Field{{Name: "Host", Value: "other.test"}, {Name: "User-Agent", Value: "me"},
			{Name: "Authorization", Value: "Bearer t"}, {Name: "Cookie", Value: "a=b; c=d"}}},
		{Target: "//a", Header: []client.Field{{Name: "Host", Value: "other.test"}}},
		{Header: []client.Field{{Name: "Keep-Alive", Value: "x"},
			{Name: "Upgrade", Value: "y"}, {Name: "TE", Value: "trailers"}}},
	}
	seen := func(w way) (all []string) {
		cfg := w.serve(t, handler)
		cfg.BaseURL = strings.Replace(cfg.BaseURL, "://", "://u:p@", 1)
		s := session(t, cfg)
		for _, req := range requests {
			req.KeepBody = true
			all = append(all, string(do(t, s, &req).Body))
		}
		return all
	}
	want := seen(ways()[0])
	for _, w := range over2() {
		if diff := cmp.Diff(want, seen(w)); diff != "" {
			t.Errorf("%s: the server saw (-HTTP/1.1 +HTTP/2):\n%s", w.name, diff)
		}
	}
}

func TestHTTP2ReadsWhatHTTP1Reads(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", 20_000)
	packed := zipped(long)
	handler := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/empty":
		case "/204":
			w.WriteHeader(http.StatusNoContent)
		case "/304":
			w.WriteHeader(http.StatusNotModified)
		case "/404":
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, long)
		case "/interim":
			w.Header().Set("Link", "x")
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusProcessing)
			_, _ = io.WriteString(w, "y")
		case "/long":
			_, _ = io.WriteString(w, long)
		case "/pieces":
			for range 5 {
				_, _ = io.WriteString(w, "piece ")
				_ = http.NewResponseController(w).Flush()
			}
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, packed)
		case "/gzip404":
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, packed)
		case "/large-head":
			w.Header().Set("X", long[:30_000])
		}
	}
	seen := func(w way) (all []string) {
		s := session(t, w.serve(t, handler))
		for _, target := range []string{"/empty", "/204", "/304",
			"/404", "/interim", "/long", "/pieces", "/gzip", "/gzip404", "/large-head"} {
			for _, method := range []string{"GET", "HEAD", "POST"} {
				for _, keep := range []bool{false, true} {
					x := do(t, s, &client.Request{Method: method, Target: target, KeepBody: keep})
					all = append(all, fmt.Sprintf("%s %s %v: %d, %d of body, %d of X, sample %.20q, %d connects",
						method, target, keep,
						x.Status, len(x.Body), len(x.Header("X")), x.Sample, x.Connects))
				}
			}
		}
		return all
	}
	want := seen(ways()[0])
	for _, w := range ways()[2:] {
		if diff := cmp.Diff(want, seen(w)); diff != "" {
			t.Errorf("%s (-HTTP/1.1 +HTTP/2):\n%s", w.name, diff)
		}
	}
}

// A kept body is what it was when packed by someone else, and one that is
// dropped is never unpacked.
func TestHTTP2DoesNotAskForPackedBodies(t *testing.T) {
	t.Parallel()
	for _, w := range over2() {
		s := session(t, w.serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, r.Header.Get("Accept-Encoding"))
			_ = z.Close()
		}))
		x := do(t, s, &client.Request{KeepBody: true,
			Header: []client.Field{{Name: "Accept-Encoding", Value: "gzip, br"}}})
		if string(x.Body) != "gzip, br" || x.Header("Content-Encoding") != "gzip" {
			t.Errorf("%s: body %q, coding %q", w.name, x.Body, x.Header("Content-Encoding"))
		}
		if x := do(t, s, &client.Request{KeepBody: true}); len(x.Body) != 0 {
			t.Errorf("%s: asked for %q unasked", w.name, x.Body)
		}
	}
}

func TestHTTP2MustBeOffered(t *testing.T) {
	t.Parallel()
	tls1 := httptest.NewTLSServer(http.NotFoundHandler())
	tls1.Config.ErrorLog = quiet()
	t.Cleanup(tls1.Close)
	only2 := http2Server(t, http.NotFoundHandler(), func(srv *httptest.Server) {
		srv.Config.Protocols = new(http.Protocols)
		srv.Config.Protocols.SetHTTP2(true)
	})
	for _, tt := range []struct {
		name   string
		base   string
		http   target.Protocol
		want   metric.Failure
		detail string
	}{
		{"HTTP/2 from a server of HTTP/1.1", tls1.URL, target.HTTP2,
			metric.TLS, "the server does not offer HTTP/2; write http: 1.1"},
		{"either from a server of HTTP/1.1", tls1.URL, target.Auto, metric.OK, ""},
		{"either from a server of HTTP/2", only2.BaseURL, target.Auto, metric.OK, ""},
		{"HTTP/1.1 from a server of HTTP/1.1", tls1.URL, target.HTTP1, metric.OK, ""},
	} {
		s := session(t, client.Config{BaseURL: tt.base, HTTP: tt.http, TLS: only2.TLS})
		var x client.Exchange
		s.Do(t.Context(), &client.Request{}, &x)
		if x.Failure != tt.want || x.Detail != tt.detail {
			t.Errorf("%s: Do = %v %q, want %v %q", tt.name, x.Failure, x.Detail, tt.want, tt.detail)
		}
	}
	for base, http := range map[string]target.Protocol{"http://localhost": target.HTTP2,
		"https://localhost": target.H2C} {
		if _, err := client.New(client.Config{BaseURL: base, HTTP: http, Allow: loopback}); err == nil ||
			!strings.Contains(err.Error(), "write http: ") {
			t.Errorf("New(%s, %d) = %v, want an error with what to write", base, http, err)
		}
	}
}

// A large upload is cut short by an answer, a silent server or a stop, and
// nobody reads the caller's bytes afterwards: the race detector looks.
func TestHTTP2LetsGoOfTheBody(t *testing.T) {
	t.Parallel()
	for _, w := range over2() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			release := make(chan struct{})
			var asked sync.WaitGroup
			asked.Add(1)
			s := session(t, w.serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/early":
					w.WriteHeader(http.StatusRequestEntityTooLarge)
				case "/fine":
					_, _ = io.WriteString(w, "read nothing")
				case "/silent":
					<-release
				case "/stop":
					asked.Done()
					<-release
				}
			}))
			defer close(release)
			body := bytes.Repeat([]byte("x"), 8<<20)
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { asked.Wait(); stop() })
			for _, tt := range []struct {
				target  string
				timeout time.Duration
				want    metric.Failure
			}{
				{"/early", 0, metric.OK}, {"/fine", 0, metric.OK},
				{"/silent", 300 * time.Millisecond, metric.Timeout}, {"/stop", 0, metric.Timeout},
			} {
				var x client.Exchange
				s.Do(ctx, &client.Request{Method: "POST", Target: tt.target, Body: body, Timeout: tt.timeout}, &x)
				for i := range body {
					body[i]++
				}
				if x.Failure != tt.want {
					t.Errorf("%s: Do = %v %q, want %v", tt.target, x.Failure, x.Detail, tt.want)
				}
				if tt.target == "/stop" && x.Detail != client.Stopped {
					t.Errorf("%s: %q, want %q", tt.target, x.Detail, client.Stopped)
				}
			}
			wg.Wait()
		})
	}
}

// What the server said of its limits holds from the second request on at the
// latest.
func TestHTTP2HeadTooLargeForTheServer(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{HTTP: target.H2C, BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
		f := open(c, r, http2.Setting{ID: http2.SettingMaxHeaderListSize, Val: 1})
		for id := f.request(); id != 0; id = f.request() {
			f.head(id, true, ":status", "200")
		}
	})})
	var x client.Exchange
	for range 2 {
		s.Do(t.Context(), &client.Request{}, &x)
	}
	if x.Failure != metric.Expression ||
		x.Detail != "the request's headers are larger than the server takes; nothing was sent" {
		t.Errorf("Do = %v %q, want expression", x.Failure, x.Detail)
	}
	s = session(t, ways()[4].serve(t, echo))
	s.Do(t.Context(), &client.Request{Header: []client.Field{{Name: "X", Value: "a\x01b"}}}, &x)
	if x.Failure != metric.Expression ||
		x.Detail != `HTTP/2 cannot carry the request: invalid header field value for "X"; nothing was sent` {
		t.Errorf("Do = %v %q, want expression", x.Failure, x.Detail)
	}
}
