package export_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/export"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// written is the script of a file for a tool.
func written(t *testing.T, tool, src string) (script string, differences []string, err error) {
	t.Helper()
	s, err := thresholds.Decode([]byte(src), "thresholds.yaml",
		thresholds.Options{Getenv: func(name string) (string, bool) { return "hush", name == "PW" }})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{Seed: 1, Profile: "p"})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range export.Tools() {
		if one.Name == tool {
			var out bytes.Buffer
			differences, err := one.Write(&out, p)
			return out.String(), differences, err
		}
	}
	t.Fatalf("there is no tool %s", tool)
	return "", nil, nil
}

// file is one of a single step, with more keys of it.
func file(step string) string {
	return "version: 1\nenv: [PW]\ntarget: {url: \"http://localhost:8000\"}\nprofiles: {p: {users: 4, spawn_rate: " +
		"4/s, duration: 60s, warm_up: 0s}}\nusers:\n  g:\n    wait: 1s\n    vars: {v: '${ list(3, int(1, 9)) }'}\n   " +
		" steps:\n      - request: POST /a\n        " + step +
		"\nthresholds: {sound: {endpoints: \"*\", success: 99%}}\n"
}

// What stands in a file, and how both languages say it.
func TestNotations(t *testing.T) {
	for _, test := range []struct{ step, k6, locust string }{
		{`text: '${ env("PW", "x") }'`, `gate.text((__ENV.PW || "x"))`, `gate.text((os.environ.get("PW") or "x"))`},
		{`json: {n: '${ now() + days(2) }'}`, `gate.later(gate.now(), gate.days(2))`, `(gate.now() + gate.days(2))`},
		{`json: {n: '${ v[0] }', m: '${ v[-1] }'}`, `{ n: u.v?.[0], m: u.v?.at(-(1)) }`,
			`{"n": gate.get(u.get("v"), 0), "m": gate.get(u.get("v"), -(1))}`},
		{`expect: 'status in [200, 204]'`, `http.expectedStatuses(200, 204)`, `(a.status in [200, 204])`},
		{`expect: 'status == 200 && body.ok'`, `expect: (a) => ((a.status === 200) && a.body?.ok)`,
			`((a.status == 200) and gate.get(a.body, "ok"))`},
		{`expect: 'headers["x-a"] != nil'`, `(a.header("x-a") != null)`, `(a.headers.get("x-a") is not None)`},
		{`when: 'len(v) > 2 ? true : not chance(0.5)'`, `((gate.len(u.v) > 2) ? true : !(gate.chance(0.5)))`,
			`(True if (gate.len(u.get("v")) > 2) else (not gate.chance(0.5)))`},
		{`json: {m: '${ filter(v, # > 3) }'}`, `gate.filter(u.v, (it) => (it > 3))`,
			`gate.filter(u.get("v"), lambda it: (it > 3))`},
		{"text: \"a`b\\\\c${ 'd' }$${e}\"", "`a\\`b\\\\c${gate.text(\"d\")}\\${e}`",
			`"a` + "`" + `b\\c" + gate.text("d") + "${e}"`},
		{`capture: {id: 'body.items[0].id ?? "none"'}`, `capture: { id: (a) => (a.body?.items?.[0]?.id ?? "none") }`,
			`{"id": lambda a: gate.either(gate.get(gate.get(gate.get(a.body, "items"), 0), "id"), lambda: "none")}`},
		{`capture: {id: 'body.keys.constructor'}`,
			`capture: { id: (a) => gate.own(gate.own(a.body, "keys"), "constructor") }`,
			`gate.get(gate.get(a.body, "keys"), "constructor")`},
		{`capture: {id: 'body.names[v[0]]'}`, `gate.own(a.body?.names, u.v?.[0])`,
			`gate.get(gate.get(a.body, "names"), gate.get(u.get("v"), 0))`},
		{`capture: {id: {from: body.id, keep: false}, n: {from: body.n}}`, `forget: ["id"],`, `forget=["id"],`},
		{`json: {__proto__: {a: 1}, constructor: 2}`, `{ ["__proto__"]: { a: 1 }, constructor: 2 }`,
			`{"__proto__": {"a": 1}, "constructor": 2}`},
		{`form: {a: ['${ seq() }', b]}`, `gate.form(["a", ` + "`${gate.text(gate.seq())}`" + `], ["a", "b"])`,
			`gate.form(["a", gate.text(gate.seq())], ["a", "b"])`},
		{`multipart: {t: x, f: {text: y, filename: y.txt}}`,
			`{ t: "x", f: http.file("y", "y.txt", "text/plain; charset=utf-8") }`,
			`[("t", (None, "x", None)), ("f", ("y.txt", "y", "text/plain; charset=utf-8"))]`},
		{`graphql: {query: 'query Q($a: ID) { b(c: "` + "`" + `d") }', variables: {a: '${ v[0] }'}}`,
			`gate.json({ query: "query Q($a: ID) { b(c: \"` + "`" + `d\") }", operationName: "Q", ` +
				`variables: { a: u.v?.[0] } })`,
			`gate.json({"query": "query Q($a: ID) { b(c: \"` + "`" + `d\") }", "operationName": "Q", ` +
				`"variables": {"a": gate.get(u.get("v"), 0)}})`},
		{`graphql: {query: '{ b }'}`,
			`expect: (a) => ((((a.status >= 200) && (a.status < 300)) && (a.body?.data != null)) && ` +
				`(gate.len((a.body?.errors ?? [])) === 0))`,
			`(gate.len(gate.either(gate.get(a.body, "errors"), lambda: [])) == 0))`},
		{`follow: true`, `redirects: 10`, `follow=True`},
	} {
		for tool, want := range map[string]string{"k6": test.k6, "locust": test.locust} {
			got, _, err := written(t, tool, file(test.step))
			if err != nil || !strings.Contains(got, want) {
				t.Errorf("%s: %s: %v, want %s in\n%s", tool, test.step, err, want, got)
			}
		}
	}
}

