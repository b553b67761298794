package cli_test

import (
	"io"
	"net/http"
	"net/http/httptest"
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

// keep puts a run of so many days ago into a history.
func keep(t *testing.T, folder string, days int, p95 time.Duration) {
	t.Helper()
	started := time.Now().AddDate(0, 0, -days).Truncate(time.Second)
	var l hist.Latency
	l.Record(p95)
	r := &result.Result{
		Schema: result.Schema, Tool: "loadgate test", Name: "shop", Profile: "nightly", Target: "http://localhost:8000",
		Digest: "sha256:4be1", Started: started, End: result.Complete,
		Planned: result.Planned{Users: 1, Duration: time.Second}, Elapsed: time.Second, Slot: time.Second,
		Shards:   []result.Shard{{K: 1, N: 1}},
		Timeline: []result.Moment{{Users: 1}},
		Endpoints: []result.Endpoint{{Name: "GET /a", Expected: 1,
			Slots: []result.Slot{{Requests: 1, Latency: l.Sparse(), Received: 1}}}},
	}
	run := baseline.Of(r)
	run.Verdict = "pass"
	run.Figures = []baseline.Figure{{Endpoint: "GET /a", Metric: metric.P95, Value: float64(p95), Err: 0.02,
		Requests: 1}}
	if _, err := history.Open(folder).Put(run, r); err != nil {
		t.Fatal(err)
	}
}

// alerts is a history, and a server that gets what is sent of it.
type alerts struct {
	folder string
	status int
	// meanwhile is called while the command waits for an answer; nil: nothing happens.
	meanwhile func()
	got       []string // path and body
	url       string
}

func newAlerts(t *testing.T) *alerts {
	a := &alerts{folder: filepath.Join(t.TempDir(), "history"), status: http.StatusAccepted}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a.got = append(a.got, r.URL.Path+" "+string(body))
		if a.meanwhile != nil {
			a.meanwhile()
		}
		w.WriteHeader(a.status)
	}))
	t.Cleanup(s.Close)
	a.url = s.URL
	return a
}

// call runs the command, which must not show a secret, and returns what it sent.
func (a *alerts) call(t *testing.T, code int, args ...string) (sent []string, stdout, stderr string) {
	t.Helper()
	a.got = nil
	var out strings.Builder
	got, stderr := run(t.Context(), &out, map[string]string{
		"LOADGATE_WEBHOOK": a.url + hookPath, "LOADGATE_PAGERDUTY_KEY": "R0uT1ngK3y", "LOADGATE_PAGERDUTY_URL": a.url,
		"LOADGATE_OPSGENIE_KEY": "G3n1eK3y", "LOADGATE_OPSGENIE_URL": a.url,
	}, append([]string{"history", "alert", "--history", a.folder}, args...)...)
	if got != code {
		t.Fatalf("exit %d, want %d: %s%s", got, code, out.String(), stderr)
	}
	for _, secret := range []string{"wJalrXUtnFEMI", "R0uT1ngK3y", "G3n1eK3y"} {
		if strings.Contains(out.String()+stderr, secret) {
			t.Errorf("%s is shown: %s%s", secret, out.String(), stderr)
		}
	}
	return a.got, out.String(), stderr
}

func TestHistoryAlert(t *testing.T) {
	a := newAlerts(t)
	if _, _, stderr := a.call(t, 2); !strings.Contains(stderr, "there is nothing to watch") {
		t.Errorf("an empty history: %s", stderr)
	}
	for day := range 5 {
		keep(t, a.folder, 20-day, 100*time.Millisecond)
	}
	all := []string{"--format", "slack", "--format", "pagerduty", "--format", "opsgenie"}
	sent, stdout, _ := a.call(t, 0, append(all, "--dry-run")...)
	if sent != nil || strings.Count(stdout, "would send to ") != 3 ||
		!strings.Contains(stdout, `"dedup_key": "loadgate-`) {
		t.Errorf("a dry run sent %q and printed %s", sent, stdout)
	}
	sent, stdout, _ = a.call(t, 0, all...)
	if len(sent) != 3 || strings.Count(stdout, ": shop · nightly: no run for 16 days: ") != 3 ||
		!strings.HasPrefix(sent[0], hookPath+" ") || !strings.Contains(sent[1], `"event_action":"trigger"`) ||
		!strings.HasPrefix(sent[2], "/v2/alerts {") {
		t.Errorf("sent %q and printed %s", sent, stdout)
	}
	// Another build, with nothing but the history.
	sent, stdout, _ = a.call(t, 0, all...)
	if sent != nil || stdout != "nothing to tell: 5 runs, 1 alert sent already\n" {
		t.Errorf("sent again: %q, %s", sent, stdout)
	}
	if sent, _, _ = a.call(t, 0, "--format", "teams"); len(sent) != 1 {
		t.Errorf("another receiver got %q", sent)
	}
	keep(t, a.folder, 0, 100*time.Millisecond)
	sent, stdout, _ = a.call(t, 0, all...)
	if len(sent) != 3 || strings.Count(stdout, "over: no run for 16 days") != 3 ||
		!strings.Contains(sent[1], `"event_action":"resolve"`) || !strings.Contains(sent[2], "/close ") {
		t.Errorf("the end: sent %q and printed %s", sent, stdout)
	}
	sent, stdout, _ = a.call(t, 0)
	if sent != nil || stdout != "nothing to tell: 6 runs, nothing is wrong with them\n" {
		t.Errorf("the end again: %q, %s", sent, stdout)
	}
}

// What was refused is not kept as sent, and others get theirs all the same.
func TestHistoryAlertRefused(t *testing.T) {
	a := newAlerts(t)
	for day := range 3 {
		keep(t, a.folder, 20-day, 100*time.Millisecond)
	}
	a.status = http.StatusForbidden
	_, _, stderr := a.call(t, 4, "--format", "slack", "--format", "pagerduty")
	for _, want := range []string{"send alert to 127.0.0.1:", ": 403 Forbidden",
		"hint: the address may have been revoked"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr %q lacks %q", stderr, want)
		}
	}
	a.status = http.StatusOK
	if sent, _, _ := a.call(t, 0, "--format", "slack", "--format", "pagerduty"); len(sent) != 2 {
		t.Errorf("sent %q", sent)
	}
	// The history is gone when it should be kept that the alert was sent.
	keep(t, a.folder, 0, 100*time.Millisecond)
	a.meanwhile = func() {
		if err := os.RemoveAll(a.folder); err != nil {
			t.Error(err)
		}
	}
	sent, _, stderr := a.call(t, 4)
	if len(sent) != 1 || !strings.Contains(stderr, "keep that it was sent: ") ||
		!strings.Contains(stderr, "hint: it was sent to 127.0.0.1:") {
		t.Errorf("sent %q, stderr %q", sent, stderr)
	}
}
