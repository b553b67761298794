package result

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// Resource is a gauge that was watched during the run.
type Resource struct {
	Name  string        `json:"name"`
	From  metric.Source `json:"from"`
	Read  string        `json:"read,omitempty"`  // which of its values
	Place string        `json:"place,omitempty"` // without credentials
	Kind  metric.Kind   `json:"kind"`
	Unit  unit.Unit     `json:"unit"` // of the values
	// Every is the time between two readings, in nanoseconds.
	Every time.Duration `json:"every_ns"`
	// Skipped says why nothing was read, where that was meant so.
	Skipped  string         `json:"skipped,omitempty"`
	Readings []GaugeReading `json:"readings,omitempty"` // in order of time
}

// What names what was read: host cpu, metrics cache_hits_total.
func (r *Resource) What() string { return strings.TrimSpace(string(r.From) + " " + r.Read) }

// MaxReadings of a gauge are kept; of more, neighbours are joined.
const MaxReadings = 1200

// GaugeReading is one look at a gauge.
type GaugeReading struct {
	// At is when it was taken, since the start of the run, and Took how long that
	// took, both in nanoseconds.
	At   time.Duration `json:"at_ns"`
	Took time.Duration `json:"took_ns"`
	// Value is what was read; nil: nothing was, for which there is a Problem, or
	// counters that it is made of did not move. Of counters it is what they come to
	// since the reading before: a share, a rate or a number.
	Value *float64 `json:"value,omitempty"`
	// Grew is what a counter grew since the reading before, and Of what it is compared
	// with: what others grew, or seconds.
	Grew float64 `json:"grew,omitempty"`
	Of   float64 `json:"of,omitempty"`
	// Problem says why nothing was read; untrusted text without secrets.
	Problem string `json:"problem,omitempty"`
}

// Measured says whether the reading has a value.
func (r GaugeReading) Measured() bool { return r.Value != nil }

// ResourceSlice is a reading in a Slice.
type ResourceSlice struct {
	Index   int          `json:"index"` // in Result.Resources
	Reading GaugeReading `json:"reading"`
}

// watch adds the readings of a slice.
func (r *Result) watch(readings []ResourceSlice) {
	for _, next := range readings {
		of := &r.Resources[next.Index]
		at := len(of.Readings)
		for at > 0 && of.Readings[at-1].At > next.Reading.At {
			at-- // slow ones come late
		}
		of.Readings = slices.Insert(of.Readings, at, next.Reading)
		if len(of.Readings) >= 2*MaxReadings {
			of.thin()
		}
	}
}

// thin joins neighbours.
func (r *Resource) thin() {
	var kept []GaugeReading
	for pair := range slices.Chunk(r.Readings, 2) {
		if len(pair) == 2 {
			pair[0] = pair[0].join(pair[1])
		}
		kept = append(kept, pair[0])
	}
	r.Readings = kept
}

// join makes one of two neighbours: the mean of levels, what counters grew in
// all. What could not be read stays so.
func (r GaugeReading) join(next GaugeReading) GaugeReading {
	switch {
	case r.Problem != "" || next.Problem != "":
		if r.Problem == "" {
			r = next
		}
		return r
	case r.Value == nil:
		return next
	case next.Value == nil:
		return r
	}
	sum := GaugeReading{At: r.At, Took: max(r.Took, next.Took), Grew: r.Grew + next.Grew, Of: r.Of + next.Of}
	value := (*r.Value + *next.Value) / 2
	switch {
	case sum.Of > 0:
		value = sum.Grew / sum.Of
	case sum.Grew > 0:
		value = sum.Grew
	}
	sum.Value = &value
	return sum
}

// possible says whether a reading can be.
func (r GaugeReading) possible() bool {
	number := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	return possible(r.At) && possible(r.Took) && (r.Value == nil || number(*r.Value)) &&
		number(r.Grew) && number(r.Of) && r.Grew >= 0 && r.Of >= 0
}

func (r *Resource) check() error {
	if !possible(r.Every) {
		return fmt.Errorf("every_ns: %d cannot be", r.Every)
	}
	last := time.Duration(0)
	for _, reading := range r.Readings {
		if !reading.possible() || reading.At < last {
			return fmt.Errorf("reading at %s is out of order or cannot be", reading.At)
		}
		last = reading.At
	}
	return nil
}

// addResources joins the readings of shards: normally one of them watches, but
// the readings of several are all kept.
func addResources(mine, others []Resource) []Resource {
	for _, other := range others {
		at := slices.IndexFunc(mine, func(r Resource) bool { return r.Name == other.Name })
		if at < 0 {
			mine = append(mine, other)
			continue
		}
		own := &mine[at]
		if len(own.Readings) == 0 {
			own.Skipped = other.Skipped
		}
		own.Readings = slices.Concat(own.Readings, other.Readings)
		slices.SortStableFunc(own.Readings, func(a, b GaugeReading) int { return cmp.Compare(a.At, b.At) })
	}
	return mine
}

// cloneResources shares no readings with what it is given.
func cloneResources(all []Resource) []Resource {
	all = slices.Clone(all)
	for i := range all {
		all[i].Readings = slices.Clone(all[i].Readings)
	}
	return all
}
