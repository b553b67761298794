package gate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// edited gives a result a load in parts: the request of each endpoint is its
// name, but where the test says otherwise.
func edited(r *result.Result, digest string, requests map[string]string) *result.Result {
	r.Digest, r.Load = digest, result.Load{Course: "course", Around: "around", Measured: 60 * time.Second}
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		e.Expected, e.Request = 300, e.Name
		if request := requests[e.Name]; request != "" {
			e.Request = request
		}
	}
	return r
}

// Of an edited file all is compared that the edit left as it was, and what is
// different is in a line.
func TestJudgeAfterAnEdit(t *testing.T) {
	before := edited(shop(20, usual).result(t), "old", nil)
	runs := earlier(t, before, 1, 10, 0.04)
	for _, tt := range []struct {
		name     string
		n        int
		of       speed
		requests map[string]string
		change   func(*result.Result)
		findings []string
		told     string // of the edit
		missing  string // endpoints that have no earlier runs
	}{
		{"nothing that is known", 20, usual, nil, nil, nil, "each request is sent about as often", ""},
		{"one more", 21, usual, nil, nil, nil, "GET /u is new", "GET /u"},
		{"one more, and one slower", 21, slow(1.6, "GET /c"), nil, nil, []string{"FAIL p95 GET /c"}, "GET /u is new",
			"GET /u"},
		{"one that changed and is slower", 20, slow(1.6, "GET /c"), map[string]string{"GET /c": "other"}, nil, nil,
			"GET /c changed", "GET /c"},
		{"another name and slower", 20, slow(1.6, "GET /c"), nil,
			func(r *result.Result) { r.Endpoints[2].Name = "named" },
			nil, "GET /c is gone, named is new", "named"},
		{"a name that was another, and slower", 20, slow(1.6, "GET /c"), nil,
			func(r *result.Result) { r.Endpoints[2].Name, r.Endpoints[2].Was = "named", "GET /c" }, []string{
				"FAIL p95 named"},
			"named was GET /c", ""},
		{"many", 20, usual, map[string]string{
			"GET /a": "x", "GET /b": "x", "GET /c": "x", "GET /d": "x", "GET /e": "x", "GET /f": "x", "GET /g": "x",
			"GET /h": "x",
		}, nil, nil, "GET /a changed, GET /b changed, GET /c changed, GET /d changed, GET /e changed, GET /f changed " +
			"and 2 more",
			"GET /a, GET /b, GET /c, GET /d, GET /e, GET /f, GET /g, GET /h"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			today := edited(shop(tt.n, tt.of).result(t), "new", tt.requests)
			if tt.change != nil {
				tt.change(today)
			}
			v := held(t, compared(t), runs, today, nil)
			compareFindings(t, v, tt.findings...)
			var told, missing []string
			for _, c := range comparisons(v) {
				if c.Subject == "earlier runs" {
					told = append(told, wording.Reason(c))
				}
				if _, names, ok := strings.Cut(wording.Reason(c), "have a p95 of "); ok {
					missing = append(missing, names)
				}
			}
			if diff := cmp.Diff([]string{"compared with 10 runs of an edited scenario: " + tt.told}, told); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if got := strings.Join(missing, ""); got != tt.missing {
				t.Errorf("without earlier runs: %s, want %s", got, tt.missing)
			}
		})
	}
	// What all share is asked of those that are in both.
	today := edited(shop(21, all(1.3)).result(t), "new", nil)
	if c := about(t, held(t, compared(t), runs, today, nil), "all 21 endpoints",
		metric.P95); c.Outcome != verdict.Fail {
		t.Errorf("all slower: %v, %s", c.Outcome, wording.Reason(c))
	}
	// Of the same load nothing is reported.
	for _, c := range comparisons(held(t, compared(t), runs, before, nil)) {
		if c.Subject == "earlier runs" {
			t.Error(fmt.Sprint("of the same load: ", wording.Reason(c)))
		}
	}
}
