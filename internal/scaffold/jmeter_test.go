package scaffold_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/jmeter"
)

func fromJMX(text string) (*draft.Draft, error) {
	return jmeter.Draft(input.File{Name: "plan", Text: []byte(text)}, draft.Options{})
}

func tutormaxPlan(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "jmx", "tutormax.jmx"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestJMXGolden(t *testing.T) {
	d, err := fromJMX(tutormaxPlan(t))
	golden(t, "init_jmx.yaml", encoded(t, d, err))
}

// What the plan does is in the file, and what is a comment there is right, too.
func TestJMXIsThePlansLoad(t *testing.T) {
	d, err := fromJMX(tutormaxPlan(t))
	want := map[string][]string{
		"dashboard": {"weight 40, wait 5s to 15s", "begins with POST /api/auth/login", "GET /api/dashboard/metrics",
			"GET /api/alerts?status=active"},
		"tutor viewer": {"weight 15, wait 8s to 8s", "GET /api/tutors?include_metrics=true", "GET /api/tutors/{id}",
			"GET /api/tutors/{tutor_id}/sessions?limit=50", "POST /api/interventions/7/assign"},
	}
	if diff := cmp.Diff(want, load(t, reviewed(encoded(t, d, err)))); diff != "" {
		t.Errorf("the load (-want +got):\n%s", diff)
	}
}

func escaped(s string) string {
	var out bytes.Buffer
	if err := xml.EscapeText(&out, []byte(s)); err != nil {
		panic(err)
	}
	return out.String()
}

// el is an element of a plan: its tag, and its properties as name=value; a property in parts is XML.
func el(tag string, props ...string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "<%s testname=\"%s\">", tag, strings.ToLower(tag))
	for _, p := range props {
		if strings.HasPrefix(p, "<") {
			out.WriteString(p)
			continue
		}
		name, v, _ := strings.Cut(p, "=")
		fmt.Fprintf(&out, "<stringProp name=\"%s\">%s</stringProp>", name, escaped(v))
	}
	fmt.Fprintf(&out, "</%s>", tag)
	return out.String()
}

func below(elements ...string) string {
	return "<hashTree>" + strings.Join(elements, "") + "</hashTree>"
}

// get is a request of a path, with what is below it.
func get(path string, inside ...string) string {
	return el("HTTPSamplerProxy", "HTTPSampler.path="+path, "HTTPSampler.method=GET") + below(inside...)
}

func arguments(pairs ...string) string {
	out := `<elementProp name="HTTPsampler.Arguments"><collectionProp name="Arguments.arguments">`
	for i := 0; i+1 < len(pairs); i += 2 {
		out += el("elementProp", "Argument.name="+pairs[i], "Argument.value="+pairs[i+1])
	}
	return out + `</collectionProp></elementProp>`
}

func post(path, body string, inside ...string) string {
	return el("HTTPSamplerProxy", "HTTPSampler.path="+path, "HTTPSampler.method=POST", "HTTPSampler.postBodyRaw=true",
		arguments("", body)) + below(inside...)
}

// testPlan is a test plan with one thread group.
func testPlan(elements ...string) string {
	return `<jmeterTestPlan version="1.2"><hashTree><TestPlan testname="harbour"/>` + below(
		el("ConfigTestElement", "HTTPSampler.domain=localhost", "HTTPSampler.port=8000"), below(),
		el("ThreadGroup", "ThreadGroup.num_threads=4"), below(elements...)) + `</hashTree></jmeterTestPlan>`
}

func variables(pairs ...string) string {
	out := `<Arguments testname="vars"><collectionProp name="Arguments.arguments">`
	for i := 0; i+1 < len(pairs); i += 2 {
		out += el("elementProp", "Argument.name="+pairs[i], "Argument.value="+pairs[i+1])
	}
	return out + `</collectionProp></Arguments>` + below()
}

func header(name, v string) string {
	return `<HeaderManager testname="h"><collectionProp name="HeaderManager.headers">` +
		el("elementProp", "Header.name="+name, "Header.value="+v) + `</collectionProp></HeaderManager>` + below()
}

