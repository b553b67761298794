package scaffold_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// tree is the syntax tree of a script, as python3 writes it.
func tree(t testing.TB, script string) input.File {
	t.Helper()
	p, err := startParser()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("python3 is not installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	p.Lock()
	defer p.Unlock()
	if _, err := fmt.Fprintln(p.in, base64.StdEncoding.EncodeToString([]byte(script))); err != nil {
		t.Fatal(err)
	}
	out, err := p.out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	return input.File{Name: "locustfile", Text: out}
}

// parser is the program that parses scripts, in a process that does it for one after the other: to start one for each
// takes most of the time of these tests. It ends with the test's own process, which closes its input.
type parser struct {
	sync.Mutex
	in  io.Writer
	out *bufio.Reader
}

const parserLoop = `
import base64, io, sys
program, lines, out = compile(sys.argv[1], "program", "exec"), sys.stdin, sys.stdout
for line in lines:
    sys.stdin, sys.stdout = io.TextIOWrapper(io.BytesIO(base64.b64decode(line))), io.StringIO()
    exec(program, {"__name__": "__main__"})
    text, sys.stdout = sys.stdout.getvalue(), out
    print(text.strip(), flush=True)
`

var startParser = sync.OnceValues(func() (*parser, error) {
	args := locustfile.Program.Args
	last := len(args) - 1 // the text of the program
	cmd := exec.Command("python3", append(slices.Clone(args[:last]), parserLoop, args[last])...)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &parser{in: in, out: bufio.NewReader(out)}, cmd.Start()
})

func fromLocustfile(t testing.TB, script string) (*draft.Draft, error) {
	t.Helper()
	return locustfile.Draft(tree(t, script), draft.Options{})
}

// tutormaxScript is the guide's script with six classes of users.
func tutormaxScript(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "locustfiles", "tutormax.py"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLocustfileGolden(t *testing.T) {
	d, err := fromLocustfile(t, tutormaxScript(t))
	golden(t, "init_locustfile.yaml", encoded(t, d, err))
}

var commentedOut = regexp.MustCompile(`(?m)^( +)# (?:look: .*|(.*))$`)

// reviewed is a draft in which a person took every request in.
func reviewed(text string) string {
	return commentedOut.ReplaceAllStringFunc(text, func(line string) string {
		m := commentedOut.FindStringSubmatch(line)
		if m[2] == "" {
			return ""
		}
		return m[1] + m[2]
	})
}

// load is what the users of a file do, in words that a table can hold.
func load(t *testing.T, text string) (all map[string][]string) {
	t.Helper()
	c, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{Unsent: true})
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	all = map[string][]string{}
	for _, g := range c.Groups {
		lines := []string{fmt.Sprintf("weight %g, wait %s to %s", g.Weight, g.Wait.Min, g.Wait.Max)}
		for _, s := range g.Start {
			lines = append(lines, "begins with "+s.Endpoint)
		}
		for _, s := range g.Steps {
			line := s.Endpoint
			if g.Order == config.Weighted {
				line = fmt.Sprintf("%s, %g", line, s.Weight)
			}
			lines = append(lines, line)
		}
		all[g.Name] = lines
	}
	return all
}

// Each endpoint, weight and wait of the guide is in the file: what is a comment is right, too.
func TestLocustfileIsTheGuidesLoad(t *testing.T) {
	d, err := fromLocustfile(t, tutormaxScript(t))
	want := map[string][]string{
		"DashboardUser": {"weight 40, wait 5s to 15s", "begins with POST /api/auth/login",
			"GET /api/dashboard/metrics", "GET /api/performance/analytics", "GET /api/alerts?status=active",
			"GET /api/interventions?status=pending"},
		"SessionCreator": {"weight 20, wait 10s to 30s", "POST /api/sessions", "PATCH /api/sessions/{id}"},
		"TutorViewer": {"weight 15, wait 8s to 20s", "GET /api/tutors?include_metrics=true, 3",
			"GET /api/tutors/{tutor_id}, 2", "GET /api/tutors/{tutor_id}/sessions?limit=50, 2",
			"GET /api/tutors/{id}/recommendations, 1"},
		"InterventionManager": {"weight 15, wait 10s to 25s", "GET /api/interventions?status=pending&sort=priority, 3",
			"GET /api/interventions/{id}, 2", "POST /api/interventions/{intervention_id}/assign, 1",
			"POST /api/interventions/{intervention_id}/outcome, 1"},
		"AdminUser": {"weight 5, wait 15s to 40s", "GET /api/admin/users?page=1&limit=50, 4",
			"GET /api/admin/users?search={term}, 2", "GET /api/admin/users/{id}, 1",
			"PATCH /api/admin/users/{id}/roles, 1"},
		"StudentFeedback": {"weight 5, wait 1m0s to 3m0s", "POST /api/feedback/{feedback_token}"},
	}
	if diff := cmp.Diff(want, load(t, reviewed(encoded(t, d, err)))); diff != "" {
		t.Errorf("the load (-want +got):\n%s", diff)
	}
}

// inUser is a script with one class of users, whose only task has some lines.
func inUser(lines string) string {
	return "import os, json, random, uuid, time\nfrom datetime import datetime, timedelta\n" +
		"from locust import HttpUser, TaskSet, SequentialTaskSet, task, between, constant, constant_pacing\n" +
		"PATHS = {'tides': '/tides'}\nCOLORS = ['red', 'blue']\n\n" +
		"class Sailor(HttpUser):\n    host = 'http://localhost:8000'\n    wait_time = constant(1)\n\n" +
		"    @task\n    def sail(self):\n        " +
		strings.ReplaceAll(strings.TrimSpace(lines), "\n", "\n        ") + "\n"
}

// What a task does has its equal in the file.
func TestLocustfileForms(t *testing.T) {
	for _, test := range []struct{ name, lines, want string }{
		{"a constant", `self.client.get(PATHS['tides'])`, "- GET /tides"},
		{"an f-string of a draw", `self.client.get(f"/tides/{random.randint(1, 9)}")`, `GET /tides/${ int(1, 9) }`},
		{"percent", `self.client.get("/tides/%s/%d" % (COLORS[0], 7))`, "GET /tides/red/7"},
		{"braces by name", `self.client.get("/tides/{n}?a={0}".format("x y", n=3))`, "GET /tides/3?a=x+y"},
		{"params", `self.client.get("/tides", params={"a": [1, 2], "b": None, "c": "ä&"})`,
			"GET /tides?a=1&a=2&c=%C3%A4%26"},
		{"a choice of a constant", `self.client.get("/tides", params={"c": random.choice(COLORS)})`,
			`c=${ pick("red", "blue") }`},
		{"a name", `self.client.get(f"/tides/{uuid.uuid4()}", name="/tides/[id]")`, `name: 'GET /tides/[id]'`},
		{"a method as text", `self.client.request("head", "/tides")`, "HEAD /tides"},
		{"its own address", `self.client.get("http://localhost:8000/tides?x=1")`, "GET /tides?x=1"},
		{"a number in a text", `self.client.post("/notes", json={"t": f"n{random.randint(1, 2):03d}"})`,
			`{t: 'n${ pad(int(1, 2), 3) }'}`},
		{"a number as text", `self.client.post("/notes", json={"t": str(random.randint(1, 2))})`,
			`{t: '${ string(int(1, 2)) }'}`},
		{"values of JSON", `self.client.post("/notes", json={"a": True, "b": None, "c": 1.5, "d": [1, "x"], "e": {}})`,
			"a: true\n          b: null\n          c: 1.5\n          d: [1, x]\n          e: {}\n"},
		{"a form", `self.client.post("/notes", data={"text": "hi", "size": 3})`, `form: {text: hi, size: '3'}`},
		{"a text", `self.client.post("/notes", data="plain", headers={"X-Kind": "k"})`, "text: plain"},
		{"JSON by hand", `self.client.post("/notes", data=json.dumps({"a": 1}), ` +
			`headers={"Content-Type": "application/json"})`, "json: {a: 1}"},
		{"a list that is drawn", `self.client.post("/notes", json=[{"v": random.uniform(0, 1)} for _ in range(3)])`,
			`json: '${ list(3, {"v": float(0, 1)}) }'`},
		{"a date", `d = datetime.now() + timedelta(days=2)
self.client.get("/tides", params={"on": d.strftime("%Y-%m-%d")})`,
			`on=${ format("%Y-%m-%d", now() + days(2)) }`},
		{"milliseconds", `self.client.get("/tides", params={"t": int(time.time() * 1000)})`, "t=${ epochMs(now()) }"},
		{"a captured id", `r = self.client.get("/boats")
self.client.get(f"/boats/{r.json()['boats'][0]['id']}")`, "capture: {id: 'body.boats[0].id'}"},
		{"one of an answer", `boat = random.choice(self.client.get("/boats").json())
self.client.get("/boats/" + str(boat["id"]))`, "capture: {id: pick(body).id}"},
		{"a header of an answer", `r = self.client.get("/boats")
self.client.get("/boats", headers={"X-At": r.headers["X-At"]})`, `capture: {X_At: 'headers["X-At"]'}`},
		{"a loop", `for _ in range(4):
    self.client.get("/tides")`, "{request: GET /tides, times: 4}"},
		{"a loop over a list", `for c in COLORS:
    self.client.get("/tides/" + c)`, "- GET /tides/blue"},
		{"a loop that is left", `for i in range(5):
    self.client.get("/tides")
    break
else:
    self.client.get("/never")
self.client.get("/after")`, "- GET /tides\n          - GET /after\n"},
		{"a loop that ends the task", `for i in range(5):
    return self.client.get("/tides")
self.client.get("/never")`, "steps:\n      - GET /tides\n"},
		{"turns that are left out", `for i in range(4):
    if i % 2 == 1: continue
    if i > 2: break
    self.client.get(f"/tides/{i}")`, "steps:\n          - GET /tides/0\n          - GET /tides/2\n\n"},
		{"what follows a loop that was not left", `for i in range(2):
    self.client.get("/tides")
else:
    self.client.get("/after")`, "{request: GET /tides, times: 2}\n          - GET /after"},
		{"a loop that counts by itself", `n = 1
while n < 4:
    self.client.get(f"/tides/{n}")
    n += 2`, "steps:\n          - GET /tides/1\n          - GET /tides/3\n\n"},
		{"a count beside a loop", `n = 0
for _ in range(2):
    n += 1
    self.client.get(f"/tides/{n}")`, "steps:\n          - GET /tides/1\n          - GET /tides/2\n\n"},
		{"a list with its numbers", `for i, c in enumerate(COLORS):
    self.client.get(f"/{i}/{c}")`, "- GET /0/red\n          - GET /1/blue"},
		{"two lists", `for c, n in zip(COLORS, [5, 6, 7]):
    self.client.get(f"/{c}/{n}")`, "- GET /red/5\n          - GET /blue/6\n\n"},
		{"the items of a dict", `for k, v in PATHS.items():
    self.client.get(f"/{k}{v}")`, "- GET /tides/tides"},
		{"arguments that are passed on", `def fetch(path, *rest, who="x", **more):
    self.client.get(path + rest[0], headers={"X-Who": who}, **more)
fetch("/a", "/b", who="me", params={"q": 1})`, "request: 'GET /a/b?q=1'\n        headers: {X-Who: me}"},
		{"a dict of arguments", `options = {"params": {"q": 1}}
self.client.get(*["/a"], **options)`, "- 'GET /a?q=1'"},
		{"one value or another", `name = None
self.client.get(name or "/a", name=name or "tides")`, "name: GET tides"},
		{"a value that a loop may return", `def find():
    for _ in range(3):
        r = self.client.get("/a")
        if r.json()["id"]:
            return r.json()["id"]
    return None
boat = find()
if boat:
    self.client.get(f"/b/{boat}")`, "- request: 'GET /b/${ boat }'"},
		{"requests in one line", `a, b = self.client.get("/a"), self.client.get("/b"); self.client.get("/c")`,
			"- GET /a\n          - GET /b\n          - GET /c"},
		{"a comprehension", `[self.client.get(f"/x/{i}{c}") for i in range(2) if i > 0 for c in COLORS]`,
			"steps:\n          - GET /x/1red\n          - GET /x/1blue\n\n"},
		{"a comprehension that is kept", `all = [self.client.get("/x") for _ in range(5)]`,
			"{request: GET /x, times: 5}"},
		{"a set of a function", `def one(i): return self.client.get("/x")
{one(i) for i in range(5)}`, "- GET /x\n          - GET /x\n"},
		{"a request on chance", `self.client.get("/a") if random.random() < 0.2 else self.client.get("/b")`,
			"when: chance(0.2)\n          - request: GET /b\n            when: '!chance(0.2)'"},
		{"a request by its name", `getattr(self.client, "post")("/a")`, "- POST /a"},
		{"arguments by name", `self.client.request(method="GET", url="/a")`, "- GET /a"},
		{"JSON by hand of an answer", `boat = json.loads(self.client.get("/a").text)
self.client.get("/b/" + boat["id"])`, "capture: {id: body.id}"},
		{"rest", `with self.rest("GET", "/a") as r:
    if r.js["state"] != "ok": r.failure("x")`, `expect: 'status < 300 && body.state == "ok"'`},
		{"requests where they are not expected", `n = len(self.client.get("/a").json())
took += self.client.get("/b").elapsed
assert self.client.get("/c").ok
print(self.client.get("/d").text)
self.all.append(self.client.get("/e"))
other(self.client.get("/f"), x=self.client.get("/g"))`, "steps:" + strings.Join([]string{"", "GET /a", "GET /b",
			"GET /c", "GET /d", "GET /e", "GET /f", "GET /g\n\n"}, "\n          - ")},
		{"chance", `if random.random() < 0.25:
    self.client.get("/tides")`, "when: chance(0.25)"},
		{"after a value that is there", `boat_id = self.client.get("/boats").json().get("boat_id")
if not boat_id:
    return
self.client.get(f"/boats/{boat_id}")`, "when: 'boat_id != nil'"},
		{"a known condition", `if len(COLORS) == 2 or True:
    self.client.get("/tides")`, "- GET /tides"},
		{"a value on a condition", `self.client.get("/tides", params={"a": "x" if random.random() < 0.5 else "y"})`,
			`a=${ chance(0.5) ? "x" : "y" }`},
		{"redirects", `self.client.get("/tides", allow_redirects=True)`, "follow: true"},
		{"basic auth", `self.client.get("/tides", auth=("ada", "Sup3rSecret!"))`,
			`auth: {basic: {username: ada, password: '${ env("LOADGATE_PASSWORD", "change-me") }'}}`},
		{"the environment", `self.client.get("/tides", params={"r": os.getenv("REGION", "north")})`,
			`r=${ env("REGION", "north") }`},
		{"a failure by status", `with self.client.get("/tides", catch_response=True) as r:
    if r.status_code != 200: r.failure("x")`, "expect: status == 200"},
		{"several good statuses", `with self.client.get("/tides", catch_response=True) as r:
    if r.status_code == 200 or r.status_code == 304: r.success()
    else: r.failure("x")`, "expect: 'status == 200 || status == 304'"},
		{"a failure by the body", `with self.client.get("/tides", catch_response=True) as r:
    if r.json()["state"] != "ok": r.failure("x")`, `expect: 'status < 300 && body.state == "ok"'`},
		{"a failure that is none", `with self.client.get("/tides", catch_response=True) as r:
    if r.status_code == 404: r.success()`, "expect: 'status < 300 || status == 404'"},
		{"a nested test", `with self.client.get("/tides", catch_response=True) as r:
    if r.status_code == 200:
        if "height" not in r.json(): r.failure("x")
    else: r.failure("y")`, "expect: '(status != 200 || body.height != nil) && status == 200'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromLocustfile(t, inUser(test.lines))
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("%s\nbecomes\n%s\nwhich lacks %s", test.lines, got, test.want)
			}
		})
	}
}

