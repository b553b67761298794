package socket_test

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client/socket"
)

// pair is a connection and its other end, over TCP and over a unix socket.
func pairs(t *testing.T) map[string]func() (*socket.Conn, net.Conn) {
	t.Helper()
	pair := func(network, address string) func() (*socket.Conn, net.Conn) {
		return func() (*socket.Conn, net.Conn) {
			l, err := net.Listen(network, address)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			near, err := net.Dial(network, l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			far, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _, _ = near.Close(), far.Close() })
			return socket.New(near.(socket.Raw)), far
		}
	}
	dir, err := os.MkdirTemp("", "") // a path of a test's own folder may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return map[string]func() (*socket.Conn, net.Conn){
		"TCP": pair("tcp", "127.0.0.1:0"), "unix": pair("unix", filepath.Join(dir, "s"))}
}

// What is written arrives whole, also where it is more than the kernel takes at once.
func TestReadAndWrite(t *testing.T) {
	t.Parallel()
	for name, pair := range pairs(t) {
		near, far := pair()
		text := strings.Repeat("0123456789abcdef", 1<<18)
		var wg sync.WaitGroup
		wg.Go(func() {
			_, _ = io.Copy(far, io.LimitReader(far, int64(len(text))))
			_ = far.Close()
		})
		wg.Go(func() {
			if n, err := io.WriteString(near, text); n != len(text) || err != nil {
				t.Errorf("%s: Write = %d, %v", name, n, err)
			}
		})
		got, err := io.ReadAll(near)
		wg.Wait()
		if string(got) != text || err != nil {
			t.Errorf("%s: %d bytes came back of %d, %v", name, len(got), len(text), err)
		}
	}
}

// A look sees the end, and bytes that nobody asked for, and takes nothing.
func TestLook(t *testing.T) {
	t.Parallel()
	for name, pair := range pairs(t) {
		near, far := pair()
		if !near.Look() {
			t.Errorf("%s: an idle connection looks unfit", name)
		}
		_, _ = io.WriteString(far, "x") // loopback delivers before it returns
		if near.Look() {
			t.Errorf("%s: a connection with bytes looks fit", name)
		}
		if n, err := near.Read(make([]byte, 9)); n != 1 || err != nil {
			t.Errorf("%s: Read = %d, %v after a look", name, n, err)
		}
		_ = far.Close()
		if near.Look() {
			t.Errorf("%s: a closed connection looks fit", name)
		}
	}
}

// A request is sent in one go and its answer read; an unfit connection is sent nothing. Where Ask does no more
// than look, the caller does the rest.
func TestAsk(t *testing.T) {
	t.Parallel()
	for name, pair := range pairs(t) {
		near, far := pair()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := io.ReadFull(far, make([]byte, 3)); err == nil {
				_, _ = io.WriteString(far, "ok")
			}
		})
		a, in := socket.Asked{Idle: true}, make([]byte, 9)
		near.Ask(&a, []byte("GET"), in)
		if !a.Fit {
			t.Fatalf("%s: Ask = %+v on a fit connection", name, a)
		}
		if !a.Reading { // another system than Linux
			_, _ = io.WriteString(near, "GET")
			a.N, a.Err = near.Read(in)
		} else if a.Sent != 3 || a.Written.IsZero() {
			t.Errorf("%s: Ask = %+v", name, a)
		}
		wg.Wait()
		if string(in[:a.N]) != "ok" || a.Err != nil || a.WriteErr != nil {
			t.Errorf("%s: answer %q, %+v", name, in[:a.N], a)
		}
		_ = far.Close()
		a = socket.Asked{Idle: true}
		if near.Ask(&a, []byte("GET"), in); a.Fit || a.Sent != 0 {
			t.Errorf("%s: Ask = %+v on a closed connection", name, a)
		}
	}
}

// Errors are those of package net.
func TestErrors(t *testing.T) {
	t.Parallel()
	for name, pair := range pairs(t) {
		near, far := pair()
		if err := near.SetDeadline(time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		_, err := near.Read(make([]byte, 1))
		if op := new(net.OpError); !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &op) || op.Op != "read" {
			t.Errorf("%s: Read = %v after the deadline", name, err)
		}
		_, err = near.Write([]byte("x"))
		if op := new(net.OpError); !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &op) || op.Op != "write" {
			t.Errorf("%s: Write = %v after the deadline", name, err)
		}
		if err := near.SetDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		_ = far.Close()
		if n, err := near.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("%s: Read = %d, %v after the end, want EOF", name, n, err)
		}
		_ = near.Close()
		if _, err := near.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s: Read = %v after Close", name, err)
		}
	}
}
