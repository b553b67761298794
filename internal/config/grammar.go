package config

import (
	"fmt"
	"strconv"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/unit"
)

// Defaults of keys that may be left out. Those of profiles belong to the
// plan: they depend on more than the file.
const (
	defaultTimeout    = 10 * time.Second
	defaultConnect    = 5 * time.Second // capped by the timeout
	defaultMaxBody    = 10 << 20        // bytes
	defaultWithin     = 30 * time.Second
	defaultConfidence = 0.95
)

// DefaultMaxUsers is how many users an open load has at most where the profile
// does not say.
const DefaultMaxUsers = 10_000

// version is the one that this grammar describes.
const version = "1"

func parseVersion(text string) (any, error) {
	if text != version {
		return nil, fmt.Errorf("version %s is unknown; write version: %s", text, version)
	}
	return text, nil
}

// grammar returns the whole of thresholds.yaml. It is a function, not a
// variable: nobody can change it.
func grammar() *shape {
	return &shape{kind: objectKind, name: "file", fields: []field{
		{key: "version", shape: scalarOf(versionText()), required: true,
			doc: "The version of this grammar.", example: "version: 1"},
		{key: "name", shape: scalarOf(nameText), doc: "The service's name, for reports.",
			def: "none", example: "name: tutormax"},
		{key: "env", shape: listOf(scalarOf(envText)), doc: "The environment variables that expressions may read.",
			def: "none", example: "env: [API_HOST, API_TOKEN]"},
		{key: "secret", shape: listOf(scalarOf(envText)), doc: "Those of env whose values are masked wherever " +
			"something is printed or written.", def: "none", example: "secret: [API_TOKEN]"},
		{key: "drafted", shape: scalarOf(flagText), doc: "true: loadgate init wrote the file, and nobody has looked " +
			"yet at what its requests write: the try-out sends GET and HEAD only, and no load is made while a step " +
			"is neither.", def: "false", example: "drafted: true"},
		{key: "default_profile", shape: scalarOf(nameText), doc: "The profile that runs when none is asked for.",
			def: "the only profile", example: "default_profile: weekly"},
		{key: "target", shape: targetShape(), doc: "The service under load.",
			def: "the one of --host", example: "target: {url: http://localhost:8000}"},
		{key: "data", shape: mapOf(identText, sourceShape()),
			doc: "Tables of rows; expressions read them as NAME.FIELD.",
			def: "none", example: "data: {accounts: {file: accounts.csv}}"},
		{key: "profiles", shape: mapOf(nameText, profileShape()), required: true, doc: "Amounts of load, by name.",
			example: "profiles: {light: {users: 50, spawn_rate: 5/s, duration: 5m}}"},
		{key: "users", shape: mapOf(nameText, groupShape()), required: true, doc: "Groups of virtual users, by name: " +
			"what they do and how often.", example: "users: {reader: {wait: 1s..3s, steps: [GET /items]}}"},
		{key: "logins", shape: mapOf(nameText, stepsShape()),
			doc: "Start steps that groups share, by name: a group writes start: NAME.", def: "none",
			example: "logins: {ops: [POST /login]}"},
		{key: "thresholds", shape: mapOf(nameText, ruleShape()), required: true,
			doc: "What must hold, by name.", example: `thresholds: {reads: {endpoints: "GET *", p95: 200ms}}`},
		{key: "resources", shape: mapOf(nameText, resourceShape()), doc: "What is watched beside the load, by name: " +
			"processors, memory, connections, caches.", def: "none",
			example: "resources: {host cpu: {from: host, read: cpu, max: 70%}}"},
		{key: "baseline", shape: baselineShape(), doc: "How a run is compared with earlier ones.",
			def: "no comparison", example: "baseline: {last: 20, branch: main}"},
		{key: "judge", shape: judgeShape(), doc: "How undecided limits count.",
			def: "the defaults below", example: "judge: {confidence: 95%}"},
	}}
}

