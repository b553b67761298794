package thresholds_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// Steps read streams by number, to the end, by time, or by what comes first; those of one endpoint share the row of the
// times between events.
func TestStreams(t *testing.T) {
	text := strings.Replace(rest, "[GET /items]", `[GET /items, {request: GET /e, events: 10},
		{request: POST /chat, events: all, was: POST /talk},
		{transaction: t, steps: [{request: 'GET /e?b', name: GET /e, for: 10s}]}, {request: GET /f, events: 3, for: 1m}]`, 1)
	s := decode(t, "version: 1\ntarget: {url: http://localhost}"+text, thresholds.Options{})
	steps := s.Groups[0].Steps
	if steps[0].Stream != nil {
		t.Errorf("GET /items reads %+v", steps[0].Stream)
	}
	for i, want := range []config.Stream{
		{Events: 10}, {All: true}, {For: 10 * time.Second}, {Events: 3, For: time.Minute},
	} {
		got := *steps[i+1].Stream
		got.Gap = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", steps[i+1].Endpoint, diff)
		}
	}
	if steps[1].Stream.Gap != steps[3].Stream.Gap || steps[3].Transaction == steps[3].Stream.Gap {
		t.Error("GET /e has two rows of gaps")
	}
	var rows []string
	for _, row := range s.Transactions {
		rows = append(rows, row.Name+" was "+row.Was)
	}
	want := []string{"GET /e gap was ", "POST /chat gap was POST /talk gap", "t was ", "GET /f gap was "}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// What cannot be is said once, with what to write.
func TestStreamMistakes(t *testing.T) {
	for _, test := range []struct{ steps, rules, want string }{
		{"[{request: GET /e, events: 0}]", "", "events: 0 is out of range; write 1 to 1000000"},
		{"[{request: GET /e, events: many}]", "", `events: "many" is not a count or all; write one such as 10`},
		{"[{request: GET /e, for: 0s}]", "", "for: 0s is too short; write a duration above 0s"},
		{"[{request: GET /e, events: 1, until: 'true'}]", "",
			"until: a step that reads a stream has no until: it asks whole answers, again and again; expect asks the " +
				"last event of a stream; leave one of them out"},
		{"[{request: POST /e, for: 1s, graphql: {query: '{ a }'}}]", "",
			"graphql: a step that reads a stream has no graphql: its answer is read as a whole; leave one of them out"},
		{"[{request: HEAD /e, for: 1s}]", "", "for: the answer to HEAD has no body, and so no events; write GET"},
		{"[{transaction: GET /e gap, steps: [GET /a]}, {request: GET /e, for: 1s}]", "",
			"steps[1]: the gaps of a stream are counted as GET /e gap, which is the name of a transaction in line 4; " +
				"give one of them another name"},
		{"[{request: GET /e, for: 1s}, {transaction: GET /e gap, steps: [GET /a]}]", "",
			`"GET /e gap" is the name of the transaction in line 4 too; write another name`},
		{"[{request: GET /e, for: 1s}, {request: GET /a, name: GET /e gap}]", "",
			`"GET /e gap" is the name of an endpoint too; write another name`},
		{"[{request: GET /e, for: 1s}]", "x: {endpoints: [GET /e, GET /e gap], p95: 1s}",
			`"GET /e gap" is the row of the gaps of a stream, and the rule matches requests too; write a separate`},
		{"[{request: GET /e, for: 1s}]", "x: {endpoints: GET /e gap, time_to_first_byte_p95: 1s}",
			"time_to_first_byte_p95: GET /e gap has no first byte; write p95 here, or a rule for the requests"},
		{"[{request: GET /e, for: 1s}]", "x: {endpoints: GET /e gaps, p95: 1s}",
			`"GET /e gaps" matches no endpoint; did you mean "GET /e gap"?`},
	} {
		if test.rules == "" {
			test.rules = `x: {endpoints: "*", p95: 1s}`
		}
		_, err := thresholds.Decode([]byte("version: 1\ntarget: {url: http://localhost}\n"+
			"profiles: {p: {users: 1, spawn_rate: 1/s, duration: 1m}}\nusers: {g: {wait: 1s, steps: "+test.steps+
			"}}\nthresholds: {"+test.rules+"}\n"), "f.yaml", thresholds.Options{})
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s, %s:\n%v\nwant %s", test.steps, test.rules, err, test.want)
		}
	}
	for kind, where := range map[string]string{
		"start": "users: {g: {wait: 1s, start: [{request: GET /e, for: 1s}], steps: [GET /a]}}",
		"end":   "users: {g: {wait: 1s, end: [{request: GET /e, events: 1}], steps: [GET /a]}}",
		"setup": "users: {g: {wait: 1s, steps: [GET /a]}}\nsetup: [{request: GET /e, for: 1s}]",
	} {
		_, err := thresholds.Decode([]byte("version: 1\ntarget: {url: http://localhost}\n"+
			"profiles: {p: {users: 1, spawn_rate: 1/s, duration: 1m}}\n"+where+
			"\nthresholds: {x: {endpoints: \"*\", p95: 1s}}\n"), "f.yaml", thresholds.Options{})
		want := kind + " steps read no streams of events; write the step under steps, or leave this out"
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\n%v\nwant %s", where, err, want)
		}
	}
}