func assertion(kind int, codes ...string) string {
	list := `<collectionProp name="Asserion.test_strings">`
	for _, c := range codes {
		list += "<stringProp>" + escaped(c) + "</stringProp>"
	}
	return el("ResponseAssertion", "Assertion.test_field=Assertion.response_code",
		fmt.Sprintf("Assertion.test_type=%d", kind), list+"</collectionProp>") + below()
}

func jsonExtractor(name, path, number string) string {
	return el("JSONPostProcessor", "JSONPostProcessor.referenceNames="+name, "JSONPostProcessor.jsonPathExprs="+path,
		"JSONPostProcessor.match_numbers="+number) + below()
}

// What a plan does has its equal in the file.
func TestJMXForms(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a path", get("/tides"), "- GET /tides"},
		{"the server", get("/tides"), "url: 'http://localhost:8000'"},
		{"variables", variables("a", "/x", "b", "${a}/y") + get("${b}/z"), "- GET /x/y/z"},
		{"a property", get("/tides?r=${__P(region,north)}"), `r=${ env("LOADGATE_REGION", "north") }`},
		{"a draw", get("/tides/${__Random(1,9)}"), "GET /tides/${ int(1, 9) }"},
		{"a uuid", get("/tides?k=${__UUID}"), "k=${ uuid() }"},
		{"a time", get("/tides?k=${__time(yyyy-MM-dd,)}"), `k=${ format("%Y-%m-%d", now()) }`},
		{"milliseconds", get("/tides?k=${__time()}"), "k=${ epochMs(now()) }"},
		{"a counter", get("/tides?k=${__counter(FALSE,)}"), "k=${ seq() }"},
		{"a query", el("HTTPSamplerProxy", "HTTPSampler.path=/a", arguments("q", "x y", "e", "")) + below(),
			"GET /a?q=x+y&e="},
		{"a form", el("HTTPSamplerProxy", "HTTPSampler.path=/a", "HTTPSampler.method=POST",
			arguments("text", "hi", "mood", "${__Random(1,2)}")) + below(), "form: {text: hi, mood: '${ int(1, 2) }'}"},
		{"JSON", post("/notes", `{"a": ${__Random(1,2)}, "b": "${__Random(1,2)}", "c": "x${__Random(1,2)}", `+
			`"d": [1.5]}`), "a: '${ int(1, 2) }'\n          b: '${ string(int(1, 2)) }'\n" +
			"          c: 'x${ int(1, 2) }'\n          d: [1.5]"},
		{"a text", post("/notes", "hello"), "text: hello"},
		{"a header of all", header("X-Kind", "k") + get("/a"), "headers: {X-Kind: k}\n    steps:"},
		{"a header of one", get("/a", header("X-Kind", "k")), "- request: GET /a\n        headers: {X-Kind: k}"},
		{"a constant timer", el("ConstantTimer", "ConstantTimer.delay=1500") + below() + get("/a"), "wait: 1.5s"},
		{"a uniform timer", el("UniformRandomTimer", "ConstantTimer.delay=1000", "RandomTimer.range=500") + below() +
			get("/a"), "wait: 1s..1.5s"},
		{"a gaussian timer", el("GaussianRandomTimer", "ConstantTimer.delay=1000", "RandomTimer.range=100") + below() +
			get("/a"), "wait: 827ms..1.173s"},
		{"two timers", el("ConstantTimer", "ConstantTimer.delay=1000") + below() +
			get("/a", el("ConstantTimer", "ConstantTimer.delay=500")+below()), "wait: 1.5s"},
		{"timers that differ", get("/a", el("ConstantTimer", "ConstantTimer.delay=500")+below()) + get("/b"),
			"wait: 250ms"},
		{"a pause of its own", get("/a") +
			el("TestAction", "ActionProcessor.action=1", "ActionProcessor.duration=3000") +
			below(el("ConstantTimer", "ConstantTimer.delay=1000")+below()), "wait: 4s"},
		{"a pause between requests of a transaction", el("TransactionController") + below(get("/a"),
			el("TestAction", "ActionProcessor.action=1", "ActionProcessor.duration=3000")+below(), get("/b")),
			"wait: 0s\n    steps:\n      - transaction: transactioncontroller\n        steps:\n" +
				"          - request: GET /a\n            wait: 3s\n          - GET /b"},
		{"a timer in a transaction", el("TransactionController") + below(get("/a"),
			get("/b", el("ConstantTimer", "ConstantTimer.delay=2000")+below())),
			"wait: 0s\n    steps:\n      - transaction: transactioncontroller\n        steps:\n" +
				"          - request: GET /a\n            wait: 2s\n          - GET /b"},
		{"a timer beside a comment", get("/a/${nowhere}") + get("/b", el("ConstantTimer",
			"ConstantTimer.delay=2000")+below()), "wait: 2s\n"},
		{"a loop", el("LoopController", "LoopController.loops=3") + below(get("/a")), "{request: GET /a, times: 3}"},
		{"a loop of several", el("LoopController", "LoopController.loops=3") + below(get("/a"), get("/b")),
			"- transaction: loopcontroller\n        times: 3\n        steps:\n          - GET /a\n          - GET /b"},
		{"a transaction", el("TransactionController") + below(get("/a"), get("/b")),
			"- transaction: transactioncontroller\n        steps:\n          - GET /a\n          - GET /b"},
		{"once", el("OnceOnlyController") + below(get("/first")) + get("/a"), "start:\n      - GET /first\n    steps:"},
		{"a code", get("/a", assertion(8, "200")), "expect: status == 200"},
		{"a code that is not", get("/a", assertion(12, "500")), "expect: 'status != 500'"},
		{"one of codes", get("/a", assertion(40, "200", "304")), "expect: 'status in [200, 304]'"},
		{"a pattern of codes", get("/a", assertion(1, "200|204")), "expect: 'status in [200, 204]'"},
		{"a class of codes", get("/a", assertion(1, `2\d\d`)), "expect: status in 200..299"},
		{"a field that must be", get("/a", el("JSONPathAssertion", "JSON_PATH=$.state", "JSONVALIDATION=true",
			"EXPECTED_VALUE=ok")+below()), `expect: 'status < 300 && string(body.state) == "ok"'`},
		{"a captured field", get("/a", jsonExtractor("boat", "$.boats[0].id", "1")) + get("/boats/${boat}"),
			"capture: {boat: 'body.boats[0].id'}"},
		{"one of several", get("/a", jsonExtractor("boat", "$.boats[*].id", "0")),
			"capture: {boat: pick(body.boats).id}"},
		{"the second of several", get("/a", jsonExtractor("boat", "$.boats[*].id", "2")),
			"capture: {boat: 'body.boats[1].id'}"},
		{"a pattern", get("/a", el("RegexExtractor", "RegexExtractor.refname=k",
			`RegexExtractor.regex=name="k" value="(.+?)"`,
			"RegexExtractor.template=$1$", "RegexExtractor.match_number=1")+below()),
			`extract(body, "name=\"k\" value=\"(.+?)\"", 1)`},
		{"a pattern of JSON", get("/a", el("RegexExtractor", "RegexExtractor.refname=k",
			`RegexExtractor.regex="tide":"(.+?)"`,
			"RegexExtractor.template=$1$", "RegexExtractor.match_number=1")+below()), "capture: {k: body.tide}"},
		{"a header with a token that comes later", header("Authorization", "Bearer ${token}") +
			post("/login", `{"user": "ada"}`, jsonExtractor("token", "$.token", "1")) + get("/a"),
			"headers: {Authorization: 'Bearer ${ token }'}"},
		{"a table", el("CSVDataSet", "filename=data/boats.csv", "variableNames=name,mast") + below() +
			get("/boats/${name}?m=${mast}"), "GET /boats/${ boats.name }?m=${ boats.mast }"},
		{"the file of a table", el("CSVDataSet", "filename=data/boats.csv", "variableNames=name") + below() + get("/a"),
			"# look: line 1: CSVDataSet csvdataset reads data/boats.csv: put it beside this file, " +
				"with the first line name\n# data:\n#   boats: {file: boats.csv, pick: next}"},
		{"a module", module("harbour", "threadgroup", "genericcontroller") + off(el("GenericController")) +
			below(get("/b"), get("/c")), "steps:\n      - GET /b\n      - GET /c\n\n"},
		{"a module that is a loop", module("harbour", "threadgroup", "loopcontroller") +
			off(el("LoopController", "LoopController.loops=3")) + below(get("/b")), "{request: GET /b, times: 3}"},
		{"a module that captures", module("harbour", "threadgroup", "genericcontroller") + get("/b/${boat}") +
			off(el("GenericController")) + below(get("/a", jsonExtractor("boat", "$.id", "1"))),
			"capture: {boat: body.id}\n      - 'GET /b/${ boat }'"},
		{"a module in a module", module("harbour", "threadgroup", "genericcontroller") + off(el("GenericController")) +
			below(module("harbour", "threadgroup", "loopcontroller")) +
			off(el("LoopController", "LoopController.loops=3")) + below(get("/b")), "{request: GET /b, times: 3}"},
		{"a thread group as a module", module("harbour", "threadgroup") + get("/b"), "- GET /b\n      - GET /b\n"},
		{"a fragment", el("TestFragmentController") + below(get("/b")), "steps:\n      - GET /b\n"},
		{"another method", el("HTTPSamplerProxy", "HTTPSampler.path=/b", "HTTPSampler.method=PROPFIND") + below(),
			"steps:\n      - PROPFIND /b\n"},
		{"a disabled request", strings.Replace(get("/never"), "<HTTPSamplerProxy",
			`<HTTPSamplerProxy enabled="false"`, 1) + get("/a"), "steps:\n      - GET /a\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromJMX(testPlan(test.text))
			if got := encoded(t, d, err); !strings.Contains(got, test.want) || strings.Contains(got, "never") {
				t.Errorf("the file is\n%s\nwhich lacks %s", got, test.want)
			}
		})
	}
}

