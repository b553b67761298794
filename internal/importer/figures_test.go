package importer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/result"
)

// expected is what a tool says of a file, by endpoint; it was read from the
// tool's own output.
type expected struct {
	Seconds   float64
	Endpoints map[string]struct {
		Requests  int64
		Failed    *int64
		Quantiles map[string]float64 `json:"quantiles_ms"`
		Max       float64            `json:"max_ms"`
		Tolerance float64
	}
}

// Files that the tools wrote say the same here as there. A time has to lie
// within what the tool's rounding leaves open.
func TestFiguresCorpus(t *testing.T) {
	tables, err := filepath.Glob(filepath.Join(corpus, "*", "expected.json"))
	if err != nil || len(tables) < 8 {
		t.Fatalf("%d tables of expected figures: %v", len(tables), err)
	}
	for _, table := range tables {
		text, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		var files map[string]expected
		if err := json.Unmarshal(text, &files); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		for name, want := range files {
			t.Run(filepath.Base(filepath.Dir(table))+"/"+name, func(t *testing.T) {
				f, err := os.Open(filepath.Join(filepath.Dir(table), name))
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				r, err := importer.Decode(f, name, importer.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if want.Seconds > 0 && math.Abs(r.Elapsed.Seconds()-want.Seconds) > 0.1 {
					t.Errorf("it took %s, want %gs", r.Elapsed, want.Seconds)
				}
				if len(r.Endpoints) != len(want.Endpoints) {
					t.Errorf("%d endpoints, want %d", len(r.Endpoints), len(want.Endpoints))
				}
				for _, e := range r.Endpoints {
					said, ok := want.Endpoints[e.Name]
					if !ok {
						t.Errorf("endpoint %q is not one of the tool's", e.Name)
						continue
					}
					requests, failed := counts(e)
					if requests != said.Requests || said.Failed != nil && failed != *said.Failed {
						t.Errorf("%s: %d requests, %d failed; want %d and %v",
							e.Name, requests, failed, said.Requests, *said.Failed)
					}
					for text, ms := range said.Quantiles {
						q, err := strconv.ParseFloat(text, 64)
						if err != nil {
							t.Fatal(err)
						}
						got, ok := quantileOf(t, e, q)
						low, high := float64(got.Low)/1e6, float64(got.High)/1e6
						if !ok || ms < low*(1-said.Tolerance)-1e-6 || ms > high*(1+said.Tolerance)+1e-6 {
							t.Errorf("%s: quantile %s is %s, from %gms to %gms; the tool says %gms",
								e.Name, text, got.Value, low, high, ms)
						}
					}
					if e.Summary != nil && e.Summary.Max != nil &&
						math.Abs(float64(e.Summary.Max.Value)/1e6-said.Max) > 0.006+said.Max*said.Tolerance {
						t.Errorf("%s: the longest took %s; the tool says %gms", e.Name, e.Summary.Max.Value, said.Max)
					}
				}
			})
		}
	}
}

func counts(e result.Endpoint) (requests, failed int64) {
	if e.Summary != nil {
		return e.Summary.Requests, e.Summary.Failures()
	}
	for _, s := range e.Slots {
		requests, failed = requests+s.Requests, failed+s.Failures()
	}
	return requests, failed
}

func quantileOf(t *testing.T, e result.Endpoint, q float64) (result.Reading, bool) {
	t.Helper()
	if e.Summary != nil {
		return e.Summary.Quantile(q)
	}
	var all hist.Latency
	for _, s := range e.Slots {
		if err := s.Latency.Into(&all); err != nil {
			t.Fatal(err)
		}
	}
	d, ok := all.Quantile(q)
	return result.Exactly(d), ok
}

// Formats whose tools are not at hand, as their documentation has them.
const (
	gatlingStats = `{"type":"GROUP","name":"Global Information","stats":{"numberOfRequests":{"total":"420","ok":"417","ko":"3"},"meanNumberOfRequestsPerSecond":{"total":"14","ok":"13.9","ko":"0.1"}},
"contents":{"req_items":{"type":"REQUEST","name":"items","stats":{"numberOfRequests":{"total":"420","ok":"417","ko":"3"},"maxResponseTime":{"total":"612","ok":"600","ko":"612"},
"percentiles1":{"total":"37","ok":"37","ko":"-"},"percentiles3":{"total":"131","ok":"130","ko":"240"}}}}}`
	ohaJSON = `{"summary":{"successRate":0.995,"total":10.0,"slowest":0.26,"fastest":0.011,"average":0.0395,"requestsPerSec":20.0},
"latencyPercentiles":{"p50":0.037,"p90":0.061,"p95":0.088,"p99":0.21,"p99.9":null},"statusCodeDistribution":{"200":198,"503":1},"errorDistribution":{"connection refused":1}}`
	ohaCSV = "request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n" +
		"0.1,0,0.001,0.009,0.010,1802,200\n1.1,0,0,0.019,0.020,1802,200\n2.1,0,0,0.029,0.030,1802,503\n"
	wrk2 = `Running 10s test @ http://h/items/7
  2 threads and 4 connections
  Thread calibration: mean lat.: 9747 usec, rate sampling interval: 21 msec
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    39.50ms   20.00ms 260.00ms   70.00%
  Latency Distribution (HdrHistogram - Recorded Latency)
 50.000%   37.00ms
 99.000%  210.00ms
100.000%  260.00ms

  Detailed Percentile spectrum:
       Value   Percentile   TotalCount 1/(1-Percentile)

      11.000     0.000000            1         1.00
      37.000     0.500000          100         2.00
      88.000     0.950000          190        20.00
     260.000     1.000000          200          inf
#[Mean    =       39.500, StdDeviation   =       20.000]
#[Max     =      260.000, Total count    =          200]
#[Buckets =           27, SubBuckets     =         2048]
----------------------------------------------------------
  250 requests in 10.00s, 0.35MB read
  Socket errors: connect 0, read 2, write 0, timeout 3
  Non-2xx or 3xx responses: 1
Requests/sec:     25.00
`
	hgrm = "Value(ms)  Percentile TotalCount 1/(1-Percentile)\n11.000 0.000000 1 1.00\n37.000 0.500000 100 " +
		"2.00\n88.000 0.950000 190 20.00\n260.000 1.000000 200 inf\n"
)

var made = map[string]string{"gatling-stats": gatlingStats, "oha-json": ohaJSON,
	"oha-csv": ohaCSV, "wrk": wrk2, "hgrm": hgrm}

func TestFigures(t *testing.T) {
	for format, want := range map[string]string{
		"gatling-stats": "items: 420 requests, 3 failed, p50 37ms (36.5ms-37.5ms), p95 130ms (129.5ms-130.5ms), max " +
			"600ms, took 30s",
		"oha-json": "all requests: 200 requests, 2 failed, p50 37ms (37ms-37ms), p95 88ms (88ms-88ms), max 260ms, " +
			"took 10s",
		"wrk": "GET /items/7: 252 requests, 6 failed, p50 37ms (36.9995ms-37.0005ms), p95 88ms " +
			"(87.9995ms-88.0005ms), max 260ms, took 10s",
		"hgrm": "all requests: 200 requests, ? failed, p50 37ms (36.9995ms-37.0005ms), p95 88ms " +
			"(87.9995ms-88.0005ms), max 0s, took 0s",
	} {
		r := decode(t, made[format], importer.Options{})
		e := r.Endpoints[0]
		failed := "?"
		if e.Summary.Failed != nil {
			failed = fmt.Sprint(*e.Summary.Failed)
		}
		got := fmt.Sprintf("%s: %d requests, %s failed", e.Name, e.Summary.Requests, failed)
		for _, q := range []float64{0.5, 0.95} {
			reading, ok := e.Summary.Quantile(q)
			if !ok {
				t.Errorf("%s: no quantile %g", format, q)
			}
			got += fmt.Sprintf(", p%g %s (%s-%s)", 100*q, reading.Value, reading.Low, reading.High)
		}
		longest := time.Duration(0)
		if e.Summary.Max != nil {
			longest = e.Summary.Max.Value
		}
		got += fmt.Sprintf(", max %s, took %s", longest, r.Elapsed)
		if d := cmp.Diff(want, got); d != "" || r.Source.Format != format {
			t.Errorf("%s as %s (-want +got):\n%s", format, r.Source.Format, d)
		}
	}
}

// A percentile that the tool did not give is that of a bucket, between the rows
// of its file.
func TestSpectrumBetweenRows(t *testing.T) {
	reading, ok := decode(t, hgrm, importer.Options{}).Endpoints[0].Summary.Quantile(0.9)
	if want := (result.Reading{Value: 88 * time.Millisecond, Low: 37 * time.Millisecond,
		High: 88 * time.Millisecond}); !ok || reading != want {
		t.Errorf("p90 = %v, %t, want %v", reading, ok, want)
	}
}

// Several files are one run: requests and buckets add up, percentiles do not.
func TestSeveralFiles(t *testing.T) {
	read := func(texts ...string) (*result.Result, error) {
		im := importer.New(importer.Options{Names: names})
		for i, text := range texts {
			if err := im.Add(strings.NewReader(text), fmt.Sprintf("file %d", i+1)); err != nil {
				return nil, err
			}
		}
		return im.Result()
	}
	for _, tt := range []struct {
		name     string
		texts    []string
		requests int64 // 0: refused
		refusal  string
	}{
		{"requests", []string{k6CSV, k6CSV}, 10, ""},
		{"buckets", []string{hgrm, hgrm}, 400, ""},
		{"percentiles", []string{gatlingStats, gatlingStats}, 0,
			"read file 2: percentiles of several files cannot be joined: judge them one at a time"},
		{"two formats", []string{k6CSV, jtl}, 0,
			"read file 2: it is jtl, and file 1 is k6-csv: judge one format at a time"},
		{"failures alone", []string{"Method,Name,Error,Occurrences\n"}, 0, "read file 1: it is not judged alone: " +
			"Locust writes it with PREFIX_stats.csv or PREFIX_requests.csv; give that one, and this is read if their " +
			"names begin alike"},
	} {
		r, err := read(tt.texts...)
		if tt.requests == 0 {
			if err == nil || err.Error() != tt.refusal {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.refusal)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if n, _ := counts(r.Endpoints[0]); n != tt.requests {
			t.Errorf("%s: %d requests, want %d", tt.name, n, tt.requests)
		}
	}
}

// A log of HdrHistogram, as its own library writes it, keeps its intervals and
// tags; what a value is worth is read off the greatest that is printed.
func TestHlog(t *testing.T) {
	var log bytes.Buffer
	w := hdrhistogram.NewHistogramLogWriter(&log)
	begin := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	if err := errors.Join(w.OutputLogFormatVersion(), w.OutputStartTime(begin.UnixMilli()),
		w.OutputLegend()); err != nil {
		t.Fatal(err)
	}
	for second := range 60 {
		for _, tag := range []string{"read", "write"} {
			h := hdrhistogram.New(1, time.Minute.Nanoseconds(), 3)
			h.SetTag(tag)
			h.SetStartTimeMs(begin.Add(time.Duration(second) * time.Second).UnixMilli())
			h.SetEndTimeMs(begin.Add(time.Duration(second+1) * time.Second).UnixMilli())
			for i := range int64(100) {
				took := (i + 1) * time.Millisecond.Nanoseconds()
				if tag == "write" {
					took *= 3
				}
				if err := h.RecordValue(took); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.OutputIntervalHistogram(h); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, err := importer.Decode(&log, "a.hlog", importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []time.Duration{95 * time.Millisecond, 285 * time.Millisecond} {
		e := r.Endpoints[i]
		var all hist.Latency
		for _, s := range e.Slots {
			if err := s.Latency.Into(&all); err != nil {
				t.Fatal(err)
			}
		}
		got, ok := all.Quantile(0.95)
		if !ok || all.Count() != 6000 || len(e.Slots) != 60 || math.Abs(float64(got-want)) > 0.01*float64(want) {
			t.Errorf("%s: p95 %s of %d requests in %d seconds, want %s of 6000 in 60",
				e.Name, got, all.Count(), len(e.Slots), want)
		}
	}
}