// Addresses escape what is drawn, and names end no comment.
func TestAddresses(t *testing.T) {
	src := strings.Replace(file("{}"), "- request: POST /a\n        {}",
		"- {request: 'GET /a/${ v[0] }?b=${ v[1] }', name: \"x\\u2028y\"}", 1)
	k6, _, err := written(t, "k6", src)
	if err != nil || !strings.Contains(k6, "`/a/${gate.part(u.v?.[0])}?b=${gate.query(u.v?.[1])}`") ||
		strings.Contains(k6, "\u2028") {
		t.Errorf("%v\n%s", err, k6)
	}
}

// The head of a script says how much load it makes: one user, or several.
func TestHeadCountsItsLoad(t *testing.T) {
	const profile = "users: 4, spawn_rate: 4/s, duration: 60s"
	for load, want := range map[string]string{
		"users: 1, spawn_rate: 1/s, duration: 60s": "1 user for 1m0s",
		profile:                          "4 users for 1m0s",
		"stages: [{users: 4, for: 60s}]": "1 stage for 1m0s",
		"stages: [{users: 2, for: 30s}, {users: 4, over: 10s, for: 30s}]": "2 stages for 1m10s",
	} {
		for _, tool := range []string{"k6", "locust"} {
			script, _, err := written(t, tool, strings.Replace(file("retry: off"), profile, load, 1))
			head, _, _ := strings.Cut(script, "\n")
			if err != nil || !strings.Contains(head, "profile p: "+want+". Written by") {
				t.Errorf("%s, {%s}: %v, %q; want %q", tool, load, err, head, want)
			}
		}
	}
}

