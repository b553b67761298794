package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// decode makes a plan of a file's text; %s in it is the target.
func decode(t *testing.T, text string, o plan.Options) *plan.Plan {
	t.Helper()
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{
		Getenv: func(name string) (string, bool) { return "hunter22", name == "PASSWORD" },
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Sparse = true
	p, err := plan.New(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sent is one request that a service saw.
type sent struct {
	User   int
	Method string
	Target string
	Header string
	Body   string
	At     time.Duration
	Trace  string // the value of its traceparent; empty: it has none
}

// service is a target in the bubble: it answers after a time, and remembers
// what it was asked. Safe for concurrent use.
type service struct {
	// answer fills the exchange and says how long that takes; nil answers 200
	// after 20 ms.
	answer func(s sent, x *client.Exchange) time.Duration

	mu     sync.Mutex
	start  time.Time
	seen   []sent
	closed int
}

func newService(answer func(s sent, x *client.Exchange) time.Duration) *service {
	return &service{answer: answer, start: time.Now()}
}

func (s *service) dial(user int) engine.Doer { return &doer{s, user} }

// requests returns what was seen, in the order in which it came.
func (s *service) requests() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

type doer struct {
	*service
	user int
}

func (d *doer) Close() {
	d.mu.Lock()
	d.closed++
	d.mu.Unlock()
}

func (d *doer) Do(ctx context.Context, req *client.Request, x *client.Exchange) {
	var header []string
	for _, f := range req.Header {
		header = append(header, f.Name+": "+f.Value)
	}
	seen := sent{User: d.user, Method: req.Method, Target: req.Target, Header: strings.Join(header, "; "),
		Body: string(req.Body), At: time.Since(d.start)}
	if req.Trace.Sampled() {
		seen.Trace = req.Trace.String()
	}
	d.mu.Lock()
	d.seen = append(d.seen, seen)
	d.mu.Unlock()
	*x = client.Exchange{Sent: time.Now(), Status: 200, Received: 100, SentBytes: 50}
	took := 20 * time.Millisecond
	if d.answer != nil {
		took = d.answer(seen, x)
	}
	if !req.KeepBody {
		x.Body = nil
	}
	select {
	case <-time.After(took):
	case <-ctx.Done():
		x.Failure, x.Detail, x.Status = metric.Timeout, "stopped", 0
	}
	x.Done = time.Now()
}

// walk runs a plan against a service and returns what was measured.
func walk(t *testing.T, ctx context.Context, p *plan.Plan, s *service, e engine.Engine) *result.Result {
	t.Helper()
	e.Dial = s.dial
	r := p.Result("test", time.Unix(0, 0))
	if err := e.Run(ctx, p, r); err != nil {
		t.Fatal(err)
	}
	if err := r.Check(); err != nil {
		t.Fatalf("the result contradicts itself: %v", err)
	}
	return r
}

// total sums an endpoint's slots.
func total(t *testing.T, r *result.Result, name string) (requests, failed int64) {
	t.Helper()
	for _, e := range r.Endpoints {
		if e.Name != name {
			continue
		}
		for _, s := range e.Slots {
			requests += s.Requests
			failed += s.Failures()
		}
		return requests, failed
	}
	t.Fatalf("no endpoint %q", name)
	return 0, 0
}

const head = `version: 1
name: test
env: [PASSWORD]
secret: [PASSWORD]
target: {url: http://localhost:1, timeout: 10s}
profiles:
  p: {users: %d, spawn_rate: %s, duration: %s, warm_up: 0s, try: false}
users:
`

const rules = `
thresholds:
  all: {endpoints: "*", success: 99%}
`

func file(users int, spawn, duration, groups string) string {
	return fmt.Sprintf(head, users, spawn, duration) + groups + rules
}
