package baseline_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
)

var nan = math.NaN()

// days are runs with the p95 of GET /a that each had, in milliseconds; NaN: it
// had none.
func days(values ...float64) []baseline.Run {
	var runs []baseline.Run
	for day, v := range values {
		if math.IsNaN(v) {
			runs = append(runs, run(day, p95("GET /b", 10, 0)))
			continue
		}
		runs = append(runs, run(day, p95("GET /a", v, 0.02)))
	}
	return runs
}

// level repeats values around one until there are n.
func level(n int, around float64) []float64 {
	jitter := []float64{1, 1.01, 0.99, 1.005, 0.995}
	var all []float64
	for i := range n {
		all = append(all, around*jitter[i%len(jitter)])
	}
	return all
}

// logs are the natural logarithms of milliseconds in nanoseconds.
func logs(values ...float64) []float64 {
	var all []float64
	for _, v := range values {
		all = append(all, math.Log(v*1e6))
	}
	return all
}

func TestSinceChange(t *testing.T) {
	stepped := append(level(12, 100), level(12, 150)...)
	hidden := func(n int, values []float64) []float64 {
		values = append([]float64(nil), values...)
		for i := range n {
			values[i] = nan
		}
		return values
	}
	for _, row := range []struct {
		name   string
		values []float64
		last   int
		want   []float64
		change int // the run where the level changed; -1: nowhere
	}{
		{"none", nil, 0, nil, -1},
		{"all", []float64{100, 101, 99}, 0, []float64{100, 101, 99}, -1},
		{"the last two", []float64{100, 101, 99}, 2, []float64{nan, 101, 99}, -1},
		{"more than there are", []float64{100, 101, 99}, 20, []float64{100, 101, 99}, -1},
		{"an endpoint that is missing in runs", []float64{100, nan, 99, nan}, 0, []float64{100, nan, 99, nan}, -1},
		{"last counts runs, not values", []float64{100, nan, 99, nan}, 2, []float64{nan, nan, 99, nan}, -1},
		{"an endpoint of no run", []float64{nan, nan}, 0, []float64{nan, nan}, -1},
		{"since a change", stepped, 0, hidden(12, stepped), 12},
		{"since a change, and the last five", stepped, 5, hidden(19, stepped), 12},
		{"a change older than the last thirty", stepped, 30, hidden(12, stepped), 12},
		{"a change behind a run without a value", append([]float64{nan}, stepped...),
			0, hidden(13, append([]float64{nan}, stepped...)), 13},
	} {
		past := baseline.Select(days(row.values...), baseline.Query{Run: run(99), Last: row.last})
		got, point := past.SinceChange("GET /a", false, metric.P95)
		if !same(t, logs(row.want...), got.Values) {
			t.Errorf("%s: values %v, want %v", row.name, got.Values, logs(row.want...))
		}
		at := -1
		if point != nil {
			at = point.At
		}
		if at != row.change {
			t.Errorf("%s: change at %d, want %d", row.name, at, row.change)
		}
		for i, v := range got.Values {
			if math.IsNaN(v) != math.IsNaN(got.Errs[i]) {
				t.Errorf("%s: run %d has value %g and error %g", row.name, i, v, got.Errs[i])
			}
		}
	}
}

func TestChangePoints(t *testing.T) {
	up := append(level(12, 100), level(12, 150)...)
	both := append(append([]float64(nil), up...), level(12, 90)...)
	for _, row := range []struct {
		name   string
		values []float64
		want   []baseline.ChangePoint // levels in milliseconds
	}{
		{"none", level(24, 100), nil},
		{"one slow run is no level", append(append(level(12, 100), 400), level(12, 100)...), nil},
		{"up", up, []baseline.ChangePoint{{At: 12, Before: 100, After: 150}}},
		{"up and down", both, []baseline.ChangePoint{
			{At: 12, Before: 100, After: 150}, {At: 24, Before: 150, After: 90},
		}},
		{"too few runs", []float64{100, 200}, nil},
	} {
		got := baseline.SeriesBeside(run(99), days(row.values...), "GET /a", false, metric.P95).ChangePoints()
		for i := range got {
			got[i].Before, got[i].After = math.Round(got[i].Before/1e6), math.Round(got[i].After/1e6)
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: ChangePoints (-want +got):\n%s", row.name, diff)
		}
	}
	if got := (baseline.ChangePoint{Before: 100, After: 150}).Ratio(); got != 1.5 {
		t.Errorf("Ratio = %g, want 1.5", got)
	}
}

func TestSeriesBeside(t *testing.T) {
	runs := []baseline.Run{run(1, p95("GET /a", 100, 0.02)), run(2), run(3, p95("GET /a", 110, 0))}
	got := baseline.SeriesBeside(run(99), runs, "GET /a", false, metric.P95)
	if !same(t, logs(100, nan, 110), got.Values) || !same(t, []float64{0.02, nan, nan}, got.Errs) {
		t.Errorf("SeriesBeside = %+v, want an unknown error where it is 0, and nothing where there is no figure", got)
	}
}
