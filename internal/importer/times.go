package importer

import (
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// times reads a tool's own latencies, which are numbers of a unit.
type times struct {
	unit  time.Duration
	step  time.Duration // between neighbouring times as the tool prints them; 0: exact
	share float64       // of itself by which a time may be wrong, beside that
}

// reading is a number as a time, and the range in which the time lies.
func (t times) reading(v float64) (result.Reading, error) {
	d, err := inUnit(v, t.unit)
	if err != nil {
		return result.Reading{}, err
	}
	margin := t.step/2 + time.Duration(t.share*float64(d))
	return result.Reading{Value: d, Low: max(0, d-margin), High: d + margin}, nil
}

// set puts a number into a figure of a summary; one that is not known leaves it.
func (t times) set(into **result.Reading, v maybe) error {
	if !v.known {
		return nil
	}
	reading, err := t.reading(v.value)
	if err == nil {
		*into = &reading
	}
	return err
}

// extremes sets the shortest, the mean and the longest time.
func (t times) extremes(s *result.Summary, shortest, mean, longest maybe) error {
	for _, one := range []struct {
		into **result.Reading
		v    maybe
	}{{&s.Min, shortest}, {&s.Mean, mean}, {&s.Max, longest}} {
		if err := t.set(one.into, one.v); err != nil {
			return err
		}
	}
	return nil
}

// quantile adds a percentile, q in (0, 1); one that is not known is not added.
func (t times) quantile(s *result.Summary, q float64, v maybe) error {
	if !v.known {
		return nil
	}
	reading, err := t.reading(v.value)
	if err == nil {
		s.Quantiles = append(s.Quantiles, result.Quantile{Q: q, Reading: reading})
	}
	return err
}

// named takes the figure that a tool calls min, avg, med, max, p95 or the like, and
// leaves others.
func (t times) named(s *result.Summary, name string, value float64) error {
	v := sure(value)
	switch name {
	case "min":
		return t.set(&s.Min, v)
	case "mean", "avg", "average":
		return t.set(&s.Mean, v)
	case "max":
		return t.set(&s.Max, v)
	case "med", "median":
		return t.quantile(s, 0.5, v)
	}
	if q, ok := quantileNamed(name); ok {
		return t.quantile(s, q, v)
	}
	return nil
}

// quantileNamed is the number behind a letter: "p95", "p97_5" of autocannon, "p(95)"
// of k6.
func quantileNamed(name string) (float64, bool) {
	digits, ok := strings.CutPrefix(name, "p")
	if !ok {
		return 0, false
	}
	m, ok := metric.Parse("p" + strings.NewReplacer("_", ".", "(", "", ")", "").Replace(digits))
	if !ok {
		return 0, false
	}
	return m.Quantile()
}

// inUnit is a number of a unit as a time, at most a day.
func inUnit(v float64, unit time.Duration) (time.Duration, error) {
	ns := v * float64(unit)
	if !(ns >= 0 && ns <= float64(24*time.Hour)) {
		return 0, fmt.Errorf("a time of %g cannot be", v)
	}
	return time.Duration(ns), nil
}
