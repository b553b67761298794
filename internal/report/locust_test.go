package report_test

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/verdictjson"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// locust writes and reads back one of Locust's files.
func locust(t interface{ Fatalf(string, ...any) }, suffix string, r *result.Result) [][]string {
	at := slices.IndexFunc(report.CSVFiles(), func(f report.CSVFile) bool { return f.Suffix == suffix })
	var b strings.Builder
	if err := report.CSVFiles()[at].Write(&b, content.NewView(r, verdict.Verdict{}, content.Options{})); err != nil {
		t.Fatalf("%s: %v", suffix, err)
	}
	if text := b.String(); strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Fatalf("%s: a line does not end with CRLF: %q", suffix, text)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", suffix, err)
	}
	return rows
}

// smallRun has one endpoint whose requests took 10, 20, … ms, the last of them
// failed.
func smallRun(n, fails int) *result.Result {
	var good, bad hist.Latency
	for i := range n {
		if d := time.Duration(i+1) * 10 * time.Millisecond; i < n-fails {
			good.Record(d)
		} else {
			bad.Record(d)
		}
	}
	s := result.Slot{Slot: 1, Requests: int64(n), Received: int64(n) * 100,
		Latency: good.Sparse(), FailedLatency: bad.Sparse()}
	if fails > 0 {
		s.Failed = map[metric.Failure]int64{metric.Status: int64(fails)}
	}
	return &result.Result{
		Started: time.Unix(1_780_000_000, 0), Slot: time.Second, Elapsed: 4 * time.Second,
		Planned:   result.Planned{WarmUp: 2 * time.Second},
		Timeline:  []result.Moment{{Slot: 0, Users: 3}, {Slot: 3, Users: 5}},
		Endpoints: []result.Endpoint{{Name: "GET /items", Slots: []result.Slot{s}}},
	}
}

func TestLocustStatsCountTheWholeRunAndItsFailures(t *testing.T) {
	rows := locust(t, "_stats.csv", smallRun(10, 2))
	want := []string{"10", "2", "50", "55", "10", "100", "100",
		"5", "1", "50", "70", "80", "80", "90", "100", "100", "100", "100", "100", "100"}
	for i, name := range []string{"/items", "Aggregated"} {
		row := rows[1+i]
		if row[1] != name || !slices.Equal(row[2:], want) {
			t.Errorf("row %q: %q, want %q", row[1], row[2:], want)
		}
	}
	if len(rows) != 3 || rows[1][0] != "GET" || rows[2][0] != "" {
		t.Errorf("rows %q, want GET /items, then Aggregated without a type", rows)
	}
}

func TestLocustHistoryHasARowASecond(t *testing.T) {
	rows := locust(t, "_stats_history.csv", smallRun(10, 2))[1:]
	want := []struct{ timestamp, users, total, p95 string }{
		{"1780000001", "3", "0", "N/A"}, {"1780000002", "3", "10", "100"},
		{"1780000003", "3", "10", "100"}, {"1780000004", "5", "10", "100"},
	}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i, w := range want {
		if got := rows[i]; got[0] != w.timestamp || got[1] != w.users ||
			got[3] != "Aggregated" || got[11] != w.p95 || got[17] != w.total {
			t.Errorf("second %d: %q, want %+v", i, got, w)
		}
	}
	if got := rows[3][4]; got != "2.500000" {
		t.Errorf("Requests/s after 4 s with 10 requests: %s, want 2.500000", got)
	}
}

// Files of some tools do not say when the run began: a row then has no time, and not one of the
// year 1.
func TestLocustHistoryOfAnUnknownTime(t *testing.T) {
	r := smallRun(10, 2)
	r.Started = time.Time{}
	for i, row := range locust(t, "_stats_history.csv", r)[1:] {
		if row[0] != "" || row[3] != "Aggregated" {
			t.Errorf("second %d: %q, want no timestamp", i, row)
		}
	}
}

// The end of the history and the last row of the statistics count the same
// things.
func TestLocustFilesAgree(t *testing.T) {
	r := fixtureResult()
	stats, history := locust(t, "_stats.csv", r), locust(t, "_stats_history.csv", r)
	total, last := stats[len(stats)-1], history[len(history)-1]
	for _, column := range []struct{ stats, history string }{
		{"Request Count", "Total Request Count"}, {"Failure Count", "Total Failure Count"},
		{"50%", "50%"}, {"95%", "95%"}, {"100%", "100%"},
		{"Average Response Time", "Total Average Response Time"}, {"Min Response Time", "Total Min Response Time"},
		{"Average Content Size", "Total Average Content Size"},
	} {
		a, b := total[slices.Index(stats[0], column.stats)], last[slices.Index(history[0], column.history)]
		if a != b {
			t.Errorf("%s: %s in _stats, %s in _stats_history", column.stats, a, b)
		}
	}
}

