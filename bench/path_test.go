package bench_test

import (
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// planOf makes the plan of a file's text.
func planOf(b testing.TB, text string) *plan.Plan {
	b.Helper()
	s, err := thresholds.Decode([]byte(text), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		b.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// One step of a user's walk: which request, and the think time after it. What
// a step costs beside its exchange is the engine's BenchmarkStep.
func BenchmarkJourney(b *testing.B) {
	for _, order := range []string{"sequence", "weighted"} {
		b.Run(order, func(b *testing.B) {
			p := planOf(b, `version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 1, spawn_rate: 1/s, duration: 60s}}
users: {g: {wait: 1s..3s, order: `+order+`, steps: [GET /a, GET /b, GET /c, GET /d]}}
thresholds: {all: {endpoints: "*", success: 99%}}
`)
			b.ReportAllocs()
			way := p.User(0).Walk()
			for b.Loop() {
				if turn := way.Next(); turn.Wait < time.Second || turn.Wait > 3*time.Second {
					b.Fatal(turn.Wait)
				}
			}
		})
	}
}

// One arrival of an open load: its time and its group. The dispatcher of all
// arrivals is one goroutine, so this is what bounds their rate first.
func BenchmarkArrivals(b *testing.B) {
	for _, tt := range []struct{ name, profile string }{
		{"even", "rate: 200/s, arrivals: even, duration: 60s"},
		{"poisson", "rate: 200/s, duration: 60s"},
		{"ramp", "stages: [{rate: 200/s, over: 8760h}]"},
	} {
		b.Run(tt.name, func(b *testing.B) {
			p := planOf(b, `version: 1
target: {url: http://localhost:8000}
profiles: {p: {`+tt.profile+`}}
users:
  often: {weight: 3, wait: 0s, steps: [GET /a]}
  seldom: {weight: 1, wait: 0s, steps: [GET /b]}
thresholds: {all: {endpoints: "*", success: 99%}}
`)
			b.ReportAllocs()
			last := time.Duration(-1)
			for a := range p.Arrivals() {
				if !b.Loop() {
					return
				}
				if a.At < last {
					b.Fatal(a.At, last)
				}
				last = a.At
			}
			b.Fatal("arrivals ended after ", last)
		})
	}
}

// Two halves of a run of 15 minutes into one.
func BenchmarkMerge(b *testing.B) {
	one, _ := quarter(b)
	one.Shards = []result.Shard{{K: 1, N: 2}}
	other := *one
	other.Shards = []result.Shard{{K: 2, N: 2}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := result.Merge(one, &other); err != nil {
			b.Fatal(err)
		}
	}
}

// What the engine does once a second: a second of 20 endpoints on two lanes
// at 400 requests becomes a slice of the result.
func BenchmarkCut(b *testing.B) {
	r := measure.NewRecorder(20, 2)
	second := 0
	b.ReportAllocs()
	for b.Loop() {
		for i := range 400 {
			r.Lane(i).Record(measure.Sample{
				Endpoint: i % 20, Ended: time.Duration(second) * time.Second,
				Latency: time.Duration(20+i%50) * time.Millisecond,
			})
		}
		if slice := r.Cut(second, 400); len(slice.Endpoints) != 20 {
			b.Fatal(len(slice.Endpoints))
		}
		second++
	}
}

// What a request costs to be counted, and what a Server-Timing header adds to it.
func BenchmarkRecord(b *testing.B) {
	for _, row := range []struct{ name, timing string }{
		{"plain", ""},
		{"timing", "db;dur=12.3"},
		{"timing with queries", `db;dur=12.3;desc="4 queries", pool;dur=0.4, app;dur=17.9`},
	} {
		b.Run(row.name, func(b *testing.B) {
			lane := measure.NewRecorder(1, 1).Lane(0)
			s := measure.Sample{Latency: 20 * time.Millisecond, Timing: []byte(row.timing)}
			b.ReportAllocs()
			for b.Loop() {
				lane.Record(s)
			}
		})
	}
}
