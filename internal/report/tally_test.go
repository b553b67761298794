package report_test

import (
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// The figures of a page are those that the verdict rests on: of every recorded run, and of
// one in which the generator stood still, each check of one endpoint has the value and the
// number of requests of that endpoint's row.
func TestOneTally(t *testing.T) {
	files, err := filepath.Glob("../../testdata/recorded/*.json.gz")
	if err != nil || len(files) < 15 {
		t.Fatalf("found %d recorded runs: %v", len(files), err)
	}
	src, err := os.ReadFile("../../testdata/recorded/thresholds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := thresholds.Decode(src, "thresholds.yaml", thresholds.Options{Unsent: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Rules = []config.Rule{{Name: "each", Patterns: []string{"*"}, Scope: config.Each, Limits: []config.Limit{
		{Metric: metric.P95, Fail: 1e9, HasFail: true}, {Metric: metric.FailureRate, Fail: 0.01, HasFail: true},
	}}}
	compared := 0
	for _, path := range files {
		r := recordedRun(t, path)
		compared += compareTallies(t, path, r, s)
		at := slices.IndexFunc(r.Timeline, func(m result.Moment) bool { return m.Generator != nil && m.Slot > 40 })
		if at < 0 {
			t.Fatalf("%s: no reading of the generator", path)
		}
		r.Timeline[at].Generator.Still = 5 * r.Slot
		compared += compareTallies(t, path+" with a standstill", r, s)
	}
	if compared < 500 {
		t.Errorf("compared %d checks", compared)
	}
}

func recordedRun(t *testing.T, path string) *result.Result {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r, err := result.Decode(unpacked, path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func compareTallies(t *testing.T, name string, r *result.Result, s *config.Config) (compared int) {
	t.Helper()
	v := gate.Judge(evidence.Input{Result: r, Config: s})
	rows := content.NewView(r, v, content.Options{}).Endpoints
	for _, c := range v.Checks {
		if c.Rule != "each" || !c.Got.OK || c.OfArrivals {
			continue
		}
		at := slices.IndexFunc(rows, func(f content.Figure) bool { return f.Name == c.Subject && !f.Start })
		if at < 0 {
			continue
		}
		row := rows[at]
		want, requests := float64(row.Failures)/float64(row.Requests), row.Requests
		if c.Metric == metric.P95 {
			p95, _ := row.Latency(0.95)
			want, requests = float64(p95), row.Requests-row.Failures
		}
		if math.Abs(c.Got.Value-want) > 1e-9*want || c.Requests != requests {
			t.Errorf("%s: %s of %s is %v of %d requests in the verdict, and %v of %d on the page",
				name, c.Metric.Name(), c.Subject, c.Got.Value, c.Requests, want, requests)
		}
		compared++
	}
	return compared
}
