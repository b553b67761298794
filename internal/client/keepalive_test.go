package client_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

const okEmpty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

// alone does something while no child process is being started: until it runs its program, it holds open what this
// process closes, and the other end of a connection sees no end.
func alone(do func()) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	do()
}

func TestIdleConnectionThatTheServerClosed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(c net.Conn)
	}{
		{"closed", func(c net.Conn) { _ = c.Close() }},
		{"reset", rst},
		{"told so first", func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n")
			_ = c.Close()
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			answered, ended := make(chan struct{}), make(chan struct{})
			s := session(t, client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, nth int) {
				for request(r) {
					_, _ = io.WriteString(c, okEmpty)
					if nth == 0 {
						<-answered
						alone(func() { tt.end(c) }) // loopback delivers before it returns
						close(ended)
						return
					}
				}
			})})
			do(t, s, &client.Request{Method: "POST", Body: []byte("x")})
			close(answered)
			<-ended
			x := do(t, s, &client.Request{Method: "POST", Body: []byte("x")})
			// A look finds it: nothing is sent twice.
			if x.Connects != 1 || x.Retries != 0 {
				t.Errorf("%d connects, %d retries; want 1, 0", x.Connects, x.Retries)
			}
		})
	}
}

// The server closes when the request is on its way: it reads it and answers
// nothing.
func TestRequestThatLosesTheRace(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		first   func(c net.Conn, r *bufio.Reader) // second request on the first connection
		second  func(c net.Conn, r *bufio.Reader) // first request on the second connection
		failure metric.Failure
		conns   int64
		retries int
	}{
		{"sent again once", hangUp, reply(okEmpty), metric.OK, 2, 1},
		{"sent again after a reset", func(c net.Conn, _ *bufio.Reader) { rst(c) }, reply(okEmpty), metric.OK, 2, 1},
		{"not a third time", hangUp, hangUp, metric.Reset, 2, 1},
		{"not after the first byte", reply("H"), reply(okEmpty), metric.Reset, 1, 0},
		{"not after a silence", func(_ net.Conn, r *bufio.Reader) { _, _ = r.ReadByte() },
			reply(okEmpty), metric.Timeout, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var conns atomic.Int64
			req := &client.Request{Method: "POST", Body: []byte("x")}
			if tt.failure == metric.Timeout {
				req.Timeout = 200 * time.Millisecond
			}
			s := session(t, client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, nth int) {
				conns.Add(1)
				if nth == 0 && request(r) {
					_, _ = io.WriteString(c, okEmpty)
				}
				if !request(r) {
					return
				}
				if nth == 0 {
					tt.first(c, r)
				} else {
					tt.second(c, r)
				}
			})})
			do(t, s, &client.Request{})
			var x client.Exchange
			s.Do(t.Context(), req, &x)
			if x.Failure != tt.failure || x.Retries != tt.retries || conns.Load() != tt.conns {
				t.Errorf("Do = %v (%s), %d retries, %d connections; want %v, %d, %d",
					x.Failure, x.Detail, x.Retries, conns.Load(), tt.failure, tt.retries, tt.conns)
			}
		})
	}
}

func hangUp(net.Conn, *bufio.Reader) {}

func reply(text string) func(net.Conn, *bufio.Reader) {
	return func(c net.Conn, _ *bufio.Reader) { _, _ = io.WriteString(c, text) }
}

// A think time longer than the timeout of the exchange before does not make
// the connection unfit.
func TestIdleConnectionOutlivesItsDeadline(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: listen(t, answers(okEmpty))})
	do(t, s, &client.Request{Timeout: 400 * time.Millisecond})
	<-time.After(500 * time.Millisecond) // the deadline is the kernel's: no bubble can hold it
	if x := do(t, s, &client.Request{}); x.Connects != 0 {
		t.Errorf("Connects = %d, want 0", x.Connects)
	}
}

// tally counts what one kind of request cost.
type tally struct{ requests, connects, retries, failures atomic.Int64 }

