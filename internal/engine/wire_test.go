package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// describe is what a service that parses its requests strictly sees in one:
// one line for each thing.
func describe(r *http.Request) []string {
	lines := []string{r.Method + " " + r.URL.RequestURI()}
	if name, password, ok := r.BasicAuth(); ok {
		lines = append(lines, "basic "+name+" "+password)
	} else if value := r.Header.Get("Authorization"); value != "" {
		lines = append(lines, "authorization "+value)
	}
	if cookie, err := r.Cookie("user"); err == nil {
		lines = append(lines, "cookie "+cookie.Value)
	}
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), "; boundary=")
	if media != "" {
		lines = append(lines, "type "+media)
	}
	if media != "multipart/form-data" {
		body, err := io.ReadAll(r.Body)
		if err != nil || len(body) > 0 {
			lines = append(lines, fmt.Sprint("body ", string(body), err))
		}
		return lines
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return append(lines, err.Error())
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return lines
		}
		if err != nil {
			return append(lines, err.Error())
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return append(lines, err.Error())
		}
		lines = append(lines, fmt.Sprintf("part %s|%s|%s|%s", part.FormName(),
			part.FileName(), part.Header.Get("Content-Type"), content))
	}
}

// What a file says about bodies, credentials and cookies is what a service
// made with another HTTP library reads.
func TestEveryKindOfBodyArrives(t *testing.T) {
	const file = `version: 1
target: {url: "%s", auth: {basic: {username: ada, password: "p:w"}}}
profiles: {p: {users: 2, spawn_rate: 1/s, duration: 60s}}
users:
  ann:
    wait: 1s
    auth: {bearer: '${ token }'}
    start: [{request: POST /login, form: {name: ann, word: 'a&b=c é'}, capture: {token: body.token}}]
    steps:
      - GET /a
      - {request: GET /none, auth: none}
      - {request: PUT /file, file: report.pdf, auth: {basic: {username: '${ token }', password: ''}}}
      - {request: POST /fixed, multipart: {a: b, 'the "name"': {file: report.pdf, filename: 'my "own".pdf'}}}
      - {request: POST /mixed, multipart: {token: 'of ${ token }', doc: {file: report.pdf}, meta: {text: '{"a": 1}', content_type: application/json}}}
      - {request: POST /graphql, graphql: {query: 'query Q($t: ID) { a }', variables: {t: '${ token }'}}}
  bob:
    wait: 1s
    start: [{request: POST /login, form: {name: bob}, capture: {token: body.token}}]
    steps: [GET /b]
thresholds: {all: {endpoints: "*", success: 99%%}}
`
	var mu sync.Mutex
	var seen [][]string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lines := describe(r)
		mu.Lock()
		seen = append(seen, lines)
		n := len(seen)
		mu.Unlock()
		if r.URL.Path == "/login" {
			http.SetCookie(w, &http.Cookie{Name: "user", Value: fmt.Sprint("u", n), Path: "/"})
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(map[string]string{"token": fmt.Sprint("t", n), "data": "any"}); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	text := fmt.Sprintf(file, server.URL)
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml",
		thresholds.Options{Files: fstest.MapFS{"report.pdf": {Data: []byte("%PDF\r\n--x\r\n\x00")}}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(client.Config{BaseURL: s.Target.URL, Allow: s.Target.Allow, Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.Engine{Dial: func(int) engine.Doer { return c.Session() }}
	for _, a := range e.TryOut(context.Background(), p, true) {
		if a.Failure != metric.OK {
			t.Errorf("%s: %s %s", a.Step.Step.Endpoint, a.Failure, a.Detail)
		}
	}
	want := [][]string{
		{"POST /login", "basic ada p:w", "type application/x-www-form-urlencoded",
			"body name=ann&word=a%26b%3Dc+%C3%A9<nil>"},
		{"GET /a", "authorization Bearer t1", "cookie u1"},
		{"GET /none", "cookie u1"},
		{"PUT /file", "basic t1 ", "cookie u1", "type application/octet-stream", "body %PDF\r\n--x\r\n\x00<nil>"},
		{"POST /fixed", "authorization Bearer t1", "cookie u1", "type multipart/form-data", "part a|||b",
			"part the %22name%22|my %22own%22.pdf|application/pdf|%PDF\r\n--x\r\n\x00"},
		{"POST /mixed", "authorization Bearer t1", "cookie u1", "type multipart/form-data", "part token|||of t1",
			"part doc|report.pdf|application/pdf|%PDF\r\n--x\r\n\x00", `part meta||application/json|{"a": 1}`},
		{"POST /graphql", "authorization Bearer t1", "cookie u1", "type application/json",
			`body {"query":"query Q($t: ID) { a }","operationName":"Q","variables":{"t":"t1"}}<nil>`},
		{"POST /login", "basic ada p:w", "type application/x-www-form-urlencoded", "body name=bob<nil>"},
		{"GET /b", "basic ada p:w", "cookie u8"},
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// A header goes out as the file spells it, and is one whatever its case.
func TestHeaderNamesKeepTheirCase(t *testing.T) {
	const file = `version: 1
target: {url: "%s", headers: {SOAPAction: wide, x-lower: a}}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users: {g: {wait: 1s, steps: [{request: GET /a, headers: {soapAction: near}}]}}
thresholds: {all: {endpoints: "*", success: 99%%}}
`
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var heard sync.WaitGroup
	var text string
	heard.Go(func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		p := make([]byte, 4096)
		n, _ := c.Read(p) // what is missing fails the test
		text = string(p[:n])
		_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	})
	p := decode(t, fmt.Sprintf(file, "http://"+listener.Addr().String()), plan.Options{})
	c, err := client.New(client.Config{BaseURL: p.Config.Target.URL, Allow: p.Config.Target.Allow})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.Engine{Dial: func(int) engine.Doer { return c.Session() }}
	e.TryOut(t.Context(), p, true)
	listener.Close()
	heard.Wait()
	for line, want := range map[string]int{"\r\nsoapAction: near\r\n": 1,
		"\r\nSOAPAction:": 0, "\r\nx-lower: a\r\n": 1} {
		if strings.Count(text, line) != want {
			t.Errorf("%q is there %d times, want %d, in %q", line, strings.Count(text, line), want, text)
		}
	}
}

// Double-submit CSRF: the value of a cookie, the second that an answer sets, goes
// into a header as well, and into the next one when the service changes it.
func TestCookiesGoIntoHeaders(t *testing.T) {
	const file = `version: 1
target: {url: "%s"}
profiles: {p: {users: 2, spawn_rate: 1/s, duration: 60s}}
users:
  g:
    wait: 1s
    start:
      - {request: GET /login, capture: {seen: 'cookies.csrftoken'}, follow: true}
    steps:
      - {request: POST /items, headers: {X-CSRFToken: '${ cookies.csrftoken }', X-XSRF: '${ urlDecode(cookies["XSRF-TOKEN"]) }', X-Seen: '${ seen }'}}
      - {request: POST /items, name: again, headers: {X-CSRFToken: '${ cookies.csrftoken }', X-XSRF: '${ urlDecode(cookies["XSRF-TOKEN"]) }'}}
      - {request: GET /logout, expect: 'cookies.csrftoken == nil and cookies.sessionid == "s1"'}
thresholds: {all: {endpoints: "*", success: 99%%}}
`
	n := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		set := func(name, value, path string, age int) {
			http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: path, MaxAge: age})
		}
		switch r.URL.Path {
		case "/login":
			set("sessionid", "s1", "/", 0)
			set("csrftoken", fmt.Sprint("T", n), "/items", 0)
			set("XSRF-TOKEN", "a%3D%2B+", "/", 0)
			http.Redirect(w, r, "/home", http.StatusFound)
		case "/items":
			if cookie, err := r.Cookie("csrftoken"); err != nil ||
				r.Header.Get("X-CSRFToken") != cookie.Value || r.Header.Get("X-XSRF") != "a=++" {
				w.WriteHeader(http.StatusForbidden)
			}
			n++
			set("csrftoken", fmt.Sprint("T", n), "/items", 0)
		case "/logout":
			set("csrftoken", "", "/items", -1)
		}
	}))
	defer srv.Close()
	p := decode(t, fmt.Sprintf(file, srv.URL), plan.Options{})
	c, err := client.New(client.Config{BaseURL: p.Config.Target.URL, Allow: p.Config.Target.Allow})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.Engine{Dial: func(int) engine.Doer { return c.Session() }}
	for _, a := range e.TryOut(t.Context(), p, true) {
		if a.Failure != metric.OK || a.Status != 200 {
			t.Errorf("%s: %d %v %s %v", a.Step.Step.Endpoint, a.Status, a.Failure, a.Detail, a.Header)
		}
	}
}
