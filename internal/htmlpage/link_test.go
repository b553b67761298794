package htmlpage_test

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/htmlpage"
)

// Only a path beside the page and an address of the web are links; everything else that a stranger may write leads
// nowhere.
func TestHref(t *testing.T) {
	for _, good := range []string{"index.html", "../index.html", "../../a.html", "run/20261122T120000Z-a1b2c3.html",
		"../", "../../", "#runs", "compare.html#a-1,b.2", "run/a_b.html#e3"} {
		if got := htmlpage.Beside(good).String(); got != good {
			t.Errorf("Beside(%q) = %q", good, got)
		}
	}
	for _, bad := range []string{"", "/etc/passwd", "//example.org", "javascript:alert(1)", "a b.html", "run/../../x",
		"a//b", ".hidden", "a?b", "%2e%2e/a", "a.html#<b>", "a\\b", "..", "..//", "../..", "./", "/../", "a.html\n",
		"https://example.org"} {
		if got := htmlpage.Beside(bad).String(); got != "" {
			t.Errorf("Beside(%q) = %q, want none", bad, got)
		}
	}
	for _, good := range []string{"https://example.org/a?b=c", "http://127.0.0.1:8080/x"} {
		if got := htmlpage.Web(good).String(); got != good {
			t.Errorf("Web(%q) = %q", good, got)
		}
	}
	for _, bad := range []string{"", "example.org", "//example.org/a", "ftp://example.org", "javascript:alert(1)",
		"https://user:secret@example.org", "https:///a", "data:text/html,x", "https://example.org:port/"} {
		if got := htmlpage.Web(bad).String(); got != "" {
			t.Errorf("Web(%q) = %q, want none", bad, got)
		}
	}
}

// An address of the web keeps what a browser would read as something else inside its quotes.
func TestHrefStaysInItsQuotes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String().Draw(rt, "text")
		for _, h := range []htmlpage.Href{htmlpage.Web("https://example.org/" + text), htmlpage.Beside(text)} {
			page := written(rt, htmlpage.Document{Trail: []htmlpage.Link{{Text: "there", Href: h}}})
			found := regexp.MustCompile(`<p class="trail">(?:<a href="([^"]*)">there</a>|there)</p>`).FindString(page)
			if found == "" {
				rt.Fatalf("%q became\n%s", text, page[strings.Index(page, "<body>"):strings.Index(page, "<main>")])
			}
		}
	})
}

func TestSpark(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		name   string
		values htmlpage.Numbers
		lines  int
		has    string
	}{
		{"nothing", nil, 0, ""},
		{"gaps only", htmlpage.Numbers{nan, math.Inf(1)}, 0, ""},
		{"one value is in the middle", htmlpage.Numbers{100}, 1, "2.0,14.0 6.0,14.0"},
		{"a gap parts the line", htmlpage.Numbers{100, nan, 100}, 2, "158.0,14.0"},
		{"noise stays small", htmlpage.Numbers{100, 101}, 1, "158.0,13.4"},
		{"a level that doubles fills the height", htmlpage.Numbers{100, 200}, 1, "2.0,26.0 158.0,2.0"},
		{"an outlier stays inside", htmlpage.Numbers{100, 200, 100000}, 1, "158.0,2.0"},
		{"zeros", htmlpage.Numbers{0, 0}, 1, "158.0,26.0"},
	} {
		lines := htmlpage.Spark{Values: test.values}.Lines()
		if len(lines) != test.lines || !strings.Contains(strings.Join(lines, "|"), test.has) {
			t.Errorf("%s: %q, want %d lines and %q", test.name, lines, test.lines, test.has)
		}
	}
	breaks := htmlpage.Spark{Values: htmlpage.Numbers{1, 2, 3}, Breaks: []int{0, 1, 3}}.Uprights()
	if len(breaks) != 1 || breaks[0] != "41.0" {
		t.Errorf("uprights at %q, want one between the first two values", breaks)
	}
}

// Only a page that asks may send what was typed, and only to where it came from.
func TestFormPolicy(t *testing.T) {
	for _, test := range []struct {
		parts []htmlpage.Part
		want  string
	}{{nil, "form-action &#39;none&#39;"}, {[]htmlpage.Part{{Form: &htmlpage.Form{}}}, "form-action &#39;self&#39;"}} {
		page := written(t, htmlpage.Document{Sections: []htmlpage.Section{{Parts: test.parts}}})
		if !strings.Contains(page, test.want) {
			t.Errorf("the policy lacks %s", test.want)
		}
	}
}
