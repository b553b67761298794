package client_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/target"
)

// What a service sets comes back byte for byte, as from a browser, over both
// protocols.
func TestCookiesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ set, name, value, sent string }{
		{`a=1`, "a", `1`, `a=1`},
		{`a="b c"; Path=/`, "a", `b c`, `a="b c"`},
		{`a="b\"c\054d"; Path=/; HttpOnly`, "a", `b\"c\054d`, `a="b\"c\054d"`},
		{`a={"id":1,"n":"x\\y"}`, "a", `{"id":1,"n":"x\\y"}`, `a={"id":1,"n":"x\\y"}`},
		{"a=gr\u00fc\u00df; Path=/", "a", "gr\u00fc\u00df", "a=gr\u00fc\u00df"},
		{`cart[2]=b`, "cart[2]", `b`, `cart[2]=b`},
		{` a = b=c ;Path=/`, "a", `b=c`, `a=b=c`},
		{`a=`, "a", ``, `a=`},
		{"a=b\x01c", "a", ``, ``},
		{`=b`, "", ``, ``},
		{`a`, "a", ``, ``},
		{`a=1; Domain=example.com`, "a", ``, ``},
		{`a=1; Max-Age=0`, "a", ``, ``},
	} {
		serve := listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
			for {
				req, err := http.ReadRequest(r)
				if err != nil {
					return
				}
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nSet-Cookie: %s\r\nX-Cookie: %s\r\nContent-Length: 0\r\n\r\n",
					tt.set, req.Header.Get("Cookie"))
			}
		})
		s := session(t, client.Config{BaseURL: serve})
		do(t, s, &client.Request{})
		if got := s.Cookie(tt.name); got != tt.value {
			t.Errorf("%q: Cookie(%q) = %q, want %q", tt.set, tt.name, got, tt.value)
		}
		if got := do(t, s, &client.Request{}).Header("X-Cookie"); got != tt.sent {
			t.Errorf("%q: %q is sent, want %q", tt.set, got, tt.sent)
		}
	}

	over2 := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Cookie", strings.Join(r.Header["Cookie"], "|"))
		w.Header()["Set-Cookie"] = []string{`a="b\"c"; Path=/`}
	}))
	startH2C(t, over2)
	s := session(t, client.Config{BaseURL: over2.URL, HTTP: target.H2C})
	do(t, s, &client.Request{})
	if got := do(t, s, &client.Request{}).Header("X-Cookie"); got != `a="b\"c"` {
		t.Errorf("over HTTP/2 %q is sent", got)
	}
}

// Cookies of many paths are bounded as those of one are. A full jar still takes
// new values of what it has, and makes room where one is taken back.
func TestCookiesOfManyPathsAreBounded(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if set := r.URL.Query().Get("set"); set != "" {
			w.Header().Set("Set-Cookie", set)
		}
		w.Header().Set("X-Cookie", r.Header.Get("Cookie"))
	}))
	t.Cleanup(srv.Close)
	s := session(t, client.Config{BaseURL: srv.URL})
	set := func(path, value string) { do(t, s, &client.Request{Target: path + "/x?set=" + value}) }
	sent := func(path string) string { return do(t, s, &client.Request{Target: path + "/x"}).Header("X-Cookie") }
	paths := func() (held int) {
		for n := range 300 {
			if sent(fmt.Sprint("/item/", n)) != "" {
				held++
			}
		}
		return held
	}
	for n := range 300 {
		set(fmt.Sprint("/item/", n), fmt.Sprintf("c=1%%3BPath=/item/%d", n))
	}
	if held := paths(); held != 180 {
		t.Errorf("%d of 300 cookies are sent, want 180", held)
	}
	set("/item/1", "c=2") // of the same path, as none is written
	if got := sent("/item/1"); got != "c=2" {
		t.Errorf("a new value is sent as %q, want c=2", got)
	}
	set("/item/2", "c=%3BMax-Age=0")
	set("/item/299", "c=3")
	if gone, come, held := sent("/item/2"), sent("/item/299"), paths(); gone != "" || come != "c=3" || held != 180 {
		t.Errorf("after one was taken back %q and %q are sent, %d in all; want none, c=3, 180", gone, come, held)
	}
}
