package metrics_test

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/goleak"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/metrics"
	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listening is an export to those who ask at an address.
func listening(t *testing.T, address string) (*metrics.Export, string, error) {
	t.Helper()
	x, cmd, progress := new(metrics.Export), new(cobra.Command), new(bytes.Buffer)
	x.Add(cmd)
	if err := cmd.Flags().Parse([]string{"--metrics-listen", address}); err != nil {
		t.Fatal(err)
	}
	err := x.Open(t.Context(), environ.Env{Stderr: io.Discard, Now: time.Now, Getenv: func(name string) (string, bool) {
		return "team=shop", name == "OTEL_RESOURCE_ATTRIBUTES"
	}}, progress)
	return x, regexp.MustCompile(`http://\S+`).FindString(progress.String()), err
}

// The page is there from the beginning, has each second of the run, and ends with the command.
func TestPage(t *testing.T) {
	defer http.DefaultClient.CloseIdleConnections()
	x, page, err := listening(t, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ask := func() (string, error) {
		res, err := http.Get(page)
		if err != nil {
			return "", err
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		return string(text), err
	}
	if text, err := ask(); text != "" || err != nil {
		t.Errorf("before the run: %q, %v", text, err)
	}
	c, err := thresholds.Decode([]byte(file), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(c, plan.Options{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	r := p.Result("test", time.Now())
	x.Begin(p, r)
	for second := range 20 {
		var l hist.Latency
		l.Record(20 * time.Millisecond)
		s := &result.Slice{Moment: result.Moment{Slot: second, Users: 8}, Endpoints: []result.EndpointSlice{
			{Index: 0, Slot: result.Slot{Slot: second, Requests: 1, Latency: l.Sparse()}}}}
		if err := r.Append(s); err != nil {
			t.Fatal(err)
		}
		x.Second(s, r, judgedAt(s, p, r))
	}
	warmUp := strings.Join([]string{`http_client_request_duration_seconds_count{http_request_method="GET"`,
		`url_template="/a"`, `server_address="localhost"`, `server_port="1"`, `loadgate_part="warm_up"} `}, ",")
	text := ""
	for began := time.Now(); !strings.Contains(text, "\nloadgate_rule_outcome{"); {
		if text, err = ask(); err != nil || time.Since(began) > time.Minute {
			t.Fatalf("the page has no rule: %v\n%s", err, text)
		}
	}
	for _, line := range []string{warmUp, "loadgate_users 8", `team="shop"`, "# TYPE loadgate_failures_total"} {
		if has := strings.Contains(text, line); has == strings.Contains(line, "failures") {
			t.Errorf("%s: %v\n%s", line, has, text)
		}
	}
	if _, _, err := listening(t, strings.TrimSuffix(strings.TrimPrefix(page, "http://"), "/metrics")); err == nil ||
		failure.ExitCode(err) != exitcode.NotRun || strings.Contains(err.Error(), "\n") {
		t.Errorf("an address in use: %v, exit code %d", err, failure.ExitCode(err))
	}
	x.End(nil)
	x.Close(t.Context())
	if text, err := ask(); err == nil {
		t.Errorf("after the end: %q", text)
	}
}

// What was not asked for costs nothing, in any order of calls.
func TestNothingIsExported(t *testing.T) {
	var x metrics.Export
	x.Begin(nil, nil)
	x.Second(nil, nil, nil)
	x.End(nil)
	x.Close(t.Context())
}
