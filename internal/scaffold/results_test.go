package scaffold_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/scaffold"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
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
		s, err := config.Decode([]byte(encoded(t, d, err)), "thresholds.yaml", config.Options{LimitsOnly: true})
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
