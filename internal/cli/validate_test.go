package cli_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/loadgate/loadgate/internal/thresholds"
)

// Every file of the corpus that plan, try or run refuse before anything is sent, under any of its profiles,
// validate refuses with the same lines. The commands are ended before they begin to send, so that what they refuse
// is all that they say: whoever adds a refusal adds a file that has it, and this test finds it there.
// What is refused only when the network is asked, the next test finds.
func TestValidateRefusesTheCorpus(t *testing.T) {
	const corpus = "../../testdata/config/"
	names := []string{"../../thresholds.yaml"}
	for _, folder := range []string{"bad", "good"} {
		found, err := filepath.Glob(corpus + folder + "/*.yaml")
		if err != nil || len(found) == 0 {
			t.Fatalf("no files in %s: %v", folder, err)
		}
		names = append(names, found...)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	refused := 0
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			// Every variable that the file may read is set: that one is not is no mistake of the file.
			environment := map[string]string{}
			for _, word := range variable.FindAllString(string(src), -1) {
				environment[word] = "http://localhost:1"
			}
			profiles := [][]string{nil}
			if s, err := thresholds.Decode(src, name, thresholds.Options{Unsent: true,
				Files: os.DirFS(filepath.Dir(name))}); err == nil {
				profiles = nil // which of several is meant is the caller's to say
				for _, p := range s.Profiles {
					profiles = append(profiles, []string{"--profile", p.Name})
				}
			}
			code, said := run(ended, io.Discard, environment, "validate", name)
			for _, command := range []string{"plan", "try", "run"} {
				for _, profile := range profiles {
					args := append([]string{command, name}, profile...)
					if command == "run" {
						args = append(args, "--out", t.TempDir())
					}
					other, why := run(ended, io.Discard, environment, args...)
					if other != 2 && other != 4 {
						continue
					}
					for line := range strings.Lines(why) {
						// What the file needs beside it is the caller's to give.
						if strings.Contains(line, "hint:") || strings.Contains(line, "needs your permission too") {
							continue
						}
						// Nor is it about the file what this machine cannot do: that names no place in it.
						if other == 4 && !strings.Contains(line, name+":") {
							continue
						}
						refused++
						if code != 2 || !strings.Contains(said, line) {
							t.Errorf("%v says %q, validate ends with %d and says %q", args, line, code, said)
						}
					}
				}
			}
			if strings.Contains(name, "/bad/") && code != 2 {
				t.Errorf("validate ends with %d, want 2", code)
			}
		})
	}
	if refused < 3*200 {
		t.Errorf("%d refusals, want those of the bad files by three commands", refused)
	}
}

// variable matches what may be the name of one.
var variable = regexp.MustCompile(`\b[A-Z][A-Z0-9_]{2,}\b`)

// service answers every request, each but that of readiness with 404 once it is emptied, and ends a run that has
// begun to load it.
type service struct {
	*httptest.Server
	emptied atomic.Bool
	loads   atomic.Int32
	end     atomic.Pointer[context.CancelFunc]
}

func newService(t *testing.T) *service {
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" && s.loads.Add(1) > 1 { // the first may be that of try
			(*s.end.Load())()
		}
		if s.emptied.Load() && r.URL.Path != "/" {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprintln(w, `{"n": 1}`)
	}))
	t.Cleanup(s.Close)
	return s
}

// refusal is what a command says that refuses to begin; empty: it begins.
func (s *service) refusal(t *testing.T, command, path string) string {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	defer end()
	s.loads.Store(0)
	s.end.Store(&end)
	args := []string{command, path, "--host", s.URL, "--profile", "p"}
	if command == "run" {
		args = append(args, "-q", "--no-try", "--out", t.TempDir())
	}
	code, said := run(ctx, io.Discard, nil, args...)
	if code != 2 && code != 4 {
		return ""
	}
	return said
}

