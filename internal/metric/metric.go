// Package metric knows what is measured: the table of metrics with their
// names, units and better sides, and the kinds of failure. It knows no values.
package metric

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/unit"
)

// Side says on which side of a limit a metric is good.
type Side uint8

// The sides. The zero value, Lower, makes a limit an upper limit.
const (
	Lower  Side = iota // smaller is better: the limit is a ceiling
	Higher             // larger is better: the limit is a floor
)

// Metric is one measured figure of an endpoint. Metrics are comparable with
// ==. The zero value names nothing.
type Metric struct {
	name     string
	unit     unit.Unit
	better   Side
	quantile float64
	first    bool // of the time to the first byte
}

// The metrics with names of their own. Percentiles are made by Percentile.
var (
	Mean        = Metric{name: "mean", unit: unit.Duration}
	Max         = Metric{name: "max", unit: unit.Duration}
	FailureRate = Metric{name: "failure_rate", unit: unit.Ratio}
	Success     = Metric{name: "success", unit: unit.Ratio, better: Higher}
	Throughput  = Metric{name: "throughput", unit: unit.PerSecond, better: Higher}
)

// P95 is the percentile that loadgate judges by default.
var P95 = percentile("95", 0.95)

// firstByte begins the names of figures of the time to the first byte: behind it is that of a latency.
const firstByte = "time_to_first_byte_"

// FirstByte is the same figure of the time to the first byte: time_to_first_byte_p95 of p95. Of what is no latency, it
// is the zero value.
func FirstByte(of Metric) Metric {
	if !of.Latency() || of.first {
		return Metric{}
	}
	of.name, of.first = firstByte+of.name, true
	return of
}

// named lists the metrics that are not percentiles, in the order of messages.
func named() []Metric { return []Metric{Mean, Max, FailureRate, Success, Throughput} }

// Parse returns the metric of that name: one of the named ones, or a
// percentile written p50, p95, p99.9 (above p0, below p100), or one of the latencies
// behind time_to_first_byte_. False if there is no such metric.
func Parse(name string) (Metric, bool) {
	if figure, first := strings.CutPrefix(name, firstByte); first {
		of, _ := Parse(figure)
		of = FirstByte(of)
		return of, of != Metric{}
	}
	for _, m := range named() {
		if m.name == name {
			return m, true
		}
	}
	digits, ok := strings.CutPrefix(name, "p")
	if !ok || digits == "" || strings.Trim(digits, "0123456789.") != "" {
		return Metric{}, false
	}
	percent, err := strconv.ParseFloat(digits, 64)
	if err != nil || percent <= 0 || percent >= 100 {
		return Metric{}, false
	}
	return percentile(strconv.FormatFloat(percent, 'f', -1, 64), percent/100), true
}

// Compared lists the metrics that runs are compared by. Their values are above
// 0, so a change is a ratio.
func Compared() []Metric {
	return []Metric{
		percentile("50", 0.50), percentile("90", 0.90), P95, percentile("99", 0.99),
		percentile("99.9", 0.999), Mean, Throughput,
	}
}

func percentile(digits string, q float64) Metric {
	return Metric{name: "p" + digits, unit: unit.Duration, quantile: q}
}

// Names lists the names to suggest: the usual percentiles, then the rest.
func Names() []string {
	names := []string{"p50", "p90", "p95", "p99", "p99.9"}
	for _, m := range named() {
		names = append(names, m.name)
	}
	return append(names, firstByte+"p50", firstByte+"p95", firstByte+"p99", firstByte+"mean", firstByte+"max")
}

// Name is the metric's name in thresholds.yaml and in every output.
func (m Metric) Name() string { return m.name }

// Unit is the dimension of the metric's values.
func (m Metric) Unit() unit.Unit { return m.unit }

// Better says on which side of a limit the metric is good.
func (m Metric) Better() Side { return m.better }

// Quantile is the percentile as a ratio in (0,1); false for other metrics.
func (m Metric) Quantile() (float64, bool) { return m.quantile, m.quantile > 0 }

// Latency says whether the metric is a statement about response times.
func (m Metric) Latency() bool { return m.unit == unit.Duration }

// OfFirstByte says whether the metric is a statement about the time to the first byte, and not to the last one.
func (m Metric) OfFirstByte() bool { return m.first }

// Whole is the metric without what it is of: p95 of time_to_first_byte_p95. Of every other metric, it is the same one.
func (m Metric) Whole() Metric {
	m.name, m.first = strings.TrimPrefix(m.name, firstByte), false
	return m
}

// Share says whether the metric is a share of requests, success or failure.
func (m Metric) Share() bool { return m.unit == unit.Ratio }

// MarshalText writes the name.
func (m Metric) MarshalText() ([]byte, error) { return []byte(m.name), nil }

// UnmarshalText reads a name.
func (m *Metric) UnmarshalText(text []byte) error {
	read, ok := Parse(string(text))
	if !ok {
		return fmt.Errorf("%q is not a metric", text)
	}
	*m = read
	return nil
}
