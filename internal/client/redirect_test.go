package client_test

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// echo answers what it was asked, and redirects /STATUS?to=URL.
func echo(w http.ResponseWriter, r *http.Request) {
	var status int
	if _, err := fmt.Sscanf(r.URL.Path, "/%d", &status); err == nil {
		w.Header().Set("Location", r.URL.Query().Get("to"))
		w.WriteHeader(status)
		return
	}
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s type=%q auth=%q cookie=%q body=%q", r.Method, r.RequestURI,
		r.Header.Get("Content-Type"), r.Header.Get("Authorization"), r.Header.Get("Cookie"), body)
}

func TestDoFollowsRedirects(t *testing.T) {
	t.Parallel()
	for _, w := range ways()[:5] { // a socket has no URL to be led back to
		t.Run(w.name, func(t *testing.T) { followsRedirects(t, &w) })
	}
}

func followsRedirects(t *testing.T, w *way) {
	cfg, away := w.serve(t, echo), w.serve(t, echo).BaseURL
	home := cfg.BaseURL
	cfg.BaseURL = strings.Replace(home, "://", "://u:p@", 1)

	const auth = `auth="Basic dTpw" cookie="own=1"`
	tests := []struct {
		name   string
		method string
		target string
		want   string
	}{
		{"301 makes a POST a GET", "POST", "/301?to=/x", `GET /x type="" ` + auth + ` body=""`},
		{"302 makes a POST a GET", "POST", "/302?to=/x", `GET /x type="" ` + auth + ` body=""`},
		{"302 leaves a PUT", "PUT", "/302?to=/x", `PUT /x type="text/plain" ` + auth + ` body="data"`},
		{"303 makes a PUT a GET", "PUT", "/303?to=/x", `GET /x type="" ` + auth + ` body=""`},
		{"307 keeps method and body", "POST", "/307?to=/x", `POST /x type="text/plain" ` + auth + ` body="data"`},
		{"308 keeps method and body", "POST", "/308?to=/x", `POST /x type="text/plain" ` + auth + ` body="data"`},
		{"relative", "GET", "/302?to=x%2fy%3fz=1", `GET /x/y?z=1 type="text/plain" ` + auth + ` body="data"`},
		{"absolute, to itself", "POST", "/307?to=" + home + "/x", `POST /x type="text/plain" ` + auth + ` body="data"`},
		{"another origin sees no credentials", "POST", "/307?to=" + away + "/x",
			`POST /x type="text/plain" auth="" cookie="" body="data"`},
		{"not even on the way back", "GET", "/307?to=" + away + "/307%3fto=" + home + "/x",
			`GET /x type="text/plain" auth="" cookie="" body="data"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := session(t, cfg)
			x := do(t, s, &client.Request{
				Method: tt.method, Target: tt.target, Body: []byte("data"), Follow: true, KeepBody: true,
				Header: []client.Field{{Name: "Content-Type", Value: "text/plain"}, {Name: "Cookie", Value: "own=1"}},
			})
			if diff := cmp.Diff(tt.want, string(x.Body)); diff != "" {
				t.Errorf("seen by the last server (-want +got):\n%s", diff)
			}
			if x.Status != 200 || x.Hops != strings.Count(tt.target, "to=") || x.Location != "" || x.Sample != nil {
				t.Errorf("status %d, %d hops, location %q, sample %q", x.Status, x.Hops, x.Location, x.Sample)
			}
		})
	}
}

func TestDoStopsAtRedirects(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(echo))
	t.Cleanup(srv.Close)
	srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/loop" {
			http.Redirect(w, r, "/loop", http.StatusFound)
			return
		}
		if r.URL.Path == "/chain" {
			http.Redirect(w, r, "/chain?"+r.URL.RawQuery+"1", http.StatusFound)
			return
		}
		echo(w, r)
	})
	tests := []struct {
		name    string
		target  string
		follow  bool
		failure metric.Failure
		detail  string
		status  int
		hops    int
	}{
		{"not asked to follow", "/307?to=/x/", false, metric.OK, "", 307, 0},
		{"no location", "/302?to=", true, metric.OK, "", 302, 0},
		{"not modified", "/304?to=/x", true, metric.OK, "", 304, 0},
		{"loop", "/loop", true, metric.Redirect, "redirects in a circle, again and again to LOCAL/loop", 302, 10},
		{"chain without an end", "/chain?1", true, metric.Redirect, "more than 10 redirects", 302, 10},
		{"host not allowed", "/302?to=http://example.com/", true,
			metric.Redirect, `redirects to host "example.com", which is not on the allow list`, 302, 0},
		{"address not allowed", "/302?to=//10.0.0.1/", true, metric.Redirect,
			`redirects to host "10.0.0.1", which is not on the allow list`, 302, 0},
		{"resolved address not allowed", "/302?to=http://rebound/", true, metric.Redirect,
			`redirects to a host that is not allowed: host "rebound" resolves to 10.0.0.1, which is not on the allow ` +
				`list; add ` +
				`that address or its network under target.allow`, 0, 1},
		{"a domain whose names are allowed", "/302?to=http://preview.test.example/", true,
			metric.Redirect, `redirects to host "preview.test.example", which is not on the allow list`, 302, 0},
		{"resolved address of a name below a domain not allowed", "/302?to=http://pr-7.preview.test.example/", true,
			metric.Redirect, `redirects to a host that is not allowed: host "pr-7.preview.test.example" resolves to ` +
				`10.0.0.1, which is not on the allow list; add that address or its network under target.allow`, 0, 1},
		{"scheme", "/302?to=ftp://localhost/x", true, metric.Redirect,
			`redirects to scheme "ftp"; only http and https are followed`, 302, 0},
		{"no URL", "/302?to=http://%5b", true, metric.Redirect, `redirects to "http://[", which is no URL`, 302, 0},
		{"no host", "/302?to=http:///x", true, metric.Redirect,
			`redirects to "http:///x", which is no URL with a host`, 302, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := session(t, client.Config{
				BaseURL: srv.URL,
				Allow:   append([]string{"rebound", "*.preview.test.example"}, loopback...),
				Resolve: resolves(map[string]string{"rebound": "10.0.0.1", "pr-7.preview.test.example": "10.0.0.1"}),
			})
			var x client.Exchange
			s.Do(t.Context(), &client.Request{Target: tt.target, Follow: tt.follow}, &x)
			if x.Failure != tt.failure || strings.ReplaceAll(x.Detail, srv.URL, "LOCAL") != tt.detail ||
				x.Status != tt.status || x.Hops != tt.hops || x.Connects != 1 {
				t.Errorf("Do = %v %q, status %d, %d hops, %d connects; want %v %q, %d, %d, 1",
					x.Failure, x.Detail, x.Status, x.Hops, x.Connects, tt.failure, tt.detail, tt.status, tt.hops)
			}
		})
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "7", Path: "/"})
		http.SetCookie(w, &http.Cookie{Name: "sub", Value: "a b", Path: "/sub"})
		http.SetCookie(w, &http.Cookie{Name: "safe", Value: "1", Path: "/", Secure: true})
		http.SetCookie(w, &http.Cookie{Name: "else", Value: "1", Domain: "example.com"})
		w.Header().Add("Set-Cookie", "=;;")
		w.WriteHeader(http.StatusUnauthorized)
	})
	mux.HandleFunc("/logout", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Path: "/", MaxAge: -1})
		http.Redirect(w, r, "/", http.StatusSeeOther)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Join(r.Header["Cookie"], "|"))
	})
	plain := httptest.NewServer(mux)
	t.Cleanup(plain.Close)
	secure := httptest.NewTLSServer(mux)
	t.Cleanup(secure.Close)

	// Loopback counts as secure for cookies, as it does in browsers.
	shop := client.Config{
		BaseURL: strings.Replace(plain.URL, "127.0.0.1", "shop.test", 1),
		Allow:   []string{"shop.test"},
		Resolve: resolves(map[string]string{"shop.test": "127.0.0.1"}),
	}
	s, other := session(t, shop), session(t, shop)
	safe := session(t, client.Config{BaseURL: secure.URL,
		TLS: secure.Client().Transport.(*http.Transport).TLSClientConfig})
	own := []client.Field{{Name: "Cookie", Value: "own=1"}}
	steps := []struct {
		name string
		s    *client.Session
		req  client.Request
		want string
	}{
		{"before the first", s, client.Request{Target: "/"}, ""},
		{"set", s, client.Request{Target: "/login"}, ""},
		{"sent back", s, client.Request{Target: "/"}, "sid=7"},
		{"by path", s, client.Request{Target: "/sub/x?y=/"}, `sub="a b"; sid=7`},
		{"beside the caller's", s, client.Request{Target: "/%zz", Header: own}, ""},
		{"in one header with the caller's", s, client.Request{Target: "/a b", Header: own}, "own=1; sid=7"},
		{"another user has none", other, client.Request{Target: "/"}, ""},
		{"deleted, before the redirect is followed", s, client.Request{Target: "/logout", Follow: true}, ""},
		{"deleted", s, client.Request{Target: "/"}, ""},
		{"set over TLS", safe, client.Request{Target: "/login"}, ""},
		{"secure ones come back", safe, client.Request{Target: "/"}, "sid=7; safe=1"},
	}
	for _, step := range steps {
		step.req.KeepBody = true
		x := do(t, step.s, &step.req)
		if x.Status == 200 && string(x.Body) != step.want {
			t.Errorf("%s: cookies %q, want %q", step.name, x.Body, step.want)
		}
	}
}

// A service that names a cookie after each request fills no memory.
func TestCookiesAreBounded(t *testing.T) {
	t.Parallel()
	asked := 0
	s := session(t, client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
		for {
			req, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			asked++
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nSet-Cookie: c%d=1\r\nX-Cookies: %d\r\nContent-Length: 0\r\n\r\n",
				asked, len(req.Cookies()))
		}
	})})
	last := ""
	for range 300 {
		last = do(t, s, &client.Request{}).Header("X-Cookies")
	}
	if last != "180" {
		t.Errorf("%s cookies are sent after 300 were set, want 180", last)
	}
}

// A session keeps few connections, however many origins it is sent to, and
// the one it uses most.
func TestIdleConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	home := httptest.NewServer(http.HandlerFunc(echo))
	t.Cleanup(home.Close)
	s := session(t, client.Config{BaseURL: home.URL})
	var away []string
	for range 6 {
		away = append(away, listen(t, answers("HTTP/1.1 204 No Content\r\n\r\n")))
	}
	connects := 0
	for _, url := range away {
		connects += do(t, s, &client.Request{Target: "/302?to=" + url + "/", Follow: true}).Connects
	}
	if connects != 7 {
		t.Errorf("%d connects to 7 origins, want 7", connects)
	}
	if x := do(t, s, &client.Request{Target: "/302?to=" + away[5] + "/", Follow: true}); x.Connects != 0 {
		t.Errorf("%d connects to the latest origin, want 0", x.Connects)
	}
	if x := do(t, s, &client.Request{Target: "/302?to=" + away[0] + "/", Follow: true}); x.Connects != 1 {
		t.Errorf("%d connects to the oldest origin, want 1", x.Connects)
	}
}
