package unit_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/unit"
)

func TestExact(t *testing.T) {
	ms := float64(time.Millisecond)
	for _, row := range []struct {
		value float64
		unit  unit.Unit
		want  string
	}{
		{1049 * ms, unit.Duration, "1.049s"},
		{200 * ms, unit.Duration, "200ms"},
		{500 * 1e3, unit.Duration, "500µs"},
		{125e3 * ms, unit.Duration, "2m5s"},
		{60 * 60e3 * ms, unit.Duration, "60min"},
		{.9995, unit.Ratio, "99.95%"},
		{.12345, unit.Ratio, "12.345%"},
		{.5, unit.Ratio, "50%"},
		{500.0 / 60, unit.PerMinute, "500/min"},
		{1234.5 / 60, unit.PerMinute, "1234.5/min"},
		{400 << 20, unit.Bytes, "400MiB"},
		{17, unit.Count, "17"},
	} {
		if got := (unit.Quantity{Value: row.value, Unit: row.unit}).Exact(); got != row.want {
			t.Errorf("%g: %s, want %s", row.value, got, row.want)
		}
	}
}

func TestApart(t *testing.T) {
	ms := float64(time.Millisecond)
	for _, row := range []struct {
		got, limit float64
		unit       unit.Unit
		want       string
	}{
		{150.1 * ms, 150 * ms, unit.Duration, "150.1ms"},
		{150 * ms, 150 * ms, unit.Duration, "150ms"},
		{151 * ms, 150 * ms, unit.Duration, "151ms"},
		{1049.2 * ms, 1049 * ms, unit.Duration, "1.0492s"},
		{.79753, .8, unit.Ratio, "79.75%"},
	} {
		got := unit.Apart(unit.Quantity{Value: row.got, Unit: row.unit},
			unit.Quantity{Value: row.limit, Unit: row.unit})
		if got != row.want {
			t.Errorf("%g beside %g: %s, want %s", row.got, row.limit, got, row.want)
		}
	}
}
