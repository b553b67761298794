package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// page collects lines; the first error of the table library stays.
type page struct {
	ink   ink
	width int
	text  strings.Builder
	err   error
}

// line prints one line, which must not begin as a command of GitHub's workflows: only the report
// of a run is printed with commands switched off, a plan, a history and a comparison are not.
func (p *page) line(text string) {
	p.text.WriteString(typeset.CleanLine(strings.TrimRight(text, " ")) + "\n")
}

// heading says what was run, in a title and a few facts.
func (p *page) heading(v content.View) {
	p.titled(v.Title, v.Target)
	for _, fact := range v.Facts {
		p.fact(fact.Label, fact.Text)
	}
}

// hanging wraps a text after a lead; further lines are indented by its width.
func (p *page) hanging(lead, text string) {
	indent := strings.Repeat(" ", typeset.Width(lead))
	for i, line := range typeset.Wrap(typeset.Clean(text), p.width-len(indent)) {
		if i == 0 {
			p.line(lead + line)
			continue
		}
		p.line(indent + line)
	}
}

// explain prints what signs mean.
func (p *page) explain(parts []string) {
	if len(parts) == 0 {
		return
	}
	for _, line := range typeset.Wrap(strings.Join(parts, " · "), p.width) {
		p.line(p.ink.dim(line))
	}
}

// phases prints where the time of the endpoints' requests went, where the
// document tells.
func (p *page) phases(figures []content.Figure) {
	if !slices.ContainsFunc(figures, func(f content.Figure) bool { return f.Phases != result.Phases{} }) {
		return
	}
	p.line("")
	g := grid{
		header:  []string{"MEAN TIME", "NEW CONNS", "DNS", "CONNECT", "TLS", "FIRST BYTE", "BODY"},
		right:   []int{1, 2, 3, 4, 5, 6},
		squeeze: []squeeze{{column: 0, least: 12}}, wrapped: []int{0}, hang: 2,
	}
	for _, f := range figures {
		g.add(f.Kind(), content.PhaseCells(f)...)
	}
	g.fit(p.width)
	p.grid(g, func(_, _ int, text string) string { return text })
}

// more is the suffix of a row that shows several checks.
func more(r content.Row) string {
	if r.More == 0 {
		return ""
	}
	return fmt.Sprintf(" +%d", r.More)
}

// sign marks the rows of an outcome, under its name.
func sign(o verdict.Outcome) string {
	return [...]string{verdict.Inconclusive: "?", verdict.Pass: "✓", verdict.Warn: "!", verdict.Fail: "✗"}[o&3]
}

func (p *page) fact(label, text string) {
	p.hanging(fmt.Sprintf("  %s  ", p.ink.dim(fmt.Sprintf("%-8s", label))), text)
}

// newPage is a page of so many cells.
func newPage(o content.Options) page {
	return page{ink: ink{o.Color}, width: o.Cells()}
}

// writeTo writes the page, unless the table library failed.
func (p *page) writeTo(w io.Writer) error {
	if p.err != nil {
		return p.err
	}
	_, err := io.WriteString(w, p.text.String())
	return err
}

// titled is the first line of a page: what was run, and a few words about it, which have lines of their own where one
// is not enough.
func (p *page) titled(title, about string) {
	title, about = typeset.Clean(title), typeset.Clean(about)
	if typeset.Width(title)+2+typeset.Width(about) <= p.width {
		p.line(p.ink.bold(title) + "  " + p.ink.dim(about))
		return
	}
	for _, line := range typeset.Wrap(typeset.Shorten(title, mostLines*p.width), p.width) {
		p.line(p.ink.bold(line))
	}
	for _, line := range typeset.Wrap(typeset.Shorten(about, mostLines*p.width), p.width-2) {
		p.line("  " + p.ink.dim(line))
	}
}

// grid prints a fitted grid; paint colours a cell of a row that was added, in its first line, and must not change its
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
			if painted[column] = cell; i == 0 || g.of[i-1] != g.of[i] {
				painted[column] = paint(g.of[i], column, cell)
			}
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
