package metric_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

func TestTable(t *testing.T) {
	for _, row := range []struct {
		m              metric.Metric
		name           string
		unit           unit.Unit
		better         metric.Side
		quantile       float64 // 0: none
		latency, share bool
	}{
		{metric.P95, "p95", unit.Duration, metric.Lower, .95, true, false},
		{metric.Mean, "mean", unit.Duration, metric.Lower, 0, true, false},
		{metric.Max, "max", unit.Duration, metric.Lower, 0, true, false},
		{metric.FailureRate, "failure_rate", unit.Ratio, metric.Lower, 0, false, true},
		{metric.Success, "success", unit.Ratio, metric.Higher, 0, false, true},
		{metric.Throughput, "throughput", unit.PerSecond, metric.Higher, 0, false, false},
		{metric.Metric{}, "", unit.Count, metric.Lower, 0, false, false},
	} {
		quantile, ok := row.m.Quantile()
		text, err := row.m.MarshalText()
		switch {
		case row.m.Name() != row.name || row.m.Unit() != row.unit || row.m.Better() != row.better,
			quantile != row.quantile || ok != (row.quantile > 0),
			row.m.Latency() != row.latency || row.m.Share() != row.share,
			string(text) != row.name || err != nil:
			t.Errorf(
				"%q: Name %q, Unit %d, Better %d, Quantile %g %v, Latency %v, Share %v, MarshalText %q %v, want %+v",
				row.name, row.m.Name(), row.m.Unit(), row.m.Better(),
				quantile, ok, row.m.Latency(), row.m.Share(), text, err, row)
		}
	}
}

func TestParse(t *testing.T) {
	for _, row := range []struct {
		name     string
		want     string // "": no such metric
		quantile float64
	}{
		{"mean", "mean", 0}, {"max", "max", 0}, {"failure_rate", "failure_rate", 0},
		{"success", "success", 0}, {"throughput", "throughput", 0},
		{"p50", "p50", .5}, {"p95", "p95", .95}, {"p99.9", "p99.9", .999}, {"p0.1", "p0.1", .001},
		{"time_to_first_byte_p95", "time_to_first_byte_p95", .95},
		{"time_to_first_byte_p099.90", "time_to_first_byte_p99.9", .999},
		{"time_to_first_byte_mean", "time_to_first_byte_mean", 0},
		{"time_to_first_byte_max", "time_to_first_byte_max", 0},
		{"time_to_first_byte", "", 0}, {"time_to_first_byte_", "", 0}, {"time_to_first_byte_success", "", 0},
		{"time_to_first_byte_throughput", "", 0}, {"time_to_first_byte_time_to_first_byte_p95", "", 0},
		{"p095", "p95", .95}, {"p95.0", "p95", .95}, {"p95.", "p95", .95},
		{"", "", 0}, {"p", "", 0}, {"P95", "", 0}, {"95", "", 0},
		{"p0", "", 0}, {"p100", "", 0}, {"p99.99999999999999999999", "", 0},
		{"p-5", "", 0}, {"p1e1", "", 0}, {"p9.5.1", "", 0}, {"p.", "", 0},
		{"pNaN", "", 0}, {"p95 ", "", 0}, {"median", "", 0}, {"Mean", "", 0},
	} {
		got, ok := metric.Parse(row.name)
		if got.Name() != row.want || ok != (row.want != "") {
			t.Errorf("Parse(%q) = %q, %v, want %q", row.name, got.Name(), ok, row.want)
			continue
		}
		if q, _ := got.Quantile(); q < row.quantile-1e-15 || q > row.quantile+1e-15 {
			t.Errorf("Parse(%q) is quantile %g, want %g", row.name, q, row.quantile)
		}
	}
}

// Rules look metrics up in maps and compare them, however they were written.
func TestOneMetricForOneName(t *testing.T) {
	for _, name := range append(metric.Names(), "p95.0", "p095") {
		first, ok := metric.Parse(name)
		if !ok {
			t.Errorf("Parse(%q) knows no such metric, but Names lists it", name)
		}
		if again, _ := metric.Parse(first.Name()); again != first {
			t.Errorf("Parse(%q) != Parse(%q)", name, first.Name())
		}
	}
	if p95, _ := metric.Parse("p95"); p95 != metric.P95 {
		t.Error("Parse(p95) != P95")
	}
	want := []string{"p50", "p90", "p95", "p99", "p99.9", "mean", "max", "failure_rate", "success", "throughput",
		"time_to_first_byte_p50", "time_to_first_byte_p95", "time_to_first_byte_p99", "time_to_first_byte_mean",
		"time_to_first_byte_max"}
	if diff := cmp.Diff(want, metric.Names()); diff != "" {
		t.Errorf("Names (-want +got):\n%s", diff)
	}
}

// A figure of the time to the first byte is judged as that of whole requests, and is not the same metric.
func TestFirstByte(t *testing.T) {
	for _, m := range []metric.Metric{metric.P95, metric.Mean, metric.Max} {
		first := metric.FirstByte(m)
		again, ok := metric.Parse(first.Name())
		switch {
		case first == m, !ok, again != first, first.Whole() != m, m.Whole() != m:
			t.Errorf("%s: FirstByte is %q, parsed %q, and whole %q", m.Name(), first.Name(), again.Name(),
				first.Whole().Name())
		case !first.OfFirstByte(), m.OfFirstByte(), !first.Latency(), first.Better() != metric.Lower:
			t.Errorf("%s: OfFirstByte %v, of %s %v, Latency %v", first.Name(), first.OfFirstByte(), m.Name(),
				m.OfFirstByte(), first.Latency())
		}
	}
	for _, m := range []metric.Metric{metric.Success, metric.Throughput, metric.FirstByte(metric.P95)} {
		if got := metric.FirstByte(m); got != (metric.Metric{}) {
			t.Errorf("FirstByte(%s) is %q, want none", m.Name(), got.Name())
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range append(metric.Names(), "p0", "p100", "p.5", "p00.100") {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		m, ok := metric.Parse(name)
		if !ok {
			if m != (metric.Metric{}) {
				t.Fatalf("Parse(%q) = %q, but not ok", name, m.Name())
			}
			return
		}
		if again, ok := metric.Parse(m.Name()); !ok || again != m {
			t.Fatalf("Parse(%q) = %q, which is read as %q, %v", name, m.Name(), again.Name(), ok)
		}
		if q, ok := m.Quantile(); ok && !(q > 0 && q < 1) {
			t.Fatalf("Parse(%q) is quantile %g", name, q)
		}
	})
}