// The load of a plan is a profile of its own, beside the one that decides every rule.
func TestJMXProfile(t *testing.T) {
	d, err := fromJMX(strings.Replace(testPlan(get("/a")), `<stringProp name="ThreadGroup.num_threads">4</stringProp>`,
		`<stringProp name="ThreadGroup.num_threads">30</stringProp>`+
			`<stringProp name="ThreadGroup.ramp_time">7</stringProp>`+
			`<stringProp name="ThreadGroup.duration">600</stringProp>`, 1))
	if got := encoded(t, d, err); !strings.Contains(got, "jmeter: {users: 30, spawn_rate: 5/s, duration: 10m}") ||
		!strings.Contains(got, "default_profile: light") {
		t.Errorf("the file is\n%s", got)
	}
}

// What has no equal is said with its line, and nothing is invented for it.
func TestJMXLooks(t *testing.T) {
	for _, test := range []struct{ name, text, look string }{
		{"a variable", get("/b/${nowhere}"),
			"has a path that cannot be sent as it is: the variable nowhere is not in the plan"},
		{"a function", get("/b/${__groovy(1)}"), "the function __groovy is not read"},
		{"a value", post("/b", `{"a": "${nowhere}"}`),
			"has a body that cannot be sent as it is: the variable nowhere is not in the plan"},
		{"a header", get("/b", header("X-A", "${nowhere}")), "has a header that is left out, X-A"},
		{"a condition", el("IfController") + below(get("/b")),
			"IfController ifcontroller is not read: write when it is sent"},
		{"while", el("WhileController") + below(get("/b")), "WhileController whilecontroller is not read"},
		{"another sampler", el("JDBCSampler") + below(), "JDBCSampler jdbcsampler is no HTTP request"},
		{"another timer", el("PoissonRandomTimer", "ConstantTimer.delay=x") + below() + get("/b"),
			"is not read: write wait"},
		{"a text of an answer", get("/b", el("ResponseAssertion", "Assertion.test_field=Assertion.response_data",
			"Assertion.test_type=2")+below()), "ResponseAssertion responseassertion is not read: write expect"},
		{"a duration", get("/b", el("DurationAssertion")+below()), "DurationAssertion durationassertion is not read"},
		{"codes that no answer has", get("/b", assertion(8, "200", "201")), "is not read: write expect"},
		{"another extractor", get("/b", el("XPathExtractor")+below()), "XPathExtractor xpathextractor is not read"},
		{"a deep path", get("/b", jsonExtractor("x", "$..id", "1")), "is not read: write capture for x"},
		{"files", el("HTTPSamplerProxy", "HTTPSampler.path=/b", "HTTPSampler.method=POST",
			`<elementProp name="HTTPsampler.Files"><collectionProp name="HTTPFileArgs.files">`+
				el("elementProp", "File.path=x")+`</collectionProp></elementProp>`) + below(),
			"sends files: write multipart"},
		{"another host", get("/a") + el("HTTPSamplerProxy", "HTTPSampler.domain=elsewhere.example",
			"HTTPSampler.path=/b") + below(), "goes to another host, elsewhere.example"},
		{"a script", el("JSR223PreProcessor") + below(),
			"JSR223PreProcessor jsr223preprocessor is not read, and left out"},
		{"a text table", el("CSVDataSet", "filename=boats.txt") + below(), "its file is no .csv file"},
		{"loops that end", el("LoopController", "LoopController.loops=-1") + below(get("/b")), "goes on forever"},
		{"a loop of no turn", el("LoopController", "LoopController.loops=0") + below(get("/b")),
			"LoopController loopcontroller makes no turn, and what is in it is left out"},
		{"a module that is nowhere", module("harbour", "nowhere"),
			"ModuleController modulecontroller leads to nothing that is in the plan"},
		{"a module in itself", module("harbour", "threadgroup", "genericcontroller") + el("GenericController") +
			below(module("harbour", "threadgroup", "genericcontroller")),
			"ModuleController modulecontroller leads to nothing that is in the plan"},
		{"what users begin with", el("OnceOnlyController") + below(get("/b/${nowhere}")),
			"# start:\n    #   - GET /b/"},
		{"another file", el("IncludeController", "IncludeController.includepath=parts/login.jmx") + below(),
			"IncludeController includecontroller includes another file, parts/login.jmx, which is left out"},
		{"an action that ends a thread", el("TestAction", "ActionProcessor.action=0") + below(),
			"TestAction testaction is not read, and left out"},
		{"a timeout", el("HTTPSamplerProxy", "HTTPSampler.path=/b", "HTTPSampler.response_timeout=500") + below(),
			"has a timeout that is not here"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromJMX(testPlan(get("/safe"), test.text))
			if got := encoded(t, d, err); !strings.Contains(got, test.look) {
				t.Errorf("the file is\n%s\nwhich lacks look: %s", got, test.look)
			}
		})
	}
}

