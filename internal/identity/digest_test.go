package identity_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/thresholds"
)

const load = `version: 1
env: [HOST]
target:
  url: '${ env("HOST", "http://localhost:8000/v1") }'
profiles:
  light: {users: 10, spawn_rate: 5/s, duration: 2m}
users:
  reader:
    wait: 1s..3s
    steps:
      - GET /items
      - request: POST /items
        json: {a: '${ int(1, 9) }', b: 2}
thresholds:
  reads: {endpoints: "GET *", p95: 200ms}
`

func TestDigest(t *testing.T) {
	base := identity.Of(decode(t, load, thresholds.Options{}))
	if len(base) != 32 || strings.Trim(base, "0123456789abcdef") != "" {
		t.Fatalf("Digest() = %q, want 32 hexadecimal digits", base)
	}
	for _, c := range []struct {
		name, old, new string
		same           bool
	}{
		{"comment", "users:\n", "# people\nusers:\n", true},
		{"layout", "wait: 1s..3s", "wait: '1000ms .. 3s'", true},
		{"step as an object", "- GET /items\n", "- {request: GET /items, times: 1}\n", true},
		{"limit", "200ms", "300ms", true},
		{"profile", "users: 10,", "users: 20,", true},
		{"host", "localhost:8000/v1", "127.0.0.1/v1", true},
		{"judge", "version: 1\n", "version: 1\njudge: {confidence: 99%}\n", true},
		{"default written out", "  reader:\n", "  reader:\n    weight: 1\n", true},
		{"unix socket", "url: '${ env(\"HOST\", \"http://localhost:8000/v1\") }'",
			"url: http+unix:///run/app.sock:/v1\n  allow: [unix:/run/app.sock]", true},
		{"http as it is without", "target:\n", "target:\n  http: auto\n", true},
		{"trust", "target:\n", "target:\n  tls: {insecure: true, server_name: api}\n  proxy: none\n", true},
		{"pool of connections", "target:\n", "target:\n  connections: pool 20\n", false},
		{"HTTP version", "target:\n", "target:\n  http: h2c\n", false},
		{"path prefix", "8000/v1", "8000/v2", false},
		{"path", "GET /items\n", "GET /other\n", false},
		{"wait", "1s..3s", "1s..4s", false},
		{"weight", "  reader:\n", "  reader:\n    weight: 2\n", false},
		{"name of a group", "  reader:\n", "  writer:\n", false},
		{"times", "- GET /items\n", "- {request: GET /items, times: 2}\n", false},
		{"stream", "- GET /items\n", "- {request: GET /items, for: 5s}\n", false},
		{"body", "b: 2", "b: 3", false},
		{"type in a body", "b: 2", "b: '2'", false},
		{"expression", "int(1, 9)", "int(1, 8)", false},
		{"header", "target:\n", "target:\n  headers: {X-A: a}\n", false},
		{"expect", "- GET /items\n", "- {request: GET /items, expect: status == 200}\n", false},
		{"retry as it is without", "- GET /items\n", "- {request: GET /items, retry: off}\n", true},
		{"retry", "- GET /items\n", "- {request: GET /items, retry: {times: 1}}\n", false},
		{"text of a part", "json: {a: '${ int(1, 9) }', b: 2}",
			"multipart: {a: '${ int(1, 9) }', b: {text: c}}", false},
		{"order of steps",
			"steps:\n      - GET /items\n      - request: POST /items\n        json: {a: '${ int(1, 9) }', b: 2}\n",
			"steps:\n      - request: POST /items\n        json: {a: '${ int(1, 9) }', b: 2}\n      - GET /items\n",
			false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(load, c.old) {
				t.Fatalf("the file has no %q", c.old)
			}
			got := identity.Of(decode(t, strings.Replace(load, c.old, c.new, 1), thresholds.Options{}))
			if same := got == base; same != c.same {
				t.Errorf("same digest = %v, want %v", same, c.same)
			}
		})
	}
}

func TestDigestIgnoresTheEnvironment(t *testing.T) {
	env := thresholds.Options{Getenv: func(string) (string, bool) { return "http://127.0.0.1:9/v1", true }}
	if a, b := identity.Of(decode(t, load, thresholds.Options{})), identity.Of(decode(t, load, env)); a != b {
		t.Errorf("Digest() = %s and %s, want the same for two hosts", a, b)
	}
}

