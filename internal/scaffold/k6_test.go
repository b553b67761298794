package scaffold_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/k6script"
	"github.com/loadgate/loadgate/internal/thresholds"
)

func fromK6(text string) (*draft.Draft, error) {
	return k6script.Draft(input.File{Name: "script", Text: []byte(text)}, draft.Options{})
}

// k6Scripts are in the forms that scripts of k6 have.
var k6Scripts = []string{"simple", "login", "stages", "scenarios", "batch"}

// besideGolden holds a draft against the file beside its source.
func besideGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// What becomes of whole scripts. A draft that is written is valid: encoded reads it back.
func TestK6Scripts(t *testing.T) {
	for _, name := range k6Scripts {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("k6script", "testdata", name+".js"))
			if err != nil {
				t.Fatal(err)
			}
			d, err := k6script.Draft(input.File{Name: name, Text: text}, draft.Options{})
			besideGolden(t, filepath.Join("k6script", "testdata", name+".yaml"), encoded(t, d, err))
		})
	}
}

// The scripts are ones that k6 itself reads; two of them need files and modules that are not here.
func TestScriptsAreOnesOfK6(t *testing.T) {
	k6, err := exec.LookPath("k6")
	if err != nil {
		t.Skip("k6 is not installed")
	}
	for _, name := range []string{"simple", "stages", "batch"} {
		cmd := exec.Command(k6, "inspect", filepath.Join("k6script", "testdata", name+".js"))
		cmd.Env = append(os.Environ(), "K6_NO_USAGE_REPORT=true")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// k6Script is a script whose users do what body says.
func k6Script(body string) string {
	return "import http from 'k6/http';\nimport { check, group, sleep } from 'k6';\nimport { randomItem, " +
		"randomString } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';\nconst B = 'http://localhost:8000';\n" +
		"export default function () {\nhttp.get(B + '/first');\n" + body + "\n}\n"
}

// What becomes of one statement of a script.
func TestK6Statements(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"a template", "const id = 7; http.get(`${B}/a/${id}?q=${id}`);", "- 'GET /a/7?q=7'\n"},
		{"a number that is drawn", "http.get(`${B}/a/${Math.floor(Math.random() * 10)}`);",
			"request: 'GET /a/${ int(0, 9) }'\n        name: 'GET /a/{id}'"},
		{"one of a list", "http.get(B + '/a?c=' + randomItem(['x', 'y']));", `GET /a?c=${ pick("x", "y") }`},
		{"one of a list by its place", "const l = ['x', 'y']; const n = Math.floor(Math.random() * l.length); " +
			"http.get(`${B}/a?c=${l[n]}`);",
			`GET /a?c=${ pick("x", "y") }`},
		{"a text that is drawn", "http.get(B + '/a?c=' + randomString(8));",
			`${ join(list(8, pick(split("abcdefghijklmnopqrstuvwxyz", ""))), "") }`},
		{"a variable of the environment", "http.get(`${B}/a?c=${__ENV.COLOR || 'red'}`);",
			`'GET /a?c=${ env("COLOR", "red") }'`},
		{"a variable without default", "http.get(`${B}/a?c=${__ENV.COLOR}`);",
			"# look: set COLOR: it has no default\n      - request: 'GET /a?c=${ env(\"COLOR\") }'"},
		{"a loop is times", "for (let i = 0; i < 20; i++) { http.get(B + '/a'); }", "{request: GET /a, times: 20}"},
		{"a loop that differs", "for (let i = 1; i <= 2; i++) { http.get(B + '/a/' + i); }",
			"- GET /a/1\n      - GET /a/2\n"},
		{"a loop over a list", "for (const k of ['x', 'y']) { http.get(B + '/' + k); }", "- GET /x\n      - GET /y\n"},
		{"a loop without a count", "for (let i = 0; i < Date.now(); i++) { http.get(B + '/a'); }",
			"# look: line 7: a loop whose rounds init cannot count: is it sent?\n      # - GET /a"},
		{"with a probability", "if (Math.random() < 0.25) { http.get(B + '/a'); } else { http.get(B + '/b'); }",
			"- request: GET /a\n        when: chance(0.25)\n      - request: GET /b\n        when: chance(0.75)"},
		{"a condition that is not known", "if (new Date().getHours() > 3) { http.get(B + '/a'); }",
			"# look: line 7: a condition that init does not read: is it sent?\n      # - GET /a"},
		{"a helper", "const get = (p, n = 2) => http.get(`${B}${p}/${n}`); get('/a'); get('/b', 3);",
			"- GET /a/2\n      - GET /b/3\n"},
		{"a value that is set under a condition", "let p = '/a'; if (__ENV.X) { p = '/b'; } http.get(B + p);",
			"(line 7: p is set under a condition: write it)"},
		{"a form", "http.post(B + '/a', { q: 'x', n: 2 });", "- request: POST /a\n        form: {q: x, 'n': '2'}"},
		{"a form as a text", "http.post(B + '/a', 'q=x%20y&r=1', { headers: { 'Content-Type': " +
			"'application/x-www-form-urlencoded' } });", "form: {q: x y, r: '1'}"},
		{"a text", "http.post(B + '/a', 'hello ${x}');", "text: 'hello $${x}'"},
		{"JSON", "http.post(B + '/a', JSON.stringify({ a: [1, 'x', null, true], b: { c: 1.5 } }));",
			"a: [1, x, null, true]\n          b: {c: 1.5}\n"},
		{"JSON as a template", "http.post(B + '/a', `{\"a\": ${Math.floor(Math.random()*3)}, " +
			"\"b\": \"${__ENV.C || 'd'}\"}`);", `json: {a: '${ int(0, 2) }', b: '${ env("C", "d") }'}`},
		{"a user in variables", "http.get(`http://${__ENV.U}:${__ENV.P}@localhost:8000/a`);",
			`auth: {basic: {username: '${ env("U") }', password: '${ env("P", "change-me") }'}}`},
		{"one of some paths", "http.get(B + randomItem(['/a', '/b']) + '/c');", `'GET /${ pick("a", "b") }/c'`},
		{"one of some deep paths", "http.get(B + randomItem(['/a/x', '/b']));",
			"goes to a host that is known only when"},
		{"a body of GET", "http.request('GET', B + '/a', JSON.stringify({ q: 'x' }));",
			"request: GET /a\n        json: {q: x}"},
		{"a body that is a file", "http.post(B + '/a', { f: http.file('x', 'x.txt') });",
			"# look: line 7: its body is a file or has several parts: write multipart"},
		{"a value of an answer", "const r = http.get(B + '/a'); http.get(`${B}/b/${r.json('items.0.slug')}`);",
			"capture: {slug: 'body.items[0].slug'}"},
		{"a value of an answer as an object", "const { token } = http.get(B + '/a').json(); http.get(B + '/b', { " +
			"headers: { 'X-Page': token } });", "headers: {X-Page: '${ token }'}"},
		{"a header of an answer", "const r = http.get(B + '/a'); http.get(B + '/b', { headers: { 'If-Match': " +
			"r.headers['Etag'] } });", `capture: {etag: 'headers["Etag"]'}`},
		{"an answer to a request that is not sent", "const r = http.del(B + '/a/7'); http.get(B + '/b/' + r.json().x);",
			"of an answer to a request that is not sent before it"},
		{"statuses", "check(http.get(B + '/a'), { ok: (r) => r.status === 200 || r.status === 304 });",
			"expect: '(status == 200 || status == 304)'"},
		{"a list of statuses", "check(http.get(B + '/a'), { ok: (r) => [200, 204].includes(r.status) });",
			"expect: 'status in [200, 204]'"},
		{"a field", "check(http.get(B + '/a'), { ok: (r) => r.json('a.b') === 'c' && r.json().n > 1 });",
			`expect: '(body.a.b == "c" && body.n > 1)'`},
		{"a check of something else", "check(http.get(B + '/a'), { quick: (r) => r.timings.duration < 9, odd: (r) => " +
			"Date.now() > 1 });", `check "odd" is left out: write expect`},
		{"statuses that are no failure", "http.get(B + '/a', { responseCallback: http.expectedStatuses(404, { min: " +
			"200, max: 299 }) });", "(status == 404 || status >= 200 && status <= 299)"},
		{"a number of each user", "http.get(`${B}/a/${__VU}`);", "vars: {user_number: '${ seq() }'}"},
		{"groups", "group('one', () => { http.get(B + '/a'); group('two', () => { http.get(B + '/b'); }); });",
			"- transaction: one\n        steps:\n          - GET /a\n          - GET /b\n"},
		{"a dollar before a value", "http.post(B + '/a', JSON.stringify({ p: `$${Math.floor(Math.random()*3)}` }));",
			"json: {p: '${ \"$\" }${ int(0, 2) }'}"},
		{"an early end", "if (__ENV.X === 'y') { return; } http.get(B + '/a');",
			"# look: line 7: a function ends here under a condition; the draft continues after it"},
		{"a switch", "switch ('b') { case 'a': http.get(B + '/a'); break; case 'b': http.get(B + '/b'); break; }",
			"- GET /first\n      - GET /b\n"},
		{"a batch", "const rs = http.batch({ one: B + '/a', two: ['GET', B + '/b'] }); check(rs.one, { ok: (r) => " +
			"r.status === 204 });", "- request: GET /a\n        expect: status == 204\n      - GET /b\n"},
		{"a redirect that is followed", "http.get(B + '/a', { redirects: 3 });", "{request: GET /a, follow: true}"},
		{"a tag", "http.get(B + '/a/1', { tags: { name: 'an a' } });", "request: GET /a/1\n        name: an a\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromK6(k6Script(test.body))
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
}

// What writes to what the script did not make is a comment, as in every draft.
func TestK6Writes(t *testing.T) {
	const made = "const r = http.post(B + '/notes', JSON.stringify({ a: 'b' })); const id = r.json('id');"
	for _, test := range []struct{ name, body, want string }{
		{"what was made", made + "http.put(`${B}/notes/${id}`, JSON.stringify({ a: 'c' })); " +
			"http.del(`${B}/notes/${id}`);",
			"GET /first, POST /notes, PUT /notes/{note_id}, DELETE /notes/{note_id}"},
		{"what was there", made + "http.del(B + '/notes/7'); http.patch(B + '/notes/8', '{\"a\": 1}');",
			"GET /first, POST /notes"},
		{"what is drawn", "http.del(`${B}/notes/${Math.floor(Math.random() * 9)}`);", "GET /first"},
		{"what was listed", "const l = http.get(B + '/notes'); http.del(`${B}/notes/${l.json('0.id')}`);",
			"GET /first, GET /notes"},
		{"of another kind", made + "http.del(`${B}/users/${id}`);", "GET /first, POST /notes"},
		{"an id in a body", "http.post(B + '/reports', JSON.stringify({ user_id: 7 }));", "GET /first"},
		{"verbs", "http.post(B + '/auth/logout'); http.get(B + '/cache/clear'); http.post(B + '/mail/send', 'x');",
			"GET /first"},
		{"another method", "http.post(B + '/a', null, { headers: { 'X-HTTP-Method-Override': 'DELETE' } });",
			"GET /first"},
		{"what its name says", "http.post(B + '/do', null, { tags: { name: 'delete all users' } });", "GET /first"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromK6(k6Script(test.body))
			text := encoded(t, d, err)
			if got := strings.Join(sent(t, text), ", "); got != test.want {
				t.Errorf("sent are\n%s\nwant\n%s\nin\n%s", got, test.want, text)
			}
			if writes := strings.Contains(test.want, "POST"); strings.Contains(text, "drafted: true") != writes {
				t.Errorf("drafted is not %v in\n%s", writes, text)
			}
		})
	}
}

// No secret of a script is in a draft, nor in what is said of it.
func TestK6KeepsSecrets(t *testing.T) {
	const secret = "s3cr3tValu3of7Letters"
	for name, body := range map[string]string{
		"a password": "http.post(B + '/login', JSON.stringify({ username: 'ada', password: '%s' }));",
		"a number":   "http.post(B + '/login', JSON.stringify({ username: 'ada', pin: '%s' }));",
		"a form":     "http.post(B + '/login', { login: 'ada', pass: '%s' });",
		"a form as a text": "http.post(B + '/login', 'login=ada&pass=%s', { headers: { 'Content-Type': " +
			"'application/x-www-form-urlencoded' } });",
		"a token":               "http.get(B + '/a', { headers: { Authorization: 'Bearer %s' } });",
		"a key":                 "http.get(B + '/a', { headers: { 'X-Api-Key': '%s' } });",
		"a cookie":              "http.get(B + '/a', { headers: { Cookie: 'sid=%s' } });",
		"a query":               "http.get(B + '/a?api_key=%s');",
		"a path":                "http.get(B + '/invite/%s');",
		"an address":            "http.get('http://ada:%s@localhost:8000/a');",
		"a default":             "http.get(B + '/a', { headers: { 'X-Api-Key': __ENV.API_KEY || '%s' } });",
		"a default of an host":  "http.get(`http://${__ENV.HOST || 'ada:%s@localhost:8000'}/a`);",
		"a part of a token":     "http.get(B + '/a', { headers: { Authorization: `Bearer %s${__VU}` } });",
		"what is not read":      "http.get(B + '/a?t=' + btoa('%s'));",
		"a text":                "http.post(B + '/a', 'token: %s');",
		"an object of secrets":  "http.post(B + '/a', JSON.stringify({ credentials: { user: 'ada', word: '%s' } }));",
		"a check":               "check(http.get(B + '/a'), { 'token=%s': (r) => foo(r) });",
		"a template of a login": "http.post(B + '/login', `{\"user\": \"u${__VU}\", \"password\": \"%s${__VU}\"}`);",
	} {
		t.Run(name, func(t *testing.T) {
			d, err := fromK6(k6Script(fmt.Sprintf(body, secret)))
			text := encoded(t, d, err)
			if all := text + strings.Join(d.Looks(), "\n"); strings.Contains(all, secret) {
				t.Errorf("the secret is in\n%s", all)
			}
		})
	}
}

// k6Load is a script with options, whose users make two requests a round.
func k6Load(options string) string {
	return "import http from 'k6/http';\nexport const options = {" + options + "};\nexport default function () { " +
		"http.get('http://localhost:8000/a'); http.get('http://localhost:8000/b'); }\nexport function other() { " +
		"http.get('http://localhost:8000/c'); }\n"
}

// What becomes of the options of a script.
func TestK6Loads(t *testing.T) {
	for _, test := range []struct{ name, options, want string }{
		{"users", "vus: 5, duration: '1m30s'", "k6: {users: 5, spawn_rate: 5/s, duration: 1m30s}"},
		{"a variable", "vus: __ENV.VUS || 7, duration: '1m'", "users: 7,"},
		{"rounds", "vus: 5, iterations: 100", "# look: k6 ends it after 100 rounds; a run here has a time: is it " +
			"right?\n  k6: {users: 5, spawn_rate: 5/s, duration: 2m}"},
		{"rounds of each user", "scenarios: {s: {executor: 'per-vu-iterations', vus: 5, iterations: 20}}",
			"k6: {users: 5, spawn_rate: 5/s, duration: 10m, rounds: 20}"},
		{"stages", "stages: [{duration: '10s', target: 5}, {duration: '1m', target: 5}, {duration: '5s', target: 0}]",
			"k6: {stages: [{users: 5, over: 10s, for: 1m}, {users: 0, over: 5s}]}"},
		{"a rate is of requests", "scenarios: {s: {executor: 'constant-arrival-rate', rate: 30, duration: '1m', " +
			"preAllocatedVUs: 9}}", "k6: {rate: 60/s, duration: 1m, arrivals: even, max_users: 9}"},
		{"a rate that changes", "scenarios: {s: {executor: 'ramping-arrival-rate', startRate: 60, timeUnit: '1m', " +
			"stages: [{duration: '30s', target: 120}, {duration: '30s', target: 120}]}}",
			"{rate: 2/s, over: 1s}, {rate: 4/s, over: 30s, for: 30s}"},
		{"users that are there at once", "scenarios: {s: {executor: 'ramping-vus', startVUs: 4, stages: [{duration: " +
			"'1m', target: 4}, {duration: '1m', target: 8}]}}", "{users: 4, for: 1m}, {users: 8, over: 1m}"},
		{"a jump", "stages: [{duration: '0s', target: 9}, {duration: '1m', target: 9}]",
			"k6: {users: 9, spawn_rate: 9/s, duration: 1m}"},
		{"one after another", "scenarios: {a: {executor: 'constant-vus', vus: 4, duration: '1m'}, b: {executor: " +
			"'constant-vus', vus: 2, duration: '30s', startTime: '1m', exec: 'other'}}",
			"- {name: b, start: 1m, groups: [b], users: 2, spawn_rate: 2/s, duration: 30s}"},
		{"shares", "scenarios: {a: {executor: 'constant-vus', vus: 4, duration: '1m'}, b: {executor: 'constant-vus', " +
			"vus: 2, duration: '1m', exec: 'other'}}",
			"- {name: a, groups: [a], users: 4, spawn_rate: 4/s, duration: 1m}"},
		{"two kinds", "scenarios: {a: {executor: 'constant-vus', vus: 4, duration: '1m'}, b: {executor: " +
			"'constant-arrival-rate', rate: 2, duration: '1m', exec: 'other'}}",
			"- {name: a, groups: [a], users: 4, spawn_rate: 4/s, duration: 1m}\n      " +
				"- {name: b, groups: [b], rate: 2/s, duration: 1m, arrivals: even}"},
		{"limits of a scenario", "scenarios: {a: {executor: 'constant-vus', vus: 4, duration: '1m'}, b: {executor: " +
			"'constant-vus', vus: 2, duration: '1m'}}, thresholds: {'http_req_duration{scenario:b}': ['p(90)<9']}",
			"b: {endpoints: [GET /a, GET /b], loads: [b], p90: 9ms}"},
		{"all begin later", "scenarios: {a: {executor: 'constant-vus', vus: 4, duration: '1m', startTime: '30s'}, b: " +
			"{executor: 'constant-vus', vus: 2, duration: '1m', startTime: '50s'}}",
			"- {name: b, start: 20s, groups: [b], users: 2"},
		{"nothing", "", "light: {users: "},
		{"what is not known", "vus: users(), duration: '1m'", "k6: {users: 1, spawn_rate: 1/s, duration: 1m}"},
		{"limits", "thresholds: {http_req_duration: ['p(95)<250', 'med<=100', 'avg<1200', 'max<3000'], " +
			"http_req_failed: ['rate<0.001'], http_reqs: ['rate>5']}",
			"{endpoints: '*', p95: 250ms, p50: 100ms, mean: 1.2s, max: 3s, success: 99.9%, throughput: 5/s}"},
		{"limits of an address", "thresholds: {'http_req_duration{url:http://localhost:8000/b}': ['p(90)<9']}",
			"{endpoints: GET /b, p90: 9ms}"},
		{"limits of nothing", "thresholds: {'http_req_duration{name:zzz}': ['p(90)<9']}",
			"# look: left out: threshold http_req_duration{name:zzz}: no request that init reads has these tags"},
		{"limits of checks", "thresholds: {checks: ['rate>0.9']}", "success: 90%"},
		{"a condition of its own", "thresholds: {http_req_duration: ['p(95)<x']}", "init does not read its condition"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromK6(k6Load(test.options))
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
}

// Each scenario is a load with its users, its start and its time.
func TestK6Scenarios(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type load struct{ users, from, lasts int }
		var options []string
		var want []load
		for i := range rapid.IntRange(2, 5).Draw(t, "scenarios") {
			l := load{rapid.IntRange(1, 20).Draw(t, "users"), rapid.IntRange(0, 5).Draw(t, "start"),
				rapid.IntRange(1, 9).Draw(t, "lasts")}
			if i == 0 {
				l.from = 0 // what is before the first is left out
			}
			options = append(options, fmt.Sprintf("s%d: {executor: 'constant-vus', vus: %d, duration: '%dm', "+
				"startTime: '%dm'}", i, l.users, l.lasts, l.from))
			want = append(want, l)
		}
		d, err := fromK6(k6Load("scenarios: {" + strings.Join(options, ", ") + "}"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		c, err := thresholds.Decode(text, "thresholds.yaml", thresholds.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []load
		for _, l := range c.Profiles[0].Loads {
			got = append(got, load{l.Users, int(l.Start.Minutes()), int(l.Duration.Minutes())})
		}
		if !slices.Equal(got, want) {
			t.Errorf("loads %v, want %v, in\n%s", got, want, text)
		}
	})
}

// What cannot be made a file of says why, in one line.
func TestK6Refuses(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"nothing", "", "it is empty"},
		{"a web page", "<!DOCTYPE html>\n<html></html>", "this is a web page"},
		{"a recording", oneEntry, "this is a HAR recording: give it with --har"},
		{"a thresholds.yaml", "version: 1\nthresholds:\n  a: {}\n", "this is a thresholds.yaml already"},
		{"a script of Locust", "from locust import HttpUser, task\n\nclass U(HttpUser):\n    pass\n",
			"this is a script of Locust: give it with --locustfile"},
		{"a plan of JMeter", "<?xml version=\"1.0\"?>\n<jmeterTestPlan version=\"1.2\"></jmeterTestPlan>",
			"this is a test plan of JMeter: give it with --jmx"},
		{"no requests", "export default function () {}", "it makes no request that can be read"},
		{"no function", "import http from 'k6/http';\nhttp.get('http://localhost:8000');", "it makes no request"},
		{"not JavaScript", "import http from 'k6/http';\nconst a = ;\n", "line 2, column 11 is not JavaScript"},
		{"cut off", "import http from 'k6/http';\nexport default function () {\n", "line 3, column 1 is not Java"},
		{"TypeScript", "import http from 'k6/http';\nconst a: string = 'x';\n", "it looks like TypeScript"},
		{"nested", "import http from 'k6/http';\nx = " + strings.Repeat("[", 100_000), "line 2 is nested too deep"},
		{"nested functions", "x = " + strings.Repeat("a=>", 100_000), "line 1 is nested too deep"},
		{"what the parser stumbles over", "(A=>import", "it is not JavaScript"},
		{"large", "// " + strings.Repeat("x", 2<<20), "it is larger than 1024 KiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := fromK6(test.src)
			switch {
			case err == nil:
				t.Error("there is no error")
			case !strings.HasPrefix(err.Error(), "read k6 script: "), !strings.Contains(err.Error(), test.want),
				strings.Contains(err.Error(), "\n"), goWords.MatchString(err.Error()):
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// Scripts that would never end, or grow without end, are read to an end.
func TestK6Endless(t *testing.T) {
	for name, body := range map[string]string{
		"a loop":            "for (;;) { http.get(B + '/a'); }",
		"a loop of nothing": "for (let i = 0; i < 1e9; i++) { for (let j = 0; j < 1e9; j++) { for (;;) {} } }",
		"a recursion":       "const f = () => { http.get(B + '/a'); f(); f(); }; f();",
		"a text that grows": "let s = 'x'; for (let i = 0; i < 900; i++) { s = s + s; } http.get(B + '/' + s);",
		"a list that grows": "let l = [1]; for (let i = 0; i < 900; i++) { l = [...l, ...l]; } " +
			"http.post(B + '/a', JSON.stringify(l));",
		"an object in itself": "const o = {}; o.a = o; o.b = o; o.c = o; http.post(B + '/a', JSON.stringify(o));",
		"parts that grow": "let s = `${__VU}`; for (let i = 0; i < 900; i++) { s = `${s}${s}`; } " +
			"http.get(B + '/' + s);",
		"else": strings.Repeat("if (__ENV.A) {} else ", 3000) + "{}",
		"sums": "const x = " + strings.Repeat("1 + ", 30_000) + "1; http.get(B + '/' + x);",
	} {
		t.Run(name, func(t *testing.T) {
			d, err := fromK6(k6Script(body))
			if err != nil {
				return // one line, as above
			}
			if text := encoded(t, d, nil); !strings.Contains(text, "GET /first") {
				t.Errorf("it has\n%s", text)
			}
		})
	}
}

// Whatever a script is, it is refused in one line or becomes a valid file.
func FuzzK6(f *testing.F) {
	for _, name := range k6Scripts {
		text, err := os.ReadFile(filepath.Join("k6script", "testdata", name+".js"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("(A=>import")
	f.Add(strings.Repeat("new ", 40_000) + "x")
	f.Add(strings.Repeat("({a=", 30) + "1" + strings.Repeat("})=>1", 30))
	f.Add("x" + strings.Repeat(".a()", 40_000))
	f.Add("x" + strings.Repeat("+'a'", 40_000))
	f.Add(k6Script("http.get(`${B}/${__VU}`);"))
	f.Add(k6Load("vus: 1e99, duration: 'x', stages: [{}]"))
	f.Fuzz(func(t *testing.T, src string) {
		d, err := fromK6(src)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("several lines: %q", err)
			}
			return
		}
		text, err := d.Encode()
		if err != nil {
			t.Fatalf("%v", err)
		}
		if _, err := thresholds.Decode(text, "thresholds.yaml", thresholds.Options{Unsent: true}); err != nil {
			t.Errorf("%v in\n%s", err, text)
		}
	})
}

// A request that is in nothing that is read has a look with its line.
func TestK6LosesNothing(t *testing.T) {
	for _, body := range []string{
		"const r = http.get(B + '/a'); if (r.json('state') === 'pending') { return; }\nhttp.get(B + '/lost');",
		"const r = http.get(B + '/a'); if (r.json('error')) { throw 1; }\nhttp.get(B + '/lost');",
		"try { http.get(B + '/a') } catch (e) {\nhttp.get(B + '/lost') }",
		"let r = http.get(B + '/a');\nwhile (http.get(B + '/lost').status !== 200) { sleep(1); }",
		"check(http.get(B + '/a'), {}) ||\nhttp.get(B + '/lost');",
		"const r = http.get(B + '/a'); r.status === 200 ? 1 :\nhttp.get(B + '/lost');",
		"const l = [1, 2].reduce((a, b) =>\nhttp.get(B + '/lost'), 0);",
		"class Api { list() {\nhttp.get(B + '/lost'); } }\nnew Api().list();",
		"function never() {\nreturn http.request('GET', B + '/lost'); }",
	} {
		d, err := k6script.Draft(input.File{Name: "s.js", Text: []byte(k6Script(body))}, draft.Options{})
		text := encoded(t, d, err)
		const want = "line 8: this request is in nothing that is read, and left out" // the body begins in line 7
		if !strings.Contains(text, want) {
			t.Errorf("%s\nwant the look %q in\n%s", body, want, text)
		}
	}
}

// A key or token that is known by its form is nowhere in a draft and in none of its looks, whatever part of a script it
// is in: names, conditions, parts of addresses.
func TestKeysAreNowhere(t *testing.T) {
	const key = "ghp_AbCdEfGh0123456789AbCdEfGh"
	for _, body := range []string{
		"group('grp KEY', () => { http.get(B + '/a'); });",
		"http.get(B + '/a?KEY=1');", "http.get(`${B}/a/${__VU}KEY`);",
		"http.get(B + '/a', { headers: { 'X-Page': randomItem(['KEY', 'b']) } });",
		"check(http.get(B + '/a'), { ok: (r) => r.json('a') === 'KEY' && r.body.includes('KEY') });",
		"const r = http.get(B + '/a'); http.get(B + '/b/' + r.json('data.KEY'));",
		"http.get(B + '/a', { KEY: 1 });", "http.get('http://KEY.example.com/a');",
	} {
		script := k6Script(strings.ReplaceAll(body, "KEY", key))
		d, err := k6script.Draft(input.File{Name: "s.js", Text: []byte(script)}, draft.Options{})
		text := encoded(t, d, err)
		if all := text + strings.Join(d.Looks(), "\n"); strings.Contains(all, "AbCdEfGh") {
			t.Errorf("%s\nthe key is in\n%s", body, all)
		}
	}
}
