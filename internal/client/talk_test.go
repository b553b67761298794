package client_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	peer "golang.org/x/net/websocket"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/client/websocket"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
)

// parrot is a WebSocket of another implementation, which sends back what it gets, and at /twice again.
func parrot(rw http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/no" {
		http.Error(rw, "no sockets", http.StatusTeapot)
		return
	}
	peer.Server{Handler: func(c *peer.Conn) {
		var text string
		for peer.Message.Receive(c, &text) == nil {
			for range 1 + strings.Count(r.URL.Path, "twice") {
				if peer.Message.Send(c, text) != nil {
					return
				}
			}
		}
	}}.ServeHTTP(rw, r)
}

// begin begins a WebSocket that has to be there.
func begin(t testing.TB, s *client.Session, req *client.Request, until context.Context) (
	*client.Socket, *client.Exchange) {
	t.Helper()
	x := new(client.Exchange)
	k := s.Open(t.Context(), req, x, until, time.Time{})
	if k == nil {
		t.Fatalf("no socket: %v %q, status %d", x.Failure, x.Detail, x.Status)
	}
	return k, x
}

// A WebSocket carries messages both ways, whatever the way to the server, and its user goes on afterwards.
func TestSocketCarriesMessages(t *testing.T) {
	t.Parallel()
	for _, way := range ways()[:4] { // not where HTTP/2 is spoken without asking
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			s := session(t, way.serve(t, parrot))
			do(t, s, &client.Request{Target: "/no"})
			k, x := begin(t, s, &client.Request{Target: "/twice", Timeout: time.Minute}, t.Context())
			if x.Status != 101 || x.Connects != 1 || x.Phases.FirstByte <= 0 || !x.Done.After(x.Sent) {
				t.Errorf("status %d, %d connects, first byte %v", x.Status, x.Connects, x.Phases.FirstByte)
			}
			for _, text := range []string{"hello", "", strings.Repeat("é", 40_000)} {
				if !k.Send([]byte(text)) {
					t.Fatalf("%v %q", x.Failure, x.Detail)
				}
				for range 2 {
					if m, ok := k.Receive(time.Minute); !ok || string(m) != text {
						t.Fatalf("%d bytes, %t, %v %q", len(m), ok, x.Failure, x.Detail)
					}
				}
			}
			began := time.Now()
			k.Close()
			if x.Failure != metric.OK || x.Done.Before(began) || x.Received < 160_000 || x.SentBytes < 80_000 {
				t.Errorf("%v %q, %d received, %d sent", x.Failure, x.Detail, x.Received, x.SentBytes)
			}
			if again := do(t, s, &client.Request{Target: "/no"}); again.Connects != 0 {
				t.Error("the connection of other requests did not outlive the WebSocket")
			}
		})
	}
}

// A WebSocket takes a tunnel through a proxy, also where requests go to that whole, and a unix socket as they do.
func TestSocketTakesEveryWay(t *testing.T) {
	t.Parallel()
	talks := func(s *client.Session) {
		t.Helper()
		k, x := begin(t, s, &client.Request{Timeout: time.Minute}, t.Context())
		if !k.Send([]byte("hello")) {
			t.Errorf("%v %q", x.Failure, x.Detail)
		}
		if m, ok := k.Receive(time.Minute); !ok || string(m) != "hello" {
			t.Errorf("%q, %v %q", m, x.Failure, x.Detail)
		}
		k.Close()
	}
	p := startProxy(t, nil)
	talks(session(t, throughProxy(p, ways()[0].serve(t, parrot))))
	if asked := p.asked(); len(asked) != 1 || !strings.HasPrefix(asked[0], "CONNECT app.test ") {
		t.Errorf("the proxy was asked %q", asked)
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(parrot))
	path := socketPath(t)
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	srv.Listener.Close()
	srv.Listener = l
	srv.Start()
	t.Cleanup(srv.Close)
	talks(session(t, overSocket(path, client.Config{})))
	talks(session(t, client.Config{BaseURL: ways()[0].serve(t, parrot).BaseURL,
		Connections: target.Connections{Keep: target.KeepRequest}}))
}