func versionText() *scalar {
	s := counts(version, 1, 1)
	s.name, s.unit, s.parse = "version", "", parseVersion
	return s
}

func headersShape() *shape { return mapOf(headerText, scalarOf(templateText)) }

func targetShape() *shape {
	return &shape{kind: objectKind, name: "target", fields: []field{
		{key: "url", shape: scalarOf(templateText), doc: "Where the service is, http://, https:// or http+unix://; " +
			"env() may stand in it. --host takes its place.", def: "--host", example: "url: http://localhost:8000"},
		{key: "allow", shape: listOf(scalarOf(hostText)), doc: "Host names, addresses, CIDR prefixes and unix " +
			"sockets that may be dialled; the url's host or socket must be one of them.",
			def: "this machine", example: "allow: [staging.example.com, 10.0.0.0/8]"},
		{key: "http", shape: scalarOf(protocolText), doc: "The version of HTTP: 1.1, 2 over TLS, h2c for HTTP/2 " +
			"without TLS; auto takes over TLS what the service prefers, else 1.1.", def: "auto", example: "http: 2"},
		{key: "tls", shape: tlsShape(), doc: "What is trusted and shown over TLS.",
			def: "what this machine trusts", example: "tls: {ca: certs/ca.pem}"},
		{key: "proxy", shape: scalarOf(enum("environment", "none")), doc: "environment: HTTP_PROXY, HTTPS_PROXY and " +
			"NO_PROXY hold, but never for this machine; none: they do not.",
			def: "environment", example: "proxy: none"},
		{key: "timeout", shape: scalarOf(positiveText), doc: "For one whole request, redirects included.",
			def: unit.Of(defaultTimeout).String(), example: "timeout: 10s"},
		{key: "connect_timeout", shape: scalarOf(positiveText), doc: "For one connect with TLS; part of timeout.",
			def: unit.Of(defaultConnect).String() + ", at most timeout", example: "connect_timeout: 2s"},
		{key: "max_body", shape: scalarOf(sizeText), doc: "The largest answer that is no failure.",
			def: unit.Quantity{Value: defaultMaxBody, Unit: unit.Bytes}.String(), example: "max_body: 1MiB"},
		{key: "headers", shape: headersShape(), doc: "Sent with every request, readiness checks included.",
			def: "none", example: "headers: {Accept: application/json}"},
		{key: "auth", shape: authShape(),
			doc: "Sent as an Authorization header with every request, readiness checks included.",
			def: "none", example: "auth: {bearer: '${ env(\"API_TOKEN\") }'}"},
		{key: "ready", shape: readyShape(), doc: "When the service may be loaded.",
			def: "no check", example: "ready: {checks: [{get: /health}]}"},
	}}
}

func readyShape() *shape {
	check := &shape{kind: objectKind, name: "ready check", one: []string{"get", "request"}, fields: []field{
		{key: "get", shape: scalarOf(pathText), doc: "The path to GET.", def: "none", example: "get: /health"},
		{key: "request", shape: scalarOf(requestText), doc: "Method and path, where it is not a GET.",
			def: "none", example: "request: HEAD /health"},
		{key: "expect", shape: scalarOf(exprText), doc: "What the answer must be.",
			def: "a 2xx status", example: `expect: 'body.status == "healthy"'`},
	}}
	return &shape{kind: objectKind, name: "ready", fields: []field{
		{key: "within", shape: scalarOf(positiveText), doc: "How long to wait for all checks to succeed.",
			def: unit.Of(defaultWithin).String(), example: "within: 120s"},
		{key: "checks", shape: listOf(check), required: true, doc: "Requests that must succeed before the load begins.",
			example: "checks: [{get: /health}, {get: /api/items}]"},
	}}
}

func sourceShape() *shape {
	return &shape{kind: objectKind, name: "data source", fields: []field{
		{key: "file", shape: scalarOf(fileText), required: true, doc: "A .csv file with a header line, or a .json " +
			"file with an array of objects, below this file's folder.", example: "file: accounts.csv"},
		{key: "pick", shape: scalarOf(enum("unique", "next", "random")), doc: "unique: a row a user of the run, " +
			"shards or not; next: the next row each round; random: a drawn row each round.",
			def: "unique", example: "pick: random"},
	}}
}