// module is a controller that leads to another place of the plan, by names.
func module(names ...string) string {
	list := `<collectionProp name="ModuleController.node_path"><stringProp>Test Plan</stringProp>`
	for _, n := range names {
		list += "<stringProp>" + escaped(n) + "</stringProp>"
	}
	return el("ModuleController", list+"</collectionProp>") + below()
}

// off is an element that is switched off.
func off(element string) string {
	return strings.Replace(element, " testname", ` enabled="false" testname`, 1)
}

// A request whose loop makes no turn is not sent.
func TestJMXLoopOfNoTurn(t *testing.T) {
	d, err := fromJMX(testPlan(get("/safe"), el("LoopController", "LoopController.loops=0")+below(get("/never"))))
	if got := encoded(t, d, err); strings.Contains(got, "/never") {
		t.Errorf("the file is\n%s", got)
	}
}

// Every request of a plan is in the draft or in a look, whatever it is in.
func TestJMXLosesNoRequest(t *testing.T) {
	var requests []string
	one := func(inside ...string) string {
		path := fmt.Sprintf("/p%d", len(requests))
		requests = append(requests, path)
		return strings.Replace(get(path, inside...), "httpsamplerproxy", "sampler of "+path+".", 1)
	}
	var within []string
	for _, tag := range []string{"GenericController", "IfController", "WhileController", "InterleaveControl",
		"RandomOrderController", "RandomController", "SwitchController", "ThroughputController", "RunTime",
		"ForeachController", "CriticalSectionController", "OnceOnlyController", "TransactionController",
		"LoopController",
		"RecordingController", "TestFragmentController", "ModuleController", "IncludeController", "JSR223Sampler",
		"com.blazemeter.jmeter.controller.ParallelSampler", "com.example.Odd", "ConfigTestElement", "HeaderManager",
		"ConstantTimer", "ThreadGroup", "HTTPSampler"} {
		within = append(within, el(tag)+below(one(), el(tag)+below(one(one()))))
	}
	beside := ""
	for _, tag := range []string{"SetupThreadGroup", "PostThreadGroup", "TestFragmentController", "GenericController",
		"com.blazemeter.jmeter.threads.concurrency.ConcurrencyThreadGroup", "com.example.Odd"} {
		beside += el(tag) + below(one(), one(one()))
	}
	plan := strings.Replace(testPlan(within...), "<ThreadGroup", beside+one()+"<ThreadGroup", 1)
	plan = strings.Replace(plan, "</hashTree></jmeterTestPlan>", one()+"</hashTree></jmeterTestPlan>", 1)
	d, err := fromJMX(plan)
	got := encoded(t, d, err) + strings.Join(d.Looks(), "\n")
	for _, path := range requests {
		if !regexp.MustCompile(path + `\D`).MatchString(got) {
			t.Errorf("%s is lost in\n%s", path, got)
		}
	}
}