// What plan, try or run refuse before anything is sent, validate refuses, in the same words: these are refusals that
// no reader of the file knows. A refusal is about the file alone if it is the same whatever the service answers:
// one that needs the network tells of what came from there. It is asked for whatever the exit code is.
func TestValidateRefusesWhatRunDoes(t *testing.T) {
	with := func(old, new string) string { return strings.Replace(file, old, new, 1) }
	watch := func(resource string) string {
		return with("thresholds:", "resources: {r: {"+resource+", max: 10}}\nthresholds:")
	}
	for name, tt := range map[string]struct {
		text string
		well bool // only an emptied service has it refused
	}{
		"too few rows": {text: with("users: {g: {wait: 1s,",
			"data: {d: {file: rows.csv}}\nusers: {g: {wait: 1s, vars: {who: '${ d.who }'},")},
		"no such default profile":   {text: with("profiles: {p:", "default_profile: q\nprofiles: {p:")},
		"a place of another scheme": {text: watch("from: json, url: 'ftp://localhost/x', value: body.n")},
		"a place that is a file":    {text: watch("from: json, url: 'file:///etc/passwd', value: body.n")},
		"a place without a scheme":  {text: watch("from: prometheus, url: 'localhost:9090', query: up")},
		"a place with a password":   {text: watch("from: json, url: 'http://u:p@localhost/x', value: body.n")},
		"a place with no such port": {text: watch("from: metrics, url: 'http://localhost:99999/x', gauge: n")},
		"a page elsewhere":          {text: watch("from: metrics, url: 'http://10.0.0.5/metrics', gauge: n")},
		"a document elsewhere":      {text: watch("from: json, url: 'http://example.com/x', value: body.n")},
		"a Prometheus elsewhere":    {text: watch("from: prometheus, url: 'http://10.0.0.5:9090', query: up")},
		"a Redis elsewhere":         {text: watch("from: redis, url: 'redis://10.0.0.5', read: clients")},
		"a Redis at a socket":       {text: watch("from: redis, url: 'unix:///run/redis.sock', read: clients")},
		"a database elsewhere":      {text: watch("from: postgres, dsn: 'host=10.0.0.5 user=u', read: deadlocks")},
		"a database also elsewhere": {
			text: watch("from: postgres, dsn: 'host=127.0.0.1,10.0.0.5 user=u', read: deadlocks")},
		"a database at a socket": {text: watch("from: postgres, dsn: 'host=/run/postgresql', read: deadlocks")},
		"a DSN that is none":     {text: watch("from: postgres, dsn: 'host=localhost port=many', read: deadlocks")},
		"a second profile": {text: with("p: {users: 10,",
			"q: {users: 1, spawn_rate: 1/s, duration: 1s, warm_up: 2s}, p: {users: 10,")},
		"an empty stage": {text: with("p: {users: 10, spawn_rate: 10/s, duration: 5m}",
			"p: {stages: [{users: 0, for: 1m}]}")},
		"commands":                 {text: watch("from: command, run: 'echo 1'")},
		"a document that is there": {text: watch("from: json, url: 'SERVICE/x', value: body.n"), well: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			path := write(t, "thresholds.yaml", strings.ReplaceAll(tt.text, "SERVICE", s.URL))
			writeIn(t, filepath.Dir(path), "rows.csv", "who\nada\ngrace\n")
			code, said := run(context.Background(), io.Discard, nil, "validate", path)
			commands := []string{"run", "try", "plan"}
			full := map[string]string{}
			for _, command := range commands {
				full[command] = s.refusal(t, command, path)
			}
			s.emptied.Store(true)
			refused := 0
			for _, command := range commands {
				empty := s.refusal(t, command, path)
				if tt.well && command != "plan" && empty == "" {
					t.Errorf("%s finds nothing wrong with an emptied service", command)
				}
				for line := range strings.Lines(empty) {
					if strings.Contains(line, "hint:") || !strings.Contains(full[command], line) {
						continue
					}
					refused++
					if code != 2 || !strings.Contains(said, line) {
						t.Errorf("%s says %q, validate ends with %d and says %q", command, line, code, said)
					}
				}
				if strings.Contains(empty, "thresholds.yaml: /") {
					t.Errorf("the file is named twice: %s", empty)
				}
			}
			if tt.well != (refused == 0) || tt.well != (code == 0) {
				t.Errorf("%d refusals of the file, validate ends with %d: %s", refused, code, said)
			}
		})
	}
}

// A variable that is not set hides no mistake but those of the place that needs it.
func TestValidateWithoutVariables(t *testing.T) {
	for resource, want := range map[string]int{
		"from: json, url: 'ftp://localhost/x', value: body.n":        2,
		"from: json, url: '${ env(\"API_KEY\") }', value: body.n":    0,
		"from: redis, url: '${ env(\"API_KEY\") }', read: clients":   0,
		"from: postgres, dsn: '${ env(\"API_KEY\") }', read: backup": 2,
	} {
		text := strings.Replace(file, `env("API_KEY", "none")`, `env("API_KEY")`, 1)
		text = strings.Replace(text, "thresholds:", "resources: {r: {"+resource+", max: 10}}\nthresholds:", 1)
		if code, said := run(context.Background(), io.Discard, nil, "validate",
			write(t, "thresholds.yaml", text)); code != want || code == 2 && !strings.Contains(said, ": resources.r") {
			t.Errorf("%s: validate ends with %d and says %q, want %d", resource, code, said, want)
		}
	}
}
