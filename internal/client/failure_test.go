package client_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
)

// rst closes a connection so that the other side sees a reset.
func rst(c net.Conn) {
	_ = c.(*net.TCPConn).SetLinger(0)
	_ = c.Close()
}

// thenReset sends bytes to the first request and resets the connection once
// they have been read.
func thenReset(text string) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		if request(r) {
			_, _ = io.WriteString(c, text)
			rst(c)
		}
	}
}

// thenSilence sends bytes to the first request and nothing more until the
// client gives up.
func thenSilence(text string) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		if request(r) {
			_, _ = io.WriteString(c, text)
			_, _ = r.ReadByte()
		}
	}
}

// endless sends a beginning, then the same piece until the client gives up.
func endless(begin, piece string) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		if !request(r) {
			return
		}
		_, err := io.WriteString(c, begin)
		for err == nil {
			_, err = io.WriteString(c, piece)
		}
	}
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func TestDoSaysHowTheServerFailed(t *testing.T) {
	t.Parallel()
	bomb := zipped(strings.Repeat("0", 100_000))
	tests := []struct {
		name    string
		script  func(net.Conn, *bufio.Reader, int)
		failure metric.Failure
		detail  string
		status  int
	}{
		{"closes at once", func(net.Conn, *bufio.Reader, int) {}, metric.Reset, "the server closed the connection without an answer|connection reset after 0 bytes", 0},
		{"closes after the request", answersOnce(""), metric.Reset, "the server closed the connection without an answer", 0},
		{"closes within the status line", answersOnce("HTTP/1.1 20"), metric.Reset, "the server closed the connection after 11 bytes of the answer's head", 0},
		{"closes within the head", answersOnce("HTTP/1.1 200 OK\r\nX: y\r\n"), metric.Reset, "the server closed the connection after 23 bytes of the answer's head", 0},
		{"closes after an interim answer", answersOnce("HTTP/1.1 100 Continue\r\n\r\n"), metric.Reset, "the server closed the connection after 25 bytes of the answer's head", 0},
		{"resets after the request", thenReset(""), metric.Reset, "connection reset after 0 bytes", 0},
		{"silent", thenSilence(""), metric.Timeout, "no answer within 500ms", 0},
		{"silent within the head", thenSilence("HTTP/1.1 200 OK\r\nX"), metric.Timeout, "answer not complete within 500ms", 0},
		{"silent within the body", thenSilence("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"), metric.Timeout, "answer not complete within 500ms", 200},
		{"silent within a chunk", thenSilence("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi"), metric.Timeout, "answer not complete within 500ms", 200},
		{"silent before the trailer", thenSilence("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"), metric.Timeout, "answer not complete within 500ms", 200},
		{"body shorter than its length", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"), metric.Body, "truncated: 2 of 9 bytes came", 200},
		{"no body where a length was", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), metric.Body, "truncated: 0 of 9 bytes came", 200},
		{"closes within a chunk", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi"), metric.Body, "truncated: the connection closed before the end of the body", 200},
		{"closes before the last chunk", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n"), metric.Body, "truncated: the connection closed before the end of the body", 200},
		{"closes within the trailer", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y"), metric.Body, "truncated: the connection closed before the end of the body", 200},
		{"wrong chunk size", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhi\r\n"), metric.Body, "the body is not chunked as its head says", 200},
		{"chunk longer than its size", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhidden\r\n0\r\n\r\n"), metric.Body, "the body is not chunked as its head says", 200},
		{"not HTTP", answersOnce("SSH-2.0-OpenSSH_9.6\r\n\r\n"), metric.Body, `the answer's head is not valid HTTP/1.1; it begins "SSH-2.0-OpenSSH_9.6\r\n\r\n"`, 0},
		{"HTTP/2", answersOnce("HTTP/2 200\r\n\r\n"), metric.Body, `the answer's head is not valid HTTP/1.1; it begins "HTTP/2 200\r\n\r\n"`, 0},
		{"no status", answersOnce("HTTP/1.1 OK\r\n\r\n"), metric.Body, `the answer's head is not valid HTTP/1.1; it begins "HTTP/1.1 OK\r\n\r\n"`, 0},
		{"two lengths", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi"), metric.Body, "the answer has more than one Content-Length", 200},
		{"negative length", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), metric.Body, `the answer's Content-Length is "-1", which is no number of bytes`, 200},
		{"endless head", endless("HTTP/1.1 200 OK\r\n", "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"), metric.TooLarge, "the answer's head is larger than 64KiB", 0},
		{"endless line", endless("HTTP/1.1 200 OK\r\nX: ", strings.Repeat("y", 1000)), metric.TooLarge, "the answer's head is larger than 64KiB", 0},
		{"endless interim answers", endless("", "HTTP/1.1 102 Processing\r\n\r\n"), metric.Body, "more than 16 interim answers (1xx)", 0},
		{"length beyond the limit", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 10001\r\n\r\n"), metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"endless chunks", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n"), metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"endless body", endless("HTTP/1.1 200 OK\r\n\r\n", "hello"), metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"endless trailer", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n"), metric.TooLarge, "the answer's trailer is larger than 4KiB", 200},
		{"small when packed, large when not", answersOnce(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(bomb), bomb)), metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"not packed as it says", answersOnce("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi"), metric.Body, `the body is not "gzip" as its head says`, 200},
		{"packed as nobody knows", answersOnce("HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 2\r\n\r\nuv"), metric.Body, `the body is encoded as "rot13", which cannot be read`, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			conns := make(chan int, 10)
			url := listen(t, func(c net.Conn, r *bufio.Reader, nth int) {
				conns <- nth
				tt.script(c, r, nth)
			})
			timeout := 5 * time.Second
			if tt.failure == metric.Timeout {
				timeout = 500 * time.Millisecond
			}
			s := session(t, client.Config{BaseURL: url, Timeout: timeout, MaxBody: 10_000})
			var x client.Exchange
			s.Do(t.Context(), &client.Request{Method: "POST", Body: []byte("{}"), KeepBody: true}, &x)
			if x.Failure != tt.failure || x.Status != tt.status {
				t.Errorf("Do = %v (%s), status %d, want %v, status %d", x.Failure, x.Detail, x.Status, tt.failure, tt.status)
			}
			if first, second, _ := strings.Cut(tt.detail, "|"); x.Detail != first && x.Detail != second {
				t.Errorf("Detail = %q, want %q", x.Detail, tt.detail)
			}
			if x.Body != nil || x.Connects != 1 || x.Retries != 0 || len(conns) > 1 {
				t.Errorf("%d bytes of body, %d connects, %d retries; want none, 1, 0", len(x.Body), x.Connects, x.Retries)
			}
			if x.Done.Before(x.Sent) || x.Done.Sub(x.Sent) > timeout+5*time.Second {
				t.Errorf("took %v with a timeout of %v", x.Done.Sub(x.Sent), timeout)
			}
		})
	}
}

func TestDoDecodesWhatIsKept(t *testing.T) {
	t.Parallel()
	packed := zipped(`{"id": 7}`)
	s := session(t, client.Config{BaseURL: listen(t, answers(fmt.Sprintf(
		"HTTP/1.1 422 Unprocessable\r\nContent-Encoding: GZIP\r\nContent-Length: %d\r\n\r\n%s", len(packed), packed)))})
	for _, keep := range []bool{true, false} {
		x := do(t, s, &client.Request{KeepBody: keep})
		if string(x.Sample) != `{"id": 7}` || (string(x.Body) == `{"id": 7}`) != keep {
			t.Errorf("keep %v: sample %q, body %q", keep, x.Sample, x.Body)
		}
	}
}

// A server that answers and closes while a large request is still on its way
// is heard.
func TestDoHearsAnEarlyAnswer(t *testing.T) {
	t.Parallel()
	s := session(t, client.Config{BaseURL: listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
		if _, err := r.ReadString('\n'); err != nil {
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
		_, _ = io.Copy(io.Discard, r) // so that closing does not overtake the answer
	})})
	x := do(t, s, &client.Request{Method: "POST", Body: make([]byte, 8<<20)})
	if x.Status != 413 {
		t.Errorf("Status = %d, want 413", x.Status)
	}
}

func TestDoSaysWhyItCouldNotConnect(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = quiet()
	secure.StartTLS()
	t.Cleanup(secure.Close)
	securePort := secure.URL[strings.LastIndex(secure.URL, ":"):]
	silent := listen(t, func(_ net.Conn, r *bufio.Reader, _ int) { _, _ = io.Copy(io.Discard, r) })
	hangUp := listen(t, func(net.Conn, *bufio.Reader, int) {})
	trusted := &tls.Config{RootCAs: x509.NewCertPool()}
	trusted.RootCAs.AddCert(secure.Certificate())
	old := trusted.Clone()
	old.Time = func() time.Time { return time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC) }
	early := trusted.Clone()
	early.MaxVersion = tls.VersionTLS10
	early.MinVersion = tls.VersionTLS10

	fails := func(err error) func(context.Context, string) ([]netip.Addr, error) {
		return func(context.Context, string) ([]netip.Addr, error) { return nil, err }
	}
	hangs := func(ctx context.Context, _ string) ([]netip.Addr, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	tests := []struct {
		name    string
		cfg     client.Config
		failure metric.Failure
		detail  string
	}{
		{"nobody listens", client.Config{BaseURL: "http://" + closed}, metric.Refused, "connection refused"},
		{"no such host", client.Config{BaseURL: "http://localhost", Resolve: resolves(nil)}, metric.DNS, `no such host "localhost"`},
		{"resolver hangs", client.Config{BaseURL: "http://localhost", Resolve: hangs, Connect: 20 * time.Millisecond}, metric.DNS, `name "localhost" not resolved within 20ms`},
		{"whole time over before connect's", client.Config{BaseURL: "http://localhost", Resolve: hangs, Connect: time.Minute, Timeout: 20 * time.Millisecond}, metric.DNS, `name "localhost" not resolved within 20ms`},
		{"resolver breaks", client.Config{BaseURL: "http://localhost", Resolve: fails(&net.DNSError{Err: "server misbehaving", Name: "localhost"})}, metric.DNS, `resolve "localhost": lookup localhost: server misbehaving`},
		{"resolver without descriptors", client.Config{BaseURL: "http://localhost", Resolve: fails(&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)})}, metric.Refused, client.NoDescriptors},
		{"TLS handshake hangs", client.Config{BaseURL: strings.Replace(silent, "http", "https", 1), Connect: 500 * time.Millisecond}, metric.Timeout, "no TLS connection within 500ms"},
		{"TLS handshake cut", client.Config{BaseURL: strings.Replace(hangUp, "http", "https", 1)}, metric.TLS, "the server closed the connection during the TLS handshake"},
		{"TLS to a server without", client.Config{BaseURL: strings.Replace(plain.URL, "http", "https", 1)}, metric.TLS, "the server does not speak TLS on this port; write http://"},
		{"unknown authority", client.Config{BaseURL: secure.URL}, metric.TLS, "the server's certificate is signed by an authority that this machine does not know; install its root certificate"},
		{"certificate of another name", client.Config{BaseURL: "https://localhost" + securePort, TLS: trusted, Resolve: resolves(map[string]string{"localhost": "127.0.0.1"})}, metric.TLS, `the server's certificate is not valid for "localhost"; use a host name that it names`},
		{"expired certificate", client.Config{BaseURL: secure.URL, TLS: old}, metric.TLS, "the server's certificate has expired or is not valid yet; renew it, or set this machine's clock"},
		{"no common TLS version", client.Config{BaseURL: secure.URL, TLS: early}, metric.TLS, "the server refused the TLS handshake: tls: protocol version not supported"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := session(t, tt.cfg)
			for range 2 { // a failure leaves nothing behind that helps or harms the next
				var x client.Exchange
				s.Do(t.Context(), &client.Request{}, &x)
				if x.Failure != tt.failure || x.Detail != tt.detail {
					t.Errorf("Do = %v %q, want %v %q", x.Failure, x.Detail, tt.failure, tt.detail)
				}
				if x.Status != 0 || x.SentBytes != 0 || x.Retries != 0 {
					t.Errorf("status %d, %d bytes sent, %d retries; want nothing", x.Status, x.SentBytes, x.Retries)
				}
			}
		})
	}
}
