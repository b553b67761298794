package webpage

import (
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/terminal"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// serverPart is the same for the page.
func serverPart(v content.View) (htmlpage.Part, bool) {
	endpoints := terminal.WithServerTiming(v.Run.Endpoints)
	if len(endpoints) == 0 {
		return htmlpage.Part{}, false
	}
	table := &htmlpage.Table{Sortable: true, Caption: "Times reported by the service (Server-Timing): means of the " +
		"whole run, and how many database queries a request made (×).",
		Columns: []htmlpage.Column{{Name: "Endpoint"}}}
	names := terminal.ServerNames(endpoints, terminal.MostServerParts)
	for _, name := range names {
		table.Columns = append(table.Columns, htmlpage.Column{Name: typeset.Bounded(name, 40), Number: true})
	}
	for _, e := range endpoints {
		row := htmlpage.Row{Cells: []htmlpage.Cell{endpointCell(content.Figure{Name: e.Name, Once: e.Once})}}
		for _, name := range names {
			cell := htmlpage.Text("–")
			if part := terminal.ServerCellOf(e, name); part.Known {
				cell = htmlpage.Number(part.Text, float64(part.Mean))
			}
			row.Cells = append(row.Cells, cell)
		}
		table.Rows = append(table.Rows, row)
	}
	return htmlpage.Part{Table: table}, true
}
