package baseline_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
)

// endpoint asks for a request so often per second.
func endpoint(name, request string, rate float64) baseline.Asked {
	return baseline.Asked{Endpoint: name, Request: request, Rate: rate}
}

// was gives an endpoint the name that it had.
func was(a baseline.Asked, name string) baseline.Asked { a.Was = name; return a }

// load is one of endpoints.
func load(asked ...baseline.Asked) baseline.Load {
	return baseline.Load{Course: "course", Around: "around", Asked: asked}
}

// with gives a run a load, a digest of its own, and a p95 of each endpoint.
func with(digest string, l baseline.Load) func(*baseline.Run) {
	return func(r *baseline.Run) {
		r.Digest, r.Load = digest, l
		for i, a := range l.Asked {
			r.Figures = append(r.Figures,
				baseline.Figure{Endpoint: a.Endpoint, Transaction: a.Transaction, Metric: metric.P95,
					Value: float64(10*(i+1)) * 1e6, Requests: 500})
		}
	}
}

func texts(reasons []reason.Reason) []string {
	var all []string
	for _, r := range reasons {
		all = append(all, wording.Text(r))
	}
	return all
}

// Of an edited file the endpoints are compared whose request stayed what it was,
// and that are asked for about as often.
func TestSelectAfterAnEdit(t *testing.T) {
	a, b, c := endpoint("a", "ra", 10), endpoint("b", "rb", 10), endpoint("c", "rc", 10)
	changed := func(f func(*baseline.Load)) baseline.Load {
		l := load(slices.Clone([]baseline.Asked{a, b})...)
		f(&l)
		return l
	}
	for _, row := range []struct {
		name    string
		now     baseline.Load
		compare []string // what of the old run may be compared
		changes []string
	}{
		{"nothing that is known", load(a, b), []string{"a", "b"}, nil},
		{"one more in the place of others",
			load(endpoint("a", "ra", 20./3), endpoint("b", "rb", 20./3), endpoint("c", "rc",
				20./3)), []string{"a", "b"}, []string{"c is new"}},
		{"one more beside the others", load(a, b, c), nil, nil},
		{"a rare one more beside the others", load(a, b, endpoint("c", "rc", 2)),
			[]string{"a", "b"}, []string{"c is new"}},
		{"one less", load(endpoint("a", "ra", 20)), nil, nil},
		{"a rare one less", load(endpoint("a", "ra", 10.5), endpoint("b", "rb", 10.5)), []string{"a", "b"}, nil},
		{"another request", load(a, endpoint("b", "changed", 10)), []string{"a"}, []string{"b changed"}},
		{"all requests", load(endpoint("a", "x", 10), endpoint("b", "y", 10)), nil, nil},
		{"another name", load(a, endpoint("c", "rb", 10)), []string{"a"}, []string{"b is gone", "c is new"}},
		{"a name that was another", load(a, was(endpoint("c", "rb", 10), "b")),
			[]string{"a", "c"}, []string{"c was b"}},
		{"a name that was another, and another request", load(a, was(endpoint("c", "rc", 10), "b")), []string{"a"},
			[]string{"c changed"}},
		{"a name that was none", load(a, b, was(endpoint("c", "rc", 1), "x")),
			[]string{"a", "b"}, []string{"c is new"}},
		{"exactly 10 % more", load(endpoint("a", "ra", 11), endpoint("b", "rb", 11)), []string{"a", "b"}, nil},
		{"more than 10 % more", load(endpoint("a", "ra", 11.1), endpoint("b", "rb", 11)), nil, nil},
		{"more than 10 % less", load(endpoint("a", "ra", 8.9), endpoint("b", "rb", 9)), nil, nil},
		{"one more often", load(endpoint("a", "ra", 11.2), endpoint("b", "rb", 9)), []string{"b"},
			[]string{"a is sent 1.12 times as often"}},
		{"one half as often", load(endpoint("a", "ra", 5), endpoint("b", "rb", 11), endpoint("c", "rc", 4)),
			[]string{"a",
				"b"}, []string{"c is new"}},
		{"one more rarely than that", load(endpoint("a", "ra", 4.9), endpoint("b", "rb", 11), endpoint("c", "rc", 4)),
			[]string{"b"},
			[]string{"a is sent 0.49 times as often", "c is new"}},
		{"another course", changed(func(l *baseline.Load) { l.Course = "other" }), nil, nil},
		{"the load around", changed(func(l *baseline.Load) { l.Around = "other" }), []string{"a", "b"}, nil},
		{"without think time", changed(func(l *baseline.Load) { l.Free = true }), []string{"a", "b"}, nil},
		{"without think time, the load around",
			changed(func(l *baseline.Load) { l.Free, l.Around = true, "other" }), nil,
			nil},
		{"not known in parts", baseline.Load{}, nil, nil},
	} {
		old := run(1, with("old", load(a, b)))
		past := baseline.Select([]baseline.Run{old}, baseline.Query{Run: run(9, with("new", row.now))})
		var compare []string
		for _, of := range row.now.Asked {
			if s := past.Series(of.Endpoint, false, metric.P95); len(s.Values) == 1 && !math.IsNaN(s.Values[0]) {
				compare = append(compare, of.Endpoint)
			}
		}
		if diff := cmp.Diff(row.compare, compare); diff != "" {
			t.Errorf("%s: compared (-want +got):\n%s", row.name, diff)
		}
		left := row.compare == nil && len(row.now.Asked) > 0 || row.now.Course == ""
		if (len(past.Left) == 1 && past.Left[0].Why == reason.PastOtherLoad) != left {
			t.Errorf("%s: left out %v, want %v", row.name, past.Left, left)
		}
		runs, changes := past.Edits()
		if diff := cmp.Diff(row.changes, texts(changes)); diff != "" || runs != len(past.Runs) {
			t.Errorf("%s: %d edited runs; changes (-want +got):\n%s", row.name, runs, diff)
		}
	}
}

