package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/client/digest"
	"github.com/loadgate/loadgate/internal/target"
)

// reveals answers with what it saw of a request.
func reveals(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	fmt.Fprintf(w, "%s %s %s:%s %q", r.Proto, r.RequestURI, user, password, r.Header.Get("Authorization"))
}

// Each host has its own path, user, TLS and version of HTTP, and nothing of the base URL's goes to it.
func TestHosts(t *testing.T) {
	t.Parallel()
	base := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
			return
		}
		reveals(w, r)
	}))
	t.Cleanup(base.Close)
	plain := httptest.NewServer(http.HandlerFunc(reveals))
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(http.HandlerFunc(reveals))
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(secure.Close)
	trust := secure.Client().Transport.(*http.Transport).TLSClientConfig
	s := session(t, client.Config{BaseURL: withUser(base.URL, "u:p"), Hosts: []client.Host{
		{BaseURL: plain.URL + "/v1/"},
		{BaseURL: withUser(secure.URL, "other:word"), HTTP: target.HTTP2, TLS: trust},
	}})
	away := func(to string) client.Request {
		return client.Request{Target: "/away?to=" + to, Follow: true}
	}
	for _, tt := range []struct {
		name string
		req  client.Request
		want string
	}{
		{"the base URL", client.Request{Target: "/a"}, `HTTP/1.1 /a u:p "Basic dTpw"`},
		{"a host", client.Request{Host: 1, Target: "/a"}, `HTTP/1.1 /v1/a : ""`},
		{"its own headers", client.Request{Host: 1, Target: "/a", Header: []client.Field{{"Authorization", "x"}}},
			`HTTP/1.1 /v1/a : "x"`},
		{"over TLS", client.Request{Host: 2, Target: "/b"}, `HTTP/2.0 /b other:word "Basic b3RoZXI6d29yZA=="`},
		{"a redirect to a host", away(secure.URL + "/c"), `HTTP/2.0 /c : ""`},
		{"the base URL again", client.Request{Target: "/d"}, `HTTP/1.1 /d u:p "Basic dTpw"`},
	} {
		tt.req.KeepBody = true
		if x := do(t, s, &tt.req); string(x.Body) != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, x.Body, tt.want)
		}
	}
	for _, tt := range []struct {
		to       int
		connects int
	}{{0, 0}, {1, 0}, {2, 0}} { // each has kept a connection
		if x := do(t, s, &client.Request{Host: tt.to, Target: "/"}); x.Connects != tt.connects {
			t.Errorf("host %d: %d connects, want %d", tt.to, x.Connects, tt.connects)
		}
	}
}

func withUser(url, user string) string {
	at := len("http://")
	if url[4] == 's' {
		at++
	}
	return url[:at] + user + "@" + url[at:]
}

// The same credentials have a nonce of their own at each host.
func TestDigestOfTwoHosts(t *testing.T) {
	t.Parallel()
	one, two := &guard{quality: "auth"}, &guard{quality: "auth"}
	first, second := httptest.NewServer(one), httptest.NewServer(two)
	t.Cleanup(first.Close)
	t.Cleanup(second.Close)
	s := session(t, client.Config{BaseURL: first.URL, Hosts: []client.Host{{BaseURL: second.URL}}})
	who := digest.Credentials(ann)
	for n := range 3 {
		for host := range 2 {
			want := 0
			if n == 0 {
				want = 1
			}
			if x := do(t, s, &client.Request{Host: host, Digest: &who}); x.Status != 200 || x.Hops != want {
				t.Errorf("round %d, host %d: status %d, %d hops, want %d", n, host, x.Status, x.Hops, want)
			}
		}
	}
}

// A host that is not allowed, or speaks what its URL cannot, makes no client.
func TestHostsAreChecked(t *testing.T) {
	cfg := client.Config{BaseURL: "http://127.0.0.1:1", Allow: loopback}
	cfg.Hosts = []client.Host{{BaseURL: "http://elsewhere.example"}}
	_, err := client.New(cfg)
	if e, ok := errors.AsType[*client.HostError](err); !ok || e.Host != "elsewhere.example" {
		t.Errorf("New = %v, want a HostError of elsewhere.example", err)
	}
	cfg.Hosts = []client.Host{{BaseURL: "http://127.0.0.1:2", HTTP: target.HTTP2}}
	if _, err := client.New(cfg); err == nil {
		t.Error("New takes HTTP/2 without TLS for a host")
	}
}
