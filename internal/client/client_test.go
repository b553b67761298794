package client_test

import (
	"bufio"
	"flag"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// The tests wait more than they compute, so three share a processor; -parallel says otherwise.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// loopback allows what tests dial.
var loopback = []string{"localhost", "127.0.0.0/8", "::1"}

// session opens a user of the target and closes it with the test.
func session(t testing.TB, cfg client.Config) *client.Session {
	t.Helper()
	if cfg.Allow == nil {
		cfg.Allow = loopback
	}
	c, err := client.New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	s := c.Session()
	t.Cleanup(s.Close)
	return s
}

// do makes one exchange that must succeed.
func do(t testing.TB, s *client.Session, req *client.Request) *client.Exchange {
	t.Helper()
	x := new(client.Exchange)
	s.Do(t.Context(), req, x)
	if x.Failure != metric.OK {
		t.Fatalf("%s %s failed: %v: %s", req.Method, req.Target, x.Failure, x.Detail)
	}
	return x
}

// listen serves each connection by a script, in the order of arrival from 0,
// and closes it when the script returns. It returns the base URL.
func listen(t testing.TB, script func(c net.Conn, r *bufio.Reader, nth int)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, l, script)
	return "http://" + l.Addr().String()
}

// serve does so on a listener, and closes it with the test.
func serve(t testing.TB, l net.Listener, script func(c net.Conn, r *bufio.Reader, nth int)) {
	t.Helper()
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		conns []net.Conn
	)
	wg.Go(func() {
		for nth := 0; ; nth++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, c)
			mu.Unlock()
			wg.Go(func() {
				defer c.Close()
				script(c, bufio.NewReader(c), nth)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, c := range conns {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
}

// request reads one request whole; false at the end of the connection.
func request(r *bufio.Reader) bool {
	req, err := http.ReadRequest(r)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, req.Body)
	return err == nil
}

// answers sends the same bytes to each request, then keeps the connection.
func answers(text string) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		for request(r) {
			_, _ = io.WriteString(c, text)
		}
	}
}

// answersOnce sends bytes to the first request, then closes.
func answersOnce(text string) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		if request(r) {
			_, _ = io.WriteString(c, text)
		}
	}
}

