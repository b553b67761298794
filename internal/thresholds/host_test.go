package thresholds_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/thresholds"
)

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
			s, err := thresholds.Decode([]byte("version: 1\n"+c.target+rest),
				"thresholds.yaml", thresholds.Options{Host: c.host})
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
