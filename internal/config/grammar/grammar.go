// Package grammar is every key of thresholds.yaml in one table: the strict reader, the JSON
// Schema and the tables of the documentation all follow it. It knows how a value is written,
// not what parts of the file have to do with each other.
package grammar

import (
	"fmt"
	"sync"
	"time"
)

// Defaults of keys that may be left out. Those of profiles belong to the
// plan: they depend on more than the file.
const (
	DefaultTimeout    = 10 * time.Second
	DefaultConnect    = 5 * time.Second // capped by the timeout
	DefaultMaxBody    = 10 << 20        // bytes
	DefaultWithin     = 30 * time.Second
	DefaultConfidence = 0.95
	LongestWait       = 10 // times the mean of an exponential wait
)

// DefaultMaxUsers is how many users an open load has at most where the profile
// does not say.
const DefaultMaxUsers = 10_000

// Version is the one that this grammar describes.
const Version = "1"

func parseVersion(text string) (any, error) {
	if text != Version {
		return nil, fmt.Errorf("version %s is unknown; write version: %s", text, Version)
	}
	return text, nil
}

// grammar returns the whole grammar of thresholds.yaml. It is made once, since a file with a mistake is read in several
// ways. Nobody changes it.
func grammar() *shape { return made() }

var made = sync.OnceValue(newGrammar)

func newGrammar() *shape {
	return &shape{kind: ObjectKind, name: "file", fields: []field{
		{key: "version", shape: scalarOf(versionText()), required: true,
			doc: "The version of this grammar.", example: "version: 1"},
		{key: "name", shape: scalarOf(nameText), doc: "The service's name, for reports.",
			def: "none", example: "name: tutormax"},
		{key: "env", shape: listOf(scalarOf(envText)), doc: "The environment variables that expressions may read.",
			def: "none", example: "env: [API_HOST, API_TOKEN]"},
		{key: "env_file", shape: envFileShape(), doc: "A file of NAME=value lines, for those of env that the " +
			"environment does not set.", def: "none", example: "env_file: .env"},
		{key: "secret", shape: listOf(scalarOf(envText)), doc: "Those of env whose values are masked wherever " +
			"something is printed or written.", def: "none", example: "secret: [API_TOKEN]"},
		{key: "drafted", shape: scalarOf(flagText),
			doc: "true: loadgate init wrote the file, and nobody has reviewed " +
				"what its requests write: the try-out sends GET and HEAD only, and no load is made while a step uses " +
				"another method.", def: "false", example: "drafted: true"},
		{key: "default_profile", shape: scalarOf(nameText), doc: "The profile that runs when none is asked for.",
			def: "the only profile", example: "default_profile: weekly"},
		{key: "target", shape: targetShape(), doc: "The service under load.",
			def: "the one of --host", example: "target: {url: http://localhost:8000}"},
		{key: "hosts", shape: mapOf(serviceText, hostShape()), doc: "Further hosts that steps may name, as in POST " +
			"auth:/token. Their requests carry no headers of the target or the group.",
			def: "none", example: "hosts: {auth: https://login.example.com}"},
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
		{key: "setup", shape: stepsShape(), doc: "Steps sent once before the load, by no user; what they capture is " +
			"setup.NAME for all.", def: "none", example: "setup: [{request: POST /seed, capture: {shop: body.id}}]"},
		{key: "teardown", shape: stepsShape(), doc: "Steps sent once after the load, however it ended; each is sent, " +
			"whatever became of the others.", def: "none", example: "teardown: ['DELETE /seed/${ setup.shop }']"},
		{key: "thresholds", shape: mapOf(nameText, ruleShape()), required: true,
			doc: "What must hold, by name.", example: `thresholds: {reads: {endpoints: "GET *", p95: 200ms}}`},
		{key: "resources", shape: mapOf(nameText, resourceShape()), doc: "What is watched during the run, by name: " +
			"processors, memory, connections, caches.", def: "none",
			example: "resources: {host cpu: {from: host, read: cpu, max: 70%}}"},
		{key: "trace", shape: traceShape(), doc: "Which requests carry the id of a trace, so that a slow one can be " +
			"looked up.", def: "no request", example: "trace: {propagate: w3c, sample: 1%}"},
		{key: "baseline", shape: baselineShape(), doc: "How a run is compared with earlier ones.",
			def: "no comparison", example: "baseline: {last: 20, branch: main}"},
		{key: "judge", shape: judgeShape(), doc: "How undecided limits count.",
			def: "the defaults below", example: "judge: {confidence: 95%}"},
	}}
}

func envFileShape() *shape {
	file := &shape{kind: ObjectKind, name: "env file", fields: []field{
		{key: "file", shape: scalarOf(fileText), required: true, doc: "A file below this file's folder.",
			example: "file: .env"},
		{key: "optional", shape: scalarOf(flagText), doc: "The file may be missing.",
			def: "false", example: "optional: true"},
	}}
	return choice("file name or env file", scalarOf(fileText), file)
}

func versionText() *scalar {
	s := counts(Version, 1, 1)
	s.name, s.unit, s.parse = "version", "", parseVersion
	return s
}
