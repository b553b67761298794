package loanword

import "slices"

// keys are those of files and of scripts' options. Some are keys of loadgate in
// another place.
func keys() []Word {
	of := func(tools, texts, has, write, instead string) []Word {
		return row(Key, tools, texts, has, write, instead)
	}
	const (
		groups  = "users: {reader: {wait: 1s..3s, steps: [GET /items]}}"
		profile = "profiles: {light: {users: 50, spawn_rate: 5/s, duration: 5m}}"
		rules   = `thresholds: {reads: {endpoints: "*", success: 99.5%, p95: 500ms}}`
		climbs  = "stages: [{users: 20, over: 30s, for: 2m}, {users: 40, for: 2m}]"
	)
	return slices.Concat(
		of("k6 Artillery", "scenarios", "groups of users, and profiles for how many",
			"write "+groups+" and "+profile, "users"),
		of("Gatling", "scenario", "groups of users", "write "+groups, "users"),
		of("k6", "options", "profiles", "write "+profile, "profiles"),
		of("k6", "vus startVUs", "users in a profile", "write users: 50", "users"),
		of("k6", "maxVUs preAllocatedVUs", "max_users in a profile", "write max_users: 500", "max_users"),
		of("Artillery", "maxVusers", "max_users in a profile", "write max_users: 500", "max_users"),
		of("k6", "iterations", "a duration in a profile", "write duration: 5m; times: 3 repeats a step", "duration"),
		of("k6", "maxDuration", "a duration in a profile", "write duration: 5m", "duration"),
		of("k6", "executor", "three loads of a profile, users, rate and stages", "write users: 50, or rate: 50/s", ""),
		of("k6", "constant-vus", "profiles", "write "+profile, ""),
		of("k6", "ramping-vus", "stages in a profile", "write "+climbs, "stages"),
		of("k6", "constant-arrival-rate ramping-arrival-rate startRate",
			"profiles with a rate", "write rate: 50/s", "rate"),
		of("k6", "timeUnit", "rates with their unit", "write rate: 50/s or 3000/min", ""),
		of("k6", "shared-iterations per-vu-iterations", "a duration in a profile", "write duration: 5m", ""),
		of("k6", "gracefulStop gracefulRampDown", "3 s for requests in flight at the end", "leave it out", ""),
		of("k6 Gatling", "exec", "steps of a group", "write steps: [GET /items]", "steps"),
		of("k6", "checks", "expect in a step",
			"write expect: 'status == 200 && body.id != nil', and success: 99.5% in a rule", ""),
		of("k6 Locust", "tags", "names of endpoints",
			`write name: "GET /items/{id}" in a step, and it in endpoints: of a rule`, ""),
		of("k6", "abortOnFail", "judge.stop_on_fail", "write judge: {stop_on_fail: true}, the default", ""),
		of("k6", "delayAbortEval", "a warm-up that does not count", "write warm_up: 30s in the profile", ""),
		of("k6", "http_req_duration http_req_waiting iteration_duration", "rules for endpoints",
			`write reads: {endpoints: "*", p95: 500ms}`, ""),
		of("k6", "http_req_failed", "rules for endpoints", `write sound: {endpoints: "*", success: 99%}`, ""),
		of("k6", "http_reqs", "rules for endpoints", `write busy: {endpoints: "*", throughput: 50/s}`, ""),
		of("k6", "p(90)", "percentiles by their number", "write p90: 500ms", ""),
		of("k6", "p(95)", "percentiles by their number", "write p95: 500ms", ""),
		of("k6", "p(99)", "percentiles by their number", "write p99: 500ms", ""),
		of("k6", "avg", "mean", "write mean: 200ms", ""),
		of("k6", "med", "p50", "write p50: 200ms", ""),
		of("k6 Locust", "sleep", "wait in a group", "write wait: 1s..3s", "wait"),
		of("k6", "setup", "start in a group", "write start: [POST /login]", ""),
		of("k6", "insecureSkipTLSVerify", "target.tls", "write target: {tls: {insecure: true}}", ""),
		of("k6", "userAgent", "headers of the target", "write target: {headers: {User-Agent: NAME}}", ""),
		of("k6", "rps", "profiles with a rate", "write rate: 50/s", "rate"),
		of("Locust", "tasks task task_set", "steps of a group", "write steps: [GET /items, POST /items]", "steps"),
		of("Locust", "wait_time between", "wait in a group", "write wait: 5s..15s", "wait"),
		of("Locust", "min_wait max_wait", "wait in a group", "write wait: 5s..15s", "wait"),
		of("Locust", "constant_throughput constant_pacing", "profiles with a rate", "write rate: 50/s", ""),
		of("Locust Gatling Taurus", "host baseUrl base_url default-address", "target.url",
			"write target: {url: http://localhost:8000}", "target"),
		of("Locust", "on_start", "start in a group", "write start: [POST /login]", "start"),
		of("Locust", "on_stop teardown", "nothing that is sent after the load", "leave it out", ""),
		of("Locust", "run_time", "duration in a profile", "write duration: 5m", "duration"),
		of("Locust", "hatch_rate", "spawn_rate in a profile", "write spawn_rate: 10/s", "spawn_rate"),
		of("Locust", "fixed_count", "weights of groups", "write weight: 40", ""),
		of("Locust", "user_classes", "groups of users", "write "+groups, "users"),
		of("Locust", "catch_response", "expect in a step", "write expect: 'status == 200 && body.id != nil'", ""),
		of("Artillery", "config", "target and profiles",
			"write target: {url: http://localhost:8000} and "+profile, "profiles"),
		of("Artillery", "phases", "stages in a profile", "write "+climbs, "stages"),
		of("Artillery", "arrivalRate arrivalCount", "profiles with a rate", "write rate: 50/s", "rate"),
		of("Artillery", "rampTo", "stages in a profile", "write "+climbs, "stages"),
		of("Artillery", "flow", "steps of a group", "write steps: [GET /items, POST /items]", "steps"),
		of("Artillery", "think", "wait in a group", "write wait: 1s..3s", "wait"),
		of("Artillery", "loop", "times in a step", "write times: 3", ""),
		of("Artillery", "ensure", "rules", "write "+rules, "thresholds"),
		of("Artillery", "payload", "data", "write data: {accounts: {file: accounts.csv}}", "data"),
		of("Artillery", "variables", "vars in a group", "write vars: {tutor: '${ int(1, 100) }'}", "vars"),
		of("Artillery", "get", "request in a step", "write request: GET /items", "request"),
		of("Artillery", "post", "request in a step", "write request: POST /items", "request"),
		of("Artillery", "put", "request in a step", "write request: PUT /items/1", "request"),
		of("Artillery", "patch", "request in a step", "write request: PATCH /items/1", "request"),
		of("Artillery", "delete", "request in a step", "write request: DELETE /items/1", "request"),
		of("Gatling", "pause", "wait in a group", "write wait: 1s..3s", "wait"),
		of("Gatling", "inject rampUsers atOnceUsers", "profiles", "write "+profile, "profiles"),
		of("Gatling", "constantUsersPerSec", "profiles with a rate", "write rate: 50/s", "rate"),
		of("Gatling", "assertions", "rules", "write "+rules, "thresholds"),
		of("Gatling", "feeder feeders feed", "data", "write data: {accounts: {file: accounts.csv}}", "data"),
		of("Taurus", "execution", "profiles", "write "+profile, "profiles"),
		of("Taurus", "concurrency", "users in a profile", "write users: 50", "users"),
		of("Taurus", "ramp-up", "spawn_rate in a profile", "write spawn_rate: 10/s", "spawn_rate"),
		of("Taurus", "hold-for", "duration in a profile", "write duration: 5m", "duration"),
		of("Taurus", "think-time", "wait in a group", "write wait: 1s..3s", "wait"),
		of("Taurus", "criteria pass_fail", "rules", "write "+rules, "thresholds"),
		of("Taurus", "requests", "steps of a group", "write steps: [GET /items, POST /items]", "steps"),
	)
}
