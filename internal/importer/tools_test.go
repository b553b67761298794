package importer_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// The tools that are installed load a server that counts, and their files say
// what it counted: how many requests there were, and how many failed.
func TestTools(t *testing.T) {
	const folder = "FOLDER"
	for _, tool := range []struct {
		name, format string
		args         []string // URL and FOLDER stand for what they are called
		stdin        string
		file         string // empty: standard output
		slack        int64  // requests that were under way at the end
	}{
		{name: "wrk", format: "wrk", args: []string{"-t1", "-c4", "-d2s", "--latency", "URL"}, slack: 4},
		{name: "hey", format: "hey-csv", args: []string{"-n", "300", "-c", "5", "-o", "csv", "URL"}},
		{name: "vegeta", format: "vegeta-gob", args: []string{"attack", "-rate=100", "-duration=2s"}, stdin: "GET URL"},
		{name: "fortio", format: "fortio", args: []string{"load", "-quiet", "-allow-initial-errors",
			"-qps", "100", "-n", "200", "-json", folder + "/f.json", "URL"}, file: "f.json"},
		{name: "k6", format: "k6-json", args: []string{"run", "--quiet", "--iterations", "200", "--vus", "4", "--out",
			"json=" + folder + "/k.json", "-"},
			stdin: "import http from 'k6/http'; export default () => http.get('URL');", file: "k.json"},
	} {
		t.Run(tool.name, func(t *testing.T) {
			program, err := exec.LookPath(tool.name)
			if err != nil {
				t.Skipf("%s is not installed", tool.name)
			}
			var requests, failures atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if requests.Add(1)%20 == 0 {
					failures.Add(1)
					w.WriteHeader(http.StatusInternalServerError)
				}
				fmt.Fprintln(w, "{}")
			}))
			defer server.Close()
			dir := t.TempDir()
			said := func(s string) string {
				return strings.ReplaceAll(strings.ReplaceAll(s, "URL", server.URL+"/items"), folder, dir)
			}
			var args []string
			for _, a := range tool.args {
				args = append(args, said(a))
			}
			command := exec.Command(program, args...)
			command.Stdin = strings.NewReader(said(tool.stdin))
			var out, complaint bytes.Buffer
			command.Stdout, command.Stderr = &out, &complaint
			if err := command.Run(); err != nil {
				t.Fatalf("%s: %v\n%s%s", tool.name, err, &out, &complaint)
			}
			text := out.Bytes()
			if tool.file != "" {
				if text, err = os.ReadFile(filepath.Join(dir, tool.file)); err != nil {
					t.Fatal(err)
				}
			}
			r, err := importer.Decode(bytes.NewReader(text), tool.name, importer.Options{})
			if err != nil {
				t.Fatalf("%v\n%.500s", err, text)
			}
			var got, failed int64
			for _, e := range r.Endpoints {
				if e.Summary != nil {
					got, failed = got+e.Summary.Requests, failed+e.Summary.Failures()
				}
				for _, s := range e.Slots {
					got, failed = got+s.Requests, failed+s.Failures()
				}
			}
			within := func(a, b int64) bool { return a <= b && a >= b-tool.slack }
			if r.Source.Format != tool.format || !within(got, requests.Load()) || !within(failed, failures.Load()) {
				t.Errorf("%s as %s: %d requests, %d failed; the server counted %d and %d",
					tool.name, r.Source.Format, got, failed, requests.Load(), failures.Load())
			}
		})
	}
}
