package htmlpage

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Strip is outcomes in a row, the newest at the right, each a sign in a square that leads somewhere.
type Strip struct {
	Label   string // what the row is, for those who hear the page
	Squares []Square
	Note    string // below it, for those who see it
}

// Square is one outcome of a strip.
type Square struct {
	Tone  Tone
	Sign  string // a letter or two: the colour says nothing alone
	Title string // the same in words
	Href  Href
	Lined bool // has a line below it, whose meaning is said beside the strip
}

// Spark is a small line in a cell.
type Spark struct {
	Values Numbers // NaN is a gap
	Breaks []int   // the values before which an upright line is drawn
}

// The size of a spark, in the units of its drawing.
const (
	sparkWidth  = 160
	sparkHeight = 28
	sparkEdge   = 2
)

// scale is from where to where a spark reaches: at least a fifth of its highest value, so that noise does not look
// like a change, and at most three times its lowest tenth, so that one outlier does not flatten the rest.
func (s Spark) scale() (low, high float64, ok bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range s.Values {
		if finite(v) {
			low, high, ok = min(low, v), max(high, v), true
		}
	}
	if low > 0 {
		high = min(high, 3*low)
	}
	if gap := 0.2*math.Abs(high) - (high - low); gap > 0 {
		low, high = low-gap/2, high+gap/2
	}
	if high <= low {
		high = low + 1
	}
	return low, high, ok
}

// x is where a value stands, which may be between two.
func (s Spark) x(at float64) float64 {
	return sparkEdge + at*(sparkWidth-2*sparkEdge)/max(1, float64(len(s.Values)-1))
}

// Lines are the points of each stretch without a gap, as SVG has them.
func (s Spark) Lines() []string {
	low, high, _ := s.scale()
	var lines []string
	var points []string
	end := func(x, y float64) {
		if len(points) == 1 { // a value alone has a length too, or nobody would see it
			points = append(points, place(x+2*sparkEdge, y))
		}
		if len(points) > 0 {
			lines = append(lines, strings.Join(points, " "))
		}
		points = nil
	}
	var x, y float64
	for i, v := range s.Values {
		if !finite(v) {
			end(x, y)
			continue
		}
		part := min(max((v-low)/(high-low), 0), 1)
		x, y = s.x(float64(i)), sparkHeight-sparkEdge-part*(sparkHeight-2*sparkEdge)
		points = append(points, place(x, y))
	}
	end(x, y)
	return lines
}

// place is a point as SVG has it.
func place(x, y float64) string {
	var text [32]byte
	b := append(strconv.AppendFloat(text[:0], x, 'f', 1, 64), ',')
	return string(strconv.AppendFloat(b, y, 'f', 1, 64))
}

// Uprights are where the upright lines stand.
func (s Spark) Uprights() []string {
	var all []string
	for _, at := range s.Breaks {
		if at > 0 && at < len(s.Values) {
			all = append(all, fmt.Sprintf("%.1f", s.x(float64(at)-0.5)))
		}
	}
	return all
}

// Box is the drawing's size as SVG has it.
func (s Spark) Box() string { return fmt.Sprintf("0 0 %d %d", sparkWidth, sparkHeight) }