// Classes become groups as Locust takes them.
func TestLocustfileClasses(t *testing.T) {
	const begin = "from locust import *\nfrom locust import FastHttpUser as Fast\n"
	for _, test := range []struct{ name, script, want string }{
		{"between", "class A(HttpUser):\n  wait_time = between(0.5, 2)\n  @task\n" +
			"  def a(self): self.client.get('/a')\n",
			"wait: 500ms..2s"},
		{"pacing", "class A(HttpUser):\n  wait_time = constant_pacing(3)\n  @task\n" +
			"  def a(self): self.client.get('/a')\n",
			"pacing: 3s"},
		{"throughput", "class A(HttpUser):\n  wait_time = constant_throughput(0.1)\n  @task\n" +
			"  def a(self): self.client.get('/a')\n", "pacing: 10s"},
		{"milliseconds of old versions", "class A(HttpUser):\n  min_wait = 500\n  max_wait = 1500\n  @task\n" +
			"  def a(self): self.client.get('/a')\n", "wait: 500ms..1.5s"},
		{"no wait", "class A(HttpUser):\n  @task\n  def a(self): self.client.get('/a')\n", "wait: 0s"},
		{"an alias", "class A(Fast):\n  @task\n  def a(self): self.client.get('/a')\n", "- GET /a"},
		{"inheritance", "class B(HttpUser):\n  abstract = True\n  wait_time = constant(7)\n  @task\n" +
			"  def b(self): self.client.get(self.where)\nclass A(B):\n  where = '/own'\n", "- GET /own"},
		{"tasks as a dict", "def one(l): l.client.get('/one')\ndef two(l): l.client.get('/two')\n" +
			"class A(HttpUser):\n  tasks = {one: 3, two: 1}\n", "{request: GET /one, weight: 3}"},
		{"tasks as a list", "def one(l): l.client.get('/one')\ndef two(l): l.client.get('/two')\n" +
			"class A(HttpUser):\n  tasks = [one, one, two]\n", "{request: GET /one, weight: 2}"},
		{"a set of tasks", "class S(TaskSet):\n  @task(4)\n  def a(self): self.client.get('/a')\n  @task\n" +
			"  def b(self): self.client.get('/b')\nclass A(HttpUser):\n  tasks = [S]\n",
			"{request: GET /a, weight: 4}"},
		{"a sequence", "class S(SequentialTaskSet):\n  @task\n  def b(self): self.client.get('/b')\n  @task(2)\n" +
			"  def a(self): self.client.get('/a')\nclass A(HttpUser):\n  tasks = [S]\n",
			"- GET /b\n      - {request: GET /a, times: 2}"},
		{"a nested set", "class A(HttpUser):\n  @task(2)\n  class S(SequentialTaskSet):\n    @task\n" +
			"    def a(self): self.client.get('/a')\n    @task\n    def b(self): self.client.get('/b')\n  @task\n" +
			"  def c(self): self.client.get('/c')\n", "- transaction: S\n        weight: 2\n"},
		{"several requests of a task", "class A(HttpUser):\n  @task(2)\n  def two(self):\n    self.client.get('/a')\n" +
			"    self.client.get('/b')\n  @task\n  def c(self): self.client.get('/c')\n",
			"- transaction: two\n        weight: 2\n        steps:\n          - GET /a\n          - GET /b\n"},
		{"a var of each user", "import random\nclass A(HttpUser):\n  def on_start(self):\n" +
			"    self.boat = random.randint(1, 9)\n  @task\n  def a(self): self.client.get(f'/a/{self.boat}')\n",
			"vars: {boat: '${ int(1, 9) }'}"},
		{"a token for all", "class A(HttpUser):\n  def on_start(self):\n    r = self.client.post('/login', json={})\n" +
			"    self.client.headers['Authorization'] = 'Bearer ' + r.json()['token']\n  @task\n" +
			"  def a(self): self.client.get('/a')\n", "headers: {Authorization: 'Bearer ${ token }'}"},
		{"a token in an attribute", "class A(HttpUser):\n  token = None\n  @task\n  def a(self):\n" +
			"    if self.token: self.client.get('/a', headers={'Authorization': self.token})\n  @task\n" +
			"  def b(self): self.token = self.client.get('/b').json()['t']\n", "when: 'token != nil'"},
		{"a helper", "class A(HttpUser):\n  def path(self, n, of='tides'): return f'/{of}/{n}'\n" +
			"  def fetch(self, n): return self.client.get(self.path(n))\n  @task\n  def a(self): self.fetch(3)\n",
			"- GET /tides/3"},
		{"a method of its own", "class A(HttpUser):\n  def get(self, path, **more):\n" +
			"    return self.client.get(path, **more)\n  @task\n" +
			"  def a(self): self.get('/a', params={'q': 1})\n", "steps:\n      - 'GET /a?q=1'\n"},
		{"headers of all requests", "class A(Fast):\n" +
			"  default_headers = {'X-Kind': 'k', 'X-Api-Key': 'hunter2pass'}\n" +
			"  @task\n  def a(self): self.client.get('/a')\n",
			`headers: {X-Kind: k, X-Api-Key: '${ env("LOADGATE_X_API_KEY", "change-me") }'}`},
		{"a host with a default", "import os\nclass A(HttpUser):\n  host = os.getenv('H', 'http://127.0.0.1:81')\n" +
			"  @task\n  def a(self): self.client.get('/a')\n", "url: 'http://127.0.0.1:81'"},
		{"a token of a comment", "class A(HttpUser):\n  def on_start(self):\n" +
			"    r = self.client.post('/login', json={'a': make()})\n" +
			"    self.client.headers['Authorization'] = 'Bearer ' + r.json()['token']\n" +
			"    self.client.get('/b')\n  @task\n  def a(self): self.client.get('/a')\n",
			"# look: left out: header Authorization: Bearer ${ token }, since a request that is a comment " +
				"captures token\n" +
				"  A:\n    wait: 0s\n    start:\n"},
		{"no users", "class A(HttpUser):\n  @task\n  def a(self): self.client.get('/a')\n" +
			"class B(HttpUser):\n  weight = 0\n  @task\n  def b(self): self.client.get('/b')\n",
			"look: line 7: class B has the weight 0: it has no users, and is left out"},
		{"fixed_count", "class A(HttpUser):\n  fixed_count = 3\n  @task\n  def a(self): self.client.get('/a')\n",
			"look: line 4: fixed_count is 3 users"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromLocustfile(t, begin+test.script)
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("%s\nbecomes\n%s\nwhich lacks %s", test.script, got, test.want)
			}
		})
	}
}

