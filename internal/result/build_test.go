package result_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/trace"
)

// names are the endpoints of every run here; one is a start step that has the
// name of another step.
var names = []result.Endpoint{
	{Name: "POST /login", Place: metric.Place{Once: metric.Once{Start: true}}, Expected: 2},
	{Name: "GET /items", Expected: 40.5},
	{Name: "POST /login", Expected: 3},
}

// empty is a run in which nothing has happened.
func empty(shard result.Shard) *result.Result {
	return &result.Result{
		Schema: result.Schema, Tool: "loadgate test", Name: "shop", Profile: "light", Target: "http://localhost:8000",
		Digest: "9f86d081884c7d65", Seed: 7, Started: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC),
		Planned: result.Planned{Users: 5, Ramp: time.Second, WarmUp: 2 * time.Second,
			Duration: 10 * time.Second, Timeout: 5 * time.Second},
		Slot: result.SlotLength, Shards: []result.Shard{shard}, Endpoints: slices.Clone(names),
	}
}

// whole is the shard of a run that is not split.
var whole = result.Shard{K: 1, N: 1}

// tape is what users did: the samples of a run, and how many users were
// active at the end of each of its seconds.
type tape struct {
	users      []int
	generators []*result.Generator // nil: of no second is anything known
	arrivals   []arrivals          // nil: a closed load
	samples    []measure.Sample
	loads      [][]result.Flow // of each second; nil: there is one load
	firstBytes []int           // endpoints whose times to the first byte are kept
}

// arrivals are those of a second of an open load.
type arrivals struct{ offered, dropped int64 }

// slices plays the tape through a recorder.
func (t tape) slices() []*result.Slice {
	recorder := measure.NewRecorder(len(names), 2)
	recorder.KeepFirstBytes(t.firstBytes)
	for i, s := range t.samples {
		recorder.Lane(i).Record(s)
	}
	var all []*result.Slice
	for second, users := range t.users {
		s := recorder.Cut(second, users)
		if second < len(t.generators) {
			s.Moment.Generator = t.generators[second]
		}
		if second < len(t.arrivals) {
			s.Moment.Offered, s.Moment.Dropped = t.arrivals[second].offered, t.arrivals[second].dropped
		}
		if second < len(t.loads) {
			s.Moment.Loads = slices.Clone(t.loads[second])
			s.Moment.Loads[0].Lag = s.Moment.Lag
		}
		all = append(all, s)
	}
	return all
}

// record makes the result of a tape.
func (t tape) record(tb rapid.TB, shard result.Shard) *result.Result {
	tb.Helper()
	r := empty(shard)
	for _, s := range t.slices() {
		if err := r.Append(s); err != nil {
			tb.Fatalf("Append(second %d): %v", s.Moment.Slot, err)
		}
	}
	if err := r.Check(); err != nil {
		tb.Fatalf("Check of a recorded run: %v", err)
	}
	return r
}

// anyTape draws a tape of that many seconds.
func anyTape(seconds int) *rapid.Generator[tape] {
	return rapid.Custom(func(t *rapid.T) tape {
		return tape{
			users:      rapid.SliceOfN(rapid.IntRange(0, 50), seconds, seconds).Draw(t, "users"),
			generators: rapid.SliceOfN(anyGenerator(), 0, seconds).Draw(t, "generators"),
			samples:    rapid.SliceOfN(anySample(seconds), 0, 30).Draw(t, "samples"),
			arrivals:   rapid.SliceOfN(anyArrivals(), 0, seconds).Draw(t, "arrivals"),
			loads: rapid.OneOf(rapid.Just([][]result.Flow(nil)),
				rapid.SliceOfN(rapid.SliceOfN(anyFlow(), 2, 2), seconds, seconds)).Draw(t, "loads"),
			firstBytes: rapid.SliceOfN(rapid.IntRange(0, len(names)-1), 0, 2).Draw(t, "first bytes"),
		}
	})
}

// addLoads adds what the loads of the tape did to those of the whole, which has none, or as many.
func (t *tape) addLoads(whole [][]result.Flow) {
	switch {
	case whole == nil:
		t.loads = nil
	case t.loads == nil:
		for range whole {
			t.loads = append(t.loads, make([]result.Flow, 2))
		}
	}
	for i, flows := range t.loads {
		for j, f := range flows {
			w := &whole[i][j]
			w.Users, w.Offered, w.Dropped = w.Users+f.Users, w.Offered+f.Offered, w.Dropped+f.Dropped
		}
	}
}

