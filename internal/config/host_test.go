package config_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
)

func TestAllowListHost(t *testing.T) {
	for _, c := range []struct {
		name, host string
		list       []string
		want       bool
	}{
		{"same name", "api.example.com", []string{"api.example.com"}, true},
		{"case and final dot", "API.Example.com.", []string{"api.example.COM"}, true},
		{"another name", "evil.example.com", []string{"api.example.com"}, false},
		{"suffix of a name", "x.api.example.com", []string{"api.example.com"}, false},
		{"address", "10.0.0.7", []string{"10.0.0.7"}, true},
		{"address in a prefix", "10.1.2.3", []string{"10.0.0.0/8"}, true},
		{"address outside of a prefix", "11.1.2.3", []string{"10.0.0.0/8"}, false},
		{"IPv6 in brackets", "[::1]", []string{"::1"}, true},
		{"IPv6 written long", "0:0:0:0:0:0:0:1", []string{"::1"}, true},
		{"IPv4 inside IPv6", "::ffff:10.0.0.7", []string{"10.0.0.0/8"}, true},
		{"a name never matches a prefix", "localhost", []string{"127.0.0.0/8"}, false},
		{"an address never matches a name", "127.0.0.1", []string{"localhost"}, false},
		{"empty list", "localhost", nil, false},
		{"empty host", "", []string{"localhost"}, false},
		{"a spelling of 127.0.0.1 that some resolvers take", "2130706433", []string{"127.0.0.1"}, false},
		{"a name around an address", "127.0.0.1.nip.io", []string{"127.0.0.1"}, false},
		{"IPv6 with a zone", "fe80::1%eth0", []string{"fe80::/10"}, true},
		{"a prefix of mapped addresses", "127.0.0.1", []string{"::ffff:127.0.0.0/104"}, true},
		{"a prefix with host bits", "10.9.8.7", []string{"10.1.2.3/8"}, true},
		{"loopback name", "localhost", config.Loopback(), true},
		{"loopback address", "127.0.0.53", config.Loopback(), true},
		{"loopback IPv6", "::1", config.Loopback(), true},
		{"not loopback", "192.168.0.1", config.Loopback(), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := config.NewAllowList(c.list)
			if err != nil {
				t.Fatal(err)
			}
			if got := list.Host(c.host); got != c.want {
				t.Errorf("%q on %q: %v, want %v", c.host, c.list, got, c.want)
			}
		})
	}
}