func profileShape() *shape {
	pace := choice("number, auto, or map of name to number", scalarOf(orWord(paceText, "auto")),
		mapOf(nameText, scalarOf(paceText)))
	return &shape{kind: objectKind, name: "profile", one: []string{"users", "rate", "stages"}, fields: []field{
		{key: "users", shape: scalarOf(counts("100", 1, 1_000_000)),
			doc: "Closed model: virtual users at once, each waiting for its answer.",
			def: "none", example: "users: 100"},
		{key: "rate", shape: scalarOf(rateText), doc: "Open model: arrivals that come whether answered or not.",
			def: "none", example: "rate: 50/s"},
		{key: "stages", shape: listOf(stageShape()), doc: "Load that changes: each stage goes on where the one " +
			"before ended, the first at 0.", def: "none",
			example: "stages: [{users: 20, over: 30s, for: 2m}, {users: 40, for: 2m}]"},
		{key: "spawn_rate", shape: scalarOf(rateText), doc: "With users: how many start until all are there.",
			def: "required with users", example: "spawn_rate: 10/s"},
		{key: "duration", shape: scalarOf(positiveText), doc: "Of the run, ramp included.",
			def: "required with users and rate; the sum of the stages", example: "duration: 5m"},
		{key: "arrivals", shape: scalarOf(enum("poisson", "even")), doc: "Open model. poisson: at random, as " +
			"independent users come; even: at equal distances.", def: "poisson", example: "arrivals: even"},
		{key: "max_users", shape: scalarOf(counts("500", 1, 1_000_000)), doc: "Open model: users at once at most; an " +
			"arrival that finds all of them waiting is dropped, and the run is not believed.",
			def:     strconv.Itoa(DefaultMaxUsers) + ", less where the machine cannot hold them",
			example: "max_users: 500"},
		{key: "warm_up", shape: scalarOf(durationText), doc: "Time at the beginning that counts for no limit.",
			def: "the longer of 30s and ramp + 10s, at most a quarter of the run", example: "warm_up: 10s"},
		{key: "pace", shape: pace, doc: "Divides think times, for all groups or by group; auto finds the smallest " +
			"that lets every rule decide.", def: "1", example: "pace: auto"},
		{key: "try", shape: scalarOf(flagText),
			doc: "Send every step once before the load, to see that it fits the service.",
			def: "true", example: "try: false"},
	}}
}

func stageShape() *shape {
	return &shape{kind: objectKind, name: "stage", one: []string{"users", "rate"}, fields: []field{
		{key: "users", shape: scalarOf(counts("20", 0, 1_000_000)),
			doc: "Virtual users at its end.", def: "none", example: "users: 20"},
		{key: "rate", shape: scalarOf(levelText), doc: "Arrivals at its end.", def: "none", example: "rate: 50/s"},
		{key: "over", shape: scalarOf(positiveText), doc: "Time to get there in a straight line.",
			def: "at once", example: "over: 30s"},
		{key: "for", shape: scalarOf(positiveText), doc: "Time to stay there; reported as a step of its own.",
			def: "none", example: "for: 2m"},
	}}
}

