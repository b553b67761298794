package unit_test

import (
	"math"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/unit"
)

func TestString(t *testing.T) {
	for _, row := range []struct {
		q    unit.Quantity
		want string
	}{
		{unit.Quantity{}, "0"},
		{unit.Quantity{Value: 1234567}, "1234567"},
		{unit.Quantity{Value: 12.345}, "12.3"},
		{unit.Quantity{Value: -3}, "-3"},
		{unit.Quantity{Value: math.Copysign(0, -1)}, "0"},
		{unit.Quantity{Value: 1e-300}, "0"},
		{unit.Quantity{Value: math.NaN()}, "–"},
		{unit.Quantity{Value: math.Inf(1), Unit: unit.Duration}, "–"},
		{unit.Quantity{Value: math.Inf(-1), Unit: unit.Ratio}, "–"},

		{unit.Of(0), "0s"},
		{unit.Of(1), "1ns"},
		{unit.Of(999), "999ns"},
		{unit.Of(1500), "1.5µs"},
		{unit.Of(999499), "999µs"},
		{unit.Of(999500), "1ms"},
		{unit.Of(1049 * time.Microsecond), "1.05ms"},
		{unit.Of(99949 * time.Microsecond), "99.9ms"},
		{unit.Of(99950 * time.Microsecond), "100ms"},
		{unit.Of(141 * time.Millisecond), "141ms"},
		{unit.Of(141499 * time.Microsecond), "141ms"},
		{unit.Of(999600 * time.Microsecond), "1s"},
		{unit.Of(1234 * time.Millisecond), "1.23s"},
		{unit.Of(90 * time.Second), "90s"},
		{unit.Of(119 * time.Second), "119s"},
		{unit.Of(2 * time.Minute), "2min"},
		{unit.Of(330 * time.Second), "5.5min"},
		{unit.Of(90 * time.Minute), "90min"},
		{unit.Of(2 * time.Hour), "2h"},
		{unit.Of(10000 * time.Hour), "10000h"},
		{unit.Of(-5 * time.Millisecond), "-5ms"},

		{unit.Quantity{Value: 0, Unit: unit.Ratio}, "0%"},
		{unit.Quantity{Value: .00001234, Unit: unit.Ratio}, "0.00123%"},
		{unit.Quantity{Value: .004, Unit: unit.Ratio}, "0.4%"},
		{unit.Quantity{Value: .034658, Unit: unit.Ratio}, "3.47%"},
		{unit.Quantity{Value: .5, Unit: unit.Ratio}, "50%"},
		{unit.Quantity{Value: .1234, Unit: unit.Ratio}, "12.3%"},
		{unit.Quantity{Value: .9, Unit: unit.Ratio}, "90%"},
		{unit.Quantity{Value: .95, Unit: unit.Ratio}, "95%"},
		{unit.Quantity{Value: .995, Unit: unit.Ratio}, "99.5%"},
		{unit.Quantity{Value: .9972, Unit: unit.Ratio}, "99.72%"},
		{unit.Quantity{Value: .9995, Unit: unit.Ratio}, "99.95%"},
		{unit.Quantity{Value: .9999, Unit: unit.Ratio}, "99.99%"},
		{unit.Quantity{Value: .99999, Unit: unit.Ratio}, "99.999%"},
		{unit.Quantity{Value: .9999999, Unit: unit.Ratio}, "99.99999%"},
		{unit.Quantity{Value: math.Nextafter(1, 0), Unit: unit.Ratio}, "99.9999999999%"},
		{unit.Quantity{Value: 1, Unit: unit.Ratio}, "100%"},
		{unit.Quantity{Value: 1.234, Unit: unit.Ratio}, "123%"},
		{unit.Quantity{Value: -.02, Unit: unit.Ratio}, "-2%"},

		{unit.Quantity{Value: 0, Unit: unit.PerSecond}, "0/s"},
		{unit.Quantity{Value: 8.295, Unit: unit.PerSecond}, "8.29/s"}, // 8.295 is a little less in binary
		{unit.Quantity{Value: .123456, Unit: unit.PerSecond}, "0.123/s"},
		{unit.Quantity{Value: .0123456, Unit: unit.PerSecond}, "0.0123/s"},
		{unit.Quantity{Value: .9996, Unit: unit.PerSecond}, "1/s"},
		{unit.Quantity{Value: 12345.6, Unit: unit.PerSecond}, "12346/s"},
		{unit.Quantity{Value: 500. / 60, Unit: unit.PerMinute}, "500/min"},
		{unit.Quantity{Value: 4, Unit: unit.PerMinute}, "240/min"},
		{unit.Quantity{Value: 1, Unit: unit.PerHour}, "3600/h"},
		{unit.Quantity{Value: 30000. / 86400, Unit: unit.PerDay}, "30000/day"},

		{unit.Quantity{Value: 0, Unit: unit.Bytes}, "0B"},
		{unit.Quantity{Value: 512, Unit: unit.Bytes}, "512B"},
		{unit.Quantity{Value: 1000, Unit: unit.Bytes}, "0.977KiB"},
		{unit.Quantity{Value: 1023, Unit: unit.Bytes}, "0.999KiB"},
		{unit.Quantity{Value: 1024, Unit: unit.Bytes}, "1KiB"},
		{unit.Quantity{Value: 1536, Unit: unit.Bytes}, "1.5KiB"},
		{unit.Quantity{Value: 64 << 20, Unit: unit.Bytes}, "64MiB"},
		{unit.Quantity{Value: 1e10, Unit: unit.Bytes}, "9.31GiB"},
		{unit.Quantity{Value: 5 << 40, Unit: unit.Bytes}, "5TiB"},
		{unit.Quantity{Value: 5 << 50, Unit: unit.Bytes}, "5120TiB"},
		{unit.Quantity{Value: -2048, Unit: unit.Bytes}, "-2KiB"},
	} {
		if got := row.q.String(); got != row.want {
			t.Errorf("%#v.String() = %q, want %q", row.q, got, row.want)
		}
	}
}

func TestCompact(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 1500 * time.Millisecond: "1.5s", 5 * time.Minute: "5m", 90 * time.Minute: "1h30m", 2 * time.Hour: "2h",
		20 * time.Second: "20s", 10 * time.Minute: "10m", time.Hour + 5*time.Second: "1h0m5s",
	} {
		if got := unit.Compact(d); got != want {
			t.Errorf("Compact(%v) = %s, want %s", d, got, want)
		}
	}
}