// A host that is not allowed is not dialled for a WebSocket either, and a request that cannot be written is not sent.
func TestSocketAsksNobodyElse(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: "http://app.test", Allow: []string{"app.test", "10.0.0.0/8"},
		Resolve: resolves(map[string]string{"app.test": "127.0.0.1"})})
	var x client.Exchange
	if k := s.Open(t.Context(), &client.Request{}, &x, t.Context(), time.Time{}); k != nil || x.Failure != metric.DNS {
		t.Errorf("%v %q", x.Failure, x.Detail)
	}
	bad := client.Request{Header: []client.Field{{Name: "X", Value: "a\r\nb"}}}
	if k := s.Open(t.Context(), &bad, &x, t.Context(), time.Time{}); k != nil || x.Failure != metric.Expression {
		t.Errorf("%v %q", x.Failure, x.Detail)
	}
}

// Another status is no failure of the wire, and no WebSocket.
func TestSocketIsRefused(t *testing.T) {
	t.Parallel()
	s := session(t, ways()[0].serve(t, parrot))
	var x client.Exchange
	k := s.Open(t.Context(), &client.Request{Target: "/no"}, &x, t.Context(), time.Time{})
	if k != nil || x.Failure != metric.OK || x.Status != http.StatusTeapot {
		t.Errorf("%v, %v %q, status %d", k, x.Failure, x.Detail, x.Status)
	}
}

// What servers do that break the rules, or only the connection. They send a text after a right handshake.
func TestSocketFailures(t *testing.T) {
	t.Parallel()
	const head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	for _, test := range []struct {
		name, head, text string
		failure          metric.Failure
		detail           string
	}{
		{"another key", head + "Sec-WebSocket-Accept: AAAA\r\n\r\n", "", metric.Body,
			"the answer is a 101, and not that of a WebSocket to its key"},
		{"another protocol", "HTTP/1.1 101 OK\r\nUpgrade: h2c\r\nSec-WebSocket-Accept: KEY\r\n\r\n", "", metric.Body,
			"the answer is a 101, and not that of a WebSocket to its key"},
		{"an extension", head + "Sec-WebSocket-Accept: KEY\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", "",
			metric.Body, "the server chose an extension of WebSockets that was not offered"},
		{"no HTTP", "SSH-2.0\r\n", "", metric.Body, `the answer's head is not valid HTTP/1.1; it begins "SSH-2.0\r\n"`},
		{"a close", "", "\x88\x06\x03\xf3busy", metric.Expectation,
			`the server closed the WebSocket with code 1011: "busy"`},
		{"a close without a code", "", "\x88\x00", metric.Expectation, "the server closed the WebSocket"},
		{"an end", "", "", metric.Reset, "the server closed the connection of the WebSocket"},
		{"half a message", "", "\x81\x05Hel", metric.Reset, "the server closed the connection of the WebSocket"},
		{"a masked frame", "", "\x81\x85abcdHello", metric.Body,
			"the server breaks the rules of WebSockets: a frame of the server is masked"},
		{"a large message", "", "\x82\x7f\x00\x00\x00\x00\x7f\xff\xff\xff", metric.TooLarge,
			"a message is larger than 1KiB"},
		{"pings without end", "", strings.Repeat("\x89\x00", 100) + "\x88\x00", metric.Expectation,
			"the server closed the WebSocket"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			answer := test.head
			if answer == "" {
				answer = head + "Sec-WebSocket-Accept: KEY\r\n\r\n" + test.text
			}
			s := session(t, client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
				asked, err := http.ReadRequest(r)
				if err != nil {
					return
				}
				key := websocket.Accept(asked.Header.Get("Sec-WebSocket-Key"))
				_, _ = io.WriteString(c, strings.ReplaceAll(answer, "KEY", key))
				if strings.HasSuffix(answer, "\x88\x00") { // the client ends the connection
					_, _ = io.Copy(io.Discard, r)
				}
			}), MaxBody: 1 << 10, Timeout: time.Minute})
			var x client.Exchange
			if k := s.Open(t.Context(), &client.Request{}, &x, t.Context(), time.Time{}); k != nil {
				if m, ok := k.Receive(time.Minute); ok {
					t.Errorf("a message %q", m)
				}
				if k.Send(nil) || k.Wait(time.Minute) || k.Left() {
					t.Error("it goes on after a failure")
				}
				k.Close()
			}
			if x.Failure != test.failure || x.Detail != test.detail {
				t.Errorf("%v %q, want %v %q", x.Failure, x.Detail, test.failure, test.detail)
			}
		})
	}
}