func TestHostOption(t *testing.T) {
	for _, c := range []struct{ name, target, host, url, mistake string }{
		{"takes the place of the url", "target: {url: http://localhost:8000}",
			"http://127.0.0.1:9/base/", "http://127.0.0.1:9/base", ""},
		{"stands in for a missing url", "target: {timeout: 2s}", "http://localhost:9", "http://localhost:9", ""},
		{"stands in for a missing target", "", "http://localhost:9", "http://localhost:9", ""},
		{"the url's variable need not be set", "env: [API]\ntarget: {url: '${ env(\"API\") }'}",
			"http://localhost:9", "http://localhost:9", ""},
		{"must be allowed", "target: {url: http://localhost:8000}",
			"https://example.com", "", "--host: example.com is not on the allow list"},
		{"must be a URL", "", "localhost:9", "", `--host: "localhost:9" has no http://`},
		{"a socket", "target: {allow: [unix:/run/app.sock]}", "http+unix:///run/app.sock:/v1/",
			"http+unix:///run/app.sock:/v1", ""},
		{"a socket must be allowed", "", "http+unix:///run/app.sock",
			"", "--host: the unix socket /run/app.sock is not on the allow list"},
		{"without the TLS of the file", "target: {http: 2}", "http://localhost:9", "",
			"thresholds.yaml:2:16: target.http: 2 is HTTP/2 over TLS, and http://localhost:9 has none"},
		{"with TLS", "target: {http: 2}", "https://localhost:9", "https://localhost:9", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := config.Decode([]byte("version: 1\n"+c.target+rest),
				"thresholds.yaml", config.Options{Host: c.host})
			if c.mistake != "" {
				if err == nil || !strings.HasPrefix(err.Error(), c.mistake) {
					t.Errorf("Decode() = %v, want %s", err, c.mistake)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if s.Target.URL != c.url {
				t.Errorf("URL = %q, want %q", s.Target.URL, c.url)
			}
		})
	}
}

func TestSocketURL(t *testing.T) {
	for _, c := range []struct {
		text, socket, prefix string
		ok                   bool
	}{
		{"http+unix:///run/app.sock", "/run/app.sock", "", true},
		{"http+unix:///run/app.sock:", "/run/app.sock", "", true},
		{"http+unix:///run/app.sock:/", "/run/app.sock", "", true},
		{"http+unix:///run/app.sock:/v1/", "/run/app.sock", "/v1", true},
		{"http+unix:///run//x/../app.sock:/v1", "/run/app.sock", "/v1", true},
		{"http+unix:///run/my app.sock:/a b/%C3%A9", "/run/my app.sock", "/a%20b/%C3%A9", true},
		{"http+unix://%2Frun%2Fapp.sock", "/run/app.sock", "", true},
		{"http+unix://%2Frun%2Fapp.sock/v1/x", "/run/app.sock", "/v1/x", true},
		{"http+unix://%2Frun%2Fa%3Ab.sock/", "/run/a:b.sock", "", true},
		{"http://localhost", "", "", false},
		{"unix:/run/app.sock", "", "", false},
		{"http+unix://run/app.sock", "", "", false},
		{"http+unix://", "", "", false},
		{"http+unix:///", "", "", false},
		{"http+unix:///run/..", "", "", false},
		{"http+unix:///run/app.sock:v1", "", "", false},
		{"http+unix:///run/app.sock:/v1?a=b", "", "", false},
		{"http+unix:///run/app.sock:/v1#a", "", "", false},
		{"http+unix:///run/app.sock:/%zz", "", "", false},
		{"http+unix:///run/app.sock:/a\r\nb", "", "", false},
		{"http+unix:///run/\x00.sock", "", "", false},
		{"http+unix://%2Frun%2Fapp.sock%0A", "", "", false},
		{"http+unix://%zz", "", "", false},
	} {
		t.Run(c.text, func(t *testing.T) {
			socket, prefix, ok := config.SocketURL(c.text)
			if socket != c.socket || prefix != c.prefix || ok != c.ok {
				t.Errorf("SocketURL() = %q, %q, %v, want %q, %q, %v", socket, prefix, ok, c.socket, c.prefix, c.ok)
			}
		})
	}
}

func TestAllowListSocket(t *testing.T) {
	for _, c := range []struct {
		name, socket string
		list         []string
		want         bool
	}{
		{"in so many words", "/run/app.sock", []string{"unix:/run/app.sock"}, true},
		{"the same path", "/run/./x/../app.sock", []string{"unix:/run//app.sock/"}, true},
		{"as a URL of a file", "/run/app.sock", []string{"unix:///run/app.sock"}, true},
		{"another", "/run/other.sock", []string{"unix:/run/app.sock"}, false},
		{"the folder", "/run/app.sock", []string{"unix:/run"}, false},
		{"this machine", "/run/app.sock", config.Loopback(), false},
		{"none", "/run/app.sock", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := config.NewAllowList(c.list)
			if err != nil {
				t.Fatal(err)
			}
			if got := list.Socket(c.socket); got != c.want {
				t.Errorf("%q on %q: %v, want %v", c.socket, c.list, got, c.want)
			}
			if list.Host(c.socket) || list.Host("unix") {
				t.Errorf("%q allows a host of that name", c.list)
			}
		})
	}
	for _, entry := range []string{"unix:", "unix:/", "unix:run/app.sock", "unix:/run/*.sock"} {
		if _, err := config.NewAllowList([]string{entry}); err == nil {
			t.Errorf("NewAllowList(%q) = no error", entry)
		}
	}
}

// rest is a file without version and target.
const rest = `
profiles:
  light: {users: 10, spawn_rate: 5/s, duration: 2m}
users:
  reader:
    wait: 1s..3s
    steps: [GET /items]
thresholds:
  reads: {endpoints: "GET *", p95: 200ms}
`
