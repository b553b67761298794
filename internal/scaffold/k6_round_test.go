package scaffold_test

import (
	"strings"
	"testing"
)

// What users wait after a request is what the script sleeps there.
func TestK6Waits(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"after each", "sleep(1); http.get(B + '/a'); sleep(1);", "wait: 1s\n    steps:\n      - GET /first\n   " +
			"   - GET /a\n"},
		{"different ones", "sleep(1); http.get(B + '/a'); sleep(Math.random() * 2 + 3);",
			"wait: 1s\n    steps:\n      - GET /first\n      - request: GET /a\n        wait: 3s..5s\n"},
		{"after the last alone", "http.get(B + '/a'); http.get(B + '/b'); sleep(2);",
			"wait: 0s\n    steps:\n      - GET /first\n      - GET /a\n      - request: GET /b\n        wait: 2s\n"},
		{"two in a row", "sleep(1); sleep(0.5); http.get(B + '/a'); sleep(1.5);", "wait: 1.5s\n    steps:\n     " +
			" - GET /first\n"},
		{"in a loop", "sleep(3); for (let i = 0; i < 20; i++) { http.get(B + '/a'); sleep(2); }",
			"wait: 2s\n    steps:\n      - request: GET /first\n        wait: 3s\n      - {request: GET /a, " +
				"times: 20}\n"},
		{"after a loop", "for (let i = 0; i < 20; i++) { http.get(B + '/a'); } sleep(2);",
			"{request: GET /a, times: 19}\n      - request: GET /a\n        wait: 2s\n"},
		{"within a condition", "sleep(1); if (Math.random() < 0.5) { http.get(B + '/a'); sleep(4); }",
			"wait: 1s\n    steps:\n      - GET /first\n      - request: GET /a\n        wait: 4s\n        when: " +
				"chance(0.5)\n"},
		{"after a condition", "if (Math.random() < 0.5) { http.get(B + '/a'); } sleep(4);",
			"wait: 4s\n    steps:\n      - GET /first\n      - request: GET /a\n        wait: 0s\n        when: " +
				"chance(0.5)\n"},
		{"before a condition holds", "if (Math.random() < 0.5) { sleep(4); http.get(B + '/a'); }",
			"wait: 2s\n    steps:\n      - GET /first\n      - request: GET /a\n        wait: 0s\n"},
		{"after a comment", "http.del(B + '/a/7'); sleep(2);",
			"wait: 2s\n    steps:\n      - GET /first\n      # look: "},
		{"in a transaction", "sleep(1); group('g', () => { http.get(B + '/a'); http.get(B + '/b'); sleep(2); " +
			"http.get(B + '/c'); }); sleep(1);",
			"wait: 1s\n    steps:\n      - GET /first\n      - transaction: g\n        steps:\n          - GET /a\n" +
				"          - request: GET /b\n            wait: 2s\n          - GET /c\n"},
		{"a time that is not known", "sleep(foo());", "the script sleeps for a time that init does not read"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromK6(k6Script(test.body))
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
	d, err := fromK6("import http from 'k6/http'; import { sleep } from 'k6'; export default () => { sleep(3); " +
		"http.get('http://localhost:8000/a'); }")
	if got := encoded(t, d, err); !strings.Contains(got, "wait: 3s\n") {
		t.Errorf("a sleep before the first request is lost in\n%s", got)
	}
	const only = "import http from 'k6/http'; import { sleep } from 'k6'; export default () => { const B = " +
		"'http://localhost:8000'; if (Math.random() < 0.25) { http.get(B + '/a'); } else { http.get(B + '/b'); " +
		"} sleep(2); }"
	d, err = fromK6(only)
	if got := encoded(t, d, err); !strings.Contains(got, "wait: 2s\n    steps:\n      - request: GET /a\n       "+
		" when:") {
		t.Errorf("either request should wait in\n%s", got)
	}
}

