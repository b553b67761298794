//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/testport"
)

// prometheus is a real server that takes what is pushed, and scrapes a page each second.
type prometheus struct {
	t   *testing.T
	url string
}

// startPrometheus starts one with the alert rules, and with a page to scrape.
func startPrometheus(t *testing.T, page string) prometheus {
	t.Helper()
	program, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("prometheus is not installed; .ci/prometheus BIN builds it")
	}
	rules, err := filepath.Abs(filepath.Join("..", "..", "docs", "grafana", "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir, address := t.TempDir(), freeAddress(t)
	configuration := filepath.Join(dir, "prometheus.yml")
	text := fmt.Sprintf("global: {evaluation_interval: 1s}\nrule_files: [%q]\nscrape_configs:\n"+
		"  - {job_name: page, scrape_interval: 1s, scrape_timeout: 1s, scrape_native_histograms: true,\n"+
		"     static_configs: [{targets: [%q]}]}\n", rules, page)
	if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := os.Create(filepath.Join(dir, "said.txt"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--config.file="+configuration, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+address, "--web.enable-otlp-receiver")
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		text, err := os.ReadFile(said.Name())
		if t.Failed() {
			t.Logf("prometheus (%v):\n%s", err, text)
		}
		_ = said.Close()
	})
	p := prometheus{t, "http://" + address}
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		res, err := http.Get(p.url + "/-/ready")
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return p
			}
		}
		if time.Since(began) > patience {
			t.Fatalf("prometheus is not ready: %v", err)
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	port, err := testport.Free()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", port)
}

// get asks the server's API.
func (p prometheus) get(path string, query url.Values, into any) error {
	res, err := http.Get(p.url + path + "?" + query.Encode())
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	var answer struct {
		Status, Error string
		Data          json.RawMessage
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return fmt.Errorf("%w: %.200s", err, text)
	}
	if answer.Status != "success" {
		return errors.New(answer.Error)
	}
	return json.Unmarshal(answer.Data, into)
}

// series is what a query gives.
type series struct {
	Metric map[string]string
	Value  []any // of an instant: time and text
}

// ask asks a query at a time.
func (p prometheus) ask(query string, at time.Time) ([]series, error) {
	var data struct{ Result []series }
	err := p.get("/api/v1/query", url.Values{"query": {query}, "time": {seconds(at)}}, &data)
	return data.Result, err
}

// during asks a query every five seconds of a time, and returns how many series it gives.
func (p prometheus) during(query string, from, until time.Time) (int, error) {
	var data struct{ Result []series }
	err := p.get("/api/v1/query_range", url.Values{"query": {query}, "start": {seconds(from)}, "end": {seconds(until)},
		"step": {"5"}}, &data)
	return len(data.Result), err
}

func seconds(at time.Time) string {
	return strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', 3, 64)
}

// A real run of the demo is pushed to a real Prometheus, and scraped by it. Its p95 of each endpoint is loadgate's
// within 1 %, every query of the dashboard gives something, and every alert rule is one.
func TestPrometheus(t *testing.T) {
	if !*long {
		t.Skip("a minute of load; -long runs it")
	}
	page := freeAddress(t)
	p := startPrometheus(t, page)
	c := newChild(t, "")
	began := time.Now()
	cmd := exec.Command(c.loadgate, "run", "--demo", "--profile", "demo", "--demo-fail", "2%", "--no-color",
		"--otlp", p.url+"/api/v1/otlp", "--metrics-listen", page, "--commit", "1a2b3c", "--branch", "main")
	cmd.Dir = c.dir
	if err := os.Remove(c.file); err != nil { // the demo has its own
		t.Fatal(err)
	}
	said, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() == 4 || strings.Contains(string(said), "metrics: ") {
		t.Fatalf("run: %v\n%s", err, said)
	}
	ended := time.Now().Add(5 * time.Second) // beyond the last push, also where it is asked every five seconds

	info, err := p.ask(`target_info{job="loadgate"}`, ended)
	if err != nil || len(info) != 1 || info[0].Metric["vcs_ref_head_revision"] != "1a2b3c" {
		t.Fatalf("target_info: %v, %v", info, err)
	}
	run := info[0].Metric["instance"]
	t.Run("percentiles", func(t *testing.T) { comparePercentiles(t, p, c.result(t), ended) })
	t.Run("dashboard", func(t *testing.T) { askDashboard(t, p, run, began, ended) })
	t.Run("alerts", func(t *testing.T) { askAlerts(t, p, began, ended) })
	t.Run("page", func(t *testing.T) {
		const native = `histogram_count(http_client_request_duration_seconds{job="page", loadgate_part=""})`
		if n, err := p.during(native, began, ended); err != nil || n < 10 {
			t.Errorf("%d series with native histograms were scraped: %v", n, err)
		}
	})
	t.Run("delta", func(t *testing.T) { refuseDelta(t, p) })
}

