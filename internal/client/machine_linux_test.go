package client_test

import (
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// A backlog that is full swallows the client's packets, as a firewall does.
func TestDoGivesUpConnecting(t *testing.T) {
	t.Parallel()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	base := fmt.Sprintf("http://127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	var x client.Exchange
	for range 5 { // as many as the backlog takes, and one
		s := session(t, client.Config{BaseURL: base, Connect: 200 * time.Millisecond, Timeout: 250 * time.Millisecond})
		s.Do(t.Context(), &client.Request{}, &x)
		if x.Connects == 0 {
			break
		}
	}
	if x.Failure != metric.Timeout || x.Detail != "no connection within 200ms" {
		t.Errorf("Do = %v %q, want timeout, no connection within 200ms", x.Failure, x.Detail)
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
		s := session(t, overSocket(path, client.Config{Connect: 100 * time.Millisecond, Timeout: 150 * time.Millisecond}))
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
