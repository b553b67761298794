package history_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

const (
	runSuffix  = ".run.json.gz"
	markSuffix = ".mark.json"
)

// noon is when the first run of every story begins.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// aRun is a small run that passed, so many hours after noon.
func aRun(hours int) (baseline.Run, *result.Result) {
	r := &result.Result{
		Schema: result.Schema, Tool: "loadgate test", Name: "shop", Profile: "light", Target: "http://localhost:8000",
		Digest: "sha256:4be1", Seed: 18446744073709551615, Started: noon.Add(time.Duration(hours) * time.Hour),
		Origin:  result.Origin{Commit: "0123456789abcdef", Branch: "main", Runner: result.Runner{Name: "small"}},
		Planned: result.Planned{Users: 5, Duration: 2 * time.Second}, End: result.Complete,
		Elapsed: 2 * time.Second, Slot: time.Second, Shards: []result.Shard{{K: 1, N: 1}},
	}
	e := result.Endpoint{Name: "GET /items", Expected: 4}
	for slot := range 2 {
		r.Timeline = append(r.Timeline, result.Moment{Slot: slot, Users: 5})
		var l hist.Latency
		l.Record(30 * time.Millisecond)
		l.Record(40 * time.Millisecond)
		e.Slots = append(e.Slots, result.Slot{Slot: slot, Requests: 2, Latency: l.Sparse(), Received: 900})
	}
	r.Endpoints = []result.Endpoint{e}
	run := baseline.Of(r)
	run.Verdict = "pass"
	run.Figures = []baseline.Figure{{Endpoint: "GET /items", Metric: metric.P95, Value: 40e6, Err: 0.02, Requests: 4}}
	return run, r
}

// put keeps the run of an hour, changed as the test needs it.
func put(t testing.TB, s *history.Store, hours int, change ...func(*baseline.Run, *result.Result)) string {
	t.Helper()
	run, r := aRun(hours)
	for _, f := range change {
		f(&run, r)
	}
	id, err := s.Put(run, r)
	if err != nil {
		t.Fatalf("Put: %v", err)
	}
	return id
}

// of makes a change of where a run comes from.
func of(change func(*baseline.Run)) func(*baseline.Run, *result.Result) {
	return func(run *baseline.Run, r *result.Result) {
		change(run)
		r.Digest, r.Target, r.Origin = run.Digest, run.Target, run.Origin
	}
}

// list lists a store in which nothing is wrong.
func list(t testing.TB, s *history.Store) []baseline.Run {
	t.Helper()
	runs, problems := s.List()
	if problems != nil {
		t.Fatalf("List: %d problems, the first: %v", len(problems), problems[0])
	}
	return runs
}

// ids are those of the runs, in order.
func ids(runs []baseline.Run) []string {
	var all []string
	for _, r := range runs {
		all = append(all, r.ID)
	}
	return all
}

// read is a file of the store.
func read(t testing.TB, folder, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func write(t testing.TB, folder, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// unzip is what any tool makes of a run's file.
func unzip(t testing.TB, text []byte) string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// zipped are gzip members, one a text.
func zipped(t testing.TB, texts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, text := range texts {
		zip := gzip.NewWriter(&out)
		if _, err := io.WriteString(zip, text); err != nil {
			t.Fatal(err)
		}
		if err := zip.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// forged is the file of a run, with its head and its result changed.
func forged(t testing.TB, file []byte, change func(head map[string]any, body string) string) []byte {
	t.Helper()
	front, body, ok := strings.Cut(unzip(t, file), ",\n\"result\":")
	if !ok {
		t.Fatal("the file has no result")
	}
	var head map[string]any
	decoder := json.NewDecoder(strings.NewReader(front + "}"))
	decoder.UseNumber()
	if err := decoder.Decode(&head); err != nil {
		t.Fatal(err)
	}
	body = change(head, body)
	behind := zipped(t, body)
	if head["result_bytes"] != nil {
		head["result_bytes"] = len(behind)
	}
	text, err := json.Marshal(head)
	if err != nil {
		t.Fatal(err)
	}
	return append(zipped(t, strings.TrimSuffix(string(text), "}")+",\n\"result\":"), behind...)
}
