package htmlpage_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/htmlpage"
)

// Each kind of cell, as it is written on a page and for an update of one.
func TestTable(t *testing.T) {
	a, b := htmlpage.Beside("a.html"), htmlpage.Web("https://b.example/?c=1&d='")
	s := htmlpage.Section{ID: "s", Title: "S", Parts: []htmlpage.Part{{Table: &htmlpage.Table{
		Caption: `"c"`, Sortable: true,
		Columns: []htmlpage.Column{{Name: "<n>", Title: "a+b"}, {Name: "v", Number: true}},
		Rows: []htmlpage.Row{
			{Cells: []htmlpage.Cell{{Text: "x\x00&", Small: "it's"}, htmlpage.Number("1e21", 1e21)}},
			{Cells: []htmlpage.Cell{{Text: "w", Badge: htmlpage.Warn}, {Text: "<h>", Share: 0.5}}},
			{Cells: []htmlpage.Cell{{Text: "<a>", Href: a, Links: []htmlpage.Link{{Text: "b", Href: b}, {Text: "c"}}},
				{Scale: &htmlpage.Scale{Low: 0.25, Value: 0.5, High: 2, Limit: 0.625, Tone: htmlpage.Pass}}}},
			{Cells: []htmlpage.Cell{{}, {Spark: &htmlpage.Spark{Values: htmlpage.Numbers{1, 2}, Breaks: []int{1}}}}},
		},
		Foot: []htmlpage.Row{{Cells: []htmlpage.Cell{{Text: "all"}}}},
	}}}}
	want := `
<h2>S</h2>

<p class="note caption">&#34;c&#34;</p>
<div class="scroll"><table class="sortable">
<thead><tr><th scope="col" title="a&#43;b" aria-sort="none"><button type="button">&lt;n&gt;</button></th>` +
		`<th scope="col" class="number" aria-sort="none"><button type="button">v</button></th></tr></thead>
<tbody>
<tr><td>x` + "\uFFFD" + `&amp; <small>it&#39;s</small></td><td class="number" data-sort="1e&#43;21">1e21</td></tr>
<tr><td><span class="badge warn">w</span></td><td class="number"><svg class="bar" viewBox="0 0 100 4" ` +
		`preserveAspectRatio="none" aria-hidden="true"><rect width="50.0" height="4"/></svg>` +
		`<span class="barred">&lt;h&gt;</span></td></tr>
<tr><td><a href="a.html">&lt;a&gt;</a><a href="https://b.example/?c=1&amp;d=%27">b</a>` +
		` <span aria-hidden="true">·</span> c</td><td class="number"><svg class="scale pass" viewBox="0 0 100 8" ` +
		`preserveAspectRatio="none" aria-hidden="true"><rect class="track" y="3" width="100" height="2"/>` +
		`<rect class="interval" x="25.0" y="1.5" width="75.0" height="5"/>` +
		`<rect class="limit" x="62.5" width="1" height="8"/>` +
		`<rect class="value" x="50.0" width="1.6" height="8"/></svg>` +
		`</td></tr>
<tr><td></td><td class="number"><svg class="spark" viewBox="0 0 160 28" aria-hidden="true">` +
		`<line x1="80.0" x2="80.0" y1="0" y2="100%"/><polyline points="2.0,26.0 158.0,2.0"/></svg></td></tr>
</tbody><tfoot>
<tr><td>all</td></tr>
</tfoot></table></div>
`
	got, err := htmlpage.Content(s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a section (-want +got):\n%s", diff)
	}
	if page := written(t, htmlpage.Document{Sections: []htmlpage.Section{s}}); !strings.Contains(page, want) {
		t.Error("the page has another table than the update")
	}
}

// A row with more cells than its table has columns is a mistake of the caller, not half a page.
func TestTooManyCells(t *testing.T) {
	row := htmlpage.Row{Cells: []htmlpage.Cell{{Text: "a"}, {Text: "b"}}}
	for name, table := range map[string]htmlpage.Table{
		"row": {Rows: []htmlpage.Row{row}}, "foot": {Foot: []htmlpage.Row{row}},
	} {
		table.Columns = []htmlpage.Column{{Name: "n"}}
		s := htmlpage.Section{Parts: []htmlpage.Part{{Table: &table}}}
		if text, err := htmlpage.Content(s); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
}
