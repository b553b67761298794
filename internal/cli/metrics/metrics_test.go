package metrics_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spf13/cobra"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	"google.golang.org/protobuf/proto"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/metrics"
	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// Nobody starts as a second ends: that user may count in this one or the next.
const file = `version: 1
target: {url: http://localhost:1}
profiles: {p: {users: 8, spawn_rate: 3.7/s, duration: 62s}}
users: {g: {wait: 0.5s..1.5s, steps: [GET /a, GET /b]}}
thresholds: {quick: {endpoints: "*", p95: 100ms}}
`

// unevenDoer answers a user after times that differ, and fails now and then: the same in every run.
type unevenDoer struct{ asked int }

func (*unevenDoer) Close() {}

func (d *unevenDoer) Do(_ context.Context, _ *client.Request, x *client.Exchange) {
	d.asked++
	n := d.asked
	*x = client.Exchange{Sent: time.Now(), Status: 200}
	// Never a whole millisecond: what ends as a second does may count in this one or the next.
	time.Sleep(time.Duration(10+n*37%50)*time.Millisecond + 137*time.Microsecond)
	if n%40 == 0 {
		x.Status, x.Failure = 503, metric.Status
	}
	x.Done = time.Now()
}

// collector is what answers instead of a real one.
type collector func(*http.Request) (*http.Response, error)

func (c collector) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

func answer(status int) (*http.Response, error) {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(""))}, nil
}

// made is a run that is exported to a collector; nil: that is not exported.
type made struct {
	document   string // result.json
	load, wait time.Duration
	stderr     string
}

