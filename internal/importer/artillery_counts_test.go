package importer_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Reports of Artillery whose counters lack statuses or contradict each other have the requests that they
// count, no failure that nothing tells of, and each that something does. None of them passes, though the
// file lets pass what is not decided.
func TestUntoldFailuresOfArtillery(t *testing.T) {
	const (
		all    = `"http.requests":1000,"http.responses":1000`
		some   = `"http.requests":1000,"http.responses":700`
		times  = `"summaries":{"http.response_time":{"count":1000,"p95":10}}`
		fewer  = `"summaries":{"http.response_time":{"count":700,"p95":10}}`
		few    = `"summaries":{"http.response_time":{"count":400,"p95":10}}`
		none   = `"summaries":{}`
		plugin = `"plugins.metrics-by-endpoint./a.codes.`
		parted = `"summaries":{"http.response_time":{"count":1000,"p95":10},` +
			`"plugins.metrics-by-endpoint.response_time./a":{"count":600,"p95":10}}`
	)
	second := func(counters, rest string) string {
		return `{"aggregate":{"counters":{` + counters + `},` + rest + `}}`
	}
	first := func(completed, rest string) string {
		return `{"aggregate":{"scenariosCreated":100,` + completed + `"latency":{"median":8,"p95":10},` +
			`"rps":{"count":100,"mean":10},` + rest + `"counters":{}}}`
	}
	for _, tt := range []struct{ name, text, want, note string }{
		{"no status", second(all, times), "all requests: 1000 requests, p95 10ms",
			"for 0 of 1,000 requests whether they failed (codes and errors): 0 did"},
		{"neither status nor time", second(all, none), "all requests: 1000 requests", "for 0 of 1,000 requests"},
		{"times that nothing counts", second(`"http.requests":1000`, `"summaries":{"http.response_time":{"p95":10}}`),
			"all requests: 1000 requests, p95 10ms", "for 0 of 1,000 requests"},
		{"times alone", second(`"vusers.created":9`, times), "all requests: 1000 requests, p95 10ms",
			"for 0 of 1,000 requests"},
		{"no status, and requests without an answer", second(some+`,"errors.ETIMEDOUT":300`, fewer),
			"all requests: 1000 requests, p95 10ms",
			"for 300 of 1,000 requests whether they failed (codes and errors): 300 did"},
		{"the same without their errors", second(some, fewer), "all requests: 1000 requests, p95 10ms", ": 300 did"},
		{"most of them without an answer",
			second(`"http.requests":1000,"http.responses":400,"errors.ETIMEDOUT":600`, few),
			"all requests: 1000 requests, 600 failed, p95 10ms", "for 600 of 1,000 requests"},
		{"no status, and all fail a check", second(all+`,"errors.Failed capture or match":1000`, times),
			"all requests: 1000 requests, 1000 failed, p95 10ms", ""},
		{"a status of some", second(all+`,"http.codes.200":600`, times), "all requests: 1000 requests, p95 10ms",
			"for 600 of 1,000 requests"},
		{"more statuses than answers", second(some+`,"http.codes.200":1000`, fewer),
			"all requests: 1000 requests, p95 10ms", "it counts 1,000 answers by status and 700 in all: only one"},
		{"more answers than requests", second(`"http.requests":900,"http.responses":1000,"http.codes.200":1000`, times),
			"all requests: 1000 requests, p95 10ms", "it counts 1,000 answers and 900 requests: only one"},
		{"more times than requests", second(`"http.requests":900,"http.responses":900,"http.codes.200":900`, times),
			"all requests: 1000 requests, p95 10ms", "it counts 1,000 answers and 900 requests"},
		{"no user came to the end",
			second(all+`,"http.codes.200":1000,"vusers.failed":500,"errors.Bad body":500`, times),
			"all requests: 1000 requests, p95 10ms", "an error ended 500 users of whom no request failed"},
		{"statuses of an endpoint alone", second(all+`,`+plugin+`200":600`, parted),
			"/a: 600 requests, 0 failed, p95 10ms\nother requests: 400 requests", "for 600 of 1,000 requests"},
		{"bad statuses of an endpoint alone", second(all+`,`+plugin+`500":600`, parted),
			"/a: 600 requests, 600 failed, p95 10ms\nother requests: 400 requests, 0 failed", "600 did"},
		{"no status of an endpoint, and all are bad", second(all+`,"http.codes.500":1000`, parted),
			"/a: 600 requests, 600 failed, p95 10ms\nother requests: 400 requests, 400 failed", ""},
		{"no status of an endpoint, and some are bad", second(all+`,"http.codes.200":900,"http.codes.500":100`, parted),
			"/a: 600 requests, p95 10ms\nother requests: 400 requests", "100 of 1,000 requests failed"},
		{"more of an endpoint than of all", second(all+`,"http.codes.200":1000,`+plugin+`500":60`, parted),
			"/a: 600 requests, p95 10ms\nother requests: 460 requests", "it counts 1,060 answers by status"},
		{"before 2.0", second(`"engine.http.requests":9,"engine.http.responses":9`, none),
			"all requests: 9 requests", "for 0 of 9 requests"},
		{"a counter of a script", second(all+`,"responses":5000,"requests":7000`, times),
			"all requests: 1000 requests, p95 10ms", "for 0 of 1,000 requests"},
		{"Artillery 1", first(`"requestsCompleted":100,`, `"errors":{},"codes":{},`),
			"all requests: 100 requests, p95 10ms", "for 0 of 100 requests"},
		{"Artillery 1, nothing but times", first("", ""), "all requests: 100 requests, p95 10ms",
			"for 0 of 100 requests"},
		{"Artillery 1, messages of sockets", first(`"requestsCompleted":100,`, `"codes":{"0":20,"200":80},`),
			"all requests: 100 requests, p95 10ms", "for 80 of 100 requests"},
	} {
		r := decode(t, tt.text, importer.Options{})
		notes := strings.Join(r.Source.Notes, "\n")
		if got := told(t, r); got != tt.want || !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" &&
			!strings.Contains(notes, "belong to no endpoint") {
			t.Errorf("%s: %s, noting %q\nwant %s, noting %q", tt.name, got, notes, tt.want, tt.note)
		}
		s, err := thresholds.Decode([]byte("version: 1\n"+
			"thresholds:\n  every: {endpoints: \"*\", p95: 5s, success: 60%}\n"+
			"judge: {inconclusive: pass}\n"), "t.yaml", thresholds.Options{LimitsOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if outcome := gate.Judge(evidence.Input{Result: r, Config: s}).Outcome(); outcome == verdict.Pass ||
			outcome == verdict.Warn {
			t.Errorf("%s: it is a %s", tt.name, outcome)
		}
	}
}

// Users that ended early are a note where others came to the end: their requests may all have been good.
func TestFailedUsersOfArtillery(t *testing.T) {
	const times = `},"summaries":{"http.response_time":{"count":90,"p95":10}}}}`
	for _, tt := range []struct{ name, counters, want, note string }{
		{"a script's error", `"http.requests":90,"http.codes.200":90,"vusers.completed":7,"vusers.failed":3`,
			"all requests: 90 requests, 0 failed, p95 10ms",
			"users that an error ended, which are not failed requests: 3"},
		{"no answer",
			`"http.requests":100,"http.codes.200":90,"errors.EPIPE":10,"vusers.completed":90,"vusers.failed":10`,
			"all requests: 100 requests, 10 failed, p95 10ms", ""},
	} {
		r := decode(t, `{"aggregate":{"counters":{`+tt.counters+times, importer.Options{})
		if got, notes := told(t, r), strings.Join(r.Source.Notes, "\n"); got != tt.want || notes != tt.note {
			t.Errorf("%s: %s, noting %q\nwant %s, noting %q", tt.name, got, notes, tt.want, tt.note)
		}
	}
}
