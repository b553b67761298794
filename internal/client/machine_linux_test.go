package client_test

import (
	"fmt"
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