// What has no equal is said with its line, and nothing is invented for it.
func TestLocustfileLooks(t *testing.T) {
	for _, test := range []struct{ name, lines, look string }{
		{"a value", `self.client.get("/b/" + fake.word())`, "line 14: its path is not read"},
		{"a body", `self.client.post("/b", json={"a": fake.word()})`, "line 14: a value of its body is not read"},
		{"a part of JSON", `self.client.post("/b", json={"a": [1, {"b": 2 ** 9}]})`,
			"line 14: a value of its body is not read"},
		{"params", `self.client.get("/b", params=make())`, "line 14: its params are not read"},
		{"headers", `self.client.get("/b", headers={"X-A": make()})`, "line 14: its headers are not read"},
		{"files", `self.client.post("/b", files={"f": open("x")})`, "line 14: it sends files"},
		{"arguments", `self.client.get("/b", **options)`, "line 14: arguments given with ** are not read"},
		{"timeout", `self.client.get("/b", timeout=3)`, "line 14: the argument timeout is not read"},
		{"a condition", "if make():\n    self.client.get('/b')", "line 14: it is sent on a condition that is not read"},
		{"while", "while True:\n    self.client.get('/b')",
			"line 14: the statement While is not read, and what it sends"},
		{"a loop", "for x in make():\n    self.client.get('/b')", "line 14: a loop over what is not known"},
		{"a pause", "time.sleep(1)", "line 14: a pause in the middle of a task"},
		{"an exception", "try:\n    pass\nexcept E:\n    self.client.get('/b')",
			"line 16: what is sent after an exception"},
		{"a verdict", "with self.client.get('/b', catch_response=True) as r:\n    if make(): r.failure('x')",
			"line 15: what decides here whether it failed is not read"},
		{"slowness", "with self.client.get('/b', catch_response=True) as r:\n" +
			"    if r.elapsed.total_seconds() > 1: r.failure('x')",
			"line 15: what decides here whether it failed is not read"},
		{"text of an answer", "with self.client.get('/b', catch_response=True) as r:\n" +
			"    if 'x' not in r.text: r.failure('x')", "line 15: what decides here whether it failed is not read"},
		{"another host", `self.client.get("http://elsewhere.example/b")`,
			"line 14: it goes to another host, elsewhere.example"},
		{"a draw that is used twice", "n = random.randint(1, 9)\n" +
			"self.client.get(f'/b/{n}')\nself.client.get(f'/c/{n}')",
			"line 16: n is drawn once and used several times"},
		{"a call", "queue.put(3)", "line 14: this call is not read"},
		{"another client", "other.client.get('/b')", "line 14: this request is in no task that is read"},
		{"a loop that is not known in the end", `n = 1
while n < 3:
    self.client.get("/b")
    n = make()`, "line 15: this loop is read up to its turn 1"},
		{"a loop without an end", `n = 1
while n < 3:
    self.client.get("/b")`, "line 15: a loop of several requests is cut off after 20 turns"},
		{"a loop that asks", `while self.client.get("/b").status_code == 202:
    pass`, "line 14: the statement While is not read, and what it sends"},
		{"a value of an answer or another", `n = self.client.get("/b").json().get("n") or "x"
self.client.get(f"/c/{n}")`, "line 15: its path is not read"},
		{"a method in what is not read", `while make(): self.post("/b")`,
			"line 14: this request is in no task that is read"},
		{"one of two", `self.client.get("/b") if make() else self.client.get("/c")`,
			"line 14: it is sent on a condition that is not read: write when\n          # - GET /b"},
		{"the other of two", `self.client.get("/b") if make() else self.client.get("/c")`,
			"line 14: it is sent on a condition that is not read: write when\n          # - GET /c"},
		{"a loop that may be left", `for _ in range(9):
    r = self.client.get("/b")
    if r.json()["done"]: break`, "line 14: this loop may end before its last turn"},
		{"a loop that may end the task", `for _ in range(9):
    for _ in range(2):
        if self.client.get("/b").json()["done"]: return`, "line 14: this loop may end before its last turn"},
		{"what follows a loop that may be left", `for _ in range(2):
    if self.client.get("/b").json()["done"]: break
else:
    self.client.get("/c")`, "line 14: it is sent on a condition that is not read: write when\n          # - GET /c"},
		{"a comprehension", `[self.client.get("/b") for _ in make()]`, "line 14: a loop over what is not known"},
		{"requests of a library", `z = requests.get("http://x.example/b")`,
			"line 14: this request is of requests, which is no client of a user"},
		{"requests of another", `z = httpx.post(URL)`, "line 14: this request is of httpx"},
		{"requests of Python", `with urllib.request.urlopen(URL) as z: pass`,
			"line 14: this request is of urllib.request"},
		{"requests of a session", `z = session.get(f"http://x.example/{n}")`,
			"line 14: this request is in no task that is read"},
		{"two requests", `lambda: (self.client.get("/b"), self.client.get("/c"))`,
			"line 14: 2 requests are in no task that is read"},
		{"one that is read and one that is not", `self.client.get("/b"); lambda: self.client.get("/c")`,
			"line 14: this request is in no task that is read"},
		{"a request that is passed on", `pool.spawn(self.client.get, "/b")`,
			"line 14: this request is in no task that is read"},
		{"a method that is not known", `getattr(self.client, make())("/b")`,
			"line 14: this request is in no task that is read"},
		{"rest with a time", `self.rest_("/b")`, "line 14: this request is in no task that is read"},
		{"a verb", "self.client.purge('/b')", "line 14: client.purge is not read"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromLocustfile(t, inUser("self.client.get('/a')\n"+test.lines))
			if got := encoded(t, d, err); !strings.Contains(got, "look: "+test.look) {
				t.Errorf("%s\nbecomes\n%s\nwhich lacks look: %s", test.lines, got, test.look)
			}
		})
	}
}

