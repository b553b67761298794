package config_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
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

// One quote too many is told where it stands, and not that the path that holds it is wrong.
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
	_, err := config.Decode([]byte(src), "f", config.Options{})
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
