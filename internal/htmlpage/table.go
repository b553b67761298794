package htmlpage

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// markup is HTML that grows. Tables are most of a page, and a live page is sent them while a load is made: a template
// takes several times as long for them.
type markup struct {
	strings.Builder
	link func(Link) (string, error)
}

// harmless is what a text has in place of what HTML reads, between tags and in an attribute's quotes alike: that of
// html/template.
var harmless = strings.NewReplacer("\x00", "\uFFFD", `"`, "&#34;", "&", "&amp;", "'", "&#39;", "+", "&#43;",
	"<", "&lt;", ">", "&gt;")

// put writes HTML of this package's own and texts of anybody in turn, HTML first.
func (m *markup) put(parts ...string) {
	for i, part := range parts {
		if i%2 == 0 {
			m.WriteString(part)
		} else {
			_, _ = harmless.WriteString(m, part) // a Builder takes everything
		}
	}
}

// tableWriter writes tables as HTML; link writes those links that lead somewhere.
func tableWriter(link func(Link) (string, error)) func(*Table) (template.HTML, error) {
	return func(t *Table) (template.HTML, error) {
		m := markup{link: link}
		err := m.table(t)
		return template.HTML(m.String()), err
	}
}

func (m *markup) table(t *Table) error {
	if t.Caption != "" {
		m.put(`<p class="note caption">`, t.Caption, `</p>`)
	}
	m.put("\n" + `<div class="scroll"><table`)
	if t.Sortable {
		m.put(` class="sortable"`)
	}
	m.put(">\n<thead><tr>")
	for _, c := range t.Columns {
		m.put(`<th scope="col"`)
		if c.Number {
			m.put(` class="number"`)
		}
		if c.Title != "" {
			m.put(` title="`, c.Title, `"`)
		}
		if t.Sortable {
			m.put(` aria-sort="none"><button type="button">`, c.Name, `</button></th>`)
		} else {
			m.put(`>`, c.Name, `</th>`)
		}
	}
	m.put("</tr></thead>\n<tbody>")
	if err := m.rows(t.Columns, t.Rows); err != nil {
		return err
	}
	m.put("\n</tbody>")
	if len(t.Foot) > 0 {
		m.put("<tfoot>")
		if err := m.rows(t.Columns, t.Foot); err != nil {
			return err
		}
		m.put("\n</tfoot>")
	}
	m.put("</table></div>")
	return nil
}

func (m *markup) rows(columns []Column, rows []Row) error {
	for _, r := range rows {
		if len(r.Cells) > len(columns) {
			return fmt.Errorf("a row has %d cells, its table %d columns", len(r.Cells), len(columns))
		}
		m.put("\n<tr>")
		for i := range r.Cells {
			m.put("<td")
			if columns[i].Number {
				m.put(` class="number"`)
			}
			if err := m.cell(&r.Cells[i]); err != nil {
				return err
			}
			m.put("</td>")
		}
		m.put("</tr>")
	}
	return nil
}

// cell writes the rest of the cell's tag, and what is in it.
func (m *markup) cell(c *Cell) error {
	if c.Sorted {
		m.put(` data-sort="`, fmt.Sprint(c.Sort), `"`)
	}
	m.put(">")
	if c.Share != 0 {
		m.put(`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="`,
			percent(c.Share), `" height="4"/></svg>`)
	}
	if c.Scale != nil {
		m.scale(c.Scale)
	}
	switch {
	case c.Spark != nil:
		m.spark(c.Spark)
	case c.Badge != Plain:
		m.put(`<span class="badge `, c.Badge.Class(), `">`, c.Text, `</span>`)
	case c.Share != 0:
		m.put(`<span class="barred">`, c.Text, `</span>`)
	default:
		if err := m.anchor(Link{c.Text, c.Href}); err != nil {
			return err
		}
	}
	for i, l := range c.Links {
		if i > 0 {
			m.put(` <span aria-hidden="true">·</span> `)
		}
		if err := m.anchor(l); err != nil {
			return err
		}
	}
	if c.Small != "" {
		m.put(` <small>`, c.Small, `</small>`)
	}
	return nil
}

// anchor writes a link, or the text alone of one that leads nowhere.
func (m *markup) anchor(l Link) error {
	if l.Href.to == "" {
		m.put("", l.Text)
		return nil
	}
	text, err := m.link(l)
	m.put(text)
	return err
}

func (m *markup) scale(s *Scale) {
	m.put(`<svg class="scale `, s.Tone.Class(), `" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">`+
		`<rect class="track" y="3" width="100" height="2"/><rect class="interval" x="`, percent(s.Low),
		`" y="1.5" width="`, percent(min(max(s.High, 0), 1)-min(max(s.Low, 0), 1)),
		`" height="5"/><rect class="limit" x="`, percent(s.Limit), `" width="1" height="8"/><rect class="value" x="`,
		percent(s.Value), `" width="1.6" height="8"/></svg>`)
}

func (m *markup) spark(s *Spark) {
	m.put(`<svg class="spark" viewBox="`, s.Box(), `" aria-hidden="true">`)
	for _, x := range s.Uprights() {
		m.put(`<line x1="`, x, `" x2="`, x, `" y1="0" y2="100%"/>`)
	}
	for _, points := range s.Lines() {
		m.put(`<polyline points="`, points, `"/>`)
	}
	m.put(`</svg>`)
}

// percent is a share in [0,1] in percent, without the sign.
func percent(share float64) string { return strconv.FormatFloat(100*min(max(share, 0), 1), 'f', 1, 64) }
