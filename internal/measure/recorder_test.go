package measure_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

const ms = time.Millisecond

// of folds durations.
func of(durations ...time.Duration) hist.Sparse {
	var l hist.Latency
	for _, d := range durations {
		l.Record(d)
	}
	return l.Sparse()
}

func anySample(endpoints int) *rapid.Generator[measure.Sample] {
	return rapid.Custom(func(t *rapid.T) measure.Sample {
		s := measure.Sample{
			Endpoint: rapid.IntRange(0, endpoints-1).Draw(t, "endpoint"),
			Ended:    time.Duration(rapid.IntRange(0, 49).Draw(t, "ended")) * 100 * ms,
			Latency:  time.Duration(rapid.Int64Range(0, int64(20*time.Second)).Draw(t, "latency")),
			Received: rapid.Int64Range(0, 1<<20).Draw(t, "received"),
			Connects: rapid.IntRange(0, 1).Draw(t, "connects"),
			Phases:   result.Phases{FirstByte: time.Duration(rapid.IntRange(0, 1000).Draw(t, "first byte"))},
		}
		if rapid.Bool().Draw(t, "late") {
			s.Lag = time.Duration(rapid.Int64Range(0, int64(s.Latency)).Draw(t, "lag"))
		}
		if rapid.IntRange(0, 2).Draw(t, "fails") == 0 {
			s.Failure = rapid.SampledFrom(metric.Failures()).Draw(t, "kind")
			s.Status = rapid.SampledFrom([]int{0, 404, 503}).Draw(t, "status")
			s.Detail = rapid.SampledFrom([]string{"", "not found", "no route"}).Draw(t, "detail")
			s.Body = rapid.SampledFrom([]string{"", "<html>", "{}"}).Draw(t, "body")
		}
		copy(s.Trace[:], rapid.SliceOfN(rapid.Byte(), 0, len(s.Trace)).Draw(t, "trace"))
		return s
	})
}

// However the users are spread over lanes, and in whatever order they end,
// the same comes out.
func TestLanesAreOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const endpoints = 3
		samples := rapid.SliceOfN(anySample(endpoints), 0, 40).Draw(t, "samples")
		one := measure.NewRecorder(endpoints, 1)
		kept := rapid.SliceOf(rapid.IntRange(0, endpoints-1)).Draw(t, "first bytes")
		one.KeepFirstBytes(kept)
		for _, s := range samples {
			one.Lane(0).Record(s)
		}
		many := measure.NewRecorder(endpoints, rapid.IntRange(1, 8).Draw(t, "lanes"))
		many.KeepFirstBytes(kept)
		for _, s := range rapid.Permutation(samples).Draw(t, "order") {
			many.Lane(rapid.IntRange(0, 100).Draw(t, "user")).Record(s)
		}
		for second := range 5 {
			if d := cmp.Diff(one.Cut(second, 3), many.Cut(second, 3)); d != "" {
				t.Fatalf("second %d (-one lane +many):\n%s", second, d)
			}
		}
	})
}

// What is cut holds every sample once, and what the document demands.
func TestCutLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const endpoints = 2
		r := measure.NewRecorder(endpoints, 2)
		doc := &result.Result{
			Slot: result.SlotLength, Shards: []result.Shard{{K: 1, N: 1}},
			Endpoints: []result.Endpoint{{Name: "a"}, {Name: "b"}},
		}
		var received, want int64
		take := func(s *result.Slice) {
			if err := doc.Append(s); err != nil {
				t.Fatalf("Append: %v", err)
			}
		}
		n := 0
		for second := range 6 {
			// Samples come in any order, so some are late.
			for _, s := range rapid.SliceOfN(anySample(endpoints), 0, 10).Draw(t, "samples") {
				r.Lane(n).Record(s)
				n++
				if s.Failure.Sent() {
					want += s.Received
				}
			}
			take(r.Cut(second, second))
		}
		take(r.CutAll(6, 0))
		if err := doc.Check(); err != nil {
			t.Fatalf("Check: %v", err)
		}
		requests := int64(0)
		for _, e := range doc.Endpoints {
			failed := int64(0)
			for _, s := range e.Slots {
				requests += s.Requests + s.Unsent
				received += s.Received
				failed += s.Failures() + s.Unsent
			}
			listed := int64(0)
			for _, f := range e.Failures {
				listed += f.Count
			}
			if failed != listed {
				t.Fatalf("endpoint %s: %d failures in slots, %d by kind", e.Name, failed, listed)
			}
		}
		if requests != int64(n) || received != want {
			t.Fatalf("%d requests of %d bytes, want %d of %d", requests, received, n, want)
		}
	})
}