func groupShape() *shape {
	return &shape{kind: objectKind, name: "group", fields: []field{
		{key: "weight", shape: scalarOf(weightText), doc: "Share of the users, relative to the other groups.",
			def: "1", example: "weight: 40"},
		{key: "wait", shape: scalarOf(spanText), doc: "Think time after every request, drawn evenly from a range.",
			def: "required, unless every profile has a rate", example: "wait: 5s..15s"},
		{key: "order", shape: scalarOf(enum("sequence", "weighted")), doc: "sequence: the steps in turn, again and " +
			"again; weighted: one drawn by its weight each time.", def: "sequence", example: "order: weighted"},
		{key: "headers", shape: headersShape(), doc: "Sent with every step. One that reads a capture is left out of " +
			"start steps that come before it.", def: "none", example: "headers: {Authorization: 'Bearer ${ token }'}"},
		{key: "auth", shape: nearAuth(), doc: "Sent as an Authorization header, by the rules of headers; none: no " +
			"such header of the target.", def: "the target's", example: "auth: {bearer: '${ token }'}"},
		{key: "vars", shape: mapOf(identText, treeShape()), doc: "Values that each user draws once.",
			def: "none", example: "vars: {tutor: '${ int(1, 100) }'}"},
		{key: "start", shape: choice("name of logins, or list of request or step", scalarOf(nameText), stepsShape()),
			doc: "Steps that each user does once, before its first wait; listed apart. A name is that of steps under " +
				"logins.",
			def: "none", example: "start: [POST /login]"},
		{key: "steps", shape: listOf(choice("request, step or transaction", scalarOf(requestText), transactionShape(),
			stepShape())), required: true, doc: "What the users do.", example: "steps: [GET /items, POST /items]"},
	}}
}

func stepsShape() *shape {
	return listOf(choice("request or step", scalarOf(requestText), stepShape()))
}

func transactionShape() *shape {
	return &shape{kind: objectKind, name: "transaction", mark: "transaction", fields: []field{
		{key: "transaction", shape: scalarOf(nameText), required: true,
			doc: "Its name, for rules and reports.", example: "transaction: checkout"},
		{key: "was", shape: scalarOf(nameText), doc: "What it was called before: its earlier runs go on counting.",
			def: "the same", example: "was: buying"},
		{key: "steps", shape: stepsShape(), required: true, doc: "What is done in it, in this order.",
			example: "steps: [GET /cart, POST /orders]"},
		{key: "times", shape: scalarOf(counts("3", 1, 1000)), doc: "Times in a row; for order: sequence.",
			def: "1", example: "times: 3"},
		{key: "weight", shape: scalarOf(weightText), doc: "Share of what is drawn; for order: weighted.",
			def: "1", example: "weight: 3"},
	}}
}

func treeShape() *shape { return &shape{kind: treeKind, name: "value"} }

