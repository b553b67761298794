package baseline_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
)

func TestSelect(t *testing.T) {
	left := func(why reason.Code) []baseline.Left { return []baseline.Left{{Runs: 1, Why: why}} }
	for _, row := range []struct {
		name   string
		change func(*baseline.Run)
		left   []baseline.Left // nil: it counts
	}{
		{"a run like the new one", func(*baseline.Run) {}, nil},
		{"with a warning", verdict("warn"), nil},
		{"another port", func(r *baseline.Run) { r.Target = "http://localhost:9321" }, nil},
		{"this machine by its address", func(r *baseline.Run) { r.Target = "http://127.0.0.1:8000" }, nil},
		{"this machine by another address", func(r *baseline.Run) { r.Target = "http://127.0.1.1:8000" }, nil},
		{"this machine by its IPv6 address", func(r *baseline.Run) { r.Target = "http://[::1]:8000" }, nil},
		{"this machine in capitals", func(r *baseline.Run) { r.Target = "http://LocalHost:8000" }, nil},
		{"a name that begins like this machine's", func(r *baseline.Run) { r.Target = "http://localhost.test:8000" },
			left(reason.PastOtherHost)},
		{"another commit", func(r *baseline.Run) { r.Origin.Commit = "abc" }, nil},
		{"another load", func(r *baseline.Run) { r.Digest = "sha256:77" }, left(reason.PastOtherLoad)},
		{"another host", func(r *baseline.Run) { r.Target = "http://staging.test:8000" }, left(reason.PastOtherHost)},
		{"another machine", func(r *baseline.Run) { r.Origin.Runner.Name = "large" },
			left(reason.PastOtherMachine)},
		{"another branch", func(r *baseline.Run) { r.Origin.Branch = "feature" }, left(reason.PastOtherBranch)},
		{"a branch that is not known", func(r *baseline.Run) { r.Origin.Branch = "" }, left(reason.PastOtherBranch)},
		{"cut short", func(r *baseline.Run) { r.End = result.Cut }, left(reason.PastUnfinished)},
		{"stopped early", func(r *baseline.Run) { r.End = result.Stopped }, left(reason.PastUnfinished)},
		{"fit, whatever the verdict", func(r *baseline.Run) { verdict("inconclusive")(r); r.Base = baseline.Fit }, nil},
		{"nothing known in a newer run's words", func(r *baseline.Run) { r.Base = "odd" },
			left(reason.PastUnjudged)},
		{"failed, newer", func(r *baseline.Run) { r.Base = baseline.Failed }, left(reason.PastFailed)},
		{"not judged, newer", func(r *baseline.Run) { r.Base = baseline.Unjudged },
			left(reason.PastUnjudged)},
		{"late, newer", func(r *baseline.Run) { r.Base = baseline.Late }, left(reason.PastGeneratorLate)},
		{"fit, and cut short", func(r *baseline.Run) { r.Base, r.End = baseline.Fit, result.Cut },
			left(reason.PastUnfinished)},
		{"fit, and rejected", func(r *baseline.Run) { r.Base = baseline.Fit; marked(false)(r) },
			left(reason.PastRejected)},
		{"failed, newer, then accepted", func(r *baseline.Run) { r.Base = baseline.Failed; marked(true)(r) }, nil},
		{"failed", verdict("fail"), left(reason.PastNotPassed)},
		{"inconclusive", verdict("inconclusive"), left(reason.PastNotPassed)},
		{"a verdict of nobody", verdict(""), left(reason.PastNotPassed)},
		{"rejected", marked(false), left(reason.PastRejected)},
		{"accepted, then rejected", marked(true, false), left(reason.PastRejected)},
		{"failed, then accepted", func(r *baseline.Run) { verdict("fail")(r); marked(true)(r) }, nil},
		{"rejected, then accepted", marked(false, true), nil},
		{"accepted, of another load", func(r *baseline.Run) {
			r.Digest = "sha256:77"
			marked(true)(r)
		}, left(reason.PastOtherLoad)},
		{"two reasons: the first that is asked", func(r *baseline.Run) {
			r.Target = "http://staging.test"
			verdict("fail")(r)
		}, left(reason.PastOtherHost)},
		{"the same time as the new one", func(r *baseline.Run) { r.Started = midnight.AddDate(0, 0, 9) },
			[]baseline.Left{}},
		{"later than the new one", func(r *baseline.Run) { r.Started = midnight.AddDate(0, 0, 10) }, []baseline.Left{}},
	} {
		old := run(1, row.change)
		past := baseline.Select([]baseline.Run{old}, baseline.Query{Run: run(9), Branch: "main"})
		if counts := row.left == nil; counts != (len(past.Runs) == 1) {
			t.Errorf("%s: %d runs count, want %v", row.name, len(past.Runs), counts)
		}
		if diff := cmp.Diff(row.left, past.Left, cmpopts.EquateEmpty(), unnamed); diff != "" {
			t.Errorf("%s: left out (-want +got):\n%s", row.name, diff)
		}
	}
}

