package client_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// swallows listens on an address and port with a backlog that is full: it
// swallows the packets of whoever connects, as a firewall does.
func swallows(t *testing.T, host [4]byte, port int) (gotPort int) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: host, Port: port}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	gotPort = name.(*syscall.SockaddrInet4).Port
	address := fmt.Sprintf("%d.%d.%d.%d:%d", host[0], host[1], host[2], host[3], gotPort)
	for range 5 { // as many as the backlog takes, and one
		c, err := net.DialTimeout("tcp", address, 100*time.Millisecond)
		if err != nil {
			return gotPort
		}
		t.Cleanup(func() { _ = c.Close() })
	}
	t.Fatal("the backlog does not fill")
	return 0
}

func TestDoGivesUpConnecting(t *testing.T) {
	t.Parallel()
	base := fmt.Sprintf("http://127.0.0.1:%d", swallows(t, [4]byte{127, 0, 0, 1}, 0))
	s := session(t, client.Config{BaseURL: base, Connect: 200 * time.Millisecond, Timeout: 250 * time.Millisecond})
	var x client.Exchange
	s.Do(t.Context(), &client.Request{}, &x)
	if x.Failure != metric.Timeout || x.Detail != "no connection within 200ms" {
		t.Errorf("Do = %v %q, want timeout, no connection within 200ms", x.Failure, x.Detail)
	}
}

// An address that swallows packets has its head start, and no more; nor does
// it keep the connection that came of another.
func TestDoDoesNotWaitForADeadAddress(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(srv.Close)
	port := srv.Listener.Addr().(*net.TCPAddr).Port
	swallows(t, [4]byte{127, 0, 0, 9}, port)
	s := session(t, client.Config{
		BaseURL: fmt.Sprintf("http://localhost:%d", port), Connect: 30 * time.Second, Timeout: 30 * time.Second,
		Resolve: resolves(map[string]string{"localhost": "127.0.0.9 127.0.0.1"}),
	})
	x := do(t, s, &client.Request{})
	if x.Connects != 1 || x.Phases.Connect < 250*time.Millisecond {
		t.Errorf("%d connects in %v, want 1 after the head start of the dead one", x.Connects, x.Phases.Connect)
	}
	dead := session(t, client.Config{
		BaseURL: fmt.Sprintf("http://localhost:%d", port), Connect: 400 * time.Millisecond,
		Resolve: resolves(map[string]string{"localhost": "127.0.0.9 127.99.99.99"}),
	})
	dead.Do(t.Context(), &client.Request{}, x)
	if x.Failure != metric.Timeout || x.Detail != "no connection within 400ms" {
		t.Errorf("Do = %v %q, want timeout, no connection within 400ms", x.Failure, x.Detail)
	}
}

// A socket whose backlog is full is knocked at until it is not.
func TestUnixSocketWithAFullBacklog(t *testing.T) {
	t.Parallel()
	path := socketPath(t)
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	l := os.NewFile(uintptr(fd), path)
	t.Cleanup(func() { _ = l.Close() })
	if err := syscall.Bind(fd, &syscall.SockaddrUnix{Name: path}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	var x client.Exchange
	for range 5 {
		s := session(t,
			overSocket(path, client.Config{Connect: 100 * time.Millisecond, Timeout: 150 * time.Millisecond}))
		s.Do(t.Context(), &client.Request{}, &x)
		if x.Connects == 0 {
			break
		}
	}
	if x.Failure != metric.Timeout || x.Detail != "no connection within 100ms" {
		t.Errorf("Do = %v %q, want timeout, no connection within 100ms", x.Failure, x.Detail)
	}
	waits := session(t, overSocket(path, client.Config{Timeout: 20 * time.Second}))
	var wg sync.WaitGroup
	wg.Go(func() {
		for { // makes room until the one that waits is there
			in, _, err := syscall.Accept(fd)
			if err != nil {
				return
			}
			c := os.NewFile(uintptr(in), "accepted")
			var first [4]byte
			_, _ = io.ReadFull(c, first[:])
			_, _ = io.WriteString(c, okEmpty)
			_ = c.Close()
			if string(first[:]) == "POST" {
				return
			}
		}
	})
	waits.Do(t.Context(), &client.Request{Method: "POST"}, &x)
	wg.Wait()
	if x.Failure != metric.OK {
		t.Errorf("Do = %v %q, want ok", x.Failure, x.Detail)
	}
}

// Not parallel: the limit is the whole process's, and no other test may want
// a descriptor meanwhile.
func TestDoKnowsThatDescriptorsAreOut(t *testing.T) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	none := limit
	none.Cur = 0
	for _, host := range []string{"127.0.0.1", "localhost"} {
		// The system's resolver calls every name unknown then; asked itself, it
		// would go on failing for seconds after the limit is lifted.
		s := session(t, client.Config{BaseURL: "http://" + host, Resolve: resolves(nil)})
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &none); err != nil {
			t.Fatal(err)
		}
		var x client.Exchange
		s.Do(t.Context(), &client.Request{}, &x)
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
			t.Fatal(err)
		}
		if x.Failure != metric.Refused || x.Detail != client.NoDescriptors {
			t.Errorf("%s: Do = %v %q, want refused %q", host, x.Failure, x.Detail, client.NoDescriptors)
		}
	}
}