// Conditions on one draw divide what is left of it, and var declares for the whole function.
func TestK6Branches(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"else if", "const r = Math.random(); if (r < 0.3) { http.get(B + '/a'); } else if (r < 0.6) { " +
			"http.get(B + '/b'); } else { http.get(B + '/c'); }", "- request: GET /a\n        when: " +
			"chance(0.3)\n      - " +
			"request: GET /b\n        when: chance(0.3)\n      - request: GET /c\n        when: chance(0.4)\n"},
		{"two draws", "if (Math.random() < 0.5) { if (Math.random() < 0.5) { http.get(B + '/a'); } }",
			"- request: GET /a\n        when: chance(0.25)\n"},
		{"never", "const r = Math.random(); if (r < 0.5) { if (r > 0.5) {\nhttp.get(B + '/a'); } }",
			"# look: line 8: this request is in nothing that is read, and left out"},
		{"one after the other", "const r = Math.random(); if (r < 0.5) { http.get(B + '/a'); }\n" +
			"if (r < 0.2) { http.get(B + '/b'); }", "- request: GET /b\n        when: chance(0.2)\n"},
		{"a default that chooses", "const hosts = { dev: B, prod: 'http://localhost:9' }; http.get(hosts[__ENV.AT || " +
			"'dev'] + '/a');", "# look: line 7: AT chooses between values: here it has its default\n"},
		{"a default that chose", "const hosts = { dev: B, prod: 'http://localhost:9' }; http.get(hosts[__ENV.AT || " +
			"'dev'] + '/a');", "- GET /first\n      - GET /a\n"},
		{"var", "if (check(http.get(B + '/a'), {})) { var p = '/b'; } http.get(B + p);", "- GET /b\n"},
		{"var under a condition", "if (__ENV.X) { var p = '/b'; } http.get(B + p);",
			"line 7: p is set under a condition: write it"},
		{"a form of a page", "http.get(B + '/a').submitForm({ fields: {} });",
			"# look: line 7: submitForm sends a request that only the page knows, and is left out: write it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromK6(k6Script(test.body))
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
}

// A round ends where the script ends it.
func TestK6Ends(t *testing.T) {
	for _, test := range []struct{ name, body, want, look string }{
		{"fail", "fail('x'); http.get(B + '/lost');", "GET /first", "line 7: this request is in nothing"},
		{"abort", "exec.test.abort('x'); http.get(B + '/lost');", "GET /first", "line 7: this request is in nothing"},
		{"fail in a function", "const f = () => { fail('x'); }; f(); http.get(B + '/lost');", "GET /first", "in " +
			"nothing"},
		{"an error", "const f = () => { throw 'x'; }; f(); http.get(B + '/lost');", "GET /first", "in nothing"},
		{"in the same expression", "const x = [fail('x'), http.get(B + '/lost')];", "GET /first", "in nothing"},
		{"caught", "try { fail('x'); } catch (e) { http.get(B + '/a'); } http.get(B + '/b');",
			"GET /first, GET /a, GET /b", ""},
		{"finally", "try { fail('x'); } finally { http.get(B + '/a'); }\nhttp.get(B + '/lost');", "GET /first, " +
			"GET /a",
			"line 8: this request is in nothing"},
		{"after a bad answer", "if (!check(http.get(B + '/a'), {})) { fail('x'); } http.get(B + '/b');",
			"GET /first, GET /a, GET /b", ""},
		{"under a condition", "if (__ENV.X) { fail('x'); http.get(B + '/lost'); }\nhttp.get(B + '/a');",
			"GET /first, GET /a", "line 7: a round ends here under a condition; the draft continues after it"},
		{"return in a switch", "switch ('b') { case 'a': break; case 'b': http.get(B + '/a'); return; }\n" +
			"http.get(B + '/lost');", "GET /first, GET /a", "line 8: this request is in nothing"},
		{"continue in a switch", "for (const k of ['x', 'y']) { switch (k) { case 'x': continue; } http.get(B + " +
			"'/' + k); }",
			"GET /first, GET /y", ""},
		{"a case that is not known", "switch ('b') { case foo(): http.get(B + '/a'); break; default: http.get(B " +
			"+ '/b'); }",
			"GET /first", "a case that init does not read: is it sent?"},
	} {
		t.Run(test.name, func(t *testing.T) {
			script := "import exec from 'k6/execution'; " + strings.Replace(k6Script(test.body), "check, ",
				"check, fail, ", 1)
			d, err := fromK6(script)
			text := encoded(t, d, err)
			if got := strings.Join(sent(t, text), ", "); got != test.want || !strings.Contains(text, test.look) {
				t.Errorf("sent are\n%s\nwant\n%s\nand the look %q in\n%s", got, test.want, test.look, text)
			}
		})
	}
}

