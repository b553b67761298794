package scaffold_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/scaffold"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/verdict"
)

func measured(t *testing.T, elements ...string) *result.Result {
	t.Helper()
	r, err := importer.Decode(bytes.NewReader(source(t, elements...)), elements[len(elements)-1], importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Locust's figures become a limit for each endpoint, above what they are.
func fromResult(r *result.Result, o draft.Options) (*draft.Draft, error) {
	for _, s := range scaffold.Sources {
		if s.FromResult != nil {
			return s.FromResult(r, o)
		}
	}
	return nil, errors.New("no source takes a result")
}

func TestFigures(t *testing.T) {
	d, err := fromResult(measured(t, "locust", "locust_stats.csv"), draft.Options{})
	golden(t, "init-locust.yaml", encoded(t, d, err))
}

// With an address there are requests too, as often as they were measured.
func TestFiguresWithLoad(t *testing.T) {
	d, err := fromResult(measured(t, "locust", "locust_stats.csv"),
		draft.Options{URL: "http://localhost:8000", Name: "shop"})
	got := encoded(t, d, err)
	for _, want := range []string{
		"name: shop", "order: weighted", "# look: which ids are there?\n      - request: 'GET /api/tutors/${ int(1, " +
			"10) }'\n        name: 'GET /api/tutors/{id}'\n        weight: 169",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want\n%s\nin\n%s", want, got)
		}
	}
}

// What was measured keeps the limits that are made of it, and a service twice
// as slow does not.
func TestFiguresHold(t *testing.T) {
	for _, file := range [][]string{{"locust", "stats.json"}, {"fortio", "result.json"}, {"artillery", "report.json"}} {
		r := measured(t, file...)
		d, err := fromResult(r, draft.Options{})
		s, err := thresholds.Decode([]byte(encoded(t, d, err)), "thresholds.yaml", thresholds.Options{LimitsOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		judged := func() map[verdict.Outcome]int {
			outcomes := map[verdict.Outcome]int{}
			for _, c := range gate.Judge(evidence.Input{Result: r, Config: s}).Checks {
				if c.Metric.Latency() {
					outcomes[c.Outcome]++
				}
			}
			return outcomes
		}
		if got := judged(); got[verdict.Pass] == 0 || got[verdict.Fail] > 0 {
			t.Errorf("%s: as measured: %v", file, got)
		}
		for i := range r.Endpoints {
			sum := r.Endpoints[i].Summary
			for j := range sum.Quantiles {
				double(&sum.Quantiles[j].Reading)
			}
			for j := range sum.Buckets {
				double(&sum.Buckets[j].Reading)
			}
		}
		if got := judged(); got[verdict.Fail] == 0 || got[verdict.Pass] > 0 {
			t.Errorf("%s: twice as slow: %v", file, got)
		}
	}
}

func double(r *result.Reading) { r.Value, r.Low, r.High = 2*r.Value, 2*r.Low, 2*r.High }

// Where nothing was measured there is nothing to limit.
func TestFiguresRefuse(t *testing.T) {
	if _, err := fromResult(&result.Result{}, draft.Options{}); err == nil {
		t.Error("there is no error")
	}
}

// figures is a result of which each endpoint had a hundred requests.
func figures(endpoints ...result.Endpoint) *result.Result {
	r := &result.Result{}
	for _, e := range endpoints {
		if e.Summary == nil {
			e.Summary = counted(100, 0)
		}
		r.Endpoints = append(r.Endpoints, e)
	}
	return r
}

// counted is the summary of an endpoint with these numbers of requests and failures.
func counted(requests, failed int64) *result.Summary {
	at := result.Reading{Value: 10 * time.Millisecond, Low: 10 * time.Millisecond, High: 10 * time.Millisecond}
	return &result.Summary{Requests: requests, Failed: &failed, Latencies: requests - failed,
		Quantiles: []result.Quantile{{Q: 0.95, Reading: at}}}
}

// With an address a rule needs the request that it is about: one whose request is a comment is
// a comment, and one that no request is sent for is left out.
func TestFiguresOfWhatIsNotSent(t *testing.T) {
	get := result.Endpoint{Name: "GET /a"}
	for _, test := range []struct {
		name       string
		r          *result.Result
		want, sent []string
	}{
		{"a POST", figures(get, result.Endpoint{Name: "POST /b"}), []string{
			"# look: what does it send? Write json, form or text\n      # - {request: POST /b, weight: 100}",
			"  get a: {endpoints: GET /a, success: 99%, p95: 15ms}\n  # look: its request is a comment, too\n" +
				"  # post b: {endpoints: POST /b, success: 99%, p95: 15ms}\n",
		}, []string{"GET /a"}},
		{"a start step", figures(get,
			result.Endpoint{Name: "POST /login", Place: metric.Place{Once: metric.Once{Start: true}}}),
			[]string{"# look: no request is sent to POST /login: its limits are left out"}, []string{"GET /a"}},
		{"a label", figures(get, result.Endpoint{Name: "Open the shop"}),
			[]string{"# look: no request is sent to Open the shop: its limits are left out"}, []string{"GET /a"}},
		{"a path that no file can hold",
			figures(get, result.Endpoint{Name: "GET /ü"}, result.Endpoint{Name: "GET /c"}),
			[]string{"# look: its request is a comment, too\n  # get: {endpoints: GET /ü", "get c:"},
			[]string{"GET /a", "GET /c"}},
		{"paths that no file can hold", figures(result.Endpoint{Name: "GET /ü"}),
			[]string{"# look: its request is a comment, too\n  # get: {endpoints: GET /ü", "reads: {endpoints: '*'"},
			[]string{"GET /"}},
		{"no request that can be sent", figures(result.Endpoint{Name: "POST /b"}, result.Endpoint{Name: "Open"}),
			[]string{"there are only limits: no endpoint's name is a method and a path that can be sent as it is",
				"post b: {endpoints: POST /b", "open: {endpoints: Open"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromResult(test.r, draft.Options{URL: "http://localhost:8000"})
			got := encoded(t, d, err)
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("want\n%s\nin\n%s", want, got)
				}
			}
			if test.sent == nil {
				return
			}
			if all := sent(t, got); !slices.Equal(all, test.sent) {
				t.Errorf("sends %v, want %v in\n%s", all, test.sent, got)
			}
		})
	}
}

// What is left out has its own reason, and names that the file cannot hold are patterns.
func TestFiguresOfOddEndpoints(t *testing.T) {
	long := "GET /" + strings.Repeat("ü", 400)
	for _, test := range []struct {
		name string
		e    result.Endpoint
		want string
	}{
		{"no request", result.Endpoint{Name: "GET /b", Summary: counted(0, 0)},
			"GET /b is left out: it had no request"},
		{"all failed", result.Endpoint{Name: "GET /b", Summary: counted(10, 10)},
			"GET /b is left out: none of its requests succeeded"},
		{"most failed", result.Endpoint{Name: "GET /b", Summary: counted(10, 7)},
			"GET /b is left out: 70% of its requests failed"},
		{"nothing known", result.Endpoint{Name: "GET /b", Summary: &result.Summary{Requests: 10}},
			"GET /b is left out: neither its failures nor its p95 are known"},
		{"control characters", result.Endpoint{Name: "GET /b\n\x7fc"}, "get b c: {endpoints: 'GET /b**c'"},
		{"bytes that are no text", result.Endpoint{Name: "GET /b\xffc"}, "get b c: {endpoints: 'GET /b*c'"},
		{"a long name", result.Endpoint{Name: long},
			"get: {endpoints: 'GET /" + strings.Repeat("ü", 247) + "*'"},
		{"a name of many words", result.Endpoint{Name: "GET /" + strings.Repeat("ab/", 100)},
			"\n  get " + strings.TrimSpace(strings.Repeat("ab ", 25)) + " a: {endpoints: GET /ab"},
		{"a start step of a long name", result.Endpoint{
			Name: "GET /" + strings.Repeat("b", 600), Place: metric.Place{Once: metric.Once{Start: true}}},
			"look: GET /bbbb"},
		{"no name", result.Endpoint{Name: " "}, "is left out: it has no name"},
		{"a name twice", result.Endpoint{Name: "GET /a/"}, "get a 2: {endpoints: GET /a/,"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromResult(figures(result.Endpoint{Name: "GET /a"}, test.e), draft.Options{})
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
}

// The address is one that a run can load, and a wrong one is shown without its password.
func TestFiguresAtAnAddress(t *testing.T) {
	r := figures(result.Endpoint{Name: "GET /a"})
	d, err := fromResult(r, draft.Options{URL: "http+unix:///run/app.sock"})
	got := encoded(t, d, err)
	const want = "url: 'http+unix:///run/app.sock'\n  # look: it is a socket of this machine: is it yours to load?\n" +
		"  allow: ['unix:/run/app.sock']\n"
	if !strings.Contains(got, want) {
		t.Errorf("want\n%s\nin\n%s", want, got)
	}
	for _, url := range []string{"ftp://ada:s3cr3t@shop", "http://ada:s3cr3t@", "http+unix:app.sock"} {
		if _, err := fromResult(r, draft.Options{URL: url}); err == nil || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%s: %v, want an error without the password", url, err)
		}
	}
}
