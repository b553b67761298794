package client_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
)

// proxied is a proxy that knows no other host than this one, whatever it is
// asked for, and what it was asked.
type proxied struct {
	url string

	mu   sync.Mutex
	seen []string
}

// proxy starts one; with config it wants TLS.
func startProxy(t testing.TB, config *tls.Config) *proxied {
	p := new(proxied)
	p.url = listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
		if config != nil {
			if c = tlsConn(c, config); c == nil {
				return
			}
			r = bufio.NewReader(c)
		}
		p.serve(c, r)
	})
	if config != nil {
		p.url = strings.Replace(p.url, "http", "https", 1)
	}
	return p
}

func (p *proxied) serve(c net.Conn, r *bufio.Reader) {
	var line string
	if begin, _ := r.Peek(8); string(begin) == "CONNECT " {
		text := textproto.NewReader(r)
		line, _ = text.ReadLine()
		head, err := text.ReadMIMEHeader()
		if err != nil {
			return
		}
		p.see(line, head.Get("Proxy-Authorization"))
	} else {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		body, _ := io.ReadAll(req.Body)
		line = req.Method + " " + req.RequestURI
		p.see(line, req.Header.Get("Proxy-Authorization"))
		req.Header.Del("Proxy-Authorization")
		var again strings.Builder
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(string(body))), int64(len(body))
		_ = req.Write(&again)
		r = bufio.NewReader(io.MultiReader(strings.NewReader(again.String()), r))
	}
	target := strings.TrimPrefix(strings.Fields(line)[1], "http://")
	target, _, _ = strings.Cut(target, "/")
	out, err := net.Dial("tcp", "127.0.0.1"+target[strings.LastIndex(target, ":"):])
	if err != nil {
		_, _ = io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		return
	}
	if strings.HasPrefix(line, "CONNECT ") {
		_, _ = io.WriteString(c, "HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n")
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = io.Copy(out, r)
		_ = out.Close()
	})
	if _, err := io.Copy(c, out); errors.Is(err, syscall.ECONNRESET) {
		rst(c)
	}
	_ = c.Close()
	wg.Wait()
}

func (p *proxied) see(line, auth string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, strings.TrimSpace(line+" "+auth))
}

// asked is what the proxy has seen since it was asked last, ports left out.
func (p *proxied) asked() (seen []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, line := range p.seen {
		at := strings.Index(line, ".test:") + 5
		end := at + 1 + strings.IndexFunc(line[at+1:], func(c rune) bool { return c < '0' || c > '9' })
		seen = append(seen, line[:at]+line[end:])
	}
	p.seen = nil
	return seen
}

// always is a choice of one proxy for all.
func always(proxy string) func(*url.URL) (*url.URL, error) {
	return func(*url.URL) (*url.URL, error) { return url.Parse(proxy) }
}

// throughProxy puts a proxy before a server on this machine, which is called
// app.test for it.
func throughProxy(p *proxied, cfg client.Config) client.Config {
	cfg.BaseURL = strings.Replace(cfg.BaseURL, "127.0.0.1", "app.test", 1)
	cfg.Allow = append([]string{"app.test"}, loopback...)
	cfg.Proxy = always(strings.Replace(p.url, "://", "://me:s%40crt@", 1))
	if cfg.TLS != nil {
		cfg.TLS = cfg.TLS.Clone()
		cfg.TLS.ServerName = "example.com" // what the certificate names
	}
	return cfg
}

