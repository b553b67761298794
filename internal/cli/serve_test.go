package cli_test

import (
	"io"
	"net"
	"sync"
)

// serve gives every connection the same answer until the returned function is
// called, which waits for the last of them.
func serve(listener net.Listener, answer string) (stop func()) {
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				buf := make([]byte, 4096)
				if _, err := conn.Read(buf); err == nil {
					_, _ = io.WriteString(conn, answer) // a client that has gone needs none
				}
			})
		}
	})
	return func() {
		_ = listener.Close()
		all.Wait()
	}
}

// serveOnce answers one connection and then refuses all others.
func serveOnce(listener net.Listener, answer string) (wait func()) {
	var all sync.WaitGroup
	all.Go(func() {
		conn, err := listener.Accept()
		_ = listener.Close()
		if err != nil {
			return
		}
		defer conn.Close()
		buf := make([]byte, 4096)
		if _, err := conn.Read(buf); err == nil {
			_, _ = io.WriteString(conn, answer)
		}
	})
	return all.Wait
}
