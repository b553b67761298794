package thresholds_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/thresholds"
)

// twoSteps has lists of two items and one of three, and names that later steps use.
const twoSteps = `version: 1
env: [A, B]
target:
  url: http://localhost:8000
  headers: {X-A: '${ env("A", "x") }', X-B: '${ env("B", "y") }'}
profiles:
  p: {users: 20, spawn_rate: 10/s, duration: 60s}
users:
  g:
    wait: 1s
    vars: {order: '${ int(1, 9) }', size: '${ int(1, 9) }'}
    steps:
      - request: POST /c
        capture: {id: body.id, other: body.x}
      - "GET /b/${ id }/${ order }"
      - request: "GET /d/${ other }/${ id }"
  h:
    wait: 1s
    steps:
      - GET /x
      - GET /y
thresholds:
  quick:
    endpoints: "*"
    p95: 100ms
`

// A superfluous quote is reported at its own place, and the path around it is not called wrong.
func TestAQuoteTooManyIsOneMistake(t *testing.T) {
	oneLineFor(t, twoSteps, []slip{
		{`"GET /b/${ id }`, `"GET /b"/${ id }`, `f:15:16: there is a " too many here; leave it out`},
		{`"GET /b/`, `""GET /b/`, `f:15:10: there is a " too many here; leave it out`},
		{`${ order }"`, `${ order }""`, `f:15:35: there is a " too many here; leave it out`},
		{`"GET /d/`, `"GET "/d/`, `f:16:23: there is a " too many here; leave it out`},
	})
}

// A text may hold the quote: then the others are wrong.
func TestAQuoteOfATextIsKept(t *testing.T) {
	src := strings.Replace(twoSteps, "        capture:", "        text: \"15\" wide\"\n        capture:", 1)
	_, err := thresholds.Decode([]byte(src), "f", thresholds.Options{})
	if want := `put it in quotes: '15" wide'`; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("Decode() = %v\nwant one line that ends with %s", err, want)
	}
}

// Of two items that do not stand below each other, the one that stands as no other item does is wrong.
func TestTheItemThatStandsAlone(t *testing.T) {
	oneLineFor(t, twoSteps, []slip{
		{"      - GET /x", "    - GET /x", "f:20:5: users.h.steps[0]: this line is indented by 4; write 6 spaces"},
		{"      - GET /x", "     - GET /x", "f:20:6: users.h.steps[0]: this line is indented by 5; write 6 spaces"},
		{"      - GET /x", "        - GET /x", "f:20:9: this line is indented by 8; write 6 spaces"},
		{"      - GET /y", "    - GET /y", "f:21:5: this line is indented by 4; write 6 spaces"},
		{"      - GET /y", "        - GET /y", "f:21:9: users.h.steps[0]: the dash is indented too far"},
	})
}

// A name whose declaration is wrong is there all the same: that others use it is no second mistake.
func TestAWrongDeclarationIsOneMistake(t *testing.T) {
	oneLineFor(t, twoSteps, []slip{
		{"{id: body.id, o", "{id body.id, o", "f:14:21: users.g.steps[0].capture.id: a colon is missing after id"},
		{"{id: body.id, o", "{id:body.id, o", "f:14:22: users.g.steps[0].capture.id: a space is missing"},
		{"{id: body.id, o", "{id: , o", "f:14:23: users.g.steps[0].capture.id: is empty"},
		{"{id: body.id, o", "{id; body.id, o", `f:14:19: users.g.steps[0].capture."id; body.id": `},
		{"{id: body.id, o", "{i-d: body.id, o", `f:14:19: users.g.steps[0].capture.i-d: "i-d" is not a name`},
		{"capture: {id", "save: {id", "f:14:9: users.g.steps[0].save: unknown key; "},
		{"{order: '", "{order; '",
			"f:11:17: a key and its value have a colon between them; write order: '${ int(1, 9) }'"},
		{"{order: '${ int(1, 9) }',", "{order '${ int(1, 9) }',",
			"f:11:17: a colon is missing after order; write order: '${ int(1, 9) }'"},
		{"[A, B]", "[A B]", `f:2:7: env[0]: "A B" is not an environment name`},
		{"[A, B]", "[A; B]", `f:2:7: env[0]: "A; B" is not an environment name`},
		{"[A, B]", "[A, B-]", `f:2:10: env[1]: "B-" is not an environment name`},
		{"[A, B]", "A, B", `f:2:6: env: is "A, B"; write a list`},
		{"env:", "evn:", "f:2:1: evn: unknown key; "},
		{"[A, B]", "[]", "f:2:6: env: is empty"},
		{" [A, B]", "", "f:2:5: env: is empty"},
		{"{id: body.id, other: body.x}", "{}", "f:14:18: users.g.steps[0].capture: is empty"},
		{"{order: '${ int(1, 9) }', size: '${ int(1, 9) }'}", "", "f:11:10: users.g.vars: is empty"},
	})
}

// Names that a wrong declaration does not say, and those of another group, are mistakes of their own.
func TestAWrongDeclarationHidesNoOther(t *testing.T) {
	for _, c := range []struct{ old, new, other, by, want string }{
		{"{id: body", "{id body", "${ order }", "${ ordr }", `f:15:28: users.g.steps[1]: unknown name "ordr"`},
		{"{id: body", "{id body", "GET /x", "GET /x/${ id }", `f:20:19: users.h.steps[0]: unknown name "id"`},
		{"{id: body", "{i-d: body", "${ other }", "${ othe }", `f:16:29: users.g.steps[2].request: unknown name "oth`},
		{"capture: {id", "save: {id", "${ order }", "${ ordr }", `f:15:28: users.g.steps[1]: unknown name "ordr"`},
		{"[A, B]", "[A B]", `"B", "y"`, `"C", "y"`, `f:5:49: target.headers.X-B: env("C"): C is not listed`},
		{"env:", "evn:", `"B", "y"`, `"C", "y"`, `f:5:49: target.headers.X-B: env("C"): C is not listed`},
	} {
		src := strings.NewReplacer(c.old, c.new, c.other, c.by).Replace(twoSteps)
		_, err := thresholds.Decode([]byte(src), "f", thresholds.Options{})
		if err == nil || strings.Count(err.Error(), "\n") != 1 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q and %q: Decode() =\n%v\nwant two lines, one with %s", c.new, c.by, err, c.want)
		}
	}
}
