package gate

import (
	"math"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// watched are the readings of a gauge that count.
type watched struct {
	*result.Resource
	looks    int // that count, failed and idle ones too
	values   []float64
	at       []time.Duration // of values
	grew, of float64
	problems []result.GaugeReading
	silent   *result.GaugeReading // since then every look failed; nil: the last one did not
}

func (e *evidence) watched(r config.Resource, of *result.Resource) watched {
	w := watched{Resource: of}
	from := e.window.start()
	if r.Whole {
		from = 0
	}
	for i, reading := range of.Readings {
		if reading.At < from || reading.At > e.result.Until()+e.window.Slot {
			continue
		}
		slot := e.window.Slot
		if reading.Problem != "" && e.stoodStill(int(reading.At/slot), int((reading.At+reading.Took)/slot)) {
			continue // nobody was there to hear the answer
		}
		w.looks++
		switch {
		case reading.Problem != "":
			if w.problems = append(w.problems, reading); w.silent == nil {
				w.silent = &of.Readings[i]
			}
			continue
		case reading.Measured():
			w.values, w.at = append(w.values, *reading.Value), append(w.at, reading.At)
			w.grew, w.of = w.grew+reading.Grew, w.of+reading.Of
		}
		w.silent = nil
	}
	return w
}

// figure is what the readings come to, and its name; false: nothing.
func (w watched) figure(r config.Resource, usual string) (value float64, name string, ok bool) {
	name = string(r.By)
	if name == "" && w.Kind != metric.Level {
		switch {
		case w.Kind == metric.Total:
			return w.grew, "", w.looks > 0
		case w.of <= 0:
			return 0, "", false
		}
		return w.grew / w.of, "", true
	}
	if name == "" {
		name = usual
	}
	if len(w.values) == 0 {
		return 0, name, false
	}
	sorted := slices.Sorted(slices.Values(w.values))
	ranked := func(q float64) float64 { return sorted[max(int(math.Ceil(q*float64(len(sorted))))-1, 0)] }
	switch name {
	case "mean":
		return mean(w.values), name, true
	case "max":
		return sorted[len(sorted)-1], name, true
	case "min":
		return sorted[0], name, true
	case "last":
		return w.values[len(w.values)-1], name, true
	}
	m, _ := metric.Parse(name)
	q, _ := m.Quantile()
	return ranked(q), name, true
}

func (w watched) first() float64 {
	if len(w.values) == 0 {
		return 0
	}
	return w.values[0]
}

// still says whether every reading is the same as v.
func (w watched) still(v float64) bool {
	return len(w.values) > 0 && !slices.ContainsFunc(w.values, func(x float64) bool { return x != v })
}
