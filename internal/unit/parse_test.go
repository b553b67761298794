package unit_test

import (
	"math"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/unit"
)

// parsed is a row of a table for a parser: what is written, what it means, or
// the error's text.
type parsed[T any] struct {
	text string
	want T
	err  string
}

func check[T comparable](t *testing.T, name string, parse func(string) (T, error), rows []parsed[T]) {
	t.Helper()
	for _, row := range rows {
		got, err := parse(row.text)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if got != row.want || message != row.err {
			t.Errorf("%s(%q) = %v, %q, want %v, %q", name, row.text, got, message, row.want, row.err)
		}
	}
}

func TestParseDuration(t *testing.T) {
	check(t, "ParseDuration", unit.ParseDuration, []parsed[time.Duration]{
		{"250ms", 250 * time.Millisecond, ""},
		{" 1.5s ", 1500 * time.Millisecond, ""},
		{"1m30s", 90 * time.Second, ""},
		{"5m", 5 * time.Minute, ""},
		{"5min", 5 * time.Minute, ""},
		{"2h", 2 * time.Hour, ""},
		{"0s", 0, ""},
		{"1µs", time.Microsecond, ""},
		{"10000h", 10000 * time.Hour, ""},
		{"300", 0, "300 has no unit; write 300ms or 300s"},
		{"5m30", 0, `"5m30" has no unit behind 30; write 5m30s`},
		{"1h5m30", 0, `"1h5m30" has no unit behind 30; write 1h5m30s`},
		{"2h30", 0, `"2h30" has no unit behind 30; write 2h30m`},
		{"1s500", 0, `"1s500" has no unit behind 500; write 1s500ms`},
		{"1.5m30", 0, `"1.5m30" has no unit behind 30; write 1.5m30s`},
		{" 300 ", 0, "300 has no unit; write 300ms or 300s"},
		{"0", 0, "0 has no unit; write 0ms or 0s"},
		{"1.5", 0, "1.5 has no unit; write 1.5ms or 1.5s"},
		{"", 0, `"" is not a duration; write one like 200ms, 10s or 5m`},
		{"soon", 0, `"soon" is not a duration; write one like 200ms, 10s or 5m`},
		{"5 s", 0, `"5 s" is not a duration; write one like 200ms, 10s or 5m`},
		{"5d", 0, `"5d" is not a duration; write one like 200ms, 10s or 5m`},
		{"NaN", 0, `"NaN" is not a duration; write one like 200ms, 10s or 5m`},
		{"-5", 0, `"-5" is not a duration; write one like 200ms, 10s or 5m`},
		{"-5s", 0, `"-5s" is negative; write a duration of 0s or more`},
		{"10001h", 0, `"10001h" is too long; write at most 10000h`},
		{"9999999999h", 0, `"9999999999h" is too long; write at most 10000h`},
		{"99999999999h1h", 0, `"99999999999h1h" is too long; write at most 10000h`},
		{"-9999999999h", 0, `"-9999999999h" is not a duration; write one like 200ms, 10s or 5m`},
		{"Inf", 0, `"Inf" is not a duration; write one like 200ms, 10s or 5m`},
	})
}

func TestParseRatio(t *testing.T) {
	check(t, "ParseRatio", unit.ParseRatio, []parsed[float64]{
		{"99.5%", .995, ""},
		{" 99.5 % ", .995, ""},
		{"0%", 0, ""},
		{"100%", 1, ""},
		{"1e-1%", .001, ""},
		{"0.5", 0, "0.5 has no unit, and as a part of 1 it is 50%; write 50%"},
		{"0.995", 0, "0.995 has no unit, and as a part of 1 it is 99.5%; write 99.5%"},
		{".005", 0, ".005 has no unit, and as a part of 1 it is 0.5%; write 0.5%"},
		{"1", 0, "1 has no unit; write 100% for all, or 1% for one in a hundred"},
		{"99.5", 0, "99.5 has no unit; write 99.5%"},
		{"", 0, `"" is not a share; write one like 99.5%`},
		{"most", 0, `"most" is not a share; write one like 99.5%`},
		{"most%", 0, `"most%" is not a share; write one like 99.5%`},
		{"%", 0, `"%" is not a share; write one like 99.5%`},
		{"NaN%", 0, `"NaN%" is not a share; write one like 99.5%`},
		{"0x1p-2%", 0, `"0x1p-2%" is not a share; write one like 99.5%`},
		{"-1", 0, `"-1" is not a share; write one like 99.5%`},
		{"-1%", 0, `"-1%" is outside 0% to 100%`},
		{"100.1%", 0, `"100.1%" is outside 0% to 100%`},
	})
}