// What is done once is in setup and teardown, by the rules of all requests, and is in no group.
func TestJMXSetupAndTeardown(t *testing.T) {
	id := el("JSONPostProcessor", "JSONPostProcessor.referenceNames=seed",
		"JSONPostProcessor.jsonPathExprs=$.id") + below()
	d, err := fromJMX(strings.Replace(testPlan(get("/a")), "<ThreadGroup",
		el("SetupThreadGroup", "ThreadGroup.num_threads=3")+below(header("X-Kind", "k"),
			post("/login", `{"password": "hunter2pass"}`), post("/seeds", `{"a": 1}`, id), get("/seeds/${seed}"),
			el("LoopController", "LoopController.loops=2")+below(get("/warm"), get("/warmer")))+
			el("PostThreadGroup")+below(get("/report"), el("HTTPSamplerProxy", "HTTPSampler.path=/seeds/7",
			"HTTPSampler.method=DELETE")+below(), el("HTTPSamplerProxy", "HTTPSampler.path=/x",
			"HTTPSampler.domain=other.example")+below())+"<ThreadGroup", 1))
	got := encoded(t, d, err)
	for _, want := range []string{"# look: line 1: SetupThreadGroup setupthreadgroup has 3 threads: setup is sent once\n", `
setup:
  # look: set LOADGATE_PASSWORD: the value of password is not here
  - request: POST /login
    headers: {X-Kind: k}
    json: {password: '${ env("LOADGATE_PASSWORD", "change-me") }'}
    secret: true
  - request: POST /seeds
    headers: {X-Kind: k}
    json: {a: 1}
    capture: {seed: body.id}
  - request: 'GET /seeds/${ seed }'
    headers: {X-Kind: k}
  # look: it is sent 2 times in the plan: here once
  - request: GET /warm
    headers: {X-Kind: k}
  # look: it is sent 2 times in the plan: here once
  - request: GET /warmer
    headers: {X-Kind: k}

teardown:
  - GET /report
  # look: it writes to what this group did not make: 7
  # - DELETE /seeds/7
  # look: line 1: HTTPSamplerProxy httpsamplerproxy goes to another host, other.example:8000; to send it, name that host under hosts
  # - GET /x

users:
`} {
		if !strings.Contains(got, want) || strings.Contains(got, "hunter") {
			t.Errorf("the file is\n%s\nwhich lacks %s", got, want)
		}
	}
	for name, g := range load(t, got) {
		if name != "threadgroup" || len(g) != 2 {
			t.Errorf("group %s has %v", name, g)
		}
	}
}

