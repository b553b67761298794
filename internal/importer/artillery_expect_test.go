package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// What an answer lacks is counted as a failure, or its number is not known: it
// is never 0.
func TestUnmetExpectationsOfArtillery(t *testing.T) {
	const times = `},"summaries":{"http.response_time":{"count":100,"p95":10},` +
		`"plugins.metrics-by-endpoint.response_time./a":{"count":60,"p95":10},` +
		`"plugins.metrics-by-endpoint.response_time./b":{"count":40,"p95":10}}}}`
	const one = `},"summaries":{"http.response_time":{"count":100,"p95":10}}}}`
	for _, tt := range []struct{ name, counters, rest, want, note string }{
		{"a property", `"http.codes.200":100,"plugins.expect.failed":100,"plugins.expect.failed.hasProperty":100`, one,
			"all requests: 100 requests, p95 10ms", "100 expectations of Artillery's plugin expect failed"},
		{"by kind alone", `"http.codes.200":100,"plugins.expect.failed.hasProperty":3`, one,
			"all requests: 100 requests, p95 10ms", "3 expectations"},
		{"before 2.0", `"http.codes.200":100,"expect.failed":7`,
			one, "all requests: 100 requests, p95 10ms", "7 expectations"},
		{"as errors too",
			`"http.codes.200":100,"plugins.expect.failed":50,"errors.Failed expectations for request http://h/":30`,
			one, "all requests: 100 requests, 30 failed, p95 10ms", ""},
		{"bad statuses",
			`"http.codes.200":90,"http.codes.500":10,"plugins.expect.failed":10,"plugins.expect.failed.statusCode":10`,
			one, "all requests: 100 requests, 10 failed, p95 10ms", ""},
		{"more than those",
			`"http.codes.200":90,"http.codes.500":10,"plugins.expect.failed":30,"plugins.expect.failed.statusCode":30`,
			one, "all requests: 100 requests, p95 10ms", "30 expectations"},
		{"none failed", `"http.codes.200":100,"plugins.expect.ok":100,"plugins.expect.failed":0`, one,
			"all requests: 100 requests, 0 failed, p95 10ms", ""},
		{"by endpoint", `"http.codes.200":60,"http.codes.500":40,"plugins.metrics-by-endpoint./a.codes.200":60,` +
			`"plugins.metrics-by-endpoint./b.codes.500":40,"plugins.expect.failed":7,` +
			`"plugins.expect.failed.contentType":7`, times,
			"/a: 60 requests, p95 10ms\n/b: 40 requests, 40 failed, p95 10ms", "7 expectations"},
	} {
		r := decode(t, `{"aggregate":{"counters":{`+tt.counters+tt.rest, importer.Options{})
		notes := strings.Join(r.Source.Notes, "\n")
		if got := told(t, r); got != tt.want || !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
			t.Errorf("%s: %s, noting %q\nwant %s, noting %q", tt.name, got, notes, tt.want, tt.note)
		}
	}
}

// Failed checks of k6 are noted in every format: the requests may all
// have been good.
func TestChecksOfK6(t *testing.T) {
	var points, rows strings.Builder
	for i := range 4 {
		fmt.Fprintf(&points,
			`{"metric":"checks","type":"Point","data":{"time":"2026-11-24T10:00:01Z","value":%d,"tags":{}}}`+"\n", i/3)
		fmt.Fprintf(&rows, "checks,1795514400,%d.000000,is good,,,,,,,,,,,,,,,\n", i/3)
	}
	const metrics = `"http_req_duration":{"p(95)":5},"http_reqs":{"count":9},"http_req_failed":{"passes":0,"fails":9},`
	for name, text := range map[string]string{
		"k6-json":    k6JSON + points.String(),
		"k6-csv":     k6CSV + rows.String(),
		"k6-summary": `{"root_group":{},"metrics":{` + metrics + `"checks":{"passes":1,"fails":3}}}`,
		"k6-summary, as " +
			"handleSummary has it": `{"root_group":{},"metrics":{"http_req_duration":{"values":{"p(95)":5}},` +
			`"http_reqs":{"values":{"count":9}},"checks":{"values":{"passes":1,"fails":3,"rate":0.25}}}}`,
		"k6-summary, machine-readable": `{"k6_version":"1.0","results":{"metrics":[{"name":"http_reqs",` +
			`"values":{"count":9}},` +
			`{"name":"http_req_duration","values":{"p95":5}},{"name":"checks","values":{"matches":1,"total":4,` +
			`"rate":0.25}}]}}`,
	} {
		r := decode(t, text, importer.Options{Names: names})
		if got := strings.Join(r.Source.Notes, "\n"); !strings.Contains(got,
			"3 of 4 checks of the script failed") {
			t.Errorf("%s: notes %q", name, got)
		}
	}
}

// What broke off a task of Locust's is told.
func TestExceptionsOfLocust(t *testing.T) {
	im := importer.New(importer.Options{})
	for name, text := range map[string]string{
		"r_stats.csv":      locustHead + "GET,/a,400,4,12,10,10,30\n,Aggregated,400,4,12,10,10,30\n",
		"r_exceptions.csv": "Count,Message,Traceback,Nodes\n1200,KeyError: 'id',at line 3,local\n34,x,y,z\n",
	} {
		if err := im.Add(strings.NewReader(text), name); err != nil {
			t.Fatal(err)
		}
	}
	r, err := im.Result()
	if want := "exceptions that ended tasks of the locustfile, which are not failed requests: 1,234"; err != nil ||
		strings.Join(r.Source.Notes, "\n") != want {
		t.Errorf("Result = %v, notes %v, want %s", err, r, want)
	}
}
