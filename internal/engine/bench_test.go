package engine

import (
	"context"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/plan"
)

// instant answers at once: what is left is the engine's own work.
type instant struct{ now time.Time }

func (*instant) Close() {}

func (d *instant) Do(_ context.Context, _ *client.Request, x *client.Exchange) {
	d.now = d.now.Add(time.Microsecond)
	*x = client.Exchange{Sent: d.now, Done: d.now.Add(500 * time.Microsecond), Status: 200, Received: 200}
}

// What the scenario layer costs a request beside its exchange: build, judge,
// record. Inside the package, because no caller can make a step without a run.
func BenchmarkStep(b *testing.B) {
	for _, bb := range []struct{ name, step string }{
		{"static", "GET /items"},
		{"expect", "{request: GET /items, expect: 'status in [200, 201]'}"},
		{"path", "{request: 'GET /items/${ int(1, 100) }'}"},
		{"body", "{request: POST /items, json: {id: '${ int(1, 100) }', name: fixed}}"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			s, err := config.Decode([]byte(`version: 1
target: {url: http://localhost:1, headers: {Accept: application/json}}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users: {g: {wait: 0s, steps: [`+bb.step+`]}}
thresholds: {all: {endpoints: "*", success: 99%}}
`), "thresholds.yaml", config.Options{})
			if err != nil {
				b.Fatal(err)
			}
			p, err := plan.New(s, plan.Options{})
			if err != nil {
				b.Fatal(err)
			}
			doer := &instant{now: time.Now()}
			r := &run{
				Engine: &Engine{Dial: func(int) Doer { return doer }}, plan: p, steps: prepare(p), start: doer.now,
				recorder: measure.NewRecorder(len(p.Endpoints), 1),
			}
			w := newVirtualUser(r, p.User(0))
			step := &w.Group.Steps[0]
			b.ReportAllocs()
			for b.Loop() {
				w.step(context.Background(), context.Background(), step, doer.now)
			}
		})
	}
}
