package demo_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"github.com/loadgate/loadgate/internal/demo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// target is a server and a client of its own.
type target struct {
	*demo.Server
	t      *testing.T
	client *http.Client
	token  string
	dials  atomic.Int64
}

// onLoopback serves on a free loopback port until the test ends.
func onLoopback(t *testing.T, o demo.Options) *target {
	t.Helper()
	server, err := demo.Listen(t.Context(), "127.0.0.1:0", o)
	if err != nil {
		t.Fatalf("Listen: %v", err)
	}
	return newTarget(t, server, &http.Transport{})
}

// inMemory serves over pipes, so that a synctest bubble owns the time of both
// sides. It must be closed before the bubble ends.
func inMemory(t *testing.T, o demo.Options) *target {
	t.Helper()
	pipes := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server, err := demo.Serve(t.Context(), pipes, o)
	if err != nil {
		t.Fatalf("Serve: %v", err)
	}
	transport := &http.Transport{}
	target := newTarget(t, server, transport)
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		target.dials.Add(1)
		return pipes.dial()
	}
	return target
}

func newTarget(t *testing.T, server *demo.Server, transport *http.Transport) *target {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	target := &target{Server: server, t: t, client: &http.Client{Transport: transport, CheckRedirect: stay}}
	t.Cleanup(target.end)
	return target
}

func (s *target) end() {
	s.client.CloseIdleConnections()
	if err := s.Close(); err != nil {
		s.t.Errorf("Close: %v", err)
	}
}

// reply is an answer read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// member returns a member of the body, which must be an object.
func (r reply) member(t *testing.T, name string) any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(r.body), &object); err != nil {
		t.Fatalf("body %.200q: %v", r.body, err)
	}
	return object[name]
}

// send makes a request: "METHOD /path", a body, and "Name: value" headers. A
// body that begins with { or [ goes as JSON.
func (s *target) send(request, body string, headers ...string) reply {
	s.t.Helper()
	r, err := s.try(request, body, headers...)
	if err != nil {
		s.t.Fatalf("%s: %v", request, err)
	}
	return r
}

func (s *target) try(request, body string, headers ...string) (reply, error) {
	method, path, _ := strings.Cut(request, " ")
	req, err := http.NewRequest(method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	if strings.HasPrefix(body, "{") || strings.HasPrefix(body, "[") {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		req.Header.Set(name, value)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, string(raw)}, err
}

// bearer logs in once and returns the header for the token.
func (s *target) bearer() string {
	s.t.Helper()
	if s.token == "" {
		login := s.send("POST /api/auth/login", `{"username":"ops_manager@tutormax.example","password":"demo"}`)
		s.token, _ = login.member(s.t, "access_token").(string)
	}
	return "Authorization: Bearer " + s.token
}

// pipeListener accepts connections that never leave the process.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipeListener) dial() (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.closed:
		return nil, errors.New("connection refused")
	}
}

func (p *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipeListener) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "demo.example" }
