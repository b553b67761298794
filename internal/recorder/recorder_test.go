package recorder_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/recorder"
)

// echo answers with what it was sent.
func echo(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprintf(w, "%s %s %s\n%s", q.Method, q.Host, q.RequestURI, body)
}

// What a client sends arrives as it is, and is kept.
func TestForwards(t *testing.T) {
	service := serve(t, echo)
	for _, tt := range []struct{ method, path, body string }{
		{"GET", "/", ""},
		{"GET", "/a%2Fb/c%20d;v=1?x=%zz&y=a;b&&z", ""}, // also a query that Go does not read
		{"GET", "//double//slash", ""},
		{"POST", "/orders", `{"a":1}`},
		{"DELETE", "/orders/1?", ""},
		{"PROPFIND", "/dav", "<x/>"},
	} {
		r := listen(t, recorder.Options{})
		q := request(t, tt.method, service.String()+"/", tt.body)
		q.URL.Opaque = "//" + service.Host + tt.path // as it is written here
		q.URL.Path = ""
		_, got := send(t, through(t, r), q)
		if want := tt.method + " " + service.Host + " " + tt.path + "\n" + tt.body; got != want {
			t.Errorf("%s %s arrived as %q, want %q", tt.method, tt.path, got, want)
		}
		x := only(t, r)
		if x.Method != tt.method || x.URL != service.String()+strings.TrimSuffix(tt.path, "?") ||
			string(x.Body) != tt.body || x.Status != 200 || string(x.Answer) != got || x.Connection != 1 ||
			x.Took <= 0 {
			t.Errorf("%s %s was recorded as %+v", tt.method, tt.path, x)
		}
	}
}