func TestSlots(t *testing.T) {
	r := measure.NewRecorder(2, 1)
	lane := r.Lane(0)
	record := func(endpoint int, ended time.Duration) {
		lane.Record(measure.Sample{Endpoint: endpoint, Ended: ended, Latency: ended})
	}
	record(0, 0)
	record(0, time.Second-1)
	record(0, time.Second) // the next slot
	record(1, 2500*ms)
	record(0, 1900*ms) // an earlier slot, still open
	for _, row := range []struct {
		name   string
		late   time.Duration // a sample that comes before the cut; negative: none
		number int
		want   []result.EndpointSlice
	}{
		{"the first second", -1, 0, []result.EndpointSlice{
			{Index: 0, Slot: result.Slot{Slot: 0, Requests: 2, Latency: of(0, time.Second-1)}},
		}},
		{"a second with one that came late", 100 * ms, 1, []result.EndpointSlice{
			{Index: 0, Slot: result.Slot{Slot: 1, Requests: 3, Latency: of(time.Second, 1900*ms, 100*ms)}},
		}},
		{"two seconds at once", 200 * ms, 3, []result.EndpointSlice{
			{Index: 0, Slot: result.Slot{Slot: 3, Requests: 1, Latency: of(200 * ms)}},
			{Index: 1, Slot: result.Slot{Slot: 3, Requests: 1, Latency: of(2500 * ms)}},
		}},
		{"a second without a request", -1, 4, nil},
	} {
		if row.late >= 0 {
			record(0, row.late)
		}
		got := r.Cut(row.number, 7)
		if d := cmp.Diff(row.want, got.Endpoints); d != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, d)
		}
		if got.Moment.Slot != row.number || got.Moment.Users != 7 {
			t.Errorf("%s: moment of slot %d with %d users, want %d, 7",
				row.name, got.Moment.Slot, got.Moment.Users, row.number)
		}
	}
}

// Times to the first byte are kept where somebody asked for them, of successes only.
func TestFirstBytes(t *testing.T) {
	r := measure.NewRecorder(2, 2)
	r.KeepFirstBytes([]int{1})
	for i := range 4 {
		r.Lane(i).Record(measure.Sample{Endpoint: i / 2, Latency: 90 * ms,
			Phases: result.Phases{FirstByte: time.Duration(i) * ms}})
	}
	r.Lane(0).Record(measure.Sample{Endpoint: 1, Latency: 90 * ms,
		Phases: result.Phases{FirstByte: 50 * ms}, Failure: metric.Status})
	got := r.Cut(0, 1).Endpoints
	if len(got) != 2 {
		t.Fatalf("Cut has %d endpoints, want 2", len(got))
	}
	want, had := []hist.Sparse{nil, of(2*ms, 3*ms)}, []hist.Sparse{got[0].Slot.FirstByte, got[1].Slot.FirstByte}
	if d := cmp.Diff(want, had); d != "" {
		t.Errorf("times to the first byte (-want +got):\n%s", d)
	}
}