// What users begin with is not lost where none of it can be sent, and what follows is sent all the same.
func TestLocustfileBeginsWithComments(t *testing.T) {
	d, err := fromLocustfile(t, "from locust import HttpUser, task\nclass A(HttpUser):\n  def on_start(self):\n"+
		"    self.client.post('/names/' + fake.name())\n  @task\n  def a(self): self.client.get('/a')\n")
	got := encoded(t, d, err)
	for _, want := range []string{"# start:\n    #   - POST /\n", "- GET /a\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("the file is\n%s\nwhich lacks %s", got, want)
		}
	}
}

// What users do when they leave is sent then, with what they captured; where none of it can be sent, it is a comment.
func TestLocustfileEnds(t *testing.T) {
	for _, test := range []struct{ leaves, want string }{
		{"self.client.post('/api/v1/logout', json={'id': self.id})",
			"    end:\n      - request: POST /api/v1/logout\n"},
		{"self.client.post('/users/17/logout')", "# end:\n    #   - POST /users/17/logout\n"},
		{"self.client.post('/out/' + fake.name())", "# look: line 7: its path is not read: write it\n    # end:\n"},
	} {
		d, err := fromLocustfile(t, "from locust import HttpUser, task\nclass A(HttpUser):\n  def on_start(self):\n"+
			"    self.id = self.client.post('/login').json()['id']\n  @task\n  def a(self): self.client.get('/a')\n"+
			"  def on_stop(self): "+test.leaves+"\n")
		if got := encoded(t, d, err); !strings.Contains(got, test.want) {
			t.Errorf("the file is\n%s\nwhich lacks %s", got, test.want)
		}
	}
}

