package evidence

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Watched are the readings of a gauge that count.
type Watched struct {
	*result.Resource
	Looks    int // that count, failed and idle ones too
	Values   []float64
	At       []time.Duration // Of values
	grew, Of float64
	Problems []result.GaugeReading
	Silent   *result.GaugeReading // since then every look failed; nil: the last one did not
}

// Watched lays out the readings of a resource.
func (e *Run) Watched(r config.Resource, of *result.Resource) Watched {
	w := Watched{Resource: of}
	from := e.Window.Start()
	if r.Whole {
		from = 0
	}
	for i, reading := range of.Readings {
		if reading.At < from || reading.At > e.Result.Until()+e.Window.Slot {
			continue
		}
		slot := e.Window.Slot
		if reading.Problem != "" && stoodStill(e, int(reading.At/slot), int((reading.At+reading.Took)/slot)) {
			continue // nobody was there to hear the answer
		}
		w.Looks++
		switch {
		case reading.Problem != "":
			if w.Problems = append(w.Problems, reading); w.Silent == nil {
				w.Silent = &of.Readings[i]
			}
			continue
		case reading.Measured():
			w.Values, w.At = append(w.Values, *reading.Value), append(w.At, reading.At)
			w.grew, w.Of = w.grew+reading.Grew, w.Of+reading.Of
		}
		w.Silent = nil
	}
	return w
}

// Figure is what the readings come to, and its name; false: nothing.
func (w Watched) Figure(r config.Resource, usual string) (value float64, name string, ok bool) {
	name = string(r.By)
	if name == "" && w.Kind != metric.Level {
		switch {
		case w.Kind == metric.Total:
			return w.grew, "", w.Looks > 0
		case w.Of <= 0:
			return 0, "", false
		}
		return w.grew / w.Of, "", true
	}
	if name == "" {
		name = usual
	}
	if len(w.Values) == 0 {
		return 0, name, false
	}
	sorted := slices.Sorted(slices.Values(w.Values))
	ranked := func(q float64) float64 { return sorted[max(int(math.Ceil(q*float64(len(sorted))))-1, 0)] }
	switch name {
	case "mean":
		return Mean(w.Values), name, true
	case "max":
		return sorted[len(sorted)-1], name, true
	case "min":
		return sorted[0], name, true
	case "last":
		return w.Values[len(w.Values)-1], name, true
	}
	m, _ := metric.Parse(name)
	q, _ := m.Quantile()
	return ranked(q), name, true
}

// First is the first reading; 0 without any.
func (w Watched) First() float64 {
	if len(w.Values) == 0 {
		return 0
	}
	return w.Values[0]
}

// Still says whether every reading is the same as v.
func (w Watched) Still(v float64) bool {
	return len(w.Values) > 0 && !slices.ContainsFunc(w.Values, func(x float64) bool { return x != v })
}

// Floors of what is judged of gauges.
const (
	FewestReadings = 6
	MostUnread     = 0.10 // share of looks that may fail before the others do not speak for them
)

// PlaceOf is where a resource is read.
func PlaceOf(w Watched) string { return cmp.Or(w.Place, string(w.From)) }
