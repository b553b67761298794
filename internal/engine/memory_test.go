package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// forgetful answers and remembers nothing.
type forgetful struct{}

func (forgetful) Close() {}

func (forgetful) Do(_ context.Context, req *client.Request, x *client.Exchange) {
	*x = client.Exchange{Sent: time.Now(), Status: 200, Received: 500}
	time.Sleep(time.Duration(10+len(req.Target)*7919%40) * time.Millisecond)
	x.Done = time.Now()
}

// A run of ten minutes over 20 endpoints grows by its seconds only.
func TestRunMemory(t *testing.T) {
	var steps strings.Builder
	for i := range 20 {
		fmt.Fprintf(&steps, "      - 'GET /%s/${ int(1, 100) }'\n", strings.Repeat("x", i+1))
	}
	text := file(100, "100/s", "10m", "\n  g:\n    wait: 200ms..800ms\n    steps:\n"+steps.String())
	synctest.Test(t, func(t *testing.T) {
		p := decode(t, text, plan.Options{Seed: 1})
		heap := map[int]uint64{}
		e := engine.Engine{
			Dial: func(int) engine.Doer { return forgetful{} },
			Second: func(s *result.Slice, _ *result.Result) {
				if s.Moment.Slot == 60 || s.Moment.Slot == 599 {
					runtime.GC()
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					heap[s.Moment.Slot] = m.HeapAlloc
				}
			},
		}
		r := p.Result("test", time.Time{})
		if err := e.Run(context.Background(), p, r); err != nil {
			t.Fatal(err)
		}
		grown := int64(heap[599]) - int64(heap[60])
		t.Logf("%d KiB after a minute, %d KiB more after ten", heap[60]>>10, grown>>10)
		if heap[60] == 0 || heap[599] == 0 || grown > 20<<20 {
			t.Errorf("the heap grew by %d bytes, want at most 20 MiB", grown)
		}
	})
}

// generous answers with a megabyte of JSON.
type generous struct{ forgetful }

func (g generous) Do(ctx context.Context, req *client.Request, x *client.Exchange) {
	g.forgetful.Do(ctx, req, x)
	x.Body = []byte(`{"items": [` + strings.Repeat(`{"id": 1, "name": "nnnnnnnnnnnnnnnnnnnn"},`, 25_000) +
		`{"id": 2}]}`)
	if strings.HasSuffix(req.Target, "fails") {
		x.Status = 500
	}
}

// Who thinks, or waits to send a request again, holds no answer and nothing that
// was made of one.
func TestThinkingUsersHoldNoAnswers(t *testing.T) {
	for name, step := range map[string]string{
		"captured": `{request: GET /a, capture: {id: 'body.items[7].id'}}`,
		"parsed":   `{request: GET /a, expect: 'len(filter(body.items, .id == 2)) == 1'}`,
		"repeated": `{request: GET /fails, expect: 'body.items[0].id == 1', retry: {times: 3, wait: 20s}}`,
	} {
		t.Run(name, func(t *testing.T) {
			text := file(50, "50/s", "10s", "\n  g:\n    wait: 20s\n    steps: ["+step+"]\n")
			synctest.Test(t, func(t *testing.T) {
				p := decode(t, text, plan.Options{Seed: 1})
				var held uint64
				e := engine.Engine{
					Dial: func(int) engine.Doer { return generous{} },
					Second: func(s *result.Slice, _ *result.Result) {
						if s.Moment.Slot == 5 {
							runtime.GC()
							var m runtime.MemStats
							runtime.ReadMemStats(&m)
							held = m.HeapAlloc
						}
					},
				}
				r := p.Result("test", time.Time{})
				if err := e.Run(context.Background(), p, r); err != nil {
					t.Fatal(err)
				}
				if held == 0 || held > 25<<20 {
					t.Errorf("50 thinking users hold %d MiB, want less than half of their answers", held>>20)
				}
			})
		})
	}
}