// No secret of a script is in the file, wherever it is.
func TestLocustfileSecrets(t *testing.T) {
	const secret = "Zx9-Quiet-Harbour-77"
	const key = "sk_live_51HqLyjWDarjtT1zdp7dcXYZ"
	const drawn = "Xy9Zk3Q7wR5tLm2NbV8pKd4"
	for _, lines := range []string{
		`self.client.post("/login", json={"user": "ada", "password": "` + secret + `"})`,
		`self.client.post("/login", data={"user": "ada", "pwd": "` + secret + `"})`,
		`p = "` + secret + `"` + "\n" + `self.client.post("/login", json={"user": "ada", "password": p})`,
		`PASSWORD = "` + secret + `"` + "\n" + `self.client.get("/a", params={"x": PASSWORD})`,
		`self.client.get("/a", headers={"Authorization": "Bearer ` + key + `"})`,
		`self.client.get("/a", headers={"X-Api-Key": f"` + key + `"})`,
		`self.client.headers["X-Api-Key"] = "` + key + `"` + "\n" + `self.client.get("/a")`,
		`self.client.get("/a?token=` + key + `")`,
		`self.client.get("/a", params={"k": "` + key + `"})`,
		`self.client.get("/share/` + key + `")`,
		`self.client.get("/a", auth=("ada", "` + secret + `"))`,
		`self.client.post("/login", json={"password": random.choice(["` + secret + `", "x"])})`,
		`self.client.post("/a", json=[{"password": "` + secret + `"} for _ in range(3)])`,
		`self.client.post("/a", json={"note": "password=\"` + secret + `\""})`,
		`self.client.post("/a", data="password=` + secret + `")`,
		`self.client.get("/a", headers={"Cookie": "session=` + key + `"})`,
		`self.client.get("/a", headers={"X-Auth": os.getenv("API_TOKEN", "` + key + `")})`,
		`self.client.get("https://ada:` + secret + `@elsewhere.example/a")`,
		`raise RuntimeError("` + secret + `")`,
		`with self.client.get("/a", catch_response=True) as r:
    if r.json()["password"] != "` + secret + `": r.failure("x")`,
		`if self.client.get("/a").json()["user"]["password"] in ["x", "` + secret + `"]: self.client.get("/b")`,
		`if "` + secret + `" == self.client.get("/a").headers["X-Auth-Token"]: self.client.get("/b")`,
		`if self.client.get("/a").json()["secrets"] == {"v": "` + secret + `"}: self.client.get("/b")`,
		`if self.client.get("/a").json()["state"] == "` + key + `": self.client.get("/b")`,
		`if "` + drawn + `" in self.client.get("/a").json(): self.client.get("/b")`,
		`if self.client.get("/a").json().get("` + drawn + `"): self.client.get("/b")`,
		`self.client.get("/a", headers={"X-` + drawn + `": "1"})`,
		`self.client.headers["X-` + drawn + `"] = "1"` + "\n" + `self.client.get("/a")`,
		`self.client.post("/a", json={"a": [{"` + drawn + `": 1}]})`,
		`self.client.post("/a", data={"` + drawn + `": 1})`,
		`self.client.get("/a", params={"` + drawn + `": 1})`,
		`PASSWORDS = {"ada": "` + secret + `"}` + "\n" + `self.client.get("/a", params={"x": PASSWORDS["ada"]})`,
		`u = {"name": "ada", "password": "` + secret + `"}` + "\n" +
			`self.client.get("/a", params={"x": u["password"]})`,
		`password = random.choice(["` + secret + `", "x"])` + "\n" + `self.client.get("/a", params={"x": password})`,
		`def sign_in(password): self.client.get("/a", params={"x": password})
sign_in("` + secret + `")`,
		`def sign_in(password="` + secret + `"): self.client.get("/a", params={"x": password})
sign_in()`,
		`self.client.get("/a", params={"x": (password := "` + secret + `")})`,
	} {
		d, err := fromLocustfile(t, inUser("self.client.get('/safe')\n"+lines))
		got := encoded(t, d, err) + strings.Join(d.Looks(), "\n")
		if strings.Contains(got, secret) || strings.Contains(got, key) || strings.Contains(got, drawn) {
			t.Errorf("%s\nis in\n%s", lines, got)
		}
	}
}

