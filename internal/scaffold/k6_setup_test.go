package scaffold_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// k6Setup is a script with a setup, a round and a teardown.
func k6Setup(setup, round, teardown string) string {
	return fmt.Sprintf("import http from 'k6/http';\nimport { sleep } from 'k6';\nconst B = "+
		"'http://localhost:8000';\n"+
		"export function setup() { %s }\nexport default function (data) { http.get(B + '/first'); %s }\n"+
		"export function teardown(data) { %s }\n", setup, round, teardown)
}

// What setup and teardown of a script send is sent once, and all users read what setup gave back.
func TestK6Setup(t *testing.T) {
	const login = "const r = http.post(B + '/login', { user: 'ada', password: 'x' }); return { token: " +
		"r.json('token') };"
	const made = "const r = http.post(B + '/shops', JSON.stringify({ a: 'b' })); return { id: r.json('id'), " +
		"color: 'red' };"
	for _, test := range []struct{ name, setup, round, teardown, want string }{
		{"a token", login, "http.get(B + '/a', { headers: { Authorization: `Bearer ${data.token}` } });", "",
			"headers: {Authorization: 'Bearer ${ setup.token }'}"},
		{"it captures", login, "http.get(B + '/a', { headers: { Authorization: `Bearer ${data.token}` } });", "",
			"setup:\n  # look: set LOADGATE_PASSWORD: the value of password is not here\n  - request: POST /login\n" +
				"    form: {user: ada, password: '${ env(\"LOADGATE_PASSWORD\", \"change-me\") }'}\n" +
				"    capture: {token: body.token}\n    secret: true\n"},
		{"what was made", made, "http.get(`${B}/shops/${data.id}`);", "http.del(`${B}/shops/${data.id}`);",
			"teardown:\n  - request: 'DELETE /shops/${ setup.shop_id }'\n    name: 'DELETE /shops/{id}'\n"},
		{"what users do to it", made, "http.put(`${B}/shops/${data.id}`, JSON.stringify({ a: 'c' }));", "",
			"      - request: 'PUT /shops/${ setup.shop_id }'\n"},
		{"what is given back", made, "http.get(`${B}/a?c=${data.color}`);", "", "- 'GET /a?c=red'\n"},
		{"within setup", "const r = http.post(B + '/shops', '{\"a\": 1}'); " +
			"http.get(`${B}/shops/${r.json('id')}`);", "", "",
			"  - 'GET /shops/${ shop_id }'\n"},
		{"the same twice", "http.get(B + '/warm'); http.get(B + '/warm');", "", "",
			"setup:\n  - GET /warm\n  - GET /warm\n"},
		{"sleep", "http.get(B + '/warm'); sleep(3);", "", "", "# look: left out: sleep in setup()\n"},
		{"the number of a user", "http.get(`${B}/warm?vu=${__VU}`);", "", "", "setup:\n  - 'GET /warm?vu=0'\n"},
		{"what was there", "", "", "http.del(B + '/shops/7');", "# teardown:\n#   - DELETE /shops/7\n\nusers:"},
		{"a write is a draft", "http.post(B + '/shops', '{\"a\": 1}');", "", "", "drafted: true\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromK6(k6Setup(test.setup, test.round, test.teardown))
			text := encoded(t, d, err)
			if !strings.Contains(text, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, text)
			}
			if strings.Contains(text, "start:") {
				t.Errorf("users begin with setup in\n%s", text)
			}
		})
	}
}

// A setup is there once, whatever the number of scenarios, and what needs a step that cannot be read
// back is a comment with it.
func TestK6SetupIsOnce(t *testing.T) {
	script := "export const options = { scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '1m' }, b: { " +
		"executor: 'constant-vus', vus: 2, duration: '1m' } } };\n" +
		k6Setup("const r = http.get(B + '/warm'); return { x: r.json('x') };", "http.get(B + '/a?x=' + data.x);", "")
	d, err := fromK6(script)
	text := encoded(t, d, err)
	if n := strings.Count(text, "GET /warm"); n != 1 {
		t.Errorf("setup is there %d times in\n%s", n, text)
	}
	d, err = fromK6(k6Setup("const r = http.get(B + '/s'); return { x: r.json('a.9999999999999999999999') };",
		"http.get(B + '/a?x=' + data.x);", "http.get(B + '/b?x=' + data.x);"))
	text = encoded(t, d, err)
	if !strings.Contains(text, "# setup:\n") || !strings.Contains(text, "# teardown:\n") {
		t.Errorf("setup and teardown are no comments in\n%s", text)
	}
	if diff := cmp.Diff([]string{"GET /first"}, sent(t, text)); diff != "" {
		t.Errorf("sent are (-want +got):\n%s\nin\n%s", diff, text)
	}
}
