package websocket_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"testing"

	"github.com/loadgate/loadgate/internal/client/websocket"
)

// conn is a connection after its handshake.
type conn struct {
	net.Conn
	in *bufio.Reader
}

// dial makes the handshake by hand.
func dial(t *testing.T, address, key string) conn {
	t.Helper()
	raw, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	fmt.Fprintf(raw, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\nOrigin: http://x\r\n\r\n", key)
	c := conn{raw, bufio.NewReader(raw)}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil || res.StatusCode != 101 || res.Header.Get("Sec-WebSocket-Accept") != websocket.Accept(key) {
		t.Fatalf("%v, %v", res, err)
	}
	return c
}

// next reads a message byte by byte.
func (c conn) next(t *testing.T, r *websocket.Reader) websocket.Message {
	t.Helper()
	for {
		b, err := c.in.ReadByte()
		if err != nil {
			t.Fatal(err)
		}
		_, m, whole, err := r.Next([]byte{b})
		if err != nil {
			t.Fatal(err)
		}
		if whole {
			return m
		}
	}
}
