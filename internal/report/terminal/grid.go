package terminal

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/report/typeset"
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
	// wrapped continues a first column that is too wide on the next line: no note
	// gives its names in full. hang is the indentation there, in cells.
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
			texts[i], limits[i] = row[column], widths[column]-typeset.Width(g.suffix(i, column))
		}
		for i, text := range typeset.ShortenAll(texts, limits) {
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
		if typeset.Width(row[0]) > limit {
			lines = typeset.Wrap(row[0], limit-g.hang)
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
		widths[column] = typeset.Width(text)
	}
	for i, row := range g.rows {
		for column, text := range row {
			widths[column] = max(widths[column], typeset.Width(text+g.suffix(i, column)))
		}
	}
	return widths
}
