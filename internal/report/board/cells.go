package board

import (
	"math"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/unit"
)

func duration(v float64) htmlpage.Cell { return amount(v, unit.Duration) }

func amount(v float64, u unit.Unit) htmlpage.Cell {
	if math.IsNaN(v) {
		return htmlpage.Text("–")
	}
	return htmlpage.Number(unit.Amount(unit.Quantity{Value: v, Unit: u}), v)
}

func share(v float64) htmlpage.Cell {
	if math.IsNaN(v) {
		return htmlpage.Text("–")
	}
	return htmlpage.Number(content.Percent(v), v)
}
