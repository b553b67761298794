package thresholds_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
)

func decode(t *testing.T, text string, o thresholds.Options) *config.Config {
	t.Helper()
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", o)
	if err != nil {
		t.Fatalf("Decode() = %v, want no error", err)
	}
	return s
}

func everything(t *testing.T) *config.Config {
	t.Helper()
	src, _, o := open(t, corpus+"/good/everything.yaml")
	o.Getenv = func(name string) (string, bool) {
		value, ok := map[string]string{"API_TOKEN": "s3cret"}[name]
		return value, ok
	}
	return decode(t, string(src), o)
}

func TestTarget(t *testing.T) {
	got := everything(t).Target
	if got.URL != "http://localhost:8000/base" || got.Timeout != 8*time.Second ||
		got.Connect != 2*time.Second || got.MaxBody != 1<<20 {
		t.Errorf("Target = %+v", got)
	}
	names := []string{}
	for _, h := range got.Headers {
		text, ok := h.Value.Static()
		names = append(names, h.Name+": "+text)
		if !ok {
			t.Errorf("%s is not static", h.Name)
		}
	}
	if diff := cmp.Diff([]string{"accept: application/json", "X-Token: s3cret"}, names); diff != "" {
		t.Errorf("Headers (-want +got):\n%s", diff)
	}
	if got.Ready.Within != 90*time.Second || len(got.Ready.Checks) != 2 || got.Ready.Checks[0].Expect == nil {
		t.Errorf("Ready = %+v", got.Ready)
	}
	if c := got.Ready.Checks[1]; c.Method != "HEAD" || c.Path != "/items" || c.Expect != nil {
		t.Errorf("Ready.Checks[1] = %+v, want HEAD /items", c)
	}
}