func anyFlow() *rapid.Generator[result.Flow] {
	return rapid.Custom(func(t *rapid.T) result.Flow {
		of := anyArrivals().Draw(t, "arrivals")
		return result.Flow{Users: rapid.IntRange(0, 50).Draw(t, "users"), Offered: of.offered, Dropped: of.dropped}
	})
}

func anyArrivals() *rapid.Generator[arrivals] {
	return rapid.Custom(func(t *rapid.T) arrivals {
		offered := rapid.Int64Range(0, 1000).Draw(t, "offered")
		return arrivals{offered, rapid.Int64Range(0, offered).Draw(t, "dropped")}
	})
}

// anyGenerator draws what is known of a generator in a second: nothing, all,
// or, as on a system that does not tell everything, a part.
func anyGenerator() *rapid.Generator[*result.Generator] {
	share := rapid.Custom(func(t *rapid.T) result.Share {
		of := rapid.Int64Range(0, 8e9).Draw(t, "of")
		return result.Share{Time: time.Duration(rapid.Int64Range(0, of).Draw(t, "time")), Of: time.Duration(of)}
	})
	throttle := rapid.Custom(func(t *rapid.T) result.Throttle {
		periods := rapid.Int64Range(0, 10).Draw(t, "periods")
		return result.Throttle{Periods: periods, Throttled: rapid.Int64Range(0, periods).Draw(t, "throttled"),
			Time: time.Duration(periods)}
	})
	return rapid.Custom(func(t *rapid.T) *result.Generator {
		if rapid.Bool().Draw(t, "nothing") {
			return nil
		}
		wakes := rapid.Int64Range(0, 1000).Draw(t, "wakes")
		return &result.Generator{
			CPU:      rapid.Ptr(rapid.Float64Range(0, 1.1), true).Draw(t, "cpu"),
			CPUs:     rapid.SampledFrom([]float64{0, 0.5, 2}).Draw(t, "cpus"),
			Wakes:    wakes,
			Late:     rapid.Int64Range(0, wakes).Draw(t, "late"),
			Pause:    time.Duration(rapid.Int64Range(0, 5e7).Draw(t, "pause")),
			Throttle: rapid.Ptr(throttle, true).Draw(t, "throttle"),
			Steal:    rapid.Ptr(share, true).Draw(t, "steal"),
			Pressure: rapid.Ptr(share, true).Draw(t, "pressure"),
		}
	})
}

// anySample draws a request that ended within that many seconds. Times are
// few, so that samples of the same instant come up.
func anySample(seconds int) *rapid.Generator[measure.Sample] {
	return rapid.Custom(func(t *rapid.T) measure.Sample {
		count := rapid.IntRange(0, 2)
		phase := rapid.Map(rapid.IntRange(0, 1000),
			func(n int) time.Duration { return time.Duration(n) * time.Microsecond })
		s := measure.Sample{
			Endpoint: rapid.IntRange(0, len(names)-1).Draw(t, "endpoint"),
			Ended:    time.Duration(rapid.IntRange(0, seconds*10-1).Draw(t, "ended")) * 100 * time.Millisecond,
			Latency:  time.Duration(rapid.Int64Range(0, int64(20*time.Second)).Draw(t, "latency")),
			Received: rapid.Int64Range(0, 1<<20).Draw(t, "received"), Sent: rapid.Int64Range(0, 1<<10).Draw(t, "sent"),
			Connects: count.Draw(t, "connects"), Retries: count.Draw(t, "retries"), Hops: count.Draw(t, "hops"),
			Phases: result.Phases{
				DNS: phase.Draw(t, "dns"), Connect: phase.Draw(t, "connect"), TLS: phase.Draw(t, "tls"),
				FirstByte: phase.Draw(t, "first byte"), Body: phase.Draw(t, "body"),
			},
		}
		if rapid.Bool().Draw(t, "late") {
			s.Lag = time.Duration(rapid.Int64Range(0, int64(s.Latency)).Draw(t, "lag"))
		}
		if rapid.IntRange(0, 2).Draw(t, "fails") == 0 {
			s.Failure = rapid.SampledFrom(metric.Failures()).Draw(t, "kind")
			s.Status = rapid.SampledFrom([]int{0, 404, 503}).Draw(t, "status")
			s.Detail = rapid.SampledFrom([]string{"", "not found", "no route"}).Draw(t, "detail")
			s.Cause = rapid.SampledFrom([]metric.Cause{metric.NoCause, metric.LargeHead}).Draw(t, "cause")
			s.Location = rapid.SampledFrom([]string{"", "/login"}).Draw(t, "location")
			s.Body = rapid.SampledFrom([]string{"", "<html>", "{}"}).Draw(t, "body")
			s.Held = s.Failure == metric.Expression && rapid.Bool().Draw(t, "held")
		}
		s.Trace = anyTrace().Draw(t, "trace")
		return s
	})
}

