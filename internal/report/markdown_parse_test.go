package report_test

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/verdict"
)

// structure is what a parser of GitHub's Markdown makes of a text: its blocks,
// cells, links, images and HTML, without the words between them.
func structure(t interface{ Fatal(...any) }, markdown string) string {
	source := []byte(markdown)
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	var kinds strings.Builder
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text, *ast.String, *ast.CodeSpan:
			return ast.WalkContinue, nil // words
		case *ast.HTMLBlock:
			if entering {
				kinds.WriteString(string(n.Lines().Value(source)))
			}
		}
		if entering {
			kinds.WriteString(n.Kind().String() + "(")
		} else {
			kinds.WriteString(")")
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds.String()
}

// Whatever a service or a file calls things, a parser finds the same blocks,
// cells and HTML as for a plain word, in the report and in the summary of a job.
func TestMarkdownParsesAlike(t *testing.T) {
	written := func(t interface{ Fatal(...any) }, word string) string {
		r := pagedResult()
		r.Name, r.Target, r.Origin.Branch, r.Endpoints[1].Name = word, word, word, word
		var v verdict.Verdict
		for i := range 4 {
			v.Checks = append(v.Checks, verdict.Check{
				Rule: word, Subject: word, Endpoints: []string{word}, Metric: metric.P95,
				Got: ms(1), Limit: ms(2), Outcome: verdict.Outcome(i), Because: says(word), Remedies: advises(word),
			})
		}
		return structure(t, summary(t, content.NewView(r, v, content.Options{}), github.SummaryLimit))
	}
	plain := written(t, "word")
	if strings.Count(plain, "TableCell(") < 40 || !strings.Contains(plain, "FencedCodeBlock(") ||
		strings.Contains(plain, "Link(") {
		t.Fatalf("a plain word makes %s", plain)
	}
	rapid.Check(t, func(rt *rapid.T) {
		hostile := "x" + rapid.OneOf(commanding, hostileText(), rapid.SampledFrom([]string{
			"| a | b |", "[x](http://e.example)", "![x](//e.example/x.png)", "<img src=x>",
			"</details>", "```\nsh", "`a`", "``", "\\|", "|`|`", "https://e.example/a", "www.e.example",
			"a@b.example", "**b**", "~~s~~", "- [ ] x", "[^1]", "&lt;b&gt;", "<!--", "a\\",
		})).Draw(rt, "text") + rapid.SampledFrom([]string{"", "x", " ", "\\", "`"}).Draw(rt, "end")
		if got := written(rt, hostile); got != plain {
			rt.Fatalf("%q makes\n%s\na plain word makes\n%s", hostile, got, plain)
		}
	})
}

// The address of the history is one link, whatever it holds, and nothing that is no address of the web becomes one.
func TestMarkdownLinksSite(t *testing.T) {
	linked := func(t interface{ Fatal(...any) }, site string) string {
		v := content.NewView(fixtureResult(), verdict.Verdict{}, content.Options{Site: site})
		return structure(t, summary(t, v, github.SummaryLimit))
	}
	plain, none := linked(t, "https://example.org/a"), linked(t, "")
	if strings.Count(plain, "Link(") != 1 || strings.Contains(none, "Link(") {
		t.Fatalf("an address makes\n%s\nnone makes\n%s", plain, none)
	}
	rapid.Check(t, func(rt *rapid.T) {
		hostile := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{")", ">", "](x)", "> <img src=x>", "|", "`",
			"\n\n# a", "\\", "@team", "<!--", "é"})).Draw(rt, "text")
		if got := linked(rt, "https://example.org/"+hostile); got != plain && got != none {
			rt.Fatalf("%q makes\n%s", hostile, got)
		}
		if got := linked(rt, hostile); got != plain && got != none {
			rt.Fatalf("%q makes\n%s", hostile, got)
		}
	})
	if got := linked(t, "javascript:alert(1)"); got != none {
		t.Errorf("a script is linked: %s", got)
	}
}
