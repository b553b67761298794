package importer_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/metric"
)

// Of a file that Vegeta wrote loadgate reads what Vegeta reports: requests and
// failures to the last one, times but for the precision of both.
func TestVegetaCorpus(t *testing.T) {
	folder := filepath.Join("..", "..", "testdata", "corpus", "vegeta")
	text, err := os.ReadFile(filepath.Join(folder, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Requests  int64
		Codes     map[string]int64 `json:"status_codes"`
		Latencies struct {
			P50 int64 `json:"50th"`
			P95 int64 `json:"95th"`
			P99 int64 `json:"99th"`
			Max int64
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"results.csv", "results.json"} {
		f, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r, err := importer.Decode(f, name, importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var all hist.Latency // Vegeta's figures are of failures, too
		var requests int64
		kinds := map[metric.Failure]int64{}
		for _, e := range r.Endpoints {
			for _, s := range e.Slots {
				requests += s.Requests
				for kind, n := range s.Failed {
					kinds[kind] += n
				}
				for _, part := range []hist.Sparse{s.Latency, s.FailedLatency} {
					if err := part.Into(&all); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if requests != report.Requests || kinds[metric.Status] != report.Codes["500"] || kinds[metric.Refused] != report.Codes["0"] || len(r.Endpoints) != 2 {
			t.Errorf("%s: %d requests, failures %v; Vegeta says %d, %v", name, requests, kinds, report.Requests, report.Codes)
		}
		// Vegeta estimates and interpolates between ranks, loadgate does neither.
		for q, want := range map[float64]int64{0.5: report.Latencies.P50, 0.95: report.Latencies.P95, 0.99: report.Latencies.P99} {
			rank := hist.Rank(q, all.Count())
			low, _, _ := all.Rank(rank - 2)
			_, high, _ := all.Rank(rank + 2)
			if d := time.Duration(want); d < low || d > high {
				t.Errorf("%s: quantile %g lies between %s and %s, two ranks around it; Vegeta says %s", name, q, low, high, d)
			}
		}
		if most, _ := all.Max(); most != time.Duration(report.Latencies.Max) {
			t.Errorf("%s: the longest took %s; Vegeta says %s", name, most, time.Duration(report.Latencies.Max))
		}
	}
}
