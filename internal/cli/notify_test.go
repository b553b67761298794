package cli_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const hookPath = "/services/T0/wJalrXUtnFEMI"

func TestNotify(t *testing.T) {
	failed := write(t, "verdict.json",
		`{"schema":"loadgate.verdict/1","outcome":"fail","exit_code":1,"summary":"fail: nothing holds."}`)
	passed := write(t, "verdict.json",
		`{"schema":"loadgate.verdict/1","outcome":"pass","exit_code":0,"summary":"pass."}`)
	tests := []struct {
		name   string
		answer int
		args   []string
		code   int
		posted string // in the body; empty: nothing was posted
		stdout string
		stderr string
	}{
		{"fail", 200, []string{failed}, 0, "fail: nothing holds.", "posted to 127.0.0.1:", ""},
		{"link", 200, []string{failed, "--format", "json"}, 0,
			`"link":"https://git.example.org/o/r/actions/runs/7"`, "posted to", ""},
		{"pass", 200, []string{passed}, 0, "", "nothing to post: exit code 0", ""},
		{"always", 200, []string{passed, "--on", "always", "--format", "teams"}, 0, "AdaptiveCard", "posted to", ""},
		{"change", 200, []string{passed, "--on", "change", "--previous", failed},
			0, "pass.", "exit code 0, 1 before", ""},
		{"no change", 200, []string{passed, "--on", "change", "--previous", passed},
			0, "", "nothing to post: exit code 0, as before", ""},
		{"nothing before", 200, []string{passed, "--on", "change", "--previous", "gone.json"},
			0, "pass.", "and no verdict before it", ""},
		{"previous of no change", 200, []string{failed, "--previous", passed},
			2, "", "", "it is only for --on change"},
		{"refused", 403, []string{failed}, 4, "fail: nothing holds.",
			"", ": 403 Forbidden\nloadgate: hint: the address may have been revoked"},
		{"misread", 400, []string{failed}, 4, "fail: nothing holds.", "", "hint: see whether --format"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var posted string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				posted = string(body)
				w.WriteHeader(test.answer)
			}))
			defer s.Close()
			var out strings.Builder
			code, stderr := run(t.Context(), &out, map[string]string{
				"LOADGATE_WEBHOOK": s.URL + hookPath, "GITHUB_SERVER_URL": "https://git.example.org",
				"GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "7",
			}, append([]string{"notify"}, test.args...)...)
			if code != test.code || !strings.Contains(out.String(), test.stdout) ||
				!strings.Contains(stderr, test.stderr) {
				t.Errorf("exit %d, stdout %q, stderr %q; want %d, %q, %q",
					code, out.String(), stderr, test.code, test.stdout, test.stderr)
			}
			if (posted == "") != (test.posted == "") || !strings.Contains(posted, test.posted) {
				t.Errorf("posted %q, want %q", posted, test.posted)
			}
			if strings.Contains(out.String()+stderr, "wJalrXUtnFEMI") {
				t.Errorf("the address is shown: %s%s", out.String(), stderr)
			}
		})
	}
}
