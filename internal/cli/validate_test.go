package cli_test

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// What plan, try or run refuse before anything is sent, validate refuses, in the
// same words.
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