// Runs that were kept before loads were known in parts are compared where all of
// the load is the same, as ever.
func TestSelectOlderRuns(t *testing.T) {
	now := with("same", load(endpoint("a", "ra", 10)))
	for digest, want := range map[string]int{"same": 1, "other": 0} {
		old := run(1, p95("a", 10, 0), func(r *baseline.Run) { r.Digest = digest })
		past := baseline.Select([]baseline.Run{old}, baseline.Query{Run: run(9, now)})
		if got := len(past.Runs); got != want {
			t.Errorf("digest %s: %d runs count, want %d", digest, got, want)
		}
		if runs, _ := past.Edits(); runs != 0 {
			t.Errorf("digest %s: %d edited runs", digest, runs)
		}
	}
}

// The value of a renamed endpoint is that of its old name in old runs, and of its
// own in new ones.
func TestCourseOfARenamedEndpoint(t *testing.T) {
	before, after := load(endpoint("b", "rb", 10)), load(was(endpoint("c", "rb", 10), "b"))
	value := func(ms float64) func(*baseline.Run) {
		return func(r *baseline.Run) { r.Figures[0].Value = ms * 1e6 }
	}
	past := baseline.Select([]baseline.Run{
		run(1, with("old", before), value(10)), run(2, with("new", after), value(20)),
		run(3, with("old", before), value(30)),
	}, baseline.Query{Run: run(9, with("new", after))})
	got, _ := past.SinceChange("c", false, metric.P95)
	if !same(t, logs(10, 20, 30), got.Values) {
		t.Errorf("values %v, want those of b, c and b", got.Values)
	}
	if runs, changes := past.Edits(); runs != 2 || !slices.Equal(texts(changes), []string{"c was b"}) {
		t.Errorf("Edits = %d, %v", runs, changes)
	}
}

// Throughput is compared with what was planned: half of the requests are half of
// the throughput.
func TestThroughputAfterAnEdit(t *testing.T) {
	throughput := func(r *baseline.Run) {
		r.Figures = append(r.Figures,
			baseline.Figure{Endpoint: "a", Metric: metric.Throughput, Value: 9, Requests: 500})
	}
	for rate, want := range map[float64]float64{10: 9, 5: 4.5, 11: 9.9} {
		l := load(endpoint("a", "ra", rate), endpoint("b", "rb", 20-rate))
		past := baseline.Select(
			[]baseline.Run{run(1, with("old", load(endpoint("a", "ra", 10), endpoint("b", "rb", 10))),
				throughput)},
			baseline.Query{Run: run(9, with("new", l))})
		got := math.Exp(past.Series("a", false, metric.Throughput).Values[0])
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("planned %v instead of 10: %v instead of 9, want %v", rate, got, want)
		}
		if got := math.Exp(past.Series("a", false, metric.P95).Values[0]); math.Abs(got-10e6) > 1 {
			t.Errorf("planned %v instead of 10: p95 %v", rate, got)
		}
	}
}

