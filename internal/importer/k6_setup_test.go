package importer_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// The points of a run of k6 1.8.1 that had setup(), teardown(), a group in setup() and a group of users called setup.
const (
	setupOfK6 = `{"metric":"http_req_duration","type":"Point","data":{"time":"2026-12-01T00:37:57.36523745Z",` +
		`"value":1.943417,"tags":{"error_code":"1404","expected_response":"true","group":"::setup","method":"GET",` +
		`"name":"S","proto":"HTTP/1.1","status":"404","url":"S"}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-12-01T00:37:57.367Z","value":900,"tags":` +
		`{"expected_response":"true","group":"::setup::login","method":"GET","name":"S","proto":"HTTP/1.1",` +
		`"status":"200","url":"S"}}}
`
	usersOfK6 = `{"metric":"http_req_duration","type":"Point","data":{"time":"2026-12-01T00:37:57.369676463Z",` +
		`"value":3.608529,"tags":{"expected_response":"true","group":"","method":"GET",` +
		`"name":"http://127.0.0.1:40231/200","proto":"HTTP/1.1","scenario":"a","status":"200",` +
		`"url":"http://127.0.0.1:40231/200"}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-12-01T00:37:57.475838076Z","value":105.527421,` +
		`"tags":{"expected_response":"true","group":"::setup","method":"GET","name":"http://127.0.0.1:40231/200",` +
		`"proto":"HTTP/1.1","scenario":"a","status":"200","url":"http://127.0.0.1:40231/200"}}}
`
	teardownOfK6 = `{"metric":"http_req_duration","type":"Point","data":{"time":"2026-12-01T00:37:57.511231576Z",` +
		`"value":5.25173,"tags":{"error_code":"1500","expected_response":"false","group":"::teardown","method":"GET",` +
		`"name":"http://127.0.0.1:40231/500","proto":"HTTP/1.1","status":"500","url":"http://127.0.0.1:40231/500"}}}
`
	rowsOfK6 = `metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,` +
		`scenario,service,status,subproto,tls_version,url,extra_tags,metadata
http_req_duration,1796085477,1.943417,,,1404,true,::setup,GET,S,HTTP/1.1,,,404,,,S,,
http_req_duration,1796085477,900.0,,,,true,::setup::login,GET,S,HTTP/1.1,,,200,,,S,,
http_req_duration,1796085477,3.608529,,,,true,,GET,http://127.0.0.1:40231/200,HTTP/1.1,a,,200,,,` +
		`http://127.0.0.1:40231/200,,
http_req_duration,1796085477,105.527421,,,,true,::setup,GET,http://127.0.0.1:40231/200,HTTP/1.1,a,,200,,,` +
		`http://127.0.0.1:40231/200,,
http_req_duration,1796085477,5.251730,,,1500,false,::teardown,GET,http://127.0.0.1:40231/500,HTTP/1.1,,,500,,,` +
		`http://127.0.0.1:40231/500,,
`
)

// What k6 sent once is in no figure, and a note says how much it was. Users of a group called setup are users.
func TestSetupOfK6IsLeftOut(t *testing.T) {
	const note = "2 requests of setup() and 1 request of teardown() are left out: they are sent once, and by no user"
	for _, tt := range []struct{ name, text, note string }{
		{"points", setupOfK6 + usersOfK6 + teardownOfK6, note},
		{"rows", rowsOfK6, note},
		{"neither", usersOfK6, ""},
	} {
		r := decode(t, tt.text, importer.Options{})
		if got, want := told(t, r), "GET /200: 2 requests, 0 failed"; !strings.HasPrefix(got, want) ||
			strings.Contains(got, "\n") {
			t.Errorf("%s: it says\n%s\nwant\n%s alone", tt.name, got, want)
		}
		notes := strings.Join(r.Source.Notes, "\n")
		if strings.Contains(notes, "setup()") != (tt.note != "") || !strings.Contains(notes, tt.note) {
			t.Errorf("%s: notes %q, want %q", tt.name, notes, tt.note)
		}
	}
}

// A run that ended in its setup measured nothing, however fast that was.
func TestSetupAloneIsNoRun(t *testing.T) {
	_, err := importer.Decode(strings.NewReader(setupOfK6), "k6.json", importer.Options{})
	if err == nil || !strings.Contains(err.Error(), "no request") {
		t.Errorf("%v, want that there is no request", err)
	}
}
