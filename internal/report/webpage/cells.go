package webpage

import (
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/terminal"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// columnsOf are a first column of words and others of numbers.
func columnsOf(first string, numbers ...string) []htmlpage.Column {
	columns := []htmlpage.Column{{Name: first}}
	for _, name := range numbers {
		columns = append(columns, htmlpage.Column{Name: name, Number: true})
	}
	return columns
}

// outcomeBadge is an outcome as a cell.
func outcomeBadge(o verdict.Outcome) htmlpage.Cell {
	return htmlpage.Cell{Text: o.String(), Badge: ToneOf(o)}
}

// durationCell is a cell of a duration; a dash where there is none.
func durationCell(d time.Duration, ok bool) htmlpage.Cell {
	if !ok {
		return htmlpage.Text("–")
	}
	return htmlpage.Number(unit.Of(d).String(), float64(d))
}

// valueCell is the text of a value, sorted by it; one that was not measured comes last.
func valueCell(text string, v verdict.Value) htmlpage.Cell {
	if !v.OK {
		return htmlpage.Text(text)
	}
	return htmlpage.Number(text, v.Value)
}

func countCell(n int64) htmlpage.Cell { return htmlpage.Number(unit.Grouped(n), float64(n)) }

func endpointCell(f content.Figure) htmlpage.Cell {
	c := htmlpage.Text(typeset.Bounded(f.Name, htmlName))
	c.Small = strings.TrimSpace(f.Kind())
	return c
}

// expectedCell is an expected number of requests: of a group without think
// times nobody knows it.
func expectedCell(n float64) htmlpage.Cell {
	if n == 0 {
		return htmlpage.Text("–")
	}
	return htmlpage.Number(terminal.Rounded(n), n)
}

// shareCell is a part of a whole, with a bar that is longest for the most.
func shareCell(part, of, most float64) htmlpage.Cell {
	if of == 0 || part == 0 {
		return htmlpage.Text("–")
	}
	return htmlpage.Cell{Text: content.Percent(part / of), Sort: part / of, Sorted: true, Share: part / most}
}

// The bytes of a name and of a sentence.
const (
	htmlName = 300
	htmlText = 2000
)
