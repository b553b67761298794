package typeset

import (
	"math"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/stat"
)

// bars are the heights of a sparkline.
var bars = []rune("▁▂▃▄▅▆▇█")

// flat is the least range of a sparkline, as a share of its middle: what moves
// less than that shall not look like mountains.
const flat = 0.20

// Spark draws values, one cell each; a space where there is none. The scale is
// that of the levels: a value that stands out of its neighbours gets the
// highest bar, or the lowest, and does not make a change of level flat.
func Spark(values []float64) string {
	low, high := levels(values)
	if middle := (low + high) / 2; high-low < flat*middle {
		low, high = middle*(1-flat/2), middle*(1+flat/2)
	}
	var b strings.Builder
	for _, v := range values {
		if math.IsNaN(v) {
			b.WriteByte(' ')
			continue
		}
		top := len(bars) - 1
		at := int((v - low) / (high - low) * float64(top))
		if at == top {
			at-- // the highest bar is for what stands out
		}
		b.WriteRune(bars[min(max(at, 0), top)])
	}
	return b.String()
}

// levels are the lowest and the highest of the medians of three neighbours.
func levels(values []float64) (low, high float64) {
	there := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	low, high = math.Inf(1), math.Inf(-1)
	for i := range there {
		v, _ := stat.Median(there[max(0, min(i-1, len(there)-3)):min(len(there), max(i+2, 3))])
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

// End is the first or the last value that there is.
func End(values []float64, last bool) float64 {
	found := math.NaN()
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if found = v; !last {
			break
		}
	}
	return found
}
