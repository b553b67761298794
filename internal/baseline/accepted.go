package baseline

import (
	"math"
	"slices"
)

// An accepted run is the new normal of the figures that changed with it. A figure
// in which it lies amid the runs before it did not change, and to begin anew with
// it would leave nothing to compare the next runs with: a run is accepted because
// one endpoint became slower, or after a limit was loosened and nothing became
// slower at all.

const (
	fewestAround = 2    // earlier values that a level has on each side
	alike        = 0.05 // share by which runs of one build differ anyway
)

// amid says whether a value lies amid others: a quarter of them are no lower and a
// quarter no higher, give or take its own uncertainty of two standard errors, and 5 %
// at least. All are logarithms. Their whole range would not do, for a run or two
// before the accepted one mostly have the new level already. err NaN: the uncertainty
// is not known. NaN among the others does not count.
func amid(value, err float64, others []float64) bool {
	slack := math.Log1p(alike)
	if !math.IsNaN(err) {
		slack = max(slack, 2*err)
	}
	above, below, known := 0, 0, 0
	for _, v := range others {
		if math.IsNaN(v) {
			continue
		}
		known++
		if v >= value-slack {
			above++
		}
		if v <= value+slack {
			below++
		}
	}
	needed := max(fewestAround, (known+3)/4)
	return above >= needed && below >= needed
}

// accepted is from which run on a figure counts: the newest accepted one in which
// it changed.
func (s Series) accepted(runs []Run) int {
	from := 0
	for i, r := range runs {
		if i > from && r.accepted() && !amid(s.Values[i], s.Errs[i], s.Values[from:i]) {
			from = i
		}
	}
	return from
}

// cut takes the values before a run out.
func (s Series) cut(from int) {
	for i := range from {
		s.Values[i], s.Errs[i], s.Sent[i] = math.NaN(), math.NaN(), math.NaN()
	}
}

// renews says whether an accepted run is at another level than those before it in
// all figures, so that no earlier run counts any more.
func (r Run) renews(before []Run) bool {
	runs := slices.Concat(before, []Run{r})
	return !slices.ContainsFunc(r.Figures, func(f Figure) bool {
		s := follow(runs, r.counterparts(f.Endpoint, f.Transaction, f.Metric), true)
		return s.accepted(runs) < len(before)
	})
}
