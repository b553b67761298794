package htmlpage_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/htmlpage"
)

// A cell with a link leads to it from a table and from a panel, as a finding does, and to nothing that a browser would
// run.
func TestLinkedCells(t *testing.T) {
	linked := func(link string) *htmlpage.Table {
		return &htmlpage.Table{Columns: []htmlpage.Column{{Name: "Trace"}}, Rows: []htmlpage.Row{{
			Cells: []htmlpage.Cell{{Text: "4b<f9", Href: htmlpage.Web(link)}},
		}}}
	}
	for link, want := range map[string]string{
		"":                                 `<td>4b&lt;f9</td>`,
		"https://a/b?c=1&d=2":              `<td><a href="https://a/b?c=1&amp;d=2">4b&lt;f9</a></td>`,
		`https://a/"><script>alert(1)`:     `<td><a href="https://a/%22%3E%3Cscript%3Ealert%281%29">4b&lt;f9</a></td>`,
		"javascript:alert(1)":              `<td>4b&lt;f9</td>`,
		"data:text/html,<script></script>": `<td>4b&lt;f9</td>`,
	} {
		for name, part := range map[string]htmlpage.Part{
			"table": {Table: linked(link)}, "panel": {Panel: &htmlpage.Panel{Table: linked(link)}},
		} {
			page := written(t, htmlpage.Document{Sections: []htmlpage.Section{{Parts: []htmlpage.Part{part}}}})
			if !strings.Contains(page, want) {
				at := strings.Index(page, "4b&lt;f9")
				t.Errorf("%s, %q: %s, want %s", name, link, page[max(0, at-80):at+20], want)
			}
		}
		finding := htmlpage.Finding{Also: htmlpage.Also{Label: "see",
			Link: htmlpage.Link{Text: "4b<f9", Href: htmlpage.Web(link)}}}
		page := written(t, htmlpage.Document{Sections: []htmlpage.Section{{Parts: []htmlpage.Part{
			{Findings: []htmlpage.Finding{finding, {}}},
		}}}})
		want = strings.NewReplacer("<td>", `<p class="place">see `, "</td>", "</p>").Replace(want)
		if !strings.Contains(page, want) || strings.Count(page, `class="place"`) != 1 {
			t.Errorf("finding, %q: want one %s", link, want)
		}
	}
}