// Headers arrive as they were sent, except those of the connection and of the recorder; none is added.
func TestHeaders(t *testing.T) {
	var got http.Header
	service := serve(t, func(w http.ResponseWriter, q *http.Request) {
		got = q.Header.Clone()
		w.Header()["Set-Cookie"] = []string{"a=1; Path=/; Secure; Domain=example.com", "b=2"}
		w.Header().Set("Location", "http://"+q.Host+"/next")
		w.WriteHeader(http.StatusFound)
	})
	r := listen(t, recorder.Options{})
	q := request(t, "GET", service.String()+"/", "")
	q.Header = http.Header{"X-Loadgate-User": {"admin"}, "Proxy-Authorization": {"Basic c2VjcmV0"},
		"X-Forwarded-For": {"192.0.2.1"}, "Forwarded": {"for=x"}, "Accept-Encoding": {"identity"}, "User-Agent": {""}}
	a, _ := send(t, through(t, r), q)
	want := http.Header{"X-Forwarded-For": {"192.0.2.1"}, "Forwarded": {"for=x"}, "Accept-Encoding": {"identity"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the service got (-want +got):\n%s", diff)
	}
	if a.Header.Get("Location") != service.String()+"/next" || len(a.Header["Set-Cookie"]) != 2 ||
		!strings.Contains(a.Header["Set-Cookie"][0], "Secure") {
		t.Errorf("the client got %v", a.Header)
	}
	if x := only(t, r); x.User != "admin" || x.Header.Get("X-Loadgate-User") != "" || x.Status != http.StatusFound {
		t.Errorf("recorded: %+v", x)
	}
}

// Requests to the recorder's own address go to the service, whose name its clients do not need to know.
func TestOwnAddress(t *testing.T) {
	var got *http.Request
	service := serve(t, func(w http.ResponseWriter, q *http.Request) {
		got = q
		w.Header().Set("Set-Cookie", "sid=1; Domain=example.com; Path=/; SECURE; HttpOnly")
		w.Header().Set("Location", "http://"+q.Host+"/v1/next?a=1")
		w.WriteHeader(http.StatusSeeOther)
	})
	service.Path = "/v1"
	r := listen(t, recorder.Options{Service: service})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	q := request(t, "POST", r.URL()+"/a%2Fb?x=1", "hello")
	q.Header.Set("Origin", r.URL())
	q.Header.Set("Referer", r.URL()+"/page")
	a, _ := send(t, client, q)
	origin := "http://" + service.Host
	if got.RequestURI != "/v1/a%2Fb?x=1" || got.Host != service.Host || got.Header.Get("Origin") != origin ||
		got.Header.Get("Referer") != origin+"/page" || got.Header.Get("X-Forwarded-For") != "" {
		t.Errorf("the service got %s of %s with %v", got.RequestURI, got.Host, got.Header)
	}
	if a.Header.Get("Location") != "/v1/next?a=1" || a.Header.Get("Set-Cookie") != "sid=1; Path=/; HttpOnly" {
		t.Errorf("the client got %v", a.Header)
	}
	// A page of the web whose name leads here asks in vain. The recorder's own address means the service for who uses
	// it as a proxy, too.
	q = request(t, "GET", r.URL()+"/", "")
	q.Host = "evil.example"
	if a, _ := send(t, client, q); a.StatusCode != http.StatusBadRequest {
		t.Errorf("another name was answered with %s", a.Status)
	}
	if _, body := send(t, through(t, r), request(t, "GET", r.URL()+"/x", "")); body != "" {
		t.Errorf("the recorder's address by the proxy: %q", body)
	}
	if got.RequestURI != "/v1/x" {
		t.Errorf("the service got %s", got.RequestURI)
	}
	x := ended(t, r).Exchanges
	if len(x) != 2 || x[0].URL != service.String()+"/a%2Fb?x=1" || x[1].URL != service.String()+"/x" ||
		x[0].AnswerHeader.Get("Location") != origin+"/v1/next?a=1" {
		t.Errorf("recorded: %+v", x)
	}
	alone := listen(t, recorder.Options{})
	if a, body := send(t, client, request(t, "GET", alone.URL()+"/", "")); a.StatusCode != http.StatusBadRequest ||
		!strings.Contains(body, "--host URL") {
		t.Errorf("without a service: %s %q", a.Status, body)
	}
	if n := len(alone.Recording().Exchanges); n != 0 {
		t.Errorf("%d exchanges with nobody", n)
	}
}

// Packed answers are passed on as they are, and kept unpacked.
func TestPackedAnswers(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	fmt.Fprint(w, `{"id":7}`)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	service := serve(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Content-Encoding", "gzip")
		if q.URL.Path == "/damaged" {
			_, _ = w.Write(packed.Bytes()[:packed.Len()/2])
			return
		}
		_, _ = w.Write(packed.Bytes())
	})
	r := listen(t, recorder.Options{})
	if _, got := send(t, through(t, r), request(t, "GET", service.String()+"/", "")); got != packed.String() {
		t.Errorf("the client got %q", got)
	}
	send(t, through(t, r), request(t, "GET", service.String()+"/damaged", ""))
	all := ended(t, r).Exchanges
	if len(all) != 2 || string(all[0].Answer) != `{"id":7}` || all[1].Answer != nil || all[1].Status != 200 {
		t.Errorf("recorded: %+v", all)
	}
}

// Over TLS a client reads the recorder's certificate, which is for the host that it asked for; one that does not
// trust it is counted.
func TestOverTLS(t *testing.T) {
	service, roots := serveTLS(t, echo)
	r := listen(t, recorder.Options{Roots: roots})
	client := through(t, r)
	for n := range 3 {
		if _, got := send(t, client, request(t, "PUT", service.String()+"/x?y=1", "hello")); got !=
			"PUT "+service.Host+" /x?y=1\nhello" {
			t.Errorf("answer %d: %q", n, got)
		}
	}
	distrusting := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(parse(t, r.URL()))}}
	if _, err := distrusting.Do(request(t, "GET", service.String(), "")); err == nil {
		t.Error("a certificate of nobody was trusted")
	}
	untrusted := listen(t, recorder.Options{})
	if a, body := send(t, through(t, untrusted), request(t, "GET", service.String(), "")); a.StatusCode != 502 ||
		!strings.Contains(body, "did not answer") {
		t.Errorf("a service of nobody's certificate: %s %s", a.Status, body)
	}
	got := ended(t, r)
	if got.Distrusted[service.Hostname()] != 1 {
		t.Errorf("distrusted: %v", got.Distrusted)
	}
	if all := got.Exchanges; len(all) != 3 || all[0].URL != service.String()+"/x?y=1" ||
		string(all[0].Body) != "hello" || all[0].Connection != all[2].Connection {
		t.Errorf("recorded: %+v", all)
	}
	if x := ended(t, untrusted); x.Unreached[service.Host] != 1 || x.Exchanges[0].Status != 0 {
		t.Errorf("unreached: %+v", x)
	}
}