// Modules that lead to each other many times over are one line.
func TestJMXModuleBomb(t *testing.T) {
	var all []string
	for i := range 40 {
		name := fmt.Sprintf("m%d", i+1)
		all = append(all, strings.Replace(el("GenericController"), "genericcontroller", fmt.Sprintf("m%d", i), 1)+
			below(module("harbour", "threadgroup", name), module("harbour", "threadgroup", name)))
	}
	_, err := fromJMX(testPlan(append(all, get("/a"))...))
	if err == nil || !strings.Contains(err.Error(), "its modules lead to more than one file can hold") {
		t.Errorf("got %v", err)
	}
}

// A test that would show a secret is a look with its line, and is not made; one of another value beside it is.
func TestJMXTestsOfSecrets(t *testing.T) {
	d, err := fromJMX(testPlan(get("/a", jsonAssertion("$.password", "hunter"), jsonAssertion("$.pin", "4711"),
		jsonAssertion("$.tokens.kind", "day"))))
	got := encoded(t, d, err)
	if n := strings.Count(got, "JSONPathAssertion jsonpathassertion is not read: write expect"); n != 1 ||
		!strings.Contains(got, `expect: 'status < 300 && string(body.tokens.kind) == "day"'`) {
		t.Errorf("the file is\n%s", got)
	}
}

