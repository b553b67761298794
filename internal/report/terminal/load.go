package terminal

import (
	"slices"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// stages prints the levels of a load in stages, from which a breaking point
// shows.
func (p *page) stages(v content.View) {
	rows := v.StageRows()
	if len(rows) == 0 {
		return
	}
	header, limits := content.StageHeader(v.Stages), content.ColumnLimits
	if p.width < 100 {
		header, limits = slices.Delete(header, content.ColumnP50, content.ColumnP50+1), limits-1
	}
	g := grid{
		header: header, right: []int{1, 2, 3, 4, 5, 6}[:limits-1],
		squeeze: []squeeze{{limits, 20}, {content.ColumnStage, 10}, {limits, 8}},
		wrapped: []int{content.ColumnStage, limits}, hang: 2,
	}
	for _, r := range rows {
		mark := " "
		if r.Judged {
			mark = sign(r.Outcome)
		}
		r.Cells[content.ColumnStage], r.Cells[content.ColumnLimits] = mark+" "+r.Cells[content.ColumnStage],
			typeset.Clean(r.Cells[content.ColumnLimits])
		if p.width < 100 {
			r.Cells = slices.Delete(r.Cells, content.ColumnP50, content.ColumnP50+1)
		}
		g.add("", r.Cells...)
	}
	p.line("")
	g.fit(p.width)
	p.grid(g, func(row, column int, text string) string {
		switch {
		case !rows[row].Judged:
			return p.ink.dim(text)
		case column == content.ColumnStage:
			return p.ink.outcome(rows[row].Outcome, text)
		}
		return text
	})
}