func TestDoReadsEveryFraming(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", 2000)
	tests := []struct {
		name   string
		method string
		answer string
		status int
		body   string
		closes bool // the next exchange needs a new connection
	}{
		{"length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", false},
		{"no content", "DELETE", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", false},
		{"length twice", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nhi",
			200, "hi", false},
		{"length twice in a field", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2 ,\t2\r\n\r\nhi", 200, "hi", false},
		{"not modified with a length", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", 304, "", false},
		{"head", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n", 200, "", false},
		{"chunked with extension and trailer", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: " +
			"chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nX-Sum: 5\r\n\r\n", 200, "hello", false},
		{"interim answers", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 " +
			"200 OK\r\nContent-Length: 1\r\n\r\ny", 200, "y", false},
		{"connection close", "GET", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
			200, "hi", true},
		{"HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", true},
		{"HTTP/1.0 that stays", "GET", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi",
			200, "hi", false},
		{"close among others", "GET", "HTTP/1.1 200 OK\r\nconnection: keep-alive, Close\r\nContent-Length: 2\r\n\r\nhi",
			200, "hi", true},
		{"head without a length", "HEAD", "HTTP/1.1 200 OK\r\n\r\n", 200, "", false},
		{"head of chunks", "HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, "", false},
		{"no content with a length", "GET", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, "", false},
		{"no reason", "GET", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", false},
		{"a status of nobody's", "GET", "HTTP/1.1 799 \r\nContent-Length: 2\r\n\r\nhi", 799, "hi", false},
		{"lines that end in LF alone", "GET", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", 200, "hi", false},
		{"a folded field", "GET", "HTTP/1.1 200 OK\r\nX: a\r\n\tb\r\n \r\nContent-Length: 2\r\n\r\nhi",
			200, "hi", false},
		{"chunks by other hands", "GET", "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n00A " +
			"\r\n0123456789\r\n000; last\r\n\r\n", 200, "0123456789", false},
		{"chunks until a close", "GET", "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: " +
			"chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 200, "hi", true},
		{"a long chunk among small ones", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
			strings.Repeat("1\r\nx\r\n", 2000) + "4e20\r\n" + long + "\r\n0\r\n\r\n",
			200, strings.Repeat("x", 2000) + long, false},
		{"switching protocols", "GET", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 101, "", true},
		{"bytes beyond the answer", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi, there", 200, "hi", true},
		{"bytes beyond the answer after a large head", "GET",
			"HTTP/1.1 200 OK\r\nX: " + long[:5000] + "\r\nContent-Length: 2\r\n\r\nhi, there", 200, "hi", true},
		{"long body", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + long, 200, long, false},
		{"head beyond the usual buffer", "GET", "HTTP/1.1 200 OK\r\nX: " +
			long + "\r\nContent-Length: 20000\r\n\r\n" + long, 200, long, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := session(t, client.Config{BaseURL: listen(t, answers(tt.answer))})
			for _, keep := range []bool{true, false} {
				x := do(t, s, &client.Request{Method: tt.method, Target: "/", KeepBody: keep})
				want := ""
				if keep {
					want = tt.body
				}
				if x.Status != tt.status || string(x.Body) != want {
					t.Errorf("Do = %d %q, want %d %q", x.Status, x.Body, tt.status, want)
				}
				if keep || tt.closes {
					if x.Connects != 1 {
						t.Errorf("Connects = %d, want 1", x.Connects)
					}
				} else if x.Connects != 0 {
					t.Errorf("Connects = %d on the second exchange, want 0", x.Connects)
				}
				if !tt.closes && int(x.Received) != len(tt.answer) {
					t.Errorf("Received = %d, want %d", x.Received, len(tt.answer))
				}
			}
		})
	}
}

// Fields are found in any case, the first of several, without the blanks
// around them, and are still there when the connection serves another.
func TestHeaderOfAnswer(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: listen(t, answers(
		"HTTP/1.1 200 OK\r\nx-A: \t b c \t\r\nX-a: second\r\nEmpty:\r\nFold: a\r\n  b\r\nSet-Cookie: k=v\r\nLast: "+
			"\xfc\nContent-Length: 0\r\n\r\n"))})
	first := do(t, s, &client.Request{})
	do(t, s, &client.Request{})
	for name, want := range map[string]string{
		"X-A": "b c", "empty": "", "FOLD": "a    b", "set-cookie": "k=v",
		"Last": "\xfc", "content-length": "0", "Fol": "", "HTTP/1.1 200 OK": "",
	} {
		if got := first.Header(name); got != want {
			t.Errorf("Header(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestDoReadsUntilTheServerCloses(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: listen(t, answersOnce("HTTP/1.1 200 OK\r\n\r\nall of it"))})
	for range 2 {
		if x := do(t, s, &client.Request{KeepBody: true}); string(x.Body) != "all of it" ||
			x.Connects != 1 || x.Retries != 0 {
			t.Errorf("Do = %q with %d connects, %d retries, want all of it, 1, 0", x.Body, x.Connects, x.Retries)
		}
	}
}

func TestCloseLeavesAUsableSession(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: listen(t, answers("HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\n\r\n"))})
	for range 2 {
		if x := do(t, s, &client.Request{}); x.Connects != 1 || x.Retries != 0 {
			t.Errorf("%d connects, %d retries; want 1, 0", x.Connects, x.Retries)
		}
		s.Close()
	}
}

func TestDoTimesPhases(t *testing.T) {
	t.Parallel()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Over", r.Proto)
		_, _ = io.WriteString(w, "hel")
		_ = http.NewResponseController(w).Flush() // in a TLS record, and so in a read, of its own
		_, _ = io.WriteString(w, "lo")
	}))
	t.Cleanup(srv.Close)
	s := session(t, client.Config{
		BaseURL: strings.Replace(srv.URL, "127.0.0.1", "example.com", 1),
		Allow:   []string{"Example.com."},
		Resolve: resolves(map[string]string{"example.com": "127.0.0.1"}),
		TLS:     srv.Client().Transport.(*http.Transport).TLSClientConfig,
	})
	first := do(t, s, &client.Request{})
	p := first.Phases
	if p.DNS <= 0 || p.Connect <= 0 || p.TLS <= 0 || p.FirstByte <= 0 || p.Body <= 0 {
		t.Errorf("Phases = %+v of a first exchange, want all of them", p)
	}
	if sum := p.DNS + p.Connect + p.TLS + p.FirstByte + p.Body; sum > first.Done.Sub(first.Sent) {
		t.Errorf("phases add up to %v, more than the whole %v", sum, first.Done.Sub(first.Sent))
	}
	second := do(t, s, &client.Request{})
	p = second.Phases
	if p.DNS != 0 || p.Connect != 0 || p.TLS != 0 || p.FirstByte <= 0 || second.Connects != 0 {
		t.Errorf("Phases = %+v with %d connects of a second exchange, want no connect", p, second.Connects)
	}
	if got := second.Header("x-over"); got != "HTTP/1.1" {
		t.Errorf("Header(x-over) = %q, want HTTP/1.1", got)
	}
	if got := second.Header("X-Missing"); got != "" {
		t.Errorf("Header(X-Missing) = %q, want none", got)
	}
}

func TestDoEmptiesTheExchange(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, nth int) {
		if nth == 0 && request(r) {
			_, _ = io.WriteString(c,
				"HTTP/1.1 404 Not Found\r\nX-A: b\r\nConnection: close\r\nContent-Length: 4\r\n\r\nlost")
		}
	})})
	var x client.Exchange
	s.Do(t.Context(), &client.Request{KeepBody: true}, &x)
	if x.Status != 404 || string(x.Body) != "lost" || string(x.Sample) != "lost" || x.Header("X-A") != "b" {
		t.Fatalf("first Do = %d %q %q, want 404 lost lost", x.Status, x.Body, x.Sample)
	}
	s.Do(t.Context(), &client.Request{KeepBody: true}, &x)
	if x.Failure != metric.Reset || x.Status != 0 || x.Body != nil || x.Sample != nil || x.Header("X-A") != "" {
		t.Errorf("second Do = %v %d %q %q %q, want reset and nothing of the first",
			x.Failure, x.Status, x.Body, x.Sample, x.Header("X-A"))
	}
}

