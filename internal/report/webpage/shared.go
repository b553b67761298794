package webpage

import (
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Document is the page of a run, for those who put it among others.
func Document(v content.View) htmlpage.Document { return document(v) }

// ToneOf is an outcome as the tone of a page.
func ToneOf(o verdict.Outcome) htmlpage.Tone { return toneOf(o) }

// ChartUnit is what a chart prints values of a unit in, and what they are multiplied with for it.
func ChartUnit(u unit.Unit) (htmlpage.Dimension, float64) { return chartUnit(u) }
