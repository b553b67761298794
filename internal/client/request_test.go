package client_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

func TestDoSendsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	heads := make(chan string, 1)
	url := listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
		for {
			var head strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				head.WriteString(line)
				if line == "\r\n" {
					break
				}
			}
			heads <- head.String()
			_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
		}
	})
	host := strings.TrimPrefix(url, "http://")
	tests := []struct {
		name string
		base string
		req  client.Request
		want string
	}{
		{"path is not normalised", url, client.Request{Method: "GET", Target: "/a//../b/./%2f?x=1&x=%zz#y"},
			"GET /a//../b/./%2f?x=1&x=%zz#y HTTP/1.1\r\nHost: HOST\r\nUser-Agent: loadgate\r\n\r\n"},
		{"bytes that no request line can carry are encoded", url,
			client.Request{Method: "GET", Target: "/a b\r\nX: y/ü"},
			"GET /a%20b%0D%0AX:%20y/%C3%BC HTTP/1.1\r\nHost: HOST\r\nUser-Agent: loadgate\r\n\r\n"},
		{"defaults", url, client.Request{}, "GET / HTTP/1.1\r\nHost: HOST\r\nUser-Agent: loadgate\r\n\r\n"},
		{"path of the base URL stands before", url + "/api/v1/", client.Request{Method: "DELETE", Target: "/x"},
			"DELETE /api/v1/x HTTP/1.1\r\nHost: HOST\r\nUser-Agent: loadgate\r\n\r\n"},
		{"user of the base URL", "http://ann:s%40crt@" + host, client.Request{Method: "GET", Target: "/"},
			"GET / HTTP/1.1\r\nHost: HOST\r\nUser-Agent: loadgate\r\nAuthorization: Basic YW5uOnNAY3J0\r\n\r\n"},
		{"own Authorization wins", "http://ann:s@" + host,
			client.Request{Method: "GET", Target: "/",
				Header: []client.Field{{Name: "authorization", Value: "Bearer t"}}},
			"GET / HTTP/1.1\r\nauthorization: Bearer t\r\nHost: HOST\r\nUser-Agent: loadgate\r\n\r\n"},
		{"headers keep order and case, framing is the client's",
			url, client.Request{Method: "POST", Target: "/", Header: []client.Field{
				{Name: "b", Value: "1"}, {Name: "A", Value: "2"}, {Name: "content-length", Value: "9"},
				{Name: "Host", Value: "other"}, {Name: "User-Agent", Value: "me"}}},
			"POST / HTTP/1.1\r\nb: 1\r\nA: 2\r\nHost: other\r\nUser-Agent: me\r\nContent-Length: 0\r\n\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := session(t, client.Config{BaseURL: tt.base})
			x := do(t, s, &tt.req)
			want := strings.ReplaceAll(tt.want, "HOST", host)
			if diff := cmp.Diff(want, <-heads); diff != "" {
				t.Errorf("head (-want +got):\n%s", diff)
			}
			if int(x.SentBytes) != len(want) {
				t.Errorf("SentBytes = %d, want %d", x.SentBytes, len(want))
			}
		})
	}
}

func TestDoRefusesWhatHTTPCannotCarry(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		req  client.Request
	}{
		{"line break in a header", client.Request{Header: []client.Field{{Name: "A", Value: "b\r\nC: d"}}}},
		{"header name", client.Request{Header: []client.Field{{Name: "A B", Value: "c"}}}},
		{"method", client.Request{Method: "GET /"}},
		{"path without a slash", client.Request{Target: "x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := session(t, client.Config{BaseURL: "http://127.0.0.1:9"})
			var x client.Exchange
			s.Do(t.Context(), &tt.req, &x)
			if x.Failure != metric.Expression || x.Connects != 0 || x.Detail == "" {
				t.Errorf("Do = %v %q with %d connects, want expression without a connect",
					x.Failure, x.Detail, x.Connects)
			}
		})
	}
}

func TestDoClosesWhenAsked(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: listen(t, answers("HTTP/1.1 204 No Content\r\n\r\n"))})
	for range 2 {
		x := do(t, s, &client.Request{Header: []client.Field{{Name: "connection", Value: "Close"}}})
		if x.Connects != 1 || x.Retries != 0 {
			t.Errorf("%d connects, %d retries; want 1, 0", x.Connects, x.Retries)
		}
	}
}
