package htmlpage

import "slices"

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
	Dates        Dimension = "dates"   // of the horizontal axis: the Moments of the document
)

// Chart is lines over one horizontal axis.
type Chart struct {
	Title string `json:"title"`
	Note  string `json:"-"` // below the chart; may be empty
	// X is where the values stand, ascending.
	// With Dates it is empty: the document's Moments are in its place.
	X      Numbers   `json:"x"`
	XKind  Dimension `json:"x_kind"`           // Elapsed, Ordinal or Dates
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
	// Dots are the values without a line between them.
	Dots bool `json:"dots,omitempty"`
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
	// Upright stands at a place of the horizontal axis, in its values; of Dates, in seconds since 1970.
	Upright bool `json:"upright,omitempty"`
}

// Shade is a highlighted range of the horizontal axis.
type Shade struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
	Text string  `json:"text"`
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
