package terminal

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/report/typeset"
)

// gap is the space between two columns.
const gap = 2

// mostLines is about how many lines a cell takes: nobody reads a name that is longer.
const mostLines = 10

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
	spoken   map[int]bool // rows with words in column suffixed, not a name: cut, nothing would give them in full
	// wrapped are columns that go on on the next line where they are too wide: no note gives their names in full.
	// hang is the indentation of the first column there, in cells.
	wrapped []int
	hang    int
	of      []int // by row, once it was fitted: the row that was added
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
	widths := g.squeezed(limit)
	for column := range g.header {
		if slices.Contains(g.wrapped, column) {
			for i := range g.rows {
				g.rows[i][column] += g.suffix(i, column)
			}
			continue
		}
		texts, limits := make([]string, len(g.rows)), make([]int, len(g.rows))
		for i, row := range g.rows {
			texts[i], limits[i] = row[column], widths[column]-typeset.Width(g.suffix(i, column))
			if column == g.suffixed && g.spoken[i] {
				limits[i] = typeset.Width(texts[i]) // wrap breaks it
			}
		}
		for i, text := range typeset.ShortenAll(texts, limits) {
			g.rows[i][column] = text + g.suffix(i, column)
			if column == g.suffixed && text != texts[i] {
				shortened = append(shortened, i)
			}
		}
	}
	g.wrap(widths)
	return shortened
}

// squeezed are the widths of the columns in limit cells. Words are kept whole if the first column can
// give them the room.
func (g *grid) squeezed(limit int) []int {
	whole := g.widths()
	words := 0
	for i := range g.rows {
		if g.spoken[i] {
			words = max(words, typeset.Width(g.rows[i][g.suffixed]+g.suffix(i, g.suffixed)))
		}
	}
	var roomy []squeeze
	for _, s := range g.squeeze {
		switch s.column {
		case 0:
			roomy = append(roomy, s)
		case g.suffixed:
			roomy = append(roomy, squeeze{s.column, max(s.least, words)})
		}
	}
	if widths, over := give(whole, roomy, limit); words > 0 && over <= 0 {
		return widths
	}
	widths, _ := give(whole, g.squeeze, limit)
	return widths
}

// give lets columns give way until a line has limit cells, and returns the cells that are still too many.
func give(whole []int, order []squeeze, limit int) (widths []int, over int) {
	widths = slices.Clone(whole)
	over = gap*(len(widths)-1) - limit
	for _, w := range widths {
		over += w
	}
	for _, s := range order {
		if given := min(over, widths[s.column]-s.least); given > 0 {
			widths[s.column] -= given
			over -= given
		}
	}
	return widths, over
}

// wrap lets wrapped columns, and words, go on in rows of their own.
func (g *grid) wrap(widths []int) {
	rows, suffixes := g.rows, g.suffixes
	g.rows, g.suffixes = nil, nil
	for i, row := range rows {
		parts, most := make([][]string, len(row)), 1
		for column, text := range row {
			parts[column] = []string{text}
			if g.breaks(i, column) && typeset.Width(text) > widths[column] {
				room := widths[column] - g.indent(column)
				parts[column] = typeset.Wrap(typeset.Shorten(text, mostLines*room), room)
			}
			most = max(most, len(parts[column]))
		}
		for n := range most {
			cells, suffix := make([]string, len(row)), suffixes[i]
			if n > 0 {
				suffix = ""
			}
			for column, lines := range parts {
				if n < len(lines) {
					cells[column] = lines[n]
				}
				if n > 0 && cells[column] != "" {
					cells[column] = strings.Repeat(" ", g.indent(column)) + cells[column]
				}
			}
			g.add(suffix, cells...)
			g.of = append(g.of, i)
		}
	}
}

// breaks says whether a cell goes on on the next line.
func (g *grid) breaks(row, column int) bool {
	return slices.Contains(g.wrapped, column) || column == g.suffixed && g.spoken[row]
}

// indent is that of the lines that go on.
func (g *grid) indent(column int) int {
	if column == 0 {
		return g.hang
	}
	return 0
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