// Edits names only changes since runs that count.
func TestEditsOfTheNewest(t *testing.T) {
	old, now := with("old", load(endpoint("a", "ra", 10))), with("new", load(endpoint("a", "ra", 10.2)))
	runs := []baseline.Run{run(1, old), run(2, old), run(3, now), run(4, now)}
	for last, want := range map[int]int{0: 2, 2: 0, 3: 1, 20: 2} {
		if got, _ := baseline.Select(runs, baseline.Query{Run: run(9, now), Last: last}).Edits(); got != want {
			t.Errorf("last %d: %d edited runs, want %d", last, got, want)
		}
	}
}

// A figure that its run was not sure of is shown, and not compared, unless people
// accepted the run.
func TestUnsureFigures(t *testing.T) {
	unsure := func(r *baseline.Run) { r.Figures[0].Unsure = true }
	runs := []baseline.Run{run(1, p95("a", 10, 0)), run(2, p95("a", 20, 0), unsure), run(3, p95("a", 30, 0))}
	past := baseline.Select(runs, baseline.Query{Run: run(9)})
	if got := past.Series("a", false, metric.P95).Values; !same(t, logs(10, nan, 30), got) {
		t.Errorf("compared: %v", got)
	}
	if got := baseline.SeriesBeside(run(9), runs, "a", false, metric.P95).Values; !same(t, logs(10, 20, 30), got) {
		t.Errorf("shown: %v", got)
	}
	marked(true)(&runs[1])
	past = baseline.Select(runs, baseline.Query{Run: run(9)})
	if got := past.Series("a", false, metric.P95).Values; !same(t, logs(20, 30), got) {
		t.Errorf("accepted: %v", got)
	}
}

// The runs that a run is compared with do not depend on the order of its endpoints, and
// an edit never makes more comparable than the unedited file.
func TestEditsCompareNoMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"a", "b", "c", "d"}
		draw := func(label string) baseline.Load {
			var asked []baseline.Asked
			for _, name := range names[:rapid.IntRange(1, 4).Draw(t, label)] {
				asked = append(asked,
					endpoint(name, rapid.SampledFrom([]string{"x", "y"}).Draw(t, "request"), rapid.Float64Range(1,
						20).Draw(t, "rate")))
			}
			return load(asked...)
		}
		before, after := draw("before"), draw("after")
		old := run(1, with("old", before))
		of := func(l baseline.Load) map[string]bool {
			compared := map[string]bool{}
			past := baseline.Select([]baseline.Run{old}, baseline.Query{Run: run(9, with("new", l))})
			for _, name := range names {
				s := past.Series(name, false, metric.P95)
				compared[name] = len(s.Values) > 0 && !math.IsNaN(s.Values[0])
			}
			return compared
		}
		turned := after
		turned.Asked = slices.Clone(after.Asked)
		slices.Reverse(turned.Asked)
		got := of(after)
		if diff := cmp.Diff(got, of(turned)); diff != "" {
			t.Fatalf("in another order:\n%s", diff)
		}
		all := of(before)
		for name, ok := range got {
			if ok && !all[name] {
				t.Fatalf("%s is compared after the edit only", name)
			}
		}
	})
}

// A result says what its load was in parts.
func TestLoadOfAResult(t *testing.T) {
	r := &result.Result{
		Digest: "d", Load: result.Load{Course: "course", Around: "around", Measured: 10 * time.Second},
		Planned: result.Planned{Groups: []result.Group{{Name: "g", Users: 2, ThinkMin: 1, ThinkMax: 2}}},
		Endpoints: []result.Endpoint{
			{Name: "login", Place: metric.Place{Once: metric.Once{Start: true}}, Expected: 2},
			{Name: "a", Request: "ra", Expected: 50}, {Name: "b", Was: "c",
				Request: "rb", Expected: 5},
		},
		Transactions: []result.Endpoint{{Name: "buy", Request: "rt", Expected: 2}},
	}
	want := load(endpoint("a", "ra", 5), was(endpoint("b", "rb", 0.5), "c"),
		baseline.Asked{Endpoint: "buy", Transaction: true,
			Request: "rt", Rate: 0.2})
	if diff := cmp.Diff(want, baseline.Of(r).Load); diff != "" {
		t.Errorf("Load (-want +got):\n%s", diff)
	}
	r.Planned.Groups[0].ThinkMin, r.Planned.Groups[0].ThinkMax = 0, 0
	if !baseline.Of(r).Load.Free {
		t.Error("a group without think time is not seen")
	}
	r.Planned.Rate = 5
	if baseline.Of(r).Load.Free {
		t.Error("arrivals have rates, and are called free of them")
	}
	r.Load = result.Load{}
	if diff := cmp.Diff(baseline.Load{}, baseline.Of(r).Load); diff != "" {
		t.Errorf("of an older document (-want +got):\n%s", diff)
	}
}
