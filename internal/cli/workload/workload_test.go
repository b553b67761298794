package workload_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/workload"
	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/worker"
)

// assignment is the second half of a load of a file.
func assignment(t *testing.T, file string, change func(*worker.Assignment)) worker.Assignment {
	t.Helper()
	options, err := json.Marshal(map[string]any{"Seed": 7})
	if err != nil {
		t.Fatal(err)
	}
	a := worker.Assignment{
		K: 2, N: 2, File: "thresholds.yaml", Files: fleet.Files{"thresholds.yaml": []byte(file)}, Options: options,
	}
	if change != nil {
		change(&a)
	}
	return a
}

const plain = `version: 1
target: {url: "http://127.0.0.1:1"}
profiles: {p: {users: 4, spawn_rate: 4/s, duration: 30s}}
users: {g: {wait: 1s, steps: [GET /a]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
`

// A variable that the owner names has the value of the machine, and the load is the same one.
func TestOwnVariables(t *testing.T) {
	queries := make(chan string, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		queries <- r.URL.RawQuery
	}))
	defer server.Close()
	file := "env: [TOKEN, NAME]\n" + strings.Replace(strings.Replace(plain, "http://127.0.0.1:1", server.URL, 1),
		"GET /a", `'GET /a?token=${ env("TOKEN") }&name=${ env("NAME") }'`, 1)
	sent := assignment(t, file, func(a *worker.Assignment) {
		a.Env = map[string]string{"TOKEN": "run", "NAME": "ada"}
	})
	machine := workload.Machine{Env: environ.Env{
		Stderr: os.Stderr, Now: time.Now, Getenv: func(string) (string, bool) { return "", false },
	}}
	theirs, err := machine.Open(sent)
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	machine.Own = map[string]string{"TOKEN": "machine"}
	own, err := machine.Open(sent)
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	if theirs.Digest() != own.Digest() {
		t.Error("it is another load")
	}
	now := time.Now()
	begun := worker.Start{At: now, Started: now}
	if err := own.Run(t.Context(), begun, io.Discard, func() int { return 2 }); err != nil {
		t.Fatal(err)
	}
	if query := <-queries; query != "token=machine&name=ada" {
		t.Errorf("it sent %s", query)
	}

	machine.Own["PATH"] = "/bin"
	const want = "--env PATH: thresholds.yaml of the run reads no such variable"
	if _, err := machine.Open(sent); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a variable that the file does not read: %v", err)
	}
}

// A coordinator can make a worker load loopback and what its owner permits, and nothing else: no other host, no file of
// the machine, no command, and nothing of its environment.
func TestOwnerDecides(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(secret, []byte("name\nada\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	elsewhere := strings.Replace(plain, `"http://127.0.0.1:1"`,
		`"http://staging.example.com", allow: [staging.example.com]`, 1)
	preview := strings.Replace(plain, `"http://127.0.0.1:1"`,
		`"http://pr-7.preview.example.com", allow: ["*.preview.example.com"]`, 1)
	named := "env: [PREVIEW]\n" + strings.Replace(preview, `"*.preview.example.com"`, `'${ env("PREVIEW") }'`, 1)
	sent := func(value string) func(a *worker.Assignment) {
		return func(a *worker.Assignment) { a.Env = map[string]string{"PREVIEW": value} }
	}
	for _, tt := range []struct {
		name, file string
		change     func(*worker.Assignment)
		allowed    []string
		want       string // of the error; "": the load is made
	}{
		{"loopback", plain, nil, nil, ""},
		{"another host", elsewhere, nil, nil, "staging.example.com needs your permission"},
		{"another host, permitted", elsewhere, nil, []string{"staging.example.com"}, ""},
		{"a domain", preview, nil, nil, "*.preview.example.com needs your permission"},
		{"a domain of which a host is permitted", preview, nil, []string{"pr-7.preview.example.com"},
			"*.preview.example.com needs your permission"},
		{"a domain, permitted", preview, nil, []string{"*.preview.example.com"}, ""},
		{"a host of a domain that is permitted", elsewhere, nil, []string{"*.staging.example.com"},
			"staging.example.com needs your permission"},
		{"a host by a variable of the run", named, sent("pr-7.preview.example.com"), nil,
			"pr-7.preview.example.com needs your permission"},
		{"a host by a variable of the run, permitted", named, sent("pr-7.preview.example.com"),
			[]string{"*.preview.example.com"}, ""},
		{"a domain by a variable of the run", named, sent("*.example.com"), []string{"*.example.com"},
			"has a *, which only the file may write"},
		{"another host in place of the file's", plain, func(a *worker.Assignment) { a.Host = "http://169.254.169.254" },
			nil, "169.254.169.254"},
		{"a host that the file does not allow", plain, func(a *worker.Assignment) { a.Host = "http://10.0.0.7" },
			[]string{"staging.example.com"}, "10.0.0.7"},
		{"a file of the machine", plain + "data: {who: {file: " + secret + "}}\n", nil, nil, "does not stay below"},
		{"a file above", plain + "data: {who: {file: ../secret.csv}}\n", nil, nil, "does not stay below"},
		{"a file that was not sent", plain + "data: {who: {file: secret.csv}}\n", nil, nil,
			"secret.csv cannot be read"},
		{"a file that was sent", plain + "data: {who: {file: secret.csv, pick: next}}\n",
			func(a *worker.Assignment) { a.Files["secret.csv"] = []byte("name\nada\n") }, nil, ""},
		{"a variable of the machine",
			"env: [PATH]\n" + strings.Replace(plain, "GET /a", "'GET /${ env(\"PATH\") }'", 1),
			nil, nil, "PATH is not set"},
		{"a command", strings.Replace(plain, `:1"}`, `:1", allow: [127.0.0.1, commands]}`, 1) +
			"resources: {bad: {from: command, run: 'touch " + secret + ".run', max: 1, every: 1s}}\n", nil, nil, ""},
		{"options that are none", plain, func(a *worker.Assignment) { a.Options = []byte(`[]`) }, nil, "options"},
		{"a part that is none", plain, func(a *worker.Assignment) { a.K = 3 }, nil, "3"},
		{"no file", plain, func(a *worker.Assignment) { a.Files = nil }, nil, "thresholds.yaml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := workload.Machine{
				Env: environ.Env{
					Stderr: os.Stderr, Now: time.Now,
					Getenv: func(name string) (string, bool) { return os.Getenv(name), true },
				},
				Allowed: tt.allowed,
			}
			load, err := m.Open(assignment(t, tt.file, tt.change))
			if err == nil {
				err = load.Close()
			}
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	if _, err := os.Stat(secret + ".run"); err == nil {
		t.Error("the command ran")
	}
}
