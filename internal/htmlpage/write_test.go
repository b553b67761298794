package htmlpage_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/htmlpage"
)

func written(t interface{ Fatal(...any) }, d htmlpage.Document) string {
	var b bytes.Buffer
	if err := htmlpage.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What uPlot is must be known by its release, not by what lies here.
func TestVendored(t *testing.T) {
	for name, want := range map[string]string{ // of the package uplot 1.6.32
		"LICENSE":           "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
		"uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
		"uPlot.min.css":     "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
	} {
		text, err := os.ReadFile(filepath.Join("uplot", name))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("uplot/%s is %s, want %s", name, got, want)
		}
		page := written(t, documentOf("a"))
		if name == "LICENSE" && !strings.Contains(page, string(text)) {
			t.Error("the page does not carry the licence of what it carries")
		}
		if !strings.Contains(page, strings.TrimSpace(string(text))) ||
			strings.Contains(written(t, htmlpage.Document{}), strings.TrimSpace(string(text))) {
			t.Errorf("%s belongs on a page with charts, and on no other", name)
		}
	}
}

func TestSize(t *testing.T) {
	if n := len(written(t, htmlpage.Document{})); n > 400_000 {
		t.Errorf("an empty page has %d bytes; it may have 400,000", n)
	}
}

// The policy must allow the style and the script that are there: a browser
// takes their hashes between the tags.
func TestPolicy(t *testing.T) {
	for _, d := range []htmlpage.Document{{Title: "a"}, documentOf("a")} {
		checkPolicy(t, written(t, d))
	}
}

func checkPolicy(t *testing.T, page string) {
	t.Helper()
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
	if policy == nil {
		t.Fatal("there is no policy")
	}
	for _, tag := range []string{"style", "script"} {
		text := regexp.MustCompile(`(?s)<` + tag + `>(.*?)</` + tag + `>`).FindStringSubmatch(page)
		sum := sha256.Sum256([]byte(text[1]))
		if want := tag + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'"; !strings.Contains(html.UnescapeString(policy[1]), want) {
			t.Errorf("the policy %q lacks %q", policy[1], want)
		}
	}
}

// Whatever a text holds, it adds no element and no attribute to the page.
func TestTextStaysText(t *testing.T) {
	tags := func(page string) string {
		return strings.Join(regexp.MustCompile(`<[a-zA-Z/!][^\s>]*`).FindAllString(page, -1), "")
	}
	rapid.Check(t, func(rt *rapid.T) {
		hostile := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			`</script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`,
			`' onmouseover='alert(1)`, "javascript:alert(1)", "<!--", "]]>", "{{.}}", "${alert(1)}", "\u2028",
		})).Draw(rt, "text")
		make := func(text string) string { return written(rt, documentOf("x"+text)) }
		if got, want := tags(make(hostile)), tags(make("plain")); got != want {
			rt.Fatalf("the elements of the page change with %q", hostile)
		}
	})
}

// documentOf has a text in every place that takes one.
func documentOf(text string) htmlpage.Document {
	facts := []htmlpage.Fact{{Label: text, Text: text}}
	chart := htmlpage.Chart{
		Title: text, Note: text, XName: text, XKind: htmlpage.Ordinal, X: htmlpage.Numbers{0}, Labels: []string{text},
		Series: []htmlpage.Series{{Name: text, Values: htmlpage.Numbers{1}, Unit: htmlpage.Count}},
		Limits: []htmlpage.Limit{{Text: text, Tone: htmlpage.Tone(text)}}, Shades: []htmlpage.Shade{{Text: text}},
	}
	dates := chart
	dates.XKind, dates.X, dates.Labels = htmlpage.Dates, nil, nil
	cell := htmlpage.Cell{Text: text, Small: text, Badge: htmlpage.Tone(text),
		Links: []htmlpage.Link{{Text: text, Href: htmlpage.Web("https://example.org/a")}}}
	return htmlpage.Document{
		Title: text, Facts: facts, Footer: text,
		Trail:   []htmlpage.Link{{Text: text, Href: htmlpage.Beside("../index.html")}},
		Moments: []htmlpage.Moment{{At: 1, Text: text, Href: htmlpage.Beside("run/a.html")}},
		Banner:  htmlpage.Banner{Word: text, Name: text, Text: text, Tone: htmlpage.Tone(text)},
		Sections: []htmlpage.Section{{ID: "one", Title: text, Lead: text, Parts: []htmlpage.Part{
			{Findings: []htmlpage.Finding{{Tone: htmlpage.Tone(text), Word: text, Title: text, Subject: "subject" +
				text, Figures: facts, Reason: "reason" + text, Remedy: "remedy" + text, Place: "place" + text}}},
			{Folded: &htmlpage.Folded{Summary: text, Findings: []htmlpage.Finding{{Title: text}}}},
			{Charts: []htmlpage.Chart{chart, dates}}, {Facts: facts}, {Code: "code" + text},
			{Links: []htmlpage.Link{{Text: text, Href: htmlpage.Beside("a.html")}, {Text: text}}},
			{Strip: &htmlpage.Strip{Label: text, Squares: []htmlpage.Square{
				{Tone: htmlpage.Tone(text), Sign: text, Title: text, Href: htmlpage.Beside("a.html")},
				{Sign: text, Title: text}}}},
			{Pick: &htmlpage.Pick{Columns: []htmlpage.PickColumn{{Key: text, Name: text}},
				Rows: []htmlpage.PickRow{{Group: text, Name: text, Values: htmlpage.Numbers{1}}}}},
			{Form: &htmlpage.Form{Action: htmlpage.Beside("mark"), Title: text, Lead: "lead" + text, Hidden: facts,
				Fields:  []htmlpage.Field{{Name: text, Label: text, Required: true, Most: 9}},
				Buttons: []htmlpage.Button{{Name: text, Value: text, Text: text}}}},
			{Panel: &htmlpage.Panel{Title: text, Word: "word" + text, Facts: facts, Charts: []htmlpage.Chart{chart}}},
			{Table: &htmlpage.Table{Caption: "caption" + text, Sortable: true,
				Columns: []htmlpage.Column{{Name: text, Title: "title" + text}},
				Rows: []htmlpage.Row{{Cells: []htmlpage.Cell{cell}}, {Cells: []htmlpage.Cell{{Text: text}}},
					{Cells: []htmlpage.Cell{{Text: text, Share: 0.5}}},
					{Cells: []htmlpage.Cell{{Text: text, Href: htmlpage.Beside("a.html")}}},
					{Cells: []htmlpage.Cell{{Text: text, Scale: &htmlpage.Scale{Tone: htmlpage.Tone(text)}}}}},
				Foot: []htmlpage.Row{{Cells: []htmlpage.Cell{cell}}}}},
			{Table: &htmlpage.Table{Columns: []htmlpage.Column{{Name: text}}}},
		}}},
	}
}