// What Locust does before and after the load is in setup and teardown, by the rules of all requests.
func TestLocustfileListeners(t *testing.T) {
	const begin = "import requests\nfrom urllib.request import urlopen\nfrom locust import events, HttpUser, task\n"
	const users = "class A(HttpUser):\n  host = 'http://localhost:8000'\n  @task\n" +
		"  def a(self): self.client.get('/a')\n"
	const before = "@events.test_start.add_listener\ndef f(environment, **kw):\n"
	for _, test := range []struct{ name, script, want string }{
		{"before", before + "  requests.post('http://localhost:8000/boats?token=hunter2pass')\n",
			"setup:\n  # look: set LOADGATE_TOKEN: the value of token is not here\n" +
				"  - request: 'POST /boats?token=${ env(\"LOADGATE_TOKEN\", \"change-me\") }'\n"},
		{"after", "def f(**kw):\n  urlopen('http://localhost:8000/tidy')\nevents.test_stop.add_listener(f)\n",
			"teardown:\n  - GET /tidy\n"},
		{"below the host", before + "  requests.post(environment.host + '/a')\n" +
			"  requests.get(f'{environment.host}/b/{1}')\n",
			"setup:\n  - POST /a\n  - GET /b/1\n"},
		{"with a token", before +
			"  r = requests.post(environment.host + '/login', json={'password': 'hunter2pass'})\n" +
			"  requests.get(environment.host + '/b', headers={'Authorization': 'Bearer ' + r.json()['token']})\n",
			"    capture: {token: body.token}\n    secret: true\n  - request: GET /b\n" +
				"    headers: {Authorization: 'Bearer ${ token }'}\n"},
		{"in a function", "def g(): requests.get('http://localhost:8000/g')\n" + before + "  g()\n",
			"setup:\n  - GET /g\n"},
		{"what does harm", before + "  requests.get(environment.host + '/b')\n" +
			"  requests.delete(environment.host + '/b/7')\n",
			"  - GET /b\n  # look: it writes to what this group did not make: 7\n  # - DELETE /b/7\n"},
		{"on a condition", before + "  requests.get(environment.host + '/b')\n" +
			"  if environment.runner: requests.get(environment.host + '/c')\n",
			"  - GET /b\n  # look: line 7: it is sent on a condition that is not read: write when\n  # - GET /c\n"},
		{"another host", before + "  requests.get('http://localhost:8001/b')\n",
			"# look: line 6: it goes to another host, localhost:8001; to send it, name that host under hosts\n" +
				"# setup:\n#   - GET /b\n"},
		{"a path that is not known", before + "  requests.get(X)\n",
			"# look: line 6: its path is not read: write it\n# setup:\n#   - GET /\n"},
		{"what is not read", before + "  requests.stream('http://localhost:8000/b')\n" +
			"  requests.get(environment.host + '/c')\n",
			"# look: line 6: this request is of requests, which is no client of a user, and left out\n"},
		{"no request", before + "  print(1)\n", "# look: line 5: what it does on an event of Locust is not read\n"},
		{"each request", "@events.request.add_listener\ndef f(**kw): requests.get('/x')\n",
			"# look: line 5: what it does on an event of Locust is not read\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromLocustfile(t, begin+test.script+users)
			got := encoded(t, d, err)
			if !strings.Contains(got, test.want) || strings.Contains(got, "hunter") {
				t.Errorf("the file is\n%s\nwhich lacks %s", got, test.want)
			}
		})
	}
}