func stepShape() *shape {
	return &shape{kind: objectKind, name: "step", most: []string{"json", "form", "text", "file", "multipart"},
		fields: []field{
			{key: "request", shape: scalarOf(requestText), required: true,
				doc:     "Method and path, query included; ${ } may stand in both.",
				example: "request: 'GET /items/${ int(1, 100) }'"},
			{key: "name", shape: scalarOf(nameText), doc: "The endpoint it is counted under.",
				def: "method and path, each ${ x } as {x}", example: `name: "GET /items/{id}"`},
			{key: "was", shape: scalarOf(nameText),
				doc:     "What the endpoint was called before: its earlier runs go on counting. Not for start steps.",
				def:     "the same",
				example: `was: "GET /items/{id}"`},
			{key: "times", shape: scalarOf(counts("3", 1, 1000)),
				doc: "Requests in a row; for order: sequence.", def: "1", example: "times: 3"},
			{key: "weight", shape: scalarOf(weightText), doc: "Share of the requests; for order: weighted.",
				def: "1", example: "weight: 3"},
			{key: "headers", shape: headersShape(), doc: "Of this step; the nearest of step, group and target wins.",
				def: "none", example: "headers: {X-Request-Id: '${ uuid() }'}"},
			{key: "auth", shape: nearAuth(), doc: "Of this step; none: no Authorization header of group and target.",
				def: "the group's", example: "auth: none"},
			{key: "json", shape: treeShape(), doc: "A JSON body; a value that is one ${ } keeps its type.",
				def: "none", example: "json: {rating: '${ int(3, 5) }'}"},
			{key: "form", shape: mapOf(nameText, scalarOf(templateText)), doc: "A form body, URL-encoded.",
				def: "none", example: "form: {username: ada, password: '${ password }'}"},
			{key: "text", shape: scalarOf(templateText), doc: "A text body.",
				def: "none", example: "text: 'hello ${ name }'"},
			{key: "file", shape: scalarOf(fileText), doc: "A body from a file below this file's folder, sent as it is.",
				def: "none", example: "file: invoice.xml"},
			{key: "multipart", shape: multipartShape(),
				doc: "A multipart/form-data body: texts and files, in this order.",
				def: "none", example: "multipart: {title: 'report ${ seq() }', file: {file: report.pdf}}"},
			{key: "content_type", shape: scalarOf(mediaText), doc: "Of the body.",
				def: "by the kind of body", example: "content_type: application/xml"},
			{key: "when", shape: scalarOf(exprText),
				doc: "Sent only when this is true; a request left out has no wait.",
				def: "always", example: "when: 'session != nil'"},
			{key: "expect", shape: scalarOf(exprText), doc: "What makes the answer a success.",
				def: "a 2xx status", example: "expect: 'status in [200, 201]'"},
			{
				key: "capture", shape: mapOf(identText, captureShape()),
				def: "none", example: "capture: {session: body.id}",
				doc: "Values of the answer that later steps may use; nil until captured. One that cannot be captured " +
					"again stays, unless keep: false.",
			},
			{
				key: "retry", shape: retryShape(), def: "off; of a start step {times: 3, wait: 1s}",
				example: "retry: {times: 2, wait: 500ms}",
				doc: "Send it again when it failed in a way that may pass: no answer, 5xx, 429 or a false " +
					"expect. Each attempt counts as a request.",
			},
			{key: "follow", shape: scalarOf(flagText), doc: "Follow redirects to allowed hosts.",
				def: "false", example: "follow: true"},
			{key: "secret", shape: scalarOf(flagText),
				doc: "Never show or keep this request, its answer or what it captures.",
				def: "false", example: "secret: true"},
			{key: "try", shape: scalarOf(flagText), doc: "Send this step once before the load.",
				def: "true", example: "try: false"},
			{key: "timeout", shape: scalarOf(positiveText), doc: "For this request.",
				def: "the target's", example: "timeout: 30s"},
		}}
}

func captureShape() *shape {
	return choice("expression or capture", scalarOf(exprText),
		&shape{kind: objectKind, name: "capture", fields: []field{
			{key: "from", shape: scalarOf(exprText), required: true,
				doc: "The value.", example: "from: body.access_token"},
			{key: "keep", shape: scalarOf(flagText), def: "true", doc: "Keep the older value when the step fails.",
				example: "keep: false"},
		}})
}

func retryShape() *shape {
	off := &scalar{name: "off", json: "string", example: "off",
		pattern: whole("off"), parse: func(text string) (any, error) {
			if text != "off" {
				return nil, fmt.Errorf("%q is no retry; write off, or {times: 3, wait: 1s}", text)
			}
			return text, nil
		}}
	return choice("off or retry", scalarOf(off), &shape{kind: objectKind, name: "retry", fields: []field{
		{key: "times", shape: scalarOf(counts("3", 1, 100)), def: "3",
			doc: "Further attempts at most.", example: "times: 2"},
		{key: "wait", shape: scalarOf(durationText), def: "1s", doc: "Between an answer and the next attempt.",
			example: "wait: 500ms"},
	}})
}

