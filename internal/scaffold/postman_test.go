package scaffold_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/postman"
	"github.com/loadgate/loadgate/internal/thresholds"
)

func fromPostman(text string) (*draft.Draft, error) {
	return postman.Draft(input.File{Name: "collection", Text: []byte(text)}, draft.Options{})
}

func shop(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("postman", "testdata", "shop.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What becomes of a whole collection.
func TestPostman(t *testing.T) {
	d, err := fromPostman(shop(t))
	text := encoded(t, d, err)
	besideGolden(t, filepath.Join("postman", "testdata", "shop.yaml"), text)
	for _, secret := range []string{"k3y-9f8e7d6c5b4a39281706", "hunter2-hunter2", "/home/ada"} {
		if strings.Contains(text+strings.Join(d.Looks(), "\n"), secret) {
			t.Errorf("%s is in\n%s", secret, text)
		}
	}
}

// A collection in version 2.0 has an authorization as an object, and becomes the same.
func TestPostmanVersions(t *testing.T) {
	new := shop(t)
	old := strings.NewReplacer(
		`"bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]`, `"bearer": {"token": "{{token}}"}`,
		"v2.1.0", "v2.0.0", `"basic": [
      {"key": "username", "value": "ops"}, {"key": "password", "value": "hunter2-hunter2"}]`,
		`"basic": {"username": "ops", "password": "hunter2-hunter2"}`).Replace(new)
	if strings.Count(old, "[") >= strings.Count(new, "[") {
		t.Fatal("the collection is not the older one")
	}
	d, err := fromPostman(new)
	want := encoded(t, d, err)
	for name, src := range map[string]string{"version 2.0": old, "wrapped": `{"collection": ` + new + `}`} {
		d, err := fromPostman(src)
		if got := encoded(t, d, err); got != want {
			t.Errorf("%s: it is\n%s\nwant\n%s", name, got, want)
		}
	}
}

// oneItem is a collection with GET /first and a request; its keys are JSON.
func oneItem(request, script string) string {
	exec, err := json.Marshal(script)
	if err != nil {
		panic(err)
	}
	return `{"info": {"name": "c", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/"}, "variable": [` +
		`{"key": "B", "value": "http://localhost:8000"}, {"key": "self", "value": "{{self}}{{self}}"}], "item": [` +
		`{"name": "First", "request": "{{B}}/first"}, {"name": "n", "request": ` + request +
		`, "event": [{"listen": "test", "script": {"exec": ` + string(exec) + `}}]}, {"name": "Last", "request": ` +
		`{"method": "GET", "url": "{{B}}/last/{{id}}"}}]}`
}

// What becomes of one request.
func TestPostmanRequests(t *testing.T) {
	for _, test := range []struct{ name, request, script, want string }{
		{"an address in parts", `{"method": "GET", "url": {"protocol": "http", "host": ["localhost"], "port": ` +
			`"8000", "path": ["a", "b"], "query": [{"key": "c", "value": "1"}]}}`, "", "- 'GET /a/b?c=1'"},
		{"a part of a path that is not known", `{"method": "GET", "url": {"raw": "{{B}}/a/:id"}}`, "",
			"# look: which id are there?"},
		{"JSON with a number that is not known", `{"method": "POST", "url": "{{B}}/a", "body": {"mode": "raw", ` +
			`"raw": "{\"n\": {{$randomInt}}, \"t\": \"x {{$timestamp}}\"}"}}`, "",
			"json: {'n': '${ int(0, 1000) }', t: 'x ${ epoch(now()) }'}"},
		{"a text", `{"method": "POST", "url": "{{B}}/a", "body": {"mode": "raw", "raw": "<a/>", "options": {"raw": ` +
			`{"language": "xml"}}}}`, "", "headers: {Content-Type: application/xml}\n        text: '<a/>'"},
		{"parts of texts", `{"method": "POST", "url": "{{B}}/a", "body": {"mode": "formdata", "formdata": [{"key": ` +
			`"a", "value": "b", "type": "text"}]}}`, "", "multipart: {a: b}"},
		{"a body of GET", `{"method": "GET", "url": "{{B}}/a", "body": {"mode": "raw", "raw": "{\"q\": \"x\"}"}}`, "",
			"request: GET /a\n        json: {q: x}"},
		{"many variables", `{"method": "POST", "url": "{{B}}/a", "body": {"mode": "raw", "raw": "` +
			strings.Repeat("{{word}} ", 250) + `end"}}`, "", strings.Repeat(`${ env("word") } `, 250) + "end"},
		{"too many variables", `{"method": "POST", "url": "{{B}}/a", "body": {"mode": "raw", "raw": "` +
			strings.Repeat("{{word}} ", 2500) + `"}}`, "", "# look: it has a text with too many variables: write it"},
		{"a user in its address", `{"method": "GET", "url": "http://ada:x@localhost:8000/a"}`, "",
			"- request: GET /a\n        auth: {basic: {username: '${ env(\"LOADGATE_USERNAME\", \"change-me\") }', " +
				"password: '${ env(\"LOADGATE_PASSWORD\", \"change-me\") }'}}\n"},
		{"a user in variables", `{"method": "GET", "url": "http://{{user}}:{{pass}}@localhost:8000/a"}`, "",
			`auth: {basic: {username: '${ env("user") }', password: '${ env("pass", "change-me") }'}}`},
		{"a user before a variable", `{"method": "GET", "url": "http://ada:x@{{host}}/a"}`, "",
			"left out: 1 request to {{host}}"},
		{"a mark in its path", `{"method": "GET", "url": "http://localhost:8000/a@b"}`, "", "- 'GET /a@b'\n"},
		{"a file", `{"method": "POST", "url": "{{B}}/a", "body": {"mode": "file", "file": {"src": "x"}}}`, "",
			"# look: its body is a file: write file"},
		{"headers as lines", `{"method": "GET", "url": "{{B}}/a", "header": "X-A: b\nX-C: d\n"}`, "",
			"headers: {X-A: b, X-C: d}"},
		{"a variable of an environment", `{"method": "GET", "url": "{{B}}/a?t={{tenant}}"}`, "",
			`request: 'GET /a?t=${ env("tenant") }'`},
		{"a variable in itself", `{"method": "GET", "url": "{{B}}/a?t={{self}}"}`, "", "GET /first"},
		{"a value of the answer", `{"method": "GET", "url": "{{B}}/a"}`,
			"const j = pm.response.json();\nconst x = j.a[0];\npm.environment.set('id', x['my id']);",
			`capture: {my_id: 'body.a[0]["my id"]'}`},
		{"a header of the answer", `{"method": "GET", "url": "{{B}}/a"}`,
			"pm.environment.set('id', pm.response.headers.get('Location'));",
			`capture: {location: 'headers["Location"]'}`},
		{"a value that is computed", `{"method": "GET", "url": "{{B}}/a"}`,
			"pm.environment.set('id', pm.response.json().a + 1);", "# look: left out: line 1 of its test script"},
		{"statuses", `{"method": "GET", "url": "{{B}}/a"}`,
			"pm.test('s', () => {\n  pm.expect(pm.response.code).to.be.oneOf([200, 404]);\n});",
			"expect: 'status in [200, 404]'"},
		{"an authorization that is not known", `{"method": "GET", "url": "{{B}}/a", "auth": {"type": "oauth1"}}`, "",
			"# look: left out: its authorization of the kind oauth1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromPostman(oneItem(test.request, test.script))
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
}

// What writes to what the collection did not make is a comment, and no secret is in the file.
func TestPostmanHarm(t *testing.T) {
	const secret = "s3cr3tValu3of7Letters"
	for name, request := range map[string]string{
		"what was there": `{"method": "DELETE", "url": "{{B}}/notes/7"}`,
		"a verb":         `{"method": "POST", "url": "{{B}}/users/deactivate"}`,
		"an id":          `{"method": "POST", "url": "{{B}}/a", "body": {"mode": "raw", "raw": "{\"user_id\": 7}"}}`,
	} {
		d, err := fromPostman(oneItem(request, ""))
		text := encoded(t, d, err)
		if got := strings.Join(sentUnset(t, text), ", "); got != "GET /first, GET /last/{id}" {
			t.Errorf("%s: sent are %s in\n%s", name, got, text)
		}
	}
	for name, request := range map[string]string{
		"a token": `{"method": "GET", "url": "{{B}}/a", "auth": {"type": "bearer", "bearer": [{"key": "token", ` +
			`"value": "%s"}]}}`,
		"a password": `{"method": "GET", "url": "{{B}}/a", "auth": {"type": "basic", "basic": {"username": "ada", ` +
			`"password": "%s"}}}`,
		"a key": `{"method": "GET", "url": "{{B}}/a", "auth": {"type": "apikey", "apikey": [{"key": "in", ` +
			`"value": "query"}, {"key": "key", "value": "api_key"}, {"key": "value", "value": "%s"}]}}`,
		"a header": `{"method": "GET", "url": "{{B}}/a", "header": [{"key": "Cookie", "value": "sid=%s"}]}`,
		"a body": `{"method": "POST", "url": "{{B}}/login", "body": {"mode": "raw", "raw": ` +
			`"{\"user\": \"a\", \"password\": \"%s\"}"}}`,
		"an address": `{"method": "GET", "url": "http://ada:%s@localhost:8000/a"}`,
		"another auth": `{"method": "GET", "url": "{{B}}/a", "auth": {"type": "hawk", "hawk": [{"key": "authKey", ` +
			`"value": "%s"}]}}`,
	} {
		d, err := fromPostman(oneItem(fmt.Sprintf(request, secret), "pm.environment.set('x', '"+secret+"');"))
		text := encoded(t, d, err)
		if all := text + strings.Join(d.Looks(), "\n"); strings.Contains(all, secret) {
			t.Errorf("%s: the secret is in\n%s", name, all)
		}
	}
}

// sentUnset is sent of a file whose variables of the environment are not set.
func sentUnset(t *testing.T, text string) (all []string) {
	t.Helper()
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{Unsent: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range s.Groups[0].Steps {
		all = append(all, step.Endpoint)
	}
	return all
}

// What cannot be made a file of says why, in one line.
func TestPostmanRefuses(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"nothing", "", "it is empty"},
		{"a recording", oneEntry, "this is a HAR recording: give it with --har"},
		{"a script of k6", k6Script(""), "this is a script of k6: give it with --k6"},
		{"a script of Locust", "from locust import HttpUser, task\n",
			"this is a script of Locust: give it with --locust"},
		{"a plan of JMeter", "<jmeterTestPlan version=\"1.2\"></jmeterTestPlan>", "this is a test plan of JMeter"},
		{"cut off", shop(t)[:900], "it ends in the middle"},
		{"version 1", `{"id": "a", "requests": [], "order": []}`, "it is a collection in version 1"},
		{"an environment", `{"values": [], "_postman_variable_scope": "environment"}`,
			"it is an environment of Postman"},
		{"another JSON", `{"a": 1}`, "it has no items"},
		{"no request", `{"info": {"name": "a"}, "item": [{"name": "f", "item": []}]}`, "there is no request in it"},
		{"nested", `{"item": ` + strings.Repeat(`[{"item": `, 100_000), "it is nested too deep"},
	} {
		_, err := fromPostman(test.src)
		switch {
		case err == nil:
			t.Errorf("%s: there is no error", test.name)
		case !strings.HasPrefix(err.Error(), "read Postman collection: "), !strings.Contains(err.Error(), test.want),
			strings.Contains(err.Error(), "\n"), goWords.MatchString(err.Error()):
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// Whatever a collection is, it is refused in one line or becomes a valid file.
func FuzzPostman(f *testing.F) {
	f.Add(shop(f))
	f.Add(oneItem(`{"method": "POST", "url": ":", "body": {"mode": "raw", "raw": "{{{{a}}}}"}}`, "pm.test('a', {"))
	f.Fuzz(func(t *testing.T, src string) {
		d, err := fromPostman(src)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("several lines: %q", err)
			}
			return
		}
		text, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := thresholds.Decode(text, "thresholds.yaml", thresholds.Options{Unsent: true}); err != nil {
			t.Errorf("%v in\n%s", err, text)
		}
	})
}

// A word that no form gives away is a secret by where it is or by the name before it.
func TestPostmanKeepsNamedSecrets(t *testing.T) {
	const word = "blumenheide"
	for name, request := range map[string]string{
		"a key in a header": `{"method": "GET", "url": "{{B}}/a", "auth": {"type": "apikey", "apikey": [` +
			`{"key": "in", "value": "header"}, {"key": "key", "value": "X-Foo"}, {"key": "value", "value": "%s"}]}}`,
		"a key in a query": `{"method": "GET", "url": "{{B}}/a", "auth": {"type": "apikey", "apikey": [{"key": "in", ` +
			`"value": "query"}, {"key": "key", "value": "appid"}, {"key": "value", "value": "%s"}]}}`,
		"a part of a path": `{"method": "GET", "url": {"raw": "{{B}}/f/:token", "variable": [{"key": "token", ` +
			`"value": "%s"}]}}`,
	} {
		d, err := fromPostman(oneItem(fmt.Sprintf(request, word), ""))
		text := encoded(t, d, err)
		if all := text + strings.Join(d.Looks(), "\n"); strings.Contains(all, word) || !strings.Contains(text, "env(") {
			t.Errorf("%s: the secret is in\n%s", name, all)
		}
	}
}