// A user and a password in the host are auth of the group, and not in the file.
func TestLocustfileUserInHost(t *testing.T) {
	d, err := fromLocustfile(t, strings.Replace(inUser(`self.client.get("http://localhost:8000/a")`), "http://",
		"http://ada:blume-1@", 1))
	got := encoded(t, d, err)
	const want = "    auth: {basic: {username: '${ env(\"LOADGATE_USERNAME\", \"change-me\") }', " +
		"password: '${ env(\"LOADGATE_PASSWORD\", \"change-me\") }'}}\n    steps:\n      - GET /a\n"
	if !strings.Contains(got, want) || !strings.Contains(got, "url: 'http://localhost:8000'\n") ||
		strings.Contains(got, "ada") || strings.Contains(got, "blume") {
		t.Errorf("the file is\n%s\nwhich lacks %s", got, want)
	}
}

// A test that would show a secret is a look with its line, and is not made.
func TestLocustfileTestsOfSecrets(t *testing.T) {
	d, err := fromLocustfile(t, inUser(`with self.client.get("/a", catch_response=True) as r:
    if r.json()["password"] != "hunter": r.failure("x")
    if r.json()["tokens"]["kind"] != "day": r.failure("x")
r = self.client.get("/b")
if r.json()["pin"] == 4711: self.client.get("/c")`))
	got := encoded(t, d, err)
	for _, want := range []string{"look: line 14: it compares with a secret, which is not here",
		"look: line 14: what decides here whether it failed is not read: write expect",
		"look: line 17: it compares with a secret, which is not here",
		`expect: 'status < 300 && body.tokens.kind == "day"'`,
		"look: line 17: it is sent on a condition that is not read"} {
		if !strings.Contains(got, want) {
			t.Errorf("the file is\n%s\nwhich lacks %s", got, want)
		}
	}
}