func TestDefaults(t *testing.T) {
	const head = "version: 1\ntarget: {url: http://localhost, ready: {checks: [{get: /a}]}}"
	s := decode(t, head+rest, thresholds.Options{})
	service := s.Target
	if service.Timeout != 10*time.Second || service.Connect != 5*time.Second ||
		service.MaxBody != 10<<20 || service.Ready.Within != 30*time.Second {
		t.Errorf("Target = %+v, want the documented defaults", service)
	}
	if diff := cmp.Diff(target.Loopback(), service.Allow); diff != "" {
		t.Errorf("Allow (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(config.Judge{Confidence: 0.95, Extend: 1, StopOnFail: true}, s.Judge); diff != "" {
		t.Errorf("Judge (-want +got):\n%s", diff)
	}
	g := s.Groups[0]
	step := g.Steps[0]
	if g.Weight != 1 || g.Order != config.Sequence || step.Times != 1 ||
		step.Weight != 1 || step.Timeout != 10*time.Second {
		t.Errorf("Group = %+v, want the documented defaults", g)
	}
	if p := s.Profiles[0]; p.HasWarmUp || p.NoTry || p.Pace.Auto || p.Pace.All != 0 || p.Pace.ByGroup != nil {
		t.Errorf("Profile = %+v, want no warm-up and no pace", p)
	}
	short := decode(t, "version: 1\ntarget: {url: http://localhost, timeout: 2s}"+rest, thresholds.Options{})
	if short.Target.Connect != 2*time.Second {
		t.Errorf("Connect = %v, want the timeout of 2s", short.Target.Connect)
	}
}

func TestProfiles(t *testing.T) {
	got := everything(t).Profiles
	for i := range got {
		got[i].Pos = mistake.Pos{}
	}
	want := []config.Profile{
		{Name: "light", Users: 50, SpawnRate: 5, Duration: 5 * time.Minute, HasWarmUp: true, NoTry: true},
		{Name: "paced", Users: 1, SpawnRate: 0.5, Duration: 90 * time.Second, Pace: config.Pace{All: 2.5}},
		{Name: "auto", Users: 1, SpawnRate: 0.5, Duration: time.Minute, Pace: config.Pace{Auto: true}},
		{Name: "arrivals", Rate: 50, Duration: 2 * time.Minute, Even: true, MaxUsers: 200},
		{Name: "steps", Duration: 280 * time.Second, Stages: []config.Stage{
			{Users: 20, Over: 30 * time.Second, For: 2 * time.Minute},
			{Users: 40, For: 2 * time.Minute}, {Over: 10 * time.Second},
		}},
		{Name: "open steps", Duration: 160 * time.Second, Stages: []config.Stage{
			{Open: true, Rate: 5, Over: 30 * time.Second}, {Open: true, Rate: 5, For: 2 * time.Minute},
			{Open: true, Over: 10 * time.Second},
		}},
		{Name: "by group", Users: 1, SpawnRate: 1, Duration: time.Minute,
			Pace: config.Pace{ByGroup: map[string]float64{"reader": 3}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Profiles (-want +got):\n%s", diff)
	}
}

func TestProfileByName(t *testing.T) {
	s := everything(t)
	if p, err := s.Profile("paced"); err != nil || p.Name != "paced" {
		t.Errorf(`Profile("paced") = %v, %v`, p.Name, err)
	}
	if p, err := s.Profile(""); err != nil || p.Name != "light" {
		t.Errorf(`Profile("") = %v, %v, want the default`, p.Name, err)
	}
	if _, err := s.Profile("pacd"); err == nil || !strings.Contains(err.Error(), "did you mean paced?") {
		t.Errorf(`Profile("pacd") = %v, want a suggestion`, err)
	}
}

func TestEndpoints(t *testing.T) {
	var got []string
	for _, g := range everything(t).Groups {
		for _, s := range append(g.Start, g.Steps...) {
			got = append(got, s.Endpoint)
		}
	}
	want := []string{
		"POST /login", "GET /items", "GET /items?shelf={shelf}&page=1",
		"POST /items/{shelf}/{good}/{n}", "PUT /items/{item}",
		"OPTIONS /upload", "POST /upload", "DELETE /upload", "POST /orders",
		"GET /orders/{order}", "GET /a", "GET /b", "GET /a", "GET /c",
		"GET /items", "GET /a", "PROPFIND /items", "GET /seed/{id}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("endpoints (-want +got):\n%s", diff)
	}
}

func TestTransactions(t *testing.T) {
	s := everything(t)
	type part struct {
		Endpoint, Transaction string
		Times, All            int
		Weight                float64
	}
	var got []part
	for _, g := range s.Groups {
		for _, step := range g.Steps {
			if in := step.Transaction; in != nil {
				got = append(got, part{step.Endpoint, in.Name, step.Times, in.Times, in.Weight})
			}
		}
	}
	want := []part{
		{"POST /orders", "checkout", 1, 2, 1}, {"GET /orders/{order}", "checkout", 1, 2, 1},
		{"GET /a", "browse", 1, 1, 2}, {"GET /c", "browse", 2, 1, 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps of transactions (-want +got):\n%s", diff)
	}
	if len(s.Transactions) != 2 || s.Transactions[0].Name != "checkout" || s.Transactions[1].Name != "browse" {
		t.Errorf("Transactions = %+v", s.Transactions)
	}
}

func TestEndpointName(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"/items", "GET /items"},
		{"/items/${ int(1, 9) }", "GET /items/{id}"},
		{"/items/${ int(1, 9) }/parts/${ int(1, 9) + 1 }", "GET /items/{id}/parts/{id2}"},
		{"/items/${ id }/parts/${ int(1, 9) }", "GET /items/{id}/parts/{id2}"},
		{"/items/${id}?q=${ pick(\"a\", \"b\") }&r=${ id }", "GET /items/{id}?q={id2}&r={id}"},
		{"/price/$${x}", "GET /price/${x}"},
	} {
		t.Run(c.path, func(t *testing.T) {
			text := strings.Replace(rest, "steps: [GET /items]", "vars: {id: 1}\n    steps: ['GET "+c.path+"']", 1)
			s, err := thresholds.Decode([]byte("version: 1"+text), "", thresholds.Options{Host: "http://localhost"})
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Groups[0].Steps[0].Endpoint; got != c.want {
				t.Errorf("Endpoint = %q, want %q", got, c.want)
			}
		})
	}
}

// headerNames lists the headers of a step.
func headerNames(s config.Step) []string {
	var names []string
	for _, h := range s.Headers {
		names = append(names, h.Name)
	}
	return names
}

func TestHeadersOfSteps(t *testing.T) {
	g := everything(t).Groups[0]
	if diff := cmp.Diff([]string{"accept", "X-Token", "X-User"}, headerNames(g.Start[0])); diff != "" {
		t.Errorf("login (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"accept", "X-Token", "Authorization", "X-User", "X-Request-Id"},
		headerNames(g.Steps[2])); diff != "" {
		t.Errorf("step (-want +got):\n%s", diff)
	}
}

func TestNearestHeaderWins(t *testing.T) {
	text := "version: 1\ntarget: {url: http://localhost, headers: {X-A: target, X-B: target, X-C: target}}" +
		strings.Replace(rest, "steps: [GET /items]",
			"headers: {x-b: group, x-c: group}\n    steps: [{request: GET /items, headers: {X-C: step}}]", 1)
	var got []string
	for _, h := range decode(t, text, thresholds.Options{}).Groups[0].Steps[0].Headers {
		got = append(got, h.Name+"="+h.Value.String())
	}
	if diff := cmp.Diff([]string{"X-A=target", "x-b=group", "X-C=step"}, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestBodies(t *testing.T) {
	g := everything(t).Groups[0]
	for i, want := range map[int]string{2: "application/json",
		3: "text/markdown", 4: "application/octet-stream", 6: "application/json"} {
		if got := g.Steps[i].Body.ContentType; got != want {
			t.Errorf("steps[%d] has Content-Type %q, want %q", i, got, want)
		}
		for _, name := range headerNames(g.Steps[i]) {
			if name == "Content-Type" {
				t.Errorf("steps[%d] has a Content-Type in its headers too", i)
			}
		}
	}
	if form := g.Start[0].Body; len(form.Form) != 2 || form.Form[0].Name != "username" ||
		form.ContentType != "application/x-www-form-urlencoded" {
		t.Errorf("form = %+v", form)
	}
	if file := g.Steps[4].Body.File; !strings.HasPrefix(string(file), `[{"id": 1`) {
		t.Errorf("file = %q", file)
	}
	if g.Steps[0].Body != nil {
		t.Error("GET /items has a body, want none")
	}
	if s := g.Start[0]; !s.Start || !s.Secret || len(s.Capture) != 1 || s.Capture[0].Name != "token" {
		t.Errorf("start step = %+v", s)
	}
}

func TestInheritedContentTypeLeavesBodies(t *testing.T) {
	text := "version: 1\ntarget: {url: http://localhost, headers: {Content-Type: application/json}}" +
		strings.Replace(rest, "[GET /items]", "[GET /items, {request: POST /items, form: {a: b}}]", 1)
	steps := decode(t, text, thresholds.Options{}).Groups[0].Steps
	if got := headerNames(steps[0]); len(got) != 1 {
		t.Errorf("GET sends %q, want the target's Content-Type", got)
	}
	if got := headerNames(steps[1]); len(got) != 0 || steps[1].Body.ContentType != "application/x-www-form-urlencoded" {
		t.Errorf("form sends %q and %q, want its own Content-Type alone", got, steps[1].Body.ContentType)
	}
}

func TestVars(t *testing.T) {
	vars := everything(t).Groups[0].Vars
	if len(vars) != 2 || vars[0].Name != "shelf" || vars[0].Value.Type() != expr.Int ||
		vars[1].Value.Type() != expr.Map {
		t.Errorf("Vars = %+v", vars)
	}
}

func TestData(t *testing.T) {
	data := everything(t).Data
	if diff := cmp.Diff([]map[string]any{{"email": "ada@example.com", "password": "a"},
		{"email": "bob@example.com", "password": "b,c"}}, data[0].Rows); diff != "" {
		t.Errorf("CSV rows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]map[string]any{{"id": 1, "name": "tea"}, {"id": 2, "name": "salt"}},
		data[1].Rows); diff != "" {
		t.Errorf("JSON rows (-want +got):\n%s", diff)
	}
	if data[0].Pick != config.PickUnique || data[1].Pick != config.PickRandom {
		t.Errorf("Pick = %v, %v", data[0].Pick, data[1].Pick)
	}
}

func TestDataBytes(t *testing.T) {
	text := "version: 1\ntarget: {url: http://localhost}\ndata: {rows: {file: rows.csv}}" + rest
	read := func(content string) (*config.Config, error) {
		files := fstest.MapFS{"rows.csv": {Data: []byte(content)}}
		return thresholds.Decode([]byte(text), "", thresholds.Options{Files: files})
	}
	s, err := read("\ufeffa,b\r\n1,\"x\ny\"\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]map[string]any{{"a": "1", "b": "x\ny"}}, s.Data[0].Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if _, err := read("a\n\xff\n"); err == nil || !strings.Contains(err.Error(), "not UTF-8") {
		t.Errorf("Decode() = %v, want not UTF-8", err)
	}
	if _, err := thresholds.Decode([]byte(text), "", thresholds.Options{}); err == nil ||
		!strings.Contains(err.Error(), "no folder") {
		t.Errorf("Decode() without files = %v, want no folder", err)
	}
}

func TestRules(t *testing.T) {
	rules := everything(t).Rules
	p := func(name string) metric.Metric { m, _ := metric.Parse(name); return m }
	want := []config.Limit{
		{Metric: metric.Success, Fail: 0.995, HasFail: true, Unit: unit.Ratio},
		{Metric: metric.Throughput, Fail: 1. / 60, HasFail: true, Warn: 2. / 60, HasWarn: true, Unit: unit.PerMinute},
		{Metric: p("p50"), Fail: 1e8, HasFail: true, Unit: unit.Duration},
		{Metric: p("p95"), Warn: 1.5e8, HasWarn: true, Unit: unit.Duration},
		{Metric: p("p99.9"), Fail: 2e9, HasFail: true, Unit: unit.Duration},
		{Metric: metric.Max, Fail: 1e10, HasFail: true, Unit: unit.Duration},
		{Metric: metric.Mean, Fail: 2e8, HasFail: true, Unit: unit.Duration},
	}
	got := rules[0].Limits
	for i := range got {
		if got[i].Pos.Line != rules[0].Pos.Line+2+i {
			t.Errorf("limit %d stands in line %d", i, got[i].Pos.Line)
		}
		got[i].Pos = mistake.Pos{}
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b metric.Metric) bool { return a == b })); diff != "" {
		t.Errorf("Limits (-want +got):\n%s", diff)
	}
	if rules[1].Scope != config.Combined || rules[3].Scope != config.Each || rules[0].Scope != config.ByMetric {
		t.Errorf("scopes = %v, %v, %v", rules[0].Scope, rules[1].Scope, rules[3].Scope)
	}
	if diff := cmp.Diff([]string{"light"}, rules[1].Profiles); diff != "" {
		t.Errorf("Profiles (-want +got):\n%s", diff)
	}
}

func TestJudge(t *testing.T) {
	want := config.Judge{Confidence: 0.99, Point: true, NearStrict: true,
		Inconclusive: config.UndecidedFails, Extend: 2, StopOnFail: true}
	if diff := cmp.Diff(want, everything(t).Judge); diff != "" {
		t.Errorf("Judge (-want +got):\n%s", diff)
	}
}

func TestSecrets(t *testing.T) {
	if diff := cmp.Diff([]string{"s3cret"}, everything(t).Secrets); diff != "" {
		t.Errorf("Secrets (-want +got):\n%s", diff)
	}
}

func TestEveryMistakeAtOnce(t *testing.T) {
	src, err := os.ReadFile(corpus + "/bad/ten.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = thresholds.Decode(src, "thresholds.yaml", thresholds.Options{})
	list, ok := errors.AsType[thresholds.Errors](err)
	if !ok || len(list) != 10 {
		t.Fatalf("Decode() = %v, want ten mistakes", err)
	}
	for i, e := range list[1:] {
		if e.Pos.Line < list[i].Pos.Line {
			t.Errorf("line %d stands behind line %d", e.Pos.Line, list[i].Pos.Line)
		}
	}
	if first, ok := errors.AsType[*thresholds.Error](err); !ok || first != list[0] {
		t.Errorf("errors.AsType = %v, want the first mistake", first)
	}
}

func TestNoText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "f: the file is empty"},
		{"too large", strings.Repeat("#\n", 1<<20), "f: the file is larger than 1 MiB"},
		{"not UTF-8", "version: 1\nname: \xff\n", "f:2:7: the file is not UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := thresholds.Decode([]byte(c.text), "f", thresholds.Options{}); err == nil ||
				!strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("Decode() = %v, want %s", err, c.want)
			}
		})
	}
}