// Lists of transactions are refused as those of steps are, and so are steps at the same time. How long connections are
// kept is said.
func TestListsAndConnections(t *testing.T) {
	lists := strings.Replace(file("{}"), "      - request: POST /a\n        {}",
		"      - {transaction: all, each: '[1, 2]', steps: [GET /a]}", 1)
	blocks := strings.Replace(file("{}"), "      - request: POST /a\n        {}",
		"      - {transaction: all, steps: [{parallel: [GET /a, GET /b]}]}", 1)
	kept := strings.Replace(file("times: 1"), "8000\"}", "8000\", connections: per request}", 1)
	for _, tool := range []string{"k6", "locust"} {
		_, _, err := written(t, tool, lists)
		if err == nil || !strings.Contains(err.Error(), "each: it is not written") {
			t.Errorf("%s: %v", tool, err)
		}
		_, _, err = written(t, tool, blocks)
		if err == nil || !strings.Contains(err.Error(), "parallel: it is not written") {
			t.Errorf("%s: %v", tool, err)
		}
		_, differences, err := written(t, tool, kept)
		if err != nil || !strings.Contains(strings.Join(differences, "\n"), "and not per request") {
			t.Errorf("%s: %v, %q", tool, err, differences)
		}
	}
}

// What the other language has no words for is refused by name.
func TestRefusesFunctionsByName(t *testing.T) {
	for expression, told := range map[string]string{
		`format("%d", 1) == "1"`: "the function format", `sha256("a") == ""`: "the function sha256",
		`sha1("a") == ""`:   "the function sha1",
		`sha512("a") == ""`: "the function sha512", `hmac("a", "b") == ""`: "the function hmac",
		`fromHex("4a") == "J"`: "the function fromHex", `extract("a", "a") == "a"`: "the function extract",
		`cookies.session == nil`: "cookies",
	} {
		for _, tool := range []string{"k6", "locust"} {
			if _, _, err := written(t, tool, file("when: "+quote(expression))); err == nil ||
				!strings.Contains(err.Error(), "it cannot say "+expression+": "+told) {
				t.Errorf("%s: %s: %v, want %s", tool, expression, err, told)
			}
		}
	}
}

// What is not the same is told, and what cannot be is refused.
func TestDifferences(t *testing.T) {
	_, differences, err := written(t, "k6", file(`expect: 'body.ok == true'`))
	if err != nil || !strings.Contains(strings.Join(differences, "\n"),
		"POST /a: what it expects beyond the status is a check") {
		t.Errorf("%v: %q", err, differences)
	}
	for _, test := range []struct{ step, told string }{
		{"retry: {times: 2}", "POST /a is not sent again when it fails"},
		{"retry: off", ""},
	} {
		for _, tool := range []string{"k6", "locust"} {
			_, differences, err := written(t, tool, file(test.step))
			all := strings.Join(differences, "\n")
			if err != nil || !strings.Contains(all, test.told) ||
				test.told == "" && strings.Contains(all, "sent again") {
				t.Errorf("%s: %s: %v: %q, want %q", tool, test.step, err, differences, test.told)
			}
		}
	}
	unix := strings.Replace(file("{}"), "{url: \"http://localhost:8000\"}",
		"{url: \"http+unix:///run/app.sock\", allow: [\"unix:/run/app.sock\"]}", 1)
	s, err := thresholds.Decode([]byte("version: 1\nenv: [HOST]\nsecret: [HOST]\ntarget: {url: '${ env(\"HOST\") "+
		"}'}\nprofiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}\nusers: {g: {wait: 1s, steps: [GET "+
		"/a]}}\nthresholds: {a: {endpoints: \"*\", success: 99%}}\n"),
		"thresholds.yaml",
		thresholds.Options{Getenv: func(string) (string, bool) { return "http://localhost:8000/hush", true }})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range export.Tools() {
		if _, err := tool.Write(new(bytes.Buffer), p); err == nil ||
			!strings.Contains(err.Error(), "target.url: a secret of the environment is in it") ||
			strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", tool.Name, err)
		}
	}
	for _, tool := range export.Tools() {
		if _, _, err := written(t, tool.Name, strings.Replace(unix, "        {}\n", "", 1)); err == nil ||
			!strings.Contains(err.Error(), "the tool cannot ask a unix socket") {
			t.Errorf("%s: %v", tool.Name, err)
		}
	}
}

