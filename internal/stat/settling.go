package stat

import (
	"math"

	"github.com/aclements/go-moremath/stats"
)

// The slots, of TrendSlots of a long run, that tell whether the warm-up was
// cut off: the first SettlingFirst against the last SettlingLast.
const (
	SettlingFirst = 6
	SettlingLast  = 15
)

// Settled is how the beginning of a run stands to its end. The zero value says
// nothing.
type Settled struct {
	U     float64 // pairs of a first and a last slot in which the first is larger, equal ones by half
	P     float64 // one-sided, small where the first slots are larger
	Ratio float64 // of the first over the last: exp(median of first - median of last)
}

// Settling compares the first slots of a run, warm-up left out, with the last,
// by the natural logarithms of their medians, as for Trend. U is the statistic of Mann and
// Whitney (On a test of whether one of two random variables is stochastically
// larger than the other, Annals of Mathematical Statistics 18, 1947), P its
// exact distribution under equality, up to 25 slots on each side. NaN and
// infinities are slots without a value and are left out. Slots that are all the
// same have P 1. False where either side has no value.
func Settling(first, last []float64) (Settled, bool) {
	// A NaN would hold the library's merge for ever.
	first, last = numbers(first), numbers(last)
	s := Settled{Ratio: math.Exp(median(first) - median(last))}
	if !number(s.Ratio) { // a side without a value, or values beyond float64
		return Settled{}, false
	}
	result, err := stats.MannWhitneyUTest(first, last, stats.LocationGreater)
	if err != nil { // not empty, so all are equal
		s.U, s.P = float64(len(first)*len(last))/2, 1
		return s, true
	}
	s.U, s.P = result.U, result.P
	return s, true
}