// Which steps of a transaction are sent at the same time is part of the load.
func TestDigestOfParallel(t *testing.T) {
	seen := map[string]string{}
	for _, steps := range []string{"[GET /a, GET /b, GET /c]", "[{parallel: [GET /a, GET /b]}, GET /c]",
		"[{parallel: [GET /a, GET /b, GET /c]}]", "[{parallel: [GET /a]}, {parallel: [GET /b, GET /c]}]",
		"[{parallel: [GET /a, GET /b]}, {parallel: [GET /c]}]"} {
		of := identity.Of(decode(t, strings.Replace(load, "      - GET /items\n", "      - GET /items\n"+
			"      - {transaction: page, steps: "+steps+"}\n", 1), thresholds.Options{}))
		if seen[of] != "" {
			t.Errorf("%s has the digest of %s", steps, seen[of])
		}
		seen[of] = steps
	}
}

// Of a retry and a capture counts what they do, not how they are written.
func TestDigestOfRetryAndCapture(t *testing.T) {
	of := func(step string) string {
		start := "    start: [{request: POST /login, capture: {x: body.x}}]\n"
		return identity.Of(decode(t, strings.Replace(load, "    steps:\n", strings.Replace(start,
			"capture: {x: body.x}", step,
			1)+"    steps:\n", 1), thresholds.Options{}))
	}
	base := of("capture: {x: body.x}")
	for step, same := range map[string]bool{
		"capture: {x: {from: body.x}}":                          true,
		"capture: {x: {from: body.x, keep: true}}":              true,
		"capture: {x: body.x}, retry: {times: 3, wait: 1000ms}": true,
		"capture: {x: {from: body.x, keep: false}}":             false,
		"capture: {x: body.x}, retry: off":                      false,
		"capture: {x: body.x}, retry: {times: 2}":               false,
		"capture: {x: body.x}, retry: {wait: 2s}":               false,
	} {
		if got := of(step) == base; got != same {
			t.Errorf("%s: the same digest = %v, want %v", step, got, same)
		}
	}
}

// A sampled request costs the service: how many are sampled belongs to the load, of the file and of each request that
// may be sampled. A file without the key keeps its digest.
func TestDigestOfTrace(t *testing.T) {
	of := func(written string) *config.Config {
		text := strings.Replace(load, "users:\n", written+"users:\n", 1)
		return decode(t, strings.Replace(text, "- GET /items\n",
			"- {request: GET /items, headers: {traceparent: own}}\n", 1), thresholds.Options{})
	}
	base, on, more := of(""), of("trace: {propagate: w3c, sample: 1%}\n"), of("trace: {propagate: w3c, sample: 2%}\n")
	written := of("trace: {propagate: w3c}\n")
	if identity.Of(base) == identity.Of(on) || identity.Of(on) == identity.Of(more) ||
		identity.Of(on) != identity.Of(written) {
		t.Errorf("digests: without %s, 1%% %s, by default %s, 2%% %s",
			identity.Of(base), identity.Of(on), identity.Of(written), identity.Of(more))
	}
	compareParts(t, "trace", identity.PartsOf(base), identity.PartsOf(on), false, []string{"POST /items"}, nil)
	compareParts(t, "another share", identity.PartsOf(on), identity.PartsOf(more), false, []string{"POST /items"}, nil)
}

func decode(t *testing.T, text string, o thresholds.Options) *config.Config {
	t.Helper()
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", o)
	if err != nil {
		t.Fatalf("Decode() = %v, want no error", err)
	}
	return s
}

// A host counts by its name, its path and its version of HTTP, and not by its address.
func TestDigestOfHosts(t *testing.T) {
	file := func(hosts, step string) string {
		text := strings.NewReplacer(`"GET *"`, `"*"`, "profiles:", "hosts: {auth: "+hosts+"}\nprofiles:",
			"- GET /items", "- "+step).Replace(load)
		return identity.Of(decode(t, text, thresholds.Options{}))
	}
	const step = "{request: GET auth:/a, name: a}"
	base := file("http://localhost:1/v1", step)
	if got := file("http://127.0.0.1:2/v1", step); got != base {
		t.Error("another address changes the digest")
	}
	for name, got := range map[string]string{
		"another path":   file("http://localhost:1/v2", step),
		"version":        file("{url: http://localhost:1/v1, http: h2c}", step),
		"its headers":    file("{url: http://localhost:1/v1, headers: {X: a}}", step),
		"the other host": file("http://localhost:1/v1", "{request: GET /a, name: a}\n      - GET auth:/b"),
	} {
		if got == base {
			t.Errorf("%s: the digest is the same", name)
		}
	}
}
