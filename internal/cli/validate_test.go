package cli_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
)

// Every file of the corpus that plan, try or run refuse before anything is sent, under any of its profiles,
// validate refuses with the same lines. The commands are ended before they begin to send, so that what they refuse
// is all that they say: whoever adds a refusal adds a file that has it, and this test finds it there.
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
			if s, err := config.Decode(src, name, config.Options{Unsent: true,
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
					if other != 2 {
						continue
					}
					for line := range strings.Lines(why) {
						// What the file needs beside it is the caller's to give.
						if strings.Contains(line, "hint:") || strings.Contains(line, "needs your permission too") {
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

// What plan, try or run refuse before anything is sent, validate refuses, in the
// same words: these are refusals that no reader of the file knows.
func TestValidateRefusesWhatRunDoes(t *testing.T) {
	with := func(old, new string) string { return strings.Replace(file, old, new, 1) }
	for name, text := range map[string]string{
		"too few rows": with("users: {g: {wait: 1s,",
			"data: {d: {file: rows.csv}}\nusers: {g: {wait: 1s, vars: {who: '${ d.who }'},"),
		"no default profile": with("profiles: {p:", "default_profile: q\nprofiles: {p:"),
		"a place that is no URL": with("thresholds:",
			"resources: {queue: {from: json, url: 'ftp://localhost/x', value: body.n, max: 10}}\nthresholds:"),
		"a DSN that is none": with("thresholds:", "resources: {c: {from: postgres, dsn: 'host=localhost "+
			"port=many', read: connections, max: 10}}\nthresholds:"),
		"two profiles": with("p: {users: 10,",
			"q: {users: 1, spawn_rate: 1/s, duration: 1s, warm_up: 2s}, p: {users: 10,"),
		"a ramp beyond the run": with("spawn_rate: 10/s, duration: 5m", "spawn_rate: 1/min, duration: 2m"),
		"an empty stage": with("p: {users: 10, spawn_rate: 10/s, duration: 5m}",
			"p: {stages: [{users: 0, for: 1m}]}"),
		"commands": with("thresholds:", "resources: {c: {from: command, run: 'echo 1', max: 10}}\nthresholds:"),
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "thresholds.yaml", text)
			writeIn(t, filepath.Dir(path), "rows.csv", "who\nada\ngrace\n")
			code, said := run(context.Background(), io.Discard, nil, "validate", path)
			for _, command := range []string{"run", "try", "plan"} {
				other, why := run(context.Background(), io.Discard, nil, command, path, "--host", "http://127.0.0.1:1",
					"--profile", "p")
				if other == 2 && code != 2 {
					t.Errorf("validate said ok, and %s: %s", command, why)
				}
				if other != 2 {
					continue
				}
				for line := range strings.Lines(why) {
					if !strings.Contains(line, "hint:") && !strings.Contains(said, line) {
						t.Errorf("%s says %q, validate only %q", command, line, said)
					}
				}
				if strings.Contains(why, "thresholds.yaml: /") {
					t.Errorf("the file is named twice: %s", why)
				}
			}
		})
	}
}
