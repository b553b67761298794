package client_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// FuzzDo lets a server answer anything. Do must end, within its bounds, and
// what it calls an answer must be what net/http reads from the same bytes.
func FuzzDo(f *testing.F) {
	for _, seed := range []string{
		answer200,
		"HTTP/1.1 200 OK\r\n\r\nall of it",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nX-Sum: 5\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oh\r\nContent-Length: 1\r\n\r\ny",
		"HTTP/1.0 302 Found\r\nLocation: /x\r\nSet-Cookie: a=b; Path=/\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi",
		"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi",
		"SSH-2.0\r\n",
		"HTTP/1.1 200 OK\nX: a\n b\nContent-Length: 1\n\ny",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n1\r\ny\r\n0\r\n\r\n",
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	const maxBody = 1000
	answer := make(chan []byte, 1)
	base := listen(f, func(c net.Conn, r *bufio.Reader, _ int) {
		if request(r) {
			_, _ = c.Write(<-answer)
		}
	})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := session(t, client.Config{BaseURL: base, MaxBody: maxBody, Timeout: 5 * time.Second})
		answer <- data
		var x client.Exchange
		s.Do(t.Context(), &client.Request{KeepBody: true, Header: []client.Field{{Name: "Connection", Value: "close"}}},
			&x)

		switch x.Failure {
		case metric.OK:
			if x.Status < 101 || x.Detail != "" {
				t.Errorf("OK with status %d, detail %q", x.Status, x.Detail)
			}
		case metric.Reset, metric.Body, metric.TooLarge:
			if x.Detail == "" || x.Body != nil {
				t.Errorf("%v with detail %q and %d bytes of body", x.Failure, x.Detail, len(x.Body))
			}
		default:
			t.Errorf("Do = %v %s of a server that answers and closes", x.Failure, x.Detail)
		}
		if len(x.Body) > maxBody || len(x.Sample) > 200 || x.Received > int64(len(data)) {
			t.Errorf("%d bytes of body, %d of sample, %d received of %d",
				len(x.Body), len(x.Sample), x.Received, len(data))
		}
		if x.Failure == metric.OK && x.Header("Content-Encoding") == "" {
			compareWithStandard(t, data, &x)
		}
	})
}

func compareWithStandard(t *testing.T, data []byte, x *client.Exchange) {
	r := bufio.NewReader(bytes.NewReader(data))
	for {
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return // net/http is stricter in places; that is no disagreement on what was said
		}
		if res.StatusCode < 200 && res.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			return
		}
		if res.StatusCode != x.Status || !bytes.Equal(body, x.Body) {
			t.Errorf("Do = %d %q, net/http reads %d %q", x.Status, x.Body, res.StatusCode, body)
		}
		return
	}
}
