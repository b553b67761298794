package cli_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestComment(t *testing.T) {
	const token = "ghs_wJalrXUtnFEMI"
	summary := write(t, "summary.md", "# fail\n")
	event := write(t, "event.json", `{"pull_request":{"number":7}}`)
	const old = `[{"id":3,"body":"x\n\n<!-- loadgate: light -->","user":{"login":"me"}}]`
	tests := []struct {
		name    string
		list    string // of comments; empty: refused
		code    int
		written string
		stdout  string
		stderr  string
	}{
		{"new", `[]`, 0, "POST /repos/o/r/issues/7/comments", "wrote the comment on o/r#7 http://page\n", ""},
		{"update", old, 0, "PATCH /repos/o/r/issues/comments/3", "updated the comment on o/r#7 http://page\n", ""},
		{"refused", "", 4, "", "",
			"403 Forbidden: no *** here\nloadgate: hint: grant the job's token permissions: pull-requests: write"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var written, body string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer := test.list
				switch {
				case answer == "":
					w.WriteHeader(http.StatusForbidden)
					answer = `{"message":"no ` + token + ` here"}`
				case r.URL.Path == "/user":
					answer = `{"login":"me"}`
				case r.Method != http.MethodGet:
					sent, _ := io.ReadAll(r.Body)
					written, body, answer = r.Method+" "+r.URL.Path, string(sent), `{"html_url":"http://page"}`
				}
				_, _ = io.WriteString(w, answer)
			}))
			defer s.Close()
			var out strings.Builder
			code, stderr := run(t.Context(), &out, map[string]string{
				"GITHUB_TOKEN": token, "GITHUB_REPOSITORY": "o/r", "GITHUB_API_URL": s.URL, "GITHUB_EVENT_PATH": event,
			}, "comment", summary, "--name", "light")
			if code != test.code || out.String() != test.stdout ||
				!strings.Contains(stderr, test.stderr) || test.code == 0 && stderr != "" {
				t.Errorf("exit %d, stdout %q, stderr %q; want %d, %q, %q",
					code, out.String(), stderr, test.code, test.stdout, test.stderr)
			}
			if written != test.written || written != "" &&
				!strings.Contains(body, `# fail\n\n\u003c!-- loadgate: light --\u003e`) {
				t.Errorf("%s with %s, want %s", written, body, test.written)
			}
			if strings.Contains(out.String()+stderr, token) {
				t.Errorf("the token is shown: %s%s", out.String(), stderr)
			}
		})
	}
}

func TestSecretOfTwoLines(t *testing.T) {
	const token = "ghs_wJalrXUtnFEMI\nghs_x"
	code, stderr := run(t.Context(), io.Discard, map[string]string{"GITHUB_TOKEN": token, "GITHUB_REPOSITORY": "o/r"},
		"comment", "--pr", "7")
	if code != 2 || stderr != "loadgate: GITHUB_TOKEN holds more than one line\n" {
		t.Errorf("exit %d, %q", code, stderr)
	}
}