// HTTP without TLS may come through a tunnel as well.
func TestPlainTunnel(t *testing.T) {
	service := serve(t, echo)
	r := listen(t, recorder.Options{})
	out := dial(t, r, "CONNECT "+service.Host+" HTTP/1.1\r\nHost: "+service.Host+"\r\n\r\n")
	in := bufio.NewReader(out)
	if a, err := http.ReadResponse(in, nil); err != nil || a.StatusCode != 200 {
		t.Fatalf("CONNECT: %v, %v", a, err)
	}
	fmt.Fprintf(out, "GET /plain HTTP/1.1\r\nHost: %s\r\n\r\n", service.Host)
	a, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(a.Body); err != nil || !strings.Contains(string(body), " /plain\n") {
		t.Errorf("got %q, %v", body, err)
	}
	if x := only(t, r); x.URL != service.String()+"/plain" {
		t.Errorf("recorded: %s", x.URL)
	}
}

func dial(t *testing.T, r *recorder.Recorder, text string) net.Conn {
	t.Helper()
	out, err := net.Dial("tcp", parse(t, r.URL()).Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	if _, err := io.WriteString(out, text); err != nil {
		t.Fatal(err)
	}
	return out
}

// WebSockets and streams of events pass, and are not recorded.
func TestStreams(t *testing.T) {
	service := serve(t, func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/events" {
			w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
			fmt.Fprint(w, "data: 1\n\n")
			_ = http.NewResponseController(w).Flush()
			<-q.Context().Done()
			return
		}
		conn, both, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprint(both, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		_ = both.Flush()
		_, _ = io.CopyN(conn, both, 4)
	})
	r := listen(t, recorder.Options{Service: service})
	out := dial(t, r, "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	in := bufio.NewReader(out)
	if a, err := http.ReadResponse(in, nil); err != nil || a.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("upgrade: %v, %v", a, err)
	}
	fmt.Fprint(out, "ping")
	if got, err := io.ReadAll(io.LimitReader(in, 4)); string(got) != "ping" {
		t.Errorf("got %q, %v", got, err)
	}
	a, err := through(t, r).Do(request(t, "GET", service.String()+"/events", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if line, err := bufio.NewReader(a.Body).ReadString('\n'); line != "data: 1\n" {
		t.Errorf("got %q, %v", line, err)
	}
	if x := ended(t, r); len(x.Exchanges) != 0 || x.Streams[service.Host] != 2 {
		t.Errorf("recorded: %+v", x)
	}
}

// Many connections at once: every request is kept, in its order on its connection.
func TestManyConnections(t *testing.T) {
	const clients, each = 100, 10
	service := serve(t, echo)
	r := listen(t, recorder.Options{Service: service})
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
			defer client.CloseIdleConnections()
			for i := range each {
				address := fmt.Sprintf("%s/%d/%d", r.URL(), n, i)
				q, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
				if err != nil {
					t.Error(err)
					return
				}
				a, err := client.Do(q)
				if err != nil {
					t.Error(err)
					return
				}
				_, err = io.Copy(io.Discard, a.Body)
				if err := errors.Join(err, a.Body.Close()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	next := map[int64]int{}
	for _, x := range ended(t, r).Exchanges {
		if !strings.HasSuffix(x.URL, fmt.Sprintf("/%d", next[x.Connection])) {
			t.Fatalf("connection %d: %s is its request %d", x.Connection, x.URL, next[x.Connection])
		}
		next[x.Connection]++
	}
	if len(next) != clients {
		t.Errorf("%d connections, want %d", len(next), clients)
	}
	for c, n := range next {
		if n != each {
			t.Errorf("connection %d has %d requests, want %d", c, n, each)
		}
	}
}

func TestListensOnLoopbackAlone(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0"} {
		if r, err := recorder.Listen(recorder.Options{Address: address}); !errors.Is(err, recorder.ErrNotLoopback) {
			t.Errorf("Listen(%s) = %v, %v; want ErrNotLoopback", address, r, err)
		}
	}
}