func TestSelectAnyBranch(t *testing.T) {
	runs := []baseline.Run{run(1), run(2, func(r *baseline.Run) { r.Origin.Branch = "feature" }),
		run(3, func(r *baseline.Run) { r.Origin.Branch = "" })}
	past := baseline.Select(runs, baseline.Query{Run: run(9)})
	if got := ids(past.Runs); len(got) != 3 {
		t.Errorf("of any branch: %v, want all three", got)
	}
}

func TestSelectOrders(t *testing.T) {
	runs := []baseline.Run{
		run(5), run(2, verdict("fail")), run(3), run(1), run(4, func(r *baseline.Run) { r.Digest = "sha256:77" }),
		run(6, verdict("fail")), run(7, marked(false)),
	}
	given := append([]baseline.Run(nil), runs...)
	past := baseline.Select(runs, baseline.Query{Run: run(9)})
	if diff := cmp.Diff([]string{"day 01", "day 03", "day 05"}, ids(past.Runs)); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	want := []baseline.Left{{Runs: 1, Why: reason.PastOtherLoad},
		{Runs: 1, Why: reason.PastRejected}, {Runs: 2, Why: reason.PastNotPassed}}
	if diff := cmp.Diff(want, past.Left, unnamed); diff != "" {
		t.Errorf("left out, in the order of the reasons (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(ids(given), ids(runs)); diff != "" {
		t.Errorf("Select changed what it was given:\n%s", diff)
	}
}

// Of the runs before the newest accepted one none counts.
func TestSelectBeginsWithTheAcceptedRun(t *testing.T) {
	for _, row := range []struct {
		name string
		runs []baseline.Run
		want []string
		left []baseline.Left
	}{
		{"the first", []baseline.Run{run(1, marked(true)), run(2), run(3)},
			[]string{"day 01", "day 02", "day 03"}, nil},
		{"in the middle", []baseline.Run{run(1), run(2), run(3, marked(true)), run(4)}, []string{"day 03", "day 04"},
			[]baseline.Left{{Runs: 2, Why: reason.PastBeforeAccepted}}},
		{"two", []baseline.Run{run(1), run(2, marked(true)), run(3), run(4, marked(true))}, []string{"day 04"},
			[]baseline.Left{{Runs: 3, Why: reason.PastBeforeAccepted}}},
		{"no longer accepted", []baseline.Run{run(1), run(2, marked(true, false)), run(3)},
			[]string{"day 01", "day 03"},
			[]baseline.Left{{Runs: 1, Why: reason.PastRejected}}},
		{"of another branch",
			[]baseline.Run{run(1), run(2, marked(true), func(r *baseline.Run) { r.Origin.Branch = "feature" }), run(3)},
			[]string{"day 01", "day 03"},
			[]baseline.Left{{Runs: 1, Why: reason.PastOtherBranch}}},
		{"with failed ones before", []baseline.Run{run(1, verdict("fail")),
			run(2), run(3, verdict("fail"), marked(true))}, []string{"day 03"},
			[]baseline.Left{{Runs: 1, Why: reason.PastNotPassed}, {Runs: 1, Why: reason.PastBeforeAccepted}}},
	} {
		past := baseline.Select(row.runs, baseline.Query{Run: run(9), Branch: "main"})
		if diff := cmp.Diff(row.want, ids(past.Runs)); diff != "" {
			t.Errorf("%s: runs (-want +got):\n%s", row.name, diff)
		}
		if diff := cmp.Diff(row.left, past.Left, unnamed); diff != "" {
			t.Errorf("%s: left out (-want +got):\n%s", row.name, diff)
		}
	}
}

// An accepted run cuts the figures that changed with it, and leaves the others.
func TestAcceptedCutsWhatChanged(t *testing.T) {
	day := func(day int, search, list float64, change ...func(*baseline.Run)) baseline.Run {
		return run(day, append(change, p95("search", search, 0.01), p95("list", list, 0.01))...)
	}
	known := func(past *baseline.Past, endpoint string) (n int) {
		for _, v := range past.Series(endpoint, false, metric.P95).Values {
			if !math.IsNaN(v) {
				n++
			}
		}
		return n
	}
	slower := day(4, 140, 51, verdict("fail"), marked(true))
	for _, c := range []struct {
		name         string
		runs         []baseline.Run
		search, list int
	}{
		{"one became slower", []baseline.Run{day(1, 100, 50), day(2, 102, 51), day(3, 99, 52), slower}, 1, 4},
		{"none did", []baseline.Run{day(1, 100, 50), day(2, 102, 51),
			day(3, 99, 52), day(4, 101, 52.5, verdict("fail"), marked(true))}, 4, 4},
		{"the new level came before it", []baseline.Run{day(1, 100, 50), day(2, 102, 51),
			day(3, 99, 52), day(4, 100, 50), day(5, 101, 51),
			day(6, 139, 51), day(7, 140, 51, verdict("fail"), marked(true))}, 1, 7},
		{"both did", []baseline.Run{day(1, 100, 50), day(2, 102, 51),
			day(3, 99, 52), day(4, 140, 70, marked(true))}, 1, 1},
		{"what came after it counts", []baseline.Run{day(1, 100, 50), day(2, 102, 51),
			slower, day(5, 139, 50), day(6, 141, 52)}, 3, 5},
		{"one run before it is no level", []baseline.Run{day(1, 100, 50), day(4, 100, 50, marked(true))}, 1, 1},
		{"the first keeps its cut",
			[]baseline.Run{day(1, 100, 50), day(2, 102, 51), slower, day(5, 139, 50), day(6, 141, 52),
				day(7, 140, 80, marked(true))}, 4, 1},
	} {
		past := baseline.Select(c.runs, baseline.Query{Run: day(9, 140, 50), Branch: "main"})
		if search, list := known(past, "search"), known(past, "list"); search != c.search || list != c.list {
			t.Errorf("%s: %d runs count for search and %d for list, want %d and %d",
				c.name, search, list, c.search, c.list)
		}
	}
}

func TestOrdered(t *testing.T) {
	at := func(id string, seconds int) baseline.Run {
		return baseline.Run{ID: id, Started: midnight.Add(time.Duration(seconds) * time.Second)}
	}
	got := ids(baseline.Ordered([]baseline.Run{at("c", 5), at("b", 2), at("a", 5), at("d", 1)}))
	if diff := cmp.Diff([]string{"d", "b", "a", "c"}, got); diff != "" {
		t.Errorf("Ordered (-want +got):\n%s", diff)
	}
}

// The runs of the same kind as the newest one, whatever their verdicts.
func TestAlike(t *testing.T) {
	if got := baseline.Alike(nil); got != nil {
		t.Errorf("Alike(nil) = %v", got)
	}
	runs := []baseline.Run{
		run(6), run(1), run(2, verdict("fail")), run(3, marked(false)),
		run(4, func(r *baseline.Run) { r.Origin.Branch = "feature" }),
		run(5, func(r *baseline.Run) { r.Digest = "sha256:77" }),
		run(0, func(r *baseline.Run) { r.Origin.Runner.Name = "large" }),
		run(7, func(r *baseline.Run) { r.Target = "http://localhost:1" }),
		run(5, func(r *baseline.Run) { r.Target = "http://staging.test" }),
	}
	want := []string{"day 01", "day 02", "day 03", "day 04", "day 06", "day 07"}
	if diff := cmp.Diff(want, ids(baseline.Alike(runs))); diff != "" {
		t.Errorf("Alike (-want +got):\n%s", diff)
	}
	// The newest run decides whether hosts are alike.
	previews := append(slices.Clone(runs), run(9, func(r *baseline.Run) {
		r.Target, r.AnyHost = "https://pr-9.preview.test", true
	}))
	want = []string{"day 01", "day 02", "day 03", "day 04", "day 05", "day 06", "day 07", "day 09"}
	if diff := cmp.Diff(want, ids(baseline.Alike(previews))); diff != "" {
		t.Errorf("Alike on any host (-want +got):\n%s", diff)
	}
	older := append(previews, run(10))
	if got := ids(baseline.Alike(older)); slices.Contains(got, "day 09") || slices.Contains(got, "day 05") {
		t.Errorf("Alike on its own host = %v", got)
	}
	// The newest run decides what is alike.
	other := append(runs, run(8, func(r *baseline.Run) { r.Digest = "sha256:77" }))
	if diff := cmp.Diff([]string{"day 05", "day 08"}, ids(baseline.Alike(other))); diff != "" {
		t.Errorf("Alike the newest (-want +got):\n%s", diff)
	}
}

func TestFigure(t *testing.T) {
	r := run(1, p95("GET /a", 30, 0.1))
	r.Figures = append(r.Figures,
		baseline.Figure{Endpoint: "GET /a", Transaction: true, Metric: metric.P95, Value: 90e6})
	for _, row := range []struct {
		name, endpoint string
		transaction    bool
		metric         metric.Metric
		want           float64
	}{
		{"an endpoint", "GET /a", false, metric.P95, 30e6},
		{"a transaction of the same name", "GET /a", true, metric.P95, 90e6},
		{"another metric", "GET /a", false, metric.Mean, 0},
		{"another endpoint", "GET /b", false, metric.P95, 0},
	} {
		if f, ok := r.Figure(row.endpoint, row.transaction, row.metric); f.Value != row.want || ok != (row.want > 0) {
			t.Errorf("%s: Figure = %+v, %v, want %g", row.name, f, ok, row.want)
		}
	}
}

func TestOf(t *testing.T) {
	r := &result.Result{
		Tool: "loadgate test", Name: "shop", Profile: "light",
		Target: "http://localhost", Digest: "d", Seed: 3, Started: midnight,
		End: result.Complete, Origin: result.Origin{Commit: "c", Branch: "main"},
	}
	want := baseline.Run{
		Tool: "loadgate test", Name: "shop", Profile: "light",
		Target: "http://localhost", Digest: "d", Seed: 3, Started: midnight,
		End: result.Complete, Origin: result.Origin{Commit: "c", Branch: "main"},
	}
	if diff := cmp.Diff(want, baseline.Of(r)); diff != "" {
		t.Errorf("Of (-want +got):\n%s", diff)
	}
	if (baseline.Run{}).Whole() || (baseline.Run{}).Counts() {
		t.Error("a run of which nothing is known counts")
	}
}

// unnamed compares how many runs are left out, and why.
var unnamed = cmpopts.IgnoreFields(baseline.Left{}, "IDs")

// Those that are left out are named, oldest first.
func TestSelectNames(t *testing.T) {
	past := baseline.Select([]baseline.Run{run(3, verdict("fail")), run(1, verdict("fail")), run(2)},
		baseline.Query{Run: run(9)})
	want := []baseline.Left{{Runs: 2, IDs: []string{"day 01", "day 03"}, Why: reason.PastNotPassed}}
	if diff := cmp.Diff(want, past.Left); diff != "" {
		t.Errorf("Left (-want +got):\n%s", diff)
	}
}

// Preview environments have a name of their own each time.
func TestSelectAnyHost(t *testing.T) {
	runs := []baseline.Run{run(1), run(2, func(r *baseline.Run) { r.Target = "https://pr-7.preview.test" })}
	now := run(9, func(r *baseline.Run) { r.Target = "https://pr-9.preview.test" })
	for any, want := range map[bool]int{false: 0, true: 2} {
		if now.AnyHost = any; len(baseline.Select(runs, baseline.Query{Run: now}).Runs) != want {
			t.Errorf("any host %v: not %d runs count", any, want)
		}
	}
}

// It is known how many of the runs that count went to other hosts, and to how many.
func TestOtherHosts(t *testing.T) {
	at := func(target string) func(*baseline.Run) { return func(r *baseline.Run) { r.Target = target } }
	runs := []baseline.Run{
		run(1, at("https://pr-1.preview.test")), run(2, at("https://pr-2.preview.test")),
		run(3, at("https://pr-3.preview.test")), run(4, at("https://pr-3.preview.test:8443")),
		run(5, at("https://pr-9.preview.test/v2")), run(6, at("https://pr-6.preview.test"), verdict("fail")),
	}
	now := run(9, at("https://pr-9.preview.test"))
	for _, row := range []struct {
		any             bool
		last            int
		of, runs, hosts int
	}{{true, 0, 5, 4, 3}, {true, 4, 4, 3, 2}, {true, 1, 1, 0, 0}, {false, 0, 1, 0, 0}} {
		now.AnyHost = row.any
		past := baseline.Select(runs, baseline.Query{Run: now, Last: row.last})
		if n, hosts := past.OtherHosts(); n != row.runs || hosts != row.hosts || past.Counting() != row.of {
			t.Errorf("any host %v, last %d: %d of %d runs on %d other hosts, want %d of %d on %d",
				row.any, row.last, n, past.Counting(), hosts, row.runs, row.of, row.hosts)
		}
	}
}

// The series of a figure, its change of level too, goes over the hosts.
func TestSeriesOverHosts(t *testing.T) {
	var runs []baseline.Run
	for day := range 40 {
		value := 100e6 * []float64{1, 1.012, 0.991, 1.004}[day%4]
		if day >= 20 {
			value *= 1.5
		}
		runs = append(runs, run(day, func(r *baseline.Run) {
			r.Target = fmt.Sprintf("https://pr-%d.preview.test", day)
			r.Figures = []baseline.Figure{{Endpoint: "GET /a", Metric: metric.P95, Value: value, Requests: 500}}
		}))
	}
	now := run(50, func(r *baseline.Run) { r.Target, r.AnyHost = "https://pr-50.preview.test", true })
	past := baseline.Select(runs, baseline.Query{Run: now})
	_, change := past.SinceChange("GET /a", false, metric.P95)
	points := baseline.SeriesBeside(now, runs, "GET /a", false, metric.P95).ChangePoints()
	if len(past.Runs) != 40 || change == nil || len(points) != 1 || points[0].At != 20 {
		t.Errorf("%d runs, change %v, points %v; want 40 and a change with run 20", len(past.Runs), change, points)
	}
}

// A run says why it is no baseline, in its own words where it has some.
func TestWhyNot(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*baseline.Run)
		want   string
	}{
		{"it is one", func(*baseline.Run) {}, ""},
		{"old", verdict("fail"), "it did not pass"},
		{"failed", func(r *baseline.Run) { r.Base, r.Why = baseline.Failed, "it failed: quick" }, "it failed: quick"},
		{"failed, without words", func(r *baseline.Run) { r.Base = baseline.Failed }, "that failed"},
		{"rejected", marked(false), "rejected: because"},
		{"cut short", func(r *baseline.Run) { r.End = result.Cut }, "it did not run to its end"},
	} {
		r := run(1, row.change)
		if got := wording.Text(r.WhyNot()); got != row.want || r.Counts() == r.WhyNot().Given() {
			t.Errorf("%s: WhyNot = %q, want %q", row.name, got, row.want)
		}
	}
}