// What a script draws once is one value in the draft, or a look says that it is not.
func TestK6DrawsOnce(t *testing.T) {
	const look = "# look: the script draws id once and shows it in several places; here each draws anew"
	for _, test := range []struct{ name, body, want string }{
		{"in two requests", "const id = uuidv4(); http.get(`${B}/a/${id}`); http.get(`${B}/b/${id}`);",
			"- request: GET /first\n        capture: {id: uuid()}\n      - 'GET /a/${ id }'\n"},
		{"twice in one", "const id = uuidv4(); http.post(B + '/a', { a: id, b: `x-${id}` });",
			"form: {a: '${ id }', b: 'x-${ id }'}"},
		{"a number", "const n = Math.floor(Math.random() * 5); http.get(`${B}/a/${n}`); http.get(`${B}/b/${n}`);",
			"capture: {'n': 'int(0, 4)'}"},
		{"a time", "const at = Date.now(); http.get(`${B}/a?at=${at}`); http.get(`${B}/b?at=${at}`);",
			"capture: {at: epochMs(now())}"},
		{"in two functions", "const f = (id) => http.get(`${B}/a/${id}`); const g = (id) => { f(id); " +
			"http.get(`${B}/b/${id}`)" +
			"}; g(uuidv4());", "- 'GET /b/${ id }'"},
		{"twice, each once", "http.get(`${B}/a?x=${uuidv4()}`); http.get(`${B}/b?x=${uuidv4()}`);",
			"'GET /b?x=${ uuid() }'"},
		{"as another number", "const id = Math.floor(Math.random() * 5); http.get(`${B}/a/${id}/${id + 1}`);", look},
		{"after a request that may not be sent", "if (Math.random() < 0.5) { http.get(B + '/c'); } const id = " +
			"uuidv4(); " +
			"http.get(`${B}/a/${id}/${id}`);", "- request: GET /first\n        capture: {id: uuid()}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			script := strings.Replace(k6Script(test.body), "randomItem,", "randomItem, uuidv4,", 1)
			d, err := fromK6(script)
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
	const library = "import http from 'k6/http'; import { uuidv4 } from " +
		"'https://jslib.k6.io/k6-utils/1.4.0/index.js';\n"
	for _, test := range []struct{ name, script, want string }{
		{"before every request", library + "export default () => { const id = uuidv4(); " +
			"http.get(`http://localhost:8000/a/${id}/${id}`); }", look},
		{"by each user", library + "const me = uuidv4(); export default () => { " +
			"http.get(`http://localhost:8000/a?me=${me}`); }", "vars: {me: '${ uuid() }'}\n    steps:\n      - " +
			"'GET /a?me=${ me }'"},
		{"by setup", library + "export function setup() { http.get('http://localhost:8000/s'); return { run: " +
			"uuidv4() }; }" +
			"\nexport default (data) => { http.get(`http://localhost:8000/a?run=${data.run}`); }",
			"setup:\n  - request: GET /s\n    capture: {run: uuid()}\n"},
		{"by setup before its requests", library + "export function setup() { const id = uuidv4(); " +
			"http.get('http://localhost:8000/s/' + id); return { id }; }\nexport default (data) => { " +
			"http.get(`http://localhost:8000/a?id=${data.id}`); }", "steps:\n      " + look},
		{"by a setup that sends nothing", library + "export function setup() { return { id: uuidv4() }; }" +
			"\nexport default (data) => { http.get(`http://localhost:8000/a?id=${data.id}`); }", look},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromK6(test.script)
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
}
