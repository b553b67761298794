package report_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/verdict"
)

func TestGoldenMarkdown(t *testing.T) {
	for name, view := range goldenViews() {
		goldenBytes(t, name+".md", formatted(t, "markdown", view))
	}
}

// active is what a forge makes something of, in what no reference hides from it.
var active = regexp.MustCompile("(?i)[`_\\[\\]{}@$^~]|[^&]#|#[^0-9]|://|www\\.[^&]|gh-[0-9]|<(?:script|img|a|!)|\\\\")

// code is text between two backticks, in which nothing is active that could not
// end it or a cell.
var code = regexp.MustCompile("`[^`|\\\\<>\n]+`")

func TestHostileMarkdown(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(hostileText(), rapid.SampledFrom([]string{
			"| a | b |", "[x](http://e.example)", "![x](//e.example/x.png)", "@team", "a#12",
			"GH-12", "www.e.example", "<img src=x>", "```\nsh", "# head", "\\|", "</details>", "&lt;b&gt;",
			"$x$", ":smile:", "---", "- x", "1. x", "/close", "a@b.example",
			"HTTPS://E.EXAMPLE", "**PASS**", "<!--", "%12", "!12",
		})).Draw(rt, "text")
		r := fixtureResult()
		r.Name, r.Target, r.Digest, r.Origin.Branch, r.Endpoints[1].Name = text, text, text, text, text
		v := verdict.Verdict{}
		for i := range 4 {
			v.Checks = append(v.Checks, verdict.Check{Rule: "r " + text, Subject: text, Metric: metric.P95,
				Got: ms(1), Limit: ms(2), Outcome: verdict.Outcome(i), Because: says(text), Remedies: advises(text)})
		}
		out := string(formatted(t, "markdown", content.NewView(r, v, content.Options{})))
		if found := active.FindString(code.ReplaceAllString(strings.ReplaceAll(out, "| --- |", ""), "")); found != "" {
			rt.Errorf("%q came through in:\n%s", found, out)
		}
		if strings.Count(out, "<") != 4*3 || strings.Count(out, "<details>") != 3 {
			rt.Errorf("HTML that is not ours in:\n%s", out)
		}
		for line := range strings.Lines(out) {
			if strings.HasPrefix(line, "| ") && !regexp.MustCompile(`^(\|[^|]*){6,7}\|\n$`).MatchString(line) {
				rt.Errorf("a row of other cells: %s", line)
			}
		}
		if words := strings.ReplaceAll(html.UnescapeString(out), "\u200b", ""); len(text) < 20 &&
			!strings.Contains(words, strings.TrimSpace(typeset.Clean(text))) {
			rt.Errorf("%q is not told in:\n%s", text, words)
		}
	})
}

func TestMarkdownKeepsItsLimit(t *testing.T) {
	long := strings.Repeat("#@", 1000)
	var v verdict.Verdict
	r := fixtureResult()
	for i := range 800 {
		v.Checks = append(v.Checks, verdict.Check{Rule: long, Subject: long,
			Metric: metric.P95, Outcome: verdict.Outcome(i % 4), Because: says(long), Remedies: advises(long)})
		r.Endpoints = append(r.Endpoints, r.Endpoints[0])
	}
	r.Name, r.Target, r.Digest, r.Origin.Branch, r.Origin.Commit = long, long, long, long, long
	out := string(formatted(t, "markdown", content.NewView(r, v, content.Options{All: true})))
	if len(out) > 60_000 || strings.Count(out, "<details>") != strings.Count(out, "</details>") ||
		!strings.Contains(out, "more, left out here") {
		t.Errorf("%d bytes", len(out))
	}
}
