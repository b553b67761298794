package thresholds_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/thresholds"
)

// usesOfNames has several users of each kind of name.
const usesOfNames = `version: 1
default_profile: soak
target: {url: http://localhost:1}
profiles:
  light: {users: 2, spawn_rate: 1/s, duration: 60s, pace: {reader: 2}}
  soak: {users: 2, spawn_rate: 1/s, duration: 60s, pace: {reader: 2}}
logins:
  ops: [POST /login]
users:
  reader: {wait: 1s, start: ops, steps: [GET /a]}
  writer: {wait: 1s, start: ops, steps: [GET /b]}
thresholds:
  all: {endpoints: "*", profiles: [soak], success: 99%}
  a: {endpoints: GET /a, profiles: [soak, light], success: 99%}
  b: {endpoints: [GET /a, GET /b], p95: 1s}
`

// A name that is not there is one mistake, however many use it, and each line that uses it is named.
func TestAnAbsentNameIsOneMistake(t *testing.T) {
	oneLineFor(t, usesOfNames, []slip{
		{"  soak: {", "  long: {", `f:2:18: default_profile: there is no profile "soak"; write one of: light, long; ` +
			"it is used in lines 13 and 14 too"},
		{"  reader: {wait", "  readers: {wait", `f:5:60: profiles.light.pace.reader: there is no group "reader"; ` +
			"did you mean readers? It is used in line 6 too"},
		{"  ops: [", "  owners: [", "f:10:29: users.reader.start: no login is called ops; write its steps in a list, " +
			"or one under logins: owners; it is used in line 11 too"},
		{"steps: [GET /a]", "steps: [GET /other]", `f:14:18: thresholds.a.endpoints: "GET /a" matches no endpoint; `},
	})
}

// So is a name in expressions: a capture that is called something else, and a variable that is not listed.
func TestAnAbsentNameInExpressionsIsOneMistake(t *testing.T) {
	const src = `version: 1
env: [KEY]
target: {url: http://localhost:1, headers: {A: "${ env('KEY') }", B: "${ env('KEY') }"}}
profiles: {light: {users: 2, spawn_rate: 1/s, duration: 60s}}
users:
  reader:
    wait: 1s
    steps:
      - {request: POST /a, capture: {id: body.id}}
      - GET /a/${ id }
      - {request: "GET /b/${ id }", headers: {C: "${ env('KEY') }"}}
      - {request: "PUT /b/${ id }", json: "${ id }"}
thresholds: {all: {endpoints: "*", success: 99%}}
`
	_, err := thresholds.Decode([]byte(src), "f", thresholds.Options{})
	const unset = `f:3:52: target.headers.A: env("KEY"): KEY is not set; set it, or write a default: ` +
		`env("KEY", "value"); it is used in line 11 too`
	if err == nil || err.Error() != unset {
		t.Errorf("Decode() =\n%v\nwant\n%s", err, unset)
	}
	listed := strings.ReplaceAll(src, "env('KEY')", "env('KEY', 'x')")
	oneLineFor(t, listed, []slip{
		{"{id: body", "{order: body", `f:10:19: users.reader.steps[1]: unknown name "id"; ` +
			`declare it under vars, capture or data, or put text in quotes; it is used in lines 11 and 12 too`},
		{"[KEY]", "[OTHER]", `f:3:52: target.headers.A: env("KEY"): KEY is not listed under env:; add it there; ` +
			`it is used in line 11 too`},
	})
}

// Another absent name, and another mistake, keep their lines.
func TestAbsentNamesKeepTheirOwnLines(t *testing.T) {
	src := strings.NewReplacer("  soak: {", "  long: {", "[soak, light]", "[soak, lihgt]", "p95: 1s", "p95: 1").
		Replace(usesOfNames)
	_, err := thresholds.Decode([]byte(src), "f", thresholds.Options{})
	if err == nil {
		t.Fatal("Decode() = no error, want mistakes")
	}
	lines := strings.Split(err.Error(), "\n")
	wants := []string{`there is no profile "soak"`, `there is no profile "lihgt"`, "thresholds.b.p95: "}
	if len(lines) != len(wants) {
		t.Fatalf("Decode() =\n%v\nwant %d lines", err, len(wants))
	}
	for i, want := range wants {
		if !strings.Contains(lines[i], want) {
			t.Errorf("line %d is %s\nwant %s", i+1, lines[i], want)
		}
	}
}

// Only a few of many lines are named; the rest is counted.
func TestManyUsesOfAnAbsentNameAreCounted(t *testing.T) {
	rule := func(name string) string {
		return "  " + name + ": {endpoints: \"*\", profiles: [soak], success: 99%}\n"
	}
	src := strings.Replace(usesOfNames, "  soak: {", "  long: {", 1)
	for _, name := range []string{"c", "d", "e", "f", "g"} {
		src += rule(name)
	}
	_, err := thresholds.Decode([]byte(src), "f", thresholds.Options{})
	const want = "it is used in lines 13, 14, 16, 17, 18 and 2 more too"
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("Decode() = %v\nwant one line that ends with %s", err, want)
	}
}
