package baseline

import (
	"math"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
)

// Shift is a place in the history of a figure where its level changed.
type Shift struct {
	At     int     // the run that is the first on the new level
	Before float64 // median of the runs on the level before
	After  float64 // and on the new one
}

// Ratio is the new level over the old one.
func (s Shift) Ratio() float64 { return s.After / s.Before }

// Shifts are the places where the level of a series changed for good, in the
// order of the runs (stat.Changes).
func (s Series) Shifts() []Shift {
	values, at := s.known()
	var shifts []Shift
	for _, c := range stat.Changes(values) {
		shifts = append(shifts, Shift{At: at[c.Index], Before: math.Exp(c.Before), After: math.Exp(c.After)})
	}
	return shifts
}

// Course is the figure in the runs that a new one is compared with: the newest
// ones since its newest shift, which is returned as well; nil: there was none. It
// has a place for every past run, without a value for those that do not count.
func (p *Past) Course(endpoint string, transaction bool, m metric.Metric) (Series, *Shift) {
	s := p.Series(endpoint, transaction, m)
	from := p.from()
	var newest *Shift
	if shifts := s.Shifts(); len(shifts) > 0 {
		newest = &shifts[len(shifts)-1]
		from = max(from, newest.At)
	}
	s.cut(from)
	return s, newest
}
