package htmlpage

import (
	"math"
	"strconv"
)

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

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
