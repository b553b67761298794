package notify_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/notify"
	"github.com/loadgate/loadgate/internal/report/verdictjson"
)

func verdict(t *testing.T, text string) *notify.Verdict {
	t.Helper()
	v, err := notify.DecodeVerdict(strings.NewReader(text), "verdict.json")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const hostile = `{"schema":"loadgate.verdict/1","outcome":"fail","exit_outcome":"fail","exit_code":1,
"summary":"fail: 1 of 2 rules broken: fast. Exit code 1.","run":{"name":"api","profile":"light","target":"http://localhost:8000","seed":7},
"checks":[{"rule":"sound","subject":"GET /ok","outcome":"pass","reason":""},
{"rule":"fast","subject":"GET /<!channel>&*b*` + "```" + `[x](http://evil)\u001b[31m","outcome":"fail","reason":"p95 is 400ms\nnot 300ms"},
{"rule":"","subject":"the run","outcome":"inconclusive","reason":"too short"}]}`

func body(t *testing.T, name string, v *notify.Verdict, link string) string {
	t.Helper()
	for _, f := range notify.Formats() {
		if f.Name == name {
			text, err := f.Body(v, link)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
	}
	t.Fatalf("no format %s", name)
	return ""
}

func TestSlack(t *testing.T) {
	var got struct{ Text string }
	if err := json.Unmarshal([]byte(body(t, "slack", verdict(t, hostile), "https://ci.example.org/7?a=1&b=x|y")),
		&got); err != nil {
		t.Fatal(err)
	}
	want := "*loadgate: fail*\n```\napi · light · http://localhost:8000\nfail: 1 of 2 rules broken: fast. Exit " +
		"code 1.\n" +
		"- fail: fast: GET /&lt;!channel&gt;&amp;*b*'''[x](http://evil)\uFFFD[31m: p95 is 400ms not 300ms\n" +
		"- inconclusive: the run: too short\n```\n<https://ci.example.org/7?a=1&amp;b=x%7Cy|The CI job>"
	if got.Text != want {
		t.Errorf("text = %q\nwant   %q", got.Text, want)
	}
}

func TestTeams(t *testing.T) {
	text := body(t, "teams", verdict(t, hostile), "https://ci.example.org/7")
	for _, want := range []string{`"contentType":"application/vnd.microsoft.card.adaptive"`,
		`"type":"AdaptiveCard"`, `"color":"Attention"`, `"url":"https://ci.example.org/7"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s holds no %s", text, want)
		}
	}
	// What is not ours is never in a block that reads Markdown.
	var card struct {
		Attachments []struct {
			Content struct {
				Body []struct{ Type, Text string }
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &card); err != nil {
		t.Fatal(err)
	}
	for _, block := range card.Attachments[0].Content.Body {
		if block.Type == "TextBlock" && block.Text != "loadgate: fail" {
			t.Errorf("a block of Markdown says %q", block.Text)
		}
	}
}

func TestGeneric(t *testing.T) {
	var got struct {
		Schema, Summary, Outcome, Link string
		ExitCode                       int `json:"exit_code"`
		Run                            struct{ Seed int }
		Failing                        []struct{ Rule, Reason string }
		More                           int
	}
	if err := json.Unmarshal([]byte(body(t, "json", verdict(t, hostile), "")), &got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != notify.NoticeSchema || got.Outcome != "fail" ||
		got.ExitCode != 1 || got.Run.Seed != 7 || len(got.Failing) != 2 || got.Failing[0].Rule != "fast" {
		t.Errorf("notice = %+v", got)
	}
}

// What report writes is what notify reads.
func TestDecodeVerdictGolden(t *testing.T) {
	if notify.VerdictSchema != verdictjson.Schema {
		t.Errorf("schema %s, report writes %s", notify.VerdictSchema, verdictjson.Schema)
	}
	f, err := os.Open(filepath.Join("..", "..", "testdata", "golden", "verdict.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	v, err := notify.DecodeVerdict(f, "verdict.json")
	if err != nil {
		t.Fatal(err)
	}
	if v.Passed() || len(v.Findings) == 0 || v.Profile == "" || v.Summary == "" {
		t.Errorf("verdict = %+v", v)
	}
	for _, format := range notify.Formats() {
		if text := body(t, format.Name, v, ""); !json.Valid([]byte(text)) {
			t.Errorf("%s: %s is no JSON", format.Name, text)
		}
	}
}

func TestDecodeVerdictRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{"schema":`:                      "read verdict v.json: it is truncated, or not JSON that loadgate writes",
		`[]`:                              "read verdict v.json: it is truncated, or not JSON that loadgate writes",
		`{"schema":"loadgate.verdict/2"}`: "use the loadgate that wrote it",
		`{"schema":"loadgate.result/1"}`:  "it is not a verdict.json",
		`{"schema":"loadgate.verdict/1"}`: "no outcome or no exit_code",
		strings.Replace(hostile, `{"name"`, `[{"`, 1): "read verdict v.json: it is truncated",
		`{"schema":"loadgate.verdict/1","outcome":"fail","exit_code":1,"run":[]}`: "run: another kind of value " +
			"than loadgate writes",
		`{"schema":"loadgate.verdict/1","outcome":"fail","exit_code":1,"checks":[7]}`: "checks[0]: another kind of " +
			"value than loadgate writes",
	} {
		if _, err := notify.DecodeVerdict(strings.NewReader(text), "v.json"); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("DecodeVerdict(%s) = %v, want %q", text, err, want)
		}
	}
}

func TestVerdictChanged(t *testing.T) {
	failed := verdict(t, hostile)
	passed := verdict(t, `{"schema":"loadgate.verdict/1","outcome":"warn","exit_code":0}`)
	if !failed.Changed(nil) || failed.Changed(failed) || !failed.Changed(passed) ||
		!passed.Passed() || failed.Passed() {
		t.Error("the exit code decides what passed and what changed")
	}
}

func FuzzDecodeVerdict(f *testing.F) {
	f.Add(hostile)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := notify.DecodeVerdict(strings.NewReader(text), "v.json")
		if err != nil {
			return
		}
		for _, format := range notify.Formats() {
			if text, err := format.Body(v, ""); err != nil || !json.Valid(text) {
				t.Errorf("%s: %s, %v", format.Name, text, err)
			}
		}
	})
}

func TestCheckLink(t *testing.T) {
	for link, ok := range map[string]bool{
		"https://ci.example.org/7": true, "http://ci/7": true,
		"javascript:alert(1)": false, "https://u:p@ci/7": false, "/7": false, "": false,
	} {
		if err := notify.CheckLink(link); (err == nil) != ok {
			t.Errorf("CheckLink(%q) = %v, want ok %v", link, err, ok)
		}
	}
}
