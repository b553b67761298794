package cli_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// attack is what a service answers that wants to be more than measured: HTML,
// Markdown, terminal escapes, commands of GitHub and Azure, and a formula.
const attack = "\r\n::error file=x::owned\n::set-output name=verdict::pass\n##[error]owned\n##vso[task.complete " +
	"result=Succeeded]\x1b[2J\x1b]0;owned\x07\u202e" +
	"</script><script>window.owned=1</script><img src=x " +
	"onerror=owned()>|`![x](http://owned/x.png)[a](javascript:owned())]]>\x00@everyone =cmd|'/C calc'!A0"

// A service whose every answer is a megabyte of attack, in the body and on the status
// line, adds no more to any output than a short text of its own.
func TestHostileService(t *testing.T) {
	t.Parallel()
	body := strings.Repeat(attack, 1<<20/len(attack)+1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Location", "http://owned.example/"+strings.Repeat("a", 5000))
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, body) // a user who has gone needs none
	}))
	defer server.Close()
	path := write(t, "thresholds.yaml", `version: 1
target: {url: "http://localhost:1"}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 4s, warm_up: 0s, try: false}}
users: {g: {wait: 200ms..300ms, steps: [GET /a, {request: GET /b, expect: 'body contains "ok"'}]}}
judge: {decide: point}
thresholds: {sound: {endpoints: "*", success: 99%, p95: 1s}}
`)
	out := t.TempDir()
	in := func(name string) string { return filepath.Join(out, name) }
	var stdout strings.Builder
	code, stderr := run(t.Context(), &stdout, map[string]string{"GITHUB_ACTIONS": "true",
		"GITHUB_OUTPUT": in("outputs"), "GITHUB_STEP_SUMMARY": in("summary.md")},
		"run", path, "--host", server.URL, "--out", out, "--html", in("page.html"),
		"-o", "markdown="+in("report.md"), "-o", "junit="+in("junit.xml"), "--csv", in("stats"))
	if code != 1 && code != 3 { // a machine that is busy makes too few requests to judge
		t.Fatalf("run ended with %d: %s%s", code, stderr, stdout.String())
	}
	texts := map[string]string{"stdout": stdout.String(), "stderr": stderr}
	files, err := filepath.Glob(in("*.*"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range append(files, in("outputs")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(text)
	}

	for name, text := range texts {
		limit := 40_000
		if name == "page.html" {
			limit = 200_000
		}
		if len(text) > limit {
			t.Errorf("%s has %d bytes", name, len(text))
		}
		// What the documents keep for loadgate is as it came, in JSON's escapes.
		kept := strings.HasSuffix(name, "json")
		if found := regexp.MustCompile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e]").FindString(text); found != "" &&
			!(kept && found == "\u202e") {
			t.Errorf("%s holds %q", name, found)
		}
		if found := regexp.MustCompile(`(?m)^\s*::(?:error|set-output).*owned.*|##\w*\[`).FindString(
			text); found != "" && !kept {
			t.Errorf("%s has a line %q", name, found)
		}
	}
	for name, markup := range map[string]string{"page.html": `<img|<script>window`,
		"report.md": `<img|<script|!\[|\]\(|@everyone`, "summary.md": `<img|<script|!\[|\]\(|@everyone`} {
		if found := regexp.MustCompile(markup).FindString(texts[name]); found != "" {
			t.Errorf("%s holds %q", name, found)
		}
	}
	if err := xml.Unmarshal([]byte(texts["junit.xml"]), new(struct{})); err != nil {
		t.Errorf("junit.xml: %v", err)
	}
	for _, name := range []string{"result.json", "verdict.json"} {
		if !json.Valid([]byte(texts[name])) {
			t.Errorf("%s is no JSON", name)
		}
	}
	outcome := map[int]string{1: "fail", 3: "inconclusive"}[code]
	if !strings.Contains(texts["outputs"], "\n"+outcome+"\n") || strings.Contains(texts["outputs"], "\npass\n") {
		t.Errorf("exit code %d, outputs: %q", code, texts["outputs"])
	}
	// It must have got as far as the outputs, or none of this was tested.
	if !strings.Contains(texts["page.html"], "::error file=x::owned") {
		t.Error("the page does not show the answer as text")
	}
}