// anyTrace draws the id of a trace, or none.
func anyTrace() *rapid.Generator[trace.ID] {
	return rapid.Custom(func(t *rapid.T) (id trace.ID) {
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 0, len(id)).Draw(t, "id"))
		return id
	})
}

// diff compares two results, up to the order of endpoints and failures and to
// how an empty list is written.
func diff(want, got *result.Result) string {
	// Expected requests are sums of fractions.
	return gocmp.Diff(sorted(want), sorted(got), cmpopts.EquateEmpty(), cmpopts.EquateApprox(0, 1e-9))
}

func sorted(r *result.Result) *result.Result {
	c := *r
	c.Endpoints = slices.Clone(r.Endpoints)
	key := func(e result.Endpoint) string { return fmt.Sprint(e.Start, e.Name) }
	slices.SortFunc(c.Endpoints, func(a, b result.Endpoint) int { return cmp.Compare(key(a), key(b)) })
	for i := range c.Endpoints {
		failures := slices.Clone(c.Endpoints[i].Failures)
		slices.SortFunc(failures, func(a, b result.Failure) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Status, b.Status))
		})
		c.Endpoints[i].Failures = failures
	}
	return &c
}

func encode(tb rapid.TB, r *result.Result) string {
	tb.Helper()
	var b strings.Builder
	if err := r.Encode(&b); err != nil {
		tb.Fatalf("Encode: %v", err)
	}
	return b.String()
}

func decode(text string) (*result.Result, error) {
	return result.Decode(strings.NewReader(text), "run.json")
}

// journal writes a run as its seconds come.
func journal(tb rapid.TB, r *result.Result, seconds []*result.Slice, end result.End) string {
	tb.Helper()
	var b bytes.Buffer
	j := result.NewJournal(&b, r)
	for _, s := range seconds {
		j.Slice(s)
	}
	if err := j.End(end); err != nil {
		tb.Fatalf("End: %v", err)
	}
	return b.String()
}

// total counts every request of a result.
func total(r *result.Result) (requests, failures int64) {
	for _, e := range r.Endpoints {
		for _, s := range e.Slots {
			requests += s.Requests + s.Unsent
			failures += s.Failures() + s.Unsent
		}
	}
	return requests, failures
}

// small is a short run with one failure, the same at every call.
func small() tape {
	ms := time.Millisecond
	return tape{users: []int{1, 2, 2}, samples: []measure.Sample{
		{Endpoint: 0, Ended: 100 * ms, Latency: 40 * ms, Received: 120, Sent: 60, Connects: 1},
		{Endpoint: 1, Ended: 900 * ms, Latency: 10 * ms, Lag: ms, Received: 900},
		{Endpoint: 1, Ended: 1100 * ms, Latency: 12 * ms, Received: 900},
		{Endpoint: 1, Ended: 2500 * ms, Latency: 3 * ms, Failure: metric.Status,
			Status: 503, Detail: "503 Service Unavailable", Body: "busy"},
		{Endpoint: 2, Ended: 2700 * ms, Latency: 50 * ms, Phases: result.Phases{FirstByte: 45 * ms}},
	}}
}

// replaced returns text with one exact part changed.
func replaced(t *testing.T, text, old, new string) string {
	t.Helper()
	if strings.Count(text, old) < 1 {
		t.Fatalf("%s does not hold %q", text, old)
	}
	return strings.Replace(text, old, new, 1)
}
