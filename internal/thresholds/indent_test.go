package thresholds_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/thresholds"
)

// One mistake gets one message, at its line and column.
func TestOneMistakeOneMessage(t *testing.T) {
	const good = `version: 1
target:
  url: http://localhost:8000
profiles:
  p: {users: 20, spawn_rate: 10/s, duration: 60s}
users:
  g:
    wait: 1s
    steps:
      - GET /a
      - GET /b
      - request: POST /c
        json: {a: 1}
thresholds:
  quick:
    endpoints: "*"
    p95: 100ms
`
	oneLineFor(t, good, []slip{
		{"      - GET /b", "     - GET /b", "f:11:6: this line is indented by 5; write 6 spaces"},
		{"      - GET /b", "        - GET /b", "f:11:9: users.g.steps[0]: the dash is indented too far"},
		{"      - GET /b", "    - GET /b", "f:11:5: this line is indented by 4; write 6 spaces"},
		{"      - request", "    - request", "f:12:5: this line is indented by 4; write 6 spaces"},
		{"        json", "         json", "f:13:10: this line is indented by 9; write 8 spaces"},
		{"        json", "       json", "f:13:8: this line is indented by 7; write 8 spaces"},
		{"    steps", "   steps", "f:9:4: this line is indented by 3; write 4 spaces"},
		{"    steps", "     steps", "f:9:6: this line is indented by 5; write 4 spaces"},
		{"    wait", "   wait", "f:8:4: this line is indented by 3; write 4 spaces"},
		{"    p95", "   p95", "f:17:4: this line is indented by 3; write 4 spaces"},
		{"    p95", "\tp95", "f:17:1: the indentation has a tab; write spaces"},
		{`"*"`, `"*`, "f:16:16: a quote is not closed"},
		{"wait: 1s", "wait 1s", "f:8:9: a colon is missing after wait; write wait: 1s"},
		{"wait: 1s", "wait:1s", "f:8:10: a space is missing after the colon"},
		{"- GET /b", "-GET /b", "f:11:8: a space is missing after the dash"},
		{"wait", "wiat", "f:8:5: users.g.wiat: unknown key; did you mean wait?"},
		{"wait: 1s", "wiat: soon", "f:8:5: users.g.wiat: unknown key; did you mean wait?"},
		{"steps", "setps", "f:9:5: users.g.setps: unknown key; did you mean steps?"},
		{"thresholds", "tresholds", "f:14:1: tresholds: unknown key; did you mean thresholds?"},
		{"users:\n", "user:\n", "f:6:1: user: unknown key; did you mean users?"},
		{"profiles", "profile", "f:4:1: profile: unknown key; did you mean profiles?"},
		{"endpoints", "endpoint", "f:16:5: thresholds.quick.endpoint: unknown key; did you mean endpoints?"},
		{"request:", "reqest:", "f:12:9: users.g.steps[2].reqest: unknown key; did you mean request?"},
		{"target", "targt", "f:2:1: targt: unknown key; did you mean target?"},
		{"      - GET /b", "        GET /b", "f:11:9: a dash is missing before this item; write - GET /b"},
		{"      - GET /b", "      GET /b", "f:11:7: a dash is missing before this item; write - GET /b"},
		{"      - GET /a", "      GET /a", "f:10:7: a dash is missing before this item; write - GET /a"},
		{"      - request", "        request", "f:12:9: a dash is missing before this item; write - request: POST /c"},
		{"- GET /b", "-\tGET /b", "f:11:8: there is a tab after the dash; write a space"},
		{"- GET /a", "- \t GET /a", "f:10:8: there is a tab after the dash; write a space"},
		{"- request", "-\trequest", "f:12:8: there is a tab after the dash; write a space"},
		{"- GET /b", "- - GET /b", "f:11:9: there are two dashes; write one"},
		{"  quick", "quick", "f:15:1: this line is indented by 0; write 2 spaces"},
		{"  g:", "g:", "f:7:1: this line is indented by 0; write 2 spaces"},
		{"  p: {", "p: {", "f:5:1: this line is indented by 0; write 2 spaces"},
		{"wait: 1s", "wait = 1s", "f:8:9: a key and its value have a colon between them; write wait: 1s"},
		{"    steps:", "    steps", "f:9:10: a colon is missing after steps; write steps:"},
		{"wait: 1s", "wait:: 1s", "f:8:10: there are two colons; write one, and a space"},
		{"wait: 1s", `"wait: 1s`, `f:8:5: the " before wait is not closed; leave it out`},
		{"    wait", "\u00a0\u00a0\u00a0\u00a0wait",
			"f:8:1: the indentation has a character that only looks like a space"},
		{"wait: 1s", "wait：1s", "f:8:9: this colon is another character, U+FF1A"},
		{"users:\n", "this is for later\nusers:\n", "f:6:1: this line is no key with a value and no item of a list"},
		{"version: 1\n", "```yaml\nversion: 1\n", "f:1:1: ```yaml is Markdown and no part of the file"},
		{"    wait: 1s\n", "<<<<<<< a\n    wait: 1s\n=======\n    wait: 2s\n>>>>>>> b\n",
			"f:8:1: a merge is not finished here, up to line 12"},
		{"    wait", "    - wait", "f:8:5: there is a dash before this key"},
		{"    steps:", "    steps: GET /z", "f:9:11: a list follows, and steps cannot have a value besides"},
		{"        json: {a: 1}", "        text: |\n      foo", "f:14:7: the text of line 13 is indented by 6"},
		{"  quick:\n", "", "f:15:5: thresholds.endpoints: a name is missing above this key"},
		{"  g:\n", "", "f:7:5: users.wait: a name is missing above this key"},
		{"        json: {a: 1}\n", "        json: {a: 1}\n    wait: 1s\n    steps: [GET /d]\n",
			"f:14:5: users.g.wait: is here twice, first in line 8; if what begins here is another"},
		{"{a: 1}", "{a: b: c}", "f:13:19: a value with \": \" in it"},
		{"60s}", "60s,, warm_up: 1s}", "f:5:50: there are two commas; write one"},
		{"20, spawn", "20 spawn", "f:5:17: a comma is missing before spawn_rate; write one"},
	})
}

