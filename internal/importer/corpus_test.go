package importer_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/metric"
)

// The files of corpus were written by the tools themselves; beside each stands
// what its tool says of it.
var corpus = filepath.Join("..", "..", "testdata", "corpus")

// said is what a tool reports of its own file. Times are of failures, too.
type said struct {
	requests  int64
	failed    map[metric.Failure]int64
	quantiles map[float64]time.Duration
	longest   time.Duration
	endpoints []string
}

func report(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(corpus, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// compare reads a file and holds it against what its tool says: requests and
// failures to the last one, times but for the precision of both.
func compare(t *testing.T, name string, names collect.Names, want said) {
	t.Helper()
	f, err := os.Open(filepath.Join(corpus, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := importer.Decode(f, name, importer.Options{Names: names})
	if err != nil {
		t.Fatal(err)
	}
	var all hist.Latency
	var requests int64
	failed := map[metric.Failure]int64{}
	for i, e := range r.Endpoints {
		if i < len(want.endpoints) && e.Name != want.endpoints[i] {
			t.Errorf("%s: endpoint %d is %q, want %q", name, i, e.Name, want.endpoints[i])
		}
		for _, s := range e.Slots {
			requests += s.Requests
			for kind, n := range s.Failed {
				failed[kind] += n
			}
			for _, part := range []hist.Sparse{s.Latency, s.FailedLatency} {
				if err := part.Into(&all); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if requests != want.requests || len(failed) != len(want.failed) || len(r.Endpoints) != len(want.endpoints) {
		t.Errorf("%s: %d requests at %d endpoints, failures %v; its tool says %d, %v",
			name, requests, len(r.Endpoints), failed, want.requests, want.failed)
	}
	for kind, n := range want.failed {
		if failed[kind] != n {
			t.Errorf("%s: %d failures of kind %s; its tool says %d", name, failed[kind], kind, n)
		}
	}
	// The tools estimate or interpolate between ranks, loadgate does neither.
	for q, d := range want.quantiles {
		rank := hist.Rank(q, all.Count())
		low, _, _ := all.Rank(rank - 2)
		_, high, _ := all.Rank(rank + 2)
		if d < low || d > high {
			t.Errorf("%s: quantile %g lies between %s and %s, two ranks around it; its tool says %s",
				name, q, low, high, d)
		}
	}
	if most, _ := all.Max(); (most - want.longest).Abs() > time.Microsecond {
		t.Errorf("%s: the longest took %s; its tool says %s", name, most, want.longest)
	}
}

func TestVegetaCorpus(t *testing.T) {
	var r struct {
		Requests  int64
		Codes     map[string]int64 `json:"status_codes"`
		Latencies struct {
			P50 time.Duration `json:"50th"`
			P95 time.Duration `json:"95th"`
			P99 time.Duration `json:"99th"`
			Max time.Duration
		}
	}
	report(t, "vegeta/report.json", &r)
	want := said{
		r.Requests, map[metric.Failure]int64{metric.Status: r.Codes["500"], metric.Refused: r.Codes["0"]},
		map[float64]time.Duration{0.5: r.Latencies.P50, 0.95: r.Latencies.P95, 0.99: r.Latencies.P99}, r.Latencies.Max,
		[]string{"GET /api/tutors", "GET /api/tutors?include_metrics=true"},
	}
	for _, name := range []string{"vegeta/results.csv", "vegeta/results.json"} {
		compare(t, name, collect.Names{}, want)
	}
}

func TestK6Corpus(t *testing.T) {
	var r struct {
		Duration struct {
			Count    int64
			Med, Max float64
			P95      float64 `json:"p(95)"`
			P99      float64 `json:"p(99)"`
		} `json:"http_req_duration"`
		Failed struct{ Passes int64 } `json:"http_req_failed"` // k6 counts what failed there
	}
	report(t, "k6/summary.json", &r)
	ms := func(v float64) time.Duration { return time.Duration(v * float64(time.Millisecond)) }
	want := said{
		r.Duration.Count, map[metric.Failure]int64{metric.Status: r.Failed.Passes},
		map[float64]time.Duration{0.5: ms(r.Duration.Med), 0.95: ms(r.Duration.P95), 0.99: ms(r.Duration.P99)},
		ms(r.Duration.Max),
		[]string{"GET /api/nothing", "GET /api/tutors/{id}", "tutors"},
	}
	for _, name := range []string{"k6/points.json.gz", "k6/points.csv.gz"} {
		compare(t, name, collect.NewNames(nil, []string{"GET /api/tutors/{id}"}), want)
	}
}