func TestCutAll(t *testing.T) {
	r := measure.NewRecorder(1, 3)
	for i, ended := range []time.Duration{500 * ms, 4 * time.Second, 9 * time.Second, 2 * time.Second} {
		r.Lane(i).Record(measure.Sample{Ended: ended, Latency: ended, Lag: 100 * ms})
	}
	if got := r.Cut(0, 4); len(got.Endpoints) != 1 || got.Endpoints[0].Slot.Requests != 1 {
		t.Fatalf("Cut(0) = %+v, want one request", got)
	}
	got := r.CutAll(1, 0)
	want := &result.Slice{
		Moment: result.Moment{Slot: 1, Lag: of(100*ms, 100*ms, 100*ms)},
		Endpoints: []result.EndpointSlice{{Slot: result.Slot{
			Slot: 1, Requests: 3,
			Latency:  of(2*time.Second, 4*time.Second, 9*time.Second),
			FromSend: of(1900*ms, 3900*ms, 8900*ms),
		}}},
		Drain: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("CutAll (-want +got):\n%s", d)
	}
	if d := cmp.Diff(&result.Slice{Moment: result.Moment{Slot: 2}, Drain: true}, r.CutAll(2, 0)); d != "" {
		t.Errorf("CutAll of nothing (-want +got):\n%s", d)
	}
}

func TestCounts(t *testing.T) {
	r := measure.NewRecorder(1, 2)
	r.Lane(0).Record(measure.Sample{
		Latency: 10 * ms, Received: 100, Sent: 10, Connects: 1, Retries: 2, Hops: 3,
		Phases: result.Phases{DNS: 1, Connect: 2, TLS: 3, FirstByte: 4, Body: 5},
	})
	r.Lane(1).Record(measure.Sample{
		Latency: 20 * ms, Received: 200, Sent: 20, Connects: 0, Retries: 1, Hops: 1, Failure: metric.Body, Status: 200,
		Phases: result.Phases{DNS: 10, Connect: 20, TLS: 30, FirstByte: 40, Body: 50},
	})
	want := result.Slot{
		Requests: 2, Failed: map[metric.Failure]int64{metric.Body: 1}, Latency: of(10 * ms), FailedLatency: of(20 * ms),
		Received: 300, SentBytes: 30, Connects: 1, Retries: 3, Hops: 4,
		Phases: result.Phases{DNS: 11, Connect: 22, TLS: 33, FirstByte: 44, Body: 55},
	}
	if d := cmp.Diff(want, r.Cut(0, 2).Endpoints[0].Slot); d != "" {
		t.Errorf("slot (-want +got):\n%s", d)
	}
}

// The latencies from the send are kept only where they differ.
func TestFromSend(t *testing.T) {
	for _, row := range []struct {
		name    string
		samples []measure.Sample
		want    hist.Sparse
		lag     hist.Sparse
	}{
		{"all on time", []measure.Sample{{Latency: 5 * ms}, {Latency: 6 * ms}}, nil, of(0, 0)},
		{"one late", []measure.Sample{{Latency: 5 * ms}, {Latency: 6 * ms, Lag: ms}}, of(5*ms, 5*ms), of(0, ms)},
		{"late by no more than counts", []measure.Sample{{Latency: 5 * ms, Lag: 100_000},
			{Latency: 600 * ms, Lag: 6 * ms}}, nil, of(100_000, 6*ms)},
		{"late by a little more", []measure.Sample{{Latency: 5 * ms, Lag: 100_000}, {Latency: 600 * ms, Lag: 7 * ms}},
			of(5*ms, 593*ms), of(100_000, 7*ms)},
		{"one late that failed", []measure.Sample{{Latency: 5 * ms}, {Latency: 6 * ms, Lag: ms, Failure: metric.Reset}},
			nil, of(0, ms)},
	} {
		r := measure.NewRecorder(1, 2)
		for i, s := range row.samples {
			r.Lane(i).Record(s)
		}
		got := r.Cut(0, 1)
		if d := cmp.Diff(row.want, got.Endpoints[0].Slot.FromSend); d != "" {
			t.Errorf("%s: FromSend (-want +got):\n%s", row.name, d)
		}
		if d := cmp.Diff(row.lag, got.Moment.Lag); d != "" {
			t.Errorf("%s: lag (-want +got):\n%s", row.name, d)
		}
	}
}