// A file with one line a level has no neighbours to compare an indentation with.
func TestOneMistakeInASmallFile(t *testing.T) {
	const small = `version: 1
profiles: {light: {users: 2, spawn_rate: 1/s, duration: 60s}}
target:
  url: http://localhost:8000
  ready:
    checks:
      - {get: /health}
users:
  shopper:
    wait: 1s
    steps:
      - GET /c
thresholds:
  all:
    {endpoints: ["*", "GET /c"], success: 99%, except: {endpoint: POST /d, reason: 'slow'}}
`
	good := strings.Replace(small, "- GET /c", "- GET /c\n      - POST /d", 1)
	oneLineFor(t, good, []slip{
		{"    steps", "     steps", "f:11:6: this line is indented by 5; write 4 spaces"},
		{"    steps", "   steps", "f:11:4: this line is indented by 3; write 4 spaces"},
		{"    wait", "     wait", "f:10:6: this line is indented by 5; write 4 spaces"},
		{"    wait", "   wait", "f:10:4: this line is indented by 3; write 4 spaces"},
		{"  all:", "all:", "f:15:1: this line is indented by 0; write 2 spaces"},
		{"    checks", "  checks", "f:6:3: this line is indented by 2; write 4 spaces"},
		{"60s}}", "60s}", "f:2:11: the { is not closed; write } where it ends"},
		{"{light: {", "{light: ", "f:2:19: a } has no {; write { where it begins"},
		{`"GET /c"]`, `"GET /c"`, "f:16:17: the [ is not closed; write ] where it ends"},
		{"'slow'}}", "'slow'}", "f:16:5: the { is not closed; write } where it ends"},
		{"{get: /health}", "{get: /health", "f:7:9: the { is not closed; write } where it ends"},
		{`"GET /c"]`, `"GET /c]`, `f:16:23: a " is not closed in this value`},
		{`["*"`, `["*`, `f:16:18: a " is not closed in this value`},
		{"'slow'", "'slow", "f:16:84: a ' is not closed in this value"},
	})
}

// slip is one mistake in a good file.
type slip struct{ old, new, want string }

// oneLineFor fails where a mistake gets another message than the one that begins as wanted.
func oneLineFor(t *testing.T, good string, slips []slip) {
	t.Helper()
	if _, err := thresholds.Decode([]byte(good), "f", thresholds.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range slips {
		_, err := thresholds.Decode([]byte(strings.Replace(good, c.old, c.new, 1)), "f", thresholds.Options{})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q for %q:\n%v\nwant one line that begins with\n%s", c.new, c.old, err, c.want)
		}
	}
}
