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
