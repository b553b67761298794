package config_test

import (
	"slices"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// Rows beside requests leave with the group that sends those, and with them what only they are asked of.
func TestNarrowedStreams(t *testing.T) {
	s := decode(t, `version: 1
target: {url: "http://localhost:8000"}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 1m}}
users:
  a: {wait: 1s, steps: [{request: GET /e, for: 1s}, {request: GET /both, for: 1s}]}
  b: {wait: 1s, steps: [{request: GET /c, ws: [{expect: 'true', name: ack}]}, {request: GET /both, events: 2}]}
thresholds:
  e: {endpoints: GET /e gap, p95: 1s}
  c: {endpoints: GET /c ack, p95: 1s}
  both: {endpoints: GET /both gap, p95: 1s}
`, thresholds.Options{})
	for group, want := range map[string][2][]string{
		"a": {{"GET /e gap", "GET /both gap"}, {"e", "both"}}, "b": {{"GET /both gap", "GET /c ack"}, {"c", "both"}},
	} {
		narrow := s.Narrowed([]config.Share{{Group: group}})
		var rows, rules []string
		for _, row := range narrow.Transactions {
			rows = append(rows, row.Name)
		}
		for _, r := range narrow.Rules {
			rules = append(rules, r.Name)
		}
		if !slices.Equal(rows, want[0]) || !slices.Equal(rules, want[1]) {
			t.Errorf("%s alone has rows %q and rules %q, want %q", group, rows, rules, want)
		}
	}
}