// A request that was not sent is no request: it took no time and has no lag,
// and each user that has such requests counts once.
func TestUnsent(t *testing.T) {
	r := measure.NewRecorder(2, 2)
	unsent := measure.Sample{Failure: metric.Expression, Latency: time.Hour, Lag: time.Hour, Received: 9,
		Detail: "no token"}
	first := unsent
	first.Held = true
	for lane := range 2 {
		r.Lane(lane).Record(first)
		r.Lane(lane).Record(unsent)
	}
	r.Lane(0).Record(measure.Sample{Failure: metric.Timeout, Latency: 10 * time.Second})
	first.Endpoint = 1
	r.Lane(1).Record(first)
	got := r.Cut(0, 1)
	want := result.Slot{
		Requests: 1, Failed: map[metric.Failure]int64{metric.Timeout: 1},
		FailedLatency: of(10 * time.Second), Unsent: 4,
	}
	if d := cmp.Diff(want, got.Endpoints[0].Slot); d != "" {
		t.Errorf("slot (-want +got):\n%s", d)
	}
	if d := cmp.Diff(result.Slot{Unsent: 1}, got.Endpoints[1].Slot); d != "" {
		t.Errorf("slot without a request (-want +got):\n%s", d)
	}
	if d := cmp.Diff(of(0), got.Moment.Lag); d != "" {
		t.Errorf("lag (-want +got):\n%s", d)
	}
	told := result.Failure{Kind: metric.Expression, Detail: "no token", Count: 4, Users: 2}
	if d := cmp.Diff(told, got.Endpoints[0].Failures[1]); d != "" {
		t.Errorf("failure (-want +got):\n%s", d)
	}
}

// Failures are told over the whole run so far: the words of the first, the
// times of first and last, and only the kinds that grew.
func TestFailuresGrow(t *testing.T) {
	r := measure.NewRecorder(2, 2)
	fail := func(lane, endpoint int, ended time.Duration, kind metric.Failure, status int, words string) {
		r.Lane(lane).Record(measure.Sample{Endpoint: endpoint,
			Ended: ended, Failure: kind, Status: status, Detail: words, Body: "body of " + words})
	}
	failures := func(s *result.Slice, endpoint int) []result.Failure {
		for _, e := range s.Endpoints {
			if e.Index == endpoint {
				return e.Failures
			}
		}
		return nil
	}
	check := func(name string, got []result.Failure, want ...result.Failure) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	busy := func(count int64, first, last time.Duration, words string) result.Failure {
		return result.Failure{Kind: metric.Status, Status: 503,
			Detail: words, Sample: "body of " + words, Count: count, First: first, Last: last}
	}
	slow := result.Failure{Kind: metric.Timeout, Detail: "slow",
		Sample: "body of slow", Count: 1, First: 600 * ms, Last: 600 * ms}
	missing := result.Failure{Kind: metric.Status, Status: 404,
		Detail: "gone", Sample: "body of gone", Count: 1, First: 700 * ms, Last: 700 * ms}

	fail(0, 0, 800*ms, metric.Status, 503, "second")
	fail(1, 0, 500*ms, metric.Status, 503, "first")
	fail(0, 0, 600*ms, metric.Timeout, 0, "slow")
	fail(1, 0, 700*ms, metric.Status, 404, "gone")
	check("the first second", failures(r.Cut(0, 1), 0), missing, busy(2, 500*ms, 800*ms, "first"), slow)

	fail(0, 0, 1500*ms, metric.Status, 503, "third")
	fail(0, 1, 1600*ms, metric.Status, 503, "elsewhere")
	second := r.Cut(1, 1)
	check("only the kind that grew", failures(second, 0), busy(3, 500*ms, 1500*ms, "first"))
	check("another endpoint", failures(second, 1), busy(1, 1600*ms, 1600*ms, "elsewhere"))

	fail(1, 0, 400*ms, metric.Status, 503, "late, but earlier")
	check("one that came late", failures(r.Cut(2, 1), 0), busy(4, 400*ms, 1500*ms, "late, but earlier"))

	r.Lane(0).Record(measure.Sample{Ended: 3500 * ms})
	check("none", failures(r.Cut(3, 1), 0))
}

