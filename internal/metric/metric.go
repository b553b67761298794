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

// named lists the metrics that are not percentiles, in the order of messages.
func named() []Metric { return []Metric{Mean, Max, FailureRate, Success, Throughput} }

// Parse returns the metric of that name: one of the named ones, or a
// percentile written p50, p95, p99.9 (above p0, below p100). False if there is
// no such metric.
func Parse(name string) (Metric, bool) {
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
	return names
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