// think lets sessions ask by turns GET and POST, with think times around the
// server's limit, and returns what became of them. Real time passes: it is the
// server's clock that the race is against.
func think(t *testing.T, cfg client.Config, limit time.Duration, sessions, rounds int) *tally {
	t.Helper()
	cfg.Allow = loopback
	c, err := client.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var sum tally
	var wg sync.WaitGroup
	for i := range sessions {
		wg.Go(func() {
			s := c.Session()
			defer s.Close()
			var x client.Exchange
			for round := range rounds {
				req := client.Request{Method: "GET", Target: "/"}
				if (i+round)%2 == 0 {
					req = client.Request{Method: "POST", Target: "/", Body: []byte("{}")}
				}
				s.Do(context.Background(), &req, &x)
				sum.requests.Add(1)
				sum.connects.Add(int64(x.Connects))
				sum.retries.Add(int64(x.Retries))
				if x.Failure != metric.OK || x.Status != 200 {
					sum.failures.Add(1)
					t.Errorf("%s failed: %v %s, status %d", req.Method, x.Failure, x.Detail, x.Status)
				}
				// From 10 ms before the limit to 10 ms after, a step for each session.
				<-time.After(limit + time.Duration(i-sessions/2)*20*time.Millisecond/time.Duration(sessions))
			}
		})
	}
	wg.Wait()
	t.Logf("%d requests, %d connects, %d retries", sum.requests.Load(), sum.connects.Load(), sum.retries.Load())
	return &sum
}

func TestKeepAliveRaceAgainstGo(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("TLS %v", secure), func(t *testing.T) {
			t.Parallel()
			var posts atomic.Int64
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if r.Method == "POST" {
					posts.Add(1)
				}
			}))
			srv.Config.IdleTimeout = 100 * time.Millisecond
			var cfg client.Config
			sessions := 40
			if secure {
				srv.StartTLS()
				cfg.TLS = srv.Client().Transport.(*http.Transport).TLSClientConfig
				sessions = 10
			} else {
				srv.Start()
			}
			t.Cleanup(srv.Close)
			cfg.BaseURL = srv.URL
			sum := think(t, cfg, 100*time.Millisecond, sessions, 20)
			if extra := posts.Load() - sum.requests.Load()/2; extra < 0 || extra > sum.retries.Load() {
				t.Errorf("the server saw %d POSTs more than there were, with %d retries", extra, sum.retries.Load())
			}
			if sum.connects.Load() <= int64(sessions) {
				t.Errorf("%d connects of %d sessions: the server never closed one, nothing was shown",
					sum.connects.Load(), sessions)
			}
		})
	}
}

const counting = `
from fastapi import FastAPI
app = FastAPI()
posts = 0
@app.get("/")
async def get(): return posts
@app.post("/")
async def post():
    global posts
    posts += 1
    return posts
`

func TestKeepAliveRaceAgainstUvicorn(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("uvicorn")
	if err != nil {
		t.Skip("uvicorn is not installed (Debian: uvicorn and python3-fastapi)")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "counting.py"), []byte(counting), 0o600); err != nil {
		t.Fatal(err)
	}
	// 5 s is uvicorn's own limit; -short asks it for a shorter one.
	limit, rounds := 5*time.Second, 3
	if testing.Short() {
		limit, rounds = time.Second, 4
	}
	base := startUvicorn(t, path, dir, limit)
	sum := think(t, client.Config{BaseURL: base}, limit, 40, rounds)
	c, err := client.New(client.Config{BaseURL: base, Allow: loopback})
	if err != nil {
		t.Fatal(err)
	}
	s := c.Session()
	defer s.Close()
	x := do(t, s, &client.Request{Method: "GET", Target: "/", KeepBody: true})
	posts, err := strconv.ParseInt(string(x.Body), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if extra := posts - sum.requests.Load()/2; extra < 0 || extra > sum.retries.Load() {
		t.Errorf("uvicorn did %d POSTs more than there were, with %d retries", extra, sum.retries.Load())
	}
	if sum.connects.Load() <= 40 {
		t.Errorf("%d connects of 40 sessions: uvicorn never closed one, nothing was shown", sum.connects.Load())
	}
}

// startUvicorn serves the counting app on a free port until the test ends.
func startUvicorn(t *testing.T, path, dir string, limit time.Duration) (base string) {
	t.Helper()
	// The listener is handed over, so that no port can be lost to another.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	file, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cmd := exec.Command(path, "--fd", "3", "--timeout-keep-alive",
		strconv.Itoa(int(limit.Seconds())), "--log-level", "warning", "--app-dir", dir, "counting:app")
	cmd.ExtraFiles = []*os.File{file}
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("uvicorn: %s", output.String())
		}
	})
	base = "http://" + l.Addr().String()
	// The port listens already: the first request waits until the app serves.
	s := session(t, client.Config{BaseURL: base, Timeout: 30 * time.Second})
	var x client.Exchange
	s.Do(t.Context(), &client.Request{}, &x)
	if x.Failure != metric.OK || x.Status != 200 {
		t.Skipf("uvicorn does not serve here (is python3-fastapi missing?): %v %s, status %d",
			x.Failure, x.Detail, x.Status)
	}
	return base
}
