package result_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/result"
)

// Beyond MaxSlots neighbours merge, and nothing is lost.
func TestCoarsening(t *testing.T) {
	for _, row := range []struct {
		name    string
		seconds int
		slot    time.Duration
		slots   int
	}{
		{"as many as there may be", result.MaxSlots, time.Second, result.MaxSlots},
		{"one more", result.MaxSlots + 1, 2 * time.Second, result.MaxSlots/2 + 1},
		{"twice as many", 2 * result.MaxSlots, 2 * time.Second, result.MaxSlots},
		{"twice as many and one", 2*result.MaxSlots + 1, 4 * time.Second, result.MaxSlots/2 + 1},
		{"five times as many", 5 * result.MaxSlots, 8 * time.Second, result.MaxSlots * 5 / 8},
	} {
		r := empty(whole)
		recorder := measure.NewRecorder(len(names), 1)
		var latencies hist.Latency
		for second := range row.seconds {
			ended := time.Duration(second)*time.Second + time.Second/2
			latency := time.Duration(second%300) * time.Millisecond
			recorder.Lane(0).Record(measure.Sample{Endpoint: 1,
				Ended: ended, Latency: latency, Lag: time.Duration(second % 2), Received: 10})
			recorder.Lane(0).Record(measure.Sample{Endpoint: 2, Ended: ended, Failure: metric.Timeout})
			latencies.Record(latency)
			s := recorder.Cut(second, second)
			s.Moment.Offered, s.Moment.Dropped = int64(second), int64(second%2)
			if err := r.Append(s); err != nil {
				t.Fatalf("%s: Append: %v", row.name, err)
			}
		}
		if err := r.Check(); err != nil {
			t.Errorf("%s: Check = %v", row.name, err)
		}
		if r.Slot != row.slot || len(r.Timeline) != row.slots || r.Elapsed != time.Duration(row.seconds)*time.Second {
			t.Errorf("%s: %d slots of %v, elapsed %v, want %d of %v, %ds",
				row.name, len(r.Timeline), r.Slot, r.Elapsed, row.slots, row.slot, row.seconds)
		}
		if last := r.Timeline[len(r.Timeline)-1]; last.Users != row.seconds-1 {
			t.Errorf("%s: %d users at the end, want %d", row.name, last.Users, row.seconds-1)
		}
		if requests, failures := total(r); requests != 2*int64(row.seconds) || failures != int64(row.seconds) {
			t.Errorf("%s: %d requests, %d failures, want %d, %d",
				row.name, requests, failures, 2*row.seconds, row.seconds)
		}
		var folded, lag hist.Latency
		for _, s := range r.Endpoints[1].Slots {
			if err := s.Latency.Into(&folded); err != nil {
				t.Fatal(err)
			}
		}
		var came arrivals
		for _, m := range r.Timeline {
			if err := m.Lag.Into(&lag); err != nil {
				t.Fatal(err)
			}
			came.offered, came.dropped = came.offered+m.Offered, came.dropped+m.Dropped
		}
		if want := (arrivals{int64(row.seconds * (row.seconds - 1) / 2), int64(row.seconds / 2)}); came != want {
			t.Errorf("%s: arrivals %+v, want %+v", row.name, came, want)
		}
		if string(folded.Sparse()) != string(latencies.Sparse()) || lag.Count() != 2*int64(row.seconds) {
			t.Errorf("%s: %d latencies and %d lags are not those recorded", row.name, folded.Count(), lag.Count())
		}
		want := []result.Failure{{
			Kind: metric.Timeout, Count: int64(row.seconds),
			First: time.Second / 2, Last: time.Duration(row.seconds)*time.Second - time.Second/2,
		}}
		if d := gocmp.Diff(want, r.Endpoints[2].Failures); d != "" {
			t.Errorf("%s: failures (-want +got):\n%s", row.name, d)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	one := func(slot result.Slot) *result.Slice {
		return &result.Slice{Moment: result.Moment{Slot: 3}, Endpoints: []result.EndpointSlice{{Index: 1, Slot: slot}}}
	}
	for _, row := range []struct {
		name string
		s    *result.Slice
		want string
	}{
		{"a second before the last", &result.Slice{Moment: result.Moment{Slot: 1}},
			"slice of second 1: the run is at 3s already"},
		{"the last second again", &result.Slice{Moment: result.Moment{Slot: 2}},
			"slice of second 2: the run is at 3s already"},
		{"a negative second", &result.Slice{Moment: result.Moment{Slot: -1}},
			"slice of second -1 with 0 users: that cannot be"},
		{"a second beyond time", &result.Slice{Moment: result.Moment{Slot: 1 << 62}},
			"slice of second 4611686018427387904 with 0 users: that cannot be"},
		{"negative users", &result.Slice{Moment: result.Moment{Slot: 3, Users: -2}},
			"slice of second 3 with -2 users: that cannot be"},
		{"more arrivals dropped than came",
			&result.Slice{Moment: result.Moment{Slot: 3, Users: 1, Offered: 2, Dropped: 3}},
			"slice of second 3 with 1 users: that cannot be"},
		{"no such endpoint", &result.Slice{Moment: result.Moment{Slot: 3},
			Endpoints: []result.EndpointSlice{{Index: 3}}}, "slice of second 3: no endpoint 3"},
		{"a negative endpoint", &result.Slice{Moment: result.Moment{Slot: 3},
			Endpoints: []result.EndpointSlice{{Index: -1}}}, "slice of second 3: no endpoint -1"},
		{"a negative count", one(result.Slot{Requests: -1}), "slice of second 3: count of -1"},
		{"counts that contradict each other",
			one(result.Slot{Requests: 2, Failed: map[metric.Failure]int64{metric.DNS: 1}}),
			"slice of second 3: 2 requests, but 0 latencies and 1 failures"},
		{"a damaged histogram", one(result.Slot{Latency: hist.Sparse{1}}),
			"slice of second 3: latency: damaged histogram"},
	} {
		r := small().record(t, whole)
		before := encode(t, r)
		if err := r.Append(row.s); err == nil || err.Error() != row.want {
			t.Errorf("%s: Append = %v, want %s", row.name, err, row.want)
		}
		if after := encode(t, r); after != before {
			t.Errorf("%s: a refused slice changed the result (-before +after):\n%s",
				row.name, gocmp.Diff(before, after))
		}
	}
}

// A slot may be left out, as by a damaged line of a journal.
func TestAppendAfterAGap(t *testing.T) {
	seconds := small().slices()
	r := empty(whole)
	for _, i := range []int{0, 2} {
		if err := r.Append(seconds[i]); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.Timeline) != 2 || r.Timeline[1].Slot != 2 || r.Elapsed != 3*time.Second {
		t.Errorf("timeline %+v, elapsed %v, want slots 0 and 2, 3s", r.Timeline, r.Elapsed)
	}
}

// Requests in flight when the planned time is over still count, but their
// time is not time of load.
func TestFinish(t *testing.T) {
	for _, row := range []struct {
		end     result.End
		seconds int
		want    time.Duration
	}{
		{result.Complete, 12, 10 * time.Second},
		{result.Complete, 10, 10 * time.Second},
		{result.Complete, 9, 9 * time.Second},
		{result.Interrupted, 12, 12 * time.Second},
		{result.Lost, 4, 4 * time.Second},
		{result.Cut, 12, 12 * time.Second},
	} {
		played := tape{users: make([]int, row.seconds)}
		for i := range row.seconds {
			played.samples = append(played.samples, measure.Sample{Ended: time.Duration(i) * time.Second})
		}
		r := played.record(t, whole)
		if err := r.Finish(row.end); err != nil {
			t.Fatal(err)
		}
		if r.End != row.end || r.Elapsed != row.want {
			t.Errorf("Finish(%s) after %ds: End, Elapsed = %s, %v, want %s, %v",
				row.end, row.seconds, r.End, r.Elapsed, row.end, row.want)
		}
		if requests, _ := total(r); requests != int64(row.seconds) {
			t.Errorf("Finish(%s) after %ds: %d requests, want %d", row.end, row.seconds, requests, row.seconds)
		}
	}
}

func TestSent(t *testing.T) {
	var a, b hist.Latency
	a.Record(time.Second)
	b.Record(time.Minute)
	if got := (result.Slot{Latency: a.Sparse()}).Sent(); string(got) != string(a.Sparse()) {
		t.Errorf("Sent without FromSend = %v, want the latencies", got)
	}
	if got := (result.Slot{Latency: a.Sparse(), FromSend: b.Sparse()}).Sent(); string(got) != string(b.Sparse()) {
		t.Errorf("Sent = %v, want FromSend", got)
	}
}

// Times to the first byte of some of a slot's requests are none of the slot: a limit on them must not pass.
func TestSumsOfFirstBytes(t *testing.T) {
	var took hist.Latency
	took.Record(time.Millisecond)
	one := took.Sparse()
	kept := result.Slot{Requests: 1, Latency: one, FirstByte: one}
	lacking := result.Slot{Requests: 1, Latency: one}
	failed := result.Slot{Requests: 1, Failed: map[metric.Failure]int64{metric.Status: 1}}
	for _, row := range []struct {
		name string
		a, b result.Slot
		want int64
	}{
		{"both", kept, kept, 2}, {"one", kept, lacking, 0}, {"the other", lacking, kept, 0},
		{"one, and failures", kept, failed, 1}, {"failures, and one", failed, kept, 1},
	} {
		r := &result.Result{Slot: result.SlotLength, Shards: []result.Shard{whole}, Endpoints: []result.Endpoint{{}}}
		for _, s := range []result.Slot{row.a, row.b} { // the second is of what ended late, in the same slot
			if err := r.Append(&result.Slice{Endpoints: []result.EndpointSlice{{Slot: s}}, Drain: true}); err != nil {
				t.Fatalf("%s: Append: %v", row.name, err)
			}
		}
		if got, err := r.Endpoints[0].Slots[0].FirstByte.Count(); got != row.want || err != nil {
			t.Errorf("%s: %d times to the first byte, %v, want %d", row.name, got, err, row.want)
		}
	}
}

// Merging slots adds phases and counts: the law behind coarsening and Merge.
func TestAddCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := func(s measure.Sample) result.Slot {
			return result.Slot{Requests: 1, Received: s.Received, SentBytes: s.Sent,
				Connects: int64(s.Connects), Retries: int64(s.Retries), Hops: int64(s.Hops), Phases: s.Phases}
		}
		a, b := part(anySample(1).Draw(t, "a")), part(anySample(1).Draw(t, "b"))
		ab, ba := a, b
		ab.AddCounts(b)
		ba.AddCounts(a)
		if d := gocmp.Diff(ab, ba); d != "" {
			t.Fatalf("a+b and b+a differ:\n%s", d)
		}
		if ab.Requests != 2 || ab.Received != a.Received+b.Received || ab.Phases.Body != a.Phases.Body+b.Phases.Body {
			t.Fatalf("%+v + %+v = %+v", a, b, ab)
		}
	})
}