// What is not the same of a load, of HTTP and of certificates is said as it is, and the command makes the load of the
// script.
func TestLoadsAndProtocols(t *testing.T) {
	const url, profile = `"http://localhost:8000"`, "p: {users: 4, spawn_rate: 4/s, duration: 60s, warm_up: 0s}"
	of := func(target, profiles string) string {
		return strings.NewReplacer(url, target, profile, profiles).Replace(file("retry: off"))
	}
	for _, test := range []struct {
		name, src, tool, told, silent string // in the differences or the error; silent: in neither
	}{
		{"arrivals", of(url, "p: {rate: 50/s, duration: 60s}"), "locust",
			"profile p has arrivals at a rate, and Locust has users alone", "--profile"},
		{"arrivals in stages, and users", of(url, "p: {stages: [{rate: 50/s, for: 60s}]}, calm: {users: 4, "+
			"spawn_rate: 4/s, duration: 60s}"), "locust",
			"export k6, or choose a profile with users: --profile calm", ""},
		{"random arrivals", of(url, "p: {rate: 50/s, duration: 60s}"), "k6", "here they come at random", ""},
		{"even arrivals", of(url, "p: {rate: 50/s, duration: 60s, arrivals: even}"), "k6", "", "equal distances"},
		{"many users at once", of(url, "p: {rate: 50/s, duration: 60s, max_users: 5000}"), "k6",
			"a group has at most 2000 users at once in k6; here all groups together have up to 5000", ""},
		{"few users at once", of(url, "p: {rate: 50/s, duration: 60s, max_users: 500}"), "k6", "", "at once"},
		{"HTTP/2 without TLS", of(url+", http: h2c", profile), "k6", "k6 speaks HTTP/2 over TLS alone", ""},
		{"HTTP/1.1 without TLS", of(url+", http: 1.1", profile), "k6", "", "target.http"},
		{"HTTP/1.1 over TLS", of(`"https://localhost:8000", http: 1.1`, profile), "k6", "GODEBUG=http2client=0", ""},
		{"HTTP/2", of(`"https://localhost:8000", http: 2`, profile), "locust", "Locust speaks HTTP/1.1 alone", ""},
	} {
		_, differences, err := written(t, test.tool, test.src)
		all := fmt.Sprint(strings.Join(differences, "\n"), err)
		if !strings.Contains(all, test.told) || test.silent != "" && strings.Contains(all, test.silent) {
			t.Errorf("%s: %q, want %q and no %q", test.name, all, test.told, test.silent)
		}
	}
	for insecure, want := range map[string]string{"false": "VERIFY = True", "true": "VERIFY = False"} {
		script, _, err := written(t, "locust", of(`"https://localhost:8000", tls: {insecure: `+insecure+"}", profile))
		if err != nil || !strings.Contains(script, want) {
			t.Errorf("insecure: %s: %v, want %s in\n%s", insecure, err, want, script)
		}
	}
	script, _, err := written(t, "locust", of(url, "p: {users: 4, spawn_rate: 30/min, duration: 60s}, q: {users: 1, "+
		"spawn_rate: 1/s, duration: 60s}"))
	want := "# locust -f locustfile.py --headless -u 4 -r 0.5 -t 60s --csv r --exit-code-on-error 0 && " +
		"loadgate check r_stats.csv --profile p\n"
	if err != nil || !strings.Contains(script, want) {
		t.Errorf("%v, want %s in\n%s", err, want, script)
	}
}