func TestMistakesAreBounded(t *testing.T) {
	_, err := thresholds.Decode([]byte("version: 1\n"+strings.Repeat("zzz: 1\n", 1000)), "f", thresholds.Options{})
	list, _ := errors.AsType[thresholds.Errors](err)
	if len(list) != 101 || !strings.HasPrefix(list[100].Error(), "f: and ") {
		t.Errorf("Decode() = %d mistakes, the last %v; want 100 and how many more", len(list), list[len(list)-1])
	}
	_, err = thresholds.Decode([]byte("version: "+strings.Repeat("x", 1<<19)), "f", thresholds.Options{})
	if err == nil || len(err.Error()) > 5000 {
		t.Errorf("Decode() = %d bytes, want a message that can be read", len(err.Error()))
	}
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	text := "version: 1\ntarget: {url: http://localhost}" + strings.Replace(rest, "[GET /items]",
		"[GET /items, {request: POST /items, json: [1, -2.5, 1e3, 12345678901234567890, "+
			"123456789012345678901234567890]}]", 1)
	body := decode(t, text, thresholds.Options{}).Groups[0].Steps[1].Body
	got, err := body.JSON.AppendJSON(nil, nil)
	if want := "[1,-2.5,1000,12345678901234567890,123456789012345678901234567890]"; err != nil || string(got) != want {
		t.Errorf("body = %s, %v, want %s", got, err, want)
	}
}

func TestProtocol(t *testing.T) {
	for _, c := range []struct {
		written, url string
		want         target.Protocol
	}{
		{"auto", "https://localhost", target.Auto}, {"1.1", "https://localhost", target.HTTP1},
		{"'1.1'", "http://localhost", target.HTTP1},
		{"1.10", "http://localhost", target.HTTP1}, {"2", "https://localhost", target.HTTP2},
		{"2.0", "https://localhost", target.HTTP2},
		{`"2"`, "https://localhost", target.HTTP2}, {"h2c", "http://localhost", target.H2C},
		{"h2c", "http+unix:///run/app.sock", target.H2C},
	} {
		s := decode(t, "version: 1\ntarget: {url: "+c.url+", allow: [localhost, unix:/run/app.sock], http: "+
			c.written+"}"+rest, thresholds.Options{})
		if s.Target.HTTP != c.want {
			t.Errorf("http: %s is %d, want %d", c.written, s.Target.HTTP, c.want)
		}
	}
}
