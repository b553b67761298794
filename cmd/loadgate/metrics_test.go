//go:build unix

package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"testing"

	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	"google.golang.org/protobuf/proto"
)

// The coordinator of a fleet pushes the sum, and its last push has every request of result.json.
func TestFleetPushesTheSum(t *testing.T) {
	var mu sync.Mutex
	var last metricspb.MetricsData
	pushes := 0
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		packed, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		text, err := io.ReadAll(packed)
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		pushes++
		if err := proto.Unmarshal(text, &last); err != nil {
			t.Error(err)
		}
	}))
	defer collector.Close()
	c := newChild(t, quickSmoke)
	cmd := exec.Command(c.loadgate, "run", c.file, "--smoke", "--demo", "--demo-fail", "30%", "--workers", "2",
		"--otlp", collector.URL)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), "NO_COLOR=1")
	said, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 1 { // the failures
		t.Fatalf("exit code %d, %v:\n%s", code, err, said)
	}
	requests, failures := int64(0), int64(0)
	for _, e := range c.result(t).Endpoints {
		for _, s := range e.Slots {
			requests += s.Requests
			failures += s.Failures()
		}
	}
	mu.Lock()
	defer mu.Unlock()
	var counted, failed int64
	for _, m := range last.ResourceMetrics[0].ScopeMetrics[0].Metrics {
		switch m.Name {
		case "http.client.request.duration":
			for _, p := range m.GetExponentialHistogram().DataPoints {
				counted += int64(p.Count)
			}
		case "loadgate.failures":
			for _, p := range m.GetSum().DataPoints {
				failed += int64(p.GetAsDouble())
			}
		}
	}
	if counted != requests || failed != failures || failures == 0 || pushes < 3 {
		t.Errorf("%d pushes; the last has %d requests, %d failed; the run %d, %d:\n%s",
			pushes, counted, failed, requests, failures, said)
	}
}

const quickSmoke = `version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 4, spawn_rate: 4/s, duration: 10s}}
users: {g: {wait: 0.1s..0.3s, steps: [GET /api/tutors, GET /health]}}
thresholds: {sound: {endpoints: "*", success: 99%}}
`
