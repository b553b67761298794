package thresholds_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/loanword"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// A word of another tool, and a key in a wrong place, get one message that says
// what to write; nothing that follows from it is reported.
func TestUnknownKeys(t *testing.T) {
	const target, profiles, users, rules = "target: {url: http://localhost:1}\n",
		"profiles: {p: {users: 10, spawn_rate: 10/s, duration: 5m}}\n",
		"users: {g: {wait: 1s, steps: [GET /a]}}\n", "thresholds: {sound: {endpoints: \"*\", success: 99%}}\n"
	tests := []struct{ name, src, want string }{
		{"scenarios", target + profiles + "scenarios: {g: {executor: ramping-vus}}\n" + rules,
			"t.yaml:4:1: scenarios: unknown key; loadgate has groups of users, and profiles for how many, or loads " +
				"at the same time for that: " +
				"write users: {"},
		{"vus", target + "profiles: {p: {vus: 10, duration: 5m}}\n" + users + rules,
			"t.yaml:3:16: profiles.p.vus: unknown key; loadgate has users in a profile for that: write users: 50"},
		{"tags", target + profiles + "users: {g: {wait: 1s, tags: [a], steps: [GET /a]}}\n" + rules,
			"unknown key; loadgate has names of endpoints for that: write name: "},
		{"checks", target + profiles + "users: {g: {wait: 1s, steps: [{request: GET /a, checks: [200]}]}}\n" + rules,
			"unknown key; loadgate has expect in a step for that: write expect: "},
		{"abortOnFail", target + profiles + users +
			"thresholds: {sound: {endpoints: \"*\", success: 99%, abortOnFail: true}}\n",
			"loadgate has judge.stop_on_fail for that: write judge: {stop_on_fail: true}"},
		{"tasks and wait_time", target + profiles + "users: {g: {wait: 1s, tasks: [GET /a]}}\n" + rules,
			"loadgate has steps of a group for that: write steps: [GET /items, POST /items]"},
		{"wait_time", target + profiles + "users: {g: {wait_time: 1s, steps: [GET /a]}}\n" + rules,
			"loadgate has wait in a group for that: write wait: 5s..15s"},
		{"host", "host: http://localhost:1\n" + profiles + users + rules,
			"t.yaml:2:1: host: unknown key; loadgate has target.url for that: write target: {url: " +
				"http://localhost:8000}"},
		{"k6's threshold", target + profiles + users + "thresholds: {http_req_duration: ['p(95)<500']}\n",
			"thresholds.http_req_duration: is not a name here; loadgate has rules for endpoints for that: write " +
				"reads: {endpoints: \"*\", p95: 500ms}"},
		{"stages at the top", target + profiles + users + rules + "stages: [{users: 20, for: 2m}]\n",
			"stages: unknown key; it is a key of a profile, under profiles.NAME; write stages: [{"},
		{"weight of a profile", target + "profiles: {p: {users: 10, spawn_rate: 10/s, duration: 5m, weight: 3}}\n" +
			users + rules, "unknown key; it is a key of a group, under users.NAME, or of a step, under " +
			"users.NAME.steps; write weight: 40 there"},
		{"wait of a profile", target + "profiles: {p: {users: 10, spawn_rate: 10/s, duration: 5m, wait: 1s}}\n" +
			users + rules, "unknown key; it is a key of a group, under users.NAME, or of a step, under " +
			"users.NAME.steps; write wait: 5s..15s there"},
		{"target in a group", target + profiles + "users: {g: {wait: 1s, target: {url: x}, steps: [GET /a]}}\n" + rules,
			"it is a key of the file, at its left edge; write target: "},
		{"a plural is a slip", target + profiles + "users: {g: {wait: 1s, step: [GET /a]}}\n" + rules,
			"unknown key; did you mean steps?"},
		{"target of a stage", target + "profiles: {p: {stages: [{for: 1m, target: 20}]}}\n" + users + rules,
			"p.stages[0].target: unknown key; loadgate has users or rate in a stage for that: write users: 20"},
		{"duration of a stage", target + "profiles: {p: {stages: [{duration: 1m, users: 20}]}}\n" + users + rules,
			"p.stages[0].duration: unknown key; loadgate has over and for in a stage for that: write for: 1m to stay"},
		{"target of a profile", target + "profiles: {p: {target: 20, duration: 1m}}\n" + users + rules,
			"p.target: unknown key; loadgate has users in a profile for that: write users: 20"},
		{"a check beside ready", "target: {url: http://localhost:1, ready: {get: /x}}\n" + profiles + users + rules,
			"t.yaml:2:43: target.ready.get: unknown key; it is a key of checks, which is missing; write checks: [{"},
		{"another word for a reason", target + profiles + users +
			"thresholds: {sound: {endpoints: \"*\", except: {endpoint: GET /b, because: x}, success: 99%}}\n",
			"except.because: unknown key; reason is missing; write reason: "},
		{"another word for a request", target + profiles + "users: {g: {wait: 1s, steps: [GET /a, {url: /b}]}}\n" +
			rules, "t.yaml:4:40: users.g.steps[1].url: unknown key; request is missing; write request: "},
		{"another word for a spawn rate", target + "profiles: {p: {users: 10, climb: 1/s, duration: 5m}}\n" +
			users + rules, "p.climb: unknown key; the keys here are: users, rate, stages, spawn_rate"},
		{"no space in braces", target + "profiles: {p: {users: 10, spawn_rate:10/s, duration: 5m}}\n" + users + rules,
			"t.yaml:3:38: profiles.p.spawn_rate: a space is missing after the colon; write spawn_rate: 10/s"},
		{"no colon in braces", target + "profiles: {p: {users: 10, spawn_rate: 10/s, duration 5m}}\n" + users + rules,
			"t.yaml:3:53: profiles.p.duration: a colon is missing after duration; write duration: 5m"},
		{"no space in headers", "target: {url: http://localhost:1, headers: {Accept:text/html}}\n" + profiles +
			users + rules,
			"t.yaml:2:52: target.headers.Accept: a space is missing after the colon; write Accept: text/html"},
		{"no space in a body", target + profiles + "users: {g: {wait: 1s, steps: [{request: POST /a, json: " +
			"{a:1, b: 2}}]}}\n" + rules, "json.a: a space is missing after the colon; write a: 1"},
		{"a section that begins twice", target + "profiles:\n" + profiles + users + rules,
			"t.yaml:4:1: profiles: is here twice, first in line 3; keep one"},
		{"Artillery's config", "config: {target: x, phases: [{duration: 60}]}\n" + users + rules,
			"config: unknown key; loadgate has target and profiles for that: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := thresholds.Options{Host: "http://localhost:1"}
			_, err := thresholds.Decode([]byte("version: 1\n"+tt.src), "t.yaml", o)
			if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Decode = %v\nwant one line with %s", err, tt.want)
			}
		})
	}
}

// Every key of other tools is explained in its own words where it stands at the top
// of a file, unless it is a key there.
func TestEveryLoanwordIsKnown(t *testing.T) {
	for _, word := range loanword.Words() {
		if word.Place != loanword.Key || word.In != "" {
			continue
		}
		src := "version: 1\n" + word.Text + ": 1\n"
		_, err := thresholds.Decode([]byte(src), "t.yaml", thresholds.Options{LimitsOnly: true})
		if err == nil || !strings.Contains(err.Error(), word.Text+": unknown key; "+word.Remedy()[:20]) {
			t.Errorf("%s: %v", word.Text, err)
		}
	}
}
