package plan_test

import (
	"math"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/plan"
)

// A stream takes its time from the requests of its user. How many events it has is expected where the file says it, and
// unknown where the time or the service decides; and so are the requests of a group whose streams last as long as the
// service likes.
func TestStreams(t *testing.T) {
	const users = "users: 10, spawn_rate: 10/s, duration: 110s, warm_up: 10s"
	for _, test := range []struct {
		profile, steps string
		requests, gaps float64 // -1: unlimited
	}{
		{users, "[{request: GET /e, for: 8s}]", 100, -1},
		{users, "[{request: GET /e, for: 6s}, GET /a]", 100, -1},
		{users, "[{request: GET /e, events: 5, for: 8s}]", 100, -1},
		{users, "[{request: GET /e, events: 5}]", -1, -1},
		{users, "[{request: GET /e, events: all}]", -1, -1},
		{users + ", pace: 2", "[{request: GET /e, for: 9s}]", 100, -1},
		{"rate: 2/s, duration: 110s, warm_up: 10s", "[{request: GET /e, events: 5}]", 200, 800},
		{"rate: 2/s, duration: 110s, warm_up: 10s", "[{request: GET /e, events: 1}]", 200, 0},
		{"rate: 2/s, duration: 110s, warm_up: 10s", "[{request: GET /e, events: 5, times: 3}, GET /a]", 150, 600},
		{"rate: 2/s, duration: 110s, warm_up: 10s", "[{request: GET /e, for: 10s}]", 200, -1},
	} {
		s := decode(t, `
version: 1
target: {url: http://localhost:8000}
profiles: {p: {`+test.profile+`}}
users: {g: {wait: 2s, steps: `+test.steps+`}}
thresholds: {x: {endpoints: GET /e, p95: 1s}, y: {endpoints: GET /e gap, p95: 1s}}`)
		p := newPlan(t, s, plan.Options{})
		for _, row := range []struct {
			plan.Endpoint
			want float64
		}{{p.Endpoints[0], test.requests}, {p.Transactions[0], test.gaps}} {
			if row.Unlimited != (row.want < 0) || row.want >= 0 && math.Abs(row.Expected-row.want) > 1e-6 {
				t.Errorf("%s, %s: %s is expected %v times, unlimited: %t; want %v",
					test.profile, test.steps, row.Name, row.Expected, row.Unlimited, row.want)
			}
		}
		r := p.Result("test", time.Unix(0, 0))
		for _, row := range []struct{ got, want float64 }{
			{r.Endpoints[0].Expected, test.requests}, {r.Transactions[0].Expected, test.gaps},
		} {
			if math.Abs(row.got-max(0, row.want)) > 1e-6 { // unknown
				t.Errorf("%s, %s: the document expects %v, want %v",
					test.profile, test.steps, row.got, max(0, row.want))
			}
		}
		if p.Transactions[0].Name != "GET /e gap" || !p.Transactions[0].Beside {
			t.Errorf("the row is %+v", p.Transactions[0])
		}
		for _, f := range p.Forecast() {
			if f.Unlimited != (map[string]float64{"x": test.requests, "y": test.gaps}[f.Rule] < 0) {
				t.Errorf("%s, %s: forecast %s: unlimited %t", test.profile, test.steps, f.Rule, f.Unlimited)
			}
		}
	}
}

// Pacing counts from the send, and so takes in the stream; a smoke run reads a second of it.
func TestStreamsBesidePacing(t *testing.T) {
	for _, test := range []struct {
		step  string
		smoke bool
		want  time.Duration
	}{
		{"{request: GET /e, for: 6s}", false, 0}, {"{request: GET /e, for: 14s}", false, 4 * time.Second},
		{"{request: GET /e, for: 14s, wait: 1s}", false, 14 * time.Second},
		{"{request: GET /e, for: 14s, wait: 1s}", true, time.Second},
		{"{request: GET /e, for: 200ms, wait: 1s}", true, 200 * time.Millisecond},
		{"{request: GET /e, events: all, wait: 1s}", true, time.Second},
	} {
		s := decode(t, `
version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 110s, warm_up: 10s}}
users: {g: {pacing: 10s, steps: [`+test.step+`]}}
thresholds: {x: {endpoints: GET /e, p95: 1s}}`)
		kinds := plan.Kinds(newPlan(t, s, plan.Options{Smoke: test.smoke}))
		if got := kinds[0].Streams; got != test.want {
			t.Errorf("%s: streams take %v, want %v", test.step, got, test.want)
		}
	}
}

// Named messages come as often as the steps that wait for them, each time that they are named, and pauses take their
// time.
func TestTalk(t *testing.T) {
	for _, test := range []struct {
		smoke                 bool
		requests, ack, paused float64
	}{{false, 50, 100, 8}, {true, -1, -1, 3}} {
		s := decode(t, `
version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 110s, warm_up: 10s}}
users:
  g:
    wait: 2s
    steps:
      - {request: GET /c, ws: [{wait: 6s}, {send: a, expect: 'true', name: ack}, {wait: 1s}, {send: b},
          {expect: 'true', name: ack}, {wait: 1s}, {expect: 'true'}]}
      - {request: GET /d, wait: 10s}
thresholds: {x: {endpoints: "*", p95: 1s}, y: {endpoints: GET /c ack, p95: 1s}}`)
		p := newPlan(t, s, plan.Options{Smoke: test.smoke})
		if got := plan.Kinds(p)[0].Streams.Seconds() * 2; got != test.paused {
			t.Errorf("pauses take %v s of a round, want %v", got, test.paused)
		}
		if !test.smoke && (math.Abs(p.Endpoints[0].Expected-test.requests) > 1e-6 || len(p.Transactions) != 1 ||
			math.Abs(p.Transactions[0].Expected-test.ack) > 1e-6 || p.Transactions[0].Unlimited) {
			t.Errorf("%+v and %+v, want %v requests and %v messages",
				p.Endpoints[0], p.Transactions, test.requests, test.ack)
		}
	}
}

// The pace that rules need is found for what is measured beside requests, too.
func TestAutoPaceOfMessages(t *testing.T) {
	for _, test := range []struct {
		rule string
		fast bool
	}{{"GET /c ack", true}, {"GET /d", false}} {
		s := decode(t, `
version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 10, spawn_rate: 10/s, duration: 110s, warm_up: 10s, pace: auto}}
users:
  slow: {wait: 50s, steps: [{request: GET /c, ws: [{send: a, expect: 'true', name: ack}]}]}
  other: {wait: 1s, steps: [GET /d]}
thresholds: {x: {endpoints: `+test.rule+`, p95: 1s}}`)
		p := newPlan(t, s, plan.Options{})
		if fast := p.Groups[0].Pace > 1; fast != test.fast || fast && p.Transactions[0].Expected < plan.Enough-1 {
			t.Errorf("a rule on %s: pace %v, %v messages", test.rule, p.Groups[0].Pace, p.Transactions[0].Expected)
		}
	}
}
