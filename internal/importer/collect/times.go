package collect

import (
	"fmt"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Times converts latencies of a tool, which are numbers of a unit, to readings. The zero
// value has no unit and is of no use.
type Times struct {
	Unit  time.Duration
	Step  time.Duration // the precision to which the tool prints times; 0: exact
	Error float64       // relative error of a time in addition, as a fraction
}

// Reading is a number as a time, and the range in which the true time lies. An error: it
// is negative, or above a day.
func (t Times) Reading(v float64) (result.Reading, error) {
	d, err := Latency(v, t.Unit)
	if err != nil {
		return result.Reading{}, err
	}
	margin := t.Step/2 + time.Duration(t.Error*float64(d))
	return result.Reading{Value: d, Low: max(0, d-margin), High: d + margin}, nil
}

// Set sets a figure of a summary; a missing number leaves it.
func (t Times) Set(into **result.Reading, v numeral.Optional) error {
	if !v.OK {
		return nil
	}
	reading, err := t.Reading(v.Value)
	if err == nil {
		*into = &reading
	}
	return err
}

// SetExtremes sets the shortest, the mean and the longest time; missing ones stay.
func (t Times) SetExtremes(s *result.Summary, shortest, mean, longest numeral.Optional) error {
	for _, one := range []struct {
		into **result.Reading
		v    numeral.Optional
	}{{&s.Min, shortest}, {&s.Mean, mean}, {&s.Max, longest}} {
		if err := t.Set(one.into, one.v); err != nil {
			return err
		}
	}
	return nil
}

// AddQuantile adds a percentile, q in (0, 1), unless its number is missing.
func (t Times) AddQuantile(s *result.Summary, q float64, v numeral.Optional) error {
	if !v.OK {
		return nil
	}
	reading, err := t.Reading(v.Value)
	if err == nil {
		s.Quantiles = append(s.Quantiles, result.Quantile{Q: q, Reading: reading})
	}
	return err
}

// SetNamed sets or adds the figure that a tool calls min, avg, med, max, p95 or similar.
// It ignores other names.
func (t Times) SetNamed(s *result.Summary, name string, value float64) error {
	v := numeral.Some(value)
	switch name {
	case "min":
		return t.Set(&s.Min, v)
	case "mean", "avg", "average":
		return t.Set(&s.Mean, v)
	case "max":
		return t.Set(&s.Max, v)
	case "med", "median":
		return t.AddQuantile(s, 0.5, v)
	}
	if q, ok := ParseQuantile(name); ok {
		return t.AddQuantile(s, q, v)
	}
	return nil
}

// ParseQuantile reads the name of a percentile as a quantile in (0, 1): "p95", "p97_5" of
// autocannon, "p(95)" of k6. False: it is not one.
func ParseQuantile(name string) (float64, bool) {
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

// Latency is a number of a unit as the time of one request. An error: it is negative, or above
// a day.
func Latency(v float64, unit time.Duration) (time.Duration, error) {
	d, ok := duration(v, unit, longestRequest)
	if !ok {
		return 0, fmt.Errorf("a time of %g is impossible", v)
	}
	return d, nil
}

// RunLength is a number of a unit as the length of a run, or a time since its start. False: it
// is negative, or above LongestRun.
func RunLength(v float64, unit time.Duration) (time.Duration, bool) {
	return duration(v, unit, LongestRun)
}

// duration is false for what is outside 0 to longest, and for what is not a number.
func duration(v float64, unit, longest time.Duration) (time.Duration, bool) {
	ns := v * float64(unit)
	if !(ns >= 0 && ns <= float64(longest)) {
		return 0, false
	}
	return time.Duration(ns), true
}