// refuseDelta asks for what Prometheus does not take. The run says so once, and has no other outcome.
func refuseDelta(t *testing.T, p prometheus) {
	c := newChild(t, quickSmoke)
	cmd := exec.Command(c.loadgate, "run", c.file, "--smoke", "--demo", "--otlp", p.url+"/api/v1/otlp")
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta", "NO_COLOR=1")
	said, err := cmd.CombinedOutput()
	if err != nil || strings.Count(string(said), "invalid temporality") != 1 ||
		!strings.Contains(string(said), "pushes dropped, the last by "+strings.TrimPrefix(p.url, "http://")+": 500 ") {
		t.Errorf("%v\n%s", err, said)
	}
}

func comparePercentiles(t *testing.T, p prometheus, r *result.Result, at time.Time) {
	got := map[string]float64{}
	all, err := p.ask(`histogram_quantile(0.95, sum by (http_request_method, url_template) `+
		`(http_client_request_duration_seconds{job="loadgate", error_type="", loadgate_part!="warm_up"}))`, at)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		text, _ := s.Value[1].(string)
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		got[s.Metric["http_request_method"]+" "+s.Metric["url_template"]] = value
	}
	farthest := 0.0
	for _, e := range r.Endpoints {
		var l hist.Latency
		for _, s := range e.Slots {
			if e.Start || time.Duration(s.Slot)*r.Slot >= r.Planned.WarmUp {
				if err := s.Latency.Into(&l); err != nil {
					t.Fatal(err)
				}
			}
		}
		want, ok := l.Quantile(0.95)
		value, found := got[e.Name]
		if !ok || !found {
			t.Errorf("%s: p95 here %v, there %v", e.Name, ok, found)
			continue
		}
		off := math.Abs(value/want.Seconds() - 1)
		farthest = max(farthest, off)
		if off > 0.01 {
			t.Errorf("%s: p95 is %s, and %.4gs in Prometheus: %.2f %% off", e.Name, want, value, 100*off)
		}
	}
	t.Logf("%d endpoints, at most %.2f %% off", len(r.Endpoints), 100*farthest)
}

func askDashboard(t *testing.T, p prometheus, run string, began, ended time.Time) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "grafana", "loadgate.json"))
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	queries := 0
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			queries++
			query := strings.ReplaceAll(target.Expr, "$run", run)
			if n, err := p.during(query, began, ended); err != nil || n == 0 {
				t.Errorf("%s: %s gives %d series, %v", panel.Title, query, n, err)
			}
		}
	}
	if queries < 12 {
		t.Errorf("%d queries", queries)
	}
}

func askAlerts(t *testing.T, p prometheus, began, ended time.Time) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "grafana", "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	var loaded struct {
		Groups []struct {
			Rules []struct{ Name, Health, LastError string }
		}
	}
	if err := p.get("/api/v1/rules", nil, &loaded); err != nil || len(loaded.Groups) != 1 {
		t.Fatalf("rules: %v, %v", loaded, err)
	}
	for _, rule := range loaded.Groups[0].Rules {
		if rule.Health != "ok" {
			t.Errorf("%s: %s %s", rule.Name, rule.Health, rule.LastError)
		}
	}
	for _, rule := range file.Groups[0].Rules {
		// Without its bound a query gives what it compares: the names in it are those of metrics that there are.
		query, _, _ := strings.Cut(rule.Expr, " > ")
		query, _, _ = strings.Cut(query, " == ")
		n, err := p.during(query, began, ended)
		given := !strings.Contains(query, "loadgate_dropped_total")
		if err != nil || (n > 0) != given {
			t.Errorf("%s: %s gives %d series, %v", rule.Alert, query, n, err)
		}
	}
	if len(file.Groups[0].Rules) != len(loaded.Groups[0].Rules) || len(file.Groups[0].Rules) < 6 {
		t.Errorf("%d rules, %d loaded", len(file.Groups[0].Rules), len(loaded.Groups[0].Rules))
	}
}