// What is no script of Locust is one line that says so.
func TestLocustfileMistakes(t *testing.T) {
	deep := strings.Repeat("(", 5000) + strings.Repeat(")", 5000)
	for _, test := range []struct{ name, script, want string }{
		{"no Python", "class A(HttpUser)\n  pass\n", "read locustfile: line 1: it is not Python"},
		{"a wrong indentation", "def a():\nreturn 1\n", "line 2: it is not Python"},
		{"nesting", "x = " + deep, "read locustfile: "},
		{"no users", "import locust\n", "it has no class of HttpUser or FastHttpUser with a task that sends a request"},
		{"no tasks", "from locust import HttpUser\nclass A(HttpUser): pass\n", "it has no class of HttpUser"},
		{"a null byte", "x = 1\x00", "it is not Python"},
	} {
		_, err := fromLocustfile(t, test.script)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	for text, want := range map[string]string{
		"": "it is empty", "<html>": "a web page", `{"log": {"entries": []}}`: "a HAR recording",
		strings.Repeat("#", 1<<20+1): "it is larger than 1 MiB",
	} {
		if _, err := locustfile.Program.Accept([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %q", text, err, want)
		}
	}
}

// A script that makes much of little ends with one line, and soon.
func TestLocustfileBombs(t *testing.T) {
	doubling := "A0 = ['x', 'x']\n"
	for i := range 40 {
		doubling += fmt.Sprintf("A%d = [A%d, A%d]\n", i+1, i, i)
	}
	calls := "def f0(): return 'x'\n"
	for i := range 11 {
		calls += fmt.Sprintf("def f%d(): return [f%d(), f%d(), f%d(), f%d(), f%d(), f%d(), f%d(), f%d()]\n",
			i+1, i, i, i, i, i, i, i, i)
	}
	loops := ""
	for i := range 8 {
		loops += strings.Repeat(" ", i) + "for _ in [1,2,3,4,5,6,7,8,9,10]:\n" + strings.Repeat(" ", i+1) +
			"self.client.get('/b')\n"
	}
	for name, script := range map[string]string{
		"lists":     doubling + inUser("self.client.post('/a', json=A40)"),
		"functions": calls + inUser("self.client.post('/a', json=f11())"),
		"loops":     inUser(loops),
		"recursion": inUser("self.sail()\nself.client.get('/a')"),
		"constants": "A = B\nB = A\n" + inUser("self.client.get(A)"),
		"bases":     "class A(B): pass\nclass B(A): pass\n" + inUser("self.client.get('/a')"),
		"sets":      "class S(TaskSet):\n  tasks = []\nS.tasks = [S]\n" + inUser("self.client.get('/a')"),
		"own set":   "from locust import *\nclass S(TaskSet):\n  tasks = {}\n" + "class U(HttpUser):\n  tasks = [S]\n",
	} {
		began := time.Now()
		d, err := fromLocustfile(t, script)
		if err == nil {
			_, err = d.Encode()
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v has several lines", name, err)
		}
		if d != nil && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(began); took > time.Minute { // a bomb would take hours
			t.Errorf("%s took %s", name, took)
		}
	}
}

// Whatever the tree is, there is a draft that can be read back, or one line.
func FuzzLocustfile(f *testing.F) {
	if _, err := exec.LookPath("python3"); err == nil {
		f.Add(tree(f, tutormaxScript(f)).Text)
		f.Add(tree(f, inUser("for i in range(3):\n    self.client.get(f'/a/{i:02d}')")).Text)
		f.Add(tree(f, inUser("r = self.client.get('/a')\nself.client.get(r.json()['id'])")).Text)
	}
	f.Add([]byte(`{"tree": {"k": "Module", "a": {"body": [null, {"k": "ClassDef"}]}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := locustfile.Draft(input.File{Text: text}, draft.Options{})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%v has several lines", err)
			}
			return
		}
		out, err := d.Encode()
		if err != nil || !bytes.Contains(out, []byte("thresholds:")) {
			t.Errorf("%v in\n%s", err, out)
		}
	})
}
