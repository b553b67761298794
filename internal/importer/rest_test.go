package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// What k6 says of all requests counts, whatever it leaves out of its parts; what
// follows from no total is not known, and never 0.
func TestTotalsCount(t *testing.T) {
	const (
		times = `"http_req_duration":{"p(95)":30},"http_req_duration{name:a}":{"p(95)":20}`
		two   = times +
			`,"http_req_duration{name:b}":{"p(95)":20},"http_reqs{name:a}":{"count":40},` +
			`"http_reqs{name:b}":{"count":60}`
	)
	total := func(failed int) string {
		return fmt.Sprintf(`,"http_reqs":{"count":100},"http_req_failed":{"passes":%d,"fails":%d}`, failed, 100-failed)
	}
	for _, tt := range []struct{ name, metrics, want, note string }{
		{"a part that is all", times + total(30) + `,"http_reqs{name:a}":{"count":100}`, "a 30/100", ""},
		{"all failed", times + total(100) + `,"http_reqs{name:a}":{"count":40}`,
			"a 40/40, other requests 60/60", "60 of 100 requests, 60 of them"},
		{"none failed", two + total(0), "a 0/40, b 0/60", ""},
		{"two parts, all failed", two + total(100), "a 40/40, b 60/60", ""},
		{"two parts", two + total(7), "a ?/40, b ?/60",
			"7 of 100 requests failed, and the file does not say how many of them were of a and of b"},
		{"two parts, one told", two + total(7) + `,"http_req_failed{name:a}":{"passes":2,"fails":38}`,
			"a 2/40, b 5/60", ""},
		{"a part and a rest", times + total(99) + `,"http_reqs{name:a}":{"count":40}`, "a ?/40, other requests ?/60",
			"60 of 100 requests, of which it does not say how many failed, belong to no endpoint"},
		{"a part not counted", times + total(99), "a 0/0, all requests 99/100",
			`it does not say how many requests a had: they are among "all requests"`},
		{"one counted of two", times + total(9) +
			`,"http_reqs{name:b}":{"count":40},"http_req_failed{name:b}":{"passes":9,"fails":31}`,
			"a 0/0, b 9/40, other requests 0/60", "those of a are among them"},
		{"parts that overlap", two + `,"http_reqs":{"count":50},"http_req_failed":{"passes":5,"fails":45}`,
			"a ?/40, b ?/60", "5 of 50 requests failed"},
		{"a share alone", times +
			`,"http_reqs":{"count":100},"http_req_failed":{"rate":0.29},"http_reqs{name:a}":{"count":100}`,
			"a 29/100", ""},
		{"a share as exported", times +
			`,"http_reqs":{"count":100},"http_req_failed":{"value":1},"http_reqs{name:a}":{"count":100}`,
			"a 100/100", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := decode(t, `{"root_group":{},"metrics":{`+tt.metrics+`}}`, importer.Options{})
			var got []string
			for _, e := range r.Endpoints {
				failed := "?"
				if e.Summary.Failed != nil || e.Summary.Requests == 0 {
					failed = fmt.Sprint(e.Summary.Failures())
				}
				got = append(got, fmt.Sprintf("%s %s/%d", e.Name, failed, e.Summary.Requests))
			}
			if text := strings.Join(got, ", "); text != tt.want {
				t.Errorf("it says %s, want %s", text, tt.want)
			}
			if notes := strings.Join(r.Source.Notes, "\n"); !strings.Contains(notes, tt.note) ||
				tt.note == "" && notes != "" {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
		})
	}
}

// Half of the requests that failed are an outage, whatever became of the others.
func TestOutageOfSomeRequests(t *testing.T) {
	r := decode(t, `{"metrics":{"http_reqs":{"count":100},"http_req_failed":{"passes":60,"fails":10}}}`,
		importer.Options{Format: "k6-summary"})
	if s := r.Endpoints[0].Summary; s.Failed == nil || *s.Failed != 60 {
		t.Errorf("of %d requests %v failed, want 60", s.Requests, s.Failed)
	}
}

// Counts of outcomes that do not cover all requests leave the failures unknown, never 0.
func TestOutcomesOfSomeRequests(t *testing.T) {
	for _, tt := range []struct{ format, text, note string }{
		{"k6-summary", `{"metrics":{"http_reqs":{"count":100},"http_req_failed":{"passes":0,"fails":0}}}`,
			"it says for 0 of 100 requests whether they failed (http_req_failed)"},
		{"k6-summary", `{"metrics":{"http_reqs":{"count":100},"http_req_failed":{"matches":1,"total":40}}}`,
			"it says for 40 of 100 requests whether they failed (http_req_failed)"},
		{"vegeta-report", `{"latencies":{},"requests":10,"status_codes":{}}`,
			"it says for 0 of 10 requests whether they failed (status_codes)"},
		{"fortio", `{"DurationHistogram":{"Count":10},"RetCodes":{"200":8}}`,
			"it says for 8 of 10 requests whether they failed (RetCodes)"},
		{"autocannon", `{"latency":{},"requests":{"total":10},"2xx":4,"non2xx":0}`,
			"it says for 4 of 10 requests whether they failed (2xx and non2xx)"},
		{"gatling-stats", `{"type":"REQUEST","name":"a","stats":{"numberOfRequests":{"total":3,"ok":1,"ko":0}}}`,
			"it says for 1 of 3 requests whether they failed (a: numberOfRequests)"},
		{"taurus", `<FinalStatus><Group label="a"><throughput value="3"/><succ value="1"/><fail value="0"/>` +
			`</Group></FinalStatus>`, "it says for 1 of 3 requests whether they failed (succ and fail of a)"},
	} {
		r := decode(t, tt.text, importer.Options{Format: tt.format})
		if len(r.Endpoints) != 1 || r.Endpoints[0].Summary.Failed != nil {
			t.Errorf("%s: the failures of %+v are known", tt.format, r.Endpoints)
		}
		if notes := strings.Join(r.Source.Notes, "; "); !strings.Contains(notes, tt.note) {
			t.Errorf("%s: it notes %q, want %q", tt.format, notes, tt.note)
		}
	}
}
