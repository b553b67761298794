package client_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// early is a server that answers as soon as it has a head, reads none of the body
// until it may, and keeps the connection.
func early(answer string, may <-chan struct{}) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		for {
			length := int64(0)
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == "\r\n" {
					break
				}
				if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
					for _, digit := range strings.TrimSpace(value) {
						length = length*10 + int64(digit-'0')
					}
				}
			}
			if _, err := io.WriteString(c, answer); err != nil {
				return
			}
			<-may
			if _, err := io.CopyN(io.Discard, r, length); err != nil {
				return
			}
		}
	}
}

// A server that wants none of an upload is heard before it has read it, and the
// connection, which is out of step, is not used again.
func TestDoHearsAnswersWithinAnUpload(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte{'x'}, 30<<20) // more than sockets hold
	for name, answer := range map[string]string{
		"with a length": "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\n{}",
		"in chunks": "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: " +
			"chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			may := make(chan struct{})
			defer close(may)
			s := session(t, client.Config{BaseURL: listen(t, early(answer, may)), Timeout: time.Minute})
			for range 2 {
				x := do(t, s, &client.Request{Method: "POST", Body: body, KeepBody: true})
				if x.Status < 400 || string(x.Body) != "{}" || x.Connects != 1 || x.SentBytes >= int64(len(body)) {
					t.Errorf("status %d, body %q, %d connections, %d bytes sent",
						x.Status, x.Body, x.Connects, x.SentBytes)
				}
				if x.Phases.FirstByte > x.Done.Sub(x.Sent) || x.Phases.FirstByte < 0 {
					t.Errorf("first byte after %v of %v", x.Phases.FirstByte, x.Done.Sub(x.Sent))
				}
			}
		})
	}
	for _, way := range ways()[1:] {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			cfg := way.serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusRequestEntityTooLarge)
			})
			cfg.Timeout = time.Minute
			if x := do(t, session(t, cfg),
				&client.Request{Method: "POST", Body: body}); x.Status != http.StatusRequestEntityTooLarge {
				t.Errorf("status %d", x.Status)
			}
		})
	}
}

// An upload that is read to its end leaves a connection for the next one; one
// that nobody answers ends at its timeout.
func TestDoSendsLongBodies(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte{'x'}, 5<<20)
	whole := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil || n != int64(len(body)) {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	t.Cleanup(whole.Close)
	s := session(t, client.Config{BaseURL: whole.URL})
	for i := range 3 {
		x := do(t, s, &client.Request{Method: "POST", Body: body})
		if x.Status != 200 || x.Connects != 1-min(i, 1) || x.SentBytes < int64(len(body)) {
			t.Errorf("upload %d: status %d, %d connections, %d bytes", i, x.Status, x.Connects, x.SentBytes)
		}
	}
	silent := session(t,
		client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, _ int) { _, _ = io.Copy(io.Discard, r) })})
	var x client.Exchange
	silent.Do(t.Context(), &client.Request{Method: "POST", Body: body, Timeout: 300 * time.Millisecond}, &x)
	if x.Failure != metric.Timeout || x.Detail != "no answer within 300ms" {
		t.Errorf("without an answer: %v, %s", x.Failure, x.Detail)
	}
}