func TestDoSamplesFailures(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_, _ = io.WriteString(w, strings.Repeat("x", 3000))
	}))
	t.Cleanup(srv.Close)
	s := session(t, client.Config{BaseURL: srv.URL})
	for _, keep := range []bool{false, true} {
		if x := do(t, s, &client.Request{Target: "/bad", KeepBody: keep}); string(x.Sample) != strings.Repeat("x",
			1024) || (x.Body != nil) != keep {
			t.Errorf("keep %v: %d bytes of sample and %d of body", keep, len(x.Sample), len(x.Body))
		}
		if x := do(t, s, &client.Request{Target: "/good", KeepBody: keep}); x.Sample != nil {
			t.Errorf("keep %v: %d bytes of sample of a 200, want none", keep, len(x.Sample))
		}
	}
}

func TestNewRefusesBadConfig(t *testing.T) {
	t.Parallel()
	const unreadable = "base URL cannot be read; write http://HOST or https://HOST, " +
		"and other characters than letters and digits of a password as %XX"
	tests := []struct {
		name string
		cfg  client.Config
		want string
	}{
		{"nothing", client.Config{},
			`base URL "": write http://HOST or https://HOST, with a port from 1 to 65535 if need be`},
		{"no scheme", client.Config{BaseURL: "localhost:8000"},
			`base URL "localhost:8000": write http://HOST or https://HOST, with a port from 1 to 65535 if need be`},
		{"no host", client.Config{BaseURL: "http:///x"},
			`base URL "http:///x": write http://HOST or https://HOST, with a port from 1 to 65535 if need be`},
		{"query", client.Config{BaseURL: "http://u:secret@localhost/?q"},
			`base URL "http://u:xxxxx@localhost/?q": leave out the query and the fragment; they belong to a request`},
		{"port", client.Config{BaseURL: "http://localhost:99999"},
			`base URL "http://localhost:99999": write http://HOST or https://HOST, with a port from 1 to 65535 if ` +
				`need be`},
		{"escape", client.Config{BaseURL: "http://u:se%cret@localhost/"}, unreadable},
		{"slash in a password", client.Config{BaseURL: "http://u:se/cret@localhost/"}, unreadable},
		{"not allowed", client.Config{BaseURL: "http://localhost", Allow: []string{"127.0.0.1"}},
			`host "localhost" is not on the allow list; add it under target.allow`},
		{"empty list", client.Config{BaseURL: "http://localhost"},
			`host "localhost" is not on the allow list; add it under target.allow`},
		{"bad entry", client.Config{BaseURL: "http://localhost", Allow: []string{"localhost", "10.0.0.0/99"}},
			`allow list: "10.0.0.0/99" is not a host name, IP address or CIDR prefix; ` +
				`write it without scheme and port`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := client.New(tt.cfg)
			if err == nil || err.Error() != tt.want {
				t.Errorf("New = %v, want %s", err, tt.want)
			}
		})
	}
}
