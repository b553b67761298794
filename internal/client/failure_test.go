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

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
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
	const closed = "127.0.0.1:1" // no system gives it out: a port just freed may be another test's
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
		{"no such host", client.Config{BaseURL: "http://localhost", Resolve: resolves(nil)},
			metric.DNS, `no such host "localhost"`},
		{"resolver hangs", client.Config{BaseURL: "http://localhost", Resolve: hangs, Connect: 20 * time.Millisecond},
			metric.DNS, `name "localhost" not resolved within 20ms`},
		{"whole time over before connect's",
			client.Config{BaseURL: "http://localhost", Resolve: hangs, Connect: time.Minute,
				Timeout: 20 * time.Millisecond}, metric.DNS, `name "localhost" not resolved within 20ms`},
		{"resolver breaks", client.Config{BaseURL: "http://localhost",
			Resolve: fails(&net.DNSError{Err: "server misbehaving", Name: "localhost"})},
			metric.DNS, `resolve "localhost": lookup localhost: server misbehaving`},
		{"resolver without descriptors",
			client.Config{BaseURL: "http://localhost",
				Resolve: fails(&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)})},
			metric.Refused, client.NoDescriptors},
		{"TLS handshake hangs", client.Config{BaseURL: strings.Replace(silent, "http", "https", 1),
			Connect: 500 * time.Millisecond}, metric.Timeout, "no TLS connection within 500ms"},
		{"TLS handshake cut", client.Config{BaseURL: strings.Replace(hangUp, "http", "https", 1)},
			metric.TLS, "the server closed the connection during the TLS handshake"},
		{"TLS to a server without", client.Config{BaseURL: strings.Replace(plain.URL, "http", "https", 1)},
			metric.TLS, "the server does not speak TLS on this port; write http://"},
		{"unknown authority", client.Config{BaseURL: secure.URL}, metric.TLS,
			"the server's certificate is signed by an authority that this machine does not know; install its root " +
				"certificate"},
		{"certificate of another name", client.Config{BaseURL: "https://localhost" + securePort, TLS: trusted,
			Resolve: resolves(map[string]string{"localhost": "127.0.0.1"})}, metric.TLS,
			`the server's certificate is not valid for "localhost"; use a host name that it names`},
		{"expired certificate", client.Config{BaseURL: secure.URL, TLS: old}, metric.TLS,
			"the server's certificate has expired or is not valid yet; renew it, or set this machine's clock"},
		{"no common TLS version", client.Config{BaseURL: secure.URL, TLS: early},
			metric.TLS, "the server refused the TLS handshake: tls: protocol version not supported"},
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

// A server that asks for a client certificate says so, in each version of TLS at
// another moment.
func TestDoNamesAMissingClientCertificate(t *testing.T) {
	t.Parallel()
	for version, want := range map[uint16]string{
		tls.VersionTLS12: "the server refused the TLS handshake: tls: handshake failure; where it asks for a client " +
			"certificate, " +
			"write target.tls.cert and target.tls.key",
		tls.VersionTLS13: "the server asks for a client certificate; write target.tls.cert and target.tls.key",
	} {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = quiet()
		server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: version, MaxVersion: version}
		server.StartTLS()
		t.Cleanup(server.Close)
		trusted := &tls.Config{RootCAs: x509.NewCertPool()}
		trusted.RootCAs.AddCert(server.Certificate())
		s := session(t, client.Config{BaseURL: server.URL, TLS: trusted})
		for range 2 {
			var x client.Exchange
			s.Do(t.Context(), &client.Request{}, &x)
			if x.Failure != metric.TLS || x.Detail != want {
				t.Errorf("%s: Do = %v %q, want %v %q", tls.VersionName(version), x.Failure, x.Detail, metric.TLS, want)
			}
		}
	}
}
