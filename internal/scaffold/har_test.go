package scaffold_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/har"
	"github.com/loadgate/loadgate/internal/scaffold/input"
)

// A recording of the stand-in: the login is a start step, ids come from the
// answers that told them, and files, other hosts and failures are left out.
func TestHAR(t *testing.T) {
	d, err := har.Draft([]input.File{{Name: "tutors", Text: source(t, "har", "tutors.har")}},
		draft.Options{})
	golden(t, "init-har.yaml", encoded(t, d, err))
}

// exchange is an entry of a recording, at a second of it.
type exchange struct {
	at               float64
	method, url      string
	headers          []string // name, value, …
	mime, body       string
	status           int
	answer, redirect string
	kind             string // of the answer; empty: JSON
	resource         string // what the browser asked for; empty: it was not recorded
}

func recording(t *testing.T, all ...exchange) []byte {
	t.Helper()
	var entries []any
	for _, e := range all {
		headers := []any{}
		for i := 0; i+1 < len(e.headers); i += 2 {
			headers = append(headers, map[string]any{"name": e.headers[i], "value": e.headers[i+1]})
		}
		request := map[string]any{"method": e.method, "url": e.url, "headers": headers}
		if e.body != "" {
			request["postData"] = map[string]any{"mimeType": e.mime, "text": e.body}
		}
		if e.kind == "" {
			e.kind = "application/json"
		}
		if e.status == 0 {
			e.status = 200
		}
		entries = append(entries, map[string]any{
			"startedDateTime": fmt.Sprintf("2026-11-22T09:00:%06.3fZ", e.at), "time": 100, "request": request,
			"_resourceType": e.resource,
			"response": map[string]any{"status": e.status, "redirectURL": e.redirect,
				"headers": []any{}, "content": map[string]any{"mimeType": e.kind, "text": e.answer}},
		})
	}
	text, err := json.Marshal(map[string]any{"log": map[string]any{"entries": entries}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What becomes of one recording.
func TestRecordings(t *testing.T) {
	const host = "http://localhost:8000"
	for _, test := range []struct {
		name string
		all  []exchange
		want string
	}{
		{"think times have the recorded mean",
			[]exchange{{at: 0, method: "GET", url: host + "/a"}, {at: 2.1, method: "GET", url: host + "/b"},
				{at: 6.2, method: "GET", url: host + "/c"}}, "wait: 2s..4s"},
		{"a redirect is followed", []exchange{{method: "GET", url: host + "/a", status: 302, redirect: "/b"},
			{at: 1, method: "GET", url: host + "/b"}}, "steps:\n      - {request: GET /a, follow: true}\n"},
		{"an answer that is no success", []exchange{{method: "GET", url: host + "/a", status: 303}},
			"expect: status == 303"},
		{"an id in a query", []exchange{{method: "POST", url: host + "/carts", answer: `{"cart_id": "c-118822"}`},
			{at: 1, method: "GET", url: host + "/pay?cart=c-118822&x=1"}}, "- 'GET /pay?cart=${ cart_id }&x=1'"},
		{"an id in a body", []exchange{{method: "GET", url: host + "/things", answer: `[{"id": 4711}]`},
			{at: 1, method: "POST", url: host + "/orders", mime: "application/json",
				body: `{"thing_id": 4711, "n": 4711}`}}, "json: {thing_id: '${ thing_id }', 'n': 4711}"},
		{"the last answer counts", []exchange{{method: "GET", url: host + "/a", answer: `{"id": 4711}`},
			{method: "GET", url: host + "/b", answer: `{"id": 4711}`}, {at: 1, method: "GET", url: host + "/c/4711"}},
			"- request: GET /b\n        capture: {c_id: body.id}"},
		{"a small number is no id of anything",
			[]exchange{{method: "GET", url: host + "/pages", answer: `{"page_id": 2}`},
				{at: 1, method: "GET", url: host + "/users/2"}},
			"- request: GET /users/2\n        name: 'GET /users/{id}'"},
		{"a header that an answer told",
			[]exchange{{method: "GET", url: host + "/form", answer: `{"csrf_token": "0123456789abcdef"}`},
				{at: 1, method: "POST", url: host + "/form", headers: []string{"X-CSRF-Token", "0123456789abcdef"}}},
			"headers: {X-CSRF-Token: '${ csrf_token }'}"},
		{"text that looks like an expression",
			[]exchange{{method: "POST", url: host + "/a", mime: "application/json", body: `{"a": "${ x }"}`}},
			"json: {a: '$${ x }'}"},
		{"numbers keep their digits",
			[]exchange{{method: "POST", url: host + "/a", mime: "application/json",
				body: `{"a": 12345678901234567890, "b": 1.50}`}}, "json: {a: 12345678901234567890, b: 1.50}"},
		{"a field with the name of a value",
			[]exchange{{method: "POST", url: host + "/a", mime: "application/x-www-form-urlencoded",
				body: "sort=name&name=x"}}, "form: {sort: name, name: x}"},
		{"several parts", []exchange{{method: "GET", url: host + "/b"},
			{method: "POST", url: host + "/a", mime: "multipart/form-data; boundary=x", body: "--x"}},
			"# look: its body was a file or several parts: write multipart\n      # - POST /a"},
		{"text", []exchange{{method: "POST", url: host + "/a", mime: "application/xml", body: "<a/>"}},
			"headers: {Content-Type: application/xml}\n        text: '<a/>'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := har.Draft([]input.File{{Name: "user", Text: recording(t, test.all...)}},
				draft.Options{})
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
}

// Nothing of a recording that opens a door is in the file.
func TestRecordingsKeepSecrets(t *testing.T) {
	const host = "http://localhost:8000"
	secrets := []string{"hunter2hunter2", "c00kie-value", "eyJhbGciOi.recorded",
		"csrf-recorded-1", "key-recorded-77", "xml-secret-9", "0123456789abcdefghij", "hbGciOiJI"}
	text := recording(t,
		exchange{method: "POST", url: host + "/login", mime: "application/json",
			body:    `{"user": "ada", "password": "hunter2hunter2", "deep": {"client_secret": "hunter2hunter2"}}`,
			headers: []string{"Cookie", "sid=c00kie-value"}},
		exchange{at: 1, method: "GET", url: host + "/a?api_key=key-recorded-77&access_token=eyJhbGciOi.recorded",
			headers: []string{"Authorization", "Bearer eyJhbGciOi.recorded", "X-XSRF-TOKEN", "csrf-recorded-1",
				"X-Api-Key", "key-recorded-77", "X-Odd", "0123456789abcdefghij", "X-Odder", "ey" + "JhbGciOiJI.x y"}},
		exchange{at: 2, method: "POST", url: host + "/form", mime: "application/x-www-form-urlencoded",
			body: "username=ada&passwd=hunter2hunter2"},
		exchange{at: 3, method: "POST", url: host + "/soap", mime: "text/xml",
			body: "<password>xml-secret-9</password>"},
	)
	d, err := har.Draft([]input.File{{Name: "user", Text: text}}, draft.Options{})
	got := encoded(t, d, err) + strings.Join(d.Looks(), "\n")
	for _, secret := range secrets {
		if strings.Contains(got, secret) {
			t.Errorf("%s is in\n%s", secret, got)
		}
	}
}

// Several recordings are several kinds of users of one service.
func TestSeveralRecordings(t *testing.T) {
	one := recording(t, exchange{method: "GET", url: "http://localhost:8000/a"})
	d, err := har.Draft([]input.File{{Name: "x", Text: one}, {Name: "x", Text: one}},
		draft.Options{URL: "http://127.0.0.1:9000"})
	got := encoded(t, d, err)
	for _, want := range []string{"\n  x:\n", "\n  x 2:\n", "url: 'http://127.0.0.1:9000'"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
}

// What of a recording cannot be a load is refused in a sentence that is true of it.
func TestHARRefuses(t *testing.T) {
	const unknown = "nothing in it tells where the service is: it has only "
	style := exchange{method: "GET", url: "http://a/x.css"}
	ping := exchange{method: "POST", url: "http://a/x", resource: "ping", status: 204}
	of := func(all ...exchange) string { return string(recording(t, all...)) }
	for _, test := range []struct{ name, text, want string }{
		{"no JSON", "{", "it ends in the middle: save or fetch it again"},
		{"nothing in it", `{"log": {"entries": []}}`, "there is no request in it"},
		{"only a socket", of(exchange{method: "GET", url: "wss://a/x", resource: "websocket", status: 101}),
			"no entry of it is a request that a load can send"},
		{"only files", of(style), unknown + "files of pages"},
		{"only a beacon", of(ping), unknown + "beacons, reports and checks of certificates"},
		{"a check of a certificate", of(exchange{method: "POST", url: "http://a/", mime: "application/ocsp-request",
			body: "x"}), unknown + "beacons, reports and checks of certificates"},
		{"what a browser asks before", of(exchange{method: "OPTIONS", url: "http://a/x", status: 204}),
			unknown + "requests that a browser asks before others"},
		{"files and a beacon", of(style, ping),
			unknown + "beacons, reports and checks of certificates and files of pages"},
		{"only failures", of(exchange{method: "GET", url: "http://a/x", status: 500}),
			"it has no usable request to a"},
		{"a page that failed, and what may be a beacon", of(
			exchange{method: "GET", url: "http://a/x", status: 500, kind: "text/html"},
			exchange{at: 1, method: "POST", url: "http://b/x", status: 204}), "it has no usable request to a"},
	} {
		_, err := har.Draft([]input.File{{Name: "x", Text: []byte(test.text)}}, draft.Options{})
		if err == nil || !strings.HasSuffix(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// Whatever a recording holds, the file that comes of it is read back.
func FuzzHAR(f *testing.F) {
	f.Add(
		[]byte(
			`{"log": {"entries": [{"startedDateTime": "2026-11-22T09:00:00Z", "time": 1, "request": {"method": ` +
				`"POST", "url": "http://h/a/1?b=${c}", "headers": [{"name": "X", "value": "a\nb"}], "postData": ` +
				`{"mimeType": "application/json", "text": "{\"a: b\": [null, 1e9, true]}"}}, "response": {"status": ` +
				`200, "content": {"mimeType": "application/json", "text": "{\"id\": 1}"}}}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := har.Draft([]input.File{{Name: "x", Text: text}}, draft.Options{})
		if err != nil {
			if strings.Contains(err.Error(), "cannot be read back") {
				t.Fatal(err)
			}
			return
		}
		if _, err := d.Encode(); err != nil {
			t.Fatal(err)
		}
	})
}