// What was handed out is the caller's: the recorder changes it no more.
func TestCutHandsOver(t *testing.T) {
	r := measure.NewRecorder(1, 1)
	record := func(ended time.Duration) {
		r.Lane(0).Record(measure.Sample{Ended: ended, Failure: metric.Reset, Latency: ms})
	}
	record(0)
	first := r.Cut(0, 1)
	record(time.Second)
	r.Cut(1, 1)
	if got := first.Endpoints[0].Failures[0].Count; got != 1 {
		t.Errorf("count of the first slice = %d after the second, want 1", got)
	}
}

func TestAtLeastOneLane(t *testing.T) {
	r := measure.NewRecorder(1, 0)
	r.Lane(12).Record(measure.Sample{})
	if got := r.Cut(0, 1); len(got.Endpoints) != 1 {
		t.Errorf("Cut = %+v, want one request", got)
	}
}

// Users record while slots are cut; each sample is in exactly one. Worth most
// with the race detector.
func TestConcurrentUse(t *testing.T) {
	const users, each, lanes = 8, 500, 3
	r := measure.NewRecorder(2, lanes)
	var all sync.WaitGroup
	for user := range users {
		all.Go(func() {
			for i := range each {
				s := measure.Sample{Endpoint: i % 2, Ended: time.Duration(i) * 10 * ms, Latency: ms}
				if i%5 == 0 {
					s.Failure, s.Detail = metric.Reset, "reset"
				}
				r.Lane(user).Record(s)
			}
		})
	}
	var requests, failed int64
	count := func(s *result.Slice) {
		for _, e := range s.Endpoints {
			requests += e.Slot.Requests
			failed += e.Slot.Failures()
		}
	}
	for second := range each / 100 {
		count(r.Cut(second, users))
	}
	all.Wait()
	count(r.CutAll(each/100, 0))
	if requests != users*each || failed != users*each/5 {
		t.Errorf("%d requests, %d failed, want %d, %d", requests, failed, users*each, users*each/5)
	}
}

// BenchmarkRecord is the path of every request: a second of 20 endpoints at
// 50 requests each, cut as the engine cuts it.
func BenchmarkRecord(b *testing.B) {
	chance := rand.New(rand.NewPCG(1, 2))
	latencies := make([]time.Duration, 1000)
	for i := range latencies {
		latencies[i] = time.Duration((20 + 10*chance.ExpFloat64()) * float64(ms))
	}
	r := measure.NewRecorder(20, 2)
	b.ReportAllocs()
	i, second := 0, 0
	for b.Loop() {
		r.Lane(i).Record(measure.Sample{
			Endpoint: i % 20, Ended: time.Duration(second) * time.Second,
			Latency: latencies[i%len(latencies)], Received: 1000,
		})
		if i++; i%1000 == 0 {
			r.Cut(second, 1)
			second++
		}
	}
}

// BenchmarkFail is the same where every request fails in the same way.
func BenchmarkFail(b *testing.B) {
	r := measure.NewRecorder(1, 1)
	b.ReportAllocs()
	for b.Loop() {
		r.Lane(0).Record(measure.Sample{Latency: ms, Failure: metric.Status,
			Status: 500, Detail: "500 Internal Server Error"})
	}
}

// Phases of all samples add up whatever the lane; a check that the sums are
// over all requests, failures included.
func TestPhasesOfFailures(t *testing.T) {
	r := measure.NewRecorder(1, 4)
	kinds := slices.Concat([]metric.Failure{metric.OK}, metric.Failures())
	kinds = slices.DeleteFunc(kinds, func(kind metric.Failure) bool { return !kind.Sent() })
	for i, kind := range kinds {
		r.Lane(i).Record(measure.Sample{Failure: kind, Phases: result.Phases{Body: ms}})
	}
	if got, want := r.Cut(0, 1).Endpoints[0].Slot.Phases.Body, time.Duration(len(kinds))*ms; got != want {
		t.Errorf("Phases.Body = %v, want %v", got, want)
	}
}