func TestProxy(t *testing.T) {
	t.Parallel()
	const auth = " Basic bWU6c0BjcnQ="
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.StartTLS()
	t.Cleanup(secure.Close)
	roots := secure.Client().Transport.(*http.Transport).TLSClientConfig
	for nth, w := range ways()[:5] {
		for _, config := range []*tls.Config{nil, {Certificates: secure.TLS.Certificates}} {
			t.Run(fmt.Sprintf("%s, TLS to the proxy %v", w.name, config != nil), func(t *testing.T) {
				t.Parallel()
				p := startProxy(t, config)
				cfg := w.serve(t, echo)
				if cfg.TLS == nil {
					cfg.TLS = roots
				}
				s := session(t, throughProxy(p, cfg))
				for connect := range 2 {
					x := do(t, s,
						&client.Request{Method: "POST", Target: "/x?y=1", Body: []byte("data"), KeepBody: true})
					if !strings.HasPrefix(string(x.Body), "POST /x?y=1 ") &&
						!strings.HasPrefix(string(x.Body), "POST http://app.test") {
						t.Errorf("the server saw %s", x.Body)
					}
					if x.Connects != 1-connect || x.Proto != w.proto ||
						(x.Phases.Connect > 0) != (connect == 0) || x.Phases.DNS != 0 {
						t.Errorf("%d connects, %s, %+v", x.Connects, x.Proto, x.Phases)
					}
				}
				want := []string{"CONNECT app.test HTTP/1.1" + auth}
				if nth == 0 {
					want = []string{"POST http://app.test/x?y=1" + auth}
				}
				if diff := cmp.Diff(want, p.asked()); diff != "" {
					t.Errorf("the proxy was asked (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// Names that mean this machine never leave it.
func TestProxyIsNotForLoopback(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(echo))
	t.Cleanup(srv.Close)
	for _, host := range []string{"127.0.0.1", "localhost", "LOCALHOST", "app.localhost"} {
		s := session(t, client.Config{
			BaseURL: strings.Replace(srv.URL, "127.0.0.1", host, 1),
			Allow:   append([]string{"app.localhost"}, loopback...),
			Resolve: resolves(map[string]string{"localhost": "127.0.0.1", "app.localhost": "127.0.0.1"}),
			Proxy:   always("http://127.0.0.1:1"),
		})
		do(t, s, &client.Request{})
	}
}

// A proxy is chosen for the base URL when the client is made and for another
// origin when a redirect leads there; never else.
func TestProxyIsChosenOnce(t *testing.T) {
	t.Parallel()
	p := startProxy(t, nil)
	home, away := httptest.NewServer(http.HandlerFunc(echo)), httptest.NewServer(http.HandlerFunc(echo))
	t.Cleanup(home.Close)
	t.Cleanup(away.Close)
	var chosen []string
	cfg := throughProxy(p, client.Config{BaseURL: home.URL})
	cfg.Allow = append(cfg.Allow, "other.test", "banned.test")
	cfg.Proxy = func(u *url.URL) (*url.URL, error) {
		chosen = append(chosen, u.Hostname())
		switch u.Hostname() {
		case "app.test":
			return url.Parse(p.url)
		case "other.test":
			return nil, nil
		}
		return url.Parse("http://proxy.corp:3128")
	}
	cfg.Resolve = resolves(map[string]string{"other.test": "127.0.0.1"})
	s := session(t, cfg)
	other := strings.Replace(away.URL, "127.0.0.1", "other.test", 1)
	for range 3 {
		do(t, s, &client.Request{Target: "/302?to=/x", Follow: true})
	}
	do(t, s, &client.Request{Target: "/302?to=" + other + "/x", Follow: true})
	var x client.Exchange
	s.Do(t.Context(), &client.Request{Target: "/302?to=http://banned.test/", Follow: true}, &x)
	if x.Failure != metric.Redirect || x.Detail != "redirects to banned.test: proxy proxy.corp:3128 is not on the "+
		"allow list; add it under target.allow, or take the target out with NO_PROXY" {
		t.Errorf("Do = %v %q", x.Failure, x.Detail)
	}
	if diff := cmp.Diff([]string{"app.test", "other.test", "banned.test"}, chosen); diff != "" {
		t.Errorf("proxies were chosen for (-want +got):\n%s", diff)
	}
}

func TestNewRefusesProxies(t *testing.T) {
	t.Parallel()
	for proxy, want := range map[string]string{
		"http://proxy.corp:3128": "proxy proxy.corp:3128 is not on the allow list; add it under target.allow, " +
			"or take the target out with NO_PROXY",
		"https://proxy.corp": "proxy proxy.corp:443 is not on the allow list; add it under target.allow, " +
			"or take the target out with NO_PROXY",
		"socks5://me:secret@localhost": "proxy socks5://me:xxxxx@localhost: socks5 is not supported; write an " +
			"http:// or https:// proxy, or take the target out with NO_PROXY",
		"http://:3128":          "proxy http://:3128: write http://HOST:PORT",
		"http://localhost:3128": "<nil>",
	} {
		_, err := client.New(client.Config{BaseURL: "http://app.test",
			Allow: []string{"app.test", "localhost"}, Proxy: always(proxy)})
		if fmt.Sprint(err) != want {
			t.Errorf("%s: New = %v, want %s", proxy, err, want)
		}
	}
	_, err := client.New(client.Config{BaseURL: "http://app.test", Allow: []string{"app.test"},
		Proxy: func(*url.URL) (*url.URL, error) { return nil, errors.New("no idea") }})
	if fmt.Sprint(err) != "choose a proxy for app.test: no idea" {
		t.Errorf("New = %v", err)
	}
	_, err = client.New(client.Config{BaseURL: "http://app.test",
		Allow: []string{"localhost"}, Proxy: always("http://localhost:1")})
	if fmt.Sprint(err) != `host "app.test" is not on the allow list; add it under target.allow` {
		t.Errorf("New = %v", err)
	}
}

// Everything that can go wrong before the target is reached is told as the
// proxy's.
func TestProxyThatFails(t *testing.T) {
	t.Parallel()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = quiet()
	secure.StartTLS()
	t.Cleanup(secure.Close)
	trusted := secure.Client().Transport.(*http.Transport).TLSClientConfig
	loose := &tls.Config{InsecureSkipVerify: true}
	plain := startProxy(t, nil)
	for _, tt := range []struct {
		name    string
		base    string
		proxy   string
		tls     *tls.Config
		http    target.Protocol
		failure metric.Failure
		detail  string
		status  int
	}{
		{"nobody listens", "https://app.test", "http://127.0.0.1:1",
			nil, 0, metric.Refused, "proxy PROXY: connection refused", 0},
		{"unknown name", "https://app.test", "http://nobody:3128",
			nil, 0, metric.DNS, `proxy nobody:3128: no such host "nobody"`, 0},
		{"name of a forbidden address", "https://app.test", "http://elsewhere:3128", nil, 0, metric.DNS,
			`proxy elsewhere:3128: host "elsewhere" resolves to 10.0.0.1, which is not on the allow list; add that ` +
				`address or its network under target.allow`, 0},
		{"wants a password", "https://app.test",
			listen(t, answersOnce("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")),
			nil, 0, metric.Refused, "proxy PROXY: the proxy wants a user name and password", 0},
		{"cannot reach the target", "https://app.test:1", plain.url,
			nil, 0, metric.Refused, "proxy PROXY: the proxy answers 502 to CONNECT", 0},
		{"cannot reach it for h2c", "http://app.test:1", plain.url,
			nil, target.H2C, metric.Refused, "proxy PROXY: the proxy answers 502 to CONNECT", 0},
		{"cannot reach it for HTTP/1.1", "http://app.test:1", plain.url, nil, 0, metric.OK, "", 502},
		{"closes", "https://app.test", listen(t, answersOnce("")),
			nil, 0, metric.Reset, "proxy PROXY: the server closed the connection without an answer", 0},
		{"silent", "https://app.test", listen(t, thenSilence("")),
			nil, 0, metric.Timeout, "proxy PROXY: no answer within 500ms", 0},
		{"does not speak HTTP", "https://app.test", listen(t, answersOnce("SSH-2.0\r\n\r\n")), nil, 0, metric.Refused,
			`proxy PROXY: the answer's head is not valid HTTP/1.1; it begins "SSH-2.0\r\n\r\n"`, 0},
		{"endless head", "https://app.test", listen(t, endless("HTTP/1.1 200 OK\r\n", "X: y\r\n")),
			nil, 0, metric.Refused, "proxy PROXY: the answer's head is larger than 64KiB", 0},
		{"certificate of nobody's", "https://app.test", secure.URL, loose, 0, metric.TLS, "proxy PROXY: the server's " +
			"certificate is signed by an authority that this machine does not know; install its root certificate", 0},
		{"target has the wrong certificate", "https://app.test" + secure.URL[strings.LastIndex(secure.URL, ":"):],
			plain.url, trusted, 0, metric.TLS,
			`the server's certificate is not valid for "app.test"; use a host name that it names`, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := session(t, client.Config{
				BaseURL: tt.base, HTTP: tt.http, TLS: tt.tls, Proxy: always(tt.proxy), Timeout: 20 * time.Second,
				Connect: map[bool]time.Duration{true: 500 * time.Millisecond}[tt.failure == metric.Timeout],
				Allow:   append([]string{"app.test", "nobody", "elsewhere"}, loopback...),
				Resolve: resolves(map[string]string{"elsewhere": "10.0.0.1"}),
			})
			var x client.Exchange
			s.Do(t.Context(), &client.Request{}, &x)
			_, address, _ := strings.Cut(tt.proxy, "://")
			if want := strings.ReplaceAll(tt.detail, "PROXY", address); x.Failure != tt.failure ||
				x.Detail != want || x.Status != tt.status {
				t.Errorf("Do = %v %q %d, want %v %q", x.Failure, x.Detail, x.Status, tt.failure, want)
			}
			if tt.failure != metric.OK && (x.Received != 0 || x.SentBytes != 0) {
				t.Errorf("%d bytes received, %d sent of an exchange that was none", x.Received, x.SentBytes)
			}
		})
	}
}

// What a server says before it is spoken to comes with the proxy's answer, and
// is not lost.
func TestProxyTunnelOfAServerThatSpeaksFirst(t *testing.T) {
	t.Parallel()
	proxy := listen(t, func(c net.Conn, r *bufio.Reader, _ int) {
		text := textproto.NewReader(r)
		_, _ = text.ReadLine()
		if _, err := text.ReadMIMEHeader(); err != nil {
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00") // SETTINGS
		f := open(c, r)
		for id := f.request(); id != 0; id = f.request() {
			f.head(id, true, ":status", "204")
		}
	})
	s := session(t, client.Config{
		BaseURL: "http://app.test", HTTP: target.H2C, Proxy: always(proxy),
		Allow: append([]string{"app.test"}, loopback...),
	})
	if x := do(t, s, &client.Request{}); x.Status != 204 {
		t.Errorf("Status = %d, want 204", x.Status)
	}
}
