package baseline

import (
	"math"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/stat"
)

// ChangePoint is a place in the history of a figure where its level changed.
type ChangePoint struct {
	At     int     // the run that is the first on the new level
	Before float64 // median of the runs on the level before
	After  float64 // and on the new one
}

// Ratio is the new level over the old one.
func (s ChangePoint) Ratio() float64 { return s.After / s.Before }

// ChangePoints are the places where the level of a series changed for good, in the
// order of the runs (stat.Changes).
func (s Series) ChangePoints() []ChangePoint {
	values, at := s.known()
	var points []ChangePoint
	for _, c := range stat.Changes(values) {
		points = append(points, ChangePoint{At: at[c.Index], Before: math.Exp(c.Before), After: math.Exp(c.After)})
	}
	return points
}

// SinceChange is the figure in the runs that a new one is compared with: the newest
// ones since its newest change point, which is returned as well; nil: there was none. It
// has a place for every past run, without a value for those that do not count.
func (p *Past) SinceChange(endpoint string, transaction bool, m metric.Metric) (Series, *ChangePoint) {
	s := p.Series(endpoint, transaction, m)
	from := p.from()
	var newest *ChangePoint
	if points := s.ChangePoints(); len(points) > 0 {
		newest = &points[len(points)-1]
		from = max(from, newest.At)
	}
	s.cut(from)
	return s, newest
}
