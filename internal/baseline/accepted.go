package baseline

import (
	"math"
	"slices"
)

// An accepted run is the new normal of the figures that changed with it. A figure
// in which it lies among the runs before it did not change, and to begin anew with
// it would leave nothing to compare the next runs with: a run is accepted because
// one endpoint became slower, or after a limit was loosened and nothing became
// slower at all.

// fewestAround is how many earlier values tell where a level lies.
const fewestAround = 2

// within says whether a value lies among others, or outside of them by no more than
// its own uncertainty, two standard errors; err NaN: that is not known. NaN among
// the others does not count.
func within(value, err float64, others []float64) bool {
	low, high, known := math.Inf(1), math.Inf(-1), 0
	for _, v := range others {
		if !math.IsNaN(v) {
			low, high, known = min(low, v), max(high, v), known+1
		}
	}
	if math.IsNaN(err) {
		err = 0
	}
	return known >= fewestAround && value >= low-2*err && value <= high+2*err
}

// accepted is from which run on a figure counts: the newest accepted one in which
// it changed.
func (s Series) accepted(runs []Run) int {
	from := 0
	for i, r := range runs {
		if i > from && r.accepted() && !within(s.Values[i], s.Errs[i], s.Values[from:i]) {
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

// renews says whether an accepted run is another level than those before it in
// each of its figures, so that none of them counts any more.
func (r Run) renews(before []Run) bool {
	runs := slices.Concat(before, []Run{r})
	return !slices.ContainsFunc(r.Figures, func(f Figure) bool {
		s := follow(runs, r.naming(f.Endpoint, f.Joint, f.Metric), true)
		return s.accepted(runs) < len(before)
	})
}