func TestNumbers(t *testing.T) {
	got, err := json.Marshal(htmlpage.Numbers{0, 12.3456, math.NaN(), math.Inf(1), 1234567, -0.5})
	if want := `[0,12.35,null,null,1.235e+06,-0.5]`; err != nil || string(got) != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}

// A value that is not a number costs its own line, never the page: the limit is not drawn, and the
// cell is sorted behind the others.
func TestNotFinite(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		page := written(t, htmlpage.Document{Sections: []htmlpage.Section{{Parts: []htmlpage.Part{
			{Charts: []htmlpage.Chart{{Title: "c", XKind: htmlpage.Elapsed, Until: v,
				Limits: []htmlpage.Limit{{Text: "nowhere", Value: v}, {Text: "somewhere", Value: 1}},
				Shades: []htmlpage.Shade{{From: v, To: 1, Text: "nowhen"}, {From: 0, To: v, Text: "nowhen"}},
			}}},
			{Table: &htmlpage.Table{Columns: []htmlpage.Column{{Name: "n", Number: true}},
				Rows: []htmlpage.Row{{Cells: []htmlpage.Cell{htmlpage.Number("–", v)}}}}},
		}}}})
		if !strings.Contains(page, `"somewhere"`) {
			t.Errorf("%v: the limit beside it is not drawn", v)
		}
		for _, unwanted := range []string{"nowhere", "nowhen", "data-sort"} {
			data, _, _ := strings.Cut(page[strings.Index(page, "<body>"):], "<script>")
			if strings.Contains(data, unwanted) {
				t.Errorf("%v: the page has %s", v, unwanted)
			}
		}
	}
}

// The charts stand in the data in the order in which the page asks for them.
func TestChartsInOrder(t *testing.T) {
	chart := func(title string) htmlpage.Chart { return htmlpage.Chart{Title: title, XKind: htmlpage.Elapsed} }
	page := written(t, htmlpage.Document{Sections: []htmlpage.Section{
		{Parts: []htmlpage.Part{{Charts: []htmlpage.Chart{chart("first"), chart("second")}},
			{Panel: &htmlpage.Panel{Charts: []htmlpage.Chart{chart("third")}}}}},
		{Parts: []htmlpage.Part{{Charts: []htmlpage.Chart{chart("fourth")}}}},
	}})
	data := regexp.MustCompile(`(?s)id="charts">(.*?)</script>`).FindStringSubmatch(page)
	var charts []struct{ Title string }
	if err := json.Unmarshal([]byte(data[1]), &charts); err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile(`data-chart="(\d+)"><figcaption>(\w+)<`).FindAllStringSubmatch(page, -1)
	if len(shown) != 4 || len(charts) != 4 {
		t.Fatalf("%d charts on the page and %d in its data, want 4", len(shown), len(charts))
	}
	for i, found := range shown {
		if found[1] != string(rune('0'+i)) || found[2] != charts[i].Title {
			t.Errorf("chart %s is %s on the page and %s in the data", found[1], found[2], charts[i].Title)
		}
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteError(t *testing.T) {
	if err := htmlpage.Write(full{}, htmlpage.Document{}); !errors.Is(err, errFull) {
		t.Errorf("Write = %v, want the writer's error", err)
	}
}
