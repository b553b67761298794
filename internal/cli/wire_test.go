package cli_test

import (
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// spoken answers with the protocol and the host that it was asked for.
var spoken = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%s for %s", r.Proto, r.Host)
})

// listening starts a server of both versions of HTTP, with or without TLS.
func listening(t *testing.T, l net.Listener, secure bool) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(spoken)
	if l != nil {
		s.Listener = l
	}
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetHTTP1(true)
	s.Config.Protocols.SetHTTP2(true)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	if secure {
		s.EnableHTTP2 = true
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// through is a proxy that passes requests on to one place, whatever they ask
// for.
func through(t *testing.T, to string) *httptest.Server {
	t.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := http.Get(to + r.URL.Path)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		fmt.Fprintf(w, "by proxy for %s: ", r.Host)
		_, _ = io.Copy(w, answer.Body)
	}))
	t.Cleanup(proxy.Close)
	return proxy
}

// Whatever way the file and the environment name to a service is the way that
// requests take.
func TestMainWays(t *testing.T) {
	plain, secure := listening(t, nil, false), listening(t, nil, true)
	folder := t.TempDir()
	socket := filepath.Join(folder, "app.sock")
	onSocket, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	listening(t, onSocket, false)
	proxy := through(t, plain.URL)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(folder, "ca.pem"), ca, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, target string
		env          map[string]string
		code         int
		stdout, errs string // that must be in it
	}{
		{"plain", "{url: '" + plain.URL + "'}", nil, 0, "< HTTP/1.1 200", ""},
		{"HTTP/2 without TLS", "{url: '" + plain.URL + "', http: h2c}", nil, 0, "< HTTP/2.0 200", ""},
		{"TLS with a root of its own", "{url: '" + secure.URL + "', tls: {ca: ca.pem}}", nil, 0, "< HTTP/2.0 200", ""},
		{"HTTP/1.1 over TLS", "{url: '" + secure.URL + "', http: 1.1, tls: {ca: ca.pem}}",
			nil, 0, "< HTTP/1.1 200", ""},
		{"HTTP/2 only", "{url: '" + secure.URL + "', http: 2, tls: {ca: ca.pem}}",
			nil, 0, "HTTP/2.0 for 127.0.0.1", ""},
		{"a root that nobody knows", "{url: '" + secure.URL + "'}",
			nil, 4, "", "signed by an authority that this machine does not know"},
		{"not looked at", "{url: '" + secure.URL + "', tls: {insecure: true}}",
			nil, 0, "< HTTP/2.0 200", "warning: target.tls.insecure: the server's certificate is not checked"},
		{"a socket", "{url: 'http+unix://" + socket + "', allow: ['unix:" + socket + "']}",
			nil, 0, "HTTP/1.1 for localhost", ""},
		{"HTTP/2 on a socket", "{url: 'http+unix://" + socket + ":/api', http: h2c, allow: ['unix:" + socket + "']}",
			nil, 0, "HTTP/2.0 for localhost", ""},
		{"a socket that is not allowed", "{url: 'http+unix://" + socket + "'}", nil, 2, "", "is not on the allow list"},
		{"a proxy", "{url: 'http://shop.example', allow: [shop.example, 127.0.0.1]}",
			map[string]string{"HTTP_PROXY": proxy.URL}, 0, "by proxy for shop.example: HTTP/1.1 for 127.0.0.1", ""},
		{"a proxy in lower case", "{url: 'http://shop.example', allow: [shop.example, 127.0.0.1]}",
			map[string]string{"http_proxy": proxy.URL}, 0, "by proxy for shop.example", ""},
		{"a proxy that is not allowed", "{url: 'http://shop.example', allow: [shop.example]}",
			map[string]string{"HTTP_PROXY": proxy.URL}, 2, "", "is not on the allow list"},
		{"no proxy for this machine", "{url: '" + plain.URL + "'}",
			map[string]string{"HTTP_PROXY": "http://127.0.0.1:1"}, 0, "HTTP/1.1 for 127.0.0.1", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := strings.Replace(file, "{url: http://localhost:1}", row.target, 1)
			path := filepath.Join(folder, "thresholds.yaml")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			code, errs := run(context.Background(), &out, row.env,
				"try", path, "--allow", "shop.example", "--allow", "unix:"+socket)
			if code != row.code || !strings.Contains(out.String(), row.stdout) ||
				!strings.Contains(errs, row.errs) || row.errs == "" && errs != "" {
				t.Errorf("try = %d, want %d\n%s\n%s", code, row.code, out.String(), errs)
			}
		})
	}
}
