package notify_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/notify"
)

func comment(t *testing.T, name, text string) notify.Comment {
	t.Helper()
	c, err := notify.NewComment(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewComment(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "# All is well\n\n\tcode\n", "# All is well\n\n\tcode\n\n<!-- loadgate: x -->"},
		{"empty", "", "\n\n<!-- loadgate: x -->"},
		{"forged", "a <!-- loadgate: y --> b", "a &lt;!-- loadgate: y --> b\n\n<!-- loadgate: x -->"},
		{"forged at the end", "a\n<!--LoadGate:y-->", "a\n&lt;!--LoadGate:y-->\n\n<!-- loadgate: x -->"},
		{"forged over lines", "<!--\nloadgate\n: x -->", "&lt;!--\nloadgate\n: x -->\n\n<!-- loadgate: x -->"},
		{"forged within", "<!-- load<!-- loadgate: y -->gate: x -->",
			"<!-- load&lt;!-- loadgate: y -->gate: x -->\n\n<!-- loadgate: x -->"},
		{"forged by what is dropped", "<!-- load\x00gate: y -->", "&lt;!-- loadgate: y -->\n\n<!-- loadgate: x -->"},
		{"another's mark", "<!-- coverage -->", "<!-- coverage -->\n\n<!-- loadgate: x -->"},
		{"hidden", "a\u202eb\x1b[31m\r\nc\xff", "ab[31m\nc\uFFFD\n\n<!-- loadgate: x -->"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := comment(t, "x", test.text).Body; got != test.want {
				t.Errorf("body = %q, want %q", got, test.want)
			}
		})
	}
	for _, name := range []string{"", "a b", "x -->", "-x", strings.Repeat("a", 65)} {
		if _, err := notify.NewComment(name, ""); err == nil {
			t.Errorf("NewComment(%q) = nil, want an error", name)
		}
	}
}

func TestNewCommentCut(t *testing.T) {
	line := strings.Repeat("é", 99) + "\n"
	for name, text := range map[string]string{
		"prose":    strings.Repeat(line, 700),
		"one line": strings.Repeat("x", 100_000),
		"code":     "```\n" + strings.Repeat(line, 700) + "```\n",
		"folds":    strings.Repeat("<details><summary>s</summary>\n", 3) + strings.Repeat(line, 700),
		"pairs":    strings.Repeat("🙂", 70_000),
	} {
		t.Run(name, func(t *testing.T) {
			body := comment(t, "x", text).Body
			if n := utf8.RuneCountInString(body); n > 65536 || name != "pairs" && n < 65000 {
				t.Errorf("%d characters", n)
			}
			if !strings.HasSuffix(body,
				"\n\n_Cut here: the whole text is longer than a comment may be._\n\n<!-- loadgate: x -->") {
				t.Errorf("body ends in %q", body[len(body)-200:])
			}
			if strings.Count(body, "```")%2 != 0 ||
				strings.Count(body, "<details>") != strings.Count(body, "</details>") {
				t.Error("the cut leaves a block open")
			}
		})
	}
	whole := comment(t, "x", strings.Repeat("x", 65536-len("\n\n<!-- loadgate: x -->"))).Body
	if len(whole) != 65536 || strings.Contains(whole, "Cut here") {
		t.Errorf("what just fits has %d characters, or is cut", len(whole))
	}
}

func FuzzNewComment(f *testing.F) {
	f.Add("a <!-- loadgate: x --> b")
	f.Fuzz(func(t *testing.T, text string) {
		body := comment(t, "x", text).Body
		if strings.Count(body, "<!-- loadgate: x -->") != 1 || utf8.RuneCountInString(body) > 65536 {
			t.Errorf("NewComment(%q) = %q", text, body)
		}
	})
}

func TestDetectPull(t *testing.T) {
	tests := []struct {
		event, ref string
		want       int
		ok         bool
	}{
		{`{"pull_request":{"number":7}}`, "", 7, true},
		{`{"pull_request":{"number":7}}`, "refs/pull/9/merge", 7, true},
		{`{"pull_request":`, "refs/pull/9/merge", 9, true},
		{"", "refs/pull/9/head", 9, true},
		{`{"head_commit":{}}`, "refs/heads/main", 0, false},
		{"", "refs/pull/0/merge", 0, false},
		{"", "refs/pull/9", 9, false},
		{"", "", 0, false},
	}
	for _, test := range tests {
		getenv := func(name string) (string, bool) { return test.ref, name == "GITHUB_REF" && test.ref != "" }
		got, ok := notify.DetectPull(getenv, []byte(test.event), 0)
		if ok != test.ok || ok && got.Number != test.want {
			t.Errorf("DetectPull(%s, %s) = %v, %v; want %d, %v", test.event, test.ref, got, ok, test.want, test.ok)
		}
	}
}

func TestPullCheck(t *testing.T) {
	good := notify.Pull{API: "https://git.example.org/api/v3", Repository: "o-1/r.x_y", Number: 1}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for _, change := range []func(*notify.Pull){
		func(p *notify.Pull) { p.API = "" }, func(p *notify.Pull) { p.API = "file:///etc" },
		func(p *notify.Pull) { p.API = "https://u:p@h" }, func(p *notify.Pull) { p.Repository = "o" },
		func(p *notify.Pull) { p.Repository = "o/.." }, func(p *notify.Pull) { p.Repository = "o/r/x" },
		func(p *notify.Pull) { p.Repository = "o/r?x" }, func(p *notify.Pull) { p.Number = 0 },
	} {
		bad := good
		change(&bad)
		if bad.Check() == nil {
			t.Errorf("Check(%+v) = nil, want an error", bad)
		}
	}
}
