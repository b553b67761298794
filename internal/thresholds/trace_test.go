package thresholds_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/thresholds"
)

const load = `version: 1
env: [HOST]
target:
  url: '${ env("HOST", "http://localhost:8000/v1") }'
profiles:
  light: {users: 10, spawn_rate: 5/s, duration: 2m}
users:
  reader:
    wait: 1s..3s
    steps:
      - GET /items
      - request: POST /items
        json: {a: '${ int(1, 9) }', b: 2}
thresholds:
  reads: {endpoints: "GET *", p95: 200ms}
`

const traced = "trace: {propagate: w3c}\nusers:\n"

func TestTrace(t *testing.T) {
	for _, row := range []struct {
		written string
		want    float64
	}{
		{"", 0}, {"trace: {propagate: w3c}\n", 0.01}, {"trace: {propagate: w3c, sample: 0.5%}\n", 0.005},
		{"trace: {propagate: w3c, sample: 100%}\n", 1},
	} {
		s := decode(t, strings.Replace(load, "users:\n", row.written+"users:\n", 1), thresholds.Options{})
		if s.Trace.Sample != row.want {
			t.Errorf("%q: sample = %g, want %g", row.written, s.Trace.Sample, row.want)
		}
		if traces := s.Traces(s.Groups[0].Steps[0]); traces != (row.want > 0) {
			t.Errorf("%q: a step is traced: %v", row.written, traces)
		}
	}
}

// A trace context of the file's own wins, wherever it is written and in whatever case, and a warning says so.
func TestOwnTraceContext(t *testing.T) {
	for _, row := range []struct {
		name, old, new string
		own            []string // endpoints
	}{
		{"none", "users:\n", traced, nil},
		{"another header", "- GET /items\n", "- {request: GET /items, headers: {X-Traceparent: a}}\n", nil},
		{"of a step", "- GET /items\n", "- {request: GET /items, headers: {TraceParent: a}}\n", []string{"GET /items"}},
		{"state alone", "- GET /items\n", "- {request: GET /items, headers: {tracestate: a=b}}\n",
			[]string{"GET /items"}},
		{"of a group", "    wait:", "    headers: {traceparent: a}\n    wait:", []string{"GET /items", "POST /items"}},
		{"of all", "target:\n", "target:\n  headers: {traceparent: a}\n", []string{"GET /items", "POST /items"}},
	} {
		text := strings.Replace(load, row.old, row.new, 1)
		if !strings.Contains(text, traced) {
			text = strings.Replace(text, "users:\n", traced, 1)
		}
		s := decode(t, text, thresholds.Options{})
		for _, step := range s.Groups[0].Steps {
			own := strings.Contains(strings.Join(row.own, ","), step.Endpoint)
			if s.Traces(step) == own {
				t.Errorf("%s: %s is traced: %v", row.name, step.Endpoint, !own)
			}
		}
		warned := s.Warnings.Error()
		if row.own == nil && warned != "" || row.own != nil &&
			(!strings.Contains(warned, "sent as it is with "+strings.Join(row.own, ", ")+":") ||
				strings.Contains(warned, "\n")) {
			t.Errorf("%s: warned %q", row.name, warned)
		}
	}
}