// The functions of the manual, with what they give, in the languages that are
// here. Each expression is true.
func TestFunctionsInTheirLanguages(t *testing.T) {
	truths := []string{
		`abs(-2) == 2`, `ceil(1.2) == 2`, `floor(1.8) == 1`, `round(2.5) == 3`, `max(1, 3, 2) == 3`,
		`min([4, 2]) == 2`, `sum([1, 2, 3]) == 6`, `mean([1, 2, 6]) == 3`, `median([1, 9, 2]) == 2`,
		`len("abc") == 3`, `len([1, 2]) == 2`, `first([7, 8]) == 7`, `last([7, 8]) == 8`,
		`take([1, 2, 3], 2) == [1, 2]`, `keys({b: 1, a: 2}) == ["a", "b"]`,
		`values({b: 1, a: 2}) == [2, 1]`, `reverse([1, 2]) == [2, 1]`,
		`uniq([1, 1, 2]) == [1, 2]`, `concat([1], [2]) == [1, 2]`, `flatten([[1], [2, [3]]]) == [1, 2, 3]`,
		`sort([3, 1, 2]) == [1, 2, 3]`, `split("a,b", ",") == ["a", "b"]`, `join(["a", "b"], "-") == "a-b"`,
		`replace("aXbX", "X", "y") == "ayby"`, `repeat("ab", 2) == "abab"`, `string(12) == "12"`,
		`fromJSON("[1]") == [1]`, `toJSON([1]) == "[1]"`, `toBase64("hi") == "aGk="`, `fromBase64("aGk=") == "hi"`,
		`upper("a") == "A"`, `lower("A") == "a"`, `trim(" a ") == "a"`, `trim("/a/", "/") == "a"`,
		`trimPrefix("abc", "a") == "bc"`, `trimSuffix("abc", "c") == "ab"`,
		`hasPrefix("abc", "ab")`, `hasSuffix("abc", "bc")`,
		`indexOf("abcb", "b") == 1`, `lastIndexOf("abcb", "b") == 3`, `all([1, 2], # > 0)`, `any([1, 2], # > 1)`,
		`none([1, 2], # > 2)`, `one([1, 2], # > 1)`, `count([1, 2, 3], # > 1) == 2`,
		`filter([1, 2, 3], # > 1) == [2, 3]`,
		`map([1, 2], # * 2) == [2, 4]`, `find([1, 2], # > 1) == 2`, `findIndex([1, 2], # > 1) == 1`,
		`findLast([1, 2, 3], # < 3) == 2`, `findLastIndex([1, 2, 3], # < 3) == 1`,
		`sortBy([3, 1], #) == [1, 3]`, `sum([{a: 1}, {a: 2}], .a) == 3`,
		`int("12") == 12`, `float("1.5") == 1.5`, `int(3, 3) == 3`, `pick([4]) == 4`, `chance(1)`, `len(uuid()) == 36`,
		`list(2, 5) == [5, 5]`, `string(now())[0:2] == "20"`, `now() + hours(1) != nil`,
		`[1, 2, 3][-1] == 3`, `{a: {b: 1}}.a.b == 1`, `{a: 1}.x.y == nil`,
		`"ab" contains "a"`, `"ab" startsWith "a"`, `"ab" endsWith "b"`, `"a1" matches "^[a-z][0-9]$"`, `2 in 1..3`,
		`3 not in [1]`, `"a" in {a: 1}`, `(nil ?? 2) == 2`, `2 ** 3 == 8`,
		`7 % 4 == 3`, `not false and (true or false)`, `[1, 2, 3][1:] == [2, 3]`, `"x" + "y" == "xy"`,
		`pad(17, 6) == "000017"`, `pad(-17, 6) == "-00017"`, `pad("a", 3, " ") == "  a"`, `epoch(now()) > 1700000000`,
		`epochMs(now()) > epoch(now())`, `now() + seconds(1) != nil`,
		`urlEncode("a b*/é") == "a%20b%2A%2F%C3%A9"`, `urlDecode("a%3d+") == "a=+"`,
	}
	src := file("when: 'true'")
	for _, truth := range truths {
		src = strings.Replace(src, "thresholds:", "      - {request: POST /t, when: "+quote(truth)+"}\nthresholds:", 1)
	}
	manual, err := os.ReadFile(filepath.Join("..", "..", "docs", "thresholds.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, own, _ := strings.Cut(string(manual), "Of expr-lang's own functions there are ")
	own, _, _ = strings.Cut(own, ", and its operators")
	for _, m := range regexp.MustCompile("`([a-zA-Z0-9]+)`").FindAllStringSubmatch(own, -1) {
		if !strings.Contains(strings.Join(truths, " "), m[1]+"(") {
			t.Errorf("nothing is said of %s", m[1])
		}
	}
	for _, tool := range []struct{ name, program, begin, when string }{
		{"k6", "node",
			`const __ENV = {}, u = {}, exec = { vu: { idInTest: 1 } }, users = 1; const encoding = { b64encode: (s) ` +
				`=> Buffer.from(s).toString("base64"), b64decode: (s) => Buffer.from(s, "base64").toString() }; let ` +
				`me = {};` + "\n", `(?m)^    when: \(\) => (.*),$`},
		{"locust", "python3", "import base64, itertools, json, math, os, random, re, statistics\nfrom datetime " +
			"import datetime, timedelta, timezone\nfrom urllib.parse import quote, unquote, urlencode\nfrom uuid " +
			"import uuid4\nnumbers = itertools.count()\nu = {}\n", `(?m)^            when=lambda: (.*),$`},
	} {
		t.Run(tool.name, func(t *testing.T) {
			program, err := exec.LookPath(tool.program)
			if err != nil {
				t.Skipf("%s is not installed", tool.program)
			}
			script, _, err := written(t, tool.name, src)
			if err != nil {
				t.Fatal(err)
			}
			text := tool.begin
			switch tool.name {
			case "k6":
				_, gate, _ := strings.Cut(script, "const gate = {")
				gate, _, _ = strings.Cut(gate, "\n};")
				text += "const gate = {" + gate + "\n};\n"
			default:
				_, gate, _ := strings.Cut(script, "class gate:")
				gate, _, _ = strings.Cut(gate, "\n\ndef row(")
				text += "class gate:" + gate + "\n"
			}
			found := regexp.MustCompile(tool.when).FindAllStringSubmatch(script, -1)
			if len(found) != len(truths)+1 {
				t.Fatalf("%d expressions of %d", len(found), len(truths)+1)
			}
			for i, m := range found[1:] {
				truth := truths[len(truths)-1-i] // each stands before the one before it
				if tool.name == "k6" {
					text += fmt.Sprintf("if (!(%s)) console.log(%q);\n", m[1], truth)
				} else {
					text += fmt.Sprintf("if not (%s): print(%q)\n", m[1], truth)
				}
			}
			command := exec.Command(program, "-")
			command.Stdin = strings.NewReader(text)
			out, err := command.CombinedOutput()
			if err != nil || len(out) > 0 {
				t.Errorf("not true there: %v\n%s", err, out)
			}
		})
	}
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// A script reads the environment alone, and says so where the file has variables beside it.
func TestEnvFileIsADifference(t *testing.T) {
	src := strings.Replace(file("retry: off"), "env: [PW]\n", "env: [PW]\nenv_file: .env\n", 1)
	s, err := thresholds.Decode([]byte(src), "thresholds.yaml", thresholds.Options{EnvGiven: true})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range export.Tools() {
		differences, err := tool.Write(new(bytes.Buffer), p)
		if err != nil || !strings.Contains(strings.Join(differences, "\n"), "set there what .env says") {
			t.Errorf("%s: %v, %q", tool.Name, err, differences)
		}
	}
}
