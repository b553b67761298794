package spec_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/spec"
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
		{"loopback name", "localhost", spec.Loopback(), true},
		{"loopback address", "127.0.0.53", spec.Loopback(), true},
		{"loopback IPv6", "::1", spec.Loopback(), true},
		{"not loopback", "192.168.0.1", spec.Loopback(), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := spec.NewAllowList(c.list)
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
		{"takes the place of the url", "target: {url: http://localhost:8000}", "http://127.0.0.1:9/base/", "http://127.0.0.1:9/base", ""},
		{"stands in for a missing url", "target: {timeout: 2s}", "http://localhost:9", "http://localhost:9", ""},
		{"stands in for a missing target", "", "http://localhost:9", "http://localhost:9", ""},
		{"the url's variable need not be set", "env: [API]\ntarget: {url: '${ env(\"API\") }'}", "http://localhost:9", "http://localhost:9", ""},
		{"must be allowed", "target: {url: http://localhost:8000}", "https://example.com", "", "--host: example.com is not on the allow list"},
		{"must be a URL", "", "localhost:9", "", `--host: "localhost:9" has no http://`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := spec.Decode([]byte("version: 1\n"+c.target+rest), "thresholds.yaml", spec.Options{Host: c.host})
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