// Nobody waits for ever: neither for a message, nor where the caller leaves, whoever says so.
func TestSocketEnds(t *testing.T) {
	t.Parallel()
	s := session(t, ways()[0].serve(t, parrot))
	k, x := begin(t, s, &client.Request{Timeout: time.Minute}, t.Context())
	if _, ok := k.Receive(50 * time.Millisecond); ok || x.Failure != metric.Timeout ||
		x.Detail != "no message within 50ms" || k.Left() {
		t.Errorf("%v %q", x.Failure, x.Detail)
	}
	k.Close()

	until, end := context.WithCancel(t.Context())
	k, x = begin(t, s, &client.Request{Timeout: time.Minute}, until)
	time.AfterFunc(50*time.Millisecond, end)
	if _, ok := k.Receive(time.Minute); ok || x.Failure != metric.OK || !k.Left() || k.Send(nil) || k.Wait(0) {
		t.Errorf("a context: %v %q, left: %t", x.Failure, x.Detail, k.Left())
	}
	if k.Close(); x.Failure != metric.OK {
		t.Errorf("closed: %v %q", x.Failure, x.Detail)
	}

	x = new(client.Exchange)
	k = s.Open(t.Context(), &client.Request{Timeout: time.Minute}, x, t.Context(), time.Now().Add(100*time.Millisecond))
	if k == nil || k.Wait(time.Minute) || x.Failure != metric.OK || !k.Left() {
		t.Fatalf("a time: %v %q", x.Failure, x.Detail)
	}
	k.Close()

	ctx, stop := context.WithCancel(t.Context())
	k = s.Open(ctx, &client.Request{Timeout: time.Minute}, x, ctx, time.Time{})
	stop()
	if _, ok := k.Receive(time.Minute); ok || x.Failure != metric.OK || !k.Left() {
		t.Errorf("stopped: %v %q", x.Failure, x.Detail)
	}
	k.Close()
	if k = s.Open(ctx, &client.Request{}, x, ctx, time.Time{}); k != nil || x.Detail != client.Stopped {
		t.Errorf("after the end: %v %q", x.Failure, x.Detail)
	}
}

// What comes during a wait is kept, a ping is answered then, and more than fits waits on the way.
func TestSocketWaits(t *testing.T) {
	t.Parallel()
	ponged := make(chan string, 1)
	s := session(t, client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
		asked, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		fmt.Fprintf(c, "HTTP/1.1 101 OK\r\nUpgrade: WebSocket\r\nSec-WebSocket-Accept: %s\r\n\r\n\x89\x02hi",
			websocket.Accept(asked.Header.Get("Sec-WebSocket-Key")))
		pong := make([]byte, 8)
		if _, err := io.ReadFull(r, pong); err != nil {
			return
		}
		for i := range pong[6:] {
			pong[6+i] ^= pong[2+i]
		}
		ponged <- string(pong[:1]) + string(pong[6:])
		for i := range 40 {
			fmt.Fprintf(c, "\x81\x64%-100d", i)
		}
		_, _ = io.Copy(io.Discard, r)
	}), MaxBody: 1 << 10, Timeout: time.Minute})
	k, x := begin(t, s, &client.Request{}, t.Context())
	if !k.Wait(200 * time.Millisecond) {
		t.Fatalf("%v %q", x.Failure, x.Detail)
	}
	if got := <-ponged; got != "\x8ahi" {
		t.Errorf("the pong is %q", got)
	}
	for i := range 40 {
		if m, ok := k.Receive(time.Minute); !ok || strings.TrimSpace(string(m)) != fmt.Sprint(i) {
			t.Fatalf("message %d is %q, %v %q", i, m, x.Failure, x.Detail)
		}
	}
	k.Close()
}
