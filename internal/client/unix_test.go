package client_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// socketPath is a fresh path, short enough for a socket whatever the test is
// called.
func socketPath(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sock")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}

// listenSocket serves each connection to a unix socket by a script.
func listenSocket(t testing.TB, script func(c net.Conn, r *bufio.Reader, nth int)) (path string) {
	t.Helper()
	path = socketPath(t)
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	serve(t, l, script)
	return path
}

// overSocket is a service on a unix socket.
func overSocket(path string, cfg client.Config) client.Config {
	cfg.BaseURL = "http+unix://" + path
	cfg.Allow = append([]string{"unix:" + path}, loopback...)
	return cfg
}

func TestUnixSocket(t *testing.T) {
	t.Parallel()
	home := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Host", r.Host)
		echo(w, r)
	}))
	path := socketPath(t)
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	home.Listener.Close()
	home.Listener = l
	home.Start()
	t.Cleanup(home.Close)
	away := httptest.NewServer(http.HandlerFunc(echo))
	t.Cleanup(away.Close)

	for _, base := range []string{"http+unix://" + path + ":/api", "http+unix://" + url.PathEscape(path) + "/api/"} {
		cfg := overSocket(path, client.Config{})
		cfg.BaseURL = base
		x := do(t, session(t, cfg), &client.Request{Target: "/x?y=1", KeepBody: true})
		if !strings.HasPrefix(string(x.Body), "GET /api/x?y=1 ") ||
			x.Header("X-Host") != "localhost" || x.Phases.Connect <= 0 || x.Phases.DNS != 0 {
			t.Errorf("%s: %q of host %q with %+v", base, x.Body, x.Header("X-Host"), x.Phases)
		}
	}
	s := session(t, overSocket(path, client.Config{}))
	for _, step := range []struct {
		target   string
		want     string
		connects int
	}{
		{"/x", "GET /x ", 1},
		{"/302?to=/x", "GET /x ", 0},
		{"/302?to=http://localhost/x", "GET /x ", 0},
		{"/302?to=" + away.URL + "/x", "GET /x ", 1},
		{"/x", "GET /x ", 0},
	} {
		x := do(t, s, &client.Request{Target: step.target, Follow: true, KeepBody: true})
		if !strings.HasPrefix(string(x.Body), step.want) || x.Connects != step.connects {
			t.Errorf("%s: %q with %d connects, want %q with %d",
				step.target, x.Body, x.Connects, step.want, step.connects)
		}
	}
	var x client.Exchange
	s.Do(t.Context(), &client.Request{Target: "/302?to=http://example.com/", Follow: true}, &x)
	if x.Failure != metric.Redirect {
		t.Errorf("a redirect to a host that is not allowed = %v %q", x.Failure, x.Detail)
	}
}

func TestUnixSocketThatCannotBeReached(t *testing.T) {
	t.Parallel()
	missing := socketPath(t)
	stale := socketPath(t)
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	closed := listenSocket(t, func(net.Conn, *bufio.Reader, int) {})
	tests := []struct{ name, path, detail string }{
		{"missing", missing, "no socket at PATH; is the service running?"},
		{"nobody listens", stale, "nobody listens on the socket PATH; is the service running?"},
	}
	if os.Getuid() != 0 { // who may do everything
		if err := os.Chmod(closed, 0); err != nil {
			t.Fatal(err)
		}
		tests = append(tests, struct{ name, path, detail string }{
			"no permission", closed, "no permission to use the socket PATH; run as a user that may write to it"})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := session(t, overSocket(tt.path, client.Config{}))
			var x client.Exchange
			s.Do(t.Context(), &client.Request{}, &x)
			if want := strings.ReplaceAll(tt.detail, "PATH", tt.path); x.Failure != metric.Refused ||
				x.Detail != want || x.Connects != 0 {
				t.Errorf("Do = %v %q, want refused %q", x.Failure, x.Detail, want)
			}
		})
	}
}

func TestUnixSocketMustBeAllowed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ base, allow, want string }{
		{"http+unix:///run/app.sock", "localhost",
			"socket /run/app.sock is not on the allow list; add unix:/run/app.sock under target.allow"},
		{"http+unix:///run/app.sock", "unix:/run/other.sock",
			"socket /run/app.sock is not on the allow list; add unix:/run/app.sock under target.allow"},
		{"http+unix:///run/../run/app.sock:/api", "unix:/run/app.sock", "<nil>"},
		{"http+unix:app.sock", "localhost",
			`base URL "http+unix:app.sock": write http+unix:///run/app.sock, with :/path after it if need be`},
	} {
		if _, err := client.New(client.Config{BaseURL: tt.base, Allow: []string{tt.allow}}); fmt.Sprint(
			err) != tt.want {
			t.Errorf("New(%s) = %v, want %s", tt.base, err, tt.want)
		}
	}
}

// A keep-alive connection over a socket is looked at as one over TCP is.
func TestUnixSocketThatTheServerClosed(t *testing.T) {
	t.Parallel()
	answered, ended := make(chan struct{}), make(chan struct{})
	s := session(t, overSocket(listenSocket(t, func(c net.Conn, r *bufio.Reader, nth int) {
		for request(r) {
			_, _ = io.WriteString(c, okEmpty)
			if nth == 0 {
				<-answered
				alone(func() { _ = c.Close() })
				close(ended)
				return
			}
		}
	}), client.Config{Timeout: 30 * time.Second}))
	do(t, s, &client.Request{Method: "POST", Body: []byte("x")})
	close(answered)
	<-ended
	for _, connects := range []int{1, 0} {
		if x := do(t, s, &client.Request{Method: "POST", Body: []byte("x")}); x.Connects != connects || x.Retries != 0 {
			t.Errorf("%d connects, %d retries; want %d, 0", x.Connects, x.Retries, connects)
		}
	}
}
