package client_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// answer200 is some 200 bytes, as a small JSON answer of uvicorn is.
var answer200 = "HTTP/1.1 200 OK\r\ndate: Mon, 23 Nov 2026 00:00:00 GMT\r\nserver: uvicorn\r\n" +
	"content-length: 64\r\ncontent-type: application/json\r\n\r\n" + strings.Repeat("x", 64)

// fixed answers each head that comes, without parsing it.
func fixed(c net.Conn, r *bufio.Reader, _ int) {
	answer := []byte(answer200)
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		if len(line) == 2 {
			if _, err := c.Write(answer); err != nil {
				return
			}
		}
	}
}

// BenchmarkExchange is one exchange on loopback with a server that costs next
// to nothing: what differs between the rows is ours, the rest the kernel's.
func BenchmarkExchange(b *testing.B) {
	header := []client.Field{{Name: "Accept", Value: "application/json"}, {Name: "Authorization", Value: "Bearer abc"}}
	for _, row := range []struct {
		name     string
		keep     bool
		prepared *client.Prepared
	}{{"dropped", false, nil}, {"kept", true, nil}, {"prepared", false, new(client.Prepared)}} {
		b.Run(row.name, func(b *testing.B) {
			s := session(b, client.Config{BaseURL: listen(b, fixed)})
			req := &client.Request{Method: "GET", Target: "/api/x",
				Header: header, KeepBody: row.keep, Prepared: row.prepared}
			var x client.Exchange
			ctx := b.Context()
			b.ReportAllocs()
			for b.Loop() {
				if s.Do(ctx, req, &x); x.Failure != metric.OK {
					b.Fatal(x.Failure, x.Detail)
				}
			}
		})
	}
	b.Run("h2c", func(b *testing.B) { // net/http serves: much of it is the server's
		s := session(b, over2()[1].serve(b,
			func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
		req := &client.Request{Method: "GET", Target: "/api/x", Header: header}
		var x client.Exchange
		ctx := b.Context()
		b.ReportAllocs()
		for b.Loop() {
			if s.Do(ctx, req, &x); x.Failure != metric.OK {
				b.Fatal(x.Failure, x.Detail)
			}
		}
	})
	b.Run("net/http", func(b *testing.B) {
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		req, err := http.NewRequestWithContext(b.Context(), "GET", listen(b, fixed)+"/api/x", http.NoBody)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			res, err := transport.RoundTrip(req)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
	})
}