func jsonAssertion(path, v string) string {
	return el("JSONPathAssertion", "JSON_PATH="+path, "JSONVALIDATION=true", "EXPECTED_VALUE="+v) + below()
}

func regexExtractor(pattern string) string {
	return el("RegexExtractor", "RegexExtractor.refname=k", "RegexExtractor.regex="+pattern,
		"RegexExtractor.template=$1$", "RegexExtractor.match_number=1") + below()
}

// No secret of a plan is in the file, wherever it is.
func TestJMXSecrets(t *testing.T) {
	const secret = "Zx9-Quiet-Harbour-77"
	const key = "sk_live_51HqLyjWDarjtT1zdp7dcXYZ"
	const drawn = "Xy9Zk3Q7wR5tLm2NbV8pKd4"
	for _, text := range []string{
		post("/login", `{"user": "ada", "password": "`+secret+`"}`),
		variables("PASSWORD", secret) + post("/login", `{"user": "ada", "pass": "${PASSWORD}"}`),
		variables("p", secret) + post("/login", `{"user": "ada", "password": "${p}"}`),
		post("/login", `user=ada&password=`+secret),
		header("Authorization", "Bearer "+key) + get("/a"),
		get("/a", header("X-Api-Key", key)),
		get("/a?token=" + key), get("/share/" + key), get("/a?k=${__P(token," + key + ")}"),
		get("/a?k=${__property(api.key,," + secret + ")}"),
		el("HTTPSamplerProxy", "HTTPSampler.path=/login", "HTTPSampler.method=POST",
			arguments("pwd", secret)) + below(),
		`<AuthManager testname="a"><collectionProp name="AuthManager.auth_list">` + el("elementProp",
			"Authorization.username=ada", "Authorization.password="+secret) + `</collectionProp></AuthManager>` +
			below() + get("/a"),
		el("HTTPSamplerProxy", "HTTPSampler.path=https://ada:"+secret+"@elsewhere.example/a") + below(),
		el("JSR223Sampler", "script=password = '"+secret+"'") + below(),
		get("/a", jsonAssertion("$.user.password", secret)),
		get("/a", jsonAssertion("$.tokens[0].value.token", secret)),
		get("/a", jsonAssertion("$.state", key)), get("/a", jsonAssertion("$['"+drawn+"']", "x")),
		get("/a", jsonExtractor("x", "$['"+drawn+"'].id", "1")),
		get("/a", regexExtractor(`"password":"`+secret+`","id":"(\d+)"`)), get("/a", regexExtractor(drawn+`="(.+?)"`)),
		get("/a", header("X-"+drawn, "1")), header("X-"+drawn, "1") + get("/a"),
		post("/a", `{"`+drawn+`": 1}`), get("/a?" + drawn + "=1"),
		strings.Replace(get("/a/${nowhere}"), "httpsamplerproxy", "GET /a/"+drawn, 1),
		el("TransactionController") + below(strings.Replace(get("/a/${__Random(1,2)}"), "httpsamplerproxy",
			"GET /a/"+drawn, 1)),
	} {
		d, err := fromJMX(testPlan(get("/safe"), text))
		got := encoded(t, d, err) + strings.Join(d.Looks(), "\n")
		if strings.Contains(got, secret) || strings.Contains(got, key) || strings.Contains(got, drawn) {
			t.Errorf("%s\nis in\n%s", text, got)
		}
	}
}

