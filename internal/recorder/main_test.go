package recorder_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/loadgate/loadgate/internal/recorder"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listen starts a recorder for a test.
func listen(t *testing.T, o recorder.Options) *recorder.Recorder {
	t.Helper()
	o.Address = "127.0.0.1:0"
	r, err := recorder.Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// serve starts a service for a test.
func serve(t *testing.T, h http.HandlerFunc) *url.URL {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return parse(t, s.URL)
}

// serveTLS starts a service over TLS, and says who signed its certificate.
func serveTLS(t *testing.T, h http.HandlerFunc) (*url.URL, *x509.CertPool) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return parse(t, s.URL), roots
}

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// through is a client that uses a recorder as its proxy, and trusts it.
func through(t *testing.T, r *recorder.Recorder) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(r.Certificate()) {
		t.Fatal("the certificate cannot be read")
	}
	transport := &http.Transport{Proxy: http.ProxyURL(parse(t, r.URL())), TLSClientConfig: &tls.Config{RootCAs: roots},
		DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// send sends a request, and returns the answer with its body.
func send(t *testing.T, c *http.Client, q *http.Request) (*http.Response, string) {
	t.Helper()
	a, err := c.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(body)
}

func request(t *testing.T, method, address, body string) *http.Request {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// tool runs a program, or skips the test where it is missing.
func tool(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skip("there is no " + name + " here")
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(cmd.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// ended is what a recorder has recorded when it has ended.
func ended(t *testing.T, r *recorder.Recorder) *recorder.Recording {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	return r.Recording()
}

// only is the exchange of a recording that has one.
func only(t *testing.T, r *recorder.Recorder) recorder.Exchange {
	t.Helper()
	all := ended(t, r).Exchanges
	if len(all) != 1 {
		t.Fatalf("%d exchanges were recorded, want 1", len(all))
	}
	return all[0]
}
