package report

import (
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// gap is the space between two columns.
const gap = 2

// grid is a table before it is laid out. Its cells are clean text.
type grid struct {
	header []string
	rows   [][]string
	// suffixes are appended to the cells of column suffixed, and never
	// shortened; one for each row.
	suffixes []string
	suffixed int
	right    []int // columns that are aligned to the right
	squeeze  []squeeze
	// wrapped says that the first column goes on below where it is too wide: its
	// names have no place that tells them in full. hang is how far it is indented
	// there, in cells.
	wrapped bool
	hang    int
	of      []int // by row, once it was fitted with wrapping: the row that was added
}

// squeeze lets a column give way, down to a least width.
type squeeze struct{ column, least int }

// add appends a row and its suffix.
func (g *grid) add(suffix string, cells ...string) {
	g.rows = append(g.rows, cells)
	g.suffixes = append(g.suffixes, suffix)
}

// fit shortens cells until no line is wider than limit, and returns the rows
// whose suffixed column lost something. A last column without text goes.
func (g *grid) fit(limit int) (shortened []int) {
	g.dropEmptyEnd()
	widths := g.widths()
	over := gap*(len(widths)-1) - limit
	for _, w := range widths {
		over += w
	}
	for _, s := range g.squeeze {
		if give := min(over, widths[s.column]-s.least); give > 0 {
			widths[s.column] -= give
			over -= give
		}
	}
	for column := range g.header {
		if column == 0 && g.wrapped {
			continue
		}
		texts, limits := make([]string, len(g.rows)), make([]int, len(g.rows))
		for i, row := range g.rows {
			texts[i], limits[i] = row[column], widths[column]-width(g.suffix(i, column))
		}
		for i, text := range shortenAll(texts, limits) {
			g.rows[i][column] = text + g.suffix(i, column)
			if column == g.suffixed && text != texts[i] {
				shortened = append(shortened, i)
			}
		}
	}
	if g.wrapped {
		g.wrap(widths[0])
	}
	return shortened
}

// wrap lets the first column go on in rows of its own.
func (g *grid) wrap(limit int) {
	rows, suffixes := g.rows, g.suffixes
	g.rows, g.suffixes = nil, nil
	for i, row := range rows {
		lines := []string{row[0]}
		if width(row[0]) > limit {
			lines = wrap(row[0], limit-g.hang)
		}
		for n, line := range lines {
			cells, suffix := row, suffixes[i]
			if n > 0 {
				cells, suffix = make([]string, len(row)), ""
				line = strings.Repeat(" ", g.hang) + line
			}
			cells[0] = line
			g.add(suffix, cells...)
			g.of = append(g.of, i)
		}
	}
}

func (g *grid) suffix(row, column int) string {
	if column != g.suffixed {
		return ""
	}
	return g.suffixes[row]
}

func (g *grid) dropEmptyEnd() {
	last := len(g.header) - 1
	for _, row := range g.rows {
		if row[last] != "" {
			return
		}
	}
	g.keep(last)
}

// keep leaves only the first columns.
func (g *grid) keep(columns int) {
	g.header = g.header[:columns]
	for i := range g.rows {
		g.rows[i] = g.rows[i][:columns]
	}
	g.right = slices.DeleteFunc(g.right, func(column int) bool { return column >= columns })
}

// drop takes a column out.
func (g *grid) drop(column int) {
	g.header = slices.Delete(g.header, column, column+1)
	for i := range g.rows {
		g.rows[i] = slices.Delete(g.rows[i], column, column+1)
	}
	g.right = slices.DeleteFunc(g.right, func(at int) bool { return at == column })
	for i, at := range g.right {
		if at > column {
			g.right[i]--
		}
	}
}

// widths are the columns' widths with every cell whole.
func (g *grid) widths() []int {
	widths := make([]int, len(g.header))
	for column, text := range g.header {
		widths[column] = width(text)
	}
	for i, row := range g.rows {
		for column, text := range row {
			widths[column] = max(widths[column], width(text+g.suffix(i, column)))
		}
	}
	return widths
}

// grid prints a fitted grid; paint colours a cell and must not change its
// width.
func (p *page) grid(g grid, paint func(row, column int, text string) string) {
	var text strings.Builder
	table := newTable(&text, g)
	header := make([]string, len(g.header))
	for i, name := range g.header {
		header[i] = p.ink.dim(name)
	}
	table.Header(header)
	for i, row := range g.rows {
		painted := make([]string, len(row))
		for column, cell := range row {
			painted[column] = paint(i, column, cell)
		}
		if err := table.Append(painted); err != nil {
			p.err = err
			return
		}
	}
	if err := table.Render(); err != nil {
		p.err = err
		return
	}
	for line := range strings.Lines(text.String()) {
		// The library ends a coloured cell with a reset of its own, after the
		// padding, where it only keeps blanks at the end of lines.
		p.line(strings.ReplaceAll(strings.TrimRight(line, "\n"), " "+sgrReset, " "))
	}
}

// newTable sets the library to plain columns: no borders, no rewriting of
// headers, no wrapping.
//
// WithConfig must be the first option: it undoes those before it.
// WithEastAsian keeps the locale of the machine out of the layout.
func newTable(w *strings.Builder, g grid) *tablewriter.Table {
	align := make([]tw.Align, len(g.header))
	for i := range align {
		align[i] = tw.AlignLeft
	}
	for _, column := range g.right {
		align[column] = tw.AlignRight
	}
	padding := make([]tw.Padding, len(g.header))
	for i := range padding {
		padding[i] = tw.Padding{Right: strings.Repeat(" ", gap), Overwrite: true}
	}
	padding[len(padding)-1] = tw.PaddingNone
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{PerColumn: align},
		Padding:    tw.CellPadding{PerColumn: padding},
	}
	return tablewriter.NewTable(w,
		tablewriter.WithConfig(tablewriter.Config{Header: cells, Row: cells}),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Settings: tw.Settings{
				Lines: tw.Lines{ShowHeaderLine: tw.Off, ShowTop: tw.Off,
					ShowBottom: tw.Off, ShowFooterLine: tw.Off},
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off, ShowHeader: tw.Off},
			},
		})),
	)
}
