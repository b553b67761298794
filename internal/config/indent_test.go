package config_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
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
	for _, c := range []struct{ old, new, want string }{
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
	} {
		_, err := config.Decode([]byte(strings.Replace(good, c.old, c.new, 1)), "f", config.Options{})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q for %q:\n%v\nwant one line that begins with\n%s", c.new, c.old, err, c.want)
		}
	}
}
