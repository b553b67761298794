package history_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/history/storetest"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// aWideRun is one of twenty endpoints over a minute, with seven figures each: as large as those of a real service.
func aWideRun(hours int) (baseline.Run, *result.Result) {
	_, r := aRun(hours)
	chance := rand.New(rand.NewPCG(uint64(hours), 1))
	const seconds = 60
	r.Endpoints, r.Timeline = nil, nil
	r.Planned.Duration, r.Elapsed = seconds*time.Second, seconds*time.Second
	for slot := range seconds {
		r.Timeline = append(r.Timeline, result.Moment{Slot: slot, Users: 5})
	}
	for i := range 20 {
		e := result.Endpoint{Name: fmt.Sprintf("GET /api/v1/things/%d/{id}", i), Expected: seconds * 20}
		for slot := range seconds {
			var l hist.Latency
			for range 20 {
				l.Record(time.Duration(30e6 * (1 + chance.ExpFloat64())))
			}
			e.Slots = append(e.Slots, result.Slot{Slot: slot, Requests: 20, Latency: l.Sparse(), Received: 900})
		}
		r.Endpoints = append(r.Endpoints, e)
	}
	run := baseline.Of(r)
	run.Verdict = "pass"
	for _, e := range r.Endpoints {
		for _, name := range []string{"p50", "p90", "p95", "p99", "mean", "throughput"} {
			m, _ := metric.Parse(name)
			run.Figures = append(run.Figures, baseline.Figure{Endpoint: e.Name, Metric: m, Requests: 1200,
				Value: 30e6 * chance.ExpFloat64(), Err: chance.Float64() / 10, Sent: 30e6 * chance.ExpFloat64()})
		}
	}
	return run, r
}

// A list of a thousand runs of usual size reads a part of them that does not grow with their length: it takes one
// request a thousand names, and one a head.
func TestAThousandRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("seconds of reading JSON")
	}
	folder := filepath.Join(t.TempDir(), "runs")
	source := history.Open(folder)
	run, r := aWideRun(0)
	id, err := source.Put(run, r)
	if err != nil {
		t.Fatal(err)
	}
	file := read(t, folder, id+runSuffix)
	s := storetest.NewS3(t)
	p := inS3(t, s)
	const runs = 1100
	names := thousand(t, id, file, runs, func(name string, text []byte) { p.write(name, text) })
	whole := 0
	for _, name := range names {
		whole += len(p.read(name))
	}
	s.Count(http.MethodGet)
	if got := ids(list(t, p.open())); len(got) != runs {
		t.Fatalf("%d runs, want %d", len(got), runs)
	}
	requests, sent := s.Count(http.MethodGet)
	t.Logf("S3: %d requests and %d kB of %d kB for %d runs", requests, sent/1000, whole/1000, runs)
	if requests != 2+runs || sent*3 > whole {
		t.Errorf("a list took %d requests and %d of %d bytes", requests, sent, whole)
	}
	s.Count(http.MethodGet)
	if _, _, _, err := p.open().Get("last"); err != nil {
		t.Fatal(err)
	}
	if requests, sent := s.Count(http.MethodGet); requests > 5 || sent > 2*len(file) {
		t.Errorf("Get(last) took %d requests and %d bytes", requests, sent)
	}
	if *long {
		aThousandOnServers(t, id, file, runs)
	}
}

// aThousandOnServers measures what a list takes: with 25 ms for each answer, as over a wide network, and on real
// servers.
func aThousandOnServers(t *testing.T, id string, file []byte, runs int) {
	measure := func(what string, p place) {
		if err := p.open().Check(); err != nil {
			t.Fatal(err)
		}
		thousand(t, id, file, runs, p.write)
		began := time.Now()
		if got := len(list(t, p.open())); got != runs {
			t.Fatalf("%s: %d runs, want %d", what, got, runs)
		}
		t.Logf("%s: a list of %d runs in %s", what, runs, time.Since(began).Round(time.Millisecond))
	}
	measure("folder", inFolder(t, t.TempDir()))
	far := storetest.NewS3(t)
	far.Before = func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-time.After(25 * time.Millisecond):
		case <-r.Context().Done():
		}
		return false
	}
	measure("S3 at 25 ms", inS3(t, far))
	measure("PostgreSQL", inPostgres(t, storetest.Postgres(t), "many"))
	url := storetest.RealS3(t)
	storetest.Setenv(t, storetest.Environment(url))
	measure("a real S3", inRealS3(t, url, "many"))
}

// thousand keeps many copies of a run, each under an ID of its own.
func thousand(t *testing.T, of string, file []byte, runs int, keep func(name string, text []byte)) (names []string) {
	t.Helper()
	front, body, ok := strings.Cut(unzip(t, file), ",\n\"result\":")
	if !ok {
		t.Fatal("the file has no result")
	}
	behind := zipped(t, body)
	bytes := regexp.MustCompile(`"result_bytes":\d+`)
	front = bytes.ReplaceAllString(front, fmt.Sprintf(`"result_bytes":%d`, len(behind)))
	begin := noon.AddDate(-1, 0, 0)
	for i := range runs {
		id := fmt.Sprintf("%s-%06x", begin.Add(time.Duration(i)*time.Hour).Format("20060102T150405Z"), i)
		head := strings.Replace(front, of, id, 1)
		keep(id+runSuffix, append(zipped(t, head+",\n\"result\":"), behind...))
		names = append(names, id+runSuffix)
	}
	return names
}