func TestLocustNames(t *testing.T) {
	for _, c := range []struct{ endpoint, method, name string }{
		{"GET /api/x?a={id}", "GET", "/api/x?a={id}"},
		{"PATCH /", "PATCH", "/"},
		{"search by name", "", "search by name"},
		{"GETTER of things", "", "GETTER of things"},
		{"GET", "", "GET"},
		{"=1+1", "", "'=1+1"},
		{"GET @SUM(A1)", "GET", "'@SUM(A1)"},
		{"-5", "", "-5"},
	} {
		r := smallRun(1, 0)
		r.Endpoints[0].Name = c.endpoint
		if row := locust(t, "_stats.csv", r)[1]; row[0] != c.method || row[1] != c.name {
			t.Errorf("%q: Type %q, Name %q, want %q, %q", c.endpoint, row[0], row[1], c.method, c.name)
		}
	}
}

func TestLocustStartStepCountsWithItsNamesake(t *testing.T) {
	r := smallRun(10, 0)
	start := r.Endpoints[0]
	start.Start = true
	r.Endpoints = append(r.Endpoints, start)
	rows := locust(t, "_stats.csv", r)
	if len(rows) != 3 || rows[1][2] != "20" || rows[2][2] != "20" {
		t.Errorf("rows %q, want /items and Aggregated with 20 requests each", rows)
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hostile := rapid.OneOf(
			rapid.StringMatching(`[ \t\r\n]?[=+\-@＝][A-Z0-9!|'" (),]{0,12}`), rapid.String(),
		).Draw(t, "text")
		r := smallRun(3, 1)
		r.Endpoints[0].Name = hostile
		r.Endpoints[0].Failures = []result.Failure{{Kind: metric.Timeout, Detail: hostile, Count: 1},
			{Kind: metric.Status, Status: 503, Count: 1}}
		for _, f := range report.CSVFiles() {
			for _, row := range locust(t, f.Suffix, r)[1:] {
				for _, text := range row {
					if _, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil {
						continue
					}
					if strings.IndexAny(strings.TrimLeft(text, " "), "=+-@＝\t\r\n") == 0 ||
						strings.ContainsAny(text, "\t\r\n\x1b") {
						t.Fatalf("%s: cell %q", f.Suffix, text)
					}
				}
			}
		}
	})
}

func TestDamagedHistogramIsAnErrorNotANumber(t *testing.T) {
	r := smallRun(10, 0)
	r.Endpoints[0].Slots[0].Latency = hist.Sparse{0xff}
	r.Planned.WarmUp = 0
	view := content.NewView(r, verdict.Verdict{}, content.Options{})
	if d, ok := view.Endpoints[0].Latency(0.95); ok {
		t.Errorf("p95 = %v of a damaged histogram, want none", d)
	}
	for _, f := range report.CSVFiles()[:2] {
		if err := f.Write(&strings.Builder{}, view); err == nil {
			t.Errorf("%s: no error", f.Suffix)
		}
	}
}

func TestFiguresLeaveWarmUpOut(t *testing.T) {
	r := smallRun(10, 2)
	r.Planned.Duration, r.Elapsed = r.Elapsed, r.Elapsed+2*time.Second
	judged, drained := r.Endpoints[0].Slots[0], r.Endpoints[0].Slots[0]
	judged.Slot, drained.Slot = 3, 5
	start := result.Endpoint{Name: "POST /login", Place: metric.Place{Once: metric.Once{Start: true}},
		Slots: slices.Clone(r.Endpoints[0].Slots)}
	r.Endpoints[0].Slots = append(r.Endpoints[0].Slots, judged, drained)
	r.Endpoints = append(r.Endpoints, start)
	got := content.NewView(r, verdict.Verdict{}, content.Options{}).Endpoints
	for i, want := range []struct {
		requests, failures int64
		rate               float64
	}{{20, 4, 5}, {10, 2, 2.5}} { // the drain counts, but not for the rate
		if f := got[i]; f.Requests != want.requests || f.Failures != want.failures || f.Rate.Value != want.rate {
			t.Errorf("%s: %d requests, %d failures, %v/s, want %+v", f.Name, f.Requests, f.Failures, f.Rate.Value, want)
		}
	}
	if p, _ := got[0].Latency(1); p > 80*time.Millisecond {
		t.Errorf("the longest latency is %v: a failed request entered it", p)
	}
}

func TestVerdictDocumentTellsUnknownFromZero(t *testing.T) {
	var b strings.Builder
	v := verdict.Verdict{Checks: []verdict.Check{{Rule: "r", Metric: metric.Throughput, Limit: rate(0, 4)}}}
	if err := report.Formats()[1].Write(&b, content.NewView(smallRun(1, 0), v, content.Options{})); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Schema, Outcome string
		Checks          []struct {
			Value, Limit *struct {
				Value float64
				Unit  string
			}
			Needed    *int64
			Endpoints []string
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	c := doc.Checks[0]
	if doc.Schema != verdictjson.Schema || doc.Outcome != "inconclusive" ||
		c.Value != nil || c.Needed != nil || c.Endpoints == nil ||
		c.Limit == nil || c.Limit.Value != 0 || c.Limit.Unit != "per_second" {
		t.Errorf("the document says %s", b.String())
	}
}