func run(t *testing.T, c collector, environment map[string]string) made {
	t.Helper()
	var out made
	synctest.Test(t, func(t *testing.T) {
		loaded, err := thresholds.Decode([]byte(file), "thresholds.yaml", thresholds.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.New(loaded, plan.Options{Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		r := p.Result("test", time.Now())
		var stderr bytes.Buffer
		env := environ.Env{Stderr: &stderr, Now: time.Now,
			Getenv: func(name string) (string, bool) { v, ok := environment[name]; return v, ok }}
		var x metrics.Export
		cmd := new(cobra.Command)
		x.Add(cmd)
		if c != nil {
			x.Transport = c
			if err := cmd.Flags().Parse([]string{"--otlp", "http://collector:4318"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := x.Open(t.Context(), env, io.Discard); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		x.Begin(p, r)
		v, err := experiment.Once(t.Context(), experiment.OnEngine(engine.Engine{
			Dial:   func(user int) engine.Doer { return &unevenDoer{asked: 11 * user} },
			Self:   func() *result.Generator { return &result.Generator{CPUs: 2, CPU: new(.25)} },
			Second: func(s *result.Slice, r *result.Result) { x.Second(s, r, judgedAt(s, p, r)) },
		}), p, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		x.End(nil)
		x.Over(r, v)
		out.load = time.Since(began)
		x.Close(t.Context())
		out.wait = time.Since(began) - out.load
		var document bytes.Buffer
		if err := r.Encode(&document); err != nil {
			t.Fatal(err)
		}
		out.document, out.stderr = document.String(), stderr.String()
	})
	return out
}

// A run is the same to the byte, and takes as long, whatever the collector does. It is told once, at the end.
func TestNoRunWaitsForItsCollector(t *testing.T) {
	alone := run(t, nil, nil)
	if again := run(t, nil, nil); again.document != alone.document {
		t.Fatalf("two runs differ:\n%s\n%s", alone.document, again.document)
	}
	if alone.stderr != "" || alone.wait != 0 {
		t.Errorf("a run that is not exported says %q and waits %s", alone.stderr, alone.wait)
	}
	for _, tt := range []struct {
		name      string
		collector collector
		wait      time.Duration // at most, after the load
		says      string
	}{
		{"taking", func(*http.Request) (*http.Response, error) { return answer(200) }, 0, ""},
		{"dead", func(*http.Request) (*http.Response, error) {
			return nil, errors.New("dial tcp 127.0.0.1:4318: connect: connection refused")
		}, 4 * time.Second,
			"metrics: 14 of 14 pushes dropped, the last by collector:4318: dial tcp 127.0.0.1:4318: connect: " +
				"connection refused"},
		{"silent", func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, 4 * time.Second, "metrics: 14 of 14 pushes dropped, the last by collector:4318: no answer within 2s"},
		{"slow", func(r *http.Request) (*http.Response, error) {
			time.Sleep(1900 * time.Millisecond)
			return answer(200)
		}, 4 * time.Second, ""},
		{"refusing", func(*http.Request) (*http.Response, error) { return answer(401) }, 0,
			"metrics: 14 of 14 pushes dropped, the last by collector:4318: 401 Unauthorized"},
		{"busy", func(*http.Request) (*http.Response, error) { return answer(503) }, 4 * time.Second,
			"metrics: 14 of 14 pushes dropped, the last by collector:4318: 503 Service Unavailable"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			with := run(t, tt.collector, nil)
			if with.document != alone.document {
				t.Error("another result")
			}
			if with.load != alone.load || with.wait > tt.wait {
				t.Errorf("the load took %s, and then %s; want %s, and at most %s",
					with.load, with.wait, alone.load, tt.wait)
			}
			want := ""
			if tt.says != "" {
				want = "loadgate: " + tt.says + "\n"
			}
			if with.stderr != want {
				t.Errorf("said %q\nwant %q", with.stderr, want)
			}
		})
	}
}

// What is pushed grows every five seconds, is judged every ten, and ends with the verdict and all requests.
func TestWhatIsPushed(t *testing.T) {
	for _, temporality := range []string{"cumulative", "delta"} {
		t.Run(temporality, func(t *testing.T) {
			var times []time.Duration
			var counts []uint64
			var outcomes, verdicts int
			var began time.Time
			out := run(t, func(r *http.Request) (*http.Response, error) {
				message, err := unpack(r.Body)
				if err != nil {
					return nil, err
				}
				if began.IsZero() {
					began = time.Now()
				}
				times = append(times, time.Since(began))
				count := uint64(0)
				for _, m := range message.ResourceMetrics[0].ScopeMetrics[0].Metrics {
					for _, p := range m.GetExponentialHistogram().GetDataPoints() {
						if m.Name == "http.client.request.duration" {
							count += p.Count
						}
					}
					switch m.Name {
					case "loadgate.rule.outcome":
						outcomes++
					case "loadgate.run.outcome":
						verdicts++
					}
				}
				counts = append(counts, count)
				return answer(200)
			}, map[string]string{"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": temporality})
			r, err := result.Decode(strings.NewReader(out.document), "result.json")
			if err != nil {
				t.Fatal(err)
			}
			want := uint64(0)
			for _, e := range r.Endpoints {
				for _, s := range e.Slots {
					want += uint64(s.Requests)
				}
			}
			sum := uint64(0)
			for i, count := range counts {
				sum += count
				if i > 0 && i < len(times)-1 && times[i]-times[i-1] != 5*time.Second {
					t.Errorf("a push at %s after one at %s", times[i], times[i-1])
				}
				if temporality == "cumulative" && i > 0 && count < counts[i-1] {
					t.Errorf("push %d has %d requests, and the one before %d", i, count, counts[i-1])
				}
			}
			if temporality == "cumulative" {
				sum = counts[len(counts)-1]
			}
			if len(counts) != 14 || sum != want || want < 300 {
				t.Errorf("%d pushes of %d requests; the run has %d", len(counts), sum, want)
			}
			// Judged at 0:10, so that those of 0:15 and later have it, and perhaps that of 0:10.
			if outcomes < 11 || outcomes > 12 || verdicts != 1 {
				t.Errorf("%d pushes have outcomes of rules, %d the verdict", outcomes, verdicts)
			}
		})
	}
}

func unpack(body io.Reader) (*metricspb.MetricsData, error) {
	packed, err := gzip.NewReader(body)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(packed)
	if err != nil {
		return nil, err
	}
	var data metricspb.MetricsData
	return &data, proto.Unmarshal(text, &data)
}

// judgedAt is what a session hands over with a second.
func judgedAt(s *result.Slice, p *plan.Plan, r *result.Result) *experiment.SoFar {
	if time.Duration(s.Moment.Slot+1)*result.SlotLength%experiment.SoFarEvery != 0 {
		return nil
	}
	return experiment.NewSoFar(p, r)
}
