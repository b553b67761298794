package importer_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// A part that leaves out requests of an endpoint is not the endpoint: it has its
// tags in its name, and what it leaves out is among the others.
func TestSelectionsOfK6(t *testing.T) {
	part := func(tags string, failed, good string) string {
		return `"http_req_duration{` + tags + `}":{"p(95)":9},"http_req_failed{` +
			tags + `}":{"passes":` + failed + `,"fails":` + good + `}`
	}
	for _, tt := range []struct {
		name, parts, want string
	}{
		{"by status", part("name:login,status:200", "0", "50"),
			"login {status:200}: 50 requests, 0 failed, p95 9ms\nother requests: 50 requests, 40 failed"},
		{"the other way round", part("status:200, name:login", "0", "50"),
			"login {status:200}: 50 requests, 0 failed, p95 9ms\nother requests: 50 requests, 40 failed"},
		{"by expectation", part("expected_response:true,name:login", "0", "60"),
			"login {expected_response:true}: 60 requests, 0 failed, p95 9ms\nother requests: 40 requests, 40 failed"},
		{"by a tag of the script's own", part("name:login,tier:gold,kind:new", "1", "9"),
			"login {kind:new,tier:gold}: 10 requests, 1 failed, p95 9ms\nother requests: 90 requests, 39 failed"},
		{"by address", part("url:http://h/items/7,status:200", "0", "60"),
			"/items/7 {status:200}: 60 requests, 0 failed, p95 9ms\nother requests: 40 requests, 40 failed"},
		{"by method and scenario", part("name:login,method:GET,scenario:s,group:::g", "10", "50"),
			"login: 60 requests, 10 failed, p95 9ms\nother requests: 40 requests, 30 failed"},
		{"two by status", part("name:login,status:200", "0", "50") + "," + part("name:login,status:500", "10", "0"),
			"login {status:200}: 50 requests, 0 failed, p95 9ms\n" +
				"login {status:500}: 10 requests, 10 failed, p95 9ms\nother requests: 40 requests, 30 failed"},
		{"beside the endpoint", part("name:login,status:200", "0", "50") + "," + part("name:login", "10", "50"),
			"login: 60 requests, 10 failed, p95 9ms\nother requests: 40 requests, 30 failed"},
	} {
		text := `{"root_group":{},"metrics":{"http_reqs":{"count":100},"http_req_failed":{"passes":40,"fails":60},` +
			`"http_req_duration":{"p(95)":10},` + tt.parts + `}}`
		r := decode(t, text, importer.Options{})
		if got := told(t, r); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
		notes := strings.Join(r.Source.Notes, "\n")
		leftOut := strings.Contains(notes, "http_req_duration{name:login,status:200} is left out")
		if leftOut != (tt.name == "beside the endpoint") {
			t.Errorf("%s: notes %q", tt.name, notes)
		}
	}
}

// Selections whose requests nobody counted are endpoints too, and a note says what is not known of them.
func TestSelectionsNotCounted(t *testing.T) {
	r := decode(t, `{"metrics":{"http_reqs":{"count":100},"http_req_failed":{"passes":40,"fails":60},`+
		`"http_req_duration{name:a,status:200}":{"p(95)":9},"http_req_duration{name:a,status:500}":{"p(95)":8}}}`,
		importer.Options{})
	if got, want := told(t, r), "a {status:200}: 0 requests, p95 9ms\na {status:500}: 0 requests, p95 8ms\n"+
		"all requests: 100 requests, 40 failed"; got != want {
		t.Errorf("it says\n%s\nwant\n%s", got, want)
	}
	want := "it does not say how many requests a {status:200}, a {status:500} had"
	if notes := strings.Join(r.Source.Notes, "\n"); !strings.Contains(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
}

// Selections that overlap hide no failure: the total is judged.
func TestSelectionsThatOverlap(t *testing.T) {
	one := func(tags string) string {
		return `"http_req_duration{name:a,` + tags + `}":{"p(95)":9},"http_req_failed{name:a,` +
			tags + `}":{"passes":0,"fails":50}`
	}
	r := decode(t, `{"root_group":{},"metrics":{"http_reqs":{"count":100},"http_req_failed":{"passes":50,"fails":50},`+
		one("status:200")+","+one("expected_response:true")+`}}`, importer.Options{})
	for _, e := range r.Endpoints {
		if e.Summary.Failed != nil {
			t.Errorf("%s has %d failures of %d, which is not known", e.Name, *e.Summary.Failed, e.Summary.Requests)
		}
	}
	if notes := strings.Join(r.Source.Notes, "\n"); *r.Summary.Failed != 50 ||
		!strings.Contains(notes, "its total says 100 requests, 50 failed") {
		t.Errorf("total %v, notes %s", *r.Summary.Failed, notes)
	}
}