// rule takes its metric keys from the table of metrics.
func ruleShape() *shape {
	s := &shape{kind: objectKind, name: "rule", fields: []field{
		{key: "endpoints", shape: oneOrMore(scalarOf(patternText)), required: true, doc: "Endpoints it speaks of; * " +
			"stands for any text and never for a start step.", example: `endpoints: ["GET /api/*", POST /login]`},
		{key: "except", shape: exceptShape(), def: "none",
			example: "except: {endpoint: GET /api/report, reason: slow export, until: 2026-03-01}",
			doc:     "Endpoints that it does not speak of, each with the reason."},
		{key: "profiles", shape: oneOrMore(scalarOf(nameText)),
			doc: "Profiles it is judged in.", def: "all", example: "profiles: [peak]"},
		{key: "combine", shape: scalarOf(flagText), doc: "Judge all endpoints together, latency too.",
			def: "false", example: "combine: true"},
		{key: "each", shape: scalarOf(flagText), doc: "Judge every endpoint alone, success and throughput too.",
			def: "false", example: "each: true"},
		{
			key: "of", shape: scalarOf(enum("arrivals", "requests")), def: "arrivals", example: "of: requests",
			doc: "Judge percentiles also by what users would have waited who keep their pace while the service " +
				"stands still, or by requests alone.",
		},
		{key: "baseline", shape: ruleBaseline(), doc: "How these endpoints are compared with earlier runs, where the " +
			"baseline section says otherwise; none: not at all.",
			def: "as the file says", example: "baseline: {max_regression: {p95: 20%}}"},
	}}
	docs := map[metric.Metric]string{
		metric.Mean:        "Highest mean response time.",
		metric.Max:         "Highest response time of all.",
		metric.FailureRate: "Highest share of requests that fail.",
		metric.Success:     "Lowest share of requests that succeed.",
		metric.Throughput:  "Lowest rate of successful requests.",
	}
	for _, m := range []metric.Metric{metric.Mean, metric.Max, metric.FailureRate, metric.Success, metric.Throughput} {
		limit := limitShape(m)
		s.fields = append(s.fields, field{key: m.Name(), shape: limit,
			doc: docs[m], def: "none", example: m.Name() + ": " + limit.choices[0].scalar.example})
	}
	s.pattern = whole(`p[0-9]{1,2}(?:\.[0-9]+)?`)
	s.rest = &field{key: "p95, p50, p99.9, …", shape: limitShape(metric.P95),
		doc: "Highest response time at that percentile.", def: "none", example: "p95: {warn: 150ms, fail: 200ms}"}
	return s
}

// limit is one value, or one that warns and one that fails.
func limitShape(m metric.Metric) *shape {
	value := limits(m.Unit(), m.Better())
	return choice("limit ("+value.name+")", scalarOf(value),
		&shape{kind: objectKind, name: value.name + " limits", fields: []field{
			{key: "warn", shape: scalarOf(value), doc: "Missing this is a warning, never more.",
				def: "none", example: "warn: " + value.example},
			{key: "fail", shape: scalarOf(value), doc: "Missing this fails.",
				def: "none", example: "fail: " + value.example},
		}})
}

func judgeShape() *shape {
	return &shape{kind: objectKind, name: "judge", fields: []field{
		{key: "confidence", shape: scalarOf(confidenceText), doc: "Of the intervals, two-sided.",
			def: unit.Quantity{Value: defaultConfidence, Unit: unit.Ratio}.String(), example: "confidence: 99%"},
		{key: "near", shape: scalarOf(enum("warn", "inconclusive")), doc: "What a value within its limit counts as " +
			"when its interval crosses the limit.", def: "warn", example: "near: inconclusive"},
		{key: "inconclusive", shape: scalarOf(enum("fail", "warn", "pass")),
			doc: "What an undecided verdict counts as.", def: "exit code 3", example: "inconclusive: fail"},
		{key: "extend", shape: scalarOf(factorText),
			doc: "Measure up to this many times as long while a rule is undecided.", def: "1x", example: "extend: 2x"},
		{key: "stop_on_fail", shape: scalarOf(flagText), doc: "End the run early when a limit is broken beyond doubt.",
			def: "true", example: "stop_on_fail: false"},
		{key: "stop_on_pass", shape: scalarOf(flagText), doc: "End the run early when every limit is shown to hold.",
			def: "false", example: "stop_on_pass: true"},
		{key: "decide", shape: scalarOf(enum("interval", "point")),
			doc: "point: compare values alone, without intervals.", def: "interval", example: "decide: point"},
	}}
}
