package engine

import (
	"context"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// instant answers at once: what is left is the engine's own work.
type instant struct{ now time.Time }

func (*instant) Close() {}

func (d *instant) Do(_ context.Context, _ *client.Request, x *client.Exchange) {
	d.now = d.now.Add(time.Microsecond)
	*x = client.Exchange{Sent: d.now, Done: d.now.Add(500 * time.Microsecond), Status: 200, Received: 200,
		SentBytes: 100}
}

// stepper makes a user who sends a step again and again. Inside the package, because no caller can make a step without
// a run.
func stepper(tb testing.TB, trace, step string) (send func()) {
	tb.Helper()
	s, err := thresholds.Decode([]byte(`version: 1
target: {url: http://localhost:1, headers: {Accept: application/json}}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users: {g: {wait: 0s, steps: [`+step+`]}}
thresholds: {all: {endpoints: "*", success: 99%}}
`+trace), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	doer := &instant{now: time.Now()}
	l := newLoad(&Engine{Dial: func(int) Doer { return doer }}, p, prepare(p), 1)
	l.start = doer.now
	w := newVirtualUser(l, p.User(0))
	one := &w.Group.Steps[0]
	return func() { w.step(context.Background(), context.Background(), one, doer.now) }
}

const (
	rarely = "trace: {propagate: w3c, sample: 0.000001%}\n"
	always = "trace: {propagate: w3c, sample: 100%}\n"
)

// What the scenario layer costs a request beside its exchange: build, judge,
// record.
func BenchmarkStep(b *testing.B) {
	for _, bb := range []struct{ name, trace, step string }{
		{"static", "", "GET /items"},
		{"expect", "", "{request: GET /items, expect: 'status in [200, 201]'}"},
		{"path", "", "{request: 'GET /items/${ int(1, 100) }'}"},
		{"body", "", "{request: POST /items, json: {id: '${ int(1, 100) }', name: fixed}}"},
		{"unsampled", rarely, "GET /items"},
		{"sampled", always, "GET /items"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			send := stepper(b, bb.trace, bb.step)
			b.ReportAllocs()
			for b.Loop() {
				send()
			}
		})
	}
}

// Of a request that is not sampled, tracing costs no memory.
func TestUnsampledAllocatesNothing(t *testing.T) {
	for _, step := range []string{"GET /items", "{request: 'GET /items/${ int(1, 100) }'}"} {
		without := testing.AllocsPerRun(1000, stepper(t, "", step))
		if with := testing.AllocsPerRun(1000, stepper(t, rarely, step)); with > without {
			t.Errorf("%s: %v allocations a request with trace, %v without", step, with, without)
		}
	}
}