// What is no plan, or a hostile one, is one line, and soon.
func TestJMXMistakes(t *testing.T) {
	began := time.Now()
	bomb := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
	doubling := []string{"v0", "xxxxxxxxxxxxxxxxxxxx"}
	for i := range 40 {
		doubling = append(doubling, fmt.Sprintf("v%d", i+1), fmt.Sprintf("${v%d}${v%d}", i, i))
	}
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "read JMX: it is empty"},
		{"a web page", "<html></html>", "this is a web page"},
		{"other XML", "<project><a/></project>", "this is XML"},
		{"other XML in it", "<a><jmeterTestPlan></jmeterTestPlan></a>", "it is no test plan of JMeter, but <a>"},
		{"JSON", `{"openapi": "3.0.3"}`, "give it with --openapi"},
		{"words", "just words", "it is not XML"},
		{"cut off", testPlan(get("/a"))[:300], "is not XML"},
		{"no request", testPlan(), "it has no thread group that is enabled and has an HTTP request"},
		{"nesting", `<jmeterTestPlan>` + strings.Repeat("<hashTree>", 200), "nested too deep"},
		{"many elements", `<jmeterTestPlan>` + strings.Repeat("<a/>", 200_001), "more elements"},
		{"entities", bomb + `<jmeterTestPlan><hashTree>&b;</hashTree></jmeterTestPlan>`, "is not XML"},
		{"an encoding", `<?xml version="1.0" encoding="EBCDIC"?>` + testPlan(get("/a")),
			"its encoding is EBCDIC: save it as UTF-8"},
	} {
		_, err := fromJMX(test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	for name, text := range map[string]string{
		"doubling": testPlan(variables(doubling...), get("/a/${v40}"), get("/safe")),
		"a circle": testPlan(variables("a", "${b}", "b", "${a}"), get("/a/${a}"), get("/safe")),
		"braces":   testPlan(get("/"+strings.Repeat("${", 5000)), get("/safe")),
	} {
		d, err := fromJMX(text)
		if err == nil {
			_, err = d.Encode()
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v has several lines", name, err)
		}
		if d != nil && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if took := time.Since(began); took > time.Minute { // a bomb would take hours
		t.Errorf("it took %s", took)
	}
}

// Whatever the plan is, there is a draft that can be read back, or one line.
func FuzzJMX(f *testing.F) {
	f.Add(tutormaxPlan(f))
	f.Add(testPlan(get("/a/${__Random(1,9)}"), post("/b", `{"a": "${x}"}`, jsonExtractor("x", "$.a[*].b", "0"))))
	f.Add(testPlan(el("LoopController", "LoopController.loops=3") + below(get("/a", assertion(1, "2..")))))
	f.Fuzz(func(t *testing.T, text string) {
		d, err := fromJMX(text)
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