func TestParseRate(t *testing.T) {
	type rate struct {
		perSecond float64
		written   unit.Unit
	}
	check(t, "ParseRate", func(text string) (rate, error) {
		v, written, err := unit.ParseRate(text)
		return rate{v, written}, err
	}, []parsed[rate]{
		{"10/s", rate{10, unit.PerSecond}, ""},
		{" 500 /min ", rate{500. / 60, unit.PerMinute}, ""},
		{"3600/h", rate{1, unit.PerHour}, ""},
		{"30000/day", rate{30000. / 86400, unit.PerDay}, ""},
		{"0/s", rate{0, unit.PerSecond}, ""},
		{"1.5e3/s", rate{1500, unit.PerSecond}, ""},
		{"500", rate{}, "500 has no unit; write 500/s, /min, /h or /day"},
		{"", rate{}, `"" is not a rate; write one like 10/s, 500/min or 30000/day`},
		{"/s", rate{}, `"/s" is not a rate; write one like 10/s, 500/min or 30000/day`},
		{"10/week", rate{}, `"10/week" is not a rate; write one like 10/s, 500/min or 30000/day`},
		{"-10/s", rate{}, `"-10/s" is not a rate; write one like 10/s, 500/min or 30000/day`},
		{"-10", rate{}, `"-10" is not a rate; write one like 10/s, 500/min or 30000/day`},
		{"Inf/s", rate{}, `"Inf/s" is not a rate; write one like 10/s, 500/min or 30000/day`},
		{"1_0/s", rate{}, `"1_0/s" is not a rate; write one like 10/s, 500/min or 30000/day`},
	})
}

func TestParseBytes(t *testing.T) {
	check(t, "ParseBytes", unit.ParseBytes, []parsed[int64]{
		{"512B", 512, ""},
		{" 64 KiB ", 64 << 10, ""},
		{"1.5MiB", 3 << 19, ""},
		{"2GiB", 2 << 30, ""},
		{"1TiB", 1 << 40, ""},
		{"1kB", 1000, ""},
		{"1MB", 1_000_000, ""},
		{"1GB", 1_000_000_000, ""},
		{"1.9B", 1, ""},
		{"0B", 0, ""},
		{"512", 0, "512 has no unit; write 512B, 512KiB or 512MiB"},
		{"", 0, `"" is not a size; write one like 512KiB or 10MiB`},
		{"B", 0, `"B" is not a size; write one like 512KiB or 10MiB`},
		{"5KB", 0, `"5KB" is not a size; write one like 512KiB or 10MiB`},
		{"-5B", 0, `"-5B" is not a size; write one like 512KiB or 10MiB`},
		{"NaNB", 0, `"NaNB" is not a size; write one like 512KiB or 10MiB`},
		{"8589934592GiB", 0, `"8589934592GiB" is not a size; write one like 512KiB or 10MiB`},
	})
}

// What is read is printed, and what is printed is read again as the same
// value, to the three digits that are printed; least is the last place that
// is printed at all, or a whole nanosecond or byte.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"250ms", "5min", "1m30s", "10000h",
		"99.95%", "0.001%", "500/min", "30000/day", "0.1/s", "64KiB", "1GB", "300", "–", "minmin"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		again := func(q unit.Quantity, least float64, parse func(string) (float64, error)) {
			t.Helper()
			printed := q.String()
			got, err := parse(printed)
			if err != nil {
				t.Fatalf("%q is printed as %q: %v", text, printed, err)
			}
			if math.Abs(got-q.Value) > .00501*q.Value+least {
				t.Fatalf("%q = %g is printed as %q = %g", text, q.Value, printed, got)
			}
		}
		if d, err := unit.ParseDuration(text); err == nil {
			if d < 0 || d > 10_000*time.Hour {
				t.Fatalf("ParseDuration(%q) = %v", text, d)
			}
			again(unit.Of(d), 1, func(s string) (float64, error) {
				d, err := unit.ParseDuration(s)
				return float64(d), err
			})
		}
		if v, err := unit.ParseRatio(text); err == nil {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("ParseRatio(%q) = %g", text, v)
			}
			again(unit.Quantity{Value: v, Unit: unit.Ratio}, 1e-14, unit.ParseRatio)
			if back, _ := unit.ParseRatio(unit.Quantity{Value: v, Unit: unit.Ratio}.String()); back == 1 && v < 1 {
				t.Fatalf("ParseRatio(%q) = %g is printed as all", text, v)
			}
		}
		if v, written, err := unit.ParseRate(text); err == nil {
			if !(v >= 0) || math.IsInf(v, 0) {
				t.Fatalf("ParseRate(%q) = %g", text, v)
			}
			again(unit.Quantity{Value: v, Unit: written}, 1e-12, func(s string) (float64, error) {
				v, again, err := unit.ParseRate(s)
				if again != written {
					t.Fatalf("ParseRate(%q) is in unit %d, printed in %d", text, written, again)
				}
				return v, err
			})
		}
		if n, err := unit.ParseBytes(text); err == nil {
			if n < 0 {
				t.Fatalf("ParseBytes(%q) = %d", text, n)
			}
			again(unit.Quantity{Value: float64(n), Unit: unit.Bytes}, 1, func(s string) (float64, error) {
				n, err := unit.ParseBytes(s)
				return float64(n), err
			})
		}
	})
}
