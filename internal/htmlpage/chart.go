package htmlpage

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
)

// Dimension says how the values of an axis are printed. The zero value is
// Count.
type Dimension string

// The dimensions and the units of their values.
const (
	Count        Dimension = "count"
	Milliseconds Dimension = "ms"
	PerSecond    Dimension = "per_s"
	PerMinute    Dimension = "per_min"
	PerHour      Dimension = "per_h"
	PerDay       Dimension = "per_day"
	Bytes        Dimension = "bytes"   // printed in powers of 1024
	Ratio        Dimension = "ratio"   // in [0,1], printed in percent
	Elapsed      Dimension = "elapsed" // seconds since the start, of the horizontal axis
	Ordinal      Dimension = "ordinal" // of the horizontal axis: the place in Labels
)

// Chart is lines over one horizontal axis.
type Chart struct {
	Title string `json:"title"`
	Note  string `json:"-"` // below the chart; may be empty
	// X is where the values stand, ascending.
	X      Numbers   `json:"x"`
	XKind  Dimension `json:"x_kind"`           // Elapsed or Ordinal
	XName  string    `json:"x_name"`           // what the legend calls it
	Labels []string  `json:"labels,omitempty"` // of Ordinal
	Until  float64   `json:"until,omitempty"`  // right end of Elapsed; 0: the last of X
	// Rolling is how many points a live page keeps, the newest; 0: all.
	Rolling int      `json:"rolling,omitempty"`
	Series  []Series `json:"series"`
	Limits  []Limit  `json:"limits,omitempty"`
	Shades  []Shade  `json:"shades,omitempty"`
}

// Series is one line, beside X. NaN is a gap: nothing was measured there.
type Series struct {
	Name   string    `json:"name"`
	Values Numbers   `json:"values"`
	Unit   Dimension `json:"unit"`
	Right  bool      `json:"right,omitempty"` // has the axis at the right, for another dimension
	Bars   bool      `json:"bars,omitempty"`
	Points bool      `json:"points,omitempty"` // mark every value
	// Quiet values are in the legend under the pointer and are not drawn.
	Quiet bool `json:"quiet,omitempty"`
	// Color is 1 to 6, in the order of the palette; 0: the next free one.
	Color int  `json:"color,omitempty"`
	Dash  bool `json:"dash,omitempty"`
}

// Limit is a line across the chart with a word at its end.
type Limit struct {
	Text  string  `json:"text"`
	Value float64 `json:"value"`
	Tone  Tone    `json:"tone"`
	// Upright stands at a place of the horizontal axis, in its values.
	Upright bool `json:"upright,omitempty"`
}

// Shade is a highlighted range of the horizontal axis.
type Shade struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
	Text string  `json:"text"`
}

// Numbers are written with four significant digits, enough for a chart; what is
// no number is written as null.
type Numbers []float64

// MarshalJSON never fails.
func (n Numbers) MarshalJSON() ([]byte, error) {
	text := make([]byte, 0, 6*len(n)+2)
	text = append(text, '[')
	for i, v := range n {
		if i > 0 {
			text = append(text, ',')
		}
		if !finite(v) {
			text = append(text, "null"...)
			continue
		}
		text = strconv.AppendFloat(text, v, 'g', 4, 64)
	}
	return append(text, ']'), nil
}

// drawable is the chart without the limits and shades that have no place on an axis: JSON has
// no infinity, and one of them must not cost the whole page.
func (c Chart) drawable() Chart {
	c.Limits = slices.DeleteFunc(slices.Clone(c.Limits), func(l Limit) bool { return !finite(l.Value) })
	c.Shades = slices.DeleteFunc(slices.Clone(c.Shades), func(s Shade) bool { return !finite(s.From) || !finite(s.To) })
	if !finite(c.Until) {
		c.Until = 0
	}
	return c
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// charts are all charts of a page, in their order there.
type charts []Chart

func (d Document) charts() charts {
	var all charts
	for _, s := range d.Sections {
		for _, p := range s.Parts {
			all = append(all, p.Charts...)
			if p.Panel != nil {
				all = append(all, p.Panel.Charts...)
			}
		}
	}
	return all
}

// script is the data of the charts as text that cannot end a script element:
// the encoder writes <, > and & as escapes.
func (c charts) script() (string, error) {
	var b bytes.Buffer
	if c == nil {
		c = charts{}
	}
	for i := range c {
		c[i] = c[i].drawable()
	}
	err := json.NewEncoder(&b).Encode(c)
	return b.String(), err
}
