package webpage

import (
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// exceptedSection is what is left out, as a table.
func exceptedSection(v content.View) htmlpage.Section {
	table := &htmlpage.Table{Columns: columnsOf("Endpoint")}
	for _, name := range []string{"Reason", "Until", "Rule", "Measured"} {
		table.Columns = append(table.Columns, htmlpage.Column{Name: name})
	}
	for _, x := range v.Excepted {
		until := x.Until
		if until == "" {
			until = "–"
		}
		table.Rows = append(table.Rows, htmlpage.Row{Cells: []htmlpage.Cell{
			htmlpage.Text(typeset.Bounded(x.NameList(), htmlName)), htmlpage.Text(typeset.Bounded(x.Reason, htmlText)),
			htmlpage.Text(until),
			htmlpage.Text(typeset.Bounded(x.Rule, htmlName)), htmlpage.Text(x.Measured),
		}})
	}
	if table.Rows == nil {
		return htmlpage.Section{}
	}
	return htmlpage.Section{
		ID: "excepted", Title: "Excepted", Lead: "What the file leaves out of its rules. It was measured all the same.",
		Parts: []htmlpage.Part{{Table: table}},
	}
}
