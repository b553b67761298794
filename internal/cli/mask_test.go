package cli_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A service that answers with a secret, in any spelling and at any place of its
// answer, brings no part of that into what a run leaves behind.
func TestMainKeepsSecretsOfAnswers(t *testing.T) {
	const secret = `Zq7!kf&3/x"y<9>Wm`
	ascii := func(form string) string {
		var b strings.Builder
		for i := range len(secret) {
			fmt.Fprintf(&b, form, secret[i])
		}
		return b.String()
	}
	answers := []string{
		secret, url.QueryEscape(secret), strings.ToLower(url.QueryEscape(secret)),
		url.QueryEscape(url.PathEscape(secret)),
		ascii("%%%02x"), ascii(`\u%04x`), strings.ReplaceAll(secret, "/", `\/`),
		html.EscapeString(secret), ascii("&#%d;"),
		hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("u:" + secret)),
		base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(secret)))),
	}
	for _, before := range []int{150, 180, 190, 199, 990, 1015} {
		answers = append(answers, strings.Repeat("~", before)+secret)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "http://elsewhere.example/"+strings.Repeat("~", 68)+secret)
		i := 0
		if _, err := fmt.Sscanf(r.URL.Path, "/a%d", &i); err != nil || i >= len(answers) {
			w.WriteHeader(http.StatusFound)
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "value="+answers[i]) // a user who has gone needs none
	}))
	defer server.Close()
	steps := []string{fmt.Sprintf("{request: GET /a%d, follow: true}", len(answers))}
	for i := range answers {
		steps = append(steps, fmt.Sprintf("GET /a%d", i))
	}
	path := write(t, "thresholds.yaml", `version: 1
env: [KEY]
secret: [KEY]
target: {url: "http://localhost:1"}
profiles: {p: {users: 4, spawn_rate: 4/s, duration: 3s, warm_up: 0s, try: false}}
users: {g: {wait: 10ms..20ms, steps: [`+strings.Join(steps, ", ")+`]}}
thresholds: {sound: {endpoints: "*", success: 99%, each: true}}
`)
	out := t.TempDir()
	var stdout strings.Builder
	environment := map[string]string{"KEY": secret}
	code, stderr := run(t.Context(), &stdout, environment, "run", path, "--host", server.URL, "--out", out,
		"--html", filepath.Join(out, "page.html"), "-o", "markdown="+filepath.Join(out, "report.md"),
		"-o", "junit="+filepath.Join(out, "junit.xml"))
	if code != 1 && code != 3 {
		t.Fatalf("run ended with %d: %s%s", code, stderr, stdout.String())
	}
	_, tried := run(t.Context(), &stdout, environment, "try", path, "--host", server.URL)
	texts := map[string]string{"stdout": stdout.String(), "stderr": stderr + tried}
	files, err := filepath.Glob(filepath.Join(out, "*.*"))
	if err != nil || len(files) < 5 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(text)
	}
	if !strings.Contains(texts["result.json"], "value=***") || !strings.Contains(texts["page.html"], "value=***") {
		t.Error("result or page show no answer, and nothing was tested")
	}
	signs := []string{"Zq7", "7!k", `(?i)zq7%21`, `(?i)%5a%71`, `u005a`, "&#90;", "(?i)5a7137", "(?i)253c9"}
	for _, word := range answers[len(answers)-8 : len(answers)-6] {
		signs = append(signs, regexp.QuoteMeta(word[:12]))
	}
	for name, text := range texts {
		if i := slices.IndexFunc(signs,
			func(sign string) bool { return regexp.MustCompile(sign).MatchString(text) }); i >= 0 {
			at := regexp.MustCompile(signs[i]).FindStringIndex(text)[0]
			t.Errorf("%s holds %q: …%.80s", name, signs[i], text[max(0, at-30):])
		}
	}
}
